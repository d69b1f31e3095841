"""All checks of a set-up, one after the other: what one cannot see does not stop the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from retouche.connection import Connection
from retouche.core.errors import ForgeUnavailable, RetoucheError
from retouche.ports.inspection import DEVELOPER, Inspector, ProjectFacts, TokenFacts
from retouche.services.setup.findings import Finding, error, ok, warning
from retouche.services.setup.project import check_project
from retouche.services.setup.protection import check_proposals, check_published
from retouche.services.setup.rules import Pushed, check_rules
from retouche.services.setup.token import check_role, check_token
from retouche.services.setup.webhook import check_base_url, check_sign_in, check_webhooks

OLDEST = (16, 0)
"""The first version of GitLab that has all that we ask for."""
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What is checked, and with whose eyes."""

    dataset: str
    connection: Connection
    base_url: str
    today: date
    bot: Inspector
    reviewer: Inspector | None = None
    """Sees what a Developer does not; only read with."""


def examine(one: Examined, pushed: Callable[[], Pushed | None]) -> Iterator[Finding]:
    """Everything that can be seen from here. `pushed` is asked for when there are push rules."""
    yield check_base_url(one.base_url)
    if one.connection.base_url.startswith("http://"):
        yield ok("plain_gitlab", url=one.connection.base_url)
    try:
        version = one.bot.version()
        token = one.bot.token()
    except ForgeUnavailable as fault:
        yield unreachable(one.connection, fault)
        return
    yield ok("reached", url=one.connection.base_url, version=version or "?")
    if version is not None and _is_old(version):
        yield warning("old_version", version=version)
    yield from check_token(token, today=one.today)
    try:
        yield from _inside(one, token, pushed)
    except ForgeUnavailable as fault:
        yield unreachable(one.connection, fault)


def unreachable(connection: Connection, fault: RetoucheError) -> Finding:
    """Why nothing more can be said."""
    keys = {
        "forge_token_missing": "token_missing",
        "forge_unauthorized": "token_refused",
        "forge_untrusted": "untrusted",
    }
    return error(keys.get(fault.reason, "unreachable"), url=connection.base_url, fault=fault)


def essentials(one: Examined) -> Iterator[Finding]:
    """What must be right before anything is pushed: the token, the role, the project."""
    try:
        token = one.bot.token()
        yield from check_token(token, today=one.today)
        project = one.bot.project()
    except ForgeUnavailable as fault:
        yield unreachable(one.connection, fault)
        return
    if project is None:
        yield error("project_missing", project=one.connection.project)
        return
    yield check_role(project, token=token)
    yield from (
        found
        for found in check_project(project, connection=one.connection)
        if found.key in ("project_archived", "requests_disabled")
    )


def _inside(
    one: Examined, token: TokenFacts, pushed: Callable[[], Pushed | None]
) -> Iterator[Finding]:
    project = one.bot.project()
    if project is None:
        yield error("project_missing", project=one.connection.project)
        return
    yield check_role(project, token=token)
    yield from check_project(_fuller(one, project), connection=one.connection)
    branch = one.connection.branch or project.default_branch
    rules = _either(one, lambda eyes: eyes.protections())
    if rules is None:
        yield warning("protections_unseen")
    else:
        if branch is not None:
            yield from check_published(rules, branch=branch, bot=token.owner)
        role = project.role or DEVELOPER
        yield from check_proposals(rules, dataset=one.dataset, bot=token.owner, role=role)
    yield from _rules(one, pushed)
    yield from _hooks(one, branch)
    yield check_sign_in(one.connection, base_url=one.base_url, dataset=one.dataset)


def _rules(one: Examined, pushed: Callable[[], Pushed | None]) -> Iterator[Finding]:
    rules = _either(one, lambda eyes: eyes.push_rules())
    if rules is None:
        yield warning("rules_unseen")
    elif rules:
        sample = pushed()
        if sample is not None:
            yield from check_rules(rules, sample)


def _hooks(one: Examined, branch: str | None) -> Iterator[Finding]:
    if not one.base_url:
        return
    webhooks = _either(one, lambda eyes: eyes.webhooks())
    if webhooks is None:
        yield warning("webhooks_unseen")
        return
    yield from check_webhooks(
        webhooks,
        base_url=one.base_url,
        dataset=one.dataset,
        branch=branch,
        connection=one.connection,
    )


def _either(one: Examined, look: Callable[[Inspector], Found | None]) -> Found | None:
    """What the bot sees, else what the reviewer does."""
    found = look(one.bot)
    if found is not None or one.reviewer is None:
        return found
    try:
        return look(one.reviewer)
    except RetoucheError:  # their token is no good: it stays unseen
        return None


def _fuller(one: Examined, project: ProjectFacts) -> ProjectFacts:
    """The project with the settings that only a maintainer sees."""
    if one.reviewer is None:
        return project
    try:
        found = one.reviewer.project()
    except RetoucheError:
        return project
    if found is None:
        return project
    return ProjectFacts(
        path=project.path,
        default_branch=project.default_branch,
        role=project.role,
        settings={**project.settings, **found.settings},
    )


def _is_old(version: str) -> bool:
    parts = version.split("-")[0].split(".")[:2]
    return all(one.isdigit() for one in parts) and tuple(map(int, parts)) < OLDEST

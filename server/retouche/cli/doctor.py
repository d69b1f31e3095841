"""`retouche doctor [TARGET] [DATASET]`: what is wrong with a GitLab set-up, and what to do."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from retouche import configuration
from retouche.cli.advice import advice
from retouche.cli.home import Home, read_settings
from retouche.cli.serve import TOML
from retouche.cli.terminal import (
    Command,
    Refusal,
    folded,
    home_option,
    locale,
    located,
    patience,
    printable,
    say,
    spoken,
)
from retouche.cli.wording import sentence
from retouche.connection import Connection
from retouche.core.errors import ForgeUnavailable, RetoucheError
from retouche.core.operations import Patch
from retouche.forges.gitlab.api import Api
from retouche.forges.gitlab.forge import GitLabForge
from retouche.forges.gitlab.inspector import GitLabInspector
from retouche.forges.gitlab.mirror import make_mirror
from retouche.forges.repository import BOT
from retouche.remote import Remote
from retouche.services.courier.courier import lock_name
from retouche.services.messages import proposal_message
from retouche.services.setup.examination import Examined, examine
from retouche.services.setup.findings import Finding, error, ok
from retouche.services.setup.protection import SAMPLE
from retouche.services.setup.rules import Pushed
from retouche.services.setup.tip import check_published_tip, data_sizes
from retouche.settings import Settings
from retouche.wiring import Services, build, repository_path

MARKS = {"ok": "✓", "warning": "!", "error": "✗"}


@click.command(
    "doctor",
    cls=Command,
    codes="0 all is well, 1 there is something to mend, 2 could not run.",
    refuses=("bad_record", "bad_setting", "no_project", "no_such_path", "not_a_toml", *TOML),
)
@click.argument("names", nargs=-1, metavar="[TARGET] [DATASET]")
@home_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_context
def command(context: click.Context, names: tuple[str, ...], home: Path, form: str) -> None:
    """Check that GitLab is set up for corrections, and say what to mend.

    TARGET is a retouche.toml; without one, the GitLab datasets of the home are checked. DATASET
    checks one alone. Nothing is written anywhere but in a mirror of the home. The bot may not see
    webhooks and some other settings: they are checked with a maintainer's token where
    RETOUCHE_REVIEWER_TOKEN is set.
    """
    settings = read_settings(home)
    found = {
        name: list(_examined(name, remote, home, settings))
        for name, remote in _chosen(names, Home(home)).items()
    }
    if form == "json":
        entries = [_plain(name, one) for name, findings in found.items() for one in findings]
        say(json.dumps({"data": entries}, ensure_ascii=False, indent=2))
    else:
        for name, findings in found.items():
            _tell(name, findings)
    if any(one.level != "ok" for findings in found.values() for one in findings):
        context.exit(1)


def _chosen(names: tuple[str, ...], home: Home) -> dict[str, Remote]:
    """The projects to look at, by the names of their datasets."""
    if len(names) > 2:
        raise click.UsageError("doctor takes a retouche.toml and the name of a dataset")
    target = Path(names[0]) if names and names[0].lower().endswith(".toml") else None
    if len(names) == 2 and target is None:
        raise Refusal("not_a_toml", path=names[0])
    if target is not None and not target.exists():
        raise Refusal("no_such_path", path=target)
    if target is not None:
        known = {one.name: one.remote for one in configuration.read(target)}
    else:
        known = {name: one.remote for name, one in home.datasets().items()}
    projects = {name: remote for name, remote in known.items() if remote is not None}
    wanted = names[-1] if names and (target is None or len(names) == 2) else None
    chosen = {name: one for name, one in projects.items() if wanted in (None, name)}
    if not chosen:
        raise Refusal("no_project", known=", ".join(projects) or "-")
    return chosen


def _examined(name: str, remote: Remote, home: Path, settings: Settings) -> Iterator[Finding]:
    with _looking(name, remote, home, settings) as looked, patience("looking", name=name):
        yield from examine(looked.examined, looked.pushed)
        yield from looked.contents()


@dataclass(slots=True)
class _Looked:
    """A project with a mirror to read from: that of the home, or one for this once."""

    services: Services
    forge: GitLabForge
    examined: Examined
    tip: str | None
    fault: RetoucheError | None
    is_kept: bool

    def pushed(self) -> Pushed | None:
        """What a proposal to this dataset would look like."""
        if self.tip is None:
            return None
        dataset = self.services.catalogue.get(self.examined.dataset)
        try:
            files = data_sizes(dataset.at(self.tip))
        except RetoucheError:  # it is told of by itself
            files = {}
        return Pushed(
            branch=f"proposals/{dataset.name}/{SAMPLE}",
            author=self.examined.connection.author or BOT,
            message=proposal_message(SAMPLE, NO_CHANGE),
            files=files,
        )

    def contents(self) -> Iterator[Finding]:
        """What is in the repository."""
        if self.is_kept:
            yield self._mirror()
        if self.fault is not None:
            if self.fault.reason not in TOLD:
                yield error("git_unreachable", fault=self.fault)
        elif self.tip is None:
            branch = self.examined.connection.branch
            if branch is not None:
                yield error("branch_missing", branch=branch)
        else:
            dataset = self.services.catalogue.get(self.examined.dataset)
            yield from check_published_tip(dataset, self.tip)

    def _mirror(self) -> Finding:
        complaints = self.forge.repository.check(thorough=False)
        if complaints:
            detail = "; ".join(complaints[:3])
            return error("mirror_broken", path=self.forge.repository.path, detail=detail)
        return ok("mirror_whole", path=self.forge.repository.path)


NO_CHANGE: Patch = ()
TOLD = ("forge_token_missing", "forge_unauthorized", "forge_untrusted", "forge_unreachable")
"""Reasons that the API gives as well."""


@contextmanager
def _looking(name: str, remote: Remote, home: Path, settings: Settings) -> Iterator[_Looked]:
    connection = remote.connection()
    is_kept = repository_path(home, name).is_dir()
    with tempfile.TemporaryDirectory(prefix="retouche-") as place:
        if not is_kept:
            settings = read_settings(Path(place))
            make_mirror(repository_path(Path(place), name), remote.branch)
        services = build(settings, {name: connection})
        try:
            dataset = services.catalogue.get(name)
            forge = dataset.forge
            assert isinstance(forge, GitLabForge)
            token = settings.reviewer_token
            reviewer = _eyes(connection, token) if token else None
            with services.locks.hold(lock_name(dataset)):
                tip, fault = _fetched(name, forge)
            yield _Looked(
                services=services,
                forge=forge,
                examined=Examined(
                    dataset=name,
                    connection=connection,
                    base_url=settings.base_url,
                    today=datetime.now(UTC).date(),
                    bot=GitLabInspector(forge.api),
                    reviewer=reviewer,
                ),
                tip=tip,
                fault=fault,
                is_kept=is_kept,
            )
        finally:
            services.close()


def _eyes(connection: Connection, token: str) -> GitLabInspector:
    return GitLabInspector(Api(connection.base_url, connection.project, lambda: token))


def _fetched(name: str, forge: GitLabForge) -> tuple[str | None, RetoucheError | None]:
    with patience("mirroring", name=name):
        try:
            return forge.fetch().tip, None
        except ForgeUnavailable as fault:
            return None, fault


def said(one: Finding) -> tuple[str, str]:
    """What a finding is, and what to do, in the language of the command."""
    values = {
        name: located(value) if isinstance(value, RetoucheError) else printable(value)
        for name, value in one.values.items()
    }
    found = advice(one.key, locale(), **values)
    return found.what, found.do


def _tell(name: str, findings: list[Finding]) -> None:
    say(f"{name}")
    for one in findings:
        what, do = said(one)
        say(folded(spoken(what), first=f"  {MARKS[one.level]} ", others="    "))
        if do:
            say(folded(spoken(do), first="    → ", others="      "))
    bad = [one for one in findings if one.level != "ok"]
    errors = [one for one in bad if one.level == "error"]
    say(sentence("examined", locale(), errors=len(errors), warnings=len(bad) - len(errors)))


def _plain(name: str, one: Finding) -> dict[str, Any]:
    what, do = said(one)
    return {
        "dataset": name,
        "level": one.level,
        "code": one.key,
        "message": what,
        "advice": do or None,
    }

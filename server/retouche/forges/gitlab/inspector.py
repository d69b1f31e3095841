"""The settings of a GitLab project, as its API tells them to the owner of a token."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from retouche.core.errors import ForgeRefused
from retouche.forges.gitlab.answers import (
    NAME,
    level,
    mapping,
    moment,
    name_of,
    number,
    plain,
    text,
)
from retouche.forges.gitlab.api import Api
from retouche.forges.gitlab.session import Unclear
from retouche.ports.inspection import Access, ProjectFacts, Protection, TokenFacts, Webhook

UNSEEN = (401, 403, 404)
EVENTS = {"push": "push_events", "merge_request": "merge_requests_events", "note": "note_events"}


class GitLabInspector:
    """`ports.inspection.Inspector` with the token of an `Api`."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def version(self) -> str | None:
        found = _seen(lambda: self._api.root("version"))
        return _shown(found.get("version")) if isinstance(found, Mapping) else None

    def token(self) -> TokenFacts:
        found = self._api.root("personal_access_tokens/self")
        owner = _seen(lambda: self._api.root("user"))  # without the scope api it is not told
        told = owner if isinstance(owner, Mapping) else {}
        facts: TokenFacts = _clear(lambda: _token(mapping(found), told))
        return facts

    def project(self) -> ProjectFacts | None:
        found = _seen(self._api.project)
        return None if found is None else _clear(lambda: _project(mapping(found)))

    def protections(self) -> Sequence[Protection] | None:
        found = _seen(lambda: list(self._api.pages("protected_branches")))
        return None if found is None else _clear(lambda: [_protection(one) for one in found])

    def push_rules(self) -> Mapping[str, Any] | None:
        try:
            found = self._api.read("push_rule")
        except ForgeRefused as error:
            if error.values.get("status") == 404:  # none, or an edition without
                return {}
            if error.values.get("status") == 403:
                return None
            raise
        return found if isinstance(found, dict) else {}

    def webhooks(self) -> Sequence[Webhook] | None:
        found = _seen(lambda: list(self._api.pages("hooks")))
        return None if found is None else _clear(lambda: [_webhook(one) for one in found])


def _seen(ask: Callable[[], Any]) -> Any:
    """An answer; None when the token may not look there."""
    try:
        return ask()
    except ForgeRefused as error:
        if error.values.get("status") in UNSEEN:
            return None
        raise


def _clear(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except (Unclear, ValueError):
        raise ForgeRefused("forge_answer_unclear") from None


def _shown(value: Any) -> str | None:
    """A text that is shown in a terminal."""
    return (plain(value, limit=NAME) or None) if isinstance(value, str) else None


def _token(found: Mapping[str, Any], owner: Mapping[str, Any]) -> TokenFacts:
    scopes = found.get("scopes")
    expires = found.get("expires_at")
    return TokenFacts(
        owner=number(found, "user_id"),
        name=name_of(owner) or str(found["user_id"]),
        is_bot=owner.get("bot") is True,
        is_administrator=owner.get("is_admin") is True,
        scopes=frozenset(filter(None, map(_shown, scopes if isinstance(scopes, list) else ()))),
        expires=date.fromisoformat(str(expires)[:10]) if expires else None,
    )


def _project(found: Mapping[str, Any]) -> ProjectFacts:
    default = found.get("default_branch")
    return ProjectFacts(
        path=plain(text(found, "path_with_namespace")),
        default_branch=None if found.get("empty_repo") else _shown(default),
        role=level(found),
        settings=found,
    )


def _protection(data: Any) -> Protection:
    found = mapping(data)
    return Protection(
        name=plain(text(found, "name")),
        push=_accesses(found.get("push_access_levels")),
        merge=_accesses(found.get("merge_access_levels")),
        forced=found.get("allow_force_push") is True,
    )


def _accesses(data: Any) -> tuple[Access, ...]:
    return tuple(_access(mapping(one)) for one in data) if isinstance(data, list) else ()


def _access(found: Mapping[str, Any]) -> Access:
    user, role = found.get("user_id"), found.get("access_level")
    if type(user) is int:
        return Access(user=user)
    if any(found.get(name) for name in ("group_id", "deploy_key_id", "member_role_id")):
        return Access(other=True)
    return Access(role=role if isinstance(role, int) else None)


def _webhook(data: Any) -> Webhook:
    found = mapping(data)
    secrets = [
        found[name]
        for name in ("token_present", "signing_token_present")
        if isinstance(found.get(name), bool)
    ]
    return Webhook(
        url=plain(text(found, "url"), limit=2_000),
        events=frozenset(name for name, key in EVENTS.items() if found.get(key) is True),
        branches=_shown(found.get("push_events_branch_filter")),
        verifies=found.get("enable_ssl_verification") is not False,
        status=_shown(found.get("alert_status")),
        until=moment(found.get("disabled_until")),
        has_secret=any(secrets) if secrets else None,
    )

"""API calls about the double itself, its users and the token that asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.gitlab_double.accounts import Token, User, api_scopes, need_scope, unauthorized
from tests.gitlab_double.exchange import Answer, Refusal, Request, in_json
from tests.gitlab_double.merge_requests import shown_time
from tests.gitlab_double.pagination import page

if TYPE_CHECKING:
    from tests.gitlab_double.gitlab import GitLab

Parts = dict[str, str]


def signed_in(token: Token | None, request: Request, *more: str) -> User:
    """Who asks. Raises `Refusal` when nobody does or the token has no scope for it."""
    if token is None:
        raise unauthorized()
    need_scope(token, (*api_scopes(request.method), *more))
    return token.user


def version(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    signed_in(token, request, "read_user")
    return in_json({"version": gitlab.version, "revision": "0" * 11})


def metadata(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    signed_in(token, request, "read_user")
    shown = {"version": gitlab.version, "revision": "0" * 11, "enterprise": True}
    return in_json({**shown, "kas": {"enabled": False, "externalUrl": None, "version": None}})


def myself(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    user = signed_in(token, request, "read_user")
    shown: dict[str, Any] = {
        **user.brief(gitlab.url),
        "created_at": "2026-01-01T00:00:00.000Z",
        "bot": user.bot,
        "email": user.mail,
        "commit_email": user.mail,
        "confirmed_at": "2026-01-01T00:00:00.000Z",
        "external": False,
        "can_create_group": False,
        "can_create_project": False,
        "two_factor_enabled": False,
        "preferred_language": "en",
    }
    if user.admin:
        shown["is_admin"] = True
    return in_json(shown)


def users(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    signed_in(token, request, "read_user")
    wanted = request.params().get("username")
    found = [user for user in gitlab.accounts.users.values() if wanted in (None, user.name)]
    return page(request, gitlab.url, found, lambda user: user.brief(gitlab.url))


def my_token(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    """Personal and project tokens may see themselves, whatever their scopes."""
    if token is None:
        raise unauthorized()
    if token.oauth:
        raise Refusal(404, "404 Personal Access Token Not Found")
    return in_json(token_json(token))


def token_json(token: Token) -> dict[str, Any]:
    """A token as the API shows it: without its value."""
    return {
        "id": token.id,
        "name": token.name,
        "revoked": token.revoked,
        "created_at": shown_time(token.created_at),
        "description": "",
        "scopes": list(token.scopes),
        "user_id": token.user.id,
        "last_used_at": shown_time(token.used_at),
        "active": token.active,
        "expires_at": token.expires_at.strftime("%Y-%m-%d") if token.expires_at else None,
        "granular": False,
    }

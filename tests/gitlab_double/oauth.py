"""OAuth 2: the page that asks a user, codes bound by PKCE, pairs of tokens, and their end."""

from __future__ import annotations

import base64
import hashlib
import html
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from tests.gitlab_double.accounts import Token, User
from tests.gitlab_double.exchange import Answer, Refusal, Request, in_html, in_json

if TYPE_CHECKING:
    from tests.gitlab_double.gitlab import GitLab

_GRANT = (
    "The provided authorization grant is invalid, expired, revoked, does not match the redirection "
    "URI used in the authorization request, or was issued to another client."
)
_CLIENT = (
    "Client authentication failed due to unknown client, no client authentication included, or "
    "unsupported authentication method."
)


@dataclass(frozen=True, slots=True)
class Application:
    """A program that users may let in."""

    id: str
    secret: str = field(repr=False)
    redirect_uri: str
    scopes: tuple[str, ...]


@dataclass(slots=True)
class Code:
    """What a user granted, until it is exchanged; for ten minutes, and once."""

    application: Application
    user: User
    redirect_uri: str
    scopes: tuple[str, ...]
    challenge: str | None
    made_at: float = field(default_factory=time.monotonic)


class Grants:
    """The applications and codes of one double."""

    def __init__(self, gitlab: GitLab) -> None:
        self._accounts = gitlab.accounts
        self.applications: dict[str, Application] = {}
        self.codes: dict[str, Code] = {}

    def register(self, redirect_uri: str, scopes: tuple[str, ...]) -> Application:
        secret = f"gloas-{secrets.token_hex(32)}"
        made = Application(secrets.token_hex(32), secret, redirect_uri, scopes)
        self.applications[made.id] = made
        return made

    def by_refresh(self, value: str) -> Token | None:
        """The pair that a refresh token belongs to."""
        tokens = self._accounts.tokens.values()
        return next((token for token in tokens if token.refresh == value), None)


def answer(gitlab: GitLab, request: Request, path: str) -> Answer:
    """Answer a request below `/oauth/`. Raises `Refusal`."""
    match request.method, path:
        case "GET", "/oauth/authorize":
            return _authorize(gitlab, request)
        case "POST", "/oauth/token":
            return _exchange(gitlab, request)
        case "POST", "/oauth/revoke":
            return _revoke(gitlab, request)
        case "GET", "/oauth/token/info":
            return _info(gitlab, request)
    return in_html(404, "The page could not be found or you don't have permission to view it.")


def _authorize(gitlab: GitLab, request: Request) -> Answer:
    """A page with a button for each user; `as=` is that button pressed."""
    params = request.params()
    application = gitlab.grants.applications.get(str(params.get("client_id")))
    if application is None or params.get("redirect_uri") != application.redirect_uri:
        return in_html(401, "The redirect URI included is not valid.")
    state = {"state": params["state"]} if "state" in params else {}
    scopes = tuple(str(params.get("scope") or application.scopes[0]).split())
    wrong = None
    if params.get("response_type") != "code":
        wrong = "unsupported_response_type"
    elif not set(scopes) <= set(application.scopes):
        wrong = "invalid_scope"
    elif params.get("code_challenge_method", "S256") != "S256":
        wrong = "invalid_code_challenge_method"
    elif params.get("deny"):
        wrong = "access_denied"
    if wrong:
        return _back(application.redirect_uri, {"error": wrong, **state})
    if "as" not in params:
        return _page(gitlab, request)
    user = gitlab.accounts.users[str(params["as"])]
    code = secrets.token_hex(32)
    challenge = params.get("code_challenge")
    grant = Code(application, user, application.redirect_uri, scopes, challenge)
    gitlab.grants.codes[code] = grant
    return _back(application.redirect_uri, {"code": code, **state})


def _page(gitlab: GitLab, request: Request) -> Answer:
    hidden = "".join(
        f'<input type="hidden" name="{html.escape(name)}" value="{html.escape(value)}">'
        for name, value in parse_qsl(request.query)
    )
    buttons = "".join(
        f'<button name="as" value="{name}">Authorize as {name}</button>'
        for name in gitlab.accounts.users
    )
    body = f'<!DOCTYPE html><title>Authorize</title><form method="get">{hidden}{buttons}</form>'
    return Answer(200, body.encode(), {"Content-Type": "text/html; charset=utf-8"})


def _back(uri: str, params: dict[str, str]) -> Answer:
    joint = "&" if "?" in uri else "?"
    return Answer(302, b"", {"Location": f"{uri}{joint}{urlencode(params)}"})


def _exchange(gitlab: GitLab, request: Request) -> Answer:
    params = request.params()
    application = _client(gitlab, request, params)
    match params.get("grant_type"):
        case "authorization_code":
            code = gitlab.grants.codes.pop(str(params.get("code")), None)
            if code is None or not _fits(code, application, params):
                raise _refused("invalid_grant", _GRANT)
            return _pair(gitlab, code.user, code.scopes, application)
        case "refresh_token":
            old = gitlab.grants.by_refresh(str(params.get("refresh_token")))
            if old is None or old.revoked or old.application != application.id:
                raise _refused("invalid_grant", _GRANT)
            old.revoked = True
            return _pair(gitlab, old.user, old.scopes, application)
    text = "The authorization grant type is not supported by the authorization server."
    raise _refused("unsupported_grant_type", text)


def _client(gitlab: GitLab, request: Request, params: dict[str, Any]) -> Application:
    name, secret = params.get("client_id"), params.get("client_secret")
    authorization = request.headers.get("authorization", "")
    if authorization.startswith("Basic "):
        plain = base64.b64decode(authorization[6:]).decode()
        name, _, secret = plain.partition(":")
    application = gitlab.grants.applications.get(str(name))
    if application is None or secret != application.secret:
        raise _refused("invalid_client", _CLIENT, 401)
    return application


def _fits(code: Code, application: Application, params: dict[str, Any]) -> bool:
    if code.application is not application or time.monotonic() - code.made_at > 600:
        return False
    if params.get("redirect_uri") != code.redirect_uri:
        return False
    if code.challenge is None:
        return True
    digest = hashlib.sha256(str(params.get("code_verifier", "")).encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == code.challenge


def _pair(gitlab: GitLab, user: User, scopes: tuple[str, ...], application: Application) -> Answer:
    token = gitlab.accounts.issue_oauth(user, scopes, application.id)
    return in_json(
        {
            "access_token": token.value,
            "token_type": "Bearer",
            "expires_in": 7200,
            "refresh_token": token.refresh,
            "scope": " ".join(scopes),
            "created_at": int(token.created_at.timestamp()),
        }
    )


def _revoke(gitlab: GitLab, request: Request) -> Answer:
    """An unknown token is no error; one of another application is refused."""
    params = request.params()
    application = _client(gitlab, request, params)
    value = str(params.get("token"))
    token = gitlab.accounts.tokens.get(value) or gitlab.grants.by_refresh(value)
    if token is not None:
        if token.application != application.id:
            raise _refused(
                "unauthorized_client", "You are not authorized to revoke this token", 403
            )
        token.revoked = True
    return in_json({})


def _info(gitlab: GitLab, request: Request) -> Answer:
    token = gitlab.accounts.caller(request)
    if token is None:
        raise _refused("invalid_request", "Missing access token.", 400)
    return in_json(
        {
            "resource_owner_id": token.user.id,
            "scope": list(token.scopes),
            "expires_in": 7200,
            "application": {"uid": token.application},
            "created_at": int(token.created_at.timestamp()),
        }
    )


def _refused(error: str, text: str, status: int = 400) -> Refusal:
    return Refusal(status, {"error": error, "error_description": text})

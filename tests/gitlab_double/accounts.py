"""Users of the double and their tokens: who is asking, and what their token may do."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.gitlab_double.exchange import Refusal, Request

_ANY_API = ("api", "read_api")


@dataclass(slots=True)
class User:
    """A person or a bot."""

    id: int
    name: str
    bot: bool = False
    admin: bool = False

    @property
    def mail(self) -> str:
        return f"{self.name}@gitlab.example"

    def brief(self, url: str) -> dict[str, Any]:
        """As GitLab shows authors."""
        return {
            "id": self.id,
            "username": self.name,
            "public_email": "",
            "name": self.name.replace("_", " ").title(),
            "state": "active",
            "locked": False,
            "avatar_url": None,
            "web_url": f"{url}/{self.name}",
        }


@dataclass(slots=True)
class Token:
    """A personal, project or OAuth token."""

    id: int
    value: str = field(repr=False)
    user: User
    scopes: tuple[str, ...]
    name: str = "token"
    oauth: bool = False
    application: str | None = None
    refresh: str | None = field(default=None, repr=False)
    expires_at: date | datetime | None = None
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    revoked: bool = False
    used_at: datetime | None = None

    @property
    def expired(self) -> bool:
        if self.expires_at is None:
            return False
        if isinstance(self.expires_at, datetime):
            return datetime.now(UTC) >= self.expires_at
        return datetime.now(UTC).date() >= self.expires_at

    @property
    def active(self) -> bool:
        return not self.revoked and not self.expired


class Accounts:
    """All users and tokens of one double."""

    def __init__(self) -> None:
        self.users: dict[str, User] = {}
        self.tokens: dict[str, Token] = {}
        self.add("root", admin=True)

    def add(self, name: str, *, bot: bool = False, admin: bool = False) -> User:
        """The user of that name, made when there is none."""
        if name not in self.users:
            self.users[name] = User(len(self.users) + 1, name, bot=bot, admin=admin)
        return self.users[name]

    def issue(
        self,
        user: User,
        scopes: Iterable[str],
        *,
        expires_at: date | datetime | None = None,
        name: str = "token",
    ) -> Token:
        """A new personal access token, for a year when no end is given."""
        end = expires_at or datetime.now(UTC).date() + timedelta(days=365)
        value = f"glpat-{secrets.token_urlsafe(15)}"
        token = Token(len(self.tokens) + 1, value, user, tuple(scopes), name, expires_at=end)
        self.tokens[value] = token
        return token

    def issue_oauth(self, user: User, scopes: Iterable[str], application: str) -> Token:
        """A new pair of an access token of two hours and a refresh token."""
        value, refresh = secrets.token_hex(32), secrets.token_hex(32)
        end = datetime.now(UTC) + timedelta(seconds=7200)
        token = Token(len(self.tokens) + 1, value, user, tuple(scopes), "oauth", expires_at=end)
        token.oauth, token.application, token.refresh = True, application, refresh
        self.tokens[value] = token
        return token

    def caller(self, request: Request) -> Token | None:
        """Whose API request this is; None: nobody's. Raises `Refusal` 401."""
        value = request.headers.get("private-token") or request.params().get("private_token")
        authorization = request.headers.get("authorization", "")
        if value is None and authorization.lower().startswith("bearer "):
            value = authorization[7:].strip()
        if value is None:
            if authorization:
                raise unauthorized()
            return None
        return self._valid(str(value))

    def _valid(self, value: str) -> Token:
        token = self.tokens.get(value)
        if token is None:
            raise unauthorized()
        if token.revoked:
            raise _invalid("Token was revoked. You have to re-authorize from the user.")
        if token.expired:
            text = "Token is expired. You can either do re-authorization or token refresh."
            raise _invalid(text)
        token.used_at = datetime.now(UTC)
        return token

    def git_caller(self, request: Request) -> Token | None:
        """Whose git request this is. GitLab takes Basic only there: any name, token as password.

        Raises `Refusal` 401 with a challenge.
        """
        authorization = request.headers.get("authorization", "")
        if not authorization:
            return None
        kind, _, value = authorization.partition(" ")
        if kind.lower() != "basic":
            raise git_unauthorized()
        try:
            password = base64.b64decode(value).decode().partition(":")[2]
            return self._valid(password)
        except (ValueError, Refusal):
            raise git_unauthorized() from None


def need_scope(token: Token | None, scopes: tuple[str, ...]) -> None:
    """Raises `Refusal` 403 when a token has none of the scopes."""
    if token is None or set(scopes) & set(token.scopes):
        return
    raise Refusal(
        403,
        {
            "error": "insufficient_scope",
            "error_description": "The request requires higher privileges than provided by the "
            "access token.",
            "scope": " ".join(scopes),
        },
    )


def api_scopes(method: str) -> tuple[str, ...]:
    """The scopes of which an API call needs one."""
    return _ANY_API if method in ("GET", "HEAD") else ("api",)


def unauthorized() -> Refusal:
    return Refusal(401, "401 Unauthorized")


def _invalid(text: str) -> Refusal:
    challenge = (
        f'Bearer realm="Protected by OAuth 2.0", error="invalid_token", error_description="{text}"'
    )
    content = {"error": "invalid_token", "error_description": text}
    return Refusal(401, content, headers={"WWW-Authenticate": challenge})


def git_unauthorized() -> Refusal:
    text = (
        "HTTP Basic: Access denied. If a password was provided for Git authentication, the "
        "password was incorrect or you're required to use a token instead of a password."
    )
    return Refusal(401, text, headers={"WWW-Authenticate": 'Basic realm="GitLab"'})

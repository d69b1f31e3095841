"""The only door to authlib: OAuth 2 with PKCE at the GitLab that a dataset is connected to.

Speaks to the configured host alone, follows no redirect, and puts no secret into an error.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from authlib.integrations.base_client import OAuthError  # type: ignore[import-untyped]
from authlib.integrations.requests_client import (  # type: ignore[import-untyped]
    OAuth2Session,
)
from requests.utils import get_environ_proxies

from retouche.connection import Connection, certificates
from retouche.core.errors import ForgeRefused, ForgeUnavailable, NotSignedIn

SCOPE = "api"
"""The one scope of GitLab that may merge and close."""
TIMEOUT = (5, 10)
"""Seconds to connect, and between two pieces of an answer."""
DEADLINE = 12.0
"""Seconds that an answer may take in all."""
LARGEST = 64_000
"""Bytes of an answer with tokens."""
TOKEN = re.compile(r"[!-~]{1,4096}")
SPENT = frozenset({"invalid_grant", "invalid_request"})
"""What is answered to a code or a token that was used, has expired, or was taken back."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """A pair of tokens, and the seconds for which the first one lasts (None: not told)."""

    access: str = field(repr=False)
    refresh: str | None = field(default=None, repr=False)
    lasts: int | None = None


class OAuth:
    """The application that this server is at one GitLab."""

    def __init__(self, connection: Connection, *, redirect_uri: str = "") -> None:
        self._base = connection.base_url
        self._session = _Session(
            connection.oauth_client_id,
            connection.oauth_client_secret,
            token_endpoint_auth_method=(
                "client_secret_post" if connection.oauth_client_secret else "none"
            ),
            revocation_endpoint_auth_method=(
                "client_secret_post" if connection.oauth_client_secret else "none"
            ),
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
        )

    def address(self, *, state: str, verifier: str) -> str:
        """Where a person says that this server may act for them."""
        address, _ = self._session.create_authorization_url(
            f"{self._base}/oauth/authorize", state=state, code_verifier=verifier, scope=SCOPE
        )
        return str(address)

    def exchange(self, code: str, *, verifier: str) -> Tokens:
        """The tokens for a code. Raises `NotSignedIn`, `ForgeRefused`, `ForgeUnavailable`."""
        return _tokens(
            lambda: self._session.fetch_token(
                f"{self._base}/oauth/token",
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
            ),
            spent="gitlab_denied",
        )

    def renew(self, refresh: str) -> Tokens:
        """The pair that takes the place of another, which is of no use any more.

        Raises `NotSignedIn`, `ForgeRefused`, `ForgeUnavailable`.
        """
        return _tokens(
            lambda: self._session.refresh_token(f"{self._base}/oauth/token", refresh_token=refresh),
            spent="account_expired",
        )

    def revoke(self, token: str) -> None:
        """Make a token useless, and the one that renews it. Raises `ForgeUnavailable`."""
        _told(lambda: self._session.revoke_token(f"{self._base}/oauth/revoke", token=token))


class _Session(OAuth2Session):  # type: ignore[misc]
    """A client that waits so long and no longer, and goes nowhere else."""

    def request(self, method: str, url: str, *arguments: Any, **options: Any) -> requests.Response:
        until = time.monotonic() + DEADLINE
        self.trust_env = False  # no netrc
        options |= {
            "allow_redirects": False,
            "stream": True,
            "timeout": TIMEOUT,
            "verify": certificates() or True,
            "proxies": {} if _is_loopback(url) else get_environ_proxies(url),
            "headers": {**(options.get("headers") or {}), "Accept-Encoding": "identity"},
        }
        response: requests.Response = super().request(method, url, *arguments, **options)
        with response:
            response._content = _body(response, until)
        if 300 <= response.status_code < 400 or response.status_code >= 500:
            raise requests.exceptions.HTTPError
        return response


def _body(response: requests.Response, until: float) -> bytes:
    body = b""
    while part := response.raw.read1(LARGEST, decode_content=True):
        body += part
        if len(body) > LARGEST or time.monotonic() > until:
            raise requests.exceptions.ReadTimeout
    return body


def _is_loopback(url: str) -> bool:
    return urlsplit(url).hostname in ("localhost", "127.0.0.1", "::1")


def _tokens(ask: Callable[[], Any], *, spent: str) -> Tokens:
    """The pair in an answer. Raises `NotSignedIn` with the reason `spent`, among others."""
    answer = _told(ask, spent=spent)
    access, refresh, lasts = (
        answer.get(name) for name in ("access_token", "refresh_token", "expires_in")
    )
    if not isinstance(access, str) or not TOKEN.fullmatch(access):
        raise ForgeUnavailable("gitlab_silent")
    return Tokens(
        access=access,
        refresh=refresh if isinstance(refresh, str) and TOKEN.fullmatch(refresh) else None,
        lasts=lasts if type(lasts) is int and 0 < lasts < 10**9 else None,
    )


def _told(ask: Callable[[], T], *, spent: str = "account_expired") -> T:
    """What GitLab answers. Its own words, and our secrets in what was sent, stay here."""
    try:
        return ask()
    except OAuthError as error:
        if str(error.error) in SPENT:
            raise NotSignedIn(spent) from None
        raise ForgeRefused("gitlab_application_refused") from None
    except Exception:  # what cannot be read as an answer; its text may quote what was sent
        raise ForgeUnavailable("gitlab_silent") from None

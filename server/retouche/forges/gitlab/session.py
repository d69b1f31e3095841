"""HTTP to one GitLab server and to nowhere else: no redirects, bounded answers, no leftovers.

Knows nothing of GitLab's API. What it raises is `requests`' own, or one of the three below.
"""

from __future__ import annotations

import threading
import time
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.utils import get_environ_proxies
from urllib3.exceptions import HTTPError, ReadTimeoutError

from retouche.connection import certificates
from retouche.forges.gitlab.limits import Deadlines

MAX_ANSWER = 8_000_000
"""Largest answer that is read, in bytes."""
LOOPBACK = ("localhost", "127.0.0.1", "::1")
_CHUNK = 16_384


class Elsewhere(Exception):
    """The answer points to another address; it was not followed."""


class Unclear(Exception):
    """The answer is not one of GitLab's API: a page, something cut, or far too much."""


class TooMuch(Unclear):
    """The answer is larger than any that is read."""


class Late(Exception):
    """The whole answer did not come in time."""


class Session(requests.Session):
    """A session whose every call ends, and stays below one base address."""

    def __init__(self, base_url: str, deadlines: Deadlines) -> None:
        super().__init__()
        self._base = f"{base_url.rstrip('/')}/"
        self._is_loopback = urlsplit(base_url).hostname in LOOPBACK
        self._deadlines = deadlines
        self._told = threading.local()
        # Nothing of this machine or of an earlier answer goes along: no netrc, no cookies.
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    @property
    def retry_after(self) -> str | None:
        """The header of the last answer in this thread."""
        found: str | None = getattr(self._told, "retry_after", None)
        return found

    def request(self, method: Any, url: Any, *_: Any, **options: Any) -> requests.Response:
        if not str(url).startswith(self._base):
            raise Elsewhere
        ends = time.monotonic() + self._deadlines.call
        self._told.retry_after = None
        options |= {
            "allow_redirects": False,
            "stream": True,
            "timeout": (self._deadlines.connect, self._deadlines.read),
            "proxies": {} if self._is_loopback else get_environ_proxies(str(url)),
            "verify": certificates() or True,
        }
        options["headers"] = {**(options.get("headers") or {}), "Accept-Encoding": "identity"}
        with super().request(method, url, **options) as response:
            self._told.retry_after = response.headers.get("Retry-After")
            if 300 <= response.status_code < 400:
                raise Elsewhere
            response._content = _body(response, ends)
            response._content_consumed = True
        # Pages are asked for by number; a link could lead anywhere.
        response.headers.pop("Link", None)
        if response.ok and response.content and not _is_json(response):
            raise Unclear
        return response


def _body(response: requests.Response, ends: float) -> bytes:
    parts, size = [], 0
    while part := _part(response):
        parts.append(part)
        size += len(part)
        if size > MAX_ANSWER:
            raise TooMuch
        if time.monotonic() > ends:
            raise Late
    return b"".join(parts)


def _part(response: requests.Response) -> bytes:
    """The next bytes, as soon as there are any."""
    try:
        found: bytes = response.raw.read1(_CHUNK, decode_content=True)
    except ReadTimeoutError:
        raise Late from None
    except HTTPError:
        raise requests.ConnectionError from None
    return found


def _is_json(response: requests.Response) -> bool:
    return response.headers.get("Content-Type", "").partition(";")[0].strip() == "application/json"

"""Row keys in URLs: their own percent-encoding survives, so that `/` and `,` can be in a key."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from werkzeug.routing import BaseConverter

from retouche.core.keys import format_key, parse_key

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEPT = re.compile(r"%(2[fFcC5])")
RESERVED = frozenset(
    [
        "api",
        "assets",
        "catalog.jsonld",
        "embed",
        "errors",
        "feed",
        "frames.js",
        "git",
        "health",
        "hooks",
        "metrics",
        "oembed",
        "quality",
        "ready",
        "review",
        "sign-in",
        "sign-out",
        "widgets",
        "widgets.js",
    ]
)
"""Names that no dataset may have: they are addresses of the server itself."""


class KeptEncoding:
    """WSGI middleware: leave `%2F`, `%2C` and `%25` of the path encoded for the router.

    WSGI decodes the path before routing, and a key part holding `/` or `,` could not be told
    from a separator any more.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raw = environ.get("RAW_URI") or environ.get("REQUEST_URI") or ""
        path = raw.partition("?")[0]
        if path.startswith("/") and KEPT.search(path):
            environ["PATH_INFO"] = routed(path).removeprefix(environ.get("SCRIPT_NAME", ""))
        return self._app(environ, start_response)


def routed(path: str) -> str:
    """The path of an address as the router is to see it, each character one byte of UTF-8."""
    return unquote_to_bytes(KEPT.sub(r"%25\1", path)).decode("latin-1")


class DatasetConverter(BaseConverter):
    """`<dataset:name>`: the first part of a page's address, unless it is the server's own."""

    part_isolating = True
    regex = rf"(?!(?:{'|'.join(map(re.escape, sorted(RESERVED)))})$)[^/]+"


class KeyConverter(BaseConverter):
    """`<key:key>`: a row key, its parts percent-encoded and joined by commas."""

    def to_python(self, value: str) -> tuple[str, ...]:
        return parse_key(value)

    def to_url(self, value: Any) -> str:
        return format_key(value)

"""Addresses of the pages and what they keep: the language chosen by hand, the revision."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from flask import g, request, url_for

from retouche.web.context import services
from retouche.web.language import LOCALES, chosen

INSIDE = re.compile(r"/(?!/|\\)[^\x00-\x1f\\]*")


def page_url(endpoint: str, **values: Any) -> str:
    """The address of a page, in the language chosen by hand and at the revision looked at.

    An empty `revision` or `lang` leaves it out.
    """
    values.setdefault("lang", chosen())
    name, kept = g.get("kept_revision", (None, None))
    if name is not None and values.get("name") == name:
        values.setdefault("revision", kept)
    given = {key: value for key, value in values.items() if value not in (None, "")}
    return url_for(f"pages.{endpoint}", **given)


def inside(wanted: str) -> str | None:
    """An address that somebody asks to be led to, when it is one of this server."""
    return wanted if INSIDE.fullmatch(wanted) else None


def here(**changes: Any) -> str:
    """The address of this page with some query parameters changed; None takes one away."""
    pairs = [pair for pair in request.args.items(multi=True) if pair[0] not in changes]
    return with_parameters(pairs + [(name, value) for name, value in changes.items() if value])


def with_parameters(pairs: Iterable[tuple[str, Any]]) -> str:
    """The address of this page with these query parameters and no other."""
    query = urlencode(list(pairs))
    return f"{sent_path()}?{query}" if query else sent_path()


def sent_path() -> str:
    """The path of this request as it was sent: decoding it would change some row keys."""
    sent = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or ""
    path = urlsplit(sent).path if not sent.startswith("//") else ""
    if path.startswith("/") and path.isascii():
        return path
    return quote(request.root_path) + quote(request.path, safe="/,%")


def languages() -> Iterable[tuple[str, str]]:
    """Each language and this page's address in it."""
    return [(one, here(lang=one)) for one in LOCALES]


def absolute(path: str) -> str:
    """A full address, on the public host where the operator has named it."""
    return (services().settings.base_url or request.host_url.rstrip("/")) + path

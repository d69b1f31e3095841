"""The language of a request: what the address asks for, else what the browser prefers, else French.

No cookie: a choice made by hand stays in the addresses (`?lang=`), and nowhere else.
"""

from __future__ import annotations

from flask import has_request_context, request

LOCALES = ("fr", "en")
DEFAULT = LOCALES[0]


def chosen() -> str | None:
    """The language asked for by `?lang=`, None when the address names none that we speak."""
    if not has_request_context():
        return None
    asked = request.args.get("lang")
    return asked if asked in LOCALES else None


def locale() -> str:
    """The language to answer in: `fr` or `en`."""
    if not has_request_context():
        return DEFAULT
    return chosen() or preferred() or DEFAULT


def preferred() -> str | None:
    """The first language of the browser that we speak, whatever its region (`en-GB` is `en`)."""
    for tag, quality in request.accept_languages:
        primary = tag.lower().partition("-")[0]
        if primary in LOCALES and quality > 0:
            return primary
    return None

"""The headers of every page: what a browser may do with it, and how long it may keep it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flask import Response, g, request

from retouche.web.caching import PRIVATE
from retouche.web.cookie import signed_in

DIRECTIVES = MappingProxyType(
    {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "font-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
)


def policy(own: Mapping[str, str] | None = None) -> str:
    """The Content-Security-Policy of all pages, or of one with directives of its own."""
    directives = {**DIRECTIVES, **(own or {})}
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


PLAIN = policy()


def dress(response: Response) -> Response:
    """Add the headers. A page that one person alone may see is never stored anywhere."""
    headers = response.headers
    headers["Content-Security-Policy"] = g.get("policy", PLAIN)
    headers["Referrer-Policy"] = "same-origin"
    headers["X-Content-Type-Options"] = "nosniff"
    response.vary.update(("Accept-Language", "Cookie"))
    if g.get("private") or "secret" in request.args or signed_in():
        headers["Cache-Control"] = PRIVATE
        return response
    if request.method not in ("GET", "HEAD") or response.status_code != 200:
        headers["Cache-Control"] = "no-store"
        return response
    headers["Cache-Control"] = "public, no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response

"""The page that stands in a frame of another site: one widget and nothing around it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, make_response, render_template, request

from retouche.core.schema import in_language
from retouche.web.context import base_url, revision
from retouche.web.elements import part_address
from retouche.web.embedding.choices import Choices
from retouche.web.embedding.sources import element_sources
from retouche.web.language import locale
from retouche.web.previewing import looked_at

blueprint = Blueprint("frames", __name__)
KEPT = "public, max-age=300"


@blueprint.get("/embed/<name>/<widget>")
def show_frame(name: str, widget: str) -> Response:
    """Any site may frame it: it has no session, and nobody can be made to click on one."""
    found = revision(name)
    descriptor = found.widget(widget)
    choices = Choices.read(request.args)
    language = choices.locale or locale()
    asked = request.args.get("revision")
    looked = looked_at(found, asked)
    source = f"/api/v1/datasets/{quote(name, safe='')}/widgets/{quote(widget, safe='')}"
    response = make_response(
        render_template(
            "frame.html",
            title=in_language(descriptor.get("title"), language) or widget,
            language=language,
            source=source + (f"?{urlencode({'revision': asked})}" if asked else ""),
            choices=choices,
            page=f"{base_url()}/{quote(name, safe='')}",
            instead=looked.url if looked else f"{base_url()}/{quote(name, safe='')}",
            oembed=oembed_address(request.url),
            script=part_address("frame"),
        )
    )
    response.headers["Content-Security-Policy"] = _policy(descriptor)
    response.headers["Cache-Control"] = KEPT
    response.vary.add("Accept-Language")
    response.add_etag()
    response.make_conditional(request)
    return response


def oembed_address(url: str) -> str:
    return f"{base_url()}/oembed?{urlencode({'url': url, 'format': 'json'})}"


def _policy(descriptor: dict[str, Any]) -> str:
    directives = {
        "default-src": "'none'",
        "style-src": "'self'",
        "font-src": "'self'",
        **element_sources(descriptor),
        # A sandboxed frame has no origin, so that not even its own server's worker is its own.
        "worker-src": "'self' blob: data:",
        "form-action": "'none'",
        "frame-ancestors": "*",
        "base-uri": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())

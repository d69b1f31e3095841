"""The badge of a dataset: a small picture that says how good it is, for any site to show."""

from __future__ import annotations

import time
from collections.abc import Sequence
from xml.etree import ElementTree

from flask import Blueprint, Response, request

from retouche.core.errors import RetoucheError
from retouche.services.datasets import DatasetRevision
from retouche.services.quality.figures import counted
from retouche.services.quality.quality import PATIENCE
from retouche.services.reports import UNSPEAKABLE
from retouche.web.caching import PASSING, depending
from retouche.web.context import dataset, only_parameters, services
from retouche.web.language import locale
from retouche.web.pages.presentation import quality
from retouche.web.translations import gettext as _

SVG = "http://www.w3.org/2000/svg"
KEPT = "public, max-age=300, stale-while-revalidate=86400"
HEIGHT, SIDE, BASE = 20, 7, 14
"""Of the badge, beside its texts, and of their base line, in pixels."""
LETTER = 6.6
"""Pixels that a letter takes; the texts are fitted into what this makes."""
LABEL = "#454c52"
COLOURS = ((0.95, "#1d6b3a"), (0.8, "#155e75"), (0.5, "#7a4e00"), (0.0, "#a3261b"))
"""From which share on; each is dark enough for white letters."""
UNKNOWN = "#5f6a70"
blueprint = Blueprint("badges", __name__)


@blueprint.get("/quality/<name>.svg")
def badge(name: str) -> Response:
    """Raises `NotFound`."""
    only_parameters("resource")
    revision = dataset(name).at()
    resource = request.args.get("resource")
    if resource is not None:
        revision.package.resource(resource)

    pending = not _soon(revision, resource)

    def make() -> Response:
        title = revision.package.title(locale())
        if resource is not None:
            title = f"{revision.package.resource(resource).title(locale())}, {title}"
        found = None if pending else sound_share(revision, resource)
        return Response(
            drawn(title, *quality(found), found),
            content_type="image/svg+xml; charset=utf-8",
        )

    response = depending([revision.commit, str(pending)], make, localised=True)
    response.headers["Cache-Control"] = PASSING if pending else KEPT
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _soon(revision: DatasetRevision, resource: str | None) -> bool:
    """Whether all figures that the badge tells are there, or come in a moment."""
    end = time.monotonic() + PATIENCE
    try:
        return all(
            services().quality.soon(revision, name, seconds=max(0.0, end - time.monotonic()))
            for name in counted(revision.package)
            if resource in (None, name)
        )
    except RetoucheError:  # which is met again, and told as unknown
        return True


def sound_share(revision: DatasetRevision, resource: str | None) -> float | None:
    """The share of the cells that are filled and obey the schema; None where none counts."""
    try:
        overall = services().quality.overall(revision, resource)
    except RetoucheError:
        return None
    return overall.sound_share if overall.cells else None


def drawn(title: str, label: str, value: str, found: float | None) -> bytes:
    """The picture as SVG. `title` names the dataset for who cannot see the picture."""
    title, label, value = map(_spoken, (title, label, value))
    widths = [len(one) * LETTER + 2 * SIDE for one in (label, value)]
    whole = sum(widths)
    root = _element(
        None,
        "svg",
        width=f"{whole:.0f}",
        height=f"{HEIGHT}",
        viewBox=f"0 0 {whole:.0f} {HEIGHT}",
        role="img",
    )
    told = f"{title}{_(': ')}{label} {value}"
    root.set("aria-label", told)
    _element(root, "title").text = told
    clip = _element(root, "clipPath", id="round")
    _element(clip, "rect", width=f"{whole:.0f}", height=f"{HEIGHT}", rx="3")
    body = _element(root, "g", **{"clip-path": "url(#round)"})
    colour = UNKNOWN if found is None else next(one for least, one in COLOURS if found >= least)
    _element(body, "rect", width=f"{widths[0]:.0f}", height=f"{HEIGHT}", fill=LABEL)
    _element(
        body,
        "rect",
        x=f"{widths[0]:.0f}",
        width=f"{widths[1]:.0f}",
        height=f"{HEIGHT}",
        fill=colour,
    )
    _texts(root, [label, value], widths)
    picture: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return picture


def _texts(root: ElementTree.Element, texts: Sequence[str], widths: Sequence[float]) -> None:
    group = _element(
        root,
        "g",
        **{"font-family": "Verdana,DejaVu Sans,sans-serif", "font-size": "11", "fill": "#fff"},
        **{"aria-hidden": "true", "text-anchor": "middle"},
    )
    begin = 0.0
    for text, width in zip(texts, widths, strict=True):
        one = _element(
            group,
            "text",
            x=f"{begin + width / 2:.1f}",
            y=f"{BASE}",
            textLength=f"{width - 2 * SIDE:.0f}",
            lengthAdjust="spacingAndGlyphs",
        )
        one.text = text
        begin += width


def _element(
    parent: ElementTree.Element | None, tag: str, **attributes: str
) -> ElementTree.Element:
    if parent is None:
        ElementTree.register_namespace("", SVG)
        return ElementTree.Element(f"{{{SVG}}}{tag}", attributes)
    return ElementTree.SubElement(parent, f"{{{SVG}}}{tag}", attributes)


def _spoken(text: str) -> str:
    """A text without what XML cannot hold."""
    return UNSPEAKABLE.sub("", text)

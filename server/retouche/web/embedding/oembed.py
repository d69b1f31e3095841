"""oEmbed 1.0 (https://oembed.com): from the address of a page of ours, the code that embeds it."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urlsplit

from flask import Blueprint, Response, request

from retouche.core.errors import Malformed, NotFound, RetoucheError
from retouche.core.keys import parse_key
from retouche.core.schema import in_language
from retouche.services.datasets import DatasetRevision
from retouche.web.caching import json_response
from retouche.web.context import base_url, dataset
from retouche.web.embedding.choices import USUAL_HEIGHT, Choices, frame_code
from retouche.web.embedding.standing import cards_of, first_of
from retouche.web.language import locale
from retouche.web.paths import RESERVED
from retouche.web.problems import answer

blueprint = Blueprint("oembed", __name__)
USUAL_WIDTH = 800
SECONDS_KEPT = 3_600


@blueprint.get("/oembed")
def oembed() -> Response:
    """Raises `NotFound` for an address that is not ours, `Malformed` for what cannot be read."""
    if request.args.get("format", "json") != "json":
        refused = NotFound("unknown_format", format=request.args["format"][:20], known=["json"])
        return answer(refused, status=501)  # as oEmbed asks for a format that is not provided
    widest, highest = _limit("maxwidth"), _limit("maxheight")
    found, widget, choices = _embedded(request.args.get("url", ""))
    title = in_language(found.widget(widget).get("title"), locale()) or widget
    width = min(widest or USUAL_WIDTH, USUAL_WIDTH)
    height = min(highest or USUAL_HEIGHT, choices.height or USUAL_HEIGHT)
    name = found.dataset.name
    response = json_response(
        {
            "version": "1.0",
            "type": "rich",
            "title": title,
            "provider_name": "Retouche",
            "provider_url": f"{base_url()}/",
            "cache_age": SECONDS_KEPT,
            "width": width,
            "height": height,
            # A host that shows the code keeps to the height that it is told here.
            "html": str(
                frame_code(
                    base_url(),
                    name,
                    widget,
                    replace(choices, height=height),
                    title=title,
                    width=width,
                )
            ),
        }
    )
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def _limit(name: str) -> int:
    text = request.args.get(name, "")
    if not text:
        return 0
    whole = text.isascii() and text.isdigit() and len(text) <= 6
    if not (whole and 1 <= int(text) <= 100_000):
        raise Malformed("bad_page", pointer=name, parameter=name, value=text[:80], most=100_000)
    return int(text)


def _embedded(url: str) -> tuple[DatasetRevision, str, Choices]:
    """The widget that a page's address stands for: a frame, a dataset, or the card of a row."""
    try:
        parts = urlsplit(url)
        host = urlsplit(base_url()).netloc
        path = [unquote(one) for one in parts.path.strip("/").split("/")]
        if parts.scheme in ("http", "https") and parts.netloc == host:
            if path[0] == "embed" and len(path) == 3:
                found = dataset(path[1]).at(None)
                found.widget(path[2])
                return found, path[2], Choices.read(dict(parse_qsl(parts.query)))
            if path[0] not in RESERVED and len(path) == 1:
                found = dataset(path[0]).at(None)
                return found, first_of(found), Choices()
            if path[0] not in RESERVED and len(path) == 3 and path[1] != "proposals":
                found = dataset(path[0]).at(None)
                key = parts.path.strip("/").split("/")[2]
                found.snapshot(path[1]).row(parse_key(key))
                return found, cards_of(found, path[1]), Choices(row=key, view="cards")
    except (RetoucheError, ValueError):  # urlsplit raises ValueError for a broken host
        pass
    raise NotFound("not_embeddable", url=url[:200])

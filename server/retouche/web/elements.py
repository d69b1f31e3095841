"""The scripts that other sites load: `widgets.js`, `frames.js` and parts, as the build wrote them.

Whoever embeds them is on another origin, so these files are open to all; no other folder is.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from flask import Blueprint, Response, abort, request

from retouche.core.errors import NotFound

STATIC = Path(__file__).parent / "static"
MANIFEST = STATIC / "manifest.json"
PART = re.compile(r"[A-Za-z0-9_.-]{1,100}")
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
}
MINUTES = "public, max-age=300, stale-while-revalidate=86400"
FOR_EVER = "public, max-age=31536000, immutable"

blueprint = Blueprint("elements", __name__)


@blueprint.get("/widgets.js", defaults={"name": "widgets.js"})
@blueprint.get("/frames.js", defaults={"name": "frames.js"})
def entry(name: str) -> Response:
    """The addresses that pages carry never change, so what they answer is asked for again."""
    if not are_built():
        raise NotFound("no_widgets")
    return _file(STATIC / name, MINUTES)


@blueprint.get("/widgets/<name>")
def part(name: str) -> Response:
    """A part loaded when it is needed; its name changes with its content."""
    path = STATIC / "widgets" / name
    if not PART.fullmatch(name) or path.suffix not in TYPES or not path.is_file():
        abort(404)
    return _file(path, FOR_EVER)


def are_built() -> bool:
    return (STATIC / "widgets.js").is_file()


def part_address(entry: str) -> str | None:
    """The path of an entry of the build (`frame`), None where the elements are not built."""
    if not MANIFEST.is_file():
        return None
    built = json.loads(MANIFEST.read_bytes())
    return next(
        (f"/{one['file']}" for one in built.values() if one.get("name") == entry and "src" in one),
        None,
    )


def _file(path: Path, keep: str) -> Response:
    response = Response(path.read_bytes(), content_type=TYPES[path.suffix])
    response.headers["Cache-Control"] = keep
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.add_etag()
    response.make_conditional(request)
    return response

"""The stylesheet and the logo, under names that change with their content, kept for ever."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Response, abort, url_for

FOLDER = Path(__file__).parent.parent / "assets"
TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    hashed: str
    content: bytes
    type: str


def _read(path: Path) -> Asset:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Asset(f"{path.stem}.{digest}{path.suffix}", content, TYPES[path.suffix])


ASSETS = {path.name: _read(path) for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES}
BY_HASH = {one.hashed: one for one in ASSETS.values()}
blueprint = Blueprint("assets", __name__)


def asset_url(name: str) -> str:
    return url_for("assets.asset", name=ASSETS[name].hashed)


@blueprint.get("/assets/<name>")
def asset(name: str) -> Response:
    found = BY_HASH.get(name)
    if found is None:
        abort(404)
    response = Response(found.content, content_type=found.type)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response

"""Caching: an answer at a commit never changes; one that follows the branch carries an ETag."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

import orjson
from flask import Response, g, request

from retouche import __version__
from retouche.services.datasets import DatasetRevision
from retouche.web.context import base_url
from retouche.web.kept import GROUND, Ground
from retouche.web.language import locale

FOREVER = "public, max-age=31536000, immutable"
FOLLOW = "public, no-cache"
PASSING = "no-store"
PRIVATE = "private, no-store"


def json_response(payload: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(payload), status, mimetype="application/json")


def conditional(
    revision: DatasetRevision, make: Callable[[], Response], *, localised: bool = False
) -> Response:
    """Answer 304 without making the body when the client already has it.

    Only for answers that depend on nothing but the commit, the address and (when `localised`)
    the language. They are kept, unless `make` says `passing()`.
    """
    response, tag = _answer(make, revision.commit, localised=localised)
    response.headers["Cache-Control"] = FOREVER if revision.pinned else FOLLOW
    follows = "revision" not in request.args
    if g.get("passing"):
        response.headers["Cache-Control"] = PASSING
    elif revision.pinned or follows:
        request.environ[GROUND] = Ground(
            commit=revision.commit,
            tag=tag,
            localised=localised,
            published=revision.dataset.forge.published if follows else None,
        )
    return response


def depending(
    on: Iterable[str],
    make: Callable[[], Response],
    *,
    localised: bool = False,
    pinned: bool = False,
) -> Response:
    """Answer 304 without making the body, for what depends on more than one commit.

    `on` names all that may change the answer beside the address; when `pinned`, nothing may.
    """
    response, _ = _answer(make, *on, localised=localised)
    response.headers["Cache-Control"] = FOREVER if pinned else FOLLOW
    return response


def passing() -> None:
    """Say that the answer being made holds a fault that may pass: nobody is to keep it."""
    g.passing = True


def _answer(
    make: Callable[[], Response], *on: str, localised: bool = False
) -> tuple[Response, str]:
    language = locale() if localised else ""
    source = "\n".join([__version__, *on, base_url(), request.full_path, language])
    tag = hashlib.sha256(source.encode()).hexdigest()[:32]
    has = request.if_none_match
    known = has.contains_weak(tag)
    if has.star_tag:
        make()  # "any" is only what there is
    response = Response(status=304) if known else make()
    response.set_etag(tag)
    if localised:
        response.vary.add("Accept-Language")
    return response, tag

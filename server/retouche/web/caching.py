"""Caching: an answer at a commit never changes; one that follows the branch carries an ETag."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import orjson
from flask import Response, request

from retouche import __version__
from retouche.services.datasets import DatasetRevision
from retouche.web.context import base_url
from retouche.web.language import locale

FOREVER = "public, max-age=31536000, immutable"
FOLLOW = "public, no-cache"
PRIVATE = "private, no-store"


def json_response(payload: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(payload), status, mimetype="application/json")


def conditional(
    revision: DatasetRevision, make: Callable[[], Response], *, localised: bool = False
) -> Response:
    """Answer 304 without making the body when the client already has it.

    Only for answers that depend on nothing but the commit, the address and (when `localised`)
    the language.
    """
    language = locale() if localised else ""
    source = "\n".join([__version__, revision.commit, base_url(), request.full_path, language])
    tag = hashlib.sha256(source.encode()).hexdigest()[:32]
    known = request.if_none_match.contains_weak(tag)
    response = Response(status=304) if known else make()
    response.set_etag(tag)
    response.headers["Cache-Control"] = FOREVER if revision.pinned else FOLLOW
    if localised:
        response.vary.add("Accept-Language")
    return response


def tagged(response: Response) -> Response:
    """An ETag made from the body, for answers that depend on more than a commit."""
    response.add_etag()
    response.headers["Cache-Control"] = FOLLOW
    response.make_conditional(request)
    return response

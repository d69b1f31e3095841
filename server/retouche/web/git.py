"""Read-only clones of the embedded repositories, over git's smart HTTP protocol."""

from __future__ import annotations

import zlib

from flask import Blueprint, Response, request

from retouche.core.errors import Malformed, NotAllowed, NotFound, TooLarge, Unsupported
from retouche.ports import CloneSource
from retouche.web.body import whole_body
from retouche.web.context import dataset

blueprint = Blueprint("git", __name__)
SERVICE = "git-upload-pack"
# What a client says it has and wants: about 50 bytes a commit.
MOST_REQUEST = 10_000_000


@blueprint.get("/git/<name>.git/info/refs")
def advertise(name: str) -> Response:
    service = request.args.get("service")
    if service == "git-receive-pack":
        raise NotAllowed("clone_read_only")
    if service != SERVICE:
        raise Malformed("git_smart_only", pointer="service")
    found = _repository(name)
    body = found.advertise(protocol=request.headers.get("Git-Protocol"))
    return _answer(Response(body), "advertisement")


@blueprint.post(f"/git/<name>.git/{SERVICE}")
def upload_pack(name: str) -> Response:
    if request.mimetype != f"application/x-{SERVICE}-request":
        raise Unsupported("media_type", expected=f"application/x-{SERVICE}-request")
    found = _repository(name)
    body = found.serve(_body(), protocol=request.headers.get("Git-Protocol"))
    return _answer(Response(body), "result")


@blueprint.post("/git/<name>.git/git-receive-pack")
def receive_pack(name: str) -> Response:
    raise NotAllowed("clone_read_only")


def _repository(name: str) -> CloneSource:
    found = dataset(name)
    if found.clone is None:
        raise NotFound("not_embedded", dataset=name)
    if any(
        field.personal
        for resource in found.at().package.resources.values()
        for field in resource.schema.fields
    ):
        raise NotAllowed("clone_personal")  # a clone would hold the columns that nothing else shows
    return found.clone


def _body() -> bytes:
    """The request, unpacked: git clients compress what they send past a kilobyte."""
    data = whole_body()
    if request.headers.get("Content-Encoding") in ("gzip", "x-gzip"):
        try:
            unpacker = zlib.decompressobj(wbits=31)
            data = unpacker.decompress(data, MOST_REQUEST)
        except zlib.error:
            raise Malformed("bad_gzip")
        if unpacker.unconsumed_tail:
            raise TooLarge("body_too_large", limit=MOST_REQUEST)
    return data


def _answer(response: Response, kind: str) -> Response:
    response.content_type = f"application/x-{SERVICE}-{kind}"
    response.headers["Cache-Control"] = "no-cache, max-age=0, must-revalidate"
    return response

"""What GitLab tells us has happened: proved, written down, answered at once, dealt with later.

Nothing that a delivery says is believed or followed: it only says where to look.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Mapping
from typing import Any, Literal, cast

from flask import Blueprint, Response, request
from werkzeug.datastructures import Headers

from retouche.connection import Connection
from retouche.core.errors import Malformed, NotAllowed, NotFound, NotSignedIn
from retouche.ports import Delivery
from retouche.web.body import read_json, whole_body
from retouche.web.caching import json_response
from retouche.web.context import dataset, services

PATH = re.compile(r"/hooks/gitlab/[^/]+")
LARGEST = 26_000_000
"""Bytes of a body that are taken: GitLab sends 25 MB at most."""
READ = 1_000_000
"""Bytes of a body that are looked into; a larger one means that all is to be looked at."""
WINDOW = 300
"""Seconds by which the time of a signed delivery may differ from ours."""
SIGNING = "whsec_"
EVENTS = {"Merge Request Hook": "merge_request", "Push Hook": "push", "Note Hook": "note"}
LARGEST_NUMBER = 2**31 - 1

Kind = Literal["merge_request", "push", "note"]
Json = Mapping[str, Any]
blueprint = Blueprint("hooks", __name__)


@blueprint.post("/hooks/gitlab/<name>")
def receive(name: str) -> Response:
    """202 for every delivery that is genuine, whether or not it is of use."""
    request.max_content_length = LARGEST
    dataset(name)
    connection = services().connections.get(name)
    if connection is None:
        raise NotFound("no_hook_here", dataset=name)
    if connection.webhook_secret is None:
        raise NotAllowed("hook_without_secret")
    body = whole_body()
    now = services().clock()
    if not is_genuine(request.headers, body, connection.webhook_secret, now=now.timestamp()):
        raise NotSignedIn("hook_not_proved")
    payload = _payload(body)
    kind = _kind(request.headers, payload)
    if kind is not None and _is_ours(payload, connection):
        delivery = Delivery(
            id=delivery_id(request.headers, body),
            dataset=name,
            kind=kind,
            time=now,
            number=_number(kind, payload),
        )
        if services().watch.receive(delivery):
            services().bell.ring(name)
    response = json_response({"received": True}, 202)
    response.headers["Cache-Control"] = "no-store"
    return response


def is_genuine(headers: Headers, body: bytes, secret: str, *, now: float) -> bool:
    """Whether a delivery proves that its sender knows the secret.

    By the signature when there is one (GitLab 19 and later), else by the token, compared as bytes.
    """
    signatures = headers.get("webhook-signature")
    if signatures is None:
        token = headers.get("X-Gitlab-Token", "")
        return hmac.compare_digest(_bytes(token), secret.encode())
    identifier, moment = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not re.fullmatch(r"[0-9]{1,12}", moment) or abs(now - int(moment)) > WINDOW:
        return False
    signed = b".".join((_bytes(identifier), _bytes(moment), body))
    expected = base64.b64encode(hmac.digest(_key(secret), signed, "sha256"))
    given = [one.partition(",") for one in signatures.split(" ")[:16]]
    matches = [
        version == "v1" and hmac.compare_digest(_bytes(value), expected)
        for version, _, value in given
    ]
    return bool(identifier) and any(matches)


def delivery_id(headers: Headers, body: bytes) -> str:
    """What makes a delivery the same when it comes again.

    The identifier of an event is shared by what it sets off, so it counts with the body alone.
    """
    for name in ("webhook-id", "Idempotency-Key"):
        if headers.get(name):
            return hashlib.sha256(_bytes(f"{name}:{headers[name]}")).hexdigest()
    event = _bytes(headers.get("X-Gitlab-Event-UUID", ""))
    return hashlib.sha256(b"%s:%s" % (event, hashlib.sha256(body).digest())).hexdigest()


def _key(secret: str) -> bytes:
    if secret.startswith(SIGNING):
        try:
            text = secret.removeprefix(SIGNING)
            key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except binascii.Error:
            key = b""
        if key:
            return key
    return secret.encode()  # also one that is not of the form that it seems to have


def _bytes(header: str) -> bytes:
    """A header as it was sent: WSGI shows each of its bytes as a character."""
    return header.encode("latin-1", "replace")


def _payload(body: bytes) -> Json:
    """What a delivery says; nothing when it is too large to look into, or not to be understood."""
    if len(body) > READ:
        return {}
    try:
        payload = read_json(body)
    except Malformed:
        return {}
    return payload if isinstance(payload, dict) else {}


def _kind(headers: Headers, payload: Json) -> Kind | None:
    """What a delivery is about, when it is of use to us."""
    kind = payload.get("object_kind") if payload else EVENTS.get(headers.get("X-Gitlab-Event", ""))
    if kind == "note" and payload and not isinstance(payload.get("merge_request"), dict):
        return None  # about an issue, a commit or a snippet
    return cast(Kind, kind) if kind in EVENTS.values() else None


def _is_ours(payload: Json, connection: Connection) -> bool:
    """Whether a delivery is about the configured project, as far as it tells."""
    told = payload.get("project")
    project = told if isinstance(told, dict) else {}
    number, path = project.get("id"), project.get("path_with_namespace")
    if connection.project.isdigit():
        return type(number) is not int or number == int(connection.project)
    return not isinstance(path, str) or path.casefold() == connection.project.casefold()


def _number(kind: Kind, payload: Json) -> int | None:
    """The number of the merge request that a delivery names; None: look at all."""
    part = {"merge_request": "object_attributes", "note": "merge_request"}.get(kind)
    found = payload.get(part) if part else None
    number = found.get("iid") if isinstance(found, dict) else None
    return number if type(number) is int and 0 < number <= LARGEST_NUMBER else None

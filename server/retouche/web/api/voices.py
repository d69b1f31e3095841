"""What people say of a row without changing it: that it is still correct, a free remark."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from retouche.core.operations import Key
from retouche.web.api.rows import counted
from retouche.web.api.tables import RESOURCE
from retouche.web.body import idempotency_key, json_body
from retouche.web.caching import PRIVATE, json_response
from retouche.web.context import dataset, services
from retouche.web.guard import door

blueprint = Blueprint("api_voices", __name__)


@blueprint.post(f"{RESOURCE}/rows/<key:key>/confirmations")
def confirm(name: str, resource: str, key: Key) -> Response:
    body = json_body() if request.get_data(cache=True) else {}
    confirmations = services().voices.confirm(
        dataset(name),
        resource,
        key,
        body,
        idempotency_key=idempotency_key(),
        door=door(name, body),
    )
    return _written(counted(confirmations))


@blueprint.post(f"{RESOURCE}/rows/<key:key>/remarks")
def remark(name: str, resource: str, key: Key) -> Response:
    body = json_body()
    left = services().voices.remark(
        dataset(name),
        resource,
        key,
        body,
        idempotency_key=idempotency_key(),
        door=door(name, body),
    )
    return _written({"id": left.id, "state": left.state})


def _written(body: dict[str, Any]) -> Response:
    response = json_response(body, 201)
    response.headers["Cache-Control"] = PRIVATE
    return response

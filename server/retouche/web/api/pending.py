"""Which proposals are pending on rows: a mark for everybody who looks at them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from retouche.core.errors import TooLarge
from retouche.core.keys import format_key, parse_key
from retouche.core.package import Package, Resource
from retouche.ports import Pending
from retouche.services.patches import public
from retouche.web.api.tables import RESOURCE
from retouche.web.caching import depending, json_response
from retouche.web.context import dataset, only_parameters, proposal_page, services

blueprint = Blueprint("api_pending", __name__)
MOST_ROWS = 1_000


@blueprint.get(f"{RESOURCE}/pending")
def list_pending(name: str, resource: str) -> Response:
    only_parameters("key")
    found = dataset(name)
    package = found.at().package
    described = package.resource(resource)
    keys = [parse_key(one) for one in request.args.getlist("key")]
    if len(keys) > MOST_ROWS:
        raise TooLarge("too_many", pointer="key", count=len(keys), limit=MOST_ROWS)
    pending = services().proposals.pending(found, resource, keys or None, limit=MOST_ROWS)

    def make() -> Response:
        data: dict[str, list[dict[str, Any]]] = {}
        for one in pending:
            data.setdefault(format_key(one.key), []).append(_shown(one, described, package))
        return json_response({"data": data})

    on = [f"{one.proposal.id} {one.proposal.state}" for one in pending]
    return depending([described.fingerprint, *on], make)


def _shown(one: Pending, resource: Resource, package: Package) -> dict[str, Any]:
    operation = public(one.operation, package)
    cells = operation.get("new") or operation.get("row") or {}
    return {
        "proposal": one.proposal.id,
        "state": one.proposal.state,
        "op": operation["op"],
        "fields": [name for name in cells if name in resource.schema.by_name],
        "url": proposal_page(one.proposal),
    }

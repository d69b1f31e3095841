"""What changed in a resource between two revisions."""

from __future__ import annotations

from flask import Blueprint, Response, request

from retouche.core.errors import Malformed
from retouche.services.patches import public, to_wire
from retouche.web.api.tables import RESOURCE
from retouche.web.caching import FOLLOW, FOREVER, json_response
from retouche.web.context import dataset, only_parameters, services

blueprint = Blueprint("api_history", __name__)


@blueprint.get(f"{RESOURCE}/diff")
def show_diff(name: str, resource: str) -> Response:
    only_parameters("from", "to")
    found = dataset(name)
    sides = []
    for side in ("from", "to"):
        text = request.args.get(side)
        if not text and side == "from":
            raise Malformed("parameter_needed", pointer=side, parameter=side)
        sides.append(found.at(text or None))
    start, end = sides
    difference = services().history.diff(found, start.commit, end.commit, resource)
    package = end.package if resource in end.package.resources else start.package
    response = json_response(
        {
            "operations": [public(to_wire(one, package), package) for one in difference.operations],
            "fields_added": list(difference.fields_added),
            "fields_removed": list(difference.fields_removed),
            "meta": {
                "from": start.commit,
                "to": end.commit,
                "resource": resource,
                **difference.counts,
            },
        }
    )
    response.add_etag()
    pinned = start.pinned and end.pinned
    response.headers["Cache-Control"] = FOREVER if pinned else FOLLOW
    response.make_conditional(request)
    return response

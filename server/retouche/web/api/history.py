"""What changed in a resource between two revisions."""

from __future__ import annotations

from flask import Blueprint, Response, request

from retouche.core.errors import Malformed
from retouche.services.patches import public, to_wire
from retouche.web.api.tables import RESOURCE
from retouche.web.caching import depending, json_response
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

    def make() -> Response:
        difference = services().history.diff(found, start.commit, end.commit, resource)
        package = end.package if resource in end.package.resources else start.package
        return json_response(
            {
                # What either side calls personal is shown of neither.
                "operations": [
                    public(public(to_wire(one, package), start.package), end.package)
                    for one in difference.operations
                ],
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

    return depending([start.commit, end.commit], make, pinned=start.pinned and end.pinned)

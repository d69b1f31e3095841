"""One row at its permanent address, and its history."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from retouche.core.keys import format_key
from retouche.core.operations import Key
from retouche.ports import Confirmations
from retouche.services.datasets import DatasetRevision
from retouche.web.api.tables import RESOURCE
from retouche.web.caching import conditional, depending, json_response
from retouche.web.context import (
    at_revision,
    base_url,
    only_parameters,
    proposal_page,
    revision,
    services,
)
from retouche.web.problems import named_key

blueprint = Blueprint("api_rows", __name__)


@blueprint.get(f"{RESOURCE}/rows/<key:key>")
def show_row(name: str, resource: str, key: Key) -> Response:
    only_parameters("revision")
    found = revision(name)
    described = found.package.resource(resource)

    # What is said of a row changes without the commit; an answer at a commit leaves it out.
    said = {} if found.pinned else _said(found, resource, key)

    def make() -> Response:
        snapshot = services().derived.snapshot(found, resource)
        cells = snapshot.cells(snapshot.index.find(key))
        address = f"{base_url()}/api/v1/datasets/{name}/resources/{resource}/rows/{format_key(key)}"
        at = at_revision()
        body: dict[str, Any] = {
            "data": cells,
            "revision": found.commit,
            "key": named_key(resource, key, found.package),
            "label": described.row_label(cells, key),
            "links": {
                "self": f"{address}{at}",
                "history": f"{address}/history{at}",
                "permanent": f"{address}?revision={found.commit}",
                "page": f"{base_url()}/{name}/{resource}/{format_key(key)}{at}",
            },
        }
        return json_response(body | said)

    if found.pinned:
        return conditional(found, make)
    return depending([found.commit, repr(said)], make)


def _said(found: DatasetRevision, resource: str, key: Key) -> dict[str, Any]:
    """What is pending on a row, and how often it was confirmed."""
    pending = services().proposals.touching(found.dataset, resource, key)
    confirmations = services().voices.confirmations(found.dataset, resource, key)
    return {
        "proposals": [
            {"id": one.id, "state": one.state, "url": proposal_page(one)} for one in pending
        ],
        "confirmations": counted(confirmations),
    }


def counted(confirmations: Confirmations) -> dict[str, Any]:
    """How often a row was confirmed, and when last."""
    last = confirmations.last
    return {"count": confirmations.count, "last": last.isoformat() if last else None}


@blueprint.get(f"{RESOURCE}/rows/<key:key>/history")
def show_history(name: str, resource: str, key: Key) -> Response:
    only_parameters("revision")
    found = revision(name)
    found.package.resource(resource)

    def make() -> Response:
        changes = services().history.row(found.dataset, found.commit, resource, key)
        if not changes:
            found.snapshot(resource).index.find(key)  # tells an unknown key from a silent one
        data = [
            {
                "revision": one.revision.id,
                "time": one.revision.time.isoformat(),
                "proposal": one.revision.proposal,
                "op": one.op,
                "cells": {
                    field: {"old": old, "new": new} for field, (old, new) in one.cells.items()
                },
            }
            for one in changes
        ]
        meta = {"total": len(data), "revision": found.commit}
        return json_response({"data": data, "meta": meta})

    return conditional(found, make)

"""The datasets of the server, and the descriptor of one of them at a revision."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from retouche.core.errors import ForgeUnavailable, RetoucheError
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.web.api.terms import asked_at
from retouche.web.caching import conditional, depending, json_response, passing
from retouche.web.context import (
    at_revision,
    base_url,
    clone_address,
    dataset,
    only_parameters,
    page,
    page_links,
    page_size,
    revision,
    services,
)
from retouche.web.language import locale
from retouche.web.notices import Notice, notice

blueprint = Blueprint("api_datasets", __name__)


@blueprint.get("/datasets")
def list_datasets() -> Response:
    present = {one.name: _readable(one) for one in services().catalogue}

    def make() -> Response:
        data = [
            {
                "name": name,
                "title": found.package.title(locale()) if found else name,
                "links": {
                    "self": f"{base_url()}/api/v1/datasets/{name}",
                    "page": f"{base_url()}/{name}",
                },
            }
            for name, found in present.items()
        ]
        return json_response({"data": data})

    commits = [found.commit if found else "" for found in present.values()]
    return depending(commits, make, localised=True)


def _readable(one: Dataset) -> DatasetRevision | None:
    try:
        return one.at()
    except RetoucheError:  # one broken dataset must not hide the others
        return None


@blueprint.get("/datasets/<name>")
def show_dataset(name: str) -> Response:
    only_parameters("revision")
    found = revision(name)
    if "revision" in request.args:
        return conditional(found, lambda: json_response(describe_dataset(found)))
    told = notice(found.dataset) if found.dataset.remote is not None else None

    def make() -> Response:
        return json_response({**describe_dataset(found, told), "contributions": asked_at(found)})

    if found.dataset.remote is None:
        return conditional(found, make)
    on = (found.commit, told.tag if told else "")  # not kept: a notice comes without a commit
    return depending(on, make, localised=told is not None)


def describe_dataset(found: DatasetRevision, told: Notice | None = None) -> dict[str, Any]:
    """The package descriptor with what a reader needs to go on from there."""
    name = found.dataset.name
    api, at = f"{base_url()}/api/v1/datasets/{name}", at_revision()
    return {
        **found.package.descriptor,
        "name": name,
        "revision": found.commit,
        "resources": [
            {
                **one.descriptor,
                "row_count": row_count(found, one.name),
                "editable": one.editable,
                "links": {
                    "self": f"{api}/resources/{one.name}{at}",
                    "rows": f"{api}/resources/{one.name}/rows{at}",
                    "csv": f"{api}/resources/{one.name}/data.csv{at}",
                },
            }
            for one in found.package.resources.values()
        ],
        "widgets": sorted(found.widgets()),
        "exports": {
            mapping: f"{api}/exports/{mapping}.csv{at}"
            for mapping in sorted(found.package.extension.get("mappings") or ())
        },
        "links": {
            "self": f"{api}{at}",
            "page": f"{base_url()}/{name}{at}",
            "revisions": f"{api}/revisions{at}",
            "proposals": f"{api}/proposals",
            "challenge": f"{api}/challenge",
            "widgets": f"{api}/widgets{at}",
            "clone": clone_address(name),
        },
        **({"notice": _described(told)} if told else {}),
    }


def _described(told: Notice) -> dict[str, str | None]:
    return {"code": told.code, "detail": told.sentence, "held": told.held}


def row_count(found: DatasetRevision, resource: str) -> int | None:
    """How many rows there are; None for a file that cannot be read."""
    try:
        return len(found.snapshot(resource))
    except ForgeUnavailable:
        passing()
        return None
    except RetoucheError:
        return None


@blueprint.get("/datasets/<name>/revisions")
def list_revisions(name: str) -> Response:
    only_parameters("revision", "page", "page_size")
    found = revision(name)

    def make() -> Response:
        views, total = services().history.revisions(
            dataset(name), found.commit, page=page(), page_size=page_size()
        )
        data = [
            {
                "id": view.revision.id,
                "time": view.revision.time.isoformat(),
                "message": view.revision.message,
                "proposal": view.revision.proposal,
                "changes": {
                    resource: {
                        "inserted": counts.inserted,
                        "updated": counts.updated,
                        "deleted": counts.deleted,
                    }
                    for resource, counts in view.changes.items()
                },
                "unreadable": list(view.faults),
            }
            for view in views
        ]
        meta = {"page": page(), "page_size": page_size(), "total": total, "revision": found.commit}
        return json_response({"data": data, "meta": meta, "links": page_links(total)})

    return conditional(found, make)

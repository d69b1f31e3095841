"""Widget descriptors, with everything an element needs resolved."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from retouche.services.datasets import DatasetRevision
from retouche.web.caching import conditional, json_response
from retouche.web.context import at_revision, base_url, only_parameters, revision

blueprint = Blueprint("api_widgets", __name__)


@blueprint.get("/datasets/<name>/widgets")
def list_widgets(name: str) -> Response:
    only_parameters("revision")
    found = revision(name)

    def make() -> Response:
        data = [resolved(found, widget) for widget in found.widgets().values()]
        return json_response({"data": data, "meta": {"revision": found.commit}})

    return conditional(found, make)


@blueprint.get("/datasets/<name>/widgets/<widget>")
def show_widget(name: str, widget: str) -> Response:
    only_parameters("revision")
    found = revision(name)
    return conditional(found, lambda: json_response(resolved(found, found.widget(widget))))


def resolved(found: DatasetRevision, widget: dict[str, Any]) -> dict[str, Any]:
    """A descriptor with the schemas, addresses and revision of the resources it shows."""
    api = f"{base_url()}/api/v1/datasets/{found.dataset.name}"
    named = sorted(_resources(widget) & set(found.package.resources))
    here, at = at_revision(), f"?revision={found.commit}"
    return {
        **widget,
        "dataset": found.dataset.name,
        "revision": found.commit,
        "resources": {
            one: {
                "title": found.package.resource(one).extension.get("title")
                or found.package.resource(one).title("fr"),
                "schema": found.package.resource(one).schema.descriptor,
                "editable": found.package.resource(one).editable,
                "label": found.package.resource(one).extension.get("label"),
                "geo": found.package.resource(one).geo,
                "links": {
                    "rows": f"{api}/resources/{one}/rows{here}",
                    "facets": f"{api}/resources/{one}/facets{here}",
                    "aggregate": f"{api}/resources/{one}/aggregate{here}",
                    "csv": f"{api}/resources/{one}/data.csv{here}",
                    "permanent_csv": f"{api}/resources/{one}/data.csv{at}",
                },
            }
            for one in named
        },
        "links": {
            "self": f"{api}/widgets/{widget['name']}{here}",
            "dataset": f"{api}{here}",
            "proposals": f"{api}/proposals",
            "validate": f"{api}/validate",
        },
    }


def _resources(value: Any) -> set[str]:
    """Every resource a descriptor names, at any depth."""
    found: set[str] = set()
    stack = [value]
    while stack:
        one = stack.pop()
        if isinstance(one, dict):
            if isinstance(one.get("resource"), str):
                found.add(one["resource"])
            stack += one.values()
        elif isinstance(one, list):
            stack += one
    return found

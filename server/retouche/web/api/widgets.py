"""Widget descriptors, with everything an element needs resolved, and the outlines of their maps."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from retouche.core.errors import NotFound, TooLarge
from retouche.core.mapping import titles_of
from retouche.core.package import Resource
from retouche.services.datasets import DatasetRevision
from retouche.services.exports import formats_of
from retouche.services.widget_checks import LARGEST_OUTLINES, OUTLINES_NAME, outlines_in
from retouche.services.widgets import resources_of, with_outlines
from retouche.web.api.datasets import row_count
from retouche.web.caching import conditional, depending, json_response
from retouche.web.context import at_revision, base_url, only_parameters, revision, services
from retouche.web.previewing import looked_at, preview_part

blueprint = Blueprint("api_widgets", __name__)


@blueprint.get("/datasets/<name>/widgets")
def list_widgets(name: str) -> Response:
    only_parameters("revision")
    found = revision(name)

    def make() -> Response:
        data = [resolved(found, widget) for widget in found.widgets().values()]
        meta = {"revision": found.commit, "unusable": found.unusable_widgets()}
        return json_response({"data": data, "meta": meta})

    return conditional(found, make)


@blueprint.get("/datasets/<name>/widgets/<widget>")
def show_widget(name: str, widget: str) -> Response:
    only_parameters("revision")
    found = revision(name)
    looked = looked_at(found, request.args.get("revision"))
    if looked is None:
        return conditional(found, lambda: json_response(resolved(found, found.widget(widget))))

    def make() -> Response:
        told = resolved(found, found.widget(widget))
        told["preview"] = preview_part(found, looked, widget, told["resources"])
        return json_response(told)

    # What is told of the proposal changes without its commit, and the commit when it is re-made.
    return depending([found.commit, looked.before, looked.stamp], make)


@blueprint.get("/datasets/<name>/outlines/<outlines>.geojson")
def show_outlines(name: str, outlines: str) -> Response:
    only_parameters("revision")
    found = revision(name)
    path = f"{outlines}.geojson"
    if not OUTLINES_NAME.fullmatch(outlines):
        raise NotFound("unknown_file", path=f"outlines/{path}"[:200], revision=found.commit)

    def make() -> Response:
        data = found.outlines(path)
        if len(data) > LARGEST_OUTLINES:
            raise TooLarge(
                "file_too_large",
                path=f"outlines/{path}",
                size=len(data),
                limit=LARGEST_OUTLINES,
            )
        response = Response(data, content_type="application/geo+json")
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response

    return conditional(found, make)


def resolved(found: DatasetRevision, widget: dict[str, Any]) -> dict[str, Any]:
    """A descriptor with the schemas, addresses and revision of the resources it shows."""
    api = f"{base_url()}/api/v1/datasets/{found.dataset.name}"
    outlines = f"{api}/outlines"
    settings = services().settings
    return {
        **with_outlines(widget, f"{outlines}/{{}}{at_revision()}"),
        "dataset": found.dataset.name,
        "revision": found.commit,
        "resources": {
            name: {
                **told,
                "row_count": row_count(found, name),
                "exports": [
                    {"title": title, "url": f"{api}/exports/{one}.csv{at_revision()}"}
                    for one, title in titles_of(found.package, name).items()
                ],
                "links": _resource_links(found, found.package.resources[name], api),
            }
            for name, told in resources_of(found.package, widget).items()
        },
        "groups": found.package.extension.get("groups") or {},
        "links": {
            **_links(found, widget["name"], api),
            **({"outlines": outlines} if any(outlines_in(widget)) else {}),
        },
        "limits": {"operations": settings.max_operations, "body": settings.max_body},
    }


def _links(found: DatasetRevision, widget: str, api: str) -> dict[str, str]:
    dataset, at = found.dataset.name, at_revision()
    return {
        "self": f"{api}/widgets/{widget}{at}",
        "dataset": f"{api}{at}",
        "proposals": f"{api}/proposals",
        "validate": f"{api}/validate",
        "challenge": f"{api}/challenge",
        "embed": f"{base_url()}/embed/{dataset}/{widget}{at}",
        "page": f"{base_url()}/{dataset}{at}",
        "personal_data": f"{base_url()}/{dataset}/personal-data",
        "script": f"{base_url()}/widgets.js",
    }


def _resource_links(found: DatasetRevision, resource: Resource, api: str) -> dict[str, str]:
    """Where a resource is read and corrected. What is pending on it has no revision."""
    address, at = f"{api}/resources/{resource.name}", at_revision()
    return {
        "rows": f"{address}/rows{at}",
        "facets": f"{address}/facets{at}",
        "aggregate": f"{address}/aggregate{at}",
        **{kind: f"{address}/data.{kind}{at}" for kind in formats_of(resource)},
        "permanent_csv": f"{address}/data.csv?revision={found.commit}",
        "pending": f"{address}/pending",
        "comparison": f"{address}/comparison",
        "page": f"{base_url()}/{found.dataset.name}/{resource.name}",
    }

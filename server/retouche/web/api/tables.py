"""A resource: its schema, its rows under filters, facets, aggregates and downloads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, request

from retouche.core.errors import Malformed, NotFound, UnknownField
from retouche.core.reading.query import Query
from retouche.core.reading.selection import counted_facets, page, records, select
from retouche.core.reading.snapshot import Snapshot
from retouche.services import exports
from retouche.services.datasets import DatasetRevision
from retouche.services.summaries import OPERATIONS, aggregate
from retouche.web.caching import conditional, json_response
from retouche.web.context import (
    at_revision,
    base_url,
    only_parameters,
    page_links,
    revision,
    services,
)
from retouche.web.language import locale

blueprint = Blueprint("api_tables", __name__)
RESOURCE = "/datasets/<name>/resources/<resource>"
OURS = frozenset({"revision", "lang"})
"""Parameters that are not part of a query on rows."""
MOST_VALUES = 1_000
"""Values that a facet lists; the field of a key would list as many as there are rows."""


@blueprint.get(RESOURCE)
def show_resource(name: str, resource: str) -> Response:
    only_parameters("revision")
    found = revision(name)
    described = found.package.resource(resource)

    def make() -> Response:
        snapshot = services().derived.snapshot(found, resource)
        at = at_revision()
        api = f"{base_url()}/api/v1/datasets/{name}/resources/{resource}"
        return json_response(
            {
                "name": resource,
                "title": described.title(locale()),
                "path": described.path,
                "schema": described.schema.descriptor,
                "dialect": {
                    "delimiter": described.dialect.delimiter,
                    "quoteChar": described.dialect.quote,
                },
                "encoding": described.dialect.encoding,
                "row_count": len(snapshot),
                "editable": described.editable,
                "revision": found.commit,
                "links": {
                    "self": f"{api}{at}",
                    "rows": f"{api}/rows{at}",
                    **{kind: f"{api}/data.{kind}{at}" for kind in DOWNLOADS},
                },
            }
        )

    return conditional(found, make, localised=True)


@blueprint.get(f"{RESOURCE}/rows")
def list_rows(name: str, resource: str) -> Response:
    found = revision(name)
    found.package.resource(resource)

    def make() -> Response:
        snapshot = services().derived.snapshot(found, resource)
        query = read_query(snapshot)
        selection = page(snapshot, query)
        rows = list(records(snapshot, selection, columns=query.columns))
        meta = {
            "page": query.page,
            "page_size": query.page_size,
            "total": selection.total,
            "revision": found.commit,
        }
        links = page_links(selection.total)
        return json_response({"data": rows, "meta": meta, "links": links})

    return conditional(found, make)


@blueprint.get(f"{RESOURCE}/facets")
def list_facets(name: str, resource: str) -> Response:
    found = revision(name)
    found.package.resource(resource)

    def make() -> Response:
        snapshot = services().derived.snapshot(found, resource)
        names = request.args.getlist("field")
        if not names:
            raise Malformed("parameter_needed", pointer="field", parameter="field")
        check_fields(snapshot, names, parameter="field")
        query = read_query(snapshot, besides=("field",))
        total, counted = counted_facets(snapshot, query, names, limit=MOST_VALUES)
        meta = {"total": total, "revision": found.commit}
        return json_response({"data": counted, "meta": meta})

    return conditional(found, make)


@blueprint.get(f"{RESOURCE}/aggregate")
def show_aggregate(name: str, resource: str) -> Response:
    found = revision(name)
    found.package.resource(resource)

    def make() -> Response:
        snapshot = services().derived.snapshot(found, resource)
        query = read_query(snapshot, besides=("by", *OPERATIONS))
        by = [one for text in request.args.getlist("by") for one in text.split(",") if one]
        measures = [
            (operator, field)
            for operator in OPERATIONS
            for text in request.args.getlist(operator)
            for field in text.split(",")
            if field
        ]
        check_fields(snapshot, by, parameter="by")
        for operator, field in measures:
            check_fields(snapshot, [field], parameter=operator)
        positions = select(snapshot, query).positions
        data = aggregate(snapshot, positions, by=by, measures=measures)
        return json_response({"data": data, "meta": {"revision": found.commit}})

    return conditional(found, make)


@blueprint.get(f"{RESOURCE}/data.<kind>")
def download(name: str, resource: str, kind: str) -> Response:
    found = revision(name)
    described = found.package.resource(resource)
    if kind not in DOWNLOADS:
        raise NotFound("unknown_format", format=kind[:20], known=", ".join(DOWNLOADS))

    def make() -> Response:
        snapshot = services().derived.snapshot(found, resource)
        query = read_query(snapshot, besides=OPTIONS.get(kind, ()))
        media, body = DOWNLOADS[kind](found, snapshot, query)
        response = Response(body, content_type=media)
        if isinstance(body, exports.Stored):
            response.content_length = len(body)
        # Contributed text must never run as a page of ours (CKAN's stored XSS came that way).
        response.headers["Content-Disposition"] = f'attachment; filename="{described.name}.{kind}"'
        response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
        return response

    return conditional(found, make, localised=kind in LABELLED)


def check_fields(snapshot: Snapshot, names: list[str], *, parameter: str) -> None:
    """Raise `UnknownField` that points at the parameter which names the field."""
    try:
        snapshot.check(names)
    except UnknownField as error:
        error.pointer = parameter
        raise


def read_query(snapshot: Snapshot, *, besides: tuple[str, ...] = ()) -> Query:
    """The query on rows in the address. Raises `Malformed` and its kin."""
    ignored = {*OURS, *besides}
    return Query.parse(request.args.items(multi=True), snapshot.fields, ignored=ignored)


Download = Callable[[DatasetRevision, Snapshot, Query], tuple[str, Any]]


def _csv(found: DatasetRevision, snapshot: Snapshot, query: Query) -> tuple[str, Any]:
    resource = snapshot.resource
    spreadsheet, computed = "spreadsheet" in request.args, _asked("computed", default=False)
    hidden = any(one.personal for one in resource.schema.fields)
    if not (hidden or spreadsheet or computed) and query == Query():
        stored = exports.Stored(found.data(resource.name))
        return f"text/csv; charset={resource.dialect.encoding}", stored
    selection = select(snapshot, query)
    if not computed and query.columns is None:
        # What is asked for is the file, of which computed columns are no part.
        snapshot = found.snapshot(resource.name)
    body = exports.to_csv(snapshot, selection, columns=query.columns, spreadsheet=spreadsheet)
    return "text/csv; charset=utf-8", body


def _json(_: DatasetRevision, snapshot: Snapshot, query: Query) -> tuple[str, Any]:
    body = exports.to_json(snapshot, select(snapshot, query), columns=query.columns)
    return "application/json", body


def _geojson(_: DatasetRevision, snapshot: Snapshot, query: Query) -> tuple[str, Any]:
    body = exports.to_geojson(
        snapshot,
        select(snapshot, query),
        columns=query.columns,
        labels=locale() if _asked("labels", default=False) else None,
    )
    return "application/geo+json", body


def _xlsx(_: DatasetRevision, snapshot: Snapshot, query: Query) -> tuple[str, Any]:
    media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    selection, legend = select(snapshot, query), _asked("labels", default=True)
    body = exports.to_xlsx(
        snapshot, selection, locale=locale(), columns=query.columns, legend=legend
    )
    return media, body


def _parquet(found: DatasetRevision, snapshot: Snapshot, query: Query) -> tuple[str, Any]:
    about = {
        "dataset": found.dataset.name,
        "resource": snapshot.resource.name,
        "revision": found.commit,
        "licenses": found.package.descriptor.get("licenses") or [],
    }
    selection = select(snapshot, query)
    body = exports.to_parquet(snapshot, selection, columns=query.columns, about=about)
    return "application/vnd.apache.parquet", body


def _asked(parameter: str, *, default: bool) -> bool:
    """Whether a parameter of a download is 1 or 0."""
    given = request.args.get(parameter)
    if given not in (None, "0", "1"):
        raise Malformed("bad_choice", pointer=parameter, parameter=parameter, allowed=["0", "1"])
    return default if given is None else given == "1"


DOWNLOADS: dict[str, Download] = {
    "csv": _csv,
    "json": _json,
    "geojson": _geojson,
    "xlsx": _xlsx,
    "parquet": _parquet,
}
LABELLED = {"geojson": ("labels",), "xlsx": ("labels",)}
"""Downloads that can say what fields and values are called."""
OPTIONS = {"csv": ("spreadsheet", "computed"), **LABELLED}
"""Parameters of downloads beside the query."""

"""The calls that read datasets, tables and rows, and what is said of rows without a change."""

from __future__ import annotations

from retouche.web.openapi.calls import (
    API,
    DATASET,
    READ,
    RESOURCE,
    call,
    file,
    get,
    ref,
)
from retouche.web.openapi.components import FILTERS, Json, query

DOWNLOADS = {
    "csv": "text/csv",
    "json": "application/json",
    "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
MAPPED = {"csv": "text/csv", "json": "application/json"}


def reading() -> Json:
    named = [ref("dataset"), ref("revision")]
    return {
        f"{API}/openapi.json": get("openapi", "This document", answer="object", errors=()),
        f"{API}/datasets": get("list_datasets", "The datasets", answer="datasets", errors=()),
        DATASET: get("show_dataset", "A dataset at a revision", named, answer="dataset"),
        f"{DATASET}/revisions": get(
            "list_revisions",
            "Its commits, newest first, with the rows each changed",
            [*named, ref("page"), ref("page_size")],
            answer="revisions",
        ),
        f"{DATASET}/widgets": get("list_widgets", "Its widgets", named, answer="shown_widgets"),
        f"{DATASET}/widgets/{{widget}}": get(
            "show_widget", "A widget, resolved", [*named, ref("widget")], answer="shown_widget"
        ),
        f"{DATASET}/outlines/{{outlines}}.geojson": file(
            "show_outlines",
            "Areas that maps are drawn on",
            "application/geo+json",
            [*named, ref("outlines")],
            errors=(*READ, 413),
        ),
        **{
            f"{DATASET}/exports/{{mapping}}.{kind}": file(
                f"export_{kind}",
                f"Rows as a standard that the dataset declares has them, as {kind}",
                media,
                [*named, ref("mapping")],
                errors=READ,
            )
            for kind, media in MAPPED.items()
        },
    }


def tables() -> Json:
    named = [ref("dataset"), ref("resource"), ref("revision")]
    paged = [ref("page"), ref("page_size"), ref("columns"), *filters()]
    measures = [
        query(one, f"Fields to give the {one} of", {"type": "array", "items": {"type": "string"}})
        for one in ("sum", "mean", "min", "max")
    ]
    several = {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 20}
    return {
        RESOURCE: get("show_resource", "A resource and its schema", named, answer="resource"),
        f"{RESOURCE}/rows": get(
            "list_rows",
            "Its rows, filtered, sorted and paged",
            [*named, *paged],
            answer="rows",
            description=FILTERS,
        ),
        f"{RESOURCE}/facets": get(
            "list_facets",
            "How many rows have each value of some fields",
            [*named, query("field", "Fields to count", several, required=True), *filters()],
            answer="facets",
        ),
        f"{RESOURCE}/aggregate": get(
            "show_aggregate",
            "Counts and figures by up to two fields",
            [*named, query("by", "Fields to group by", several), *measures, *filters()],
            answer="list",
        ),
        f"{RESOURCE}/diff": get(
            "show_diff",
            "What changed between two revisions",
            [
                *named[:2],
                query("from", "A revision", {"type": "string", "minLength": 1}, required=True),
                query("to", "A revision; the published one if left out", {"type": "string"}),
            ],
            answer="diff",
        ),
        f"{RESOURCE}/comparison": comparison(named[:2]),
        **{
            f"{RESOURCE}/data.{kind}": download(kind, media, [*named, *filters()])
            for kind, media in DOWNLOADS.items()
        },
    }


def rows() -> Json:
    named = [ref("dataset"), ref("resource"), ref("key"), ref("revision")]
    keys = {"type": "array", "items": {"type": "string", "minLength": 1}}
    return {
        f"{RESOURCE}/rows/{{key}}": get("show_row", "One row", named, answer="row"),
        f"{RESOURCE}/rows/{{key}}/history": get(
            "show_row_history", "Its changes, newest first", named, answer="history"
        ),
        f"{RESOURCE}/rows/{{key}}/confirmations": said(
            "confirm",
            "Say that the row is still correct",
            "confirmation",
            answer="confirmations",
            body_required=False,
        ),
        f"{RESOURCE}/rows/{{key}}/remarks": said(
            "remark", "Leave a comment for the reviewers", "remark", answer="remark_receipt"
        ),
        f"{RESOURCE}/pending": get(
            "list_pending",
            "Proposals that wait for a decision, by row",
            [*named[:2], query("key", "Only these rows", keys)],
            answer="pending",
            errors=(*READ, 413),
        ),
    }


def said(name: str, summary: str, body: str, *, answer: str, body_required: bool = True) -> Json:
    """What people say of a row without changing it."""
    operation = call(
        name,
        summary,
        [ref("dataset"), ref("resource"), ref("key"), ref("idempotency_key")],
        body=body,
        body_required=body_required,
        answers={"201": answer},
        errors=(400, 403, 404, 413, 415, 422, 429, 503, 507),
    )
    return {"post": operation}


def download(kind: str, media: str, parameters: list[Json]) -> Json:
    if kind in ("geojson", "xlsx"):
        meant = "What fields and values are called: as properties, or in a sheet of its own"
        parameters = [*parameters, query("labels", meant, {"enum": ["0", "1"]})]
    if kind == "csv":
        meant = "With computed columns: not the file itself, which may lack them"
        parameters = [*parameters, query("computed", meant, {"enum": ["0", "1"]})]
    errors = (*READ, 415) if kind == "parquet" else READ
    return file(f"download_{kind}", f"Download as {kind}", media, parameters, errors=errors)


def comparison(parameters: list[Json]) -> Json:
    absent = query("absent", "What rows that the copy lacks become", {"enum": ["keep", "delete"]})
    operation = call(
        "compare",
        "What a corrected copy of the file would change; nothing is written",
        [*parameters, absent],
        answers={"200": "comparison"},
        errors=(400, 404, 408, 413, 415, 422, 429, 503),
    )
    file: Json = {"type": "string", "contentMediaType": "application/octet-stream"}
    form = {"type": "object", "required": ["file"], "properties": {"file": file}}
    operation["requestBody"] = {
        "required": True,
        "content": {
            "text/csv": {},
            DOWNLOADS["xlsx"]: {},
            "multipart/form-data": {"schema": form},
        },
    }
    return {"post": operation}


def filters() -> list[Json]:
    return [ref("q"), ref("near"), ref("radius"), ref("bbox"), ref("filters")]

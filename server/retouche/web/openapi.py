"""The OpenAPI 3.1 document, quoting the formats that the server itself checks with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retouche import __version__
from retouche.formats import schema
from retouche.web.answers import SCHEMAS

Json = dict[str, Any]
API = "/api/v1"
DATASET = f"{API}/datasets/{{dataset}}"
RESOURCE = f"{DATASET}/resources/{{resource}}"
PROPOSAL = f"{DATASET}/proposals/{{proposal}}"
FORMATS = (
    "proposal",
    "acceptance",
    "rejection",
    "withdrawal",
    "confirmation",
    "remark",
    "problem",
    "widget",
)
DOWNLOADS = {
    "csv": "text/csv",
    "json": "application/json",
    "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
DEGREES = r"-?[0-9]{1,2}(\.[0-9]+)?"
LIMITS = frozenset({"maxLength", "maxItems", "maxProperties"})
READ = (400, 404, 422, 503)


def document() -> Json:
    """The whole document; `GET /api/v1/openapi.json` and `retouche openapi` give it."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Retouche",
            "version": __version__,
            "license": {"name": "MIT", "identifier": "MIT"},
            "description": (
                "Read versioned open data and propose corrections to it. Answers at a full "
                "commit id never change. Errors are RFC 9457 problems with a stable `code`."
            ),
        },
        "paths": {**_datasets(), **_tables(), **_rows(), **_proposals(), **_decisions()},
        "components": {
            "schemas": {**{name: _component(name) for name in FORMATS}, **SCHEMAS},
            "securitySchemes": {
                "reviewer": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "retouche"},
            },
            "parameters": _parameters(),
        },
    }


def _datasets() -> Json:
    named = [_ref("dataset"), _ref("revision")]
    return {
        f"{API}/openapi.json": _get("openapi", "This document", answer="object", errors=()),
        f"{API}/datasets": _get("list_datasets", "The datasets", answer="datasets", errors=()),
        DATASET: _get("show_dataset", "A dataset at a revision", named, answer="dataset"),
        f"{DATASET}/revisions": _get(
            "list_revisions",
            "Its commits, newest first, with the rows each changed",
            [*named, _ref("page"), _ref("page_size")],
            answer="revisions",
        ),
        f"{DATASET}/widgets": _get("list_widgets", "Its widgets", named, answer="shown_widgets"),
        f"{DATASET}/widgets/{{widget}}": _get(
            "show_widget", "A widget, resolved", [*named, _ref("widget")], answer="shown_widget"
        ),
        f"{DATASET}/outlines/{{outlines}}.geojson": _file(
            "show_outlines",
            "Areas that maps are drawn on",
            "application/geo+json",
            [*named, _ref("outlines")],
            errors=(*READ, 413),
        ),
    }


def _tables() -> Json:
    named = [_ref("dataset"), _ref("resource"), _ref("revision")]
    paged = [_ref("page"), _ref("page_size"), _ref("columns"), *_filters()]
    measures = [
        _query(one, f"Fields to give the {one} of", {"type": "array", "items": {"type": "string"}})
        for one in ("sum", "mean", "min", "max")
    ]
    several = {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 20}
    return {
        RESOURCE: _get("show_resource", "A resource and its schema", named, answer="resource"),
        f"{RESOURCE}/rows": _get(
            "list_rows",
            "Its rows, filtered, sorted and paged",
            [*named, *paged],
            answer="rows",
            description=FILTERS,
        ),
        f"{RESOURCE}/facets": _get(
            "list_facets",
            "How many rows have each value of some fields",
            [*named, _query("field", "Fields to count", several, required=True), *_filters()],
            answer="facets",
        ),
        f"{RESOURCE}/aggregate": _get(
            "show_aggregate",
            "Counts and figures by up to two fields",
            [*named, _query("by", "Fields to group by", several), *measures, *_filters()],
            answer="list",
        ),
        f"{RESOURCE}/diff": _get(
            "show_diff",
            "What changed between two revisions",
            [
                *named[:2],
                _query("from", "A revision", {"type": "string", "minLength": 1}, required=True),
                _query("to", "A revision; the published one if left out", {"type": "string"}),
            ],
            answer="diff",
        ),
        f"{RESOURCE}/comparison": _comparison(named[:2]),
        **{
            f"{RESOURCE}/data.{kind}": _download(kind, media, [*named, *_filters()])
            for kind, media in DOWNLOADS.items()
        },
    }


def _rows() -> Json:
    named = [_ref("dataset"), _ref("resource"), _ref("key"), _ref("revision")]
    keys = {"type": "array", "items": {"type": "string", "minLength": 1}}
    return {
        f"{RESOURCE}/rows/{{key}}": _get("show_row", "One row", named, answer="row"),
        f"{RESOURCE}/rows/{{key}}/history": _get(
            "show_row_history", "Its changes, newest first", named, answer="history"
        ),
        f"{RESOURCE}/rows/{{key}}/confirmations": _said(
            "confirm",
            "Say that the row is still correct",
            "confirmation",
            answer="confirmations",
            body_required=False,
        ),
        f"{RESOURCE}/rows/{{key}}/remarks": _said(
            "remark", "Leave a comment for the reviewers", "remark", answer="remark_receipt"
        ),
        f"{RESOURCE}/pending": _get(
            "list_pending",
            "Proposals that wait for a decision, by row",
            [*named[:2], _query("key", "Only these rows", keys)],
            answer="pending",
            errors=(*READ, 413),
        ),
    }


def _proposals() -> Json:
    named = [_ref("dataset")]
    one = [*named, _ref("proposal")]
    states = {
        "type": "array",
        "items": {"enum": ["queued", "open", "accepted", "rejected", "withdrawn"]},
    }
    refusals = (400, 404, 409, 413, 415, 422, 429, 503, 507)
    return {
        f"{DATASET}/validate": {
            "post": _operation(
                "validate",
                "Check a proposal; nothing is written",
                named,
                body="proposal",
                answers={"200": "verdict"},
                errors=refusals,
            )
        },
        f"{DATASET}/proposals": {
            **_get(
                "list_proposals",
                "Proposals, newest first",
                [
                    *named,
                    _query("state", "Only these states", states),
                    _ref("page"),
                    _ref("page_size"),
                ],
                answer="proposals",
            ),
            "post": _operation(
                "submit",
                "Propose a correction",
                [*named, _ref("idempotency_key")],
                body="proposal",
                answers={"201": "receipt", "202": "receipt"},
                errors=refusals,
            ),
        },
        PROPOSAL: _get("show_proposal", "A proposal", one, answer="proposal_summary"),
        f"{PROPOSAL}/diff": _get(
            "show_proposal_diff", "What it changes, and what clashes", one, answer="proposal_diff"
        ),
        f"{PROPOSAL}/withdraw": {
            "post": _operation(
                "withdraw",
                "Take it back, with the secret of the follow-up link",
                one,
                body="withdrawal",
                body_required=False,
                answers={"200": "proposal_summary"},
                errors=(400, 403, 404, 409, 413, 415, 503),
            )
        },
    }


def _decisions() -> Json:
    named = [_ref("dataset"), _ref("proposal")]
    paths: Json = {}
    for verb, body, errors in (
        ("accept", "acceptance", (400, 401, 403, 404, 409, 413, 415, 422, 503, 507)),
        ("reject", "rejection", (400, 401, 403, 404, 409, 413, 415, 503)),
    ):
        operation = _operation(
            verb,
            f"{verb.capitalize()} a proposal, as a reviewer",
            named,
            body=body,
            answers={"200": "proposal_summary"},
            errors=errors,
        )
        operation["security"] = [{"reviewer": []}, {"session": []}]
        paths[f"{PROPOSAL}/{verb}"] = {"post": operation}
    return paths


FILTERS = (
    "Filters are `field__operator=value`, with the operators exact, differs, contains, "
    "notcontains, in, notin, less, greater, strictly_less, strictly_greater, isnull, isnotnull; "
    "`field__sort=asc|desc` sorts. `less` and `greater` include equality, `in` and `notin` take "
    "commas, `contains` ignores case, `differs` and `notin` keep missing values; comparisons "
    "and order follow the field's type, missing values last."
)


def _filters() -> list[Json]:
    return [_ref("q"), _ref("near"), _ref("radius"), _ref("bbox"), _ref("filters")]


def _parameters() -> Json:
    def path(name: str, pattern: str) -> Json:
        return {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "string", "pattern": pattern},
        }

    text = {"type": "string"}
    slug = "^[a-z0-9][a-z0-9_.-]{0,62}$"
    return {
        "dataset": path("dataset", slug),
        "resource": path("resource", slug),
        "widget": path("widget", slug),
        "outlines": path("outlines", "^[a-z0-9_-][a-z0-9_.-]{0,99}$"),
        "proposal": path("proposal", "^[0-9a-f]{16}$"),
        "key": path("key", "^[^/]+$")
        | {"description": "Parts of the row key, percent-encoded, joined by commas."},
        "revision": _query("revision", "A full commit id, a branch, or proposal:{id}", text),
        "page": _query("page", "", {"type": "integer", "minimum": 1, "maximum": 10**15}),
        "page_size": _query("page_size", "", {"type": "integer", "minimum": 1, "maximum": 1000}),
        "columns": _query("columns", "Fields to give, joined by commas", text),
        "q": _query("q", "Words to find in any field, accents and case folded", text),
        "near": _query(
            "near",
            "lat,lon: adds _distance in metres and sorts by it",
            {"type": "string", "pattern": f"^{DEGREES},{DEGREES}$"},
        ),
        "radius": _query(
            "radius", "Metres around `near`", {"type": "number", "exclusiveMinimum": 0}
        ),
        "bbox": _query(
            "bbox",
            "west,south,east,north in degrees",
            {"type": "string", "pattern": f"^{DEGREES}(,{DEGREES}){{3}}$"},
        ),
        "filters": {
            "name": "filters",
            "in": "query",
            "style": "form",
            "explode": True,
            "description": FILTERS,
            "schema": {"type": "object", "additionalProperties": {"type": "string"}},
        },
        "idempotency_key": {
            "name": "Idempotency-Key",
            "in": "header",
            "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
        },
    }


def _get(
    name: str,
    summary: str,
    parameters: list[Json] | None = None,
    *,
    answer: str,
    errors: tuple[int, ...] = READ,
    description: str | None = None,
) -> Json:
    operation = _operation(name, summary, parameters or [], answers={"200": answer}, errors=errors)
    if description:
        operation["description"] = description
    return {"get": operation}


def _operation(
    name: str,
    summary: str,
    parameters: list[Json],
    *,
    answers: Mapping[str, str],
    errors: tuple[int, ...],
    body: str | None = None,
    body_required: bool = True,
) -> Json:
    operation: Json = {
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": {
            **{
                status: {"description": "OK", "content": _json(answer)}
                for status, answer in answers.items()
            },
            **{str(status): _problem() for status in errors},
            "414": {"description": "The address is longer than 8,190 characters"},
        },
    }
    if body:
        operation["requestBody"] = {"required": body_required, "content": _json(body)}
    return operation


def _said(name: str, summary: str, body: str, *, answer: str, body_required: bool = True) -> Json:
    """What people say of a row without changing it."""
    operation = _operation(
        name,
        summary,
        [_ref("dataset"), _ref("resource"), _ref("key"), _ref("idempotency_key")],
        body=body,
        body_required=body_required,
        answers={"201": answer},
        errors=(400, 404, 413, 415, 422, 429, 503, 507),
    )
    return {"post": operation}


def _download(kind: str, media: str, parameters: list[Json]) -> Json:
    return _file(f"download_{kind}", f"Download as {kind}", media, parameters, errors=READ)


def _file(
    name: str, summary: str, media: str, parameters: list[Json], *, errors: tuple[int, ...]
) -> Json:
    operation = _operation(name, summary, parameters, answers={}, errors=errors)
    operation["responses"]["200"] = {"description": "OK", "content": {media: {}}}
    return {"get": operation}


def _comparison(parameters: list[Json]) -> Json:
    absent = _query("absent", "What rows that the copy lacks become", {"enum": ["keep", "delete"]})
    operation = _operation(
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


def _problem() -> Json:
    reference = {"$ref": "#/components/schemas/problem"}
    return {
        "description": "A problem with a stable code",
        "content": {"application/problem+json": {"schema": reference}},
    }


def _json(name: str) -> Json:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}}


def _ref(name: str) -> Json:
    return {"$ref": f"#/components/parameters/{name}"}


def _query(name: str, description: str, value: Json, *, required: bool = False) -> Json:
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": description,
        "schema": value,
    }


def _component(name: str) -> Json:
    """A format as a component: its own definitions are addressed inside it.

    Limits are left out: what is over one has the right form, and is refused as too large.
    """
    loaded = {key: value for key, value in schema(name).items() if key not in ("$schema", "$id")}
    moved: Json = _moved(loaded, f"#/components/schemas/{name}")
    moved.setdefault("description", "Longer texts and lists than the limits are refused with 413.")
    if name == "proposal":
        # Where a dataset has one editable resource it may be left out; a client that always
        # names it is right everywhere.
        for form in moved["$defs"]["operation"]["allOf"]:
            form["then"]["required"].append("resource")
    return moved


def _moved(value: Any, root: str) -> Any:
    if isinstance(value, dict):
        return {
            key: one.replace("#/", f"{root}/", 1) if key == "$ref" else _moved(one, root)
            for key, one in value.items()
            if key not in LIMITS
        }
    if isinstance(value, list):
        return [_moved(one, root) for one in value]
    return value

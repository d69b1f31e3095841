"""What calls share: parameters, and the formats of bodies and answers."""

from __future__ import annotations

from typing import Any

from retouche.formats import schema

Json = dict[str, Any]
FORMATS = (
    "proposal",
    "acceptance",
    "rejection",
    "withdrawal",
    "confirmation",
    "remark",
    "scenario",
    "submission",
    "problem",
    "widget",
)
DEGREES = r"-?[0-9]{1,2}(\.[0-9]+)?"
LIMITS = frozenset({"maxLength", "maxItems", "maxProperties"})
FILTERS = (
    "Filters are `field__operator=value`, with the operators exact, differs, contains, "
    "notcontains, in, notin, less, greater, strictly_less, strictly_greater, isnull, isnotnull; "
    "`field__sort=asc|desc` sorts. `less` and `greater` include equality, `in` and `notin` take "
    "commas, `contains` ignores case, `differs` and `notin` keep missing values; comparisons "
    "and order follow the field's type, missing values last."
)


def parameters() -> Json:
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
        "indicator": path("indicator", "^[a-z][a-z0-9_]{0,62}$"),
        "outlines": path("outlines", "^[a-z0-9_-][a-z0-9_.-]{0,99}$"),
        "mapping": path("mapping", "^[a-z][a-z0-9-]{0,62}$"),
        "proposal": path("proposal", "^[0-9a-f]{16}$"),
        "scenario": path("scenario", "^[0-9a-f]{32}$"),
        "key": path("key", "^[^/]+$")
        | {"description": "Parts of the row key, percent-encoded, joined by commas."},
        "revision": query(
            "revision", "A full commit id, a branch, proposal:{id} or scenario:{id}", text
        ),
        "page": query("page", "", {"type": "integer", "minimum": 1, "maximum": 10**15}),
        "page_size": query("page_size", "", {"type": "integer", "minimum": 1, "maximum": 1000}),
        "columns": query("columns", "Fields to give, joined by commas", text),
        "q": query("q", "Words to find in any field, accents and case folded", text),
        "near": query(
            "near",
            "lat,lon: adds _distance in metres and sorts by it",
            {"type": "string", "pattern": f"^{DEGREES},{DEGREES}$"},
        ),
        "radius": query(
            "radius", "Metres around `near`", {"type": "number", "exclusiveMinimum": 0}
        ),
        "bbox": query(
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


def query(name: str, description: str, value: Json, *, required: bool = False) -> Json:
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": description,
        "schema": value,
    }


def component(name: str) -> Json:
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

"""A resource as a table: the reader's query, filters in words, columns with sort links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import request

from retouche.core.reading.query import Filter, Query
from retouche.core.reading.selection import facets
from retouche.core.reading.snapshot import Snapshot
from retouche.core.schema import Field
from retouche.web.language import locale
from retouche.web.pages.fields import main_columns
from retouche.web.pages.links import with_parameters
from retouche.web.translations import gettext as _

PAGE_SIZE = 25
MOST_FACETS = 6
MOST_VALUES = 60
FEW_VALUES = 25
# Past this many cells, columns that nothing declares to be categories are not looked through.
MOST_CELLS = 1_000_000
OURS = frozenset({"lang", "revision", "view", "add"})
"""Parameters of the page that are not part of the query."""

Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A filter by value: the values in reach, how often each occurs, the one chosen."""

    field: Field
    parameter: str
    chosen: str
    values: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A filter in force, in words, and the address of the table without it."""

    text: str
    without: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column and the address that sorts by it; `sorted` is what `aria-sort` says."""

    field: Field
    href: str
    sorted: str | None


def parameters() -> Pairs:
    """The query of the page: what the filter form leaves empty does not count."""
    pairs = request.args.items(multi=True)
    return [(name, value) for name, value in pairs if name not in OURS and (value or absent(name))]


def absent(name: str) -> bool:
    """Whether a parameter means something without a value."""
    return name.endswith(("__isnull", "__isnotnull"))


def read_query(snapshot: Snapshot) -> Query:
    """Raises `UnknownField`, `UnknownOperator`, `Malformed`."""
    query = Query.parse(parameters(), snapshot.fields)
    return query if "page_size" in request.args else replace(query, page_size=PAGE_SIZE)


def table_address(pairs: Pairs) -> str:
    """The table under another query; language, revision and view stay."""
    kept = [
        (name, request.args[name]) for name in ("lang", "revision", "view") if name in request.args
    ]
    return with_parameters([*pairs, *kept])


def columns(snapshot: Snapshot, query: Query) -> list[Field]:
    if query.columns is not None:
        return list(snapshot.chosen(query.columns))
    if request.args.get("view") == "all":
        return list(snapshot.fields)
    return main_columns(snapshot.resource, snapshot.fields)


def headings(shown: Sequence[Field], query: Query) -> list[Heading]:
    main = query.sorts[0] if query.sorts else None
    others = [pair for pair in parameters() if not pair[0].endswith("__sort") and pair[0] != "page"]
    found = []
    for field in shown:
        here = main is not None and main.field == field.name
        descending = here and main is not None and main.descending
        order = "desc" if here and not descending else "asc"
        found.append(
            Heading(
                field=field,
                href=table_address([*others, (f"{field.name}__sort", order)]),
                sorted=("descending" if descending else "ascending") if here else None,
            )
        )
    return found


def chips(snapshot: Snapshot, query: Query, facet_parameters: set[str]) -> list[Chip]:
    """The filters in force that the form does not already show."""
    by_name = {one.name: one for one in snapshot.fields}
    pairs = [pair for pair in parameters() if pair[0] != "page"]
    found = []
    for one in query.filters:
        parameter = f"{one.field}__{one.operator}"
        if parameter not in facet_parameters:
            without = table_address([pair for pair in pairs if pair[0] != parameter])
            found.append(Chip(text=in_words(one, by_name[one.field]), without=without))
    for parameter in ("near", "bbox"):
        if parameter in request.args:
            gone = {parameter, "radius"} if parameter == "near" else {parameter}
            without = table_address([pair for pair in pairs if pair[0] not in gone])
            text = _("Near %(place)s") if parameter == "near" else _("Within %(place)s")
            found.append(Chip(text=text % {"place": request.args[parameter]}, without=without))
    return found


def in_words(one: Filter, field: Field) -> str:
    """A filter as a short sentence."""
    sentence = {
        "exact": _("%(field)s is %(value)s"),
        "differs": _("%(field)s is not %(value)s"),
        "contains": _("%(field)s contains %(value)s"),
        "notcontains": _("%(field)s does not contain %(value)s"),
        "in": _("%(field)s is one of %(value)s"),
        "notin": _("%(field)s is none of %(value)s"),
        "less": _("%(field)s is at most %(value)s"),
        "greater": _("%(field)s is at least %(value)s"),
        "strictly_less": _("%(field)s is below %(value)s"),
        "strictly_greater": _("%(field)s is above %(value)s"),
        "isnull": _("%(field)s is empty"),
        "isnotnull": _("%(field)s is filled"),
    }[one.operator]
    values = [field.value_label(value, locale()) for value in one.values]
    return sentence % {"field": field.label(locale()), "value": ", ".join(values)}


def facets_of(snapshot: Snapshot, query: Query) -> list[Facet]:
    """A choice for each field with few values, counted under the other filters."""
    found = []
    fields = _categories(snapshot)
    filtered = {one.field for one in query.filters if one.operator == "exact"}
    names = [one.name for one in fields if one.name not in filtered]
    counted = facets(snapshot, query, names, limit=MOST_VALUES)
    for field in fields:
        if field.name in filtered:
            others = tuple(one for one in query.filters if one.field != field.name)
            wider = replace(query, filters=others)
            counted |= facets(snapshot, wider, [field.name], limit=MOST_VALUES)
        values = [one for one in counted[field.name] if one["value"] is not None]
        parameter = f"{field.name}__exact"
        chosen = request.args.get(parameter, "")
        if chosen and all(one["value"] != chosen for one in values):
            values.append({"value": chosen, "count": 0})
        if len(snapshot.column(field.name).values) > 1 or chosen:
            found.append(Facet(field=field, parameter=parameter, chosen=chosen, values=values))
    return found


def _categories(snapshot: Snapshot) -> list[Field]:
    """The fields that sort rows into few kinds: as declared, else as the data has it."""
    referring = {name for one in snapshot.resource.schema.foreign_keys for name in one.fields}
    declared = [
        one
        for one in snapshot.fields
        if one.type == "boolean"
        or one.display.get("as") == "tag"
        or one.display.get("values")
        or (one.constraints.get("enum") and one.name not in referring)
    ]
    if not declared and len(snapshot) * len(snapshot.fields) <= MOST_CELLS:
        key = snapshot.resource.schema.primary_key
        snapshot.prepare([one.name for one in snapshot.fields])
        declared = [one for one in snapshot.fields if one.name not in key and _few(snapshot, one)]
    return declared[:MOST_FACETS]


def _few(snapshot: Snapshot, field: Field) -> bool:
    column = snapshot.column(field.name)
    return (
        1 < len(column.values) <= FEW_VALUES
        and len(column.values) * 4 < len(snapshot)
        and max(map(len, column.values)) <= 60
    )

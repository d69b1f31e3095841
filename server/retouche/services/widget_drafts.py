"""First widgets of a dataset made from a CSV: table, cards, map and dataviz, from its schema alone.

Descriptors are values; whoever asked writes them down, and a person makes them better.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from retouche.core.guessing.headings import words
from retouche.core.guessing.inference import Inferred

Descriptor = dict[str, Any]

PLACE = ("adresse", "adr", "ad", "address", "complement", "voie", "rue")
TOWN = ("postal", "cp", "commune", "com", "ville", "city")
MOST_FILTERS = 6
MOST_CHARTS = 6
MEASURE = "count"
"""No column of this name can group rows: a group has its count under it."""
FEW = 6


def widget_drafts(
    inferred: Inferred, *, resource: str, title: str, counts: dict[str, int]
) -> dict[str, Descriptor]:
    """Descriptors by name. `counts` says how many values each tag column has."""
    drafts = {
        "table": _table(inferred),
        "cards": _cards(inferred),
        **({"map": _map(inferred)} if inferred.geo else {}),
        "dataviz": _dataviz(inferred, counts),
    }
    return {
        name: {
            "name": name,
            "title": title,
            "resource": resource,
            # Each shows its own view first and offers the others beside it.
            "views": [view, *(other for other in drafts.values() if other is not view)],
            "filters": _filters(inferred),
            "search": True,
            "sort": [{"field": one, "descending": False} for one in _first(inferred)],
            "contribute": bool(inferred.key),
            "credits": [],
            "locales": ["fr", "en"],
        }
        for name, view in drafts.items()
    }


def _names(inferred: Inferred) -> list[str]:
    return [one["name"] for one in inferred.schema["fields"]]


def _first(inferred: Inferred) -> list[str]:
    """The column that a reader would sort by: the rows' names, else their key."""
    return [inferred.label[1:-1]] if inferred.label else list(inferred.key)


def _template(inferred: Inferred) -> str:
    parts = [inferred.label] if inferred.label else [f"{{{one}}}" for one in inferred.key]
    return " · ".join(parts or [f"{{{_names(inferred)[0]}}}"])


def _filters(inferred: Inferred) -> list[Descriptor]:
    booleans = {one["name"] for one in inferred.schema["fields"] if one["type"] == "boolean"}
    return [
        {"field": one, "mode": "one" if one in booleans else "any"}
        for one in inferred.tags[:MOST_FILTERS]
    ]


def _table(inferred: Inferred) -> Descriptor:
    first = _first(inferred)
    columns = [*first, *(one for one in _names(inferred) if one not in first)]
    return {
        "type": "table",
        "title": {"fr": "Table", "en": "Table"},
        "page_size": 50,
        "frozen": 1,
        "columns": columns,
    }


def _cards(inferred: Inferred) -> Descriptor:
    address = [one for one in _names(inferred) if _is_address(one)]
    contact = [one for one, use in inferred.uses.items() if use in ("phone", "mail", "link")]
    hours = [one for one, use in inferred.uses.items() if use == "hours"]
    named = _first(inferred) if inferred.label else []
    taken = {*named, *address, *contact, *hours, *inferred.tags, *(inferred.geo or ())}
    others = [one for one in _names(inferred) if one not in taken]
    title = _template(inferred)
    icons = {"phone": "phone", "mail": "mail", "link": "link"}
    means = [{"field": one, "icon": icons[inferred.uses[one]]} for one in contact]
    tags: Descriptor = {"type": "tags", "fields": list(inferred.tags)}
    mini: list[Descriptor] = [
        {"type": "address", "fields": address},
        {"type": "fields", "fields": means},
        tags,
    ]
    detail: list[Descriptor] = [
        {"type": "address", "fields": address},
        {"type": "fields", "fields": others},
        {"type": "fields", "title": {"fr": "Contact", "en": "Contact"}, "fields": means},
        {"type": "hours", "title": {"fr": "Horaires", "en": "Opening hours"}, "fields": hours},
        tags,
    ]
    if inferred.geo:
        detail.append({"type": "map", "side": "right", "zoom": 13})
    return {
        "type": "cards",
        "title": {"fr": "Fiches", "en": "Cards"},
        "per_row": 3,
        "page_size": 12,
        "mini": {"title": title, "blocks": _filled(mini)},
        "detail": {"title": title, "blocks": _filled(detail)},
    }


def _is_address(name: str) -> bool:
    found = words(name)
    about_code = "insee" in found
    return not about_code and any(one in found for one in (*PLACE, *TOWN)) and "mail" not in found


def _filled(blocks: Sequence[Descriptor]) -> list[Descriptor]:
    return [block for block in blocks if block.get("fields", True)]


def _map(inferred: Inferred) -> Descriptor:
    shown = [one for one in _names(inferred) if _is_address(one)][:3]
    return {
        "type": "map",
        "title": {"fr": "Carte", "en": "Map"},
        "height": 600,
        "switch": "one",
        "legend": True,
        "layers": [
            {
                "name": "points",
                "type": "points",
                "title": {"fr": "Points", "en": "Points"},
                "visible": True,
                "popup": {
                    "title": _template(inferred),
                    **({"fields": shown} if shown else {}),
                },
                "open": "detail",
            },
            {
                "name": "clusters",
                "type": "clusters",
                "title": {"fr": "Regroupements", "en": "Clusters"},
                "visible": False,
            },
            {
                "name": "heat",
                "type": "heat",
                "title": {"fr": "Densité", "en": "Density"},
                "visible": False,
            },
        ],
    }


def _dataviz(inferred: Inferred, counts: dict[str, int]) -> Descriptor:
    titles = {one["name"]: one["title"] for one in inferred.schema["fields"]}
    rows: Descriptor = {
        "type": "big_values",
        "width": 12,
        "title": {"fr": "En bref", "en": "In short"},
        "series": [{"label": {"fr": "Lignes", "en": "Rows"}, "measure": {"operation": "count"}}],
    }
    charts = [
        {
            **(
                {"type": "donut", "total": True}
                if counts[one] <= FEW
                else {"type": "bars", "orientation": "horizontal"}
            ),
            "title": titles[one],
            "by": one,
            "measure": {"operation": "count"},
            "width": 6,
        }
        for one in [name for name in inferred.tags if name != MEASURE][:MOST_CHARTS]
    ]
    return {
        "type": "dataviz",
        "title": {"fr": "Graphiques", "en": "Charts"},
        "charts": [rows, *charts],
    }

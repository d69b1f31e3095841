"""Indicators and their values."""

from __future__ import annotations

from retouche.core.indicators.declarations import TYPES as INDICATOR_TYPES
from retouche.web.answers.shapes import (
    CELL,
    COMMIT,
    COUNT,
    LINKS,
    TEXT,
    Json,
    list_of,
    object_of,
)

INDICATOR = object_of(
    name=TEXT,
    type={"enum": [*INDICATOR_TYPES]},
    title=TEXT,
    help=CELL,
    unit=CELL,
    digits={"type": ["integer", "null"]},
    better={"enum": ["more", "less", None]},
    weight=CELL,
    bands=list_of({"type": "number"}),
    impact={"type": "boolean"},
    resource=TEXT,
    overall={"type": ["number", "null"]},
    row_count=COUNT,
    links=LINKS,
)
INDICATOR_ROW = object_of(
    key=TEXT,
    label=TEXT,
    value={"type": ["number", "string", "null"]},
    weight={"type": ["number", "null"]},
) | {"description": "Of a `nearest_distance` also `nearest`: a row, by `resource` and `key`."}

SCHEMAS: Json = {
    "indicators": object_of(
        data=list_of(INDICATOR),
        meta=object_of(revision=COMMIT, unusable=list_of(object_of(name=TEXT, detail=TEXT))),
    ),
    "indicator": object_of(
        indicator=INDICATOR,
        data=list_of(INDICATOR_ROW),
        meta=object_of(page=COUNT, page_size=COUNT, total=COUNT, revision=COMMIT),
        links=LINKS,
    ),
}

"""Widgets as they are served, at a proposal too."""

from __future__ import annotations

from retouche.web.answers.shapes import (
    CELL,
    CELLS,
    COMMIT,
    COUNT,
    LINKS,
    OBJECT,
    TEXT,
    Json,
    list_of,
    object_of,
)

SHOWN_RESOURCE = object_of(
    title={"type": ["string", "object"]},
    schema=object_of(fields=list_of(OBJECT), primaryKey=list_of(TEXT), missingValues=list_of(TEXT)),
    editable={"type": "boolean"},
    label=CELL,
    geo={"anyOf": [{"type": "null"}, list_of(TEXT)]},
    row_count={"type": ["integer", "null"]},
    links=LINKS,
)
POSITION: Json = {
    "anyOf": [{"type": "null"}, {"type": "array", "items": {"type": "number"}, "minItems": 2}],
    "description": "Latitude and longitude, in degrees.",
}
MOVED: Json = {
    "anyOf": [
        {"type": "null"},
        object_of(**{"from": POSITION}, to=POSITION, metres={"type": "number"}, towards=TEXT),
    ],
    "description": "How far the row moves, along a great circle, and towards which of the eight "
    "winds: north, north_east, east …",
}
PREVIEWED = object_of(
    inserted=list_of(object_of(key=TEXT, label=TEXT, position=POSITION)),
    updated=list_of(
        object_of(
            key=TEXT,
            old_key=TEXT,
            label=TEXT,
            position=POSITION,
            moved=MOVED,
            cells={"type": "object", "additionalProperties": object_of(old=CELL, new=CELL)},
        )
    ),
    deleted=list_of(object_of(key=TEXT, label=TEXT, position=POSITION, row=CELLS)),
)
"""The rows of a resource that a proposal changes; keys are as in addresses."""
PREVIEW = object_of(
    of=object_of(
        kind=TEXT, id=TEXT, state=TEXT, title=CELL, number={"type": ["integer", "null"]}, url=TEXT
    ),
    before=object_of(revision=COMMIT, widget=TEXT),
    published=TEXT,
    rows=COUNT,
    complete={"type": "boolean"},
    resources={"type": "object", "additionalProperties": PREVIEWED},
) | {
    "description": "With `revision=proposal:…` only: which proposal is looked at, the same widget "
    "before it, and the rows of its resources that change, without personal fields. `complete` is "
    "false where there are more than are told."
}
WIDGET = object_of(
    name=TEXT,
    title={"type": ["string", "object"]},
    dataset=TEXT,
    revision=COMMIT,
    resources={"type": "object", "additionalProperties": SHOWN_RESOURCE},
    links=LINKS,
    limits=object_of(operations=COUNT, body=COUNT),
) | {"description": "A descriptor in the form of `widget`, with what is added to it."}
WIDGET["properties"]["preview"] = PREVIEW

SCHEMAS: Json = {
    "shown_widget": WIDGET,
    "shown_widgets": object_of(
        data=list_of(WIDGET), meta=object_of(revision=COMMIT, unusable=list_of(TEXT))
    ),
}

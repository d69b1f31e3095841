"""How good the data is, and what to look at again."""

from __future__ import annotations

from retouche.web.answers.shapes import (
    CELL,
    CELLS,
    COMMIT,
    COUNT,
    LINKS,
    PAGE,
    SHARE,
    TEXT,
    Json,
    list_of,
    object_of,
)

MAYBE_COUNT: Json = {"type": ["integer", "null"], "minimum": 0}
FIGURES: dict[str, Json] = {
    "filled_share": SHARE,
    "valid_share": SHARE,
    "sound_share": SHARE | {"description": "Of the cells, those filled and without an error."},
}
CELLS_COUNTED: dict[str, Json] = {
    **{name: COUNT for name in ("cells", "filled", "valid", "sound")},
    **FIGURES,
}
FIELD_QUALITY = object_of(
    field=TEXT,
    filled=COUNT,
    filled_share=SHARE,
    faults=COUNT,
    valid_share=SHARE,
    sound=COUNT,
    distinct=COUNT,
    confirmed=MAYBE_COUNT,
    confirmed_share=SHARE,
    last_change=CELL,
)
QUALITY = object_of(
    revision=COMMIT,
    pending={"type": "boolean", "description": "Whether figures are still being computed."},
    **CELLS_COUNTED,
    confirmed=object_of(months=COUNT, since=TEXT, share=SHARE),
    confirmations={
        "type": "object",
        "description": "How many there were in each of the last twelve months.",
        "additionalProperties": COUNT,
    },
    resources=list_of(
        object_of(
            name=TEXT,
            rows=COUNT,
            **CELLS_COUNTED,
            confirmed=MAYBE_COUNT,
            confirmed_share=SHARE,
            fields=list_of(FIELD_QUALITY),
            trouble=CELL,
            links=LINKS,
        )
    ),
    history=list_of(
        object_of(revision=COMMIT, time=TEXT, month=CELL, pending={"type": "boolean"}, **FIGURES)
    ),
    links=LINKS,
)
TODO = object_of(
    data=list_of(
        object_of(
            key=CELLS,
            label=TEXT,
            looked_at=CELL,
            by={"enum": ["change", "confirmation", None]},
            url=TEXT,
        )
    ),
    meta=PAGE,
    links=LINKS,
)

SCHEMAS: Json = {
    "quality": QUALITY,
    "todo": TODO,
}

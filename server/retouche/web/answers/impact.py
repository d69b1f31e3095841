"""What a change does to the indicators, and the scenarios that ask it."""

from __future__ import annotations

from retouche.web.answers.shapes import (
    CELL,
    CELLS,
    COMMIT,
    COUNT,
    ERROR,
    LINKS,
    NUMBER,
    TEXT,
    Json,
    list_of,
    object_of,
)

FIGURE: Json = {"type": ["number", "string", "null"]}
PEOPLE: Json = {"type": ["integer", "null"], "minimum": 0}
SIDE = object_of(rows=COUNT, people=PEOPLE)
BANDS = list_of(object_of(kilometres=NUMBER, before=COUNT, after=COUNT, gained=COUNT, lost=COUNT))
IMPACT = object_of(
    before=COMMIT,
    after=COMMIT,
    moved={"type": "boolean"},
    changes={"type": "boolean"},
    sentences=list_of(TEXT),
    indicators=list_of(
        object_of(
            name=TEXT,
            title=TEXT,
            unit=TEXT,
            digits={"type": ["integer", "null"]},
            better={"enum": ["more", "less", None]},
            resource=TEXT,
            before=FIGURE,
            after=FIGURE,
            gained=SIDE,
            lost=SIDE,
            rows=list_of(
                object_of(
                    key=CELLS,
                    label=TEXT,
                    before=FIGURE,
                    after=FIGURE,
                    people=PEOPLE,
                    gains={"type": ["boolean", "null"]},
                    latitude=NUMBER,
                    longitude=NUMBER,
                )
            ),
            total_rows=COUNT,
        )
    ),
    access=list_of(
        object_of(
            indicator=TEXT,
            title=TEXT,
            people=COUNT,
            by_rows={"type": "boolean"},
            bands=BANDS,
            territories=list_of(
                object_of(
                    level=TEXT,
                    level_title=TEXT,
                    code=TEXT,
                    label=TEXT,
                    people=COUNT,
                    bands=BANDS,
                )
            ),
        )
    ),
    faults=list_of(object_of(name=TEXT, title=TEXT, code=TEXT, detail=TEXT)),
)
DRAFTED = object_of(
    id={"type": "string", "pattern": "^[0-9a-f]{32}$"},
    title=TEXT,
    version={"type": "integer", "minimum": 1},
    dataset=TEXT,
    base_revision=COMMIT,
    operations=list_of(object_of(op={"enum": ["update", "insert", "delete"]})),
    created_at=TEXT,
    updated_at=TEXT,
    proposal=CELL,
    moved={"type": "boolean"},
    warnings=list_of(ERROR),
    url=TEXT,
    preview_url=TEXT,
    links=LINKS,
)

SCHEMAS: Json = {
    "impact": IMPACT,
    "drafted": DRAFTED,
    "compared": object_of(data=list_of(object_of(scenario=DRAFTED, impact=IMPACT))),
}

"""What is read of a dataset: its resources, rows, history and comparisons."""

from __future__ import annotations

from retouche.web.answers.shapes import (
    CELL,
    CELLS,
    COMMIT,
    COUNT,
    LINKS,
    OBJECT,
    OPERATION,
    PAGE,
    TEXT,
    Json,
    list_of,
    object_of,
)

CHANGED = object_of(inserted=COUNT, updated=COUNT, deleted=COUNT)

SCHEMAS: Json = {
    "object": OBJECT,
    "list": object_of(data=list_of(OBJECT), meta=OBJECT),
    "datasets": object_of(data=list_of(object_of(name=TEXT, title=TEXT, links=LINKS))),
    "dataset": object_of(
        name=TEXT,
        revision=COMMIT,
        resources=list_of(
            object_of(name=TEXT, row_count={"type": ["integer", "null"]}, links=LINKS)
        ),
        widgets=list_of(TEXT),
        links=LINKS,
    )
    | {
        "description": "While its newest version at its forge cannot be served, also `notice`: "
        "`code` and `detail` say what is wrong there, `held` is that commit id. As published, also "
        "`contributions`: `proof` says what is asked of those who contribute."
    },
    "resource": object_of(
        name=TEXT,
        title=TEXT,
        schema=OBJECT,
        dialect=OBJECT,
        encoding=TEXT,
        row_count=COUNT,
        revision=COMMIT,
        links=LINKS,
    ),
    "rows": object_of(
        data=list_of(
            {"type": "object", "additionalProperties": {"type": ["string", "null", "number"]}}
        ),
        meta=PAGE,
        links=LINKS,
    ),
    "row": object_of(data=CELLS, revision=COMMIT, key=CELLS, label=TEXT, links=LINKS)
    | {"description": "When not at a commit id, also `proposals` and `confirmations`."},
    "facets": object_of(
        data={
            "type": "object",
            "additionalProperties": list_of(object_of(value=CELL, count=COUNT)),
        },
        meta=OBJECT,
    ),
    "revisions": object_of(
        data=list_of(
            object_of(
                id=COMMIT,
                time=TEXT,
                message=TEXT,
                proposal=CELL,
                changes={"type": "object", "additionalProperties": CHANGED},
            )
        ),
        meta=PAGE,
        links=LINKS,
    ),
    "history": object_of(
        data=list_of(
            object_of(
                revision=COMMIT,
                time=TEXT,
                proposal=CELL,
                op={"enum": ["update", "insert", "delete"]},
                cells={
                    "type": "object",
                    "additionalProperties": object_of(old=CELL, new=CELL),
                },
            )
        ),
        meta=OBJECT,
    ),
    "comparison": object_of(
        operations=list_of(OPERATION),
        meta=object_of(
            revision=COMMIT,
            rows=COUNT,
            unchanged=COUNT,
            updated=COUNT,
            inserted=COUNT,
            deleted=COUNT,
            absent=COUNT,
        ),
        notes=list_of(object_of(code=TEXT, message=TEXT)),
    ),
    "diff": object_of(operations=list_of(OPERATION), meta=OBJECT),
}

"""The shapes of our answers, as JSON Schemas for the OpenAPI document."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
TEXT: Json = {"type": "string"}
CELL: Json = {"type": ["string", "null"]}
COUNT: Json = {"type": "integer", "minimum": 0}
COMMIT: Json = {"type": "string", "pattern": "^[0-9a-f]{40}$"}
OBJECT: Json = {"type": "object"}
CELLS: Json = {"type": "object", "additionalProperties": CELL}
LINKS: Json = {"type": "object", "additionalProperties": CELL}
ERROR: Json = {"$ref": "#/components/schemas/problem/$defs/cell_error"}
CONFLICT: Json = {"$ref": "#/components/schemas/problem/$defs/conflict"}


def _object(**properties: Json) -> Json:
    """An object that has all of the properties, and maybe others."""
    return {"type": "object", "required": list(properties), "properties": properties}


def _list(item: Json) -> Json:
    return {"type": "array", "items": item}


PAGE = _object(page=COUNT, page_size=COUNT, total=COUNT)
CHANGED = _object(inserted=COUNT, updated=COUNT, deleted=COUNT)
OPERATION = _object(op={"enum": ["update", "insert", "delete"]}, resource=TEXT)
UPSTREAM = (
    "edited",
    "other_files",
    "branch_deleted",
    "retargeted",
    "invalid",
    "already_published",
    "refused",
)
"""What may be found of a proposal at a forge elsewhere."""
SUMMARY = _object(
    id={"type": "string", "pattern": "^[0-9a-f]{16}$"},
    dataset=TEXT,
    state={"enum": ["queued", "open", "accepted", "rejected", "withdrawn"]},
    conflicted={"type": "boolean"},
    url=TEXT,
    merge_request={
        "anyOf": [{"type": "null"}, _object(number={"type": "integer", "minimum": 1}, url=TEXT)]
    },
    preview_url=TEXT,
    base_revision=COMMIT,
    parent=COMMIT,
    head=CELL,
    created_at=TEXT,
    updated_at=TEXT,
    operations=_list(OPERATION),
    warnings=_list(ERROR),
    upstream=_list({"enum": list(UPSTREAM)}),
    links=LINKS,
)

SHOWN_RESOURCE = _object(
    title={"type": ["string", "object"]},
    schema=_object(fields=_list(OBJECT), primaryKey=_list(TEXT), missingValues=_list(TEXT)),
    editable={"type": "boolean"},
    label=CELL,
    geo={"anyOf": [{"type": "null"}, _list(TEXT)]},
    row_count={"type": ["integer", "null"]},
    links=LINKS,
)
WIDGET = _object(
    name=TEXT,
    title={"type": ["string", "object"]},
    dataset=TEXT,
    revision=COMMIT,
    resources={"type": "object", "additionalProperties": SHOWN_RESOURCE},
    links=LINKS,
    limits=_object(operations=COUNT, body=COUNT),
) | {"description": "A descriptor in the form of `widget`, with what is added to it."}

NOTHING: Json = {"type": "null"}
PAUSED: Json = {"anyOf": [NOTHING, _object(message=CELL, since=TEXT, until=CELL)]}
PROOF: Json = {"enum": ["never", "under_load", "always"]}

SCHEMAS: Json = {
    "terms": _object(
        proof=PROOF,
        paused=PAUSED,
        required={"type": "boolean"},
        opened=TEXT,
        mails={"type": "boolean"},
        challenge={"anyOf": [NOTHING, _object(parameters=OBJECT, signature=TEXT)]},
    ),
    "object": OBJECT,
    "shown_widget": WIDGET,
    "shown_widgets": _object(
        data=_list(WIDGET), meta=_object(revision=COMMIT, unusable=_list(TEXT))
    ),
    "list": _object(data=_list(OBJECT), meta=OBJECT),
    "datasets": _object(data=_list(_object(name=TEXT, title=TEXT, links=LINKS))),
    "dataset": _object(
        name=TEXT,
        revision=COMMIT,
        resources=_list(_object(name=TEXT, row_count={"type": ["integer", "null"]}, links=LINKS)),
        widgets=_list(TEXT),
        links=LINKS,
    )
    | {
        "description": "While its newest version at its forge cannot be served, also `notice`: "
        "`code` and `detail` say what is wrong there, `held` is that commit id. As published, also "
        "`contributions`: `proof` says what is asked of those who contribute."
    },
    "resource": _object(
        name=TEXT,
        title=TEXT,
        schema=OBJECT,
        dialect=OBJECT,
        encoding=TEXT,
        row_count=COUNT,
        revision=COMMIT,
        links=LINKS,
    ),
    "rows": _object(
        data=_list(
            {"type": "object", "additionalProperties": {"type": ["string", "null", "number"]}}
        ),
        meta=PAGE,
        links=LINKS,
    ),
    "row": _object(data=CELLS, revision=COMMIT, key=CELLS, label=TEXT, links=LINKS)
    | {"description": "When not at a commit id, also `proposals` and `confirmations`."},
    "pending": _object(
        data={
            "type": "object",
            "description": "By row keys, as they stand in addresses.",
            "additionalProperties": _list(
                _object(
                    proposal=TEXT,
                    state={"enum": ["queued", "open"]},
                    op={"enum": ["update", "insert", "delete"]},
                    fields=_list(TEXT),
                    url=TEXT,
                )
            ),
        }
    ),
    "confirmations": _object(count=COUNT, last=CELL),
    "remark_receipt": _object(id=TEXT, state={"enum": ["open", "closed"]}),
    "facets": _object(
        data={
            "type": "object",
            "additionalProperties": _list(_object(value=CELL, count=COUNT)),
        },
        meta=OBJECT,
    ),
    "revisions": _object(
        data=_list(
            _object(
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
    "history": _object(
        data=_list(
            _object(
                revision=COMMIT,
                time=TEXT,
                proposal=CELL,
                op={"enum": ["update", "insert", "delete"]},
                cells={
                    "type": "object",
                    "additionalProperties": _object(old=CELL, new=CELL),
                },
            )
        ),
        meta=OBJECT,
    ),
    "comparison": _object(
        operations=_list(OPERATION),
        meta=_object(
            revision=COMMIT,
            rows=COUNT,
            unchanged=COUNT,
            updated=COUNT,
            inserted=COUNT,
            deleted=COUNT,
            absent=COUNT,
        ),
        notes=_list(_object(code=TEXT, message=TEXT)),
    ),
    "diff": _object(operations=_list(OPERATION), meta=OBJECT),
    "verdict": _object(valid={"type": "boolean"}, errors=_list(ERROR), warnings=_list(ERROR)),
    "proposal_summary": SUMMARY,
    "receipt": {"allOf": [SUMMARY, _object(follow_up_url=TEXT)]},
    "proposals": _object(data=_list(SUMMARY), meta=PAGE, links=LINKS),
    "proposal_diff": _object(
        operations=_list(OPERATION),
        conflicts=_list(CONFLICT),
        errors=_list(ERROR),
        warnings=_list(ERROR),
    ),
}

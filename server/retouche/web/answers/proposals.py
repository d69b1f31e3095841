"""What is asked of contributors, what they send, and what becomes of it."""

from __future__ import annotations

from retouche.web.answers.shapes import (
    CELL,
    COMMIT,
    CONFLICT,
    COUNT,
    ERROR,
    LINKS,
    NOTHING,
    OBJECT,
    OPERATION,
    PAGE,
    TEXT,
    Json,
    list_of,
    object_of,
)

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
SUMMARY = object_of(
    id={"type": "string", "pattern": "^[0-9a-f]{16}$"},
    dataset=TEXT,
    state={"enum": ["queued", "open", "accepted", "rejected", "withdrawn"]},
    conflicted={"type": "boolean"},
    url=TEXT,
    merge_request={
        "anyOf": [{"type": "null"}, object_of(number={"type": "integer", "minimum": 1}, url=TEXT)]
    },
    preview_url=TEXT,
    base_revision=COMMIT,
    parent=COMMIT,
    head=CELL,
    created_at=TEXT,
    updated_at=TEXT,
    operations=list_of(OPERATION),
    warnings=list_of(ERROR),
    upstream=list_of({"enum": list(UPSTREAM)}),
    project={"type": "boolean"},
    title=CELL,
    links=LINKS,
)
PAUSED: Json = {"anyOf": [NOTHING, object_of(message=CELL, since=TEXT, until=CELL)]}
PROOF: Json = {"enum": ["never", "under_load", "always"]}

SCHEMAS: Json = {
    "terms": object_of(
        proof=PROOF,
        paused=PAUSED,
        required={"type": "boolean"},
        opened=TEXT,
        mails={"type": "boolean"},
        challenge={"anyOf": [NOTHING, object_of(parameters=OBJECT, signature=TEXT)]},
    ),
    "pending": object_of(
        data={
            "type": "object",
            "description": "By row keys, as they stand in addresses.",
            "additionalProperties": list_of(
                object_of(
                    proposal=TEXT,
                    state={"enum": ["queued", "open"]},
                    op={"enum": ["update", "insert", "delete"]},
                    fields=list_of(TEXT),
                    url=TEXT,
                )
            ),
        }
    ),
    "confirmations": object_of(count=COUNT, last=CELL),
    "remark_receipt": object_of(id=TEXT, state={"enum": ["open", "closed"]}),
    "verdict": object_of(valid={"type": "boolean"}, errors=list_of(ERROR), warnings=list_of(ERROR)),
    "proposal_summary": SUMMARY,
    "receipt": {"allOf": [SUMMARY, object_of(follow_up_url=TEXT)]},
    "proposals": object_of(data=list_of(SUMMARY), meta=PAGE, links=LINKS),
    "proposal_diff": object_of(
        operations=list_of(OPERATION),
        conflicts=list_of(CONFLICT),
        errors=list_of(ERROR),
        warnings=list_of(ERROR),
    ),
}

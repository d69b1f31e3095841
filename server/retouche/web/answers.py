"""The shapes of our answers, as JSON Schemas for the OpenAPI document."""

from __future__ import annotations

from typing import Any

from retouche.core.indicators.declarations import TYPES as INDICATOR_TYPES

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
    project={"type": "boolean"},
    title=CELL,
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
POSITION: Json = {
    "anyOf": [{"type": "null"}, {"type": "array", "items": {"type": "number"}, "minItems": 2}],
    "description": "Latitude and longitude, in degrees.",
}
MOVED: Json = {
    "anyOf": [
        {"type": "null"},
        _object(**{"from": POSITION}, to=POSITION, metres={"type": "number"}, towards=TEXT),
    ],
    "description": "How far the row moves, along a great circle, and towards which of the eight "
    "winds: north, north_east, east …",
}
PREVIEWED = _object(
    inserted=_list(_object(key=TEXT, label=TEXT, position=POSITION)),
    updated=_list(
        _object(
            key=TEXT,
            old_key=TEXT,
            label=TEXT,
            position=POSITION,
            moved=MOVED,
            cells={"type": "object", "additionalProperties": _object(old=CELL, new=CELL)},
        )
    ),
    deleted=_list(_object(key=TEXT, label=TEXT, position=POSITION, row=CELLS)),
)
"""The rows of a resource that a proposal changes; keys are as in addresses."""
INDICATOR = _object(
    name=TEXT,
    type={"enum": [*INDICATOR_TYPES]},
    title=TEXT,
    help=CELL,
    unit=CELL,
    digits={"type": ["integer", "null"]},
    better={"enum": ["more", "less", None]},
    weight=CELL,
    bands=_list({"type": "number"}),
    impact={"type": "boolean"},
    resource=TEXT,
    overall={"type": ["number", "null"]},
    row_count=COUNT,
    links=LINKS,
)
INDICATOR_ROW = _object(
    key=TEXT,
    label=TEXT,
    value={"type": ["number", "string", "null"]},
    weight={"type": ["number", "null"]},
) | {"description": "Of a `nearest_distance` also `nearest`: a row, by `resource` and `key`."}
PREVIEW = _object(
    of=_object(
        kind=TEXT, id=TEXT, state=TEXT, title=CELL, number={"type": ["integer", "null"]}, url=TEXT
    ),
    before=_object(revision=COMMIT, widget=TEXT),
    published=TEXT,
    rows=COUNT,
    complete={"type": "boolean"},
    resources={"type": "object", "additionalProperties": PREVIEWED},
) | {
    "description": "With `revision=proposal:…` only: which proposal is looked at, the same widget "
    "before it, and the rows of its resources that change, without personal fields. `complete` is "
    "false where there are more than are told."
}
WIDGET = _object(
    name=TEXT,
    title={"type": ["string", "object"]},
    dataset=TEXT,
    revision=COMMIT,
    resources={"type": "object", "additionalProperties": SHOWN_RESOURCE},
    links=LINKS,
    limits=_object(operations=COUNT, body=COUNT),
) | {"description": "A descriptor in the form of `widget`, with what is added to it."}
WIDGET["properties"]["preview"] = PREVIEW

NUMBER: Json = {"type": ["number", "null"]}
FIGURE: Json = {"type": ["number", "string", "null"]}
PEOPLE: Json = {"type": ["integer", "null"], "minimum": 0}
SIDE = _object(rows=COUNT, people=PEOPLE)
BANDS = _list(_object(kilometres=NUMBER, before=COUNT, after=COUNT, gained=COUNT, lost=COUNT))
IMPACT = _object(
    before=COMMIT,
    after=COMMIT,
    moved={"type": "boolean"},
    changes={"type": "boolean"},
    sentences=_list(TEXT),
    indicators=_list(
        _object(
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
            rows=_list(
                _object(
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
    access=_list(
        _object(
            indicator=TEXT,
            title=TEXT,
            people=COUNT,
            by_rows={"type": "boolean"},
            bands=BANDS,
            territories=_list(
                _object(
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
    faults=_list(_object(name=TEXT, title=TEXT, code=TEXT, detail=TEXT)),
)
DRAFTED = _object(
    id={"type": "string", "pattern": "^[0-9a-f]{32}$"},
    title=TEXT,
    version={"type": "integer", "minimum": 1},
    dataset=TEXT,
    base_revision=COMMIT,
    operations=_list(_object(op={"enum": ["update", "insert", "delete"]})),
    created_at=TEXT,
    updated_at=TEXT,
    proposal=CELL,
    moved={"type": "boolean"},
    warnings=_list(ERROR),
    url=TEXT,
    preview_url=TEXT,
    links=LINKS,
)
SHARE: Json = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
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
FIELD_QUALITY = _object(
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
QUALITY = _object(
    revision=COMMIT,
    **CELLS_COUNTED,
    confirmed=_object(months=COUNT, since=TEXT, share=SHARE),
    confirmations={
        "type": "object",
        "description": "How many there were in each of the last twelve months.",
        "additionalProperties": COUNT,
    },
    resources=_list(
        _object(
            name=TEXT,
            rows=COUNT,
            **CELLS_COUNTED,
            confirmed=MAYBE_COUNT,
            confirmed_share=SHARE,
            fields=_list(FIELD_QUALITY),
            trouble=CELL,
            links=LINKS,
        )
    ),
    history=_list(
        _object(revision=COMMIT, time=TEXT, month=CELL, pending={"type": "boolean"}, **FIGURES)
    ),
    links=LINKS,
)
TODO = _object(
    data=_list(
        _object(
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
    "indicators": _object(
        data=_list(INDICATOR),
        meta=_object(revision=COMMIT, unusable=_list(_object(name=TEXT, detail=TEXT))),
    ),
    "indicator": _object(
        indicator=INDICATOR,
        data=_list(INDICATOR_ROW),
        meta=_object(page=COUNT, page_size=COUNT, total=COUNT, revision=COMMIT),
        links=LINKS,
    ),
    "quality": QUALITY,
    "todo": TODO,
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
    "impact": IMPACT,
    "drafted": DRAFTED,
    "compared": _object(data=_list(_object(scenario=DRAFTED, impact=IMPACT))),
    "proposals": _object(data=_list(SUMMARY), meta=PAGE, links=LINKS),
    "proposal_diff": _object(
        operations=_list(OPERATION),
        conflicts=_list(CONFLICT),
        errors=_list(ERROR),
        warnings=_list(ERROR),
    ),
}

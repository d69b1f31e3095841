"""What the shapes of answers are made of."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
TEXT: Json = {"type": "string"}
CELL: Json = {"type": ["string", "null"]}
COUNT: Json = {"type": "integer", "minimum": 0}
COMMIT: Json = {"type": "string", "pattern": "^[0-9a-f]{40}$"}
NUMBER: Json = {"type": ["number", "null"]}
SHARE: Json = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
NOTHING: Json = {"type": "null"}
OBJECT: Json = {"type": "object"}
CELLS: Json = {"type": "object", "additionalProperties": CELL}
LINKS: Json = {"type": "object", "additionalProperties": CELL}
ERROR: Json = {"$ref": "#/components/schemas/problem/$defs/cell_error"}
CONFLICT: Json = {"$ref": "#/components/schemas/problem/$defs/conflict"}


def object_of(**properties: Json) -> Json:
    """An object that has all of the properties, and maybe others."""
    return {"type": "object", "required": list(properties), "properties": properties}


def list_of(item: Json) -> Json:
    return {"type": "array", "items": item}


PAGE = object_of(page=COUNT, page_size=COUNT, total=COUNT)
OPERATION = object_of(op={"enum": ["update", "insert", "delete"]}, resource=TEXT)

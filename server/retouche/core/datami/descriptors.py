"""The tables of an imported package, and their descriptors."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from retouche.core.datami.areas import Areas
from retouche.core.datami.columns import Columns
from retouche.core.datami.fields import Described
from retouche.core.dialect import Dialect

IANA = {"cp1252": "windows-1252", "iso8859-1": "iso-8859-1", "iso8859-15": "iso-8859-15"}


@dataclass(kw_only=True)
class Held:
    """One table and what is known of it."""

    name: str
    reference: str
    data: bytes | None
    dialect: Dialect
    columns: Columns
    described: Described = field(default_factory=Described)
    geo: tuple[str, str] | None = None
    editable: bool = True
    title: str = ""


def descriptor_of(held: Held) -> dict[str, Any]:
    label = held.described.inferred.label if held.described.inferred else None
    extension: dict[str, Any] = {"editable": held.editable}
    if label:
        extension["label"] = label
    if held.geo:
        extension["geo"] = dict(zip(("latitude", "longitude"), held.geo, strict=True))
    encoding = held.dialect.encoding
    return {
        "name": held.name,
        "type": "table",
        "title": held.title or held.name,
        "path": f"{held.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": IANA.get(encoding, encoding),
        "dialect": {"delimiter": held.dialect.delimiter, "quoteChar": held.dialect.quote},
        "schema": f"schemas/{held.name}.json",
        "retouche": extension,
    }


def areas_descriptor(areas: Areas) -> dict[str, Any]:
    return {
        "name": areas.name,
        "type": "table",
        "title": areas.name,
        "path": f"{areas.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"'},
        "schema": f"schemas/{areas.name}.json",
        "retouche": {"editable": False},
    }


def as_json(value: Any) -> bytes:
    """JSON as a person would write it."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()

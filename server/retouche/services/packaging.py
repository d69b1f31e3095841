"""Make a data package from one CSV: descriptor, schema, widgets, notes. The CSV stays as it is.

Bytes in, files out: nothing is read from or written to a disk here.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from retouche.core.dialect import Dialect
from retouche.core.guessing.headings import title as heading
from retouche.core.guessing.inference import Inferred, infer
from retouche.core.package import DESCRIPTOR, RESERVED
from retouche.core.table import Table
from retouche.services.package_notes import attributes, pipeline, readme
from retouche.services.widget_drafts import widget_drafts

IANA = {"cp1252": "windows-1252", "iso8859-1": "iso-8859-1", "iso8859-15": "iso-8859-15"}
LONGEST_NAME = 60
NAMELESS = "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Packaged:
    """A data package ready to be written: `files` maps paths to bytes."""

    name: str
    title: str
    dialect: Dialect
    rows: int
    inferred: Inferred
    files: Mapping[str, bytes]

    @property
    def key(self) -> tuple[str, ...]:
        """What names a row; empty when the rows cannot be corrected."""
        return self.inferred.key


def package(data: bytes, dialect: Dialect, *, stem: str, locale: str = "fr") -> Packaged:
    """Propose a data package around the file. Raises `UnreadableFile`.

    `stem` is the file's name without its ending; the dataset and its resource are named by it.
    """
    table = Table.parse(data, dialect)
    columns = table.columns(range(len(table.header)))
    inferred = infer(table.header, columns)
    counts = {name: len(set(columns[table.header.index(name)]) - {""}) for name in inferred.tags}
    name, title = slug(stem), _title(stem)
    name = f"{name}-data" if name in RESERVED else name
    widgets = widget_drafts(inferred, resource=name, title=title, counts=counts)
    files = {
        DESCRIPTOR: written(_descriptor(name, title, dialect, inferred)),
        f"{name}.csv": data,
        f"schemas/{name}.json": written(_schema(name, title, inferred)),
        **{f"widgets/{one}.json": written(widget) for one, widget in widgets.items()},
        "README.md": readme(name, title, inferred, locale=locale).encode(),
        ".gitlab-ci.yml": pipeline(locale).encode(),
        ".gitattributes": attributes().encode(),
    }
    return Packaged(
        name=name, title=title, dialect=dialect, rows=len(table), inferred=inferred, files=files
    )


def slug(text: str) -> str:
    """A dataset's name from a file's: lower case, no accents, hyphens for the rest."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9_.]+|\.{2,}", "-", plain)
    name = re.sub(r"^[^a-z0-9]+", "", name)[:LONGEST_NAME].rstrip("-._")
    name = re.sub(r"\.lock$", "-lock", name)  # git keeps that ending for itself
    return name or NAMELESS


def written(value: Any) -> bytes:
    """JSON as a person would write it, so that its diffs can be read."""
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def registered(encoding: str) -> str:
    """The name of an encoding as the standards write it."""
    return IANA.get(encoding, encoding)


def _title(stem: str) -> str:
    text = stem.strip()
    return heading(text) if re.search(r"[A-Za-zÀ-ÿ]", text) else text or NAMELESS


def _descriptor(name: str, title: str, dialect: Dialect, inferred: Inferred) -> dict[str, Any]:
    resource: dict[str, Any] = {
        "name": name,
        "type": "table",
        "title": title,
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": registered(dialect.encoding),
        "dialect": {"delimiter": dialect.delimiter, "quoteChar": dialect.quote},
        "schema": f"schemas/{name}.json",
    }
    extension: dict[str, Any] = {"editable": bool(inferred.key)}
    if inferred.label:
        extension["label"] = inferred.label
    if inferred.geo:
        extension["geo"] = dict(zip(("latitude", "longitude"), inferred.geo, strict=True))
    resource["retouche"] = extension
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": name,
        "title": title,
        "resources": [resource],
        "retouche": {"locales": ["fr", "en"]},
    }


def _schema(name: str, title: str, inferred: Inferred) -> dict[str, Any]:
    return {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "name": name,
        "title": title,
        **inferred.schema,
    }

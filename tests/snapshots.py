"""Small snapshots for tests, made from rows of texts."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

from retouche.core.dialect import Dialect
from retouche.core.package import Resource
from retouche.core.reading.query import Query
from retouche.core.reading.selection import records, select
from retouche.core.reading.snapshot import Snapshot
from retouche.core.schema import Schema


def snapshot_of(
    fields: Sequence[Mapping[str, Any]],
    rows: Sequence[Sequence[str]],
    *,
    header: Sequence[str] | None = None,
    dialect: Dialect | None = None,
    extension: Mapping[str, Any] | None = None,
    **schema: Any,
) -> Snapshot:
    """A resource named `shops`; `schema` is the rest of the Table Schema."""
    dialect = dialect or Dialect()
    text = io.StringIO()
    writer = csv.writer(text, delimiter=dialect.delimiter, quoting=csv.QUOTE_ALL)
    writer.writerow(header if header is not None else [one["name"] for one in fields])
    writer.writerows(rows)
    resource = Resource(
        name="shops",
        path="shops.csv",
        schema=Schema.from_descriptor({"fields": list(fields), **schema}),
        dialect=dialect,
        extension=extension or {},
    )
    return Snapshot(resource, text.getvalue().encode(dialect.encoding))


def one_column(
    texts: Sequence[str], kind: str = "string", *, missing: Sequence[str] = ("",), **options: Any
) -> Snapshot:
    """A resource with the single field `f`."""
    field = {"name": "f", "type": kind, **options}
    return snapshot_of([field], [[text] for text in texts], missingValues=list(missing))


def asked(snapshot: Snapshot, *args: tuple[str, str]) -> list[dict[str, Any]]:
    """All the rows that a query finds."""
    query = Query.parse(args, snapshot.fields)
    return list(records(snapshot, select(snapshot, query), columns=query.columns))


def found(snapshot: Snapshot, *args: tuple[str, str]) -> list[str | None]:
    """The cells of `f` that a query finds."""
    return [row["f"] for row in asked(snapshot, *args)]

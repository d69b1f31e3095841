"""Downloads of rows as JSON, GeoJSON and CSV, of a selection and of fields that may be shown.

The whole CSV file as it was committed is handed out as it lies on disk, byte for byte.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, TypeVar

import orjson

from retouche.core.edited import Data
from retouche.core.errors import Malformed
from retouche.core.reading.places import Places
from retouche.core.reading.selection import Record, Selection, records
from retouche.core.reading.snapshot import Snapshot
from retouche.core.schema import Field

T = TypeVar("T")

BATCH = 500
PIECE = 1 << 18
BYTE_ORDER_MARK = "\ufeff"

# What spreadsheets take for a formula (OWASP, "CSV Injection"), full-width forms included.
FORMULA = re.compile("[=+\\-@\t\r\n\0＝＋－＠]")
PLAIN_NUMBER = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?(?:[eE][+-]?[0-9]+)?")


class Stored:
    """The bytes of a file, a piece at a time: they need not be in memory together."""

    def __init__(self, data: Data) -> None:
        self._data = data

    def __len__(self) -> int:
        return len(self._data)

    def __iter__(self) -> Iterator[bytes]:
        for low in range(0, len(self._data), PIECE):
            yield self._data[low : low + PIECE]


def to_json(
    snapshot: Snapshot, selection: Selection, *, columns: Sequence[str] | None = None
) -> Iterator[bytes]:
    """An array of rows, as the API gives them."""
    rows = records(snapshot, selection, columns=columns)
    return joined(b"[", batches(rows), b"]\n")


def to_geojson(
    snapshot: Snapshot,
    selection: Selection,
    *,
    columns: Sequence[str] | None = None,
    labels: str | None = None,
) -> Iterator[bytes]:
    """A FeatureCollection (RFC 7946). Raises `Malformed` when the rows have no place at all.

    With `labels`, a language, properties are named and filled by what readers call fields and
    values: for a map that shows them as they are. A label that two fields share is followed by
    the field's name.
    """
    places = snapshot.places
    if places is None:
        raise Malformed("no_position", resource=snapshot.resource.name)
    rows: Iterator[Record] = records(snapshot, selection, columns=columns)
    if labels is not None:
        rows = map(_labelled(snapshot.chosen(columns), labels), rows)
    features = (
        _feature(row, places, position)
        for row, position in zip(rows, selection.positions.tolist(), strict=True)
    )
    return joined(b'{"type":"FeatureCollection","features":[', batches(features), b"]}\n")


def to_csv(
    snapshot: Snapshot,
    selection: Selection,
    *,
    columns: Sequence[str] | None = None,
    spreadsheet: bool = False,
) -> Iterator[bytes]:
    """CSV (RFC 4180, UTF-8) with the file's delimiter and the file's own texts.

    For a spreadsheet, what it would take for a formula begins with an apostrophe, and a byte
    order mark says that this is UTF-8.
    """
    fields = snapshot.present if columns is None else snapshot.chosen(columns)
    header: Sequence[str] = [field.name for field in fields]
    rows: Iterator[Sequence[str]] = snapshot.texts_at(selection.positions, fields)
    if spreadsheet:
        header = [_guarded(name) for name in header]
        rows = ([_guarded(text) for text in row] for row in rows)
    mark = BYTE_ORDER_MARK if spreadsheet else ""
    return written_csv(header, rows, delimiter=snapshot.resource.dialect.delimiter, mark=mark)


def joined(head: bytes, batches: Iterable[list[Any]], tail: bytes) -> Iterator[bytes]:
    """JSON values of many batches as one array between a head and a tail."""
    before = head
    for batch in batches:
        yield before + orjson.dumps(batch)[1:-1]
        before = b",\n"
    yield head + tail if before is head else tail


def batches(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _labelled(fields: Sequence[Field], locale: str) -> Callable[[Record], Record]:
    labels = [one.label(locale) for one in fields]
    headings = {
        one.name: label if labels.count(label) == 1 else f"{label} ({one.name})"
        for one, label in zip(fields, labels, strict=True)
    }
    coded = {one.name: one for one in fields if one.display.get("values")}

    def labelled(row: Record) -> Record:
        return {
            headings.get(name, name): coded[name].value_label(cell, locale)
            if name in coded and isinstance(cell, str)
            else cell
            for name, cell in row.items()
        }

    return labelled


def _feature(row: Record, places: Places, position: int) -> dict[str, Any]:
    coordinates = places.position(position)
    geometry = None if coordinates is None else {"type": "Point", "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": row}


def written_csv(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, delimiter: str, mark: str = ""
) -> Iterator[bytes]:
    quote = '"' if delimiter != '"' else "'"
    for batch in batches(chain([header], rows)):
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=delimiter, quotechar=quote).writerows(batch)
        yield (mark + buffer.getvalue()).encode()
        mark = ""


def _guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    if FORMULA.match(text) and not PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text

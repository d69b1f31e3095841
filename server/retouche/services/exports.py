"""Downloads of rows: JSON, GeoJSON, CSV and XLSX, of a selection and of fields that may be shown.

The whole CSV file as it was committed is handed out as it lies on disk, byte for byte.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any, TypeVar

import orjson
import xlsxwriter

from retouche.core.edited import Data
from retouche.core.errors import Malformed, TooLarge
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

XLSX_ROWS = 1_048_575
XLSX_TEXT = 32_767
XLSX_CELLS = 2_000_000
"""Past this many cells a workbook takes longer to make than a reader should wait."""
XLSX_DIGITS = 15
SHEET_NAME = 31
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
# The same rows must give the same bytes: a workbook's creation time is not the clock's.
CREATED = datetime(2000, 1, 1)


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
    return _joined(b"[", _batches(rows), b"]\n")


def to_geojson(
    snapshot: Snapshot, selection: Selection, *, columns: Sequence[str] | None = None
) -> Iterator[bytes]:
    """A FeatureCollection (RFC 7946). Raises `Malformed` when the rows have no place at all."""
    places = snapshot.places
    if places is None:
        raise Malformed("no_position", resource=snapshot.resource.name)
    rows = records(snapshot, selection, columns=columns)
    features = (
        _feature(row, places, position)
        for row, position in zip(rows, selection.positions.tolist(), strict=True)
    )
    return _joined(b'{"type":"FeatureCollection","features":[', _batches(features), b"]}\n")


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
    fields = snapshot.chosen(columns)
    places = [snapshot.place_in_record(field.name) for field in fields]
    if columns is None:
        fields = tuple(one for one, at in zip(fields, places, strict=True) if at is not None)
        places = [at for at in places if at is not None]
    guard = _guarded if spreadsheet else _same
    header = [guard(field.name) for field in fields]
    absent = snapshot.resource.schema.missing_text
    rows = (
        [guard(_text(record, at, absent=absent)) for at in places]
        for record in snapshot.table.rows_at(selection.positions)
    )
    mark = BYTE_ORDER_MARK if spreadsheet else ""
    return _written(header, rows, delimiter=snapshot.resource.dialect.delimiter, mark=mark)


def to_xlsx(
    snapshot: Snapshot,
    selection: Selection,
    *,
    locale: str,
    columns: Sequence[str] | None = None,
) -> bytes:
    """A workbook of one sheet, headed by the labels of the fields.

    Only number and integer cells that a spreadsheet shows as they are become numbers; all else
    is text, never a formula or a link. A text longer than a cell can hold ends with `…`.
    Raises `TooLarge`.
    """
    fields = snapshot.chosen(columns)
    _check_size(selection.total, len(fields))
    rows = snapshot.rows(selection.positions, columns=[field.name for field in fields])
    result = io.BytesIO()
    with xlsxwriter.Workbook(result, {"constant_memory": True}) as book:
        book.set_properties({"created": CREATED})
        sheet = book.add_worksheet(
            re.sub(r"[\[\]:*?/\\']", "_", snapshot.resource.name)[:SHEET_NAME]
        )
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for at, field in enumerate(fields):
            sheet.write_string(0, at, _fitting(field.label(locale)), bold)
        readers = [_number_of(field) for field in fields]
        for line, row in enumerate(rows, start=1):
            for at, (text, number_of) in enumerate(zip(row.values(), readers, strict=True)):
                if text is None:
                    continue
                number = number_of(text)
                if number is None:
                    sheet.write_string(line, at, _fitting(text))
                else:
                    sheet.write_number(line, at, number)
    return result.getvalue()


def _joined(head: bytes, batches: Iterable[list[Any]], tail: bytes) -> Iterator[bytes]:
    """JSON values of many batches as one array between a head and a tail."""
    before = head
    for batch in batches:
        yield before + orjson.dumps(batch)[1:-1]
        before = b",\n"
    yield head + tail if before is head else tail


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _feature(row: Record, places: Places, position: int) -> dict[str, Any]:
    coordinates = places.position(position)
    geometry = None if coordinates is None else {"type": "Point", "coordinates": coordinates}
    return {"type": "Feature", "geometry": geometry, "properties": row}


def _text(record: Sequence[str], at: int | None, *, absent: str) -> str:
    if at is None:
        return absent
    return record[at] if at < len(record) else ""


def _written(
    header: Sequence[str], rows: Iterable[Sequence[str]], *, delimiter: str, mark: str
) -> Iterator[bytes]:
    quote = '"' if delimiter != '"' else "'"
    for batch in _batches(chain([header], rows)):
        buffer = io.StringIO()
        csv.writer(buffer, delimiter=delimiter, quotechar=quote).writerows(batch)
        yield (mark + buffer.getvalue()).encode()
        mark = ""


def _same(text: str) -> str:
    return text


def _guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    if FORMULA.match(text) and not PLAIN_NUMBER.fullmatch(text):
        return "'" + text
    return text


def _check_size(rows: int, fields: int) -> None:
    if rows > XLSX_ROWS:
        raise TooLarge("too_many_rows", limit=XLSX_ROWS, rows=rows)
    if rows * fields > XLSX_CELLS:
        raise TooLarge("too_many_cells", limit=XLSX_CELLS, cells=rows * fields)


def _fitting(text: str) -> str:
    return text if len(text) <= XLSX_TEXT else text[: XLSX_TEXT - 1] + "…"


def _number_of(field: Field) -> Callable[[str], float | None]:
    """Reads a cell as the number that a spreadsheet shows without loss, if it is one."""
    if field.type not in ("number", "integer"):
        return lambda _: None
    decimal = str(field.descriptor.get("decimalChar") or ".")
    group = str(field.descriptor.get("groupChar") or "")

    def number_of(text: str) -> float | None:
        plain = text.replace(group, "") if group else text
        if decimal != ".":
            if "." in plain:
                return None
            plain = plain.replace(decimal, ".")
        if not NUMBER.fullmatch(plain) or sum(map(str.isdigit, plain)) > XLSX_DIGITS:
            return None
        number = float(plain)
        return number if number or not plain.startswith("-") else None

    return number_of

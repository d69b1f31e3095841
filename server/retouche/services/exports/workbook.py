"""A workbook (XLSX) of rows, with a second sheet that says what its columns and values mean.

Cells of the first sheet stay what the file holds, so that a corrected copy can be compared with it:
what values are called stands in the second one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter

from retouche.core.comparing.likeness import FITTING, units
from retouche.core.errors import TooLarge
from retouche.core.messages.exports import LEGEND, TYPES, WORDS
from retouche.core.messages.wording import language
from retouche.core.reading.selection import Selection
from retouche.core.reading.snapshot import Snapshot
from retouche.core.schema import Field, in_language
from retouche.services.exports.numbers import number_reader

XLSX_ROWS = 1_048_575
XLSX_CELLS = 2_000_000
"""Past this many cells a workbook takes longer to make than a reader should wait."""
SHEET_NAME = 31
RESERVED = "history"
"""The name of a sheet that spreadsheets keep for themselves."""
MOST_VALUES = 10_000
"""Values that are told in the legend."""
# The same rows must give the same bytes: a workbook's creation time is not the clock's.
CREATED = datetime(2000, 1, 1)


def to_xlsx(
    snapshot: Snapshot,
    selection: Selection,
    *,
    locale: str,
    columns: Sequence[str] | None = None,
    legend: bool = True,
) -> bytes:
    """A workbook: the rows, headed by the labels of the fields, and a legend.

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
        bold = book.add_format({"bold": True})
        name = _sheet_name(snapshot.resource.name)
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for at, field in enumerate(fields):
            sheet.write_string(0, at, _fitting(field.label(locale)), bold)
        readers = [number_reader(field) for field in fields]
        for line, row in enumerate(rows, start=1):
            for at, (text, number_of) in enumerate(zip(row.values(), readers, strict=True)):
                if text is None:
                    continue
                number = number_of(text)
                if number is None:
                    sheet.write_string(line, at, _fitting(text))
                else:
                    sheet.write_number(line, at, number)
        if legend:
            _write_legend(book, fields, locale=locale, beside=name, bold=bold)
    return result.getvalue()


def _write_legend(
    book: xlsxwriter.Workbook, fields: Sequence[Field], *, locale: str, beside: str, bold: Any
) -> None:
    """A line for each column, and one for each value that has a label."""
    spoken = language(locale)
    name = LEGEND[spoken]
    sheet = book.add_worksheet(name if name.casefold() != beside.casefold() else f"{name} (2)")
    sheet.freeze_panes(1, 0)
    for at, heading in enumerate(WORDS[spoken]):
        sheet.write_string(0, at, heading, bold)
    for line, cells in enumerate(_legend(fields, locale), start=1):
        for at, text in enumerate(cells):
            if text:
                sheet.write_string(line, at, _fitting(text))


def _legend(fields: Sequence[Field], locale: str) -> Iterator[Sequence[str]]:
    """Column, name, type, unit, help; then column, name and each value with its label."""
    told = 0
    for field in fields:
        label = field.label(locale)
        unit = in_language(field.display.get("unit"), locale)
        type = TYPES[language(locale)].get(field.type, field.type)
        yield label, field.name, type, unit, field.help(locale), "", ""
        for value in list(field.display.get("values") or ())[: MOST_VALUES - told]:
            told += 1
            yield label, field.name, "", "", "", value, field.value_label(value, locale)


def _sheet_name(resource: str) -> str:
    name = re.sub(r"[\[\]:*?/\\']", "_", resource)[:SHEET_NAME]
    return f"{name}_" if name.casefold() == RESERVED else name


def _check_size(rows: int, fields: int) -> None:
    if rows > XLSX_ROWS:
        raise TooLarge("too_many_rows", limit=XLSX_ROWS, rows=rows)
    if rows * fields > XLSX_CELLS:
        raise TooLarge("too_many_cells", limit=XLSX_CELLS, cells=rows * fields)


def _fitting(text: str) -> str:
    """What a cell can hold of a text, which is counted in units of UTF-16."""
    if len(text) <= FITTING // 2 or units(text) <= FITTING:
        return text
    room = text.encode("utf-16-le", "surrogatepass")[: 2 * (FITTING - 1)]
    return room.decode("utf-16-le", "ignore") + "…"

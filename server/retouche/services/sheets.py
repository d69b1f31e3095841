"""Reading a corrected copy that is an XLSX workbook: the first sheet that has the key's columns.

Measures the archive before it is opened: a small file may unpack to an enormous one.
"""

from __future__ import annotations

import io
import threading
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, cast

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape

from retouche.core.comparing.headings import columns
from retouche.core.comparing.upload import Line, Note, Upload, Value, is_empty
from retouche.core.errors import RetoucheError, TooLarge, UnreadableFile
from retouche.core.messages.exports import LEGEND
from retouche.core.reading.snapshot import Snapshot

ARCHIVE = b"PK\x03\x04"
"""How the bytes of a workbook begin."""
LARGEST = 200_000_000
"""Bytes of a workbook once it is unpacked."""
RATIO = 100
"""Times that a large workbook may be larger than its archive; sheets reach a tenth of that."""
SMALL = 20_000_000
"""Bytes unpacked up to which no ratio is looked at."""
MOST_FILES = 2_000
MOST_ROWS = 1_048_576
MOST_COLUMNS = 2_000
MOST_CELLS = 1_000_000
"""Ten seconds of reading; a CSV of as many takes one."""
HEADER_WITHIN = 20
"""Rows at the top of a sheet in which its header is looked for."""
# `warnings` are the whole process's, so only one workbook is read with them turned off.
_QUIET = threading.Lock()


def read_xlsx(data: bytes, snapshot: Snapshot) -> Upload:
    """The rows of the first sheet whose header names the key, formulas as last computed.

    Raises `UnreadableFile`, and `TooLarge` for what would take too much to read.
    """
    _check_archive(data)
    with _QUIET, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return _read(data, snapshot)
        except RetoucheError:
            raise
        except Exception as error:
            # A damaged workbook fails anywhere in the library, as any kind of error.
            raise UnreadableFile("not_xlsx", detail=type(error).__name__) from None


def _check_archive(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError):
        raise UnreadableFile("not_xlsx") from None
    size = sum(one.file_size for one in files)
    if len(files) > MOST_FILES or size > LARGEST or size > max(SMALL, RATIO * len(data)):
        raise TooLarge("workbook_too_large", limit=LARGEST, cells=MOST_CELLS)


def _read(data: bytes, snapshot: Snapshot) -> Upload:
    book: Any = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    key, fields = snapshot.resource.schema.primary_key, snapshot.all_fields
    headings: list[str] = []
    try:
        for sheet in book.worksheets:
            for at, header in enumerate(_top(sheet)):
                if columns(header, fields).has(key):
                    lines = list(_lines(sheet, first=at + 2, width=len(header)))
                    return Upload(header=header, lines=lines, notes=_notes(book, sheet))
                headings = headings or [one for one in header if one]
    finally:
        book.close()
    raise UnreadableFile("upload_key_columns", expected=key, found=headings)


def _top(sheet: Any) -> Iterator[list[str]]:
    """The first rows as headings would read, without blanks at their end."""
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=HEADER_WITHIN, max_col=MOST_COLUMNS, values_only=True)
    for row in islice(rows, HEADER_WITHIN):
        header = ["" if is_empty(one) else str(_value(one)) for one in row]
        while header and not header[-1]:
            header.pop()
        yield header


def _lines(sheet: Any, *, first: int, width: int) -> Iterator[Line]:
    """The rows under the header that are not empty, one cell wider to see what stands beside."""
    cells = 0
    rows = sheet.iter_rows(min_row=first, max_row=MOST_ROWS, max_col=width + 1, values_only=True)
    for number, row in enumerate(rows, start=first):
        if row.count(None) == len(row) or all(map(is_empty, row)):
            continue
        cells += width
        if cells > MOST_CELLS:
            raise TooLarge("workbook_too_large", limit=LARGEST, cells=MOST_CELLS)
        yield Line(number=number, values=[_value(one) for one in row])


def _value(value: Any) -> Value:
    """A cell as it was meant: control characters are escaped in a workbook."""
    if isinstance(value, str):
        return unescape(value) if "_x" in value else value
    return cast(Value, value)


def _notes(book: Any, sheet: Any) -> Sequence[Note]:
    """That other sheets were not read; the legend of our own workbooks is not worth a word."""
    names = [one.title for one in book.worksheets if one.title != sheet.title]
    others = [one for one in names if one.removesuffix(" (2)") not in LEGEND.values()]
    return (Note(code="one_sheet", values={"sheet": sheet.title}),) if others else ()

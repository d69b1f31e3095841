"""The byte-level gate: what no parser may be left to guess about a data file.

Must be passed before anything reads the file as a table; knows nothing of types and rules.

Reasons and their values: `encoding` (encoding, offset, line, hint), `nul` (offset, line),
`quote` (line), `header` (name, position, problem "blank" or "duplicate"), `empty_file`,
`conflict_markers` (line), `lfs_pointer`, `not_csv` (kind), `dialect` (delimiter, found).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from retouche.core.cells import texts
from retouche.core.dialect import Dialect
from retouche.core.edited import Data
from retouche.core.errors import UnreadableFile
from retouche.core.tokenizer import BOM, Marks, Records, scan

if TYPE_CHECKING:
    from retouche.core.schema import Schema
    from retouche.core.table import Table

WIDE_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
SIGNATURES = (
    (b"PK\x03\x04", "zip"),  # also XLSX and ODS; the letters alone may be a column's name
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"7z\xbc\xaf", "7z"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"%PDF-", "pdf"),
    (b"PAR1", "parquet"),
    (b"ARROW1", "arrow"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
)
DOCUMENTS = (
    (re.compile(rb"\s*<(?:!doctype\s+html|html|head|body)\b", re.I), "html"),
    (re.compile(rb"\s*<(?:\?xml|svg|!--)", re.I), "xml"),
    (re.compile(rb'\s*(?:\{\s*["}]|\[\s*[\[{"])'), "json"),
)
LFS_POINTERS = (b"version https://git-lfs.github.com/spec/", b"version https://hawser.github.com/")
PLAUSIBLE_DELIMITERS = (",", ";", "\t", "|")
OPENING = b"<<<<<<< "
SAMPLE = 4096
PIECE = 1 << 22


def inspect(data: Data, dialect: Dialect) -> None:
    """Raise `UnreadableFile` unless the bytes are a CSV file of this dialect and encoding."""
    admit(data, dialect)


def admit(data: Data, dialect: Dialect) -> tuple[Records, tuple[str, ...]]:
    """The records and the header of a file that passes the gate."""
    check_start(data, dialect)
    _check_nul(data)
    _check_encoding(data, dialect)
    records = scan(data, dialect)
    _check_markers(data, records)
    if records.unclosed is not None:
        raise UnreadableFile("quote", line=line_at(data, records.unclosed))
    if not (records.stops > records.starts).any():
        raise UnreadableFile("empty_file")
    header = texts(data[records.starts[0] : records.stops[0]], dialect, Marks.of(dialect))
    check_header(header)
    return records, header


def check_start(data: Data, dialect: Dialect) -> None:
    """Refuse what its first bytes show to be something else."""
    _check_kind(data)
    _check_width(data, dialect)


def admits(piece: bytes, dialect: Dialect) -> bool:
    """Whether whole records that were put into a sound file leave it sound.

    No is no refusal: then the whole file has to be looked at.
    """
    if b"\0" in piece or OPENING in piece:
        return False
    try:
        piece.decode(dialect.encoding)
    except UnicodeDecodeError:
        return False
    return True


def is_marked(data: Data) -> bool:
    """Whether a line begins as an unfinished git merge would leave it, in a cell or not."""
    return _marked_line(data, OPENING, 0) >= 0


def check_header(header: Sequence[str]) -> None:
    """Refuse a header with a blank or repeated name: cells could not be addressed."""
    seen: set[str] = set()
    for position, name in enumerate(header, 1):
        if not name.strip():
            raise UnreadableFile("header", name=name, position=position, problem="blank")
        if name in seen:
            raise UnreadableFile("header", name=name, position=position, problem="duplicate")
        seen.add(name)


def expect_header(table: Table, schema: Schema) -> None:
    """Refuse a file that was plainly written with another delimiter than the declared one.

    A header that merely lacks or adds columns is the verdict's to report.
    """
    if len(table.header) != 1 or len(schema.fields) < 2 or table.header[0] in schema.by_name:
        return
    declared, only = table.dialect.delimiter, table.header[0]
    others = [sign for sign in PLAUSIBLE_DELIMITERS if sign != declared and sign in only]
    if others:
        found = max(others, key=only.count)
        raise UnreadableFile("dialect", delimiter=declared, found=found)


def line_at(data: Data, offset: int) -> int:
    """The physical line (from 1) of a byte; LF, CRLF and lone CR end lines."""
    before = data[:offset]
    lone = before.count(b"\r") - before.count(b"\r\n")
    if before.endswith(b"\r") and data[offset : offset + 1] == b"\n":
        lone -= 1
    return before.count(b"\n") + lone + 1


def _check_kind(data: Data) -> None:
    start = data[:SAMPLE].removeprefix(BOM)
    if start.startswith(LFS_POINTERS):
        raise UnreadableFile("lfs_pointer")
    kind = next((kind for mark, kind in SIGNATURES if data[: len(mark)] == mark), None)
    if kind is None:
        kind = next((kind for pattern, kind in DOCUMENTS if pattern.match(start)), None)
    if kind is not None:
        raise UnreadableFile("not_csv", kind=kind)


def _check_width(data: Data, dialect: Dialect) -> None:
    """Find UTF-16 and UTF-32, by their mark or by where the NULs stand."""
    hint = next((name for mark, name in WIDE_MARKS if data[: len(mark)] == mark), None)
    sample = np.frombuffer(data[: min(SAMPLE, len(data) // 4 * 4)], np.uint8)
    if hint is None and len(sample):
        full = (sample.reshape(-1, 4) == 0).mean(axis=0) > 0.6
        if full.sum() in (2, 3):
            hint = "utf-16" if (full[:2] == full[2:]).all() else "utf-32"
    if hint is not None:
        raise UnreadableFile("encoding", encoding=dialect.encoding, offset=0, line=1, hint=hint)


def _check_nul(data: Data) -> None:
    offset = data.find(b"\0")
    if offset >= 0:
        raise UnreadableFile("nul", offset=offset, line=line_at(data, offset))


def _check_encoding(data: Data, dialect: Dialect) -> None:
    if data[: len(BOM)] == BOM and dialect.encoding != "utf-8":
        raise UnreadableFile("encoding", encoding=dialect.encoding, offset=0, line=1, hint="utf-8")
    low = 0
    while low < len(data):
        high = _character_border(data, low + PIECE, dialect)
        piece = data[low:high]
        try:
            if not piece.isascii():
                piece.decode(dialect.encoding)
        except UnicodeDecodeError as problem:
            offset = low + problem.start
            raise UnreadableFile(
                "encoding",
                encoding=dialect.encoding,
                offset=offset,
                line=line_at(data, offset),
                hint=None,
            ) from None
        low = high


def _character_border(data: Data, offset: int, dialect: Dialect) -> int:
    """The last border of two UTF-8 characters at or before `offset`."""
    if offset >= len(data):
        return len(data)
    if dialect.encoding != "utf-8":
        return offset
    back = next((back for back in range(4) if data[offset - back] & 0xC0 != 0x80), 0)
    return offset - back


def _check_markers(data: Data, records: Records) -> None:
    """Find the three marks of an unfinished git merge, in order, each at the start of a line.

    One at least must start a record: a quoted cell may hold such text, and our writer quotes a
    first cell that begins so.
    """
    opened = _marked_line(data, OPENING, 0)
    middle = _marked_line(data, b"=======", opened + 1) if opened >= 0 else -1
    closed = _marked_line(data, b">>>>>>> ", middle + 1) if middle >= 0 else -1
    if closed < 0:
        return
    offsets = np.array([opened, middle, closed])
    places = np.minimum(np.searchsorted(records.starts, offsets), len(records.starts) - 1)
    if (records.starts[places] == offsets).any():
        raise UnreadableFile("conflict_markers", line=line_at(data, opened))


def _marked_line(data: Data, mark: bytes, begin: int) -> int:
    """The offset of the first line from `begin` on that starts with a mark, or -1."""
    while True:
        found = data.find(mark, begin)
        if found < 0:
            return -1
        follows = data[found + len(mark) : found + len(mark) + 1]
        starts = found == 0 or data[found - 1] in b"\r\n" or (found == 3 and data[:3] == BOM)
        if starts and (mark.endswith(b" ") or follows in (b"", b"\r", b"\n")):
            return found
        begin = found + len(mark)

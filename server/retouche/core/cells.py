"""One cell or one record: its bytes, its text, and back. Knows no file and no schema."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence

from retouche.core.dialect import Dialect
from retouche.core.operations import Cell
from retouche.core.tokenizer import Marks

# A record that begins so would look like a leftover of a git merge (see gate.py).
MERGE_MARKS = ("<<<<<<<", "=======", ">>>>>>>")


def spans(record: bytes, marks: Marks) -> list[tuple[int, int]]:
    """Begin and end of every cell of a record's content, quotes included."""
    quote, delimiter = marks.quote, marks.delimiter
    found: list[tuple[int, int]] = []
    begin, size = 0, len(delimiter)
    while True:
        free = begin
        if quote is not None and record.startswith(quote, begin):
            free = _closing(record, quote, begin + len(quote))
        stop = record.find(delimiter, free)
        if stop < 0:
            found.append((begin, len(record)))
            return found
        found.append((begin, stop))
        begin = stop + size


def _closing(record: bytes, quote: bytes, begin: int) -> int:
    """The offset behind the quote that closes a cell whose text starts at `begin`."""
    size = len(quote)
    while True:
        found = record.find(quote, begin)
        if found < 0:
            return len(record)
        begin = found + size
        if not record.startswith(quote, begin):
            return begin
        begin += size


def unquote(text: str, quote: str | None) -> str:
    """The value of a cell as it is written."""
    if quote is None or not text.startswith(quote):
        return text
    inner = text[1:-1]
    if len(text) > 1 and text[-1] == quote and quote not in inner:
        return inner
    at = 1
    while True:
        at = text.find(quote, at)
        if at < 0:
            return text[1:].replace(quote * 2, quote)
        if text[at + 1 : at + 2] != quote:
            # What follows a closing quote is plain text, quotes included, as in Python's csv.
            return text[1:at].replace(quote * 2, quote) + text[at + 1 :]
        at += 2


def texts(record: bytes, dialect: Dialect, marks: Marks) -> tuple[str, ...]:
    """The values of a record's content."""
    quote = dialect.quote
    if marks.quote is None or marks.quote not in record:
        return tuple(record.decode(dialect.encoding).split(dialect.delimiter))
    if len(record) < csv.field_size_limit():
        line = record.decode(dialect.encoding)
        return tuple(next(reader((line,), dialect)))
    return tuple(
        unquote(record[begin:stop].decode(dialect.encoding), quote)
        for begin, stop in spans(record, marks)
    )


def reader(lines: Iterable[str], dialect: Dialect) -> Iterator[list[str]]:
    """Python's csv reader for a dialect. Fails on cells above `csv.field_size_limit()`."""
    if dialect.quote is None:
        return csv.reader(lines, delimiter=dialect.delimiter, quoting=csv.QUOTE_NONE)
    return csv.reader(lines, delimiter=dialect.delimiter, quotechar=dialect.quote)


def needs_quotes(text: str, dialect: Dialect) -> bool:
    """Whether a value would be read as something else if it were written bare."""
    return (
        dialect.delimiter in text
        or "\n" in text
        or "\r" in text
        or (dialect.quote is not None and dialect.quote in text)
    )


def written(text: str, dialect: Dialect, *, quoted: bool) -> str:
    """A cell as it stands in the file. The dialect must know quotes if `quoted`."""
    quote = dialect.quote
    if not quoted or quote is None:
        return text
    return quote + text.replace(quote, quote * 2) + quote


def record_text(cells: Sequence[Cell], dialect: Dialect) -> str:
    """A row as one readable line, for people who compare rows; never goes into a file."""
    return dialect.delimiter.join(
        written(cell or "", dialect, quoted=needs_quotes(cell or "", dialect)) for cell in cells
    )

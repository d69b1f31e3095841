"""Reading a corrected copy that is a CSV: in the file's own dialect, else in a guessed one.

Refuses what is no table; never guesses in silence.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from retouche.core.comparing.headings import columns
from retouche.core.comparing.upload import Line, Note, Upload, is_empty
from retouche.core.dialect import Dialect
from retouche.core.errors import TooLarge, UnreadableFile
from retouche.core.gate import check_start, line_at
from retouche.core.guessing.sniffing import DELIMITERS, guess
from retouche.core.reading.snapshot import Snapshot
from retouche.core.tokenizer import BOM, scan

WIDE = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
NAMES = {"\t": "tab"}
LONGEST_LINE = 1_000_000
"""Letters of a line; a row is a few cells, each of which a proposal may hardly fill so."""
MOST_COLUMNS = 16_384
"""As wide as spreadsheets are: some write all of their empty columns too."""
MOST_EMPTY = 100_000
"""Empty lines that are passed over."""
MOST_NEW = 100_000
"""Rows beyond as many as are published: far more than any proposal may add."""


def read_csv(data: bytes, snapshot: Snapshot) -> Upload:
    """The rows of a CSV that has the key columns of a published file.

    Raises `UnreadableFile` and `TooLarge`.
    """
    own = snapshot.resource.dialect
    narrow, encoding = _narrow(data)
    dialect = own if encoding is None and _reads_as_own(narrow, own) else None
    if dialect is None:
        dialect = replace(guess(narrow, encoding=encoding and "utf-8").dialect, quote=own.quote)
    text = _text(narrow, dialect)
    found = _with_delimiter(text, dialect, own, snapshot)
    dialect = replace(dialect, delimiter=found)
    most = len(snapshot) + MOST_NEW
    try:
        lines = list(islice(_lines(text, dialect), most + 2))
    except TooLarge as error:
        if error.reason == "cell_too_long":
            _check_quotes(narrow, dialect)
        raise
    if not lines:
        raise UnreadableFile("empty_file")
    if len(lines) > most + 1:
        raise TooLarge("too_many_new_rows", limit=MOST_NEW)
    _check_quotes(narrow, dialect)
    header = _header(lines[0])
    assumed = (encoding or dialect.encoding, dialect.delimiter)
    notes = () if assumed == (own.encoding, own.delimiter) else (_assumed(*assumed),)
    return Upload(header=header, lines=lines[1:], notes=notes)


def _narrow(data: bytes) -> tuple[bytes, str | None]:
    """UTF-16 as UTF-8, with its name; all else as it is."""
    for mark, encoding in WIDE:
        if data.startswith(mark) and not data.startswith(codecs.BOM_UTF32_LE):
            try:
                return data.decode(encoding).encode("utf-8"), encoding
            except UnicodeError:
                raise UnreadableFile(
                    "encoding", encoding=encoding, offset=0, line=1, hint=None
                ) from None
    return data, None


def _reads_as_own(data: bytes, own: Dialect) -> bool:
    """Whether the bytes are text in the file's own encoding.

    Any bytes are text in an encoding of one byte a letter; what is UTF-8 beside ASCII is not
    taken for one of those.
    """
    if own.encoding != "utf-8" and not data.isascii() and _decodes(data, "utf-8"):
        return False
    return _decodes(data, own.encoding)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _text(data: bytes, dialect: Dialect) -> str:
    check_start(data, dialect)
    offset = data.find(b"\0")
    if offset >= 0:
        raise UnreadableFile("nul", offset=offset, line=line_at(data, offset))
    try:
        return data.removeprefix(BOM).decode(dialect.encoding)
    except UnicodeDecodeError as error:
        line = line_at(data, error.start)
        raise UnreadableFile(
            "encoding", encoding=dialect.encoding, offset=error.start, line=line, hint=None
        ) from None


def _with_delimiter(text: str, dialect: Dialect, own: Dialect, snapshot: Snapshot) -> str:
    """The delimiter under which the header names the key: the file's own, the guessed one, any."""
    key, fields = snapshot.resource.schema.primary_key, snapshot.all_fields
    for delimiter in dict.fromkeys((own.delimiter, dialect.delimiter, *DELIMITERS)):
        first = next(_lines(text, replace(dialect, delimiter=delimiter)), None)
        if first is None:
            raise UnreadableFile("empty_file")
        try:
            if columns(_header(first), fields).has(key):
                return delimiter
        except UnreadableFile:
            continue
    return dialect.delimiter


def _check_quotes(data: bytes, dialect: Dialect) -> None:
    unclosed = scan(data, dialect).unclosed
    if unclosed is not None:
        raise UnreadableFile("quote", line=line_at(data, unclosed))


def _lines(text: str, dialect: Dialect) -> Iterator[Line]:
    """The records that are not empty, and the line of the file on which each begins."""
    reader = csv.reader(
        _bounded(text),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
    )
    number, empty = 1, 0
    try:
        for record in reader:
            if len(record) > MOST_COLUMNS:
                raise TooLarge("too_many_columns", limit=MOST_COLUMNS)
            if not all(map(is_empty, record)):
                yield Line(number=number, values=record)
            else:
                empty += 1
                if empty > MOST_EMPTY:
                    raise TooLarge("too_many_empty_lines", limit=MOST_EMPTY)
            number = reader.line_num + 1
    except csv.Error:
        raise TooLarge("cell_too_long", limit=csv.field_size_limit()) from None


def _bounded(text: str) -> Iterator[str]:
    """The lines of a text, none so long that its cells fill the memory."""
    for line in io.StringIO(text, newline=""):
        if len(line) > LONGEST_LINE:
            raise TooLarge("line_too_long", limit=LONGEST_LINE)
        yield line


def _header(line: Line) -> list[str]:
    """The headings, without those at the end that are blank."""
    header = [str(one) for one in line.values]
    while header and not header[-1].strip():
        header.pop()
    return header


def _assumed(encoding: str, delimiter: str) -> Note:
    values = {"encoding": encoding, "delimiter": NAMES.get(delimiter, delimiter)}
    return Note(code="assumed_dialect", values=values)

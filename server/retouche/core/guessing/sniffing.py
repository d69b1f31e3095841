"""A guess of how a CSV file is written, with how sure it is.

For `init`, and for copies saved elsewhere: once a data package says the dialect and encoding of
its files, nothing guesses them again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from retouche.core.dialect import Dialect, known_encoding
from retouche.core.gate import inspect
from retouche.core.tokenizer import BOM

Doubt = Literal["encoding", "delimiter", "header"]

DELIMITERS = (",", ";", "\t", "|")
SAMPLED_BYTES = 1_000_000
SAMPLED_RECORDS = 2_000
# A file in which fewer records have the header's number of cells is not surely a table.
CONSISTENT = 0.9

# What French and its typography need beyond ASCII; other letters may be another alphabet's.
LETTERS = frozenset("ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸŒÆàâäçéèêëîïôöùûüÿœæ«»°’‘“”–—…•€²³½£§·\u00a0")
# A name in a header says something; a number (but a year), a date or an address is data.
DATA = re.compile(
    r"(?!(18|19|20|21)\d\d$)\d+|[-+]?\d+[.,]\d+|\d{1,4}[-/]\d{1,2}[-/]\d{1,4}|\S+@\S+|https?:\S*"
)


@dataclass(frozen=True, slots=True)
class Sniffed:
    """A proposed dialect, and what about it is not certain."""

    dialect: Dialect
    doubts: tuple[Doubt, ...] = ()

    @property
    def certain(self) -> bool:
        return not self.doubts


def sniff(data: bytes, *, encoding: str | None = None, delimiter: str | None = None) -> Sniffed:
    """Propose the dialect of a file; what is given is taken as it is.

    Raises `UnreadableFile` where no dialect would make the bytes a CSV file.
    """
    found = guess(data, encoding=encoding, delimiter=delimiter)
    inspect(data, found.dialect)
    return found


def guess(data: bytes, *, encoding: str | None = None, delimiter: str | None = None) -> Sniffed:
    """The same, without looking whether the bytes are a CSV file at all."""
    doubts: list[Doubt] = []
    if encoding is None:
        encoding, sure = _encoding(data)
        doubts += [] if sure else ["encoding"]
    encoding = known_encoding(encoding)
    text = _sample(data, Dialect(encoding=encoding))
    if delimiter is None:
        delimiter, sure = _delimiter(text)
        doubts += [] if sure else ["delimiter"]
    dialect = Dialect(delimiter=delimiter, encoding=encoding)
    return Sniffed(dialect, (*doubts, *(() if _has_names(text, delimiter) else ("header",))))


def _encoding(data: bytes) -> tuple[str, bool]:
    """UTF-8 when it is; else the Windows encoding, sure when it reads as French."""
    try:
        data.decode("utf-8-sig")
        return "utf-8", True
    except UnicodeDecodeError:
        read = data.decode("utf-8", errors="replace")
    broken = read.count("\ufffd")
    if len(read) - len(read.encode("ascii", errors="ignore")) - broken > 4 * broken:
        return "utf-8", True  # with damage, which the gate tells; no other encoding reads it right
    try:
        windows = {byte: bytes([byte]).decode("cp1252") for byte in set(data) if byte > 0x7F}
    except UnicodeDecodeError:
        return "iso8859-1", False
    plausible = set(windows.values()) <= LETTERS
    # 0xA4 is ¤ in one and € in the other; 0x80–0x9F are letters only in cp1252.
    same = all(
        letter == bytes([byte]).decode("iso8859-15")
        for byte, letter in windows.items()
        if byte > 0x9F
    )
    return "cp1252", plausible and same


def _sample(data: bytes, dialect: Dialect) -> str:
    """The first records as text; what cannot be read is the gate's to tell."""
    text = data[:SAMPLED_BYTES].removeprefix(BOM).decode(dialect.encoding, errors="replace")
    if len(data) <= SAMPLED_BYTES:
        return text
    return text[: max(text.rfind("\n"), text.rfind("\r")) + 1] or text


def _delimiter(text: str) -> tuple[str, bool]:
    """The delimiter that cuts most records like the header; sure when no other comes near."""
    scores = {one: _consistency(text, one) for one in DELIMITERS}
    best = max(DELIMITERS, key=lambda one: scores[one])
    share, width = scores[best]
    if width < 2:
        return ",", _one_column(text)
    rivals = [scores[one] for one in DELIMITERS if one != best and scores[one][1] > 1]
    return best, share >= CONSISTENT and all(other[0] < share for other in rivals)


def _consistency(text: str, delimiter: str) -> tuple[float, int]:
    """The share of records with as many cells as the header, and that number."""
    width = same = total = 0
    try:
        for record in _records(text, delimiter):
            if not record:
                continue
            width = width or len(record)
            same += len(record) == width
            total += 1
    except csv.Error:
        return 0.0, width
    return (same / total, width) if width > 1 else (0.0, width)


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return islice(reader, SAMPLED_RECORDS)


def _one_column(text: str) -> bool:
    """Whether this reads as a list of values under one name, rather than as prose."""
    lines = text.split("\n")[:SAMPLED_RECORDS]
    name = lines[0].strip().strip('"')
    return re.fullmatch(r"[\w.-]{1,60}", name) is not None and not any(
        delimiter in line for line in lines for delimiter in DELIMITERS
    )


def _has_names(text: str, delimiter: str) -> bool:
    try:
        header = next(_records(text, delimiter), [])
    except csv.Error:
        return True
    return not any(DATA.fullmatch(cell.strip()) for cell in header)

"""Where records lie in the bytes of a CSV file, by the rules of Python's `csv` module.

Works on the whole file with numpy, block by block; must not make an object per record or cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from retouche.core.dialect import Dialect
from retouche.core.edited import Data
from retouche.core.errors import BadDataset

Offsets: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]
Octets: TypeAlias = npt.NDArray[np.uint8]

BOM = b"\xef\xbb\xbf"
LF, CR = 10, 13
BLOCK = 1 << 20  # a block and its offsets stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Marks:
    """Delimiter and quote as they stand in the bytes of the file."""

    delimiter: bytes
    quote: bytes | None

    @classmethod
    def of(cls, dialect: Dialect) -> Marks:
        try:
            delimiter = dialect.delimiter.encode(dialect.encoding)
        except UnicodeEncodeError:
            raise BadDataset("dialect_delimiter", delimiter=dialect.delimiter) from None
        try:
            quote = None if dialect.quote is None else dialect.quote.encode(dialect.encoding)
        except UnicodeEncodeError:
            raise BadDataset("dialect_quote", quote=dialect.quote) from None
        return cls(delimiter, quote)


@dataclass(frozen=True, slots=True)
class Records:
    """Offsets of all records, the header first and blank lines included.

    Record `i` is `data[starts[i]:stops[i]]`, with its line ending `data[starts[i]:ends[i]]`, and
    begins on the physical line `lines[i]` (from 1). `unclosed` is the offset of a quote that
    nothing closes, None in a sound file.
    """

    starts: Offsets
    stops: Offsets
    ends: Offsets
    lines: Offsets
    unclosed: int | None


def first_offset(data: Data, dialect: Dialect) -> int:
    """Where the text begins: after the byte order mark, if there is one."""
    return len(BOM) if dialect.encoding == "utf-8" and data[: len(BOM)] == BOM else 0


def scan(data: Data, dialect: Dialect, *, first: int | None = None) -> Records:
    """Find every record from `first` on, where one begins; else of the whole file.

    Never raises on content.
    """
    view = np.frombuffer(data, np.uint8)
    if first is None:
        first = first_offset(data, dialect)
    quotes = Quotes(view, Marks.of(dialect), first)
    has_quotes = quotes.mark is not None and data.find(quotes.mark) >= 0
    inside, counted = False, 0
    found: list[Offsets] = []
    numbers: list[Offsets] = []
    for low, high in _blocks(data, first):
        ends = line_ends(view, low, high)
        order = np.arange(counted + 1, counted + 1 + len(ends))
        counted += len(ends)
        if has_quotes:
            flips = quotes.flips(low, high, inside=inside)
            outside = (np.searchsorted(flips, ends) + inside) % 2 == 0
            ends, order = ends[outside], order[outside]
            inside = bool((len(flips) + inside) % 2)
        found.append(ends)
        numbers.append(order)
    unclosed = _opening(quotes, data, first) if inside else None
    return _records(view, first, np.concatenate(found), np.concatenate(numbers), unclosed)


def _records(
    view: Octets, first: int, ends: Offsets, numbers: Offsets, unclosed: int | None
) -> Records:
    if (len(ends) == 0 or ends[-1] != len(view)) and len(view) > first:
        ends, numbers = np.append(ends, len(view)), np.append(numbers, 0)
    starts = np.concatenate((np.array([first], np.int64), ends))[: len(ends)]
    lines = np.concatenate((np.array([0], np.int64), numbers))[: len(ends)] + 1
    stops = ends - _ending_lengths(view, starts, ends)
    return Records(starts, stops, ends, lines, unclosed)


def _ending_lengths(view: Octets, starts: Offsets, ends: Offsets) -> Offsets:
    if len(ends) == 0:
        return ends
    last = view[ends - 1]
    lengths: Offsets = ((last == LF) | (last == CR)).astype(np.int64)
    pairs = (last == LF) & (ends - starts >= 2)
    lengths[pairs] += view[ends[pairs] - 2] == CR
    return lengths


def _blocks(data: Data, first: int) -> Iterator[tuple[int, int]]:
    """Cut the file behind line ends, so that no run of quotes and no CRLF is cut in two."""
    mark = b"\n" if data.find(b"\n") >= 0 else b"\r"
    low = first
    while True:
        high = data.find(mark, low + BLOCK) + 1 or len(data)
        yield low, high
        if high >= len(data):
            return
        low = high


def line_ends(view: Octets, low: int, high: int) -> Offsets:
    """Offsets behind every LF, CRLF and lone CR of a block, in quotes or not.

    The block must not end between a CR and its LF.
    """
    block = view[low:high]
    feeds = block == LF
    returns = block == CR
    if returns.any():
        returns[:-1] &= ~feeds[1:]
        feeds |= returns
    ends: Offsets = np.flatnonzero(feeds) + (low + 1)
    return ends


def occurrences(view: Octets, low: int, high: int, mark: bytes) -> Offsets:
    """Offsets of a mark in a block; a character's bytes never overlap another's in UTF-8."""
    found = np.flatnonzero(view[low:high] == mark[0]) + low
    for place, octet in enumerate(mark[1:], 1):
        found = found[found + place < high]
        found = found[view[found + place] == octet]
    return found


class Quotes:
    """Where the quoted state of a file begins and ends."""

    def __init__(self, view: Octets, marks: Marks, first: int):
        self.view = view
        self.mark = marks.quote
        self.delimiter = marks.delimiter
        self.first = first
        self._before = np.zeros(256, np.bool_)
        self._before[[LF, CR]] = True
        if self.mark is not None and len(self.mark) == len(self.delimiter) == 1:
            self._before[[self.mark[0], self.delimiter[0]]] = True
            self._single = True
        else:
            self._single = False

    def flips(self, low: int, high: int, *, inside: bool = False) -> Offsets:
        """Offsets where the state changes between outside and inside quotes, in order.

        `inside` is the state at `low`. Doubled quotes may appear as two flips side by side.
        """
        if self.mark is None:
            return np.empty(0, np.int64)
        return self.among(occurrences(self.view, low, high, self.mark), inside=inside)

    def among(self, quotes: Offsets, *, inside: bool = False) -> Offsets:
        """The same, given the offsets of all quotes of a block."""
        if len(quotes) == 0 or (self._single and self._regular(quotes, inside)):
            return quotes
        return self._exact(quotes, inside)

    def exact_flips(self, low: int, high: int, *, inside: bool = False) -> Offsets:
        """Like `flips`, without those of doubled quotes."""
        if self.mark is None:
            return np.empty(0, np.int64)
        return self._exact(occurrences(self.view, low, high, self.mark), inside)

    def _regular(self, quotes: Offsets, inside: bool) -> bool:
        """Every quote that would open a cell stands where one may: no stray quotes to follow."""
        opening = quotes[int(inside) :: 2]
        if len(opening) and opening[0] == self.first:
            opening = opening[1:]
        return bool(self._before[self.view[opening - 1]].all())

    def _exact(self, quotes: Offsets, inside: bool) -> Offsets:
        """Follow the csv module through stray quotes, without a loop.

        A run of adjacent quotes of even length never changes the state. One of odd length
        changes it at the start of a field (it opens outside, closes inside); anywhere else it
        always leaves the state outside, because outside it is plain text.
        """
        if len(quotes) == 0:
            return quotes
        width = len(self.mark or b"")
        heads = np.flatnonzero(np.diff(quotes, prepend=quotes[0] - width - 1) != width)
        lengths = np.diff(heads, append=len(quotes))
        runs = quotes[heads[lengths % 2 == 1]]
        toggles = self._at_field_start(runs)
        count = np.cumsum(toggles)
        since = np.maximum.accumulate(np.where(toggles, -1, count))
        after = np.where(since < 0, count + inside, count - since) % 2
        before = np.concatenate((np.array([inside], after.dtype), after))[: len(after)]
        flips: Offsets = runs[after != before]
        return flips

    def _at_field_start(self, offsets: Offsets) -> Flags:
        size = len(self.delimiter)
        starts: Flags = offsets == self.first
        previous = self.view[np.maximum(offsets - 1, 0)]
        starts |= (previous == LF) | (previous == CR)
        follows = offsets - size >= self.first
        for place, octet in enumerate(self.delimiter):
            follows &= self.view[np.maximum(offsets - size + place, 0)] == octet
        return starts | follows


def _opening(quotes: Quotes, data: Data, first: int) -> int:
    """The offset of the quote that was opened and never closed."""
    inside, opened = False, first
    for low, high in _blocks(data, first):
        flips = quotes.exact_flips(low, high, inside=inside)
        if len(flips):
            opened = int(flips[-1])
        inside = bool((len(flips) + inside) % 2)
    return opened

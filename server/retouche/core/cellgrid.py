"""Where the cells of a file lie, a block of records at a time: the columns as spans of bytes.

Follows the quotes as Python's `csv` does; never makes an object per record or cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from retouche.core.cells import unquote
from retouche.core.coded.coding import copy
from retouche.core.coded.words import WORD
from retouche.core.dialect import Dialect
from retouche.core.edited import Data
from retouche.core.spans import Cells
from retouche.core.tokenizer import Flags, Marks, Octets, Offsets, Quotes, first_offset, occurrences

Counts: TypeAlias = NDArray[np.int32]
BLOCK = 1 << 20  # a block and its offsets stay in the processor's cache
MARGIN = 2 * WORD
"""Cells that are copied begin behind so many bytes, so that every one can be read by words."""


class CellGrid:
    """The cells of the records of a file, given the offsets of these."""

    def __init__(self, data: Data, dialect: Dialect, *, starts: Offsets, stops: Offsets) -> None:
        self.view: Octets = np.frombuffer(data, np.uint8)
        self.dialect = dialect
        self.marks = Marks.of(dialect)
        self.quotes = Quotes(self.view, self.marks, first_offset(data, dialect))
        self.starts = starts
        self.stops = stops

    def blocks(self, *, size: int = BLOCK) -> Iterator[Block]:
        """All records, in blocks of about `size` bytes."""
        low = 0
        while low < len(self.starts):
            bound = self.starts[low] + size
            high = max(int(np.searchsorted(self.stops, bound, side="right")), low + 1)
            yield Block(self, low, high)
            low = high

    def text(self, cells: Cells, place: int) -> str:
        """The text of one of some cells of this file."""
        text = cells.content(place).decode(self.dialect.encoding)
        awkward = cells.awkward is not None and cells.awkward[place]
        return unquote(text, self.dialect.quote) if awkward else text

    def texts(self, cells: Cells) -> list[str]:
        """The texts of some cells of this file."""
        encoding, quote = self.dialect.encoding, self.dialect.quote
        found = [content.decode(encoding) for content in cells.contents()]
        if cells.awkward is not None:
            for place in np.flatnonzero(cells.awkward).tolist():
                found[place] = unquote(found[place], quote)
        return found

    def settled(self, cells: Cells) -> Cells:
        """The same texts, none of them awkward; copied where some were."""
        if cells.awkward is None:
            return cells
        awkward, plain = np.flatnonzero(cells.awkward), np.flatnonzero(~cells.awkward)
        encoding = self.dialect.encoding
        others = [text.encode(encoding) for text in self.texts(cells.at(awkward))]
        lengths = cells.lengths
        lengths[awkward] = [len(one) for one in others]
        stops = np.cumsum(lengths) + MARGIN
        begins = stops - lengths
        heap = np.zeros(int(stops[-1]), np.uint8)
        copy(cells.view, cells.begins[plain], cells.stops[plain], into=heap, at=begins[plain])
        for place, content in zip(awkward.tolist(), others, strict=True):
            heap[begins[place] : stops[place]] = np.frombuffer(content, np.uint8)
        return Cells(heap, begins, stops)


class Block:
    """The records `low` to `high`. `counts` is how many cells each has, `even` whether all have
    as many, and then how many."""

    def __init__(self, grid: CellGrid, low: int, high: int) -> None:
        self.low, self.high = low, high
        self.grid = grid
        self.starts, self.stops = grid.starts[low:high], grid.stops[low:high]
        begin, end = int(self.starts[0]), int(self.stops[-1])
        self._quotes_before: Counts = np.zeros(0, np.int32)
        self._quotes_at_starts = self._quotes_at_stops = self._quotes_before
        self._quoted = self._find(begin, end)
        self._before = np.searchsorted(self.delimiters, self.starts)
        self.counts = np.searchsorted(self.delimiters, self.stops) - self._before + 1
        self.even: int | None = int(self.counts[0])
        if (self.counts != self.even).any():
            self.even = None
        # One more, never used, so that every look-up stays in range.
        self._ends = np.append(self.delimiters, end)
        if self._quoted:
            self._quotes_before = np.append(self._quotes_before, np.int32(0))

    def __len__(self) -> int:
        return self.high - self.low

    def cells(self, column: int) -> Cells:
        """One cell of every record; an empty one where a record is too short."""
        view, size = self.grid.view, len(self.grid.marks.delimiter)
        stops, quotes_in = self._edges(column)
        if column:
            ends, quotes_out = self._edges(column - 1)
            begins = ends + size
            if self.even is None or column >= self.even:
                begins = np.minimum(begins, stops)
        else:
            begins, quotes_out = self.starts, self._quotes_at_starts if self._quoted else None
        if quotes_in is None or quotes_out is None:
            return Cells(view, begins, stops)
        within = quotes_in - quotes_out
        if not within.any():
            return Cells(view, begins, stops)
        return self._bare(begins, stops, within)

    def places_of(self, offsets: Offsets) -> tuple[Offsets, Offsets]:
        """In which record of the block, and in which of its cells, some bytes lie."""
        rows = np.searchsorted(self.starts, offsets, side="right") - 1
        return rows, np.searchsorted(self.delimiters, offsets, side="right") - self._before[rows]

    def _bare(self, begins: Offsets, stops: Offsets, within: Counts) -> Cells:
        """Take away the quotes around cells, where nothing else is to be done about quotes."""
        view, mark = self.grid.view, self.grid.marks.quote or b""
        opened: Flags = within > 0
        opened[opened] = view[begins[opened]] == mark[0]
        closed = opened & (within == 2) & (len(mark) == 1)
        closed[closed] = view[stops[closed] - 1] == mark[-1]
        awkward = opened & ~closed
        return Cells(view, begins + closed, stops - closed, awkward if awkward.any() else None)

    def _edges(self, column: int) -> tuple[Offsets, Counts | None]:
        """Where a cell of every record ends, and how many quotes stand before that."""
        quoted = self._quoted
        if self.even is not None and column >= self.even - 1:
            return self.stops, self._quotes_at_stops if quoted else None
        at = self._before + column
        if self.even is not None:
            return self._ends[at], self._quotes_before[at] if quoted else None
        inside = column < self.counts - 1
        at = np.minimum(at, len(self._ends) - 1)
        ends = np.where(inside, self._ends[at], self.stops)
        if not quoted:
            return ends, None
        return ends, np.where(inside, self._quotes_before[at], self._quotes_at_stops)

    def _find(self, low: int, high: int) -> bool:
        """Find the delimiters that divide cells; whether there are quotes at all."""
        view, marks = self.grid.view, self.grid.marks
        block = view[low:high]
        if len(marks.delimiter) == 1 and marks.quote is not None and len(marks.quote) == 1:
            both = np.flatnonzero((block == marks.delimiter[0]) | (block == marks.quote[0]))
            is_quote = block[both] == marks.quote[0]
            both += low
        else:
            delimiters = occurrences(view, low, high, marks.delimiter)
            quotes = occurrences(view, low, high, marks.quote) if marks.quote else delimiters[:0]
            both = np.sort(np.append(quotes, delimiters))
            is_quote = np.isin(both, quotes, assume_unique=True)
        quotes = both[is_quote]
        if len(quotes) == 0:
            self.delimiters = both
            return False
        counted = np.cumsum(is_quote, dtype=np.int32)
        flips = self.grid.quotes.among(quotes)
        if len(flips) == len(quotes):
            inside = counted & 1
        else:
            inside = np.cumsum(np.isin(both, flips, assume_unique=True), dtype=np.int32) & 1
        dividing = ~is_quote
        dividing &= inside == 0
        self.delimiters = both[dividing]
        self._quotes_before = counted[dividing]
        self._quotes_at_starts = np.searchsorted(quotes, self.starts).astype(np.int32)
        self._quotes_at_stops = np.searchsorted(quotes, self.stops).astype(np.int32)
        return True

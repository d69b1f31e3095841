"""Many rows or whole columns of a file at once, from the offsets of its records.

Hands out texts as it goes; must not keep the cells of a whole file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

import numpy as np

from retouche.core import cells
from retouche.core.dialect import Dialect
from retouche.core.tokenizer import Marks, Offsets, Quotes, occurrences

ROWS = 1000
BLOCK = 1 << 19


def read_rows(
    data: bytes, dialect: Dialect, starts: Offsets, stops: Offsets
) -> Iterator[tuple[str, ...]]:
    """The rows whose contents lie at the given offsets, in that order."""
    quote, delimiter, encoding = dialect.quote, dialect.delimiter, dialect.encoding
    marks = Marks.of(dialect)
    for low in range(0, len(starts), ROWS):
        offsets = zip(
            starts[low : low + ROWS].tolist(), stops[low : low + ROWS].tolist(), strict=True
        )
        records = [data[start:stop] for start, stop in offsets]
        lines = [record.decode(encoding) for record in records]
        if quote is None or not any(quote in line for line in lines):
            for line in lines:
                yield tuple(line.split(delimiter))
        elif max(map(len, lines)) < csv.field_size_limit():
            # Every record is one "line" to the reader, whatever line ends its quotes hold.
            yield from map(tuple, cells.reader(lines, dialect))
        else:
            for record in records:
                yield cells.texts(record, dialect, marks)


class ColumnReader:
    """Reads some columns of a run of rows, with one look at the bytes for all of them."""

    def __init__(self, data: bytes, dialect: Dialect, first: int):
        self.data = data
        self.dialect = dialect
        self.view = np.frombuffer(data, np.uint8)
        self.marks = Marks.of(dialect)
        self.quotes = Quotes(self.view, self.marks, first)

    def read(
        self, columns: Sequence[int], starts: Offsets, stops: Offsets, ends: Offsets
    ) -> list[list[str]]:
        """The cells of the columns for consecutive rows; "" where a row is too short."""
        found: list[list[str]] = [[] for _ in columns]
        low = 0
        while low < len(starts):
            high = int(np.searchsorted(ends, starts[low] + BLOCK, side="right"))
            high = max(high, low + 1)
            self._block(columns, starts[low:high], stops[low:high], found)
            low = high
        return found

    def _block(
        self, columns: Sequence[int], starts: Offsets, stops: Offsets, found: list[list[str]]
    ) -> None:
        low, high = int(starts[0]), int(stops[-1])
        delimiters, has_quotes = self._delimiters(low, high)
        before = np.searchsorted(delimiters, starts)
        widths = np.searchsorted(delimiters, stops) - before
        # One more, never used, so that every look-up below stays in range.
        delimiters = np.append(delimiters, high)
        text = self._sliceable(low, high)
        for column, cells_of_column in zip(columns, found, strict=True):
            begins, finishes = starts, stops
            inner = np.minimum(before + column, len(delimiters) - 1)
            finishes = np.where(column < widths, delimiters[inner], stops)
            if column:
                begins = delimiters[inner - 1] + len(self.marks.delimiter)
                begins = np.where(column <= widths, begins, finishes)
            if has_quotes:
                cells_of_column.extend(self._unquoted(begins, finishes, text, low))
            else:
                cells_of_column.extend(self._slices(begins, finishes, text, low))

    def _delimiters(self, low: int, high: int) -> tuple[Offsets, bool]:
        """Offsets of the delimiters that divide cells, and whether there are quotes at all."""
        found = occurrences(self.view, low, high, self.marks.delimiter)
        flips = self.quotes.flips(low, high)
        if len(flips) == 0:
            return found, self.marks.quote is not None and self.marks.quote in self.data[low:high]
        state = np.zeros(high - low, np.uint8)
        state[flips - low] = 1
        np.bitwise_xor.accumulate(state, out=state)
        return found[state[found - low] == 0], True

    def _sliceable(self, low: int, high: int) -> str | None:
        """The text of a block where one byte is one character, None elsewhere."""
        block = self.data[low:high]
        if self.dialect.encoding != "utf-8":
            return block.decode(self.dialect.encoding)
        return block.decode("ascii") if block.isascii() else None

    def _slices(self, begins: Offsets, finishes: Offsets, text: str | None, low: int) -> list[str]:
        if text is not None:
            begins, finishes = begins - low, finishes - low
            offsets = zip(begins.tolist(), finishes.tolist(), strict=True)
            return [text[begin:finish] for begin, finish in offsets]
        data = self.data
        offsets = zip(begins.tolist(), finishes.tolist(), strict=True)
        return [data[begin:finish].decode() for begin, finish in offsets]

    def _unquoted(
        self, begins: Offsets, finishes: Offsets, text: str | None, low: int
    ) -> list[str]:
        mark, quote = self.marks.quote, self.dialect.quote
        assert mark is not None
        assert quote is not None
        opened = (begins < finishes) & (
            self.view[np.minimum(begins, len(self.view) - 1)] == mark[0]
        )
        closed = opened & (finishes - begins >= 2 * len(mark))
        closed &= self.view[finishes - 1] == mark[-1]
        if len(mark) > 1:
            closed[:] = False
        found = self._slices(begins + closed, finishes - closed, text, low)
        doubtful = opened & ~closed
        for place in np.flatnonzero(opened).tolist():
            if doubtful[place] or quote in found[place]:
                raw = self.data[begins[place] : finishes[place]].decode(self.dialect.encoding)
                found[place] = cells.unquote(raw, quote)
        return found

"""Many rows or whole columns of a file at once, from the offsets of its records.

Rows are handed out as texts, columns as spans of UTF-8; must not keep the texts of a whole file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

import numpy as np

from retouche.core import cells
from retouche.core.cellgrid import CellGrid
from retouche.core.coded.texts import Texts
from retouche.core.dialect import Dialect
from retouche.core.edited import Data
from retouche.core.spans import Cells
from retouche.core.tokenizer import Marks, Octets, Offsets

ROWS = 1000
SHORT = 1 << 30
"""Offsets of files up to this size take four bytes."""


def read_rows(
    data: Data, dialect: Dialect, starts: Offsets, stops: Offsets
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


def read_columns(
    data: Data, dialect: Dialect, columns: Sequence[int], *, starts: Offsets, stops: Offsets
) -> Iterator[Cells]:
    """The cells of whole columns in UTF-8, none of them awkward, one column after the other.

    The bytes are looked at once for all columns. A cell is empty where a row is too short for it.
    """
    grid = CellGrid(data, dialect, starts=starts, stops=stops)
    found = [_Spans(len(starts), small=len(data) <= SHORT) for _ in columns]
    for block in grid.blocks():
        for column, spans in zip(columns, found, strict=True):
            spans.put(block.low, block.cells(column))
    while found:  # popped, so that one column is let go of while the next is worked on
        yield readable(found.pop(0).cells(grid.view), dialect)


def readable(found: Cells, dialect: Dialect) -> Cells:
    """The same cells in UTF-8, none of them awkward; copied where they are not so already."""
    awkward = found.awkward
    if awkward is None and dialect.encoding == "utf-8":
        return found
    if awkward is None:
        texts = _recoded(Texts.of_spans(found.view, found.begins, found.stops), dialect)
    else:
        places = np.flatnonzero(awkward)
        stops = np.where(awkward, found.begins, found.stops)
        texts = _recoded(Texts.of_spans(found.view, found.begins, stops), dialect)
        texts = texts.replaced(places, _unquoted(found.at(places), dialect))
    return Cells(texts.heap, texts.starts, texts.stops)


class _Spans:
    """The cells of one column, gathered block by block."""

    def __init__(self, length: int, *, small: bool) -> None:
        kind = np.int32 if small else np.int64
        self._begins: Offsets = np.empty(length, kind)
        self._stops: Offsets = np.empty(length, kind)
        self._awkward: list[Offsets] = []

    def put(self, low: int, found: Cells) -> None:
        part = slice(low, low + len(found))
        self._begins[part] = found.begins
        self._stops[part] = found.stops
        if found.awkward is not None:
            self._awkward.append(np.flatnonzero(found.awkward) + low)

    def cells(self, view: Octets) -> Cells:
        if not self._awkward:
            return Cells(view, self._begins, self._stops)
        awkward = np.zeros(len(self._begins), np.bool_)
        awkward[np.concatenate(self._awkward)] = True
        return Cells(view, self._begins, self._stops, awkward)


def _recoded(texts: Texts, dialect: Dialect) -> Texts:
    """Texts that are in the encoding of the file, in UTF-8."""
    if dialect.encoding == "utf-8" or not len(texts.heap) or texts.heap.max() < 128:
        return texts
    data = texts.heap.tobytes().decode(dialect.encoding).encode()
    return Texts.split(np.frombuffer(data, np.uint8))


def _unquoted(found: Cells, dialect: Dialect) -> Texts:
    """The texts of awkward cells."""
    quote, view = dialect.quote or "", found.view
    mark = quote.encode(dialect.encoding)
    ends = found.stops - 1
    if len(mark) == 1 and (view[ends] == mark[0]).all() and (ends > found.begins).all():
        inner = Texts.of_spans(view, found.begins + 1, ends).heap.tobytes()
        if mark not in inner.replace(mark * 2, b""):
            data = inner.replace(mark * 2, mark)
            return _recoded(Texts.split(np.frombuffer(data, np.uint8)), dialect)
    contents = (content.decode(dialect.encoding) for content in found.contents())
    return Texts.of(cells.unquote(content, quote) for content in contents)

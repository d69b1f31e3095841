"""A whole column of a file at hand: its texts as codes, and its values as integers that compare.

For rules that tie rows or columns together. Values are equal as frictionless compares them.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retouche.core.cellgrid import Block, CellGrid
from retouche.core.coded import decimals
from retouche.core.coded.coding import Codes, distinct
from retouche.core.coded.decimals import Decimals
from retouche.core.coded.layouts import day_number, number_of_day
from retouche.core.judging.judge import Reader
from retouche.core.judging.missing import Missing
from retouche.core.judging.occurrences import hashable
from retouche.core.judging.plain import is_exact_number, layouts, point_of
from retouche.core.judging.sifting import gathered
from retouche.core.spans import Cells
from retouche.core.tokenizer import Flags, Octets, Offsets

Identities = NDArray[np.int64]
NOTHING = np.iinfo(np.int64).min
"""Stands for a cell that is missing or of another type."""
DAYS = 1 << 60
OTHERS = 1 << 61
"""From here on values that are neither plain numbers nor days are numbered."""


TEXTS = 3 << 60
"""From here on texts are numbered where they are compared with values of other columns."""
UNLIKE = 7 << 60
"""From here on what is not even equal to itself is numbered, each time anew."""


class Others:
    """Numbers for values that have no number of their own, the same for equal ones."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}
        self._unlike = UNLIKE

    def __call__(self, value: Any) -> int:
        if value != value:
            self._unlike += 1
            return self._unlike
        return self._numbers.setdefault(hashable(value), OTHERS + len(self._numbers))


class FileColumn:
    """One column of all rows, whatever their shape."""

    def __init__(self, column: int, reader: Reader, grid: CellGrid, *, others: Others) -> None:
        self.column = column
        self.reader = reader
        self._grid = grid
        self._others = others
        self._parts: list[Cells] = []
        self._absent: list[Offsets] = []
        self._nothing: list[Offsets] = []

    def take(self, block: Block, cells: Cells) -> None:
        """Keep where the cells of a block lie; blocks come in their order."""
        self._parts.append(cells)
        if block.even is None:
            self._absent.append(np.flatnonzero(block.counts <= self.column) + block.low)

    def worth_nothing(self, rows: Offsets) -> None:
        """Take note of rows whose text has no value of the type."""
        self._nothing.append(rows)

    @cached_property
    def cells(self) -> Cells:
        found = self._grid.settled(gathered(self._parts))
        self._parts.clear()
        return found

    def text(self, row: int) -> str:
        return self._grid.text(self.cells, row)

    def texts(self, rows: Offsets) -> list[str]:
        return self._grid.texts(self.cells.at(rows))

    @cached_property
    def codes(self) -> tuple[Codes, Offsets]:
        """The same code for the same text; for each code a row that has it."""
        return distinct(self.cells.view, self.cells.begins, self.cells.stops)

    @cached_property
    def missing(self) -> Flags:
        """Rows whose text is missing, or which are too short to have one."""
        found = Missing(self.reader.missing, self._grid)(self.cells)
        for rows in self._absent:
            found[rows] = True
        return found

    @cached_property
    def identities(self) -> Identities:
        """Equal integers for equal values, `NOTHING` for none.

        Of two columns of text they are not comparable; see `joined`.
        """
        if self.reader.text_is_value:
            found = self.codes[0].astype(np.int64)
        else:
            sure, found = self._surely()
            rest = np.flatnonzero(~sure & ~self.missing)
            if len(rest):
                found[rest] = self._judged(rest)
        found[self.missing] = NOTHING
        for rows in self._nothing:
            found[rows] = NOTHING
        return found

    def _surely(self) -> tuple[Flags, Identities]:
        """Values that are told from the bytes."""
        kind = self.reader.field.type
        if is_exact_number(self.reader) or kind == "year":
            point = None if kind == "year" else point_of(self.reader)
            numbers = Decimals(self.cells, point=point)
            four = self.cells.lengths == 4
            return numbers.plain & four if kind == "year" else numbers.plain, numbers.identities()
        known = layouts(self.reader) if kind == "date" else ()
        if known:
            fits, parts = known[0].fits(self.cells)
            return fits, day_number(parts) + DAYS
        return np.zeros(len(self.cells), np.bool_), np.zeros(len(self.cells), np.int64)

    def _judged(self, rows: Offsets) -> Identities:
        """Values that are told by the judge, once for each text."""
        cells = self.cells.at(rows)
        codes, first = distinct(cells.view, cells.begins, cells.stops)
        values = [self.reader(text)[0] for text in self._grid.texts(cells.at(first))]
        found = np.array([self._identity(one) for one in values], np.int64)[codes]
        for code in (code for code, one in enumerate(values) if one != one):
            for place in np.flatnonzero(codes == code).tolist():
                found[place] = self._others(values[code])
        return found

    def _identity(self, value: Any) -> int:
        if value is None:
            return NOTHING
        known = decimals.identity(value)
        if known is None and type(value) is date and (day := number_of_day(value)) is not None:
            known = day + DAYS
        return self._others(value) if known is None else known


def joined(one: FileColumn, other: FileColumn) -> tuple[Identities, Identities]:
    """The identities of two columns, comparable with each other."""
    found = one.identities, other.identities
    if one.reader.text_is_value and other.reader.text_is_value:
        codes, _ = distinct(*_together(one.cells, other.cells))
        texts = codes[: len(found[0])], codes[len(found[0]) :]
        return _numbered(found[0], texts[0]), _numbered(found[1], texts[1])
    first, second = (
        _numbered(found[place], found[place]) if column.reader.text_is_value else found[place]
        for place, column in enumerate((one, other))
    )
    return first, second


def _numbered(found: Identities, codes: NDArray[np.integer[Any]]) -> Identities:
    return np.where(found == NOTHING, NOTHING, codes.astype(np.int64) + TEXTS)


def _together(one: Cells, other: Cells) -> tuple[Octets, Offsets, Offsets]:
    """The spans of both in one view."""
    if one.view is other.view:
        view, shift = one.view, 0
    else:
        view, shift = np.concatenate([one.view, other.view]), len(one.view)
    begins = np.concatenate([one.begins, other.begins + shift])
    return view, begins, np.concatenate([one.stops, other.stops + shift])


def combined(parts: Sequence[Identities]) -> tuple[Identities, Flags]:
    """One integer for the values of several columns, and which rows have any value at all."""
    filled: Flags = np.any([one != NOTHING for one in parts], axis=0)
    found = parts[0]
    for one in parts[1:]:
        _, found = np.unique(found, return_inverse=True)
        distinct_ones, places = np.unique(one, return_inverse=True)
        found = found * len(distinct_ones) + places
    return found, filled

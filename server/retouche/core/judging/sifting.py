"""One column of a file, sifted: what is not surely right is kept aside and judged by its text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retouche.core.cellgrid import CellGrid
from retouche.core.coded.coding import distinct
from retouche.core.judging.faults import Fault
from retouche.core.judging.judge import Reader
from retouche.core.judging.missing import Missing
from retouche.core.judging.plain import right
from retouche.core.spans import Cells
from retouche.core.tokenizer import Flags, Offsets

AT_ONCE = 5_000


@dataclass(frozen=True, slots=True, eq=False)
class Doubtful:
    """Cells that are not surely right, and the rows that they stand in."""

    rows: Offsets
    cells: Cells


class Sifter:
    """Takes the cells of a column block by block; then tells the faults."""

    def __init__(self, reader: Reader, grid: CellGrid) -> None:
        self.reader = reader
        self._grid = grid
        self._right = right(reader, encoding=grid.dialect.encoding)
        missing = frozenset(reader.missing)
        faulty = frozenset(text for text in missing if reader(text)[1])
        self._fine = Missing(missing - faulty, grid)
        self._faulty = Missing(faulty, grid)
        self._kept: list[Doubtful] = []

    @property
    def idle(self) -> bool:
        """Whether every text is right, so that only characters can be wrong."""
        return self.reader.accepts_all and not self._faulty.texts

    def take(self, cells: Cells, first: int, *, among: Flags | None, suspects: Offsets) -> None:
        """Sift cells, of which the first is of the row `first`; `among` tells which count.

        `suspects` are the places of those with characters that may be at fault.
        """
        doubtful = np.zeros(len(cells), np.bool_) if self.idle else self._doubtful(cells)
        doubtful[suspects] = True
        if among is not None:
            doubtful &= among
        places = np.flatnonzero(doubtful)
        if len(places):
            self._kept.append(Doubtful(places + first, cells.at(places)))

    def _doubtful(self, cells: Cells) -> Flags:
        if self._right is None:
            return np.ones(len(cells), np.bool_)
        found: Flags = ~self._right(cells)
        if found.any():
            found &= ~self._fine(cells)
        if self._faulty.texts:
            found |= self._faulty(cells)
            if cells.awkward is not None:
                found |= cells.awkward
        return found

    def judged(
        self, alive: Callable[[], None]
    ) -> Iterator[tuple[tuple[Fault, ...], bool, Offsets]]:
        """The faults of each faulty text, whether it is worth nothing, and the rows of it.

        `alive` is called now and then. The cells are let go of.
        """
        if not self._kept:
            return
        rows = np.concatenate([one.rows for one in self._kept])
        cells = gathered([one.cells for one in self._kept])
        self._kept.clear()
        cells = self._grid.settled(cells)
        codes, first = distinct(cells.view, cells.begins, cells.stops)
        faulty: list[tuple[int, bool, tuple[Fault, ...]]] = []
        for low in range(0, len(first), AT_ONCE):
            texts = self._grid.texts(cells.at(first[low : low + AT_ONCE]))
            for code, text in enumerate(texts, low):
                value, faults = self.reader(text)
                if faults:
                    faulty.append((code, value is None, faults))
            alive()
        for at, places in groups(codes, [code for code, _, _ in faulty]):
            _, nothing, faults = faulty[at]
            yield faults, nothing, rows[places]


def groups(codes: NDArray[np.integer[Any]], wanted: list[int]) -> Iterator[tuple[int, Offsets]]:
    """For each of the wanted codes, which must be in order: its place among them, its rows."""
    if not wanted:
        return
    chosen = np.flatnonzero(np.isin(codes, wanted))
    order = chosen[np.argsort(codes[chosen], kind="stable")]
    bounds = np.searchsorted(codes[order], wanted).tolist()
    for place, (low, high) in enumerate(zip(bounds, [*bounds[1:], len(order)], strict=True)):
        yield place, order[low:high]


def gathered(parts: list[Cells]) -> Cells:
    """Cells of one view, put together."""
    awkward = None
    if any(one.awkward is not None for one in parts):
        awkward = np.concatenate(
            [np.zeros(len(one), np.bool_) if one.awkward is None else one.awkward for one in parts]
        )
        if not awkward.any():
            awkward = None
    begins = np.concatenate([one.begins for one in parts])
    return Cells(parts[0].view, begins, np.concatenate([one.stops for one in parts]), awkward)

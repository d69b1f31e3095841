"""How the rows of a version follow from those of its parent: which are new, which only moved.

Knows positions of bytes and rows; must not read cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retouche.core.edited import Edit
from retouche.core.parts import Part

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cut:
    """The bytes from `start` to `end` of the parent have become `length` others."""

    start: int
    end: int
    length: int

    @property
    def growth(self) -> int:
        return self.length - (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Window:
    """The rows `old:old_stop` of the parent have become the rows `new:new_stop` of the child."""

    old: int
    old_stop: int
    new: int
    new_stop: int

    @property
    def growth(self) -> int:
        return (self.new_stop - self.new) - (self.old_stop - self.old)


class Succession:
    """The windows of a child in order; rows outside them are the parent's, byte for byte."""

    def __init__(self, windows: Iterable[Window], *, old_length: int, new_length: int):
        self.windows = tuple(windows)
        self.old_length = old_length
        self.new_length = new_length

    @property
    def in_place(self) -> bool:
        """Whether every row that is not gone has kept its position."""
        return not any(one.growth for one in self.windows)

    @cached_property
    def fresh_rows(self) -> Positions:
        """The positions, in the child, of the rows of all windows in order."""
        return _ranges((one.new, one.new_stop) for one in self.windows)

    @cached_property
    def gone_rows(self) -> Positions:
        """The positions, in the parent, of the rows that the windows have replaced."""
        return _ranges((one.old, one.old_stop) for one in self.windows)

    def carry(self, per_row: NDArray[Any], fresh: NDArray[Any]) -> NDArray[Any]:
        """What is known of each row of the parent, for the child; `fresh` for the new rows."""
        pieces, done, used = [], 0, 0
        for one in self.windows:
            size = one.new_stop - one.new
            pieces += [per_row[done : one.old], fresh[used : used + size]]
            done, used = one.old_stop, used + size
        pieces.append(per_row[done:])
        return np.concatenate([piece.astype(per_row.dtype, copy=False) for piece in pieces])

    def moved(self, rows: NDArray[Any]) -> NDArray[Any]:
        """The positions in the child of rows of the parent that are not gone."""
        stops = np.array([one.old_stop for one in self.windows], np.int64)
        shifts = np.array([0, *accumulate(one.growth for one in self.windows)], rows.dtype)
        moved: NDArray[Any] = rows + shifts[np.searchsorted(stops, rows, side="right")]
        return moved

    def part(self) -> Part:
        bounds = [[one.old, one.old_stop, one.new, one.new_stop] for one in self.windows]
        return Part(
            {"windows": np.array(bounds, np.int64).reshape(-1, 4)},
            {"old_length": self.old_length, "new_length": self.new_length},
        )

    @classmethod
    def of_part(cls, part: Part) -> Succession:
        windows = (Window(*one) for one in part.arrays["windows"].tolist())
        lengths = part.meta
        return cls(windows, old_length=lengths["old_length"], new_length=lengths["new_length"])


def cuts_of(edits: Sequence[Edit]) -> tuple[Cut, ...]:
    return tuple(Cut(one.start, one.end, len(one.content)) for one in edits)


def _ranges(bounds: Iterator[tuple[int, int]]) -> Positions:
    return np.concatenate(
        [np.empty(0, np.int64), *(np.arange(low, high, dtype=np.int64) for low, high in bounds)]
    )

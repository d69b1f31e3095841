"""A grid over the earth: rows sorted by the square they lie in, for sixteen sizes of squares.

Squares are numbered so that those inside a larger one follow each other (a Z-order curve): the
rows of any square of any size are one range. Knows nothing of distances.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]
Rows: TypeAlias = NDArray[np.int32]
Whole: TypeAlias = NDArray[np.int64]

LEVELS = 16
"""At level n the earth is 2**n squares wide and as many high; the finest are 300 m high."""
_SPREADS = ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555))


@dataclass(frozen=True, slots=True, eq=False)
class Squares:
    """Some squares of one level, each by how far it is from the west and from the south."""

    level: int
    across: Whole
    up: Whole

    @classmethod
    def over(
        cls, longitudes: tuple[float, float], latitudes: tuple[float, float], *, most: int
    ) -> Squares:
        """The finest squares of which no more than `most` cover a box: west and east (less than
        west where the box crosses the 180th meridian), south and north."""
        for level in range(LEVELS, -1, -1):
            west, east = _across(np.array(longitudes), level).tolist()
            south, north = _up(np.array(latitudes), level).tolist()
            wide = (east - west) % (1 << level) + 1
            if longitudes[0] > longitudes[1] and west == east:
                wide = 1 << level
            if wide * (north - south + 1) <= most or not level:
                break
        across = (west + np.arange(wide)) % (1 << level)
        up = np.arange(south, north + 1)
        return cls(level, np.tile(across, len(up)), np.repeat(up, wide))

    @classmethod
    def around(cls, longitude: float, latitude: float, *, level: int) -> Squares:
        """The square of a place and those that touch it."""
        side = 1 << level
        across = (int(_across(np.array(longitude), level)) + np.arange(-1, 2)) % side
        middle = int(_up(np.array(latitude), level))
        up = np.arange(max(middle - 1, 0), min(middle + 2, side))
        return cls(level, np.tile(across, len(up)), np.repeat(up, 3))

    @property
    def size(self) -> tuple[float, float]:
        """How wide and how high each is, in degrees."""
        return 360 / (1 << self.level), 180 / (1 << self.level)

    @property
    def west(self) -> Numbers:
        return np.asarray(self.across * self.size[0] - 180, np.float64)

    @property
    def south(self) -> Numbers:
        return np.asarray(self.up * self.size[1] - 90, np.float64)


class Grid:
    """Rows of places sorted by square: `squares[i]` is the finest square of row `rows[i]`.

    In one square rows stand in the order of the file.
    """

    __slots__ = ("rows", "squares")

    def __init__(self, squares: NDArray[np.uint32], rows: Rows):
        self.squares = squares
        self.rows = rows

    @classmethod
    def of(cls, latitudes: Numbers, longitudes: Numbers, rows: NDArray[np.integer[Any]]) -> Grid:
        """Sort rows by their places, in degrees, which must be on the earth."""
        squares = _numbers(_across(longitudes, LEVELS), _up(latitudes, LEVELS))
        return cls._of_pairs(np.sort(_paired(squares, rows)))

    @classmethod
    def _of_pairs(cls, pairs: NDArray[np.uint64]) -> Grid:
        squares = (pairs >> np.uint64(32)).astype(np.uint32)
        return cls(squares, pairs.astype(np.uint32).view(np.int32))

    @property
    def size(self) -> int:
        return self.squares.nbytes + self.rows.nbytes

    def ranges(self, squares: Squares) -> tuple[Whole, Whole]:
        """Where in `rows` those of each square begin and stop."""
        finer = 2 * (LEVELS - squares.level)
        first = _numbers(squares.across, squares.up) << np.uint32(finer)
        # The last number of a square is looked for, since the one past it may need 33 bits.
        last = first | np.uint32((1 << finer) - 1)
        return (
            np.searchsorted(self.squares, first, side="left"),
            np.searchsorted(self.squares, last, side="right"),
        )

    def within(self, begins: Whole, stops: Whole) -> Rows:
        """The rows of some ranges, one range after the other."""
        filled = np.flatnonzero(stops > begins).tolist()
        found = [self.rows[begins[at] : stops[at]] for at in filled]
        return np.concatenate(found) if found else self.rows[:0]

    def succeed(
        self, gone: NDArray[np.bool_], moved: Callable[[Rows], NDArray[Any]], fresh: Grid
    ) -> Grid:
        """The grid without the rows that are `gone`, the others where they are now, and new ones.

        `moved` must keep rows in order.
        """
        kept = ~gone[self.rows]
        pairs = _paired(self.squares[kept], moved(self.rows[kept]))
        new = _paired(fresh.squares, fresh.rows)
        return self._of_pairs(np.insert(pairs, np.searchsorted(pairs, new), new))


def _across(longitudes: Numbers, level: int) -> Whole:
    return _steps(longitudes + 180, 360, level)


def _up(latitudes: Numbers, level: int) -> Whole:
    return _steps(latitudes + 90, 180, level)


def _steps(degrees: Numbers, whole: int, level: int) -> Whole:
    side = 1 << level
    return np.clip((degrees * (side / whole)).astype(np.int64), 0, side - 1)


def _numbers(across: Whole, up: Whole) -> NDArray[np.uint32]:
    """The bits of both counts in turn."""
    return _spread(across) | (_spread(up) << np.uint32(1))


def _spread(numbers: Whole) -> NDArray[np.uint32]:
    bits = numbers.astype(np.uint32)
    for shift, mask in _SPREADS:
        bits = (bits | (bits << np.uint32(shift))) & np.uint32(mask)
    return bits


def _paired(squares: NDArray[np.uint32], rows: NDArray[Any]) -> NDArray[np.uint64]:
    return (squares.astype(np.uint64) << np.uint64(32)) | rows.astype(np.uint64)

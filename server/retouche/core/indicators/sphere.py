"""Many points on the earth against many others: which are within a radius, and which is nearest.

Distances are along great circles of a sphere (`EARTH_RADIUS`), told to the millimetre. Points near
each other are looked at together, against those others alone that can matter to them, so that
memory stays small and the cost grows with what is near, not with all pairs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from retouche.core.reading.grid import Grid, Numbers
from retouche.core.reading.places import EARTH_RADIUS, SLACK

Rows: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]

AT_ONCE = 256
"""Points that are looked at together; each is then near the others of them."""
LEAST = 8
"""Rather than fewer than so many at a time, points far from each other are looked at together."""
METRES = 1_000
"""In a kilometre."""
MILLIMETRES = 1_000
"""In a metre."""
NONE = -1
"""The nearest of no points."""
CLOSE = 2e-10
"""How far apart the cosines of two angles may be for their distances to be the same millimetre:
a millimetre is 1.6e-10 of an angle, whose cosine changes by no more; the rest is for rounding."""
ROW_BITS = 28
"""Beside the 35 bits that half the way around the earth takes in millimetres."""


class Points:
    """Points of rows; those without a position (nan) are left out.

    `rows` are the rows that have one, in an order in which neighbours stand near each other.
    """

    __slots__ = ("_vectors", "rows")

    def __init__(self, latitudes: Numbers, longitudes: Numbers, *, ordered: bool) -> None:
        rows = np.flatnonzero(~np.isnan(latitudes))
        if ordered and len(rows) > LEAST:
            rows = Grid.of(latitudes[rows], longitudes[rows], rows).rows.astype(np.int64)
        self.rows: Rows = rows
        self._vectors = _vectors(latitudes[rows], longitudes[rows])

    def __len__(self) -> int:
        return len(self.rows)

    def blocks(self) -> Iterator[Block]:
        """The points, some that are near each other at a time."""
        for low in range(0, len(self.rows), AT_ONCE):
            vectors = self._vectors[low : low + AT_ONCE]
            middle = vectors.sum(axis=0)
            length = float(np.sqrt(middle @ middle))
            if length < 0.5:  # points all around the earth have no middle
                yield Block(self.rows[low : low + AT_ONCE], vectors, vectors[0], pi)
                continue
            middle = middle / length
            wide = float(np.arccos(np.clip(vectors @ middle, -1, 1)).max())
            yield Block(
                self.rows[low : low + AT_ONCE], vectors, middle, wide + SLACK / EARTH_RADIUS
            )

    def angles(self, middle: NDArray[np.float64]) -> Numbers:
        """How far each point is from another one, as an angle; a little inexact."""
        found: Numbers = np.arccos(np.clip(self._vectors @ middle, -1, 1))
        return found

    def some(self, chosen: Rows) -> NDArray[np.float64]:
        """The vectors of some points, by their place among `rows`."""
        return self._vectors[chosen]


@dataclass(frozen=True, slots=True)
class Block:
    """Points near each other: none of them is farther from the `middle` than the angle `wide`."""

    rows: Rows
    vectors: NDArray[np.float64]
    middle: NDArray[np.float64]
    wide: float


def within(points: Points, others: Points, radius: float) -> Iterator[tuple[Rows, Rows]]:
    """All pairs of a point and another one no further than so many kilometres, some at a time.

    Gives the rows of the points and those of the others, one pair after the other.
    """
    angle = radius * METRES / EARTH_RADIUS
    slack = SLACK / EARTH_RADIUS
    surely, perhaps = _cosine(angle - slack), _cosine(angle + slack)
    limit = round(radius * METRES * MILLIMETRES)
    for block in points.blocks():
        near = np.flatnonzero(others.angles(block.middle) <= block.wide + angle + slack)
        if not len(near):
            continue
        vectors = others.some(near)
        cosines = _cosines(block.vectors, vectors)
        one, other = np.nonzero(cosines >= perhaps)
        edge = np.flatnonzero(cosines[one, other] < surely)
        if len(edge):
            out = _apart(block.vectors[one[edge]], vectors[other[edge]]) > limit
            kept = np.ones(len(one), np.bool_)
            kept[edge[out]] = False
            one, other = one[kept], other[kept]
        yield block.rows[one], others.rows[near[other]]


def nearest(
    points: Points, others: Points, *, own: Sequence[Rows], length: int
) -> tuple[Rows, Rows]:
    """The nearest of others for each of `length` rows, and how far it is in millimetres.

    Of those at the same distance the first row counts. Each of `own` gives, for each row, a row of
    the others that does not count for it, or `NONE`. Rows without a position, or with nobody to go
    to, have `NONE` twice.
    """
    found, far = np.full(length, NONE, np.int64), np.full(length, NONE, np.int64)
    if not len(others):
        return found, far
    apart = 1 + len(own)
    places = [_places(others.rows, one) for one in own]
    for block in points.blocks():
        angles = others.angles(block.middle)
        if len(angles) > apart:
            # Whoever it is for: no nearer one can be farther from the middle than this.
            bound = float(np.partition(angles, apart - 1)[apart - 1]) + 2 * block.wide
            near = np.flatnonzero(angles <= bound + 2 * SLACK / EARTH_RADIUS)
        else:
            near = np.arange(len(angles))
        vectors = others.some(near)
        cosines = _cosines(block.vectors, vectors)
        for one_of in places:
            _leave_out(cosines, near, one_of[block.rows])
        best = cosines.max(axis=1)
        one, other = np.nonzero((cosines >= best[:, None] - CLOSE) & (best[:, None] > -1.5))
        if not len(one):
            continue
        distances = _apart(block.vectors[one], vectors[other])
        ranked = (distances << ROW_BITS) | others.rows[near[other]]
        starts = np.flatnonzero(np.diff(one, prepend=-1))
        least = np.minimum.reduceat(ranked, starts)
        rows = block.rows[one[starts]]
        found[rows] = least & ((1 << ROW_BITS) - 1)
        far[rows] = least >> ROW_BITS
    return found, far


def _places(rows: Rows, wanted: Rows) -> Rows:
    """Where each of the wanted rows stands among rows, or `NONE`."""
    most = int(max(rows.max(initial=0), wanted.max(initial=0)))
    table = np.full(most + 2, NONE, np.int64)
    table[rows] = np.arange(len(rows))
    return table[wanted]


def _leave_out(cosines: NDArray[np.float64], near: Rows, places: Rows) -> None:
    """Make as far as can be what does not count; `near` is in order."""
    at = np.searchsorted(near, places)
    at[at == len(near)] = 0
    hit = np.flatnonzero(near[at] == places)
    cosines[hit, at[hit]] = -2.0


def _vectors(latitudes: Numbers, longitudes: Numbers) -> NDArray[np.float64]:
    """Points of the unit sphere, a row of three numbers each."""
    lat, lon = np.radians(latitudes), np.radians(longitudes)
    flat = np.cos(lat)
    return np.column_stack([flat * np.cos(lon), flat * np.sin(lon), np.sin(lat)])


def _apart(ones: NDArray[np.float64], others: NDArray[np.float64]) -> Rows:
    """Millimetres between pairs of points: half the straight line between two points of the unit
    sphere is the sine of half the angle between them (the haversine formula)."""
    across = ones - others
    square = across[:, 0] ** 2 + across[:, 1] ** 2 + across[:, 2] ** 2
    half = np.sqrt(square) / 2
    metres = 2 * EARTH_RADIUS * np.arcsin(np.minimum(half, 1.0))
    return np.rint(metres * MILLIMETRES).astype(np.int64)


def _cosines(ones: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """The cosines of the angles between all of some and all of others.

    Not `@`: for three columns the threads of a matrix product cost more than they give, and they
    wait for each other where the machine is busy.
    """
    found = np.multiply.outer(ones[:, 0], others[:, 0])
    for axis in (1, 2):
        found += np.multiply.outer(ones[:, axis], others[:, axis])
    return found


def _cosine(angle: float) -> float:
    """The least cosine of the angles up to one; none is that small for one below 0, and all are
    for one of half a turn."""
    if angle < 0:
        return 2.0
    return cos(angle) if angle < pi else -2.0

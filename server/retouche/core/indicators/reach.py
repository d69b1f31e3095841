"""What is known of rows and of the sources around them, by which it can be told what changes.

Amounts are whole numbers of parts, a millionth each as a rule, and distances millimetres, so that
sums are the same in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from retouche.core.indicators.alignment import Keys
from retouche.core.indicators.sphere import METRES, MILLIMETRES, NONE
from retouche.core.reading.grid import Numbers

Rows: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]

PARTS = 6
"""Decimals of an amount that count."""
ROOM = 2.0**62
"""No sum of whole numbers may pass this; where one could, amounts have fewer decimals."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Targets:
    """Rows that get a value; nan where one has no position."""

    keys: Keys
    latitudes: Numbers
    longitudes: Numbers

    def __len__(self) -> int:
        return len(self.latitudes)


@dataclass(frozen=True, kw_only=True, eq=False)
class Sources:
    """The rows of all sources one after the other; `parts` says how many each has.

    A row that does not count has no position. `amounts` are nan where unknown.
    """

    keys: tuple[Keys, ...]
    latitudes: Numbers
    longitudes: Numbers
    amounts: Numbers

    @property
    def parts(self) -> tuple[int, ...]:
        return tuple(len(one) for one in self.keys)

    @property
    def offsets(self) -> tuple[int, ...]:
        """Where the rows of each source begin."""
        return (0, *accumulate(self.parts))[:-1]

    @property
    def placed(self) -> Mask:
        return ~np.isnan(self.latitudes)


@dataclass(frozen=True, kw_only=True, eq=False)
class Reach:
    """What was computed of the targets: `rows` of them were looked at, and `changes` are sources
    that came or went since what it was renewed from."""

    targets: Targets
    sources: Sources
    rows: int
    changes: int = 0

    @property
    def size(self) -> int:
        """About how many bytes are held; arrays of a version that is read anyway included."""
        parts = (self, self.targets, self.sources)
        held = [value for one in parts for value in vars(one).values()]
        return sum(one.nbytes for one in held if isinstance(one, np.ndarray))


@dataclass(frozen=True, kw_only=True, eq=False)
class Sums(Reach):
    """In the circle of each target, which is itself a source included: `totals` of the known
    amounts as whole numbers of parts, and how many sources there are `known` and in `all`."""

    totals: Rows
    known: Rows
    all: Rows


@dataclass(frozen=True, kw_only=True, eq=False)
class Nearby(Reach):
    """The nearest source of each target, by its row among all sources, and how far it is in
    millimetres; both are `NONE` where there is none."""

    nearest: Rows
    far: Rows


def scale_of(amounts: Numbers) -> float:
    """Into how many parts a unit is cut, so that amounts are whole numbers of them."""
    most = float(np.nansum(np.abs(amounts)))
    decimals = PARTS
    while most * 10.0**decimals >= ROOM:
        decimals -= 1
    return float(10.0**decimals)


def whole(amounts: Numbers, scale: float) -> Rows:
    """Amounts as whole numbers of parts, 0 where unknown."""
    found: Rows = np.rint(np.nan_to_num(amounts, nan=0.0) * scale).astype(np.int64)
    return found


def amounts_within(reach: Sums, own: Sequence[Rows]) -> Numbers:
    """The sums of a reach without the `own` rows of each target, nan where unknown: for a target
    without a position, and where sources are in reach whose amounts are all unknown."""
    totals, known, everything = reach.totals.copy(), reach.known.copy(), reach.all.copy()
    sources, scale = reach.sources, scale_of(reach.sources.amounts)
    amounts, told = whole(sources.amounts, scale), ~np.isnan(sources.amounts)
    for rows in own:
        counted = (rows != NONE) & ~np.isnan(reach.targets.latitudes)
        counted[counted] = sources.placed[rows[counted]]
        totals[counted] -= amounts[rows[counted]]
        known[counted] -= told[rows[counted]]
        everything[counted] -= 1
    numbers = totals / scale
    numbers[np.isnan(reach.targets.latitudes) | ((everything > 0) & (known == 0))] = np.nan
    return numbers


def kilometres(reach: Nearby, radius: float | None) -> Numbers:
    """How far the nearest sources are, nan where there is none within the radius."""
    numbers = reach.far / (METRES * MILLIMETRES)
    out = reach.far == NONE
    if radius is not None:
        out |= reach.far > round(radius * METRES * MILLIMETRES)
    numbers[out] = np.nan
    return numbers

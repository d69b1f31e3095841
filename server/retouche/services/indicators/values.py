"""The values of an indicator at one revision, and how they differ between two."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from retouche.core.indicators.alignment import Keys
from retouche.core.indicators.indicator import Circle, Indicator
from retouche.core.indicators.reach import Nearby, Reach
from retouche.core.operations import Cell, Key

Numbers: TypeAlias = NDArray[np.float64]
SHOWN_DECIMALS = 6
"""Of a number whose indicator does not say how many it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a computation did: `rows` for which all was looked at again, of how many, and the rows
    of `sources` that were taken away from or added to what was known of the others."""

    rows: int
    of: int
    sources: int = 0

    @property
    def whole(self) -> bool:
        return self.rows == self.of


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """A row of a source, by its position in the file."""

    resource: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Values:
    """One value per row of the indicator's resource, in the order of the file.

    `numbers` are nan where unknown, and everywhere when there are `texts`. `weights` say how many
    people each row stands for, None when all count alike. `overall` is the figure of all rows.
    """

    indicator: Indicator
    numbers: Numbers
    texts: Sequence[Cell] | None = None
    weights: Numbers | None = None
    overall: float | None = None
    keys: Keys
    work: Work
    reach: Reach | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return len(self.numbers)

    def value(self, position: int) -> float | str | None:
        """A value as it is, None when unknown."""
        if self.texts is not None:
            return self.texts[position]
        number = float(self.numbers[position])
        return None if np.isnan(number) else number

    def cell(self, position: int) -> Cell:
        """A value as the text of a cell: with as many decimals as the indicator says."""
        if self.texts is not None:
            return self.texts[position]
        return written(float(self.numbers[position]), self.indicator.digits)

    def weight(self, position: int) -> float | None:
        """How many people a row stands for; None when unknown, or when none says so."""
        if self.weights is None or np.isnan(self.weights[position]):
            return None
        return float(self.weights[position])

    def nearest(self, position: int) -> Nearest | None:
        """Of a `nearest_distance`: the source that is nearest to a row."""
        rule = self.indicator.rule
        if not isinstance(rule, Circle) or not isinstance(self.reach, Nearby):
            return None
        row = int(self.reach.nearest[position])
        if row < 0 or np.isnan(self.numbers[position]):
            return None
        offsets = self.reach.sources.offsets
        number = bisect_right(offsets, row) - 1
        return Nearest(resource=rule.sources[number].resource, position=row - offsets[number])

    @property
    def size(self) -> int:
        """About how many bytes are held."""
        arrays = self.numbers.nbytes + (0 if self.weights is None else self.weights.nbytes)
        texts = 0 if self.texts is None else 64 * len(self.texts)
        return arrays + texts + self.keys.size + (0 if self.reach is None else self.reach.size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A row whose value differs. A position is None where the row is not there."""

    key: Key
    before: float | str | None
    after: float | str | None
    weight: float | None
    position_before: int | None
    position_after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """An indicator at two revisions; rows in the order of the file after, deleted ones last.

    `changed` has the rows whose values differ, those that were inserted or deleted with a known
    value included: these have None on the side where they are not.
    """

    before: Values
    after: Values
    changed: tuple[Change, ...]


def written(number: float, digits: int | None) -> Cell:
    """A number as a cell; rounded half to even where it is shorter than what is known."""
    if np.isnan(number):
        return None
    exact = Decimal(repr(float(number)))
    text = f"{exact:.{SHOWN_DECIMALS if digits is None else digits}f}"
    if digits is None:
        text = text.rstrip("0").rstrip(".")
    return text if text.strip("-0.") else text.removeprefix("-")

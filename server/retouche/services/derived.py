"""Resources as readers see them: with the columns that the dataset's indicators compute.

Everything that shows rows reads through here. What writes, judges and compares works on the file,
in which a computed column need not be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from math import isnan

import numpy as np

from retouche.core.errors import BadDataset, NotFound, UnreadableFile
from retouche.core.indicators.indicator import MOST_DIGITS
from retouche.core.memo import Memo
from retouche.core.operations import Cell
from retouche.core.package import Resource
from retouche.core.reading.computed import Computed, ComputedSnapshot
from retouche.core.reading.snapshot import Snapshot
from retouche.core.schema import Field
from retouche.services.datasets import DatasetRevision
from retouche.services.indicators.indicators import Indicators
from retouche.services.indicators.values import Numbers, written
from retouche.services.shelf import Cache

SHARES = ("availability", "group_share")
"""Indicators between 0 and 1; a field that is shown in percent has them in percent."""


class Derived:
    """Adds computed columns to what is read. Safe to share between threads.

    What it makes is kept by commit, up to `capacity` bytes: all that goes into a computed column is
    in the same commit as the row.
    """

    def __init__(self, indicators: Indicators, *, capacity: int) -> None:
        self._indicators = indicators
        self._kept: Cache[ComputedSnapshot] = Cache(capacity, lambda one: one.computed_size)

    def snapshot(self, revision: DatasetRevision, resource: str) -> Snapshot:
        """A resource with its computed columns; the stored snapshot itself where it has none.

        A column whose indicator cannot be used, or reads a file that cannot be read, has no values.
        Raises `NotFound` and `UnreadableFile` for the resource itself.
        """
        fields = computed_fields(revision.package.resource(resource))
        if not fields:
            return revision.snapshot(resource)

        def make() -> ComputedSnapshot:
            stored = revision.snapshot(resource)
            asked = {one.name: partial(self._computed, revision, stored, one) for one in fields}
            return ComputedSnapshot(stored, asked)

        return self._kept.get((revision.dataset.name, revision.commit, resource), make)

    def _computed(self, revision: DatasetRevision, stored: Snapshot, field: Field) -> Computed:
        try:
            values = self._indicators.values(revision, str(field.indicator))
        except (BadDataset, NotFound, UnreadableFile):
            return Listed([None] * len(stored))
        if values.texts is not None:
            return Listed(values.texts)
        digits = digits_of(field)
        digits = values.indicator.digits if digits is None else digits
        numbers = values.numbers
        if values.indicator.type in SHARES and field.display.get("as") == "percent":
            numbers = 100 * numbers
        return Figures(numbers, digits, mark=field.decimal_mark)


@dataclass(frozen=True, slots=True)
class Listed:
    """A column of which all cells are there."""

    listed: Sequence[Cell]

    def cell(self, position: int, /) -> Cell:
        return self.listed[position]

    def cells(self) -> Sequence[Cell]:
        return self.listed


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Numbers as texts with so many decimals, or as they are for None; nan is a missing value."""

    numbers: Numbers
    digits: int | None
    mark: str = "."
    known: dict[float, Cell] = field(default_factory=dict)
    """The texts of numbers that were asked for: the same few stand in most rows."""

    def cell(self, position: int, /) -> Cell:
        return self._text(float(self.numbers[position]))

    def cells(self) -> Sequence[Cell]:
        distinct, codes = np.unique(self.numbers, return_inverse=True)
        texts = [self._text(one) for one in distinct.tolist()]
        return [texts[code] for code in codes.tolist()]

    def _text(self, number: float) -> Cell:
        if isnan(number):  # which is no key: it equals nothing
            return None
        if number not in self.known:
            self.known[number] = (written(number, self.digits) or "").replace(".", self.mark)
        return self.known[number]


def digits_of(field: Field) -> int | None:
    """The decimals of a field: those it is shown with, none for whole numbers, None if not said."""
    digits = field.display.get("digits")
    if isinstance(digits, int) and 0 <= digits <= MOST_DIGITS:
        return digits
    return 0 if field.type == "integer" else None


def computed_fields(resource: Resource) -> tuple[Field, ...]:
    """The fields of a resource that indicators compute."""
    return _COMPUTED(resource)


_COMPUTED: Memo[Resource, tuple[Field, ...]] = Memo(
    lambda resource: tuple(one for one in resource.schema.fields if one.indicator is not None)
)

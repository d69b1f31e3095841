"""What indicators read of a revision: numbers, conditions, positions and calendars, row by row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.columns import MISSING, Column
from retouche.core.indicators.alignment import Keys
from retouche.core.indicators.indicator import Condition, Reference, Source
from retouche.core.indicators.reach import Sources, Targets
from retouche.core.operations import Cell
from retouche.core.presence import USUAL_DAY, Day, presence, weekly_hours
from retouche.core.reading.grid import Numbers
from retouche.core.reading.snapshot import Snapshot
from retouche.services.datasets import DatasetRevision
from retouche.services.indicators.values import Values

Truths: TypeAlias = NDArray[np.int8]
"""1 where a condition holds, 0 where it does not, -1 where that is unknown."""
UNKNOWN = -1
CALENDAR_FIELDS = ("jour", "semaine", "dates", "horaires", "du", "au")
CALENDARS = 50_000
"""Different stops whose hours are remembered."""


class Columns:
    """The columns of one revision as numbers; `values` gives those of another indicator."""

    def __init__(self, revision: DatasetRevision, values: Callable[[str], Values]) -> None:
        self._revision = revision
        self._values = values

    def snapshot(self, resource: str) -> Snapshot:
        return self._revision.snapshot(resource)

    def column(self, resource: str, field: str) -> Column:
        return self.snapshot(resource).shown(field)

    def keys(self, resource: str) -> Keys:
        snapshot = self.snapshot(resource)
        names = snapshot.resource.schema.primary_key
        snapshot.prepare(names)
        return Keys([snapshot.column(name) for name in names], length=len(snapshot))

    def numbers(self, resource: str, of: Reference) -> Numbers:
        """A field or an indicator as numbers, nan where unknown."""
        if of.indicator:
            return self._values(of.name).numbers
        column = self.column(resource, of.name)
        found: Numbers = column.spread(column.numbers(), missing=np.nan)
        return found

    def texts(self, resource: str, of: Reference) -> Sequence[Cell]:
        """A field or an indicator of texts, by row."""
        if of.indicator:
            found = self._values(of.name).texts
            assert found is not None
            return found
        column = self.column(resource, of.name)
        known = [*column.values, None]  # a missing value is -1, the last place
        return [known[code] for code in column.codes.tolist()]

    def filled(self, resource: str, of: Reference) -> NDArray[np.bool_]:
        """Where a field or an indicator is known."""
        if not of.indicator:
            return np.not_equal(self.column(resource, of.name).codes, MISSING)
        values = self._values(of.name)
        if values.texts is not None:
            return np.array([one is not None for one in values.texts], np.bool_)
        return ~np.isnan(values.numbers)

    def truths(self, resource: str, condition: Condition) -> Truths:
        """Where a condition holds. What is unknown meets no bound and is none of some texts, nor
        is it told not to: that stays unknown. `not_in` keeps it, as `notin` does among rows."""
        found = np.ones(len(self.snapshot(resource)), np.int8)
        if condition.at_least is not None or condition.at_most is not None:
            numbers = self.numbers(resource, condition.of)
            low = -np.inf if condition.at_least is None else condition.at_least
            high = np.inf if condition.at_most is None else condition.at_most
            with np.errstate(invalid="ignore"):
                found = ((numbers >= low) & (numbers <= high)).astype(np.int8)
            found[np.isnan(numbers)] = UNKNOWN
        if condition.among is not None:
            among, known = self._among(resource, condition.of, condition.among)
            found = np.where(known, np.minimum(found, among), UNKNOWN).astype(np.int8)
        if condition.not_among is not None:
            among, _ = self._among(resource, condition.of, condition.not_among)
            found = np.where(found == UNKNOWN, found, found * ~among).astype(np.int8)
        return found

    def _among(
        self, resource: str, of: Reference, texts: Sequence[str]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Where a text is one of some, and where there is one. Texts that mean the same in the
        type of a field are the same."""
        if of.indicator:
            cells = self.texts(resource, of)
            among = np.array([one in texts for one in cells], np.bool_)
            return among, np.array([one is not None for one in cells], np.bool_)
        column = self.column(resource, of.name)
        codes = [code for text in texts for code in column.equal(text)]
        return np.isin(column.codes, codes), column.codes != MISSING

    def targets(self, resource: str) -> Targets:
        """The rows of a resource with their positions."""
        latitudes, longitudes = self._places(resource)
        return Targets(keys=self.keys(resource), latitudes=latitudes, longitudes=longitudes)

    def sources(self, listed: Sequence[Source]) -> Sources:
        """The rows of sources; those that do not count have no position."""
        found = [self._source(one) for one in listed]
        latitudes, longitudes, amounts = (
            np.concatenate([one[at] for one in found]) for at in range(3)
        )
        return Sources(
            keys=tuple(self.keys(one.resource) for one in listed),
            latitudes=latitudes,
            longitudes=longitudes,
            amounts=amounts,
        )

    def _source(self, source: Source) -> tuple[Numbers, Numbers, Numbers]:
        latitudes, longitudes = self._places(source.resource)
        chosen = np.ones(len(latitudes), np.bool_)
        for one in source.where:
            chosen &= self.truths(source.resource, one) == 1
        amounts = np.ones(len(latitudes))
        if source.amount is not None:
            amounts = self.numbers(source.resource, source.amount)
        if source.calendar or source.on is not None:
            hours = self._calendar(source.resource, source.on)
            chosen &= hours > 0
            amounts = hours if source.calendar else amounts
        return np.where(chosen, latitudes, np.nan), longitudes, amounts

    def _places(self, resource: str) -> tuple[Numbers, Numbers]:
        places = self.snapshot(resource).places
        if places is None:
            nowhere = np.full(len(self.snapshot(resource)), np.nan)
            return nowhere, nowhere
        return places.latitudes, places.longitudes

    def _calendar(self, resource: str, on: Day | None) -> Numbers:
        """Which share of a full week each stop is there, or of a full day."""
        snapshot = self.snapshot(resource)
        known = {one.name for one in snapshot.fields}
        names = tuple(name for name in CALENDAR_FIELDS if name in known)
        rows = zip(*(self.texts(resource, Reference(name)) for name in names), strict=True)
        return np.fromiter((_share(names, row, on) for row in rows), np.float64, len(snapshot))


@lru_cache(maxsize=CALENDARS)
def _share(names: tuple[str, ...], row: tuple[Cell, ...], on: Day | None) -> float:
    cells = dict(zip(names, row, strict=True))
    return presence(cells) if on is None else weekly_hours(cells, on=on) / USUAL_DAY

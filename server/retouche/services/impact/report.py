"""The impact of a change, as values: sentences and JSON are made of it elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from retouche.core.errors import RetoucheError
from retouche.core.indicators.indicator import Indicator
from retouche.core.operations import Key

Figure: TypeAlias = float | str | None
"""A value of an indicator: a number with the decimals that are shown, a text, or unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Some rows, and how many people they stand for; None where nothing says so."""

    rows: int = 0
    people: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowEffect:
    """A row whose value changes. One that is new, or removed, is unknown on the other side."""

    key: Key
    label: str
    before: Figure
    after: Figure
    people: int | None
    gains: bool | None
    """Whether that is better there; None when it is neither, or nobody can say."""
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorImpact:
    """An indicator that changes: the figure of all rows, and those that change.

    `rows` are the largest effects, `total_rows` how many there are, those of rows that come or go
    included; `staying` rows are there before and after.
    """

    indicator: Indicator
    before: Figure
    after: Figure
    gained: Share
    lost: Share
    rows: tuple[RowEffect, ...]
    total_rows: int
    staying: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """How many are within a distance. `gained` have come within it, `lost` are there no more: the
    two are never set off against each other."""

    kilometres: float
    before: int
    after: int
    gained: int
    lost: int

    @property
    def moved(self) -> int:
        return self.gained + self.lost


@dataclass(frozen=True, slots=True, kw_only=True)
class TerritoryAccess:
    """A territory in which somebody comes within a distance, or leaves it."""

    level: str
    code: str
    label: str
    people: int
    bands: tuple[Band, ...]

    @property
    def moved(self) -> int:
        return max((one.moved for one in self.bands), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How many are within the bands of a `nearest_distance`.

    People, or rows where nothing says how many people those stand for (`by_rows`).
    """

    indicator: Indicator
    people: int
    by_rows: bool
    bands: tuple[Band, ...]
    territories: tuple[TerritoryAccess, ...]

    @property
    def moved(self) -> int:
        return max((one.moved for one in self.bands), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpactReport:
    """What changes in the indicators between two commits.

    `levels` are the titles of the territories' levels by name, `faults` what keeps indicators from
    being computed, by name, and `titles` what those are called.
    """

    before: str
    after: str
    indicators: tuple[IndicatorImpact, ...] = ()
    access: tuple[Access, ...] = ()
    levels: Mapping[str, Any] = field(default_factory=dict)
    primary_keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    titles: Mapping[str, Any] = field(default_factory=dict)
    faults: Mapping[str, RetoucheError] = field(default_factory=dict)

    @property
    def changes(self) -> bool:
        """Whether anything does."""
        return bool(self.indicators or any(one.moved for one in self.access))

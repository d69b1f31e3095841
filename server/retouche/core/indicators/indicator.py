"""What an indicator is: whose rows get a value, by which rule, and how the value is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeAlias

from retouche.core.schema import in_language

CALENDAR = "calendar"
"""The weight of a source that stands for the share of a full week that a stop is there."""
MOST_DIGITS = 10
CIRCLES = ("count_within", "sum_within", "nearest_distance")


@dataclass(frozen=True, slots=True)
class Reference:
    """A field of a resource, or an indicator of it."""

    name: str
    indicator: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """What a row must be like. Bounds include their edges; `among` and `not_among` are texts."""

    of: Reference
    at_least: float | None = None
    at_most: float | None = None
    among: tuple[str, ...] | None = None
    not_among: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Rows that are counted, added up or gone to.

    `amount` is what a row counts, or what of it is added up; None for 1 each. With `calendar` a
    row counts the share of a full week, or of a full day where `on` names one, that a stop is
    there. `on` keeps the stops of one day: a date, or a weekday from 0 for Monday.
    """

    resource: str
    where: tuple[Condition, ...] = ()
    amount: Reference | None = None
    calendar: bool = False
    on: date | int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Circle:
    """`count_within`, `sum_within` (of a `field` of each source) and `nearest_distance`.

    `radius` is in kilometres; None for a `nearest_distance` that has no limit.
    """

    type: Literal["count_within", "sum_within", "nearest_distance"]
    sources: tuple[Source, ...]
    radius: float | None = None
    itself: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Join:
    """What rows elsewhere hold whose field `on` is as `by` is here."""

    by: str
    of: str
    on: str
    field: Reference
    operation: Literal["sum", "mean", "min", "max", "count"] | None = None
    text: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    numerator: Reference
    denominator: Reference
    per: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Availability:
    fields: tuple[Reference, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupShare:
    """The share of the rows elsewhere, or of the people they stand for, that meet a condition."""

    of: str
    by: str
    on: str
    where: Condition
    weight: Reference | None = None


Rule: TypeAlias = Circle | Join | Ratio | Availability | GroupShare


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """A figure for each row of `resource`.

    `better` says whether more or less of it is a gain, None when neither is. `weight` names the
    field of `resource` that says how many people a row stands for; a row of a `group_share`
    stands for the people of its group, whatever it says. `bands` are kilometres.
    """

    name: str
    type: str
    resource: str
    rule: Rule
    descriptor: Mapping[str, Any]
    weight_of: Reference | None = None

    @property
    def weight(self) -> str | None:
        return None if self.weight_of is None else self.weight_of.name

    def title(self, locale: str) -> str:
        return in_language(self.descriptor.get("title"), locale, self.name)

    def help(self, locale: str) -> str:
        return in_language(self.descriptor.get("help"), locale)

    def unit(self, locale: str) -> str:
        unit = in_language(self.descriptor.get("unit"), locale)
        return unit or ("km" if self.type == "nearest_distance" else "")

    @property
    def digits(self) -> int | None:
        """Decimals that are shown; None for as many as there are, six at most."""
        digits = self.descriptor.get("digits")
        return digits if isinstance(digits, int) and 0 <= digits <= MOST_DIGITS else None

    @property
    def better(self) -> Literal["more", "less"] | None:
        better = self.descriptor.get("better")
        return better if better in ("more", "less") else None

    @property
    def bands(self) -> tuple[float, ...]:
        return tuple(sorted({float(one) for one in self.descriptor.get("bands", ())}))

    @property
    def impact(self) -> bool:
        """Whether it is shown in the impact of proposals."""
        return bool(self.descriptor.get("impact", True))

    @property
    def text(self) -> bool:
        """Whether its values are texts and not numbers."""
        return isinstance(self.rule, Join) and self.rule.text

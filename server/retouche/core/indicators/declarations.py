"""Declarations of indicators read from a data package and checked against what it has.

Each indicator is judged on its own: one that cannot be used takes away those that refer to it, and
no other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from retouche.core.errors import BadDataset
from retouche.core.indicators.indicator import (
    CIRCLES,
    Availability,
    Circle,
    GroupShare,
    Indicator,
    Join,
    Ratio,
    Rule,
)
from retouche.core.indicators.wording import Wording
from retouche.core.memo import Memo
from retouche.core.package import Package

NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
FARTHEST = 20_020.0
"""Kilometres; half the way around the earth, which no radius needs to pass."""
MOST_BANDS = 10
DEEPEST = 30
"""Indicators that may need each other one after the other."""
OPERATIONS = ("sum", "mean", "min", "max", "count")
TEXTS = ("title", "help", "unit", "to")
TYPES = (*CIRCLES, "join", "ratio", "availability", "group_share")


@dataclass(frozen=True, slots=True)
class Declared:
    """The indicators that can be used, and what is wrong with the others."""

    usable: Mapping[str, Indicator]
    faults: Mapping[str, BadDataset]


def indicators_of(package: Package) -> Mapping[str, Indicator]:
    """All that a package declares, by name. Raises `BadDataset` when one of them is wrong, or
    when a field is said to be computed by none of them."""
    found = declared(package)
    for fault in found.faults.values():
        raise BadDataset(fault.reason, **fault.values)
    _check_derived(package, found.usable)
    return found.usable


def declared(package: Package) -> Declared:
    """Those that can be used, and what is wrong with the others. Never raises."""
    return _DECLARED(package)


def _declared(package: Package) -> Declared:
    reader = _Reader(package)
    for name in reader.names:
        reader.read(name)
    return Declared(MappingProxyType(reader.usable), MappingProxyType(reader.faults))


_DECLARED: Memo[Package, Declared] = Memo(_declared)


def _check_derived(package: Package, usable: Mapping[str, Indicator]) -> None:
    for resource in package.resources.values():
        for field in resource.schema.fields:
            name = field.indicator
            if name is None:
                continue
            if name not in usable or usable[name].resource != resource.name:
                raise BadDataset(
                    "derived_unknown_indicator",
                    resource=resource.name,
                    field=field.name,
                    indicator=name,
                    known=[one.name for one in usable.values() if one.resource == resource.name],
                )


class _Reader:
    """Reads declarations one after the other, those that another refers to before it."""

    def __init__(self, package: Package) -> None:
        self._package = package
        listed = package.extension.get("indicators")
        self._listed = listed if isinstance(listed, Mapping) else {}
        self.names = [str(name) for name in self._listed]
        self.usable: dict[str, Indicator] = {}
        self.faults: dict[str, BadDataset] = {}
        self._open: list[str] = []
        self._depths: dict[str, int] = {}
        self._below: list[int] = []
        """For each that is open: how deep what it needs goes."""

    def read(self, name: str) -> Indicator | None:
        """An indicator, None when it cannot be used. Raises `BadDataset` in a circle."""
        if name in self.usable or name in self.faults:
            return self.usable.get(name)
        if name in self._open:
            circle = [*self._open[self._open.index(name) :], name]
            raise BadDataset(
                "indicator_circle", at=f"retouche/indicators/{name}", circle=" → ".join(circle)
            )
        if len(self._open) == DEEPEST:
            raise _too_deep(name)
        self._open.append(name)
        self._below.append(0)
        try:
            found = self._read(name)
            self._depths[name] = 1 + self._below[-1]
            if self._depths[name] > DEEPEST:
                raise _too_deep(name)
            self.usable[name] = found
        except BadDataset as fault:
            self.faults[name] = fault.with_traceback(None)
        finally:
            self._open.pop()
            self._below.pop()
        return self.usable.get(name)

    def _read(self, name: str) -> Indicator:
        wording = Wording(
            self._package, self._listed[name], f"retouche/indicators/{name}", self._find
        )
        if not NAME.fullmatch(name):
            raise wording.fault("indicator_bad_name", name=name[:80])
        kind = wording.choice("type", TYPES)
        resource = wording.resource("resource")
        if not resource.schema.primary_key:
            raise wording.fault("indicator_keyless", resource=resource.name)
        for text in TEXTS:
            wording.check_texts(text)
        weight = None
        if kind != "group_share" and wording.has("weight"):
            weight = wording.number_of(resource, "weight")
        bands = wording.descriptor.get("bands", [])
        if (
            not isinstance(bands, list)
            or len(bands) > MOST_BANDS
            or not all(isinstance(one, int | float) and 0 < one <= FARTHEST for one in bands)
        ):
            raise wording.fault("indicator_bad_value", at_="bands", expected="kilometres")
        return Indicator(
            name=name,
            type=kind,
            resource=resource.name,
            rule=self._rule(kind, wording),
            descriptor=wording.descriptor,
            weight_of=weight,
        )

    def _find(self, name: str) -> Indicator | None:
        if name not in self._listed:
            return None
        found = self.read(name)
        if found is not None and self._below:
            self._below[-1] = max(self._below[-1], self._depths[name])
        return found

    def _rule(self, kind: str, wording: Wording) -> Rule:
        here = wording.resource("resource")
        match kind:
            case "join":
                return _join(wording)
            case "ratio":
                return Ratio(
                    numerator=wording.number_of(here, "numerator"),
                    denominator=wording.number_of(here, "denominator"),
                    per=wording.positive("per") if wording.has("per") else 1.0,
                )
            case "availability":
                return Availability(fields=wording.fields(here, "fields"))
            case "group_share":
                there = wording.resource("of")
                return GroupShare(
                    of=there.name,
                    by=wording.field(there, "by"),
                    on=wording.field(here, "on") if wording.has("on") else wording.key(here, "on"),
                    where=wording.condition(there, wording.descriptor.get("where"), "where"),
                    weight=wording.number_of(there, "weight") if wording.has("weight") else None,
                )
            case _:
                return _circle(kind, wording)


def _too_deep(name: str) -> BadDataset:
    at = f"retouche/indicators/{name[:80]}"
    return BadDataset("indicator_too_deep", at=at, limit=DEEPEST)


def _circle(kind: Any, wording: Wording) -> Circle:
    wording.placed(wording.resource("resource"), "resource")
    radius = None
    if kind != "nearest_distance" or wording.has("radius"):
        radius = wording.positive("radius", most=FARTHEST)
    sources = wording.sources("of", added_up="field" if kind == "sum_within" else None)
    itself = wording.descriptor.get("itself", False)
    if not isinstance(itself, bool):
        raise wording.fault("indicator_bad_value", at_="itself", expected="true")
    return Circle(type=kind, sources=sources, radius=radius, itself=itself)


def _join(wording: Wording) -> Join:
    here, there = wording.resource("resource"), wording.resource("of")
    operation = wording.choice("operation", OPERATIONS) if wording.has("operation") else None
    field, numeric = wording.value_of(there, "field")
    if not numeric and operation not in (None, "count"):
        raise wording.fault(
            "indicator_not_numeric", at_="field", resource=there.name, field=field.name
        )
    return Join(
        by=wording.field(here, "by"),
        of=there.name,
        on=wording.field(there, "on") if wording.has("on") else wording.key(there, "on"),
        field=field,
        operation=operation,
        text=operation is None and not numeric,
    )

"""The registry of custom checks: Validata's, by its names, and ours.

A check that is unknown or unusable is reported as a problem of the schema and stops nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from retouche.core.judging.checks import (
    columns,
    coordinates,
    counters,
    identifiers,
    nomenclature,
    years,
)
from retouche.core.judging.checks.check import Check, Params, RowCheck, TotalCheck, UnusableCheck
from retouche.core.judging.checks.opening_hours import opening_hours
from retouche.core.judging.checks.phone import phone
from retouche.core.memo import Memo
from retouche.core.package import Resource

REGISTRY: Mapping[str, Callable[[Params], Check]] = {
    "cohesive-columns-value": columns.cohesive,
    "column-total": counters.column_total,
    "compare-columns-value": columns.compare,
    "french-gps-coordinates": coordinates.french_coordinates,
    "french-siren-value": identifiers.siren,
    "french-siret-value": identifiers.siret,
    "min-filled": counters.min_filled,
    "nomenclature-actes-value": nomenclature.nomenclature,
    "one-of-required": columns.one_of_required,
    "opening-hours-value": opening_hours,
    "phone-number-value": phone,
    "sum-columns-value": columns.total,
    "year-interval-value": years.year_interval,
}
# What Validata calls some of them since its version 0.13.
ALIASES = {
    "nomenclature-acte": "nomenclature-actes-value",
    "siren": "french-siren-value",
    "siret": "french-siret-value",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A check of the schema that cannot be run, and the parameter at fault."""

    name: str
    parameter: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checks:
    """The custom checks of one resource."""

    rows: tuple[RowCheck, ...] = ()
    totals: tuple[TotalCheck, ...] = ()
    problems: tuple[Problem, ...] = ()


def _build(resource: Resource) -> Checks:
    rows: list[RowCheck] = []
    totals: list[TotalCheck] = []
    problems: list[Problem] = []
    for descriptor in resource.checks:
        made = _made(descriptor)
        if isinstance(made, Problem):
            problems.append(made)
        elif isinstance(made, RowCheck):
            rows.append(made)
        else:
            totals.append(made)
    return Checks(rows=tuple(rows), totals=tuple(totals), problems=tuple(problems))


def _made(descriptor: Any) -> Check | Problem:
    if not isinstance(descriptor, Mapping):
        return Problem(name=str(descriptor)[:80])
    name = str(descriptor.get("name") or "")[:80]
    factory = REGISTRY.get(ALIASES.get(name, name))
    if factory is None:
        return Problem(name=name)
    params = descriptor.get("params")
    try:
        check = factory(params if isinstance(params, Mapping) else {})
    except UnusableCheck as problem:
        return Problem(name=name, parameter=str(problem))
    message = descriptor.get("message")
    return replace(
        check,
        level="warning" if descriptor.get("level") == "warning" else "error",
        message=message if isinstance(message, Mapping | str) else None,
    )


_checks: Memo[Resource, Checks] = Memo(_build)


def checks_of(resource: Resource) -> Checks:
    """The custom checks of a resource, made once."""
    return _checks(resource)

"""Indicators that need no positions: joins, ratios, shares of what is filled, shares of groups.

Each is a few passes over columns, so that nothing is gained by renewing what was known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.columns import MISSING
from retouche.core.indicators.alignment import ABSENT, recoded
from retouche.core.indicators.indicator import Availability, GroupShare, Join, Ratio
from retouche.core.indicators.reach import scale_of, whole
from retouche.core.operations import Cell
from retouche.core.reading.grid import Numbers
from retouche.services.grouping import grouped
from retouche.services.indicators.columns import UNKNOWN, Columns

Codes: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Figured:
    """What a rule gives for each row; `weights` and `overall` where it knows better than the
    indicator at large."""

    numbers: Numbers
    texts: Sequence[Cell] | None = None
    weights: Numbers | None = None
    overall: float | None = None


def availability(columns: Columns, resource: str, rule: Availability) -> Figured:
    """The share of the fields that a row has filled."""
    filled = [columns.filled(resource, one) for one in rule.fields]
    return Figured(numbers=np.add.reduce([one.astype(np.float64) for one in filled]) / len(filled))


def ratio(columns: Columns, resource: str, rule: Ratio) -> Figured:
    """One number over another; of all rows together: one sum over the other, of the rows that
    have both."""
    above = columns.numbers(resource, rule.numerator)
    below = columns.numbers(resource, rule.denominator)
    with np.errstate(invalid="ignore", divide="ignore"):
        numbers = above / below * rule.per
    numbers[~np.isfinite(numbers)] = np.nan
    both = ~np.isnan(above) & ~np.isnan(below)
    total = float(below[both].sum())
    overall = float(above[both].sum()) / total * rule.per if total else None
    return Figured(numbers=numbers, overall=overall)


def group_share(columns: Columns, resource: str, rule: GroupShare) -> Figured:
    """The share of each group that meets the condition. Rows for which it is unknown, or which
    stand for an unknown number of people, are left out of both parts."""
    truths = columns.truths(rule.of, rule.where)
    weights = np.ones(len(truths))
    if rule.weight is not None:
        weights = columns.numbers(rule.of, rule.weight)
    groups = columns.column(rule.of, rule.by)
    told = (truths != UNKNOWN) & ~np.isnan(weights) & (groups.codes != MISSING)
    scale = scale_of(weights)
    parts = whole(weights, scale)[told]
    sums = _by_code(
        groups.codes[told],
        [("sum", parts), ("sum", parts * (truths[told] == 1))],
        count=len(groups.values),
    )
    here = recoded(columns.column(resource, rule.on), groups)
    everyone, some = (_at(one, here) / scale for one in sums)
    with np.errstate(invalid="ignore", divide="ignore"):
        numbers = np.where(everyone > 0, some / everyone, np.nan)
    total = float(everyone[everyone > 0].sum())
    overall = float(some[everyone > 0].sum()) / total if total else None
    return Figured(
        numbers=numbers, weights=np.where(everyone > 0, everyone, np.nan), overall=overall
    )


def join(columns: Columns, resource: str, rule: Join) -> Figured:
    """What the rows elsewhere hold that a row names."""
    groups = columns.column(rule.of, rule.on)
    here = recoded(columns.column(resource, rule.by), groups)
    told = groups.codes != MISSING
    codes = groups.codes[told]
    if rule.operation is None:
        return _looked_up(columns, rule, here, codes, np.flatnonzero(told), len(groups.values))
    if rule.operation == "count":
        filled = columns.filled(rule.of, rule.field)[told]
        (counts,) = _by_code(codes, [("sum", filled.astype(np.int64))], count=len(groups.values))
        return _summed(np.where(np.isnan(counts), 0, counts), here)
    numbers = columns.numbers(rule.of, rule.field)[told]
    if rule.operation in ("min", "max"):
        (found,) = _by_code(codes, [(rule.operation, numbers)], count=len(groups.values))
        values = _at(found, here)
        known = values[~np.isnan(values)]
        extreme = {"min": np.min, "max": np.max}[rule.operation]
        return Figured(numbers=values, overall=float(extreme(known)) if len(known) else None)
    scale, known_there = scale_of(numbers), ~np.isnan(numbers)
    sums, counts = _by_code(
        codes,
        [("sum", whole(numbers, scale)), ("sum", known_there.astype(np.int64))],
        count=len(groups.values),
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.where(counts > 0, sums / scale, np.nan)
        if rule.operation == "mean":
            return Figured(numbers=_at(found / counts, here))
    return _summed(found, here)


def _summed(by_code: Numbers, here: Codes) -> Figured:
    """A sum or a count: 0 for who has no rows there, and a total."""
    numbers = np.where(here == ABSENT, 0.0, _at(by_code, here))
    known = numbers[~np.isnan(numbers)]
    return Figured(numbers=numbers, overall=float(known.sum()) if len(known) else None)


def _looked_up(
    columns: Columns, rule: Join, here: Codes, codes: Codes, rows: Codes, count: int
) -> Figured:
    """The one row there that a row names; unknown where there are several."""
    times = np.bincount(codes, minlength=count + 1)
    place = np.full(count + 1, -1, np.int64)
    place[codes] = rows
    place[times != 1] = -1
    # A name that is missing (-1) or not there (-2) has the last place, which no code has.
    at = place[np.where(here < 0, count, here)]
    if rule.text:
        texts = columns.texts(rule.of, rule.field)
        return Figured(
            numbers=np.full(len(here), np.nan),
            texts=[None if one < 0 else texts[one] for one in at.tolist()],
        )
    numbers = np.append(columns.numbers(rule.of, rule.field), np.nan)
    return Figured(numbers=numbers[at])


def _by_code(
    codes: Codes, measured: Sequence[tuple[str, NDArray[Any]]], *, count: int
) -> list[Numbers]:
    """Measures of groups by their code, nan for a code that no row has."""
    found = grouped([codes], measured)
    results = []
    for one in found.measures:
        per_code = np.full(count, np.nan)
        per_code[found.codes[0]] = one
        results.append(per_code)
    return results


def _at(by_code: Numbers, here: Codes) -> Numbers:
    """What is known of codes, row by row; nan for a name that is missing or not there."""
    return np.append(by_code, np.nan)[np.where(here < 0, len(by_code), here)]


RULES: dict[type, Callable[..., Figured]] = {
    Availability: availability,
    Ratio: ratio,
    GroupShare: group_share,
    Join: join,
}

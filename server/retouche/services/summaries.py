"""Figures over rows: counts, sums, means and extremes by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.columns import MISSING, Column
from retouche.core.errors import Malformed
from retouche.core.operations import Cell
from retouche.core.reading.snapshot import Positions, Snapshot
from retouche.services.grouping import Groups, grouped

Measure: TypeAlias = tuple[str, str]
"""An operation and the field it is asked of."""

OPERATIONS = ("count", "sum", "mean", "min", "max")
MAX_BY = 2
EXACT = 2**53
"""Whole numbers below this are exact as floats."""


def aggregate(
    snapshot: Snapshot,
    positions: Positions,
    *,
    by: Sequence[str] = (),
    measures: Sequence[Measure] = (),
) -> list[dict[str, Any]]:
    """One row per group: `{by: value, "count": rows, "sum_<field>": number, …}`.

    Most rows first, then in the order of the fields. Missing values are a group of their own
    (`None`), and are left out of every measure; a measure of nothing is `None`. `min` and `max`
    of a field that is no number are texts of it, by its order.
    Raises `UnknownField` and `Malformed`.
    """
    groups = [snapshot.shown(name) for name in _by(by)]
    asked = [(operation, snapshot.shown(name)) for operation, name in _measures(measures)]
    names = [f"{operation}_{column.field.name}" for operation, column in asked]
    clash = next((name for name in by if name in ("count", *names)), None)
    if clash is not None:
        raise Malformed("name_clash", pointer="by", field=clash)
    codes = [_group_codes(one, positions) for one in groups]
    found = grouped(
        codes or [np.zeros(len(positions), np.int8)],
        [(one, _measures_of(column, positions, operation=one)) for one, column in asked],
    )
    figures = {
        name: _measured(column, numbers, operation=operation)
        for name, (operation, column), numbers in zip(names, asked, found.measures, strict=True)
    }
    rows = _rows(groups, found, figures)
    if not groups and not rows:
        empty = {name: 0 if name.startswith("count_") else None for name in names}
        return [{"count": 0, **empty}]
    rows.sort(key=lambda row: -row["count"])
    return rows


def _by(names: Sequence[str]) -> Sequence[str]:
    if len(names) > MAX_BY or len(set(names)) < len(names):
        raise Malformed("bad_by", pointer="by", value=",".join(names)[:200], limit=MAX_BY)
    return names


def _measures(measures: Sequence[Measure]) -> Sequence[Measure]:
    for operation, name in measures:
        if operation not in OPERATIONS:
            raise Malformed("bad_measure", pointer=operation, value=operation, known=OPERATIONS)
        if measures.count((operation, name)) > 1:
            raise Malformed("repeated_parameter", pointer=operation, parameter=operation)
    return measures


def _group_codes(column: Column, positions: Positions) -> NDArray[np.int32]:
    """Codes in the order of the field, missing values after all others."""
    codes = column.codes.take(positions)
    return np.where(codes == MISSING, np.int32(len(column.values)), codes)


def _measures_of(column: Column, positions: Positions, *, operation: str) -> NDArray[np.float64]:
    """What is measured, row by row: numbers, else codes, which have the order of the field."""
    if column.typing.numeric and operation != "count":
        per_value = column.numbers()
    elif operation in ("sum", "mean"):
        raise Malformed("not_numeric", pointer=operation, field=column.field.name)
    else:
        per_value = np.arange(len(column.values), dtype=np.float64)
        if operation != "count":
            per_value[column.fitting :] = np.nan
    padded = np.append(per_value, np.nan)  # a missing value is -1, the last place
    return padded[column.codes.take(positions)]


def _measured(column: Column, numbers: NDArray[Any], *, operation: str) -> list[Any]:
    """One measure of every group, as JSON."""
    results = numbers.tolist()
    if operation == "count":
        return [int(one) for one in results]
    if operation == "sum":
        # A sum has no more decimals than its numbers: what follows is the noise of floats.
        return [_number(round(one, column.decimals)) for one in results]
    if column.typing.numeric:
        return [_number(one) for one in results]
    return [None if np.isnan(one) else column.values[int(one)] for one in results]


def _number(value: float) -> int | float | None:
    if not np.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) < EXACT else value


def _rows(
    groups: Sequence[Column], found: Groups, figures: Mapping[str, Sequence[Any]]
) -> list[dict[str, Any]]:
    rows = []
    codes = [one.tolist() for one in found.codes]
    for at, count in enumerate(found.counts.tolist()):
        row: dict[str, Any] = {
            column.field.name: _value(column, by[at])
            for column, by in zip(groups, codes, strict=False)
        }
        row["count"] = count
        row.update((name, results[at]) for name, results in figures.items())
        rows.append(row)
    return rows


def _value(column: Column, code: int) -> Cell:
    return column.values[code] if code < len(column.values) else None

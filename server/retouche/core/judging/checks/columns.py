"""Checks between the columns of one row: filled together, compared, one of two, a sum."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from retouche.core.judging.checks.check import (
    Finding,
    Params,
    RowCheck,
    UnusableCheck,
    one_column,
    some_columns,
)
from retouche.core.judging.checks.numbers import number
from retouche.core.operations import Cell

OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "<=": operator.le,
    "<": operator.lt,
}


def cohesive(params: Params) -> RowCheck:
    """All of the columns are filled, or none is."""
    columns = (one_column(params), *some_columns(params, "othercolumns"))

    def test(cells: Sequence[Cell], _: Sequence[Any]) -> Finding | None:
        filled = sum(one is not None for one in cells)
        return Finding("some_empty") if 0 < filled < len(cells) else None

    return RowCheck(name="cohesive-columns-value", columns=_apart(columns), test=test, partial=True)


def one_of_required(params: Params) -> RowCheck:
    """At least one of two columns is filled."""
    names = ("column1", "column2") if "column1" in params else ("column", "column2")
    columns = tuple(one_column(params, name) for name in names)

    def test(cells: Sequence[Cell], _: Sequence[Any]) -> Finding | None:
        return None if any(one is not None for one in cells) else Finding("all_empty")

    return RowCheck(name="one-of-required", columns=_apart(columns), test=test, partial=True)


def compare(params: Params) -> RowCheck:
    """A cell is less than, equal to or more than another; nothing is said of empty cells."""
    columns = (one_column(params), one_column(params, "column2"))
    sign = params.get("op")
    if sign not in OPERATORS:
        raise UnusableCheck("op")

    def test(cells: Sequence[Cell], values: Sequence[Any]) -> Finding | None:
        if values[0] is None or values[1] is None:
            return None
        known = {"op": sign, "other": cells[1]}
        pair = comparable(values[0], values[1])
        if pair is None:
            return Finding("incomparable", known)
        return None if OPERATORS[sign](*pair) else Finding("comparison", known)

    return RowCheck(name="compare-columns-value", columns=_apart(columns), test=test)


def comparable(one: Any, other: Any) -> tuple[Any, Any] | None:
    """Two values in a form in which they can be put in order: numbers, dates, or texts."""
    numbers = number(one), number(other)
    if numbers[0] is not None and numbers[1] is not None:
        return numbers
    if isinstance(one, datetime) and isinstance(other, datetime):
        return (one, other) if (one.tzinfo is None) == (other.tzinfo is None) else None
    if type(one) is type(other) and isinstance(one, (str, date, tuple)):
        return one, other
    return None


def total(params: Params) -> RowCheck:
    """A cell is the sum of others; nothing is said when one of them is empty."""
    columns = (one_column(params), *some_columns(params))

    def test(_: Sequence[Cell], values: Sequence[Any]) -> Finding | None:
        found = [number(one) for one in values]
        known = [one for one in found if one is not None]
        if len(known) < len(found):
            return None
        added = sum(known[1:], Decimal(0))
        return None if added == known[0] else Finding("sum", {"total": f"{added:f}"})

    return RowCheck(name="sum-columns-value", columns=_apart(columns), test=test)


def _apart(columns: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(columns)) < len(columns) or len(columns) < 2:
        raise UnusableCheck("columns")
    return columns

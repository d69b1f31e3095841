"""Checks that count: how many columns of a row are filled, what a column adds up to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from retouche.core.judging.checks.check import (
    Finding,
    Params,
    RowCheck,
    TotalCheck,
    UnusableCheck,
    one_column,
    some_columns,
)
from retouche.core.judging.checks.numbers import number
from retouche.core.operations import Cell


def min_filled(params: Params) -> RowCheck:
    """At least `minimum` of the columns are filled."""
    columns = some_columns(params)
    minimum = params.get("minimum")
    if isinstance(minimum, bool) or not isinstance(minimum, int) or minimum < 1:
        raise UnusableCheck("minimum")

    def test(cells: Sequence[Cell], _: Sequence[Any]) -> Finding | None:
        filled = sum(one is not None for one in cells)
        if filled >= minimum:
            return None
        return Finding("too_few_filled", {"minimum": minimum, "filled": filled})

    return RowCheck(name="min-filled", columns=columns, test=test, partial=True)


def column_total(params: Params) -> TotalCheck:
    """The numbers of a column add up to `equals`."""
    equals = number(params.get("equals"))
    if equals is None:
        raise UnusableCheck("equals")
    return TotalCheck(name="column-total", column=one_column(params), equals=equals)

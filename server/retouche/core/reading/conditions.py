"""Conditions on the cells of a field, decided for whole columns of codes at once."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from retouche.core.coded.coding import Codes
from retouche.core.coded.columns import MISSING, Column
from retouche.core.coded.haystack import Mask
from retouche.core.reading.query import Filter


def met(column: Column, condition: Filter) -> Mask:
    """The rows whose cell meets one condition."""
    codes, values = column.codes, condition.values
    match condition.operator:
        case "isnull":
            return _holds(codes, MISSING)
        case "isnotnull":
            return ~_holds(codes, MISSING)
        case "exact":
            return _any_of(column, values)
        case "differs":
            return ~_any_of(column, values)
        case "in":
            return _listed(column, values)
        case "notin":
            return ~_listed(column, values)
        case "contains":
            return column.spread(column.containing(values[0]), missing=False)
        case "notcontains":
            return ~column.spread(column.containing(values[0]), missing=False)
        case "less" | "strictly_less":
            return column.within(*column.less(values[0], strictly=_strictly(condition)))
        case "greater" | "strictly_greater":
            return column.within(*column.greater(values[0], strictly=_strictly(condition)))
        case operator:
            raise AssertionError(operator)


def _strictly(condition: Filter) -> bool:
    return condition.operator.startswith("strictly_")


def _listed(column: Column, texts: tuple[str, ...]) -> Mask:
    """The rows that hold one of the texts; in a list, the empty one stands for a missing value."""
    found = _any_of(column, texts)
    return found | _holds(column.codes, MISSING) if "" in texts else found


def _any_of(column: Column, texts: Iterable[str]) -> Mask:
    wanted = sorted({code for text in texts for code in column.equal(text)})
    if len(wanted) <= 1:
        return _holds(column.codes, *wanted) if wanted else np.zeros(len(column), np.bool_)
    table = np.zeros(len(column.values), np.bool_)
    table[wanted] = True
    return column.spread(table, missing=False)


def _holds(codes: Codes, code: int) -> Mask:
    return np.equal(codes, code)

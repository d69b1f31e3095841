"""Which cells of a column are surely right, told from their bytes without reading them one by one.

Surely right implies that `judge.Reader` finds no fault in the text, blemished characters apart
(`blemishing.py`). What is not surely right may be so all the same: the judge decides.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.decimals import PLUS, Decimals
from retouche.core.coded.layouts import Layout, day_number, number_of_day
from retouche.core.judging.blemishing import suspects
from retouche.core.judging.judge import BOUNDS, Reader
from retouche.core.judging.plaintexts import Right, listed_test, text_test
from retouche.core.spans import Cells
from retouche.core.tokenizer import Flags

STANDARD: Mapping[str, tuple[str, ...]] = {
    "date": ("%Y-%m-%d",),
    "datetime": ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"),
    "time": ("%H:%M:%S",),
}
POINTS: Mapping[str | None, str] = {None: ".", ".": ".", ",": ","}
GROUPS = frozenset(" ',._\u00a0\u202f\u2009\u2019")
COMPARED: Mapping[str, Callable[[Any, Any], Flags]] = {
    "minimum": operator.ge,
    "maximum": operator.le,
    "exclusiveMinimum": operator.gt,
    "exclusiveMaximum": operator.lt,
}
NEAR = 1e-9
"""A float this near to a bound, in proportion, may be on the other side of it."""


def right(reader: Reader, *, encoding: str) -> Right | None:
    """The test of a column's cells that are not missing; None where there is no quick one."""
    kind, rules = reader.field.type, reader.rules
    if kind == "boolean" or "enum" in rules:
        return listed_test(reader, encoding=encoding)
    if kind == "any" or (kind == "string" and reader.format == "default"):
        return text_test(reader, encoding=encoding)
    if not rules <= set(BOUNDS):
        return None
    if kind in ("number", "integer"):
        return _numbers(reader)
    if kind == "year":
        return _years(reader)
    if kind == "date":
        return _days(reader)
    if kind == "yearmonth" and not rules:
        return _moments([Layout("%Y-%m")])
    if kind in ("datetime", "time") and not rules:
        return _moments(layouts(reader))
    return None


def doubts(cells: Cells, reader: Reader) -> Flags:
    """Which cells, in UTF-8 and not awkward, are not surely right, missing values included."""
    test = right(reader, encoding="utf-8")
    found: Flags = np.ones(len(cells), np.bool_) if test is None else ~test(cells)
    for text in reader.missing:
        found |= cells.equal(text.encode("utf-8", "surrogatepass"))
    if len(cells):
        low = int(cells.begins[0])
        offsets = suspects(cells.view, low, int(cells.stops[-1]), utf8=True)
        found[np.searchsorted(cells.begins, offsets, side="right") - 1] = True
    return found


# Numbers


def point_of(reader: Reader) -> str | None:
    """The decimal character of plain numbers; raises KeyError where there are no plain ones."""
    if reader.field.type == "integer":
        return None
    return POINTS[reader.field.descriptor.get("decimalChar")]


def is_plain_number(reader: Reader) -> bool:
    """Whether plain decimals of a column are what they look like."""
    descriptor = reader.field.descriptor
    return (
        reader.field.type in ("number", "integer")
        and descriptor.get("bareNumber") is not False
        and (reader.field.type == "integer" or descriptor.get("decimalChar") in POINTS)
        and (descriptor.get("groupChar") or " ") in GROUPS - {descriptor.get("decimalChar")}
    )


def is_exact_number(reader: Reader) -> bool:
    """Whether they are also exactly what they look like, and not the nearest float."""
    return is_plain_number(reader) and not reader.field.descriptor.get("floatNumber")


def _numbers(reader: Reader) -> Right | None:
    if not is_plain_number(reader):
        return None
    point = point_of(reader)
    if not reader.bounds:
        return lambda cells: Decimals(cells, point=point).plain
    within = _within(reader)
    if within is None:
        return None

    def test(cells: Cells) -> Flags:
        found = Decimals(cells, point=point)
        result: Flags = found.plain & within(found.approximate())
        return result

    return test


def _within(reader: Reader) -> Callable[[NDArray[np.float64]], Flags] | None:
    """Whether numbers surely keep the bounds; integers of up to fifteen digits are exact."""
    bounds = {name: float(value) for name, value in reader.bounds.items()}
    if not np.isfinite(list(bounds.values())).all():
        return None
    exact = all(value == reader.bounds[name] for name, value in bounds.items())

    def within(values: NDArray[np.float64]) -> Flags:
        margin = np.abs(values) * NEAR
        if exact:
            margin[(values == np.floor(values)) & (np.abs(values) < 1e15)] = 0
        found = np.ones(len(values), np.bool_)
        for name, bound in bounds.items():
            space = margin if exact else margin + abs(bound) * NEAR
            if name in ("maximum", "exclusiveMaximum"):
                room = bound - values - space
            else:
                room = values - bound - space
            found &= room > 0 if name.startswith("exclusive") else room >= 0
        return found

    return within


def _years(reader: Reader) -> Right | None:
    within = _within(reader) if reader.bounds else None
    if reader.bounds and within is None:
        return None

    def test(cells: Cells) -> Flags:
        years = Decimals(cells, point=None)
        found: Flags = years.plain & (cells.lengths == 4)
        found &= (cells.octets() != PLUS) & ~years.negative
        return found if within is None else found & within(years.approximate())

    return test


# Dates and times


def layouts(reader: Reader) -> Sequence[Layout]:
    """The layouts that texts of the type surely may have."""
    kind = reader.field.type
    patterns = STANDARD.get(kind, ()) if reader.format == "default" else (reader.format,)
    found = (Layout.of(pattern) for pattern in patterns)
    return [one for one in found if one is not None]


def _days(reader: Reader) -> Right | None:
    found = layouts(reader)
    if not found:
        return None
    layout = found[0]
    bounds = {name: number_of_day(value) for name, value in reader.bounds.items()}
    if None in bounds.values():
        return None

    def test(cells: Cells) -> Flags:
        fits, parts = layout.fits(cells)
        if bounds:
            days = day_number(parts)
            for name, bound in bounds.items():
                fits &= COMPARED[name](days, bound)
        return fits

    return test


def _moments(known: Sequence[Layout]) -> Right | None:
    if not known:
        return None

    def test(cells: Cells) -> Flags:
        found, _ = known[0].fits(cells)
        for one in known[1:]:
            if found.all():
                break
            found |= one.fits(cells)[0]
        return found

    return test

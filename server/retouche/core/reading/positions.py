"""Positions of rows as their cells write them: a pair of numbers or a geopoint, in degrees.

Gives latitudes and longitudes, nan where a cell says none; whether they are on the earth is not
looked at.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import isfinite, isnan, nan
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.columns import MISSING, Column
from retouche.core.coded.typed import Typing, read_number, typing_of
from retouche.core.operations import Cells
from retouche.core.package import Resource
from retouche.core.reading.grid import Numbers
from retouche.core.schema import Field

Pair: TypeAlias = tuple[Numbers, Numbers]
Some: TypeAlias = NDArray[np.integer[Any]]


def of_pair(latitude: Column, longitude: Column) -> Pair:
    """Of all rows, from two columns of numbers."""
    return (
        latitude.spread(latitude.numbers(), missing=np.nan),
        longitude.spread(longitude.numbers(), missing=np.nan),
    )


def of_points(column: Column) -> Pair:
    """Of all rows, from a `geopoint` column."""
    points = _points(column, np.arange(len(column.values)))
    return (
        column.spread(points[:, 0], missing=np.nan),
        column.spread(points[:, 1], missing=np.nan),
    )


def some_of_pair(latitude: Column, longitude: Column, rows: Some) -> Pair:
    """The same for some rows, without reading the values of the others."""
    return _numbers(latitude, rows), _numbers(longitude, rows)


def some_of_points(column: Column, rows: Some) -> Pair:
    """The same for some rows, without reading the values of the others."""
    codes = column.codes[rows]
    used, places = np.unique(codes, return_inverse=True)
    points = np.full((len(used), 2), np.nan)
    points[used != MISSING] = _points(column, used[used != MISSING])
    return points[places, 0], points[places, 1]


def of_row(resource: Resource, row: Cells) -> tuple[float, float] | None:
    """Of one row, by its cells. None where they say none, or where a field of it is personal."""
    fields = [resource.schema.by_name[name] for name in resource.geo or ()]
    if not fields:
        fields = [one for one in resource.schema.fields if one.type == "geopoint"][:1]
    texts = [text for text in (row.get(one.name) for one in fields) if text is not None]
    if not fields or len(texts) < len(fields) or any(one.personal for one in fields):
        return None
    if len(fields) == 1:
        return _point(texts[0], _shape(fields[0]))
    latitude, longitude = (
        _degrees(typing_of(one), text) for one, text in zip(fields, texts, strict=True)
    )
    return None if isnan(latitude) or isnan(longitude) else (latitude, longitude)


def _numbers(column: Column, rows: Some) -> Numbers:
    used, places = np.unique(column.codes[rows], return_inverse=True)
    return np.array([_number(column, code) for code in used.tolist()], np.float64)[places]


def _number(column: Column, code: int) -> float:
    return nan if code == MISSING else _degrees(column.typing, column.values[code])


def _degrees(typing: Typing, text: str) -> float:
    read = typing.read if typing.numeric else read_number
    assert read is not None
    order = read(text)
    number = nan if order is None else float(order)
    return number if isfinite(number) else nan


def _points(column: Column, codes: Some) -> NDArray[np.float64]:
    """Latitude and longitude of each value."""
    shape = _shape(column.field)
    points = [_point(column.values[code], shape) for code in codes.tolist()]
    return np.array([one or (np.nan, np.nan) for one in points], np.float64).reshape(-1, 2)


def _shape(field: Field) -> str:
    """How a geopoint is written."""
    return str(field.descriptor.get("format") or "default")


def _point(text: str, shape: str) -> tuple[float, float] | None:
    """Latitude and longitude of a geopoint as Table Schema writes it (longitude first)."""
    try:
        parts: Sequence[object]
        if shape == "array":
            parts = json.loads(text)
        elif shape == "object":
            found = json.loads(text)
            parts = (found["lon"], found["lat"])
        else:
            parts = [part.strip() for part in text.split(",")]
        longitude, latitude = (read_number(str(part)) for part in parts)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    if longitude is None or latitude is None:
        return None
    return float(latitude), float(longitude)

"""Positions of rows as their cells write them: a pair of numbers or a geopoint, in degrees.

Gives latitudes and longitudes, nan where a cell says none; whether they are on the earth is not
looked at.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import isfinite, nan
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.columns import MISSING, Column
from retouche.core.coded.typed import read_number
from retouche.core.reading.grid import Numbers

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


def _numbers(column: Column, rows: Some) -> Numbers:
    used, places = np.unique(column.codes[rows], return_inverse=True)
    return np.array([_number(column, code) for code in used.tolist()], np.float64)[places]


def _number(column: Column, code: int) -> float:
    if code == MISSING:
        return nan
    read = column.typing.read if column.typing.numeric else read_number
    assert read is not None
    order = read(column.values[code])
    number = nan if order is None else float(order)
    return number if isfinite(number) else nan


def _points(column: Column, codes: Some) -> NDArray[np.float64]:
    """Latitude and longitude of each value."""
    shape = str(column.field.descriptor.get("format") or "default")
    points = [_point(column.values[code], shape) for code in codes.tolist()]
    return np.array([one or (np.nan, np.nan) for one in points], np.float64).reshape(-1, 2)


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

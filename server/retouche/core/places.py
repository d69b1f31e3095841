"""Where the rows of a resource lie on the earth: distances and boxes, for whole columns at once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retouche.core.columns import Column
from retouche.core.search import Mask
from retouche.core.typed import read_number

EARTH_RADIUS = 6_371_008.8
"""Metres; the mean radius of the IUGG."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle of degrees; `west` is above `east` where it crosses the 180th meridian."""

    west: float
    south: float
    east: float
    north: float


class Places:
    """The position of every row, nan where it has none."""

    __slots__ = ("_vectors", "latitudes", "longitudes", "placed")

    def __init__(self, latitudes: Numbers, longitudes: Numbers):
        with np.errstate(invalid="ignore"):
            self.placed: Mask = (np.abs(latitudes) <= 90) & (np.abs(longitudes) <= 180)
        self.latitudes = np.where(self.placed, latitudes, np.nan)
        self.longitudes = np.where(self.placed, longitudes, np.nan)
        self._vectors: tuple[Numbers, Numbers, Numbers] | None = None

    @classmethod
    def of_pair(cls, latitude: Column, longitude: Column) -> Places:
        return cls(
            latitude.spread(latitude.numbers(), missing=np.nan),
            longitude.spread(longitude.numbers(), missing=np.nan),
        )

    @classmethod
    def of_points(cls, column: Column) -> Places:
        """Read a `geopoint` column."""
        shape = str(column.field.descriptor.get("format") or "default")
        points = [_point(text, shape) for text in column.values]
        pairs = np.array([point or (np.nan, np.nan) for point in points], np.float64)
        pairs = pairs.reshape(-1, 2)
        return cls(
            column.spread(pairs[:, 0], missing=np.nan), column.spread(pairs[:, 1], missing=np.nan)
        )

    @property
    def size(self) -> int:
        vectors = self._vectors or ()
        return sum(one.nbytes for one in (self.latitudes, self.longitudes, self.placed, *vectors))

    def position(self, row: int) -> list[float] | None:
        """Longitude and latitude, in the order of GeoJSON."""
        if not self.placed[row]:
            return None
        return [float(self.longitudes[row]), float(self.latitudes[row])]

    def distances(self, origin: Point, rows: NDArray[np.intp]) -> Numbers:
        """Metres on the sphere from a point to some rows, nan for those without a position.

        This is the haversine formula: half the straight line between two points of the unit
        sphere is the square root of the haversine.
        """
        if self._vectors is None:
            self._vectors = _unit(self.latitudes, self.longitudes)
        from_here = _unit(np.array([origin.latitude]), np.array([origin.longitude]))
        square = np.zeros(len(rows), np.float64)
        for there, here in zip(self._vectors, from_here, strict=True):
            square += (there[rows] - here) ** 2
        half = np.sqrt(square) / 2
        return 2 * EARTH_RADIUS * np.arcsin(np.minimum(half, 1.0))

    def inside(self, box: Box) -> Mask:
        """The rows in a box, its edges included."""
        with np.errstate(invalid="ignore"):
            tall = (self.latitudes >= box.south) & (self.latitudes <= box.north)
            after, before = self.longitudes >= box.west, self.longitudes <= box.east
            return tall & ((after & before) if box.west <= box.east else (after | before))


def _unit(latitudes: Numbers, longitudes: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    lat, lon = np.radians(latitudes), np.radians(longitudes)
    flat = np.cos(lat)
    return flat * np.cos(lon), flat * np.sin(lon), np.sin(lat)


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

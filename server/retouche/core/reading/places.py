"""Where the rows of a resource lie on the earth: distances, circles and boxes, for many at once.

Only rows near what is asked for are looked at, by a grid; what is found is exact all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, degrees, pi, radians, sin

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.columns import Column
from retouche.core.coded.haystack import Mask
from retouche.core.operations import Cells
from retouche.core.package import Resource
from retouche.core.parts import Part
from retouche.core.reading.grid import LEVELS, Grid, Numbers, Squares
from retouche.core.reading.positions import of_pair, of_points, of_row
from retouche.core.succession import Succession

EARTH_RADIUS = 6_371_008.8
"""Metres; the mean radius of the IUGG."""
SLACK = 1.0
"""Metres; above all errors of rounding, which are largest near the opposite point of the globe."""
SQUARES = 1_024
"""With so many squares over a circle, one in eight or so meets its edge."""
FEWER = 8
"""Past one row in so many it is no faster to look them up than to look at all."""
ROW_BITS = 28
"""Half the way around the earth in millimetres takes the 35 bits beside them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    latitude: float
    longitude: float


def place_of(resource: Resource, row: Cells) -> Point | None:
    """Where one row lies, by its cells: as `Places` has it of all rows.

    None where they say no place on the earth, or where a field of the position is personal.
    """
    found = of_row(resource, row)
    if found is None or abs(found[0]) > 90 or abs(found[1]) > 180:
        return None
    return Point(latitude=found[0], longitude=found[1])


def metres_between(one: Point, other: Point) -> float:
    """Along a great circle, as `near=` counts it."""
    latitude, longitude = np.array([other.latitude]), np.array([other.longitude])
    return float(_distances(one, latitude, longitude)[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle of degrees; `west` is above `east` where it crosses the 180th meridian."""

    west: float
    south: float
    east: float
    north: float


class Places:
    """The position of every row in degrees, nan where it has none."""

    __slots__ = ("_grid", "latitudes", "longitudes", "placed")

    def __init__(self, latitudes: Numbers, longitudes: Numbers, *, placed: Mask, grid: Grid):
        self.latitudes = latitudes
        self.longitudes = longitudes
        self.placed = placed
        self._grid = grid

    @classmethod
    def of(cls, latitudes: Numbers, longitudes: Numbers) -> Places:
        """What is off the earth, or half a position, is none."""
        latitudes, longitudes, placed = _on_earth(latitudes, longitudes)
        rows = np.flatnonzero(placed)
        return cls(
            latitudes,
            longitudes,
            placed=placed,
            grid=Grid.of(latitudes[rows], longitudes[rows], rows),
        )

    @classmethod
    def of_pair(cls, latitude: Column, longitude: Column) -> Places:
        return cls.of(*of_pair(latitude, longitude))

    @classmethod
    def of_points(cls, column: Column) -> Places:
        """Read a `geopoint` column."""
        return cls.of(*of_points(column))

    def part(self) -> Part:
        arrays = {
            "latitudes": self.latitudes,
            "longitudes": self.longitudes,
            "placed": self.placed,
            "squares": self._grid.squares,
            "rows": self._grid.rows,
        }
        return Part(arrays)

    @classmethod
    def of_part(cls, part: Part) -> Places:
        held = part.arrays
        grid = Grid(held["squares"], held["rows"])
        return cls(held["latitudes"], held["longitudes"], placed=held["placed"], grid=grid)

    def succeed(self, succession: Succession, *, latitudes: Numbers, longitudes: Numbers) -> Places:
        """The places of the next version, from those of its fresh rows; `self` where nothing
        moved."""
        latitudes, longitudes, placed = _on_earth(latitudes, longitudes)
        gone, fresh = succession.gone_rows, succession.fresh_rows
        if succession.in_place and all(
            np.array_equal(old[gone], new, equal_nan=True)
            for old, new in ((self.latitudes, latitudes), (self.longitudes, longitudes))
        ):
            return self
        left = np.zeros(len(self.placed), np.bool_)
        left[gone] = True
        new = Grid.of(latitudes[placed], longitudes[placed], fresh[placed])
        return Places(
            succession.carry(self.latitudes, latitudes),
            succession.carry(self.longitudes, longitudes),
            placed=succession.carry(self.placed, placed),
            grid=self._grid.succeed(left, succession.moved, new),
        )

    @property
    def size(self) -> int:
        held = (self.latitudes, self.longitudes, self.placed)
        return self._grid.size + sum(one.nbytes for one in held)

    def box(self) -> Box | None:
        """What all positions lie in; None without any. Never across the 180th meridian."""
        rows = np.flatnonzero(self.placed)
        if not len(rows):
            return None
        east, north = self.longitudes[rows], self.latitudes[rows]
        return Box(
            west=float(east.min()),
            south=float(north.min()),
            east=float(east.max()),
            north=float(north.max()),
        )

    def position(self, row: int) -> list[float] | None:
        """Longitude and latitude, in the order of GeoJSON."""
        if not self.placed[row]:
            return None
        return [float(self.longitudes[row]), float(self.latitudes[row])]

    def distances(self, origin: Point, rows: NDArray[np.integer]) -> Numbers:
        """Metres on the sphere from a point to some rows, nan for those without a position."""
        return _distances(origin, self.latitudes[rows], self.longitudes[rows])

    def inside(self, box: Box) -> Mask:
        """The rows in a box, its edges included."""
        found = Squares.over((box.west, box.east), (box.south, box.north), most=SQUARES)
        begins, stops = self._grid.ranges(found)
        if FEWER * int((stops - begins).sum()) > len(self.placed):
            return _within(box, self.latitudes, self.longitudes)
        rows = self._grid.within(begins, stops)
        mask = np.zeros(len(self.placed), np.bool_)
        mask[rows] = _within(box, self.latitudes[rows], self.longitudes[rows])
        return mask

    def around(self, origin: Point, radius: float) -> Mask:
        """The rows no further from a point than so many metres."""
        squares = Squares.over(*_bounds(origin, radius), most=SQUARES)
        wide, high = squares.size
        away = _distances(origin, squares.south + high / 2, squares.west + wide / 2)
        corner = EARTH_RADIUS * radians(wide + high) / 2 + SLACK
        begins, stops = self._grid.ranges(squares)
        mask = np.zeros(len(self.placed), np.bool_)
        surely = away + corner <= radius
        mask[self._grid.within(begins[surely], stops[surely])] = True
        perhaps = ~surely & (away - corner <= radius)
        rows = self._grid.within(begins[perhaps], stops[perhaps])
        mask[rows] = self.distances(origin, rows) <= radius
        return mask

    def nearest(self, origin: Point, number: int, *, among: Mask) -> NDArray[np.intp]:
        """The nearest so many of some rows that have a position, nearest first.

        Distances are told apart to the millimetre; equal ones stay as they are in the file.
        """
        rows = self._neighbours(origin, number, among)
        millimetres = np.rint(self.distances(origin, rows) * 1000).astype(np.int64)
        ranked = (millimetres << ROW_BITS) | rows
        if number < len(ranked):
            ranked = np.partition(ranked, number)[:number]
        ranked.sort()
        return ranked & ((1 << ROW_BITS) - 1)

    def _neighbours(self, origin: Point, number: int, among: Mask) -> NDArray[np.integer]:
        """Some rows, the nearest so many of them included."""
        if FEWER * number < np.count_nonzero(among):
            for level in range(LEVELS, 2, -1):
                near = Squares.around(origin.longitude, origin.latitude, level=level)
                begins, stops = self._grid.ranges(near)
                if int((stops - begins).sum()) < number:
                    continue
                rows = self._grid.within(begins, stops)
                rows = rows[among[rows]]
                close = self.distances(origin, rows) <= _reach(origin, level) - SLACK
                if np.count_nonzero(close) >= number:
                    return rows[close]
        return np.flatnonzero(among)


def _on_earth(latitudes: Numbers, longitudes: Numbers) -> tuple[Numbers, Numbers, Mask]:
    with np.errstate(invalid="ignore"):
        placed: Mask = (np.abs(latitudes) <= 90) & (np.abs(longitudes) <= 180)
    return np.where(placed, latitudes, np.nan), np.where(placed, longitudes, np.nan), placed


def _distances(origin: Point, latitudes: Numbers, longitudes: Numbers) -> Numbers:
    """This is the haversine formula: half the straight line between two points of the unit
    sphere is the square root of the haversine."""
    there = _unit(latitudes, longitudes)
    here = _unit(np.array([origin.latitude]), np.array([origin.longitude]))
    square = np.zeros(len(latitudes), np.float64)
    for one, other in zip(there, here, strict=True):
        square += (one - other) ** 2
    half = np.sqrt(square) / 2
    return 2 * EARTH_RADIUS * np.arcsin(np.minimum(half, 1.0))


def _unit(latitudes: Numbers, longitudes: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    lat, lon = np.radians(latitudes), np.radians(longitudes)
    flat = np.cos(lat)
    return flat * np.cos(lon), flat * np.sin(lon), np.sin(lat)


def _within(box: Box, latitudes: Numbers, longitudes: Numbers) -> Mask:
    with np.errstate(invalid="ignore"):
        tall = (latitudes >= box.south) & (latitudes <= box.north)
        after, before = longitudes >= box.west, longitudes <= box.east
        return tall & ((after & before) if box.west <= box.east else (after | before))


def _bounds(origin: Point, radius: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """West and east, south and north of a circle, a little too far."""
    angle = (radius + SLACK) / EARTH_RADIUS
    high = degrees(angle)
    south, north = max(origin.latitude - high, -90.0), min(origin.latitude + high, 90.0)
    if south == -90 or north == 90:
        return (-180.0, 180.0), (south, north)
    wide = degrees(asin(min(sin(angle) / cos(radians(origin.latitude)), 1.0)))
    west, east = origin.longitude - wide, origin.longitude + wide
    return (west + 360 if west < -180 else west, east - 360 if east > 180 else east), (south, north)


def _reach(origin: Point, level: int) -> float:
    """Metres from a place to the nearest one outside its square and those that touch it.

    For levels above 2, whose squares are at most 45 degrees wide.
    """
    side = 1 << level
    across, up = (origin.longitude + 180) * side / 360, (origin.latitude + 90) * side / 180
    gap = 1 + min(across % 1, 1 - across % 1)
    meridian = asin(cos(radians(origin.latitude)) * sin(gap * 2 * pi / side))
    whole = min(int(up), side - 1)
    below = up - whole + 1 if whole > 1 else side
    above = whole + 2 - up if whole < side - 2 else side
    return EARTH_RADIUS * min(meridian, below * pi / side, above * pi / side)

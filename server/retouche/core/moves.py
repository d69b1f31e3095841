"""From one place to another: how far, and towards which of eight winds."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, atan2, cos, degrees, radians, sin, sqrt
from typing import Literal

from retouche.core.operations import Cells
from retouche.core.package import Resource
from retouche.core.reading.places import EARTH_RADIUS, Point
from retouche.core.schema import Field

Wind = Literal[
    "north",
    "north_east",
    "east",
    "south_east",
    "south",
    "south_west",
    "west",
    "north_west",
]
WINDS: tuple[Wind, ...] = (
    "north",
    "north_east",
    "east",
    "south_east",
    "south",
    "south_west",
    "west",
    "north_west",
)
"""Clockwise from the north, an eighth of a turn each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A way on the earth: metres along a great circle, and the direction it begins in."""

    start: Point
    end: Point
    metres: float
    wind: Wind


def move(start: Point, end: Point) -> Move | None:
    """The way from one place to another; None where both are the same to the millimetre.

    The distance is the haversine formula's, as for `near=`; the direction is the bearing at the
    start, clockwise from the north: atan2(sin Δλ cos φ₂, cos φ₁ sin φ₂ − sin φ₁ cos φ₂ cos Δλ).
    """
    here, there = radians(start.latitude), radians(end.latitude)
    turn = radians(end.longitude - start.longitude)
    half = sin((there - here) / 2) ** 2 + cos(here) * cos(there) * sin(turn / 2) ** 2
    metres = 2 * EARTH_RADIUS * asin(min(1.0, sqrt(half)))
    if metres < 0.001:
        return None
    across = sin(turn) * cos(there)
    bearing = degrees(atan2(across, cos(here) * sin(there) - sin(here) * cos(there) * cos(turn)))
    wind = WINDS[round(bearing / 45) % 8]
    return Move(start=start, end=end, metres=metres, wind=wind)


def place_of(resource: Resource, row: Cells) -> Point | None:
    """Where a row of a resource is, by its fields of latitude and longitude.

    None where it has no position that can be read, or none on the earth; and where a field of it
    is personal.
    """
    fields = [resource.schema.by_name[name] for name in resource.geo or ()]
    if not fields or any(one.personal for one in fields):
        return None
    latitude, longitude = (_degrees(one, row.get(one.name)) for one in fields)
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return Point(latitude=latitude, longitude=longitude)


def _degrees(field: Field, text: str | None) -> float | None:
    if text is None or len(text) > 40:
        return None
    try:
        found = float(text.replace(str(field.descriptor.get("decimalChar") or "."), "."))
    except ValueError:
        return None
    return found if found == found else None  # not nan

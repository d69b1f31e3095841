"""From one place to another: how far, and towards which of eight winds."""

from __future__ import annotations

from dataclasses import dataclass
from math import atan2, cos, degrees, radians, sin
from typing import Literal, get_args

from retouche.core.reading.places import Point, metres_between

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
WINDS: tuple[Wind, ...] = get_args(Wind)
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

    The direction is the bearing at the start, clockwise from the north:
    atan2(sin Δλ cos φ₂, cos φ₁ sin φ₂ − sin φ₁ cos φ₂ cos Δλ).
    """
    metres = metres_between(start, end)
    if metres < 0.001:
        return None
    here, there = radians(start.latitude), radians(end.latitude)
    turn = radians(end.longitude - start.longitude)
    across = sin(turn) * cos(there)
    bearing = degrees(atan2(across, cos(here) * sin(there) - sin(here) * cos(there) * cos(turn)))
    wind = WINDS[round(bearing / 45) % 8]
    return Move(start=start, end=end, metres=metres, wind=wind)

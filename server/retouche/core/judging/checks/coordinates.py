"""Places in France: a point must fall in one of the boxes around the French territories."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from retouche.core.judging.checks.check import Finding, Params, RowCheck, one_column
from retouche.core.judging.checks.numbers import number
from retouche.core.operations import Cell

Box = tuple[float, float, float, float]

# West, south, east, north, in degrees (WGS 84), with a margin of some kilometres.
FRANCE: dict[str, Box] = {
    "France métropolitaine": (-5.25, 41.3, 9.65, 51.15),
    "Guadeloupe": (-61.9, 15.8, -60.95, 16.6),
    "Saint-Martin, Saint-Barthélemy": (-63.2, 17.85, -62.75, 18.15),
    "Martinique": (-61.3, 14.35, -60.75, 14.95),
    "Guyane": (-54.65, 2.1, -51.55, 5.85),
    "La Réunion": (55.15, -21.45, 55.9, -20.8),
    "Mayotte": (44.95, -13.1, 45.35, -12.55),
    "Saint-Pierre-et-Miquelon": (-56.5, 46.7, -56.1, 47.2),
    "Wallis-et-Futuna": (-178.25, -14.4, -176.1, -13.15),
    "Polynésie française": (-155.0, -28.0, -134.0, -7.5),
    "Nouvelle-Calédonie": (163.3, -23.0, 168.4, -19.3),
}


def french_coordinates(params: Params) -> RowCheck:
    """One geopoint column, or two columns `latitude` and `longitude`."""
    pair = "latitude" in params or "longitude" in params
    names = ("latitude", "longitude") if pair else ("column",)
    columns = tuple(one_column(params, name) for name in names)

    def test(cells: Sequence[Cell], values: Sequence[Any]) -> Finding | None:
        found = (values[1], values[0]) if pair else _point(values[0])
        if found is None:
            return None if cells[0] is None or values[0] is None else Finding("not_a_point")
        longitude, latitude = number(found[0]), number(found[1])
        if longitude is None or latitude is None or in_france(longitude, latitude):
            return None
        if in_france(latitude, longitude):
            return Finding("reversed", code="reversed-french-gps-coordinates")
        return Finding("not_in_france")

    return RowCheck(name="french-gps-coordinates", columns=columns, test=test)


def in_france(longitude: Any, latitude: Any) -> bool:
    return any(
        west <= longitude <= east and south <= latitude <= north
        for west, south, east, north in FRANCE.values()
    )


def _point(value: Any) -> tuple[Any, Any] | None:
    """Longitude and latitude of a geopoint, or of a text `lon,lat` or `[lon, lat]`."""
    if isinstance(value, str):
        try:
            parts = json.loads(value) if value.startswith("[") else value.split(",")
        except (ValueError, RecursionError):
            return None
        value = tuple(one.strip() if isinstance(one, str) else one for one in parts)
    if not isinstance(value, tuple) or len(value) != 2:
        return None
    return None if number(value[0]) is None or number(value[1]) is None else value

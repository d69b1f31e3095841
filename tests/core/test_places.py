"""Places: near, radius and box against the formulas written out row by row."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.errors import Malformed
from retouche.core.parts import Part
from retouche.core.reading.places import EARTH_RADIUS, Box, Places, Point, metres_between, place_of
from retouche.core.reading.positions import of_pair, of_points, some_of_pair, some_of_points
from retouche.core.reading.query import Query
from retouche.core.reading.selection import select
from retouche.core.reading.snapshot import Snapshot
from retouche.core.succession import Succession, Window
from tests.snapshots import asked, one_column, snapshot_of

LATITUDES = st.floats(-90, 90, allow_nan=False)
LONGITUDES = st.floats(-180, 180, allow_nan=False)


def haversine(one: Point, other: Point) -> float:
    lat1, lat2 = math.radians(one.latitude), math.radians(other.latitude)
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * (
        math.sin(math.radians(other.longitude - one.longitude) / 2) ** 2
    )
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(1.0, half)))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(LATITUDES, LONGITUDES), min_size=1, max_size=10), LATITUDES, LONGITUDES)
def test_distances_are_those_of_the_haversine_formula(
    points: list[tuple[float, float]], latitude: float, longitude: float
) -> None:
    places = Places.of(np.array([one[0] for one in points]), np.array([one[1] for one in points]))
    origin = Point(latitude=latitude, longitude=longitude)
    distances = places.distances(origin, np.arange(len(points)))
    for found, (lat, lon) in zip(distances.tolist(), points, strict=True):
        # Near the opposite point of the globe both formulas lose digits; 1 metre is not seen.
        assert found == pytest.approx(haversine(origin, Point(latitude=lat, longitude=lon)), abs=1)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(LATITUDES, LONGITUDES), max_size=10), LATITUDES, LATITUDES, LONGITUDES,
    LONGITUDES,
)  # fmt: skip
def test_a_box_holds_the_points_between_its_edges(
    points: list[tuple[float, float]], a: float, b: float, west: float, east: float
) -> None:
    south, north = min(a, b), max(a, b)
    places = Places.of(np.array([one[0] for one in points]), np.array([one[1] for one in points]))
    inside = places.inside(Box(west=west, south=south, east=east, north=north)).tolist()
    for held, (lat, lon) in zip(inside, points, strict=True):
        across = west <= lon <= east if west <= east else (lon >= west or lon <= east)
        assert held == (south <= lat <= north and across)


# Many places, some of them crowded, at the poles, on the 180th meridian or nowhere.
EDGES = [-180.0, -179.9999, -90.0, -0.0001, 0.0, 2.3522, 89.9999, 90.0, 179.9999, 180.0]
ORIGINS = st.builds(
    Point,
    latitude=LATITUDES | st.sampled_from([one for one in EDGES if abs(one) <= 90]),
    longitude=LONGITUDES | st.sampled_from(EDGES),
)


def scattered(seed: int, number: int) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    latitudes, longitudes = chance.uniform(-95, 95, number), chance.uniform(-185, 185, number)
    town = slice(0, number // 2)
    middle = chance.choice(EDGES), chance.choice(EDGES)
    latitudes[town] = np.clip(middle[0] + chance.normal(0, 0.01, number // 2), -90, 90)
    longitudes[town] = np.clip(middle[1] + chance.normal(0, 0.01, number // 2), -180, 180)
    latitudes[number // 4 : number // 3] = latitudes[0]
    longitudes[number // 4 : number // 3] = longitudes[0]
    longitudes[::7] = np.nan
    order = chance.permutation(number)
    return latitudes[order], longitudes[order]


def all_distances(places: Places, origin: Point) -> np.ndarray:
    return places.distances(origin, np.arange(len(places.placed)))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), ORIGINS, st.sampled_from([1, 20, 100, 399]), st.booleans())
def test_the_nearest_are_those_of_a_full_sort(
    seed: int, origin: Point, number: int, few: bool
) -> None:
    places = Places.of(*scattered(seed, 3_000))
    if seed % 3 == 0:  # Someone stands in the crowd.
        at = int(np.flatnonzero(places.placed)[0])
        origin = Point(latitude=float(places.latitudes[at]), longitude=float(places.longitudes[at]))
    among = places.placed & (np.random.default_rng(seed).random(3_000) < (0.3 if few else 1))
    rows = np.flatnonzero(among)
    millimetres = np.rint(all_distances(places, origin)[rows] * 1000)
    expected = rows[np.argsort(millimetres, kind="stable")][:number]
    assert places.nearest(origin, number, among=among).tolist() == expected.tolist()


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6), ORIGINS, st.floats(0, 7.4, allow_nan=False))
def test_a_circle_holds_the_rows_no_further_than_its_radius(
    seed: int, origin: Point, size: float
) -> None:
    places = Places.of(*scattered(seed, 2_000))
    radius = 10**size
    expected = all_distances(places, origin) <= radius
    assert np.array_equal(places.around(origin, radius), expected)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**6), ORIGINS, ORIGINS)
def test_a_box_looked_up_holds_what_a_look_at_all_finds(
    seed: int, one: Point, other: Point
) -> None:
    places = Places.of(*scattered(seed, 2_000))
    south, north = sorted((one.latitude, other.latitude))
    box = Box(west=one.longitude, south=south, east=other.longitude, north=north)
    tall = (places.latitudes >= south) & (places.latitudes <= north)
    after, before = places.longitudes >= box.west, places.longitudes <= box.east
    across = (after & before) if box.west <= box.east else (after | before)
    assert np.array_equal(places.inside(box), tall & across)


def equal(one: Part, other: Part) -> bool:
    return all(
        held.dtype == other.arrays[name].dtype
        and np.array_equal(held, other.arrays[name], equal_nan=held.dtype == np.float64)
        for name, held in one.arrays.items()
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.data())
def test_places_of_a_next_version_are_those_made_from_scratch(
    seed: int, data: st.DataObject
) -> None:
    latitudes, longitudes = scattered(seed, 60)
    windows, fresh, old, new = list[Window](), list[float](), 0, 0
    for _ in range(data.draw(st.integers(0, 3))):
        skip, gone, come = (data.draw(st.integers(0, 5)) for _ in range(3))
        old, new = old + skip, new + skip
        windows.append(Window(old, old + gone, new, new + come))
        fresh.extend(scattered(seed + old, 40)[0][:come])
        old, new = old + gone, new + come
    change = Succession(windows, old_length=60, new_length=60 + new - old)
    new_latitudes, new_longitudes = np.array(fresh, np.float64), np.array(fresh, np.float64)[::-1]
    before = Places.of_part(Places.of(latitudes, longitudes).part())
    after = before.succeed(change, latitudes=new_latitudes, longitudes=new_longitudes)
    expected = Places.of(
        change.carry(latitudes, new_latitudes), change.carry(longitudes, new_longitudes)
    )
    assert equal(after.part(), expected.part())


def test_places_stay_the_same_object_where_no_row_moved() -> None:
    places = Places.of(*scattered(1, 30))
    change = Succession([Window(3, 5, 3, 5)], old_length=30, new_length=30)
    same = {"latitudes": places.latitudes[3:5], "longitudes": places.longitudes[3:5]}
    assert places.succeed(change, **same) is places


def towns(**extension: object) -> Snapshot:
    return snapshot_of(
        [
            {"name": "name"},
            {"name": "latitude", "type": "number"},
            {"name": "longitude", "type": "number"},
        ],
        [
            ["Marseille", "43.2965", "5.3698"],
            ["nowhere", "", ""],
            ["Paris", "48.8566", "2.3522"],
            ["half", "48.0", ""],
            ["off the earth", "98.0", "2.0"],
            ["Lyon", "45.7640", "4.8357"],
            ["Paris again", "48.8566", "2.3522"],
            ["Suva", "-18.1416", "178.4419"],
        ],
        extension=extension,
    )


def test_near_sorts_by_distance_and_leaves_out_rows_without_a_place() -> None:
    rows = asked(towns(), ("near", "48.8566,2.3522"))
    assert [row["name"] for row in rows] == ["Paris", "Paris again", "Lyon", "Marseille", "Suva"]
    assert [row["_distance"] for row in rows[:2]] == [0, 0]
    assert rows[2]["_distance"] == pytest.approx(391_500, rel=0.01)
    assert isinstance(rows[2]["_distance"], int)


def test_radius_limits_and_a_sort_takes_over() -> None:
    rows = asked(towns(), ("near", "48.8,2.3"), ("radius", "400000"), ("name__sort", "asc"))
    assert [row["name"] for row in rows] == ["Lyon", "Paris", "Paris again"]
    assert rows[0]["_distance"] > rows[1]["_distance"] > 0


def test_near_meets_filters_and_columns() -> None:
    rows = asked(towns(), ("near", "48.8,2.3"), ("name__contains", "paris"), ("columns", "name"))
    assert [list(row) for row in rows] == [["name", "_distance"]] * 2


def test_a_box_keeps_the_order_of_the_file() -> None:
    rows = asked(towns(), ("bbox", "2,45,6,49"))
    assert [row["name"] for row in rows] == ["Paris", "Lyon", "Paris again"]
    assert "_distance" not in rows[0]


def test_a_box_may_cross_the_antimeridian() -> None:
    assert [row["name"] for row in asked(towns(), ("bbox", "170,-30,-170,0"))] == ["Suva"]


@pytest.mark.parametrize(
    ("shape", "texts"),
    [
        (None, ["5.36, 43.29", "2.35,48.85", "x", "1", "2,3,4", "200,1"]),
        ("array", ["[5.36, 43.29]", '["2.35","48.85"]', "[1]", "{", "5"]),
        ("object", ['{"lon": 5.36, "lat": 43.29}', '{"lat": 48.85, "lon": 2.35}', '{"lat": 1}']),
    ],
)
def test_a_geopoint_field_places_its_rows(shape: str | None, texts: list[str]) -> None:
    field = {"name": "place", "type": "geopoint", "format": shape or "default"}
    snapshot = snapshot_of(
        [{"name": "id"}, field], [[str(at), one] for at, one in enumerate(texts)]
    )
    rows = asked(snapshot, ("near", "48.85,2.35"))
    assert [(row["id"], row["_distance"] == 0) for row in rows] == [("1", True), ("0", False)]


@pytest.mark.parametrize("parameter", [("near", "1,1"), ("bbox", "1,1,2,2")])
def test_rows_without_any_place_cannot_be_near(parameter: tuple[str, str]) -> None:
    personal: list[dict[str, object]] = [
        {"name": "latitude", "type": "number", "retouche": {"personal": True}},
        {"name": "longitude", "type": "number"},
    ]
    for snapshot in (
        snapshot_of([{"name": "id"}], [["1"]]),
        snapshot_of(personal, [["1", "1"]]),
    ):
        with pytest.raises(Malformed) as refused:
            select(snapshot, Query.parse([parameter], snapshot.fields))
        assert (refused.value.reason, refused.value.pointer) == ("no_position", parameter[0])


def test_declared_fields_are_used_and_their_decimal_comma_read() -> None:
    fields = [
        {"name": "y", "type": "number", "decimalChar": ","},
        {"name": "x", "type": "number", "decimalChar": ","},
    ]
    geo = {"geo": {"latitude": "y", "longitude": "x"}}
    snapshot = snapshot_of(fields, [["48,5", "2,25"]], extension=geo)
    assert snapshot.places is not None
    assert snapshot.places.position(0) == [2.25, 48.5]
    assert snapshot.places.size > 0


def test_positions_of_some_rows_are_those_read_with_all() -> None:
    pair = towns()
    latitude, longitude = pair.column("latitude"), pair.column("longitude")
    rows = np.array([7, 0, 1, 4, 0])
    for every, some in zip(
        of_pair(latitude, longitude), some_of_pair(latitude, longitude, rows), strict=True
    ):
        assert np.array_equal(every[rows], some, equal_nan=True)
    texts = ["5.36, 43.29", "", "2.35,48.85", "x", "5.36, 43.29"]
    points = one_column(texts, "geopoint").column("f")
    rows = np.array([4, 1, 3, 2])
    for every, some in zip(of_points(points), some_of_points(points, rows), strict=True):
        assert np.array_equal(every[rows], some, equal_nan=True)


COMMA = [
    {"name": "latitude", "type": "number", "decimalChar": ","},
    {"name": "longitude", "type": "number", "decimalChar": ","},
]


@pytest.mark.parametrize(
    ("fields", "rows"),
    [
        (
            COMMA,
            [
                ["48,5", "2,25"],
                ["48.5", "2.25"],
                ["1_0", "2"],
                ["", "2"],
                ["91", "2"],
                ["nan", "1"],
            ],
        ),
        ([{"name": "lat"}, {"name": "lon"}], [["48.5", "2.25"], ["48,5", "2"], ["1", "-181"]]),
        ([{"name": "at", "type": "geopoint"}], [["2.25,48.5"], ["2.25"], [""], ["200,1"]]),
    ],
)
def test_one_row_lies_where_all_rows_at_once_have_it(
    fields: list[dict[str, object]], rows: list[list[str]]
) -> None:
    snapshot = snapshot_of(fields, rows)
    places = snapshot.places
    assert places is not None
    for at in range(len(rows)):
        one = place_of(snapshot.resource, snapshot.cells(at))
        assert (None if one is None else [one.longitude, one.latitude]) == places.position(at)
    assert place_of(snapshot.resource, snapshot.cells(0)) == Point(latitude=48.5, longitude=2.25)


def test_a_personal_position_is_told_of_no_row() -> None:
    personal = {**COMMA[0], "retouche": {"personal": True}}
    resource = snapshot_of([personal, COMMA[1]], [["48,5", "2,25"]]).resource
    assert place_of(resource, {"latitude": "48,5", "longitude": "2,25"}) is None


def test_between_two_places_it_is_as_far_as_between_many() -> None:
    one, other = Point(latitude=48.5, longitude=2.25), Point(latitude=-17.5, longitude=178.5)
    assert metres_between(one, other) == pytest.approx(haversine(one, other), abs=1)

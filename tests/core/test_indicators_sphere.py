"""Circles and nearest points on the sphere are those of the haversine formula, everywhere on it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from retouche.core.indicators.sphere import NONE, Points, nearest, within
from tests.indicators import kilometres

Place = tuple[float, float]
latitudes = st.sampled_from([-90.0, -89.9, -45.0, 0.0, 0.1, 44.5, 44.6, 89.95, 90.0]) | st.floats(
    -90, 90
)
longitudes = st.sampled_from([-180.0, -179.9, 0.0, 2.3, 2.4, 179.95, 180.0]) | st.floats(-180, 180)
places = st.lists(st.tuples(latitudes, longitudes) | st.just((np.nan, np.nan)), max_size=30)


def points(listed: Sequence[Place], *, ordered: bool = False) -> Points:
    found = np.array(listed, np.float64).reshape(-1, 2)
    return Points(found[:, 0].copy(), found[:, 1].copy(), ordered=ordered)


def placed(one: Place) -> bool:
    return not np.isnan(one[0])


@given(places, places, st.sampled_from([0.001, 1.0, 30.0, 500.0, 10_000.0, 20_020.0]))
@settings(max_examples=80, deadline=None)
def test_pairs_within_a_radius(ones: list[Place], others: list[Place], radius: float) -> None:
    expected = set()
    for at, one in enumerate(ones):
        for place, other in enumerate(others):
            if placed(one) and placed(other):
                far = kilometres(one, other)
                assume(abs(far - radius) > 1e-5)
                if far <= radius:
                    expected.add((at, place))
    found = [
        (one, other)
        for rows, columns in within(points(ones, ordered=True), points(others), radius)
        for one, other in zip(rows.tolist(), columns.tolist(), strict=True)
    ]
    assert len(found) == len(set(found))
    assert set(found) == expected


@given(places, places, st.booleans())
@settings(max_examples=80, deadline=None)
def test_the_nearest_of_others(ones: list[Place], others: list[Place], left_out: bool) -> None:
    own = np.arange(len(ones), dtype=np.int64)
    own[own >= len(others)] = NONE
    found, far = nearest(
        points(ones, ordered=True), points(others), own=[own] if left_out else [], length=len(ones)
    )
    for at, one in enumerate(ones):
        apart = {
            place: kilometres(one, other)
            for place, other in enumerate(others)
            if placed(one) and placed(other) and not (left_out and place == at)
        }
        if not apart:
            assert found[at] == far[at] == NONE
            continue
        assert abs(far[at] / 1e6 - min(apart.values())) < 2e-5
        assert abs(apart[int(found[at])] - min(apart.values())) < 2e-5


def test_the_edge_of_a_circle_is_inside_to_the_millimetre() -> None:
    north = np.degrees(30 / 6371.0088)
    for more, inside in ((0.0, 1), (4e-7, 1), (6e-7, 0)):
        there = (float(np.degrees((30 + more) / 6371.0088)), 0.0)
        assert there[0] >= north
        pairs = list(within(points([(0.0, 0.0)]), points([there]), 30))
        assert sum(len(rows) for rows, _ in pairs) == inside


def test_of_equal_distances_the_first_row_counts() -> None:
    others = [(0.0, 1.0), (1.0, 0.0), (0.0, -1.0), (0.0, 1.0)]
    found, far = nearest(points([(0.0, 0.0)]), points(others), own=[], length=1)
    assert (found[0], far[0]) == (0, round(kilometres((0.0, 0.0), (0.0, 1.0)) * 1e6))
    found, _ = nearest(points([(0.0, 1.0)]), points(others), own=[], length=1)
    assert found[0] == 0


def test_many_points_are_looked_at_in_blocks() -> None:
    drawn = np.random.default_rng(5)
    lat, lon = drawn.uniform(42, 51, 900), drawn.uniform(-4, 8, 900)
    ones, others = (
        points(list(zip(lat, lon, strict=True)), ordered=True),
        points(list(zip(lat[:300], lon[:300], strict=True))),
    )
    _, far = nearest(ones, others, own=[], length=900)
    counts = np.zeros(900, int)
    for rows, _ in within(ones, others, 80):
        np.add.at(counts, rows, 1)
    for at in range(0, 900, 45):
        apart = [kilometres((lat[at], lon[at]), (lat[to], lon[to])) for to in range(300)]
        assert abs(far[at] / 1e6 - min(apart)) < 1e-6
        assert counts[at] == sum(one <= 80 for one in apart)

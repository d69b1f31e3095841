"""How far and where to something moved."""

from __future__ import annotations

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retouche.core.messages.previews import distance_words, moved
from retouche.core.moves import WINDS, Move, move
from retouche.core.reading.places import Point

LATITUDES = st.floats(-80, 80)
LONGITUDES = st.floats(-179, 179)
POINTS = st.builds(lambda a, b: Point(latitude=a, longitude=b), LATITUDES, LONGITUDES)
HERE = Point(latitude=45.0, longitude=5.0)


@pytest.mark.parametrize(
    ("latitude", "longitude", "wind"),
    [
        (45.01, 5.0, "north"),
        (45.01, 5.014, "north_east"),
        (45.0, 5.01, "east"),
        (44.99, 5.014, "south_east"),
        (44.99, 5.0, "south"),
        (44.99, 4.986, "south_west"),
        (45.0, 4.99, "west"),
        (45.01, 4.986, "north_west"),
    ],
)
def test_the_wind_is_where_it_went(latitude: float, longitude: float, wind: str) -> None:
    found = move(HERE, Point(latitude=latitude, longitude=longitude))
    assert found is not None
    assert found.wind == wind


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    found = move(HERE, Point(latitude=46.0, longitude=5.0))
    assert found is not None
    assert isclose(found.metres, 111_195, rel_tol=1e-4)


def test_over_the_180th_meridian_the_short_way_is_taken() -> None:
    west, east = Point(latitude=0, longitude=179.9), Point(latitude=0, longitude=-179.9)
    found = move(west, east)
    assert found is not None
    assert found.wind == "east"
    assert isclose(found.metres, 22_239, rel_tol=1e-3)


@given(POINTS)
def test_what_stays_does_not_move(point: Point) -> None:
    assert move(point, point) is None


@given(POINTS, POINTS)
def test_the_way_back_is_as_long(one: Point, other: Point) -> None:
    there, back = move(one, other), move(other, one)
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert isclose(there.metres, back.metres, rel_tol=1e-9)


@given(st.floats(44.9, 45.1), st.floats(4.9, 5.1))
def test_short_ways_back_lead_the_other_way(latitude: float, longitude: float) -> None:
    """But for what lies on the border of two winds."""
    end = Point(latitude=latitude, longitude=longitude)
    there, back = move(HERE, end), move(end, HERE)
    if there is None or back is None:
        return
    turn = (WINDS.index(back.wind) - WINDS.index(there.wind)) % 8
    assert turn in (3, 4, 5)


@pytest.mark.parametrize(
    ("metres", "english", "french"),
    [
        (0.4, "less than 1 m", "moins de 1 m"),
        (37.4, "37 m", "37 m"),
        (243.0, "240 m", "240 m"),
        (994.0, "990 m", "990 m"),
        (997.0, "1 km", "1 km"),
        (4321.0, "4.3 km", "4,3 km"),
        (12_345.0, "12 km", "12 km"),
        (1_234_567.0, "1,235 km", "1\u202f235 km"),
    ],
)
def test_distances_are_said_as_people_say_them(metres: float, english: str, french: str) -> None:
    assert distance_words(metres, "en") == english
    assert distance_words(metres, "fr") == french


def test_a_move_in_words() -> None:
    one = Move(start=HERE, end=HERE, metres=240, wind="north_east")
    assert moved(one, "en") == "moved by 240 m to the north-east"
    assert moved(one, "fr") == "déplacé de 240 m vers le nord-est"
    west = Move(start=HERE, end=HERE, metres=240, wind="west")
    assert moved(west, "fr") == "déplacé de 240 m vers l’ouest"

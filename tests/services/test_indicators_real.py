"""Access to the real list of 2024 from all communes, before and after twenty openings and closings,
against a brute-force computation; and what was recomputed for each, counted."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from retouche.services.indicators.indicators import Indicators
from tests.communes import communes
from tests.indicators import EARTH_KILOMETRES, held, kilometres, package_of
from tests.realdata import real_data
from tests.territory import field

RADII = (10, 20, 30)
SEED = 2845
STEPS = 20
AT_ONCE = 250
POSITION = [field("latitude", "number"), field("longitude", "number")]
SCHEMAS = {
    "departements": {"fields": [field("code")], "primaryKey": "code"},
    "communes": {
        "fields": [field("code"), field("departement"), field("people", "integer"), *POSITION],
        "primaryKey": "code",
    },
    "structures": {"fields": [field("id_fs"), *POSITION], "primaryKey": "id_fs"},
}
INDICATORS = {
    "near": {"type": "count_within", "resource": "communes", "of": "structures", "radius": 30},
    "distance": {
        "type": "nearest_distance",
        "resource": "communes",
        "of": "structures",
        "weight": "people",
    },
    **{
        f"access_{radius}": {
            "type": "group_share",
            "resource": "departements",
            "of": "communes",
            "by": "departement",
            "where": {"field": "distance", "at_most": radius},
            "weight": "people",
        }
        for radius in RADII
    },
}
Counter = tuple[str, str, str]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Step:
    """A version of the list, and the place in the union of all counters of what came or went."""

    counters: list[Counter]
    changed: int


def steps(counters: Sequence[Counter]) -> tuple[list[Counter], list[Step]]:
    """The union of the counters of all versions, and the versions, each from the one before."""
    drawn, towns = random.Random(SEED), [one for one in communes() if one.latitude is not None]
    union, listed, found = list(counters), list(counters), []
    for number in range(STEPS):
        if drawn.random() < 0.5:
            town = drawn.choice(towns)
            changed = (f"new-{number}", str(town.latitude), str(town.longitude))
            union.append(changed)
            listed = [*listed, changed]
        else:
            changed = drawn.choice([one for one in listed if one[1]])
            listed = [one for one in listed if one != changed]
        found.append(Step(listed, union.index(changed)))
    return union, found


def unit(positions: Sequence[tuple[float, float]]) -> Numbers:
    lat, lon = np.radians(np.array(positions, np.float64)).T
    return np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def distances(towns: Numbers, counters: Numbers) -> Iterator[tuple[slice, Numbers]]:
    """Kilometres from some towns at a time to every counter."""
    for low in range(0, towns.shape[1], AT_ONCE):
        some = slice(low, min(low + AT_ONCE, towns.shape[1]))
        square = sum((towns[at, some, None] - counters[at]) ** 2 for at in range(3))
        half = np.sqrt(np.asarray(square)) / 2
        yield some, 2 * EARTH_KILOMETRES * np.arcsin(np.minimum(half, 1))


@pytest.mark.real_data
def test_access_is_that_of_a_brute_force_computation_after_openings_and_closings() -> None:
    path = real_data("france-services-lists/liste-fs-20240801.csv")
    with path.open(encoding="utf-8", newline="") as file:
        counters = [
            (one["id_fs"], one["latitude"], one["longitude"]) for one in csv.DictReader(file)
        ]
    assert len(counters) == 2_845
    towns = communes()
    union, versions = steps(counters)
    placed = [at for at, one in enumerate(union) if one[1] and one[2]]
    where = unit([(float(union[at][1]), float(union[at][2])) for at in placed])
    known = [at for at, one in enumerate(towns) if one.latitude is not None]
    here = unit([(towns[at].latitude or 0.0, towns[at].longitude or 0.0) for at in known])

    # By brute force: for each version, how far the nearest is and how many are within 30 km; and
    # for each step, for how many towns the counter that came or went can matter.
    length = len(versions) + 1
    least = np.full((length, len(towns)), np.nan)
    within = np.full((length, len(towns)), np.nan)
    entered, nearest = np.zeros(length, int), np.zeros(length, int)
    places = {union[at]: place for place, at in enumerate(placed)}
    first = [places[one] for one in counters if one in places]
    for some, far in distances(here, where):
        rows = known[some]
        shut = np.full_like(far, np.inf)
        shut[:, first] = far[:, first]
        for number in range(length):
            if number:
                step = versions[number - 1]
                column = places[union[step.changed]]
                bound = least[number - 1, rows]
                opened = np.isinf(shut[0, column])
                shut[:, column] = far[:, column] if opened else np.inf
                entered[number] += int((far[:, column] <= 30).sum())
                nearest[number] += int((far[:, column] <= bound + 1e-6).sum())
            least[number, rows] = shut.min(axis=1)
            within[number, rows] = (shut <= 30).sum(axis=1)

    departments = sorted({one.department for one in towns})
    base = held(
        package := package_of(SCHEMAS, INDICATORS),
        {
            "departements": [(one,) for one in departments],
            "communes": [
                (
                    one.code,
                    one.department,
                    "" if one.population is None else str(one.population),
                    "" if one.latitude is None else str(one.latitude),
                    "" if one.longitude is None else str(one.longitude),
                )
                for one in towns
            ],
            "structures": counters,
        },
    )
    indicators, before = Indicators(), base
    people = np.array([np.nan if one.population is None else one.population for one in towns])
    of = np.array([departments.index(one.department) for one in towns])
    for number in range(length):
        after = before
        if number:
            after = held(package, {"structures": versions[number - 1].counters}, like=base)
        near = indicators.between(before, after, "near").after
        distance = indicators.between(before, after, "distance").after
        np.testing.assert_array_equal(near.numbers, within[number])
        np.testing.assert_allclose(distance.numbers, least[number], atol=5.1e-7, rtol=0)
        if number:
            assert (near.work.rows, near.work.sources) == (entered[number], 1)
            assert distance.work.sources == 1
            assert distance.work.rows <= nearest[number] < len(towns) / 50
        for radius in RADII:
            share = indicators.values(after, f"access_{radius}")
            told = ~np.isnan(people) & ~np.isnan(least[number])
            everyone = np.bincount(of[told], people[told], len(departments))
            close = told & (least[number] <= radius + 5e-7)
            some_of = np.bincount(of[close], people[close], len(departments))
            with np.errstate(invalid="ignore", divide="ignore"):
                expected = some_of / everyone
            np.testing.assert_allclose(share.numbers, expected, rtol=1e-12)
            assert share.overall == pytest.approx(some_of.sum() / everyone.sum())
        before = after

    # The plain formula, for some.
    drawn = random.Random(SEED)
    for at in drawn.sample(known, 5):
        town = (towns[at].latitude or 0.0, towns[at].longitude or 0.0)
        plain = min(
            kilometres(town, (float(one[1]), float(one[2])))
            for one in versions[-1].counters
            if one[1] and one[2]
        )
        assert distance.numbers[at] == pytest.approx(plain, abs=1e-6)

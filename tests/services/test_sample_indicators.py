"""The indicators of the bundled dataset, held against what its files say, counted row by row."""

from __future__ import annotations

import csv
import json
import math
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from retouche.core.presence import presence
from tests.datasets import Browser, serve

SAMPLE = Path(__file__).resolve().parents[2] / "datasets" / "france-services"
REGISTRY = SAMPLE.parents[1] / "schemas"
RADIUS_KM = 6371.0088
Row = Mapping[str, str | None]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    home = tmp_path_factory.mktemp("home")
    return Browser(serve(home, {"france-services": SAMPLE}), "france-services")


@cache
def file(name: str) -> list[dict[str, str]]:
    with (SAMPLE / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLE / "schemas" / f"{name}.json").read_text())
    return found


def computed_columns(name: str) -> list[str]:
    fields = schema(name)["fields"]
    return [one["name"] for one in fields if "indicator" in str(one["retouche"].get("derived"))]


def shown(sample: Browser, name: str, *, revision: str = "") -> list[dict[str, str | None]]:
    listed = sample.get(f"/resources/{name}/data.json?revision={revision or sample.published}")
    found: list[dict[str, str | None]] = listed.json
    return found


def kilometres(one: Row, other: Row) -> float:
    """Great-circle distance; infinite where one has no position."""
    if not one["latitude"] or not other["latitude"]:
        return math.inf
    (a, b), (c, d) = (
        (math.radians(float(it["latitude"] or 0)), math.radians(float(it["longitude"] or 0)))
        for it in (one, other)
    )
    half = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 2 * RADIUS_KM * math.asin(math.sqrt(half))


def labelled() -> list[dict[str, str]]:
    return [one for one in file("structures") if one["statut_label"] == "labellisée"]


def near(place: Row, among: list[dict[str, str]], radius: float) -> list[dict[str, str]]:
    return [one for one in among if kilometres(place, one) <= radius]


def test_no_file_holds_what_is_computed() -> None:
    assert len(computed_columns("structures")) == 27
    for name in ("structures", "communes", "epci", "departements"):
        assert computed_columns(name)
        assert not {*file(name)[0]} & {*computed_columns(name)}
        assert schema(name)["fieldsMatch"] == "superset"


def test_every_indicator_can_be_used_and_every_computed_column_is_filled(sample: Browser) -> None:
    package = sample.services.catalogue.get("france-services").at().package
    assert not sample.services.indicators.unusable(package)
    for row in shown(sample, "structures"):
        assert not [name for name in computed_columns("structures") if row[name] is None]


def test_neighbours_of_each_counter(sample: Browser) -> None:
    for row in shown(sample, "structures"):
        others = [one for one in labelled() if one["id_fs"] != row["id_fs"]]
        assert row["nbre_fs_rayon_30km"] == str(len(near(row, others, 30)))
        assert row["nbre_qpv_rayon_30km"] == str(len(near(row, file("quartiers"), 30)))


def test_associations_add_up(sample: Browser) -> None:
    themes = [name for name in computed_columns("structures") if name.startswith("asso_theme_")]
    assert len(themes) == 8
    for row in shown(sample, "structures")[::10]:
        around = near(row, file("communes"), 30)
        total = sum(int(one["asso_nombre"]) for one in around)
        assert row["nbre_asso_rayon_30km"] == str(total)
        assert sum(int(row[name] or 0) for name in themes) == total


def test_statistics_are_those_of_the_commune(sample: Browser) -> None:
    communes = {one["code"]: one for one in file("communes")}
    departments = {one["code"]: one["nom"] for one in file("departements")}
    pairs = {"lib_com": "nom", "com_population": "population", "com_zrr": "zrr"}
    pairs |= {"com_score_ifn": "score_ifn", "typo_territoire": "typo_territoire"}
    for row in shown(sample, "structures"):
        commune = communes[str(row["insee_com"])]
        assert {name: row[name] for name in pairs} == {
            name: commune[other] for name, other in pairs.items()
        }
        assert row["dep_lib"] == departments[str(row["dep_insee"])]


def test_supply_and_tension_of_a_commune(sample: Browser) -> None:
    """Counters that do not move count 1, stops their share of a week, within 20 km."""
    fixed = [one for one in labelled() if one["fs_itinerante"] != "true"]
    for row in shown(sample, "communes")[::21]:
        if row["latitude"] is None:
            assert row["tension"] is None
            continue
        around = near(row, file("communes"), 20)
        people = sum(int(one["population"]) for one in around)
        stops = near(row, file("permanences"), 20)
        share = sum(presence({name: cell or None for name, cell in one.items()}) for one in stops)
        supply = len(near(row, fixed, 20)) + share
        distance = min(kilometres(row, one) for one in labelled())
        assert row["habitants_20km"] == str(people)
        assert float(row["offre"] or 0) == pytest.approx(supply, abs=0.006)
        assert float(row["distance_fs"] or 0) == pytest.approx(distance, abs=0.06)
        if supply:
            assert float(row["tension"] or 0) == pytest.approx(people / supply, abs=0.6)


@pytest.mark.parametrize(
    ("resource", "member"), [("epci", "epci"), ("departements", "departement")]
)
def test_supply_tension_and_access_of_a_territory(
    sample: Browser, resource: str, member: str
) -> None:
    members = defaultdict(list)
    for one in shown(sample, "communes"):
        members[one[member]].append(one)
    seen = 0
    for row in shown(sample, resource):
        mine = members.get(row["code"], [])
        if not mine:
            assert row["tension"] is None
            assert row["acces_10km"] is None
            continue
        seen += 1
        people = sum(int(one["population"] or 0) for one in mine)
        supply = sum(
            int(one["population"] or 0) / float(one["tension"] or 0)
            for one in mine
            if one["tension"]
        )
        assert float(row["tension"] or 0) == pytest.approx(people / supply, rel=1e-3)
        placed = [one for one in mine if one["distance_fs"]]
        known = sum(int(one["population"] or 0) for one in placed)
        for radius in (20, 30):
            within = [one for one in placed if float(one["distance_fs"] or 0) <= radius]
            share = 100 * sum(int(one["population"] or 0) for one in within) / known
            assert float(row[f"acces_{radius}km"] or 0) == pytest.approx(share, abs=0.06)
    assert seen == {"epci": 41, "departements": 3}[resource]


def test_the_examples_of_the_registry_hold_what_is_computed(sample: Browser) -> None:
    path = REGISTRY / "france-services-structures" / "valid.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        examples = list(csv.DictReader(lines))
    rows = {row["id_fs"]: row for row in shown(sample, "structures")}

    assert examples
    for example in examples:
        row = rows[example["id_fs"]]
        assert {name: row[name] or "" for name in example} == example


def test_a_counter_that_moves_is_a_line_of_the_file_and_new_figures_around(
    sample: Browser,
) -> None:
    before = {str(row["id_fs"]): row for row in shown(sample, "structures")}
    key = next(one["id_fs"] for one in labelled() if one["fs_itinerante"] == "false")
    new = {"latitude": "46.00000", "longitude": "-1.00000"}
    operation = {"op": "update", "resource": "structures", "key": {"id_fs": key}, "new": new}

    made = sample.propose(operation).json
    after = {
        str(row["id_fs"]): row
        for row in shown(sample, "structures", revision=f"proposal:{made['id']}")
    }

    place: Callable[[str], Row] = before.__getitem__
    around = {
        other for other in before if other != key and kilometres(place(other), place(key)) <= 30
    }
    changed = {
        other
        for other in before
        if before[other]["nbre_fs_rayon_30km"] != after[other]["nbre_fs_rayon_30km"]
    }
    assert around
    assert changed - {key} == around
    assert after[key]["nbre_fs_rayon_30km"] == "0"
    diff = sample.get(f"/proposals/{made['id']}/diff").json["operations"]
    assert [one["new"] for one in diff] == [new]


def test_a_new_counter_needs_no_computed_column(sample: Browser) -> None:
    first = file("structures")[1]
    row = {name: cell or None for name, cell in first.items()} | {
        "id_fs": "9001",
        "lib_fs": "France services de Guillestre centre",
        "statut_label": "candidature",
    }

    made = sample.propose({"op": "insert", "resource": "structures", "row": row})

    assert made.status_code == 201, made.json
    told = sample.get(f"/resources/structures/rows/9001?revision=proposal:{made.json['id']}").json
    assert told["data"]["lib_com"] is not None
    assert told["data"]["nbre_fs_rayon_30km"] is not None

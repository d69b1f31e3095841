"""Indicators over HTTP: the list, the values by row, at any revision, in both languages."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.datasets import Browser, serve
from tests.territory import write_territory


@pytest.fixture
def territory(tmp_path: Path) -> Browser:
    folder = write_territory(tmp_path / "package")
    return Browser(serve(tmp_path / "home", {"territoire": folder}), dataset="territoire")


def test_the_list_tells_what_each_indicator_is_and_its_figure(territory: Browser) -> None:
    answer = territory.get("/indicators", headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    found = {one["name"]: one for one in answer.json["data"]}
    assert answer.json["meta"] == {"revision": territory.published, "unusable": []}
    distance = found["distance_fs"]
    assert distance["title"] == "Distance to a counter"
    assert (distance["unit"], distance["better"], distance["weight"]) == (
        "km",
        "less",
        "population",
    )
    assert distance["bands"] == [10, 20, 30]
    assert distance["row_count"] == 30
    assert distance["overall"] == pytest.approx(10.53, abs=0.01)
    assert found["nom_commune"]["overall"] is None
    french = territory.get("/indicators", headers={"Accept-Language": "fr"}).json["data"]
    assert french[0]["title"] == "France services à moins de 30 km"


def test_values_come_by_row_and_page(territory: Browser) -> None:
    first = territory.get("/indicators/distance_fs?page_size=3").json
    assert first["meta"]["total"] == 30
    assert [one["key"] for one in first["data"]] == ["05001", "05002", "05003"]
    valbrune, morteroche, sauvagnac = first["data"]
    assert valbrune == {
        "key": "05001",
        "label": "Valbrune-05",
        "value": 0,
        "weight": 400,
        "nearest": {"resource": "structures", "key": "1"},
    }
    assert morteroche["value"] == pytest.approx(11.896, abs=0.001)
    assert sauvagnac["nearest"]["key"] == "2"
    following: Any = territory.client.get(first["links"]["next"]).json
    assert [one["key"] for one in following["data"]] == ["05004", "05005", "05006"]
    last = territory.get("/indicators/distance_fs?page_size=1&page=30").json["data"]
    assert last[0]["value"] is last[0]["nearest"] is None
    assert territory.get("/indicators/distance_fs?page=99").json["data"] == []


def test_texts_are_values_too(territory: Browser) -> None:
    rows = territory.get("/indicators/nom_commune?page_size=1").json["data"]
    assert rows[0]["value"] == "Valbrune-05"


def test_a_proposal_is_a_revision(territory: Browser) -> None:
    moved = {
        "op": "update",
        "resource": "structures",
        "key": {"id_fs": "1"},
        "new": {"latitude": "44.61", "longitude": "6.60"},
    }
    proposal = territory.propose(moved).json
    before = territory.get("/indicators/distance_fs").json
    after = territory.get(f"/indicators/distance_fs?revision=proposal:{proposal['id']}").json
    assert before["data"][0]["value"] == 0
    assert after["data"][0]["value"] > 20
    assert after["meta"]["revision"] == proposal["head"]
    assert after["indicator"]["overall"] != before["indicator"]["overall"]


def test_an_answer_at_a_commit_never_changes_and_others_carry_a_tag(territory: Browser) -> None:
    pinned = territory.get(f"/indicators/fs_30km?revision={territory.published}")
    assert "immutable" in pinned.headers["Cache-Control"]
    followed = territory.get("/indicators/fs_30km")
    again = territory.get(
        "/indicators/fs_30km", headers={"If-None-Match": followed.headers["ETag"]}
    )
    assert again.status_code == 304


def test_what_does_not_exist_is_told(territory: Browser) -> None:
    unknown = territory.get("/indicators/fs_40km", headers={"Accept-Language": "fr"})
    assert (unknown.status_code, unknown.json["code"]) == (404, "not_found")
    assert "fs_30km" in unknown.json["detail"]
    assert territory.get("/indicators?page=2").status_code == 400


def test_a_broken_declaration_takes_away_itself_alone(tmp_path: Path) -> None:
    folder = write_territory(tmp_path / "package")
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text())
    indicators = descriptor["retouche"]["indicators"]
    indicators["fs_departement"]["of"] = "counters"
    path.write_text(json.dumps(descriptor))
    broken = Browser(serve(tmp_path / "home", {"territoire": folder}), dataset="territoire")
    listed = broken.get("/indicators", headers={"Accept-Language": "en"}).json
    assert len(listed["data"]) == len(indicators) - 2
    unusable = {one["name"]: one["detail"] for one in listed["meta"]["unusable"]}
    assert "no resource “counters”" in unusable["fs_departement"]
    assert "cannot be used itself" in unusable["fs_pour_10000"]
    refused = broken.get("/indicators/fs_departement")
    assert (refused.status_code, refused.json["code"]) == (422, "bad_dataset")
    assert broken.get("/resources/structures/rows").status_code == 200

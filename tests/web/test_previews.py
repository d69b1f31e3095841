"""A widget at a proposal is told which rows change, and nothing that a reader may not see."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.datasets import Browser, insert, serve
from tests.territory import write_territory

HOST = "http://localhost"


@pytest.fixture
def land(tmp_path: Path) -> Browser:
    return Browser(serve(tmp_path / "home", {"land": write_territory(tmp_path / "land")}), "land")


def update(counter: str, **new: str) -> dict[str, Any]:
    return {"op": "update", "resource": "structures", "key": {"id_fs": counter}, "new": new}


def delete(counter: str) -> dict[str, Any]:
    return {"op": "delete", "resource": "structures", "key": {"id_fs": counter}}


def sent(land: Browser) -> Any:
    """One row corrected and moved, one added, one removed."""
    answer = land.propose(
        update("2", telephone="0465719999", latitude="44.5100"),
        insert(
            "structures",
            id_fs="90",
            lib_fs="France services du Col",
            statut="candidature",
            insee_com="05002",
            latitude="44.52",
            longitude="6.15",
        ),
        delete("7"),
    )
    assert answer.status_code == 201, answer.json
    return answer.json


def at(land: Browser, proposal: str, widget: str = "carte") -> Any:
    return land.get(f"/widgets/{widget}?revision=proposal:{proposal}")


def test_a_widget_at_a_proposal_says_which_rows_change(land: Browser) -> None:
    base = land.published
    proposal = sent(land)
    answer = at(land, proposal["id"])
    assert answer.status_code == 200
    told = answer.json["preview"]
    assert told["of"] == {
        "kind": "proposal",
        "id": proposal["id"],
        "state": "open",
        "title": None,
        "number": 1,
        "url": f"{HOST}/land/proposals/{proposal['id']}",
    }
    assert told["before"]["revision"] == base
    assert (told["rows"], told["complete"]) == (3, True)
    rows = told["resources"]["structures"]
    assert rows["inserted"] == [
        {"key": "90", "label": "France services du Col", "position": [44.52, 6.15]}
    ]
    (changed,) = rows["updated"]
    assert changed["key"] == changed["old_key"] == "2"
    assert changed["cells"]["telephone"] == {"old": "0465710002", "new": "0465719999"}
    assert set(changed["cells"]) == {"telephone", "latitude"}
    assert changed["position"] == [44.51, 6.3]
    assert changed["moved"]["to"] == [44.51, 6.3]
    assert changed["moved"]["towards"] == "north"
    assert changed["moved"]["metres"] == pytest.approx(1112, abs=1)
    (removed,) = rows["deleted"]
    assert removed["key"] == "7"
    assert removed["row"]["lib_fs"] == removed["label"]


def test_a_row_that_goes_is_told_as_it_is_read(land: Browser) -> None:
    """With what is computed of it, which the file does not hold."""
    before = land.get("/resources/structures/rows/7").json["data"]
    told = at(land, sent(land)["id"]).json["preview"]
    (removed,) = told["resources"]["structures"]["deleted"]
    assert removed["row"]["population_commune"] is not None
    assert {name: before[name] for name in removed["row"]} == removed["row"]


def test_the_widget_before_is_the_same_at_the_commit_it_was_made_on(land: Browser) -> None:
    told = at(land, sent(land)["id"]).json["preview"]
    before: Any = land.client.get(told["before"]["widget"])
    assert before.json["revision"] == told["before"]["revision"]
    assert "preview" not in before.json
    assert "immutable" in before.headers["Cache-Control"]
    assert land.client.get(told["published"]).status_code == 200


def test_only_a_proposal_has_something_to_compare(land: Browser) -> None:
    base = land.published
    for address in ("", f"?revision={base}", "?revision=main"):
        assert "preview" not in land.get(f"/widgets/carte{address}").json, address


def test_personal_fields_are_told_of_no_row(land: Browser) -> None:
    answer = at(land, sent(land)["id"])
    assert answer.json["preview"]["rows"] == 3
    assert "referent" not in answer.text
    assert "@fs.example" not in answer.text


def test_the_answer_follows_the_proposal(land: Browser) -> None:
    proposal = sent(land)
    answer = at(land, proposal["id"])
    assert answer.headers["Cache-Control"] == "public, no-cache"
    tag = {"If-None-Match": answer.headers["ETag"]}
    again = land.get(f"/widgets/carte?revision=proposal:{proposal['id']}", headers=tag)
    assert again.status_code == 304
    land.reject(proposal)
    after = land.get(f"/widgets/carte?revision=proposal:{proposal['id']}", headers=tag)
    assert after.status_code == 200
    assert after.json["preview"]["of"]["state"] == "rejected"


def test_a_row_that_gets_another_key_is_one_row(land: Browser) -> None:
    proposal = land.propose(update("3", id_fs="3,b")).json
    rows = at(land, proposal["id"]).json["preview"]["resources"]["structures"]
    assert [(one["old_key"], one["key"]) for one in rows["updated"]] == [("3", "3%2Cb")]
    assert not rows["inserted"]
    assert not rows["deleted"]


def test_a_widget_of_other_resources_has_nothing_marked(tmp_path: Path) -> None:
    folder = write_territory(tmp_path / "land")
    widget = {"title": "Stops", "resource": "epci", "views": [{"type": "table"}]}
    (folder / "widgets" / "epci.json").write_text(json.dumps(widget))
    land = Browser(serve(tmp_path / "home", {"land": folder}), "land")
    told = at(land, sent(land)["id"], "epci").json["preview"]
    assert (told["resources"], told["rows"], told["complete"]) == ({}, 0, True)


def test_an_unknown_proposal_is_not_found(land: Browser) -> None:
    assert at(land, "0" * 16).status_code == 404


def test_the_preview_of_a_proposal_is_a_widget_that_shows_its_rows(land: Browser) -> None:
    proposal = sent(land)
    address = proposal["preview_url"]
    assert address == f"{HOST}/embed/land/carte?revision=proposal:{proposal['id']}"
    assert land.client.get(address).status_code == 200


def test_the_page_says_where_rows_come_go_and_move(land: Browser) -> None:
    proposal = sent(land)
    page = land.client.get(f"/land/proposals/{proposal['id']}", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert "Moved by 1.1 km to the north" in page.text
    assert "44.50000, 6.30000" in page.text
    assert "44.51000, 6.30000" in page.text
    assert f"/embed/land/carte?revision=proposal:{proposal['id']}&amp;locale=en" in page.text
    french = land.client.get(f"/land/proposals/{proposal['id']}", headers={"Accept-Language": "fr"})
    assert "Déplacé de 1,1 km vers le nord" in french.text
    assert "carte.changes=only" in french.text
    for address in re.findall(r'href="(/embed/land/[^"]*)"', page.text):
        assert land.client.get(address.replace("&amp;", "&")).status_code == 200


def test_a_page_without_rows_that_move_lists_no_place(land: Browser) -> None:
    proposal = land.propose(update("2", telephone="0465719999")).json
    page = land.client.get(f"/land/proposals/{proposal['id']}", headers={"Accept-Language": "en"})
    assert "On the map, before and after" not in page.text
    assert "See it before deciding" in page.text


def test_a_scenario_is_looked_at_like_a_proposal(land: Browser) -> None:
    made = land.post(
        "/scenarios",
        {
            "title": "One less",
            "base_revision": land.published,
            "operations": [delete("7")],
        },
    )
    assert made.status_code == 201, made.json
    told = land.get(f"/widgets/carte?revision=scenario:{made.json['id']}").json["preview"]
    assert (told["of"]["kind"], told["of"]["title"]) == ("scenario", "One less")
    assert [one["key"] for one in told["resources"]["structures"]["deleted"]] == ["7"]
    assert land.client.get(told["of"]["url"]).status_code == 200

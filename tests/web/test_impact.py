"""The impact of a proposal: in the API, on a page, in both languages, and as time goes on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import render_template
from jsonschema import Draft202012Validator

from retouche.web.openapi import document
from retouche.web.pages.impact import impact_of
from tests.datasets import Browser, delete, insert, serve, update
from tests.territory import write_territory


@pytest.fixture
def territory(tmp_path: Path) -> Iterator[Browser]:
    folder = write_territory(tmp_path / "package")
    services = serve(tmp_path / "home", {"territoire": folder})
    yield Browser(services, "territoire")
    services.close()


def closing(key: str = "3") -> dict[str, Any]:
    return {"op": "delete", "resource": "structures", "key": {"id_fs": key}}


def impact(browser: Browser, proposal: Any, language: str = "fr") -> Any:
    return browser.get(f"/proposals/{proposal['id']}/impact", headers={"Accept-Language": language})


def test_the_impact_has_the_form_that_is_promised(territory: Browser) -> None:
    proposal = territory.propose(closing()).json
    answer = impact(territory, proposal)
    found = document()
    schema = {**found["components"]["schemas"]["impact"], "components": found["components"]}
    Draft202012Validator(schema).validate(answer.json)
    assert answer.json["before"] == proposal["parent"]
    assert answer.json["after"] == proposal["head"]
    assert answer.headers["Cache-Control"] == "no-cache"
    assert proposal["links"]["impact"].endswith(f"/proposals/{proposal['id']}/impact")
    distance = next(one for one in answer.json["indicators"] if one["name"] == "distance_fs")
    assert distance["lost"] == {"rows": 1, "people": 2000}
    assert (distance["unit"], distance["digits"], distance["better"]) == ("km", 1, "less")
    row = distance["rows"][0]
    assert (row["key"], row["label"]) == ({"code": "05005"}, "Belombre-05")
    assert (row["people"], row["gains"]) == (2000, False)
    assert row["before"] == 0
    assert 10 < row["after"] < 20


def test_sentences_follow_the_language(territory: Browser) -> None:
    proposal = territory.propose(closing()).json
    french, english = (impact(territory, proposal, one).json for one in ("fr", "en"))
    assert "habitants" in french["sentences"][0]
    assert "inhabitants" in english["sentences"][0]
    assert french["access"][0]["territories"][0]["level_title"] == "Département"
    assert english["access"][0]["territories"][0]["level_title"] == "Department"


def test_what_is_published_since_is_told(territory: Browser) -> None:
    proposal, other = (territory.propose(closing(key)).json for key in ("3", "4"))
    before = impact(territory, proposal).json
    assert before["moved"] is False
    territory.accept(other)
    after = impact(territory, proposal).json
    assert after["moved"] is True
    assert after["indicators"] == before["indicators"]
    assert "republiées" in after["sentences"][-1]
    territory.reject(proposal)
    assert impact(territory, proposal).json["moved"] is False


def test_an_impact_that_cannot_be_is_refused(territory: Browser) -> None:
    assert territory.get("/proposals/0000000000000000/impact").status_code == 404
    proposal = territory.propose(closing()).json
    odd = territory.get(f"/proposals/{proposal['id']}/impact?colour=red")
    assert (odd.status_code, odd.json["code"]) == (400, "malformed")


def test_personal_cells_are_in_no_impact(territory: Browser) -> None:
    everybody = [closing(str(key)) for key in (2, 3, 4)]
    proposal = territory.propose(*everybody).json
    text = impact(territory, proposal).text
    assert "referent" not in text
    assert "fs.example" not in text


def test_where_there_are_no_indicators_nothing_changes(desks: Browser) -> None:
    for operation in (update("01", agents="5"), insert(id="9", name="Nine"), delete("03")):
        proposal = desks.propose(operation).json
        found = impact(desks, proposal, "en").json
        assert found["changes"] is False
        assert found["sentences"] == ["Nothing changes in the indicators."]
        with desks.app.test_request_context("/"):
            dataset = desks.services.catalogue.get("desks")
            present = desks.services.proposals.get(dataset, proposal["id"])
            assert impact_of(dataset, present) is None


def part(browser: Browser, proposal: Any, language: str = "fr") -> str:
    with browser.app.test_request_context(f"/?lang={language}"):
        dataset = browser.services.catalogue.get(browser.dataset)
        present = browser.services.proposals.get(dataset, proposal["id"])
        return render_template("proposal_impact.html", impact=impact_of(dataset, present))


def test_a_page_says_first_what_matters_then_gives_tables(territory: Browser) -> None:
    proposal = territory.propose(closing()).json
    html = part(territory, proposal)
    assert html.index("2\u202f000 habitants") < html.index("<table")
    assert html.count("<caption") == html.count("<table") > 3
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'aria-labelledby="([^"]+)"', html)) <= set(ids)
    assert "style=" not in html
    english = part(territory, proposal, "en")
    assert "Come within" in english
    assert "inhabitants" in english


def test_rows_that_go_lead_to_where_they_still_are(territory: Browser) -> None:
    proposal = territory.propose(closing()).json
    html = part(territory, proposal)
    links = re.findall(r'href="([^"]*/structures/[^"]*)"', html)
    gone = next(one for one in links if "/structures/3?" in one)
    assert f"revision={proposal['parent']}" in gone
    for link in links:
        assert territory.client.get(link.replace("&amp;", "&")).status_code == 200


def test_hostile_names_are_text(tmp_path: Path) -> None:
    descriptor = write_territory(tmp_path / "package") / "datapackage.json"
    package = json.loads(descriptor.read_text(encoding="utf-8"))
    title = "<img src=x onerror=alert(1)> @all"
    package["retouche"]["indicators"]["distance_fs"]["title"] = title
    descriptor.write_text(json.dumps(package), encoding="utf-8")
    services = serve(tmp_path / "home", {"territoire": tmp_path / "package"})
    there = Browser(services, "territoire")
    html = part(there, there.propose(closing()).json)
    assert "<img" not in html
    assert "&lt;img" in html
    services.close()

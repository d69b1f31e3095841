"""The quality page, its badge and its interface: figures, what is to be done, and what is kept."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from retouche.services.quality.quality import Quality
from retouche.web.badges import drawn
from retouche.web.kept import Kept
from tests.datasets import DESKS, Browser, Ticking, serve, update, write_desks
from tests.hostile import HOSTILE
from tests.territory import write_territory
from tests.web.pages import visit

SVG = "{http://www.w3.org/2000/svg}"


def confirm(browser: Browser, key: str) -> None:
    path = f"/resources/desks/rows/{key}/confirmations"
    assert browser.post(path, {}).status_code == 201


def described(folder: Path, **extension: object) -> Path:
    """The package with something said under its key `retouche`."""
    path = folder / "datapackage.json"
    descriptor = json.loads(path.read_text())
    descriptor["retouche"] = {**descriptor.get("retouche", {}), **extension}
    path.write_text(json.dumps(descriptor))
    return folder


# -- The interface ----------------------------------------------------------------------------


def test_figures_of_what_counts(desks: Browser) -> None:
    desks.accept(desks.propose(update("04", agents="6")).json)
    confirm(desks, "02")
    found = desks.get("/quality").json
    assert [one["name"] for one in found["resources"]] == ["desks"]  # the other is read only
    assert (found["cells"], found["filled"], found["sound"]) == (36, 32, 32)
    assert found["sound_share"] == round(32 / 36, 4)
    assert found["confirmed"]["months"] == 12
    assert found["confirmed"]["share"] == round(10 / 36, 4)
    (agents,) = [one for one in found["resources"][0]["fields"] if one["field"] == "agents"]
    assert (agents["confirmed"], agents["last_change"] is not None) == (2, True)
    assert sum(found["confirmations"].values()) == 1
    assert [one["sound_share"] for one in found["history"]] == [round(32 / 36, 4)] * 2


def test_the_package_says_what_counts_and_for_how_long(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package")
    wanted = {"months": 1, "fields": {"cities": ["name"], "desks": ["phone", "agents"]}}
    browser = Browser(serve(tmp_path / "home", {"desks": described(folder, quality=wanted)}))
    confirm(browser, "02")
    found = browser.get("/quality").json
    fields = {one["name"]: [each["field"] for each in one["fields"]] for one in found["resources"]}
    assert fields == {"desks": ["phone", "agents"], "cities": ["name"]}
    assert found["confirmed"] == found["confirmed"] | {"months": 1, "share": 0.25}
    assert found["resources"][1]["confirmed_share"] is None
    clock = browser.services.clock
    assert isinstance(clock, Ticking)
    clock.now += timedelta(days=32)
    assert browser.get("/quality").json["confirmed"]["share"] == 0


def test_what_an_indicator_computes_and_what_is_derived_does_not_count(tmp_path: Path) -> None:
    services = serve(tmp_path / "home", {"land": write_territory(tmp_path / "package")})
    browser = Browser(services, "land")
    package = services.catalogue.get("land").at().package
    (found,) = [
        one for one in browser.get("/quality").json["resources"] if one["name"] == "structures"
    ]
    names = {one["field"] for one in found["fields"]}
    fields = package.resources["structures"].schema.fields
    assert names == {
        one.name for one in fields if not (one.personal or one.extension.get("derived"))
    }


def test_confirmations_are_told_at_once_though_no_commit_came(desks: Browser) -> None:
    revision = desks.published
    for query in ("", f"?revision={revision}"):
        before = desks.get(f"/quality{query}")
        assert "immutable" not in before.headers["Cache-Control"]
        confirm(desks, "02" if query else "01")
        after = desks.get(f"/quality{query}")
        assert after.json["confirmed"]["share"] > before.json["confirmed"]["share"]
        tag = {"If-None-Match": after.headers["ETag"]}
        assert desks.client.get(f"{desks.api}/quality{query}", headers=tag).status_code == 304
    kept = desks.app.extensions["retouche_kept"]
    assert isinstance(kept, Kept)
    assert len(kept.answers) == 0


def test_rows_to_look_at_again_are_paged_oldest_first(desks: Browser) -> None:
    confirm(desks, "01")
    todo = "/resources/desks/todo"
    first = desks.get(f"{todo}?page_size=3").json
    assert [one["key"]["id"] for one in first["data"]] == ["02", "03", "04"]
    assert (first["meta"]["total"], first["links"]["prev"]) == (4, None)
    second = desks.client.get(first["links"]["next"]).json
    assert second is not None
    (last,) = second["data"]
    assert (last["key"], last["by"]) == ({"id": "01"}, "confirmation")
    assert desks.client.get(last["url"]).status_code == 200
    assert desks.get(f"{todo}?page=9").json["data"] == []
    for wrong, status in (
        *((f"{todo}?territory=x:1", 400), (f"{todo}?page=0", 400), (f"{todo}?other=1", 400)),
        ("/resources/nothing/todo", 404),
    ):
        assert desks.get(wrong).status_code == status


def test_a_file_that_cannot_be_read_is_told_and_hides_nothing_else(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package", desks=b"id,name\n1,\xff\n")
    wanted = {"fields": {"cities": ["name", "code"], "desks": ["name"]}}
    browser = Browser(serve(tmp_path / "home", {"desks": described(folder, quality=wanted)}))
    found = {one["name"]: one for one in browser.get("/quality").json["resources"]}
    assert (found["cities"]["trouble"], found["cities"]["cells"]) == (None, 8)
    assert "utf-8" in found["desks"]["trouble"]
    page = visit(browser.client, "/quality/desks")
    assert "utf-8" in page.text
    assert "100%" in page.text
    assert browser.client.get("/quality/desks.svg").status_code == 200
    assert browser.get("/resources/desks/todo").status_code == 422


# -- The page ---------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_leads_to_all_that_belongs_to_it(desks: Browser, language: str) -> None:
    desks.accept(desks.propose(update("04", agents="6")).json)
    dataset = visit(desks.client, "/desks", language=language)
    feed = f"/feed/desks.atom?lang={language}"
    (listed,) = [one for one in dataset.all("link") if "atom" in (one.get("type") or "")]
    assert listed["href"].endswith(feed)
    page = visit(desks.client, "/quality/desks", language=language)
    assert page.link("Atom").endswith(feed)
    for link in (page.link("Atom"), page.link("JSON"), page.one("img", height="20")["src"]):
        assert desks.client.get(link).status_code == 200
    badge = f"http://localhost/quality/desks.svg?lang={language}"
    assert f"]({badge})](http://localhost/quality/desks)" in page.html
    assert f'src="{badge}"' in page.html.replace("&#34;", '"')


def test_a_row_is_confirmed_from_the_list_and_goes_to_its_end(desks: Browser) -> None:
    page = visit(desks.client, "/quality/desks")
    assert "Desk of Apt" in page.all("h3")[0].text
    after = page.submit("Still correct", follow=True)
    assert "your confirmation is kept" in after.text
    assert after.url.startswith("/quality/desks?")
    rows = [one.text.strip() for one in after.all("h3")]
    assert rows[-1] == "Desk of Apt"
    assert "confirmed on" in after.text
    gone = desks.client.post("/quality/desks/confirmations", data={"of": "desks", "key": "77"})
    assert gone.status_code == 404


def test_a_pause_a_trap_and_a_calculation_are_met_on_the_page(desks: Browser) -> None:
    page = visit(desks.client, "/quality/desks")
    refused = page.submit("Still correct", follow=True, website="x")
    assert refused.status == 422
    services = desks.services
    services.moderating.pause(
        services.catalogue.get("desks"), message="Back on Monday", reviewer="reviewer"
    )
    refused = page.submit("Still correct", follow=True)
    assert refused.status == 403
    assert "Back on Monday" in refused.text
    paused = visit(desks.client, "/quality/desks")
    assert not [one for one in paused.all("button") if "Still correct" in one.text]
    assert "Back on Monday" in visit(desks.client, "/desks").text


def test_a_calculation_is_asked_for_with_the_row_that_needs_it(tmp_path: Path) -> None:
    folder = described(write_desks(tmp_path / "package"), contributions={"proof": "always"})
    browser = Browser(serve(tmp_path / "home", {"desks": folder}))
    page = visit(browser.client, "/quality/desks").submit("Still correct", follow=True)
    assert page.status == 403
    (proof,) = page.all("input", name="proof")
    assert proof["data-challenge"]


def test_rows_are_chosen_by_table_and_territory(tmp_path: Path) -> None:
    services = serve(tmp_path / "home", {"land": write_territory(tmp_path / "package")})
    browser = Browser(services, "land")
    page = visit(browser.client, "/quality/land?resource=structures")
    codes = [one["value"] for one in page.all("option") if ":" in (one.get("value") or "")]
    chosen = page.submit("Show", territory=codes[0])
    assert len(chosen.all("li")) < len(page.all("li"))
    assert visit(browser.client, "/quality/land?territory=x:1").status == 400
    assert visit(browser.client, "/quality/land?resource=nothing").status == 404


# -- The badge --------------------------------------------------------------------------------


def test_the_badge_says_the_share_to_everybody(desks: Browser) -> None:
    answer = desks.client.get("/quality/desks.svg?lang=fr")
    root = ElementTree.fromstring(answer.data)
    assert root.findtext(f"{SVG}title") == "Accueils\u00a0: qualité 89\u202f%"
    assert root.get("role") == "img"
    headers = answer.headers
    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "max-age=300" in headers["Cache-Control"]
    tag = {"If-None-Match": headers["ETag"]}
    assert desks.client.get("/quality/desks.svg?lang=fr", headers=tag).status_code == 304
    english = ElementTree.fromstring(desks.client.get("/quality/desks.svg?lang=en").data)
    assert english.findtext(f"{SVG}title") == "Accueils: quality 89%"
    one = desks.client.get("/quality/desks.svg?lang=en&resource=cities")
    assert b"unknown" in one.data  # it does not count
    assert desks.client.get("/quality/desks.svg?resource=nothing").status_code == 404
    assert desks.client.get("/quality/nothing.svg").status_code == 404
    assert desks.client.get("/quality/desks.svg?other=1").status_code == 400


def test_no_title_breaks_the_badge(desks: Browser) -> None:
    with desks.app.test_request_context("/"):
        for text in HOSTILE.values():
            root = ElementTree.fromstring(drawn(text, "quality", text, 0.5))
            assert root.findtext(f"{SVG}title")
            tags = {one.tag.removeprefix(SVG) for one in root.iter()}
            assert tags == {"svg", "title", "clipPath", "rect", "g", "text"}


def test_what_cannot_be_known_is_told_as_unknown(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package", desks=b"id,name\n1,\xff\n")
    browser = Browser(serve(tmp_path / "home", {"desks": folder}))
    assert b"unknown" in browser.client.get("/quality/desks.svg?lang=en").data


def test_faults_lower_the_figures(tmp_path: Path) -> None:
    wrong = DESKS.replace("2020-01-02", "02/01/2020")
    folder = write_desks(tmp_path / "package", desks=wrong)
    browser = Browser(serve(tmp_path / "home", {"desks": folder}))
    found = browser.get("/quality").json
    assert (found["valid"], found["filled"], found["sound"]) == (35, 32, 31)


# -- While figures are computed ---------------------------------------------------------------


def test_what_is_being_computed_is_told_and_not_kept(
    desks: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as slow:
        slow.setattr(Quality, "soon", lambda *_, **__: False)
        found = desks.get("/quality").json
        assert (found["pending"], found["sound_share"], found["confirmed"]["share"]) == (
            True, None, None,
        )  # fmt: skip
        assert [one["pending"] for one in found["resources"]] == [True]
        page = visit(desks.client, "/quality/desks?lang=en")
        assert "The figures are being computed" in page.text
        assert "Desk of Apt" in page.text  # rows are asked to be looked at all the same
        assert "Not all of the data is checked yet" in visit(desks.client, "/desks?lang=en").text
        badge = desks.client.get("/quality/desks.svg?lang=en")
        assert b"unknown" in badge.data
        assert badge.headers["Cache-Control"] == "no-store"
    tag = {"If-None-Match": badge.headers["ETag"]}
    later = desks.client.get("/quality/desks.svg?lang=en", headers=tag)
    assert (later.status_code, b"unknown" in later.data) == (200, False)
    assert not desks.get("/quality").json["pending"]
    assert "being computed" not in visit(desks.client, "/quality/desks?lang=en").text

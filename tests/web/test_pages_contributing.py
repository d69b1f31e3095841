"""The whole way of a correction through the forms, without JavaScript and without a cookie."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.datasets import DESKS, Browser, delete, insert, serve, update, write_desks
from tests.web.pages import Page, visit


def correct(browser: Browser, key: str = "03", resource: str = "desks") -> Page:
    return visit(browser.client, f"/desks/{resource}/{key}").follow("Correct this")


def pending(browser: Browser) -> list[Any]:
    dataset = browser.services.catalogue.get("desks")
    return list(browser.services.proposals.page(dataset)[0])


def test_a_correction_goes_from_the_card_to_the_follow_up_page(desks: Browser) -> None:
    preview = correct(desks).submit(
        "See the difference",
        cell_phone="04 65 71 00 03",
        comment="I called\r\nthem",
        source="https://example.org",
        name="Ada",
        email="ada@example.org",
    )
    assert preview.status == 200
    assert "This is what you change in “Desk of Gordes”" in preview.text
    assert [one.text.split() for one in preview.all("tr")][1:] == [
        ["Téléphone", "empty", "04", "65", "71", "00", "03"]
    ]
    assert not pending(desks)

    followed = preview.submit("Send to the reviewers")
    assert followed.status == 200
    assert "secret=" in followed.url
    assert followed.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in followed.headers
    assert "Thank you" in followed.text
    assert "Awaiting review" in followed.text
    assert "Merge request 1" in followed.text
    assert "ada@example.org" in followed.text

    (proposal,) = pending(desks)
    assert proposal.operations[0]["new"] == {"phone": "04 65 71 00 03"}
    assert proposal.comment == "I called\nthem"
    assert proposal.contributor == {"name": "Ada", "email": "ada@example.org"}
    assert proposal.locale == "en"


def test_only_what_was_changed_is_sent(desks: Browser) -> None:
    form = correct(desks, "02")
    sent = form.submit("See the difference", cell_agents="4").submit("Send to the reviewers")
    assert sent.status == 200
    assert pending(desks)[0].operations[0]["new"] == {"agents": "4"}


def test_an_untouched_form_changes_nothing_whatever_the_cells_hold(tmp_path: Path) -> None:
    odd = DESKS.replace("two\nlines", "two\r\nlines\n ").replace("2020-01-02", "02/01/2020")
    odd = odd.replace(",2,2022", ",1_000,2022").replace("04 65 71 00 04", " é@ex.fr ")
    folder = write_desks(tmp_path / "package", desks=odd)
    browser = Browser(serve(tmp_path / "home", {"desks": folder}))
    for key in ("01", "02", "03", "04"):
        page = correct(browser, key).submit("See the difference")
        assert page.status == 422, key
        assert "Correct" in page.title


def test_new_text_keeps_the_line_ends_of_its_cell(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package", desks=DESKS.replace("two\nlines", "two\r\nlines"))
    browser = Browser(serve(tmp_path / "home", {"desks": folder}))
    form = correct(browser, "02").submit("See the difference", cell_note="two\r\nnew\r\nlines")
    form.submit("Send to the reviewers")
    assert pending(browser)[0].operations[0]["new"] == {"note": "two\r\nnew\r\nlines"}


def test_faults_stand_at_their_cells_and_nothing_typed_is_lost(desks: Browser) -> None:
    page = correct(desks).submit(
        "See the difference", cell_agents="1", cell_phone="nonsense", comment="my words"
    )
    assert page.status == 422
    assert page.one("title").text.startswith("Error:")
    summary = page.one("div", id="faults")
    assert summary.get("role") == "alert"
    assert summary.get("autofocus") is not None
    agents = page.one("input", name="cell.agents")
    assert agents["value"] == "1"
    assert agents["aria-invalid"] == "true"
    fault = page.one("p", id=agents["aria-describedby"].split()[-1])
    assert "Nombre d’agents" in fault.text or "1" in fault.text
    assert page.one("input", name="cell.phone")["value"] == "nonsense"
    assert page.one("textarea", name="comment").text.strip() == "my words"
    assert page.link(fault.text) == f"#{agents['id']}"
    better = page.submit("See the difference", cell_agents="3", cell_phone="04 65 71 00 03")
    assert better.status == 200
    assert not pending(desks)


def test_going_back_from_the_difference_keeps_what_was_typed(desks: Browser) -> None:
    preview = correct(desks).submit("See the difference", cell_agents="9", name="Ada")
    back = preview.submit("Go back and change")
    assert back.one("input", name="cell.agents")["value"] == "9"
    assert back.one("input", name="name")["value"] == "Ada"


def test_sending_twice_makes_one_proposal_and_a_changed_draft_makes_another(desks: Browser) -> None:
    preview = correct(desks).submit("See the difference", cell_agents="9")
    one, two = (preview.submit("Send to the reviewers") for _ in range(2))
    assert one.url == two.url
    assert len(pending(desks)) == 1
    other = preview.submit("Go back and change").submit("See the difference", cell_agents="8")
    assert other.submit("Send to the reviewers").url != one.url
    assert len(pending(desks)) == 2


def test_another_cell_changed_meanwhile_is_no_hindrance(desks: Browser) -> None:
    form = correct(desks)
    desks.accept(desks.propose(update("03", phone="04 65 71 00 03")).json)
    preview = form.submit("See the difference", cell_agents="9")
    assert preview.status == 200
    sent = preview.submit("Send to the reviewers")
    assert sent.status == 200
    assert (
        desks.accept({"id": pending(desks)[0].id, "head": pending(desks)[0].head}).status_code
        == 200
    )
    row = desks.get("/resources/desks/rows/03").json["data"]
    assert (row["agents"], row["phone"]) == ("9", "04 65 71 00 03")


def test_the_same_cell_changed_meanwhile_shows_three_values_to_choose_from(desks: Browser) -> None:
    form = correct(desks)
    desks.accept(desks.propose(update("03", agents="5")).json)
    page = form.submit(
        "See the difference", cell_agents="9", cell_phone="04 65 71 00 03", comment="mine"
    )
    assert page.status == 409
    choices = [one["value"] for one in page.all("input", type="radio")]
    assert choices == ["9", "5", "2"]
    assert "What is published now: 5" in page.text

    mine = page.submit("Go on")
    assert mine.status == 200
    rows = [" ".join(one.text.split()) for one in mine.all("tr")[1:]]
    assert sorted(rows) == ["Nombre d’agents 5 9", "Téléphone empty 04 65 71 00 03"]
    assert "mine" in mine.text

    theirs = page.submit("Go on", cell_agents="5")
    assert "Nombre d’agents" not in theirs.text
    theirs.submit("Send to the reviewers")
    assert pending(desks)[0].operations[0]["new"] == {"phone": "04 65 71 00 03"}


def test_a_row_removed_meanwhile_is_told(desks: Browser) -> None:
    form = correct(desks)
    desks.accept(desks.propose(delete("03")).json)
    page = form.submit("See the difference", cell_agents="9")
    assert page.status == 409
    assert "was removed" in page.text
    assert page.follow("Back to the table").status == 200


def test_a_change_that_is_already_published_says_so(desks: Browser) -> None:
    form = correct(desks)
    desks.accept(desks.propose(update("03", agents="9")).json)
    page = form.submit("See the difference", cell_agents="9")
    assert page.status == 422
    assert not page.all("button", value="send")


def test_a_row_can_be_said_not_to_exist(desks: Browser) -> None:
    card = visit(desks.client, "/desks/desks/03")
    page = card.follow("This row should not exist")
    preview = page.submit("Go on", comment="It closed")
    assert "You ask for “Desk of Gordes” to be removed" in preview.text
    sent = preview.submit("Send to the reviewers")
    assert "The whole row is to be removed" in sent.text
    (proposal,) = pending(desks)
    assert proposal.operations[0]["op"] == "delete"
    assert proposal.comment == "It closed"


def test_a_row_changed_meanwhile_is_looked_at_again_before_its_removal(desks: Browser) -> None:
    page = visit(desks.client, "/desks/desks/03?delete=1")
    desks.accept(desks.propose(update("03", agents="5")).json)
    conflict = page.submit("Go on", comment="It closed")
    assert conflict.status == 409
    assert "was changed after you opened it" in conflict.text
    assert conflict.submit("Go on").submit("Send to the reviewers").status == 200


def test_a_row_can_be_added_and_its_faults_are_told(desks: Browser) -> None:
    form = visit(desks.client, "/desks/desks").follow("Add a row")
    wrong = form.submit("See the new row", cell_id="01", cell_name="Desk of Bonnieux")
    assert wrong.status in (409, 422)
    page = form.submit("See the new row", cell_id="05", cell_name="Desk of Bonnieux")
    assert "This is the row that you add" in page.text
    sent = page.submit("Send to the reviewers")
    assert "New row: Desk of Bonnieux" in sent.text
    assert pending(desks)[0].operations[0]["row"] == {"id": "05", "name": "Desk of Bonnieux"}


def test_the_same_key_added_meanwhile_is_told(desks: Browser) -> None:
    form = visit(desks.client, "/desks/desks?add=1")
    desks.accept(desks.propose(insert(id="05", name="Desk of Lacoste")).json)
    page = form.submit("See the new row", cell_id="05", cell_name="Desk of Bonnieux")
    assert page.status in (409, 422)
    assert not page.all("button", value="send")


def test_a_trap_for_machines_stops_them_and_loses_nothing_of_people(desks: Browser) -> None:
    page = correct(desks).submit("See the difference", cell_agents="9", website="http://spam")
    assert page.status == 422
    assert page.one("input", name="website").get("value") is None
    assert page.one("input", name="cell.agents")["value"] == "9"
    assert page.submit("See the difference").status == 200


def test_what_cannot_be_edited_says_why(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package")
    descriptor = json.loads((folder / "datapackage.json").read_text())
    fields = {one["name"]: one for one in descriptor["resources"][0]["schema"]["fields"]}
    fields["agents"]["retouche"] = {"derived": True}
    fields["note"]["retouche"] = {"locked": True}
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    browser = Browser(serve(tmp_path / "home", {"desks": folder}))
    form = correct(browser)
    assert "Computed from other data" in form.text
    assert "Locked by the publisher" in form.text
    assert "Names the row" in form.text
    assert not [one for one in form.elements if one.get("name") == "cell.agents"]
    forged = form.submit("See the difference", cell_agents="9")
    assert forged.status == 422
    assert not forged.all("button", value="send")


def test_a_field_that_does_not_exist_is_told(desks: Browser) -> None:
    page = correct(desks).submit("See the difference", cell_colour="blue")
    assert page.status == 400
    assert "colour" in page.one("div", id="faults").text


def test_a_table_that_is_read_only_offers_no_form(desks: Browser) -> None:
    assert "Correct this" not in visit(desks.client, "/desks/cities/84003").text
    assert "Add a row" not in visit(desks.client, "/desks/cities").text
    assert visit(desks.client, "/desks/cities/84003?edit=1").status == 422


def test_controls_fit_the_schema_and_never_harm_a_cell(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package", desks=DESKS.replace("2022-05-06", "May 2022"))
    descriptor = json.loads((folder / "datapackage.json").read_text())
    fields = {one["name"]: one for one in descriptor["resources"][0]["schema"]["fields"]}
    fields["note"]["constraints"] = {"enum": ["open", "closed"]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    browser = Browser(serve(tmp_path / "home", {"desks": folder}))
    form = correct(browser, "03")
    assert form.one("input", name="cell.agents")["inputmode"] == "numeric"
    assert form.one("input", name="cell.phone")["type"] == "tel"
    assert form.one("input", name="cell.opened")["type"] == "text"
    assert correct(browser, "01").one("input", name="cell.opened")["type"] == "date"
    note = form.one("select", name="cell.note")
    values = [one["value"] for one in form.all("option") if one.inside(note)]
    assert values == ["", "closed on Monday", "open", "closed"]
    cities = form.one("datalist", id=form.one("input", name="cell.city_code")["list"])
    assert len([one for one in form.all("option") if one.inside(cities)]) == 4


def test_a_form_with_a_base_that_does_not_exist_is_refused(desks: Browser) -> None:
    form = correct(desks)
    for base in ("f" * 40, "nonsense", "../x"):
        page = form.submit("See the difference", cell_agents="9", base_revision=base)
        assert page.status == 404
    assert not pending(desks)


def test_too_long_a_cell_and_odd_characters_are_refused_in_words(desks: Browser) -> None:
    form = correct(desks)
    for typed in ("x" * 70_000, "a\0b"):
        page = form.submit("See the difference", cell_note=typed)
        assert 400 <= page.status < 500
        assert not page.all("button", value="send")
    assert 400 <= form.submit("See the difference", comment="a\0b", cell_agents="9").status < 500
    assert not pending(desks)

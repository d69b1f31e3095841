"""A reviewer signs in by a link and decides; an author follows a proposal and takes it back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.datasets import Browser, delete, insert, update
from tests.web.pages import Page, visit


def sign_in(browser: Browser, to: str = "/") -> Page:
    answer = browser.client.get(f"/sign-in?token={browser.token}&next={to}")
    assert answer.status_code == 303
    return visit(browser.client, answer.headers["Location"])


def author(browser: Browser, proposal: dict[str, str]) -> str:
    found = browser.services.proposals.get(browser.services.catalogue.get("desks"), proposal["id"])
    return f"/desks/proposals/{found.id}?secret={browser.services.proposals.secret(found)}"


def test_a_reviewer_signs_in_decides_and_signs_out(desks: Browser) -> None:
    proposal = desks.propose(update("03", agents="7"), comment="I called").json
    page = sign_in(desks, f"/desks/proposals/{proposal['id']}")
    assert "Reviewer: reviewer" in page.html
    assert "I called" in page.text
    assert "Identifiant: 03" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    done = page.submit("Accept and publish", message="Thanks")
    assert done.url == f"/desks/proposals/{proposal['id']}?done=accepted"
    assert "accepted and the data is published" in done.text
    assert not done.all("button", class_="main")
    assert visit(desks.client, "/desks/desks/03").text.count("7") >= 1
    out = done.submit("Sign out")
    assert out.url == "/"
    assert "Reviewer:" not in out.html


@pytest.mark.attack("redirects")
def test_a_sign_in_link_is_refused_politely_and_never_leads_outside(desks: Browser) -> None:
    assert visit(desks.client, "/sign-in?token=wrong").status == 401
    assert visit(desks.client, "/sign-in").status == 200
    for target in ("//evil.example", "https://evil.example", "/\\evil.example", "evil", "/\t/evil"):
        answer = desks.client.get("/sign-in", query_string={"token": desks.token, "next": target})
        assert answer.headers["Location"] == "/", target


@pytest.mark.attack("cross-site-forms")
def test_a_form_from_elsewhere_decides_nothing(desks: Browser) -> None:
    proposal = desks.propose(update("03", agents="7")).json
    address = f"/desks/proposals/{proposal['id']}"
    fields = {"head": proposal["head"], "whole": "1", "reason": "wrong"}
    assert desks.client.post(f"{address}/accept", data=fields).status_code == 401
    page = sign_in(desks, address)
    token = page.form(button="Accept and publish")["csrf"]
    for forged in ({}, {"csrf": ""}, {"csrf": "wrong"}, {"csrf": "é"}):
        for way in ("accept", "reject"):
            assert (
                desks.client.post(f"{address}/{way}", data={**fields, **forged}).status_code == 403
            )
    assert desks.client.post("/sign-out", data={}).status_code == 403
    foreign = {"Origin": "https://evil.example"}
    answer = desks.client.post(f"{address}/accept", data={**fields, "csrf": token}, headers=foreign)
    assert answer.status_code == 403
    assert visit(desks.client, address).text.count("Awaiting review") == 1


def test_some_changes_are_accepted_and_the_others_are_not(desks: Browser) -> None:
    proposal = desks.propose(update("03", agents="7"), update("04", agents="8"), delete("01")).json
    page = sign_in(desks, f"/desks/proposals/{proposal['id']}")
    assert [one["value"] for one in page.all("input", name="operation")] == ["0", "1", "2"]
    none = page.submit("Accept and publish", operation=[])
    assert none.status == 400
    assert "Choose at least one" in none.text
    done = page.submit("Accept and publish", operation=["1"])
    assert "1 of 3 changes was published" in done.text
    rows = desks.get("/resources/desks/rows").json["data"]
    assert [row["agents"] for row in rows] == ["2", "3", "2", "8"]


def test_a_rejection_gives_its_reason_to_all_and_its_message_to_the_author(desks: Browser) -> None:
    proposal = desks.propose(update("03", agents="7")).json
    page = sign_in(desks, f"/desks/proposals/{proposal['id']}")
    done = page.submit("Reject the proposal", reason="not_verified", message="They say two")
    assert "could not be verified" in done.text
    desks.client.delete_cookie("retouche")
    public = visit(desks.client, f"/desks/proposals/{proposal['id']}")
    assert "could not be verified" in public.text
    assert "They say two" not in public.text
    assert "They say two" in visit(desks.client, author(desks, proposal)).text


def test_a_reason_that_does_not_exist_is_refused(desks: Browser) -> None:
    proposal = desks.propose(update("03", agents="7")).json
    page = sign_in(desks, f"/desks/proposals/{proposal['id']}")
    assert page.submit("Reject the proposal", reason="because").status == 400


def test_a_head_that_the_reviewer_did_not_see_is_refused(desks: Browser) -> None:
    proposal = desks.propose(update("03", agents="7")).json
    page = sign_in(desks, f"/desks/proposals/{proposal['id']}")
    refused = page.submit("Accept and publish", head="0" * 40)
    assert refused.status == 409
    assert "could not be done" in refused.text


def test_a_decision_that_comes_too_late_shows_the_first_one(desks: Browser) -> None:
    proposal = desks.propose(update("03", agents="7")).json
    page = sign_in(desks, f"/desks/proposals/{proposal['id']}")
    desks.reject(proposal, reason="spam")
    late = page.submit("Accept and publish")
    assert late.status == 409
    assert "Not a correction of the data" in late.text


def test_a_conflict_shows_what_was_what_is_and_what_is_wanted(desks: Browser) -> None:
    base = desks.published
    first = desks.propose(update("03", agents="5"), base_revision=base).json
    second = desks.propose(
        update("03", agents="9", phone="04 65 71 00 03"), base_revision=base
    ).json
    desks.accept(first)
    page = sign_in(desks, f"/desks/proposals/{second['id']}")
    assert "In conflict" in page.text
    row = next(one for one in page.all("tr") if "agents" in one.text)
    assert row.text.split()[-3:] == ["2", "9", "5"]
    refused = page.submit("Accept and publish")
    assert refused.status == 409


@pytest.mark.attack("people-in-history")
def test_a_choice_of_what_clashes_no_more_is_asked_again(desks: Browser) -> None:
    """Else its cell would be taken for one that was refused."""
    proposal = desks.propose(update("03", agents="7", note="open")).json
    desks.accept(desks.propose(update("03", agents="5")).json)
    page = sign_in(desks, f"/desks/proposals/{proposal['id']}")
    desks.accept(desks.propose(update("03", agents="2")).json)
    before = desks.file()
    taken: dict[str, Any] = {"take.0.0": "theirs"}
    refused = page.submit("Accept and publish", **taken)
    assert refused.status == 409
    assert "is not what you saw when you chose" in refused.text
    assert desks.file() == before
    assert refused.submit("Accept and publish", cell=["0.0", "0.1"]).status == 200
    assert b"84050,,7,2022-05-06,43.9113,5.2003,open" in desks.file()


def test_the_public_sees_the_difference_and_nothing_of_the_person(desks: Browser) -> None:
    body = {
        "comment": "my comment",
        "source": "https://source.example",
        "contributor": {"name": "Ada", "email": "ada@example.org"},
    }
    proposal = desks.propose(update("03", agents="7"), **body).json
    address = f"/desks/proposals/{proposal['id']}"
    for url in (address, f"{address}?secret=wrong", f"{address}?secret=é"):
        page = visit(desks.client, url)
        assert "Nombre d’agents" in page.text
        for private in ("my comment", "source.example", "Ada", "ada@"):
            assert private not in page.html
        assert not page.all("button")
    assert "Ada" in visit(desks.client, author(desks, proposal)).text


def test_an_author_takes_a_proposal_back(desks: Browser) -> None:
    proposal = desks.propose(update("03", agents="7")).json
    page = visit(desks.client, author(desks, proposal))
    done = page.submit("Withdraw the proposal")
    assert "Withdrawn" in done.text
    assert "taken back" in done.text
    again = page.submit("Withdraw the proposal")
    assert again.status == 200
    public = visit(desks.client, f"/desks/proposals/{proposal['id']}")
    assert "Withdraw the proposal" not in public.text
    forged = desks.client.post(f"/desks/proposals/{proposal['id']}/withdraw", data={"secret": "x"})
    assert forged.status_code == 403


def test_an_author_cannot_take_back_what_is_published(desks: Browser) -> None:
    proposal = desks.propose(update("03", agents="7")).json
    page = visit(desks.client, author(desks, proposal))
    desks.accept(proposal)
    late = page.submit("Withdraw the proposal")
    assert late.status == 409
    assert "Accepted" in late.text


def test_a_follow_up_link_keeps_its_secret_through_the_language_switch(desks: Browser) -> None:
    proposal = desks.propose(update("03", agents="7"), comment="mine").json
    french = visit(desks.client, author(desks, proposal)).follow("Français")
    assert french.one("html")["lang"] == "fr"
    assert "mine" in french.text
    assert "secret" not in french.one("link", rel="canonical")["href"]


def test_additions_and_removals_can_be_reviewed(desks: Browser) -> None:
    added = desks.propose(insert(id="05", name="Desk of Bonnieux")).json
    removed = desks.propose(delete("04")).json
    page = sign_in(desks, f"/desks/proposals/{added['id']}")
    assert page.title == "New row: Desk of Bonnieux"
    page.submit("Accept and publish")
    page = visit(desks.client, f"/desks/proposals/{removed['id']}")
    assert page.title == "Removal: Desk of Mormoiron"
    page.submit("Accept and publish")
    keys = [row["id"] for row in desks.get("/resources/desks/rows").json["data"]]
    assert keys == ["01", "02", "03", "05"]


@pytest.mark.parametrize("state", ["open", "accepted", "rejected", "withdrawn", "queued"])
def test_proposals_are_listed_by_state(desks: Browser, state: str) -> None:
    one, two, _three = (desks.propose(update(key, agents="9")).json for key in ("01", "02", "03"))
    desks.accept(one)
    desks.reject(two)
    page = visit(desks.client, f"/desks/proposals?state={state}")
    expected = {"open": 1, "accepted": 1, "rejected": 1}.get(state, 0)
    assert len(page.all("h3")) == expected


def test_the_list_of_proposals_has_pages_and_refuses_odd_states(desks: Browser) -> None:
    for number in range(22):
        desks.propose(update("03", note=f"note {number}"))
    page = visit(desks.client, "/desks/proposals")
    assert len(page.all("h3")) == 20
    assert len(page.follow("Next page").all("h3")) == 2
    assert visit(desks.client, "/desks/proposals?state=lost").status == 400

"""The queue of reviewers: filters in the address, entries in a line, many decided together."""

from __future__ import annotations

from typing import Any

import pytest

from tests.datasets import Browser, delete, insert, update
from tests.web.pages import Page, visit
from tests.web.test_pages_review import sign_in

EN = {"Accept-Language": "en"}


def several(desks: Browser) -> dict[str, dict[str, Any]]:
    """Proposals of each kind, oldest first."""
    wanted = {
        "plain": ([update("01", agents="5")], {}),
        "odd": ([update("02", note="See")], {"comment": "https://casino.example"}),
        "new": ([insert(id="09", name="A new desk")], {}),
        "gone": ([delete("03")], {}),
        "placed": ([update("04", latitude="44.1")], {}),
        "linked": ([update("04", note="www.casino.example")], {}),
    }
    found = {}
    for name, (operations, others) in wanted.items():
        answer = desks.propose(*operations, **others)
        assert answer.status_code == 201, answer.text
        found[name] = answer.json
    return found


def shown(page: Page, sent: dict[str, dict[str, Any]]) -> list[str]:
    """The names of the proposals that a queue lists, in its order."""
    names = {one["id"]: name for name, one in sent.items()}
    links = [one["href"] for one in page.all("a", class_="title-link")]
    return [names[link.partition("?")[0].rpartition("/")[2]] for link in links]


def test_the_queue_is_for_those_who_review(desks: Browser) -> None:
    assert visit(desks.client, "/review").status == 401
    sign_in(desks)
    page = visit(desks.client, "/review")
    assert page.status == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "all is decided" in page.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["plain", "odd", "new", "gone", "placed", "linked"]),
        ("?kind=insert", ["new"]),
        ("?kind=project", []),
        ("?flagged=1", ["odd", "linked"]),
        ("?conflicted=1", []),
        ("?age=7", []),
        ("?state=accepted", []),
        ("?resource=cities", []),
        ("?territory=84", []),
        ("?dataset=desks&kind=delete", ["gone"]),
    ],
)
def test_filters_stand_in_the_address(desks: Browser, query: str, found: list[str]) -> None:
    sent = several(desks)
    sign_in(desks)
    page = visit(desks.client, f"/review{query}")
    assert page.status == 200
    assert shown(page, sent) == found


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("?state=<b>", 400),
        ("?kind=all", 400),
        ("?age=-1", 400),
        ("?age=1e9", 400),
        ("?page=0", 400),
        ("?dataset=nothing", 404),
        ("?territory=%00%27%22", 200),
        ("?resource=%F0%9F%98%80", 200),
    ],
)
def test_a_filter_that_makes_no_sense_is_told(desks: Browser, query: str, status: int) -> None:
    sign_in(desks)
    page = visit(desks.client, f"/review{query}")
    assert page.status == status
    assert "<b>" not in page.html


def test_an_entry_says_what_changes(desks: Browser) -> None:
    several(desks)
    sign_in(desks)
    text = visit(desks.client, "/review").text
    assert "Nombre d’agents" in text
    assert "Its comment holds a link." in text
    assert text.count("Plain") >= 1


def test_a_decision_leads_to_the_next_one_of_the_same_filter(desks: Browser) -> None:
    sent = several(desks)
    sign_in(desks)
    address = f"/desks/proposals/{sent['odd']['id']}?queue=state%3Dwaiting%26kind%3Dupdate"
    page = visit(desks.client, address)
    after = page.submit("Accept and publish")
    assert after.url.startswith(f"/desks/proposals/{sent['placed']['id']}?")
    assert f"Proposal {sent['odd']['id'][:8]}: Accepted" in after.text
    last = after.submit("Reject the proposal", reason="wrong")
    assert f"/{sent['linked']['id']}?" in last.url
    first = last.submit("Reject the proposal", reason="wrong")
    assert f"/{sent['plain']['id']}?" in first.url
    done = first.submit("Accept and publish")
    assert done.url.startswith("/review?")
    assert "all is decided" in done.text


def test_only_plain_ones_are_accepted_together(desks: Browser) -> None:
    sent = several(desks)
    sign_in(desks)
    page = visit(desks.client, "/review")
    picks = [one["value"] for one in page.all("input", name="pick")]
    confirm = page.submit("Accept together…", pick=picks)
    ready, _, others = confirm.text.partition("one by one")
    assert "This will be done with 1 proposal" in ready
    assert "A new desk" in others
    # Whoever leaves the confirmation out does not get around it.
    token = confirm.form(button="Accept and publish 1 proposal")["csrf"]
    answer = desks.client.post("/review/decide", data={"csrf": token, "pick": picks}, headers=EN)
    assert answer.status_code == 200
    assert "1 proposal was accepted" in answer.text
    states = {
        name: desks.services.proposals.get(desks.services.catalogue.get("desks"), one["id"]).state
        for name, one in sent.items()
    }
    assert states.pop("plain") == "accepted"
    assert set(states.values()) == {"open"}


def test_a_batch_with_one_that_is_not_there_does_nothing(desks: Browser) -> None:
    proposal = desks.propose(update("01", agents="5")).json
    sign_in(desks)
    form = visit(desks.client, "/review").form(button="Accept together…")
    picks = [f"desks/{one}/{proposal['head']}" for one in (proposal["id"], "f" * 16)]
    for address in ("/review/batch", "/review/decide", "/review/undo"):
        answer = desks.client.post(address, data={"csrf": form["csrf"], "pick": picks})
        assert answer.status_code == 404, address
    assert desks.get(f"/proposals/{proposal['id']}").json["state"] == "open"


def test_many_are_refused_for_one_reason(desks: Browser) -> None:
    several(desks)
    sign_in(desks)
    page = visit(desks.client, "/review")
    picks = [one["value"] for one in page.all("input", name="pick")]
    confirm = page.submit("Reject together…", pick=picks[:2], reason="duplicate")
    done = confirm.submit("Reject 2 proposals", pick=picks[:2])
    assert "2 proposals were rejected" in done.text
    assert "4 proposals" in visit(desks.client, "/review").text


def test_what_was_accepted_is_taken_back_at_once(desks: Browser) -> None:
    before = desks.file()
    proposal = desks.propose(update("01", agents="5")).json
    sign_in(desks)
    address = f"/desks/proposals/{proposal['id']}?queue=state%3Dwaiting"
    done = visit(desks.client, address).submit("Accept and publish")
    assert desks.file() != before
    undone = done.submit("Undo this acceptance")
    assert "set back" in undone.text
    assert desks.file() == before
    again = visit(desks.client, undone.url).status
    assert again in (404, 405)


@pytest.mark.attack("cross-site-forms")
def test_a_batch_from_elsewhere_decides_nothing(desks: Browser) -> None:
    proposal = desks.propose(update("01", agents="5")).json
    pick = f"desks/{proposal['id']}/{proposal['head']}"
    for path in ("batch", "decide", "undo"):
        assert desks.client.post(f"/review/{path}", data={"pick": pick}).status_code == 401
    sign_in(desks)
    for path in ("batch", "decide", "undo"):
        for forged in ({}, {"csrf": "wrong"}):
            answer = desks.client.post(f"/review/{path}", data={"pick": pick, **forged})
            assert answer.status_code == 403, path
    page = visit(desks.client, "/review")
    token = page.form(button="Accept together…")["csrf"]
    foreign = {"Origin": "https://evil.example"}
    answer = desks.client.post(
        "/review/decide", data={"csrf": token, "pick": pick}, headers=foreign
    )
    assert answer.status_code == 403
    hostile = ["", "x", "desks/1", "desks/../../x", "nothing/1/2", "desks/<b>/x", "a/b/c/d"]
    for one in hostile:
        answer = desks.client.post("/review/decide", data={"csrf": token, "pick": one})
        assert 400 <= answer.status_code < 500, one
    many = [f"desks/{number}/x" for number in range(101)]
    assert desks.client.post("/review/batch", data={"csrf": token, "pick": many}).status_code == 413
    moved = f"desks/{proposal['id']}/{'0' * 40}"
    wrong = desks.client.post("/review/decide", data={"csrf": token, "pick": moved}, headers=EN)
    assert "0 proposals were accepted" in wrong.text
    assert "1 was not." in wrong.text
    kept = desks.services.proposals.get(desks.services.catalogue.get("desks"), proposal["id"])
    assert kept.state == "open"


def test_others_who_proposed_it_are_told_to_reviewers_alone(desks: Browser) -> None:
    first = desks.propose(update("01", agents="5")).json
    same = desks.propose(update("01", agents="5", note="x")).json
    other = desks.propose(update("01", agents="9")).json
    address = f"/desks/proposals/{first['id']}"
    assert same["id"][:8] not in visit(desks.client, address).text
    page = sign_in(desks, address)
    assert f"Already proposed: {same['id'][:8]}" in page.text
    assert f"Proposed otherwise: 9 {other['id'][:8]}" in page.text
    assert "Last changed on" in page.text


def test_characters_that_look_like_others_are_named(desks: Browser) -> None:
    proposal = desks.propose(update("01", name="Desk of\u00a0Apt")).json
    page = sign_in(desks, f"/desks/proposals/{proposal['id']}")
    assert "U+00A0 no-break space" in page.text
    forged = desks.propose(update("02", name='D\u0435sk of "Sault"')).json
    page = visit(desks.client, f"/desks/proposals/{forged['id']}")
    assert "U+0435 cyrillic small letter ie" in page.text


def test_the_author_sees_which_cells_were_refused_and_why(desks: Browser) -> None:
    proposal = desks.propose(update("01", agents="5", name="Desk of Apt, new")).json
    secret = desks.services.proposals.secret(
        desks.services.proposals.get(desks.services.catalogue.get("desks"), proposal["id"])
    )
    refused = [{"operation": 0, "field": "name", "reason": "wrong", "message": "As before"}]
    assert desks.accept(proposal, refused=refused).status_code == 200
    address = f"/desks/proposals/{proposal['id']}"
    public = visit(desks.client, address).text
    assert "1 of 2 changes was published" in public
    assert "Nom: The information is not correct" in public
    assert "As before" not in public
    assert "As before" in visit(desks.client, f"{address}?secret={secret}").text

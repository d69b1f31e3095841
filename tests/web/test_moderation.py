"""Reviewers keep a dataset from harm: signs, blocks, a pause, refusing all of a source, undo."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from tests.datasets import DESKS, Browser, insert, update
from tests.web.pages import Page, visit
from tests.web.test_pages_review import sign_in

SPAM = {"contributor": {"name": "Eve", "email": "eve@spam.example"}}


def spam(desks: Browser, count: int = 1, **others: Any) -> list[dict[str, Any]]:
    """Proposals of one source, one after the other."""
    found = []
    for number in range(count):
        note = f"casino number {number} of {count}"
        answer = desks.propose(update("03", note=note), **SPAM, **others)
        assert answer.status_code == 201, answer.text
        found.append(answer.json)
    return found


def page_of(desks: Browser, proposal: dict[str, Any], language: str = "en") -> Page:
    return visit(desks.client, f"/desks/proposals/{proposal['id']}", language=language)


def hold_secret(desks: Browser, page: Page) -> None:
    """No hash, no address."""
    sent = desks.services.proposals.page(desks.services.catalogue.get("desks"))[0]
    for one in sent:
        for told in (one.sender.address, one.sender.contact):
            assert not told or told not in page.html
    assert "127.0.0" not in page.html
    assert not re.search(r"\b[0-9a-f]{64}\b", page.html)


def test_signs_and_the_source_are_for_reviewers_alone(desks: Browser) -> None:
    first, second = spam(desks, 2, comment="See https://casino.example")
    public = page_of(desks, second)
    for word in ("Unusual", "source</a>", "Block this source", "Where it came from"):
        assert word not in public.html
    sign_in(desks)
    page = page_of(desks, second)
    assert "Its comment holds a link." in page.text
    assert "1 other proposal from the same source" in page.text
    hold_secret(desks, page)
    listed = page.follow("1 other proposal from the same source")
    links = [one["href"] for one in listed.all("a") if "/proposals/" in (one.get("href") or "")]
    assert {link.rsplit("/", 1)[1] for link in links if len(link.rsplit("/", 1)[1]) == 16} >= {
        first["id"],
        second["id"],
    }
    french = page_of(desks, second, "fr")
    assert "Son commentaire contient un lien." in french.text
    assert "D’où elle vient" in french.text


def test_a_sign_that_is_not_known_is_shown_too(desks: Browser) -> None:
    dataset = desks.services.catalogue.get("desks")
    found = desks.services.proposals.get(dataset, spam(desks)[0]["id"])
    desks.services.proposals.decisions.record(replace(found, signs=("new_sign",)))
    sign_in(desks)
    assert "unusual (new_sign)" in page_of(desks, {"id": found.id}).text


def test_the_list_marks_and_filters_what_is_unusual(desks: Browser) -> None:
    plain = desks.propose(update("01", agents="5")).json
    odd = spam(desks, comment="https://casino.example")[0]
    anonymous = visit(desks.client, "/desks/proposals")
    assert "Unusual" not in anonymous.text
    assert visit(desks.client, "/desks/proposals?flagged=1").status == 401
    assert visit(desks.client, f"/desks/proposals?source_of={odd['id']}").status == 401
    sign_in(desks)
    page = visit(desks.client, "/desks/proposals")
    assert odd["id"] in page.html
    assert plain["id"] in page.html
    flagged = page.follow("Unusual")
    assert odd["id"] in flagged.html
    assert plain["id"] not in flagged.html


def test_ten_open_ones_of_a_source_are_told(desks: Browser) -> None:
    last = spam(desks, 10)[-1]
    sign_in(desks)
    assert "10 proposals of this source await review." in page_of(desks, last).text
    page = visit(desks.client, "/desks/moderation")
    assert "10 proposals of one source" in page.text
    hold_secret(desks, page)


def test_a_spammer_is_blocked_refused_and_undone(desks: Browser) -> None:
    accepted = spam(desks, 2)
    added = desks.propose(insert(id="99", name="A casino"), **SPAM).json
    for one in (*accepted[:1], added):
        assert desks.accept(one).status_code == 200
    waiting = spam(desks, 3)
    honest = desks.services.proposals.submit(
        desks.services.catalogue.get("desks"), {"operations": [update("02", agents="7")]}
    )
    sign_in(desks)
    page = page_of(desks, waiting[0])
    done = page.submit("Reject all", reason="spam", block="1")
    assert "4 proposals were rejected. The source is blocked." in done.text
    hold_secret(desks, done)
    assert desks.propose(update("01", agents="5"), **SPAM).status_code in (403, 429)
    assert desks.get(f"/proposals/{honest.id}").json["state"] == "open"
    preview = page_of(desks, added).follow("Undo what this source changed…")
    assert preview.title == "Undo"
    assert "What 2 accepted proposals wrote is set back" in preview.text
    assert "2 rows are set back" in preview.text
    hold_secret(desks, preview)
    assert desks.file() != DESKS.encode()
    made = preview.submit("Make the proposal")
    assert "once it is accepted" in made.text
    again = preview.submit("Make the proposal")
    assert again.url == made.url
    assert "Undoes 2 accepted proposals" in made.text
    identity = made.url.partition("?")[0].rsplit("/", 1)[1]
    for shown in (f"/proposals/{identity}", f"/proposals/{identity}/diff"):
        operations = desks.get(shown).json["operations"]
        assert {name for one in operations for name in one} == {
            *("op", "resource", "key", "old", "new"),
        }
    made.submit("Accept and publish", operation=["0", "1"])
    assert desks.file() == DESKS.encode()
    nothing = page_of(desks, added).follow("Undo what this source changed…")
    assert "There is nothing to set back." in nothing.text


def test_what_stays_is_told_with_its_reason(desks: Browser) -> None:
    one = spam(desks)[0]
    desks.accept(one)
    desks.accept(desks.propose(update("03", note="mended")).json)
    sign_in(desks)
    page = page_of(desks, one).follow("Undo this proposal alone…")
    assert "1 place stays as it is" in page.text
    assert "It was changed again since." in page.text
    assert "mended" in page.text
    assert not [one for one in page.all("button") if "Make the proposal" in one.text]


def test_a_time_range_is_undone(desks: Browser) -> None:
    desks.accept(spam(desks)[0])
    sign_in(desks)
    page = visit(desks.client, "/desks/moderation")
    fields: dict[str, Any] = {"from": "2025-12-31T00:00", "to": "2026-12-31T00:00"}
    made = page.submit("See what would be set back", **fields).submit("Make the proposal")
    made.submit("Accept and publish")
    assert desks.file() == DESKS.encode()
    wrongs: list[dict[str, Any]] = [
        {"from": "soon"},
        {"from": "2026-01-02", "to": "2026-01-01"},
    ]
    for wrong in wrongs:
        refused = page.submit("See what would be set back", **wrong)
        assert refused.status == 400
        assert "could not be done" in refused.text


def test_corrections_are_paused_and_taken_again(desks: Browser) -> None:
    sign_in(desks)
    page = visit(desks.client, "/desks/moderation")
    paused = page.submit("Pause corrections", message="Back on Monday", ends="24")
    assert "Corrections are paused." in paused.text
    assert "Back on Monday" in paused.text
    refused = desks.propose(update("01", agents="5"))
    assert (refused.status_code, refused.json["code"]) == (403, "paused")
    assert "Back on Monday" in refused.json["detail"]
    resumed = paused.submit("Take corrections again")
    assert "taken again" in resumed.text
    assert desks.propose(update("01", agents="5")).status_code == 201
    assert page.submit("Pause corrections", message="x" * 501).status == 413
    assert page.submit("Pause corrections", ends="7").status == 400


def test_a_source_is_blocked_and_unblocked(desks: Browser) -> None:
    one = spam(desks)[0]
    sign_in(desks)
    blocked = page_of(desks, one).submit("Block", by="contact", ends="24", reason="Casino")
    assert "The source is blocked." in blocked.text
    assert "A mail address" in blocked.text
    assert "Casino" in blocked.text
    hold_secret(desks, blocked)
    assert desks.propose(update("01", agents="5"), **SPAM).status_code == 403
    assert desks.propose(update("01", agents="5")).status_code == 201
    free = blocked.submit("Unblock")
    assert "not blocked any more" in free.text
    assert desks.propose(update("01", agents="6"), **SPAM).status_code == 201
    assert blocked.submit("Unblock").status == 404


@pytest.mark.parametrize(
    "path",
    ["/desks/moderation", "/desks/moderation/undo?from=2026-01-01"],
)
@pytest.mark.attack("moderation-pages")
def test_pages_are_for_reviewers_alone(desks: Browser, path: str) -> None:
    assert visit(desks.client, path).status == 401
    sign_in(desks)
    page = visit(desks.client, path)
    assert page.status == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["pause", "resume", "block", "unblock/1", "reject", "undo"])
@pytest.mark.attack("moderation-pages", "cross-site-forms")
def test_a_form_from_elsewhere_does_nothing(desks: Browser, path: str) -> None:
    one = spam(desks)[0]
    fields = {"proposal": one["id"], "reason": "spam"}
    address = f"/desks/moderation/{path}"
    assert desks.client.post(address, data=fields).status_code == 401
    sign_in(desks)
    token = page_of(desks, one).form(button="Reject all")["csrf"]
    for forged in ({}, {"csrf": "wrong"}):
        assert desks.client.post(address, data={**fields, **forged}).status_code == 403
    answer = desks.client.post(
        address, data={**fields, "csrf": token}, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    dataset = desks.services.catalogue.get("desks")
    assert desks.services.moderating.pause_of(dataset) is None
    assert desks.services.moderating.blocks(dataset) == []
    assert desks.get(f"/proposals/{one['id']}").json["state"] == "open"


@pytest.mark.attack("moderation-pages")
def test_odd_choices_are_refused_and_never_a_fault_of_ours(desks: Browser) -> None:
    one = spam(desks)[0]
    sign_in(desks)
    token = page_of(desks, one).form(button="Reject all")["csrf"]
    for query, status in (
        ("", 400),
        ("?proposal=0000000000000000", 404),
        ("?source_of=nobody", 404),
        (f"?source_of={one['id']}&by=name", 400),
        ("?from=%00", 400),
        (f"?proposal={one['id']}", 200),
    ):
        assert visit(desks.client, f"/desks/moderation/undo{query}").status == status, query
    for path, fields, status in (
        ("reject", {"proposal": one["id"], "reason": "because", "block": "1"}, 400),
        ("reject", {"proposal": "nobody", "reason": "spam"}, 404),
        ("reject", {"proposal": one["id"], "reason": "spam", "by": "name"}, 400),
        ("block", {"proposal": "nobody"}, 404),
        ("block", {"proposal": one["id"], "ends": "-1"}, 400),
        ("unblock/nothing", {}, 404),
        ("undo", {"proposal": one["id"]}, 422),
        ("undo", {}, 400),
    ):
        answer = desks.client.post(
            f"/desks/moderation/{path}",
            data={**fields, "csrf": token},
            headers={"Accept": "text/html"},
        )
        assert answer.status_code == status, (path, fields)
    assert desks.get(f"/proposals/{one['id']}").json["state"] == "open"

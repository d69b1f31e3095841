"""What pages and answers say of a dataset that lives in GitLab, whatever happens to it there."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from retouche.ports import Event, Proposal, Upstream
from retouche.web.pages import upstream, words
from retouche.web.pages.summaries import summaries
from tests.datasets import DESKS, Browser, update
from tests.gitlab_double import Fault
from tests.web.gitlab_server import World, world
from tests.web.pages import Page, visit


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as found:
        yield found


def page_of(here: World, proposal: dict[str, Any], language: str = "en") -> Page:
    return visit(here.newcomer(), f"/desks/proposals/{proposal['id']}", language=language)


def follow_up(here: World, proposal: dict[str, Any]) -> Page:
    return visit(here.newcomer(), proposal["follow_up_url"].removeprefix("http://data.example"))


def review(here: World, proposal: dict[str, Any]) -> Page:
    """The page for a maintainer who is signed in."""
    here.sign_in()
    return visit(here.client, f"/desks/proposals/{proposal['id']}")


def branch(proposal: dict[str, Any]) -> str:
    return f"proposals/desks/{proposal['id']}"


def summary(here: World, proposal: dict[str, Any]) -> Any:
    return here.browser.get(f"/proposals/{proposal['id']}").json


# On its way


def test_a_proposal_in_gitlab_shows_its_merge_request(here: World) -> None:
    proposal = here.propose()
    assert proposal["state"] == "open"
    assert proposal["merge_request"]["number"] == 1
    assert proposal["upstream"] == []
    page = page_of(here, proposal)
    assert "Merge request !1" in page.text
    assert page.link("See it in GitLab") == proposal["merge_request"]["url"]
    assert "In GitLab" not in [one.text for one in page.all("h2")]
    assert review(here, proposal).link("Review in GitLab").startswith(here.gitlab.url)


def test_a_proposal_that_waits_says_since_when_and_until_when(here: World) -> None:
    here.gitlab.stop()
    answer = here.browser.propose(update("03", agents="7"))
    assert (answer.status_code, answer.json["state"]) == (202, "queued")
    assert answer.json["merge_request"] is None
    assert int(answer.headers["Retry-After"]) >= 1
    here.round()
    met = here.services.watch.outlook("desks")
    later = here.clock() + timedelta(minutes=5)
    here.services.watch.note_outlook(replace(met, retry_at=later))
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        page = page_of(here, answer.json)
        took.append(time.perf_counter() - begun)
    assert min(took) < 1
    assert "GitLab has not been reached since" in page.text
    assert "The next try is on" in page.text
    assert "safely kept" in page.text
    assert "injoignable depuis" in page_of(here, answer.json, "fr").text
    assert "Withdraw the proposal" in follow_up(here, answer.json).text
    health = here.client.get("/health").json
    told = health["datasets"]["desks"]
    assert (health["status"], told["status"], told["queued"]) == ("degraded", "degraded", 1)
    assert told["forge"]["code"] == "forge_unreachable"
    assert told["forge"]["since"] <= told["forge"]["retry_at"]
    assert here.client.get("/ready").status_code == 200
    metrics = here.client.get("/metrics").text
    assert 'retouche_forge_up{dataset="desks"} 0.0' in metrics
    waits = re.search(r'oldest_queued_seconds{dataset="desks"} ([0-9.]+)', metrics)
    assert waits is not None
    assert 0 < float(waits[1]) < 60
    here.gitlab.start()
    here.clock.move(minutes=10)
    here.round()
    assert summary(here, answer.json)["state"] == "open"
    assert here.client.get("/health").json["status"] == "ok"
    assert 'retouche_forge_up{dataset="desks"} 1.0' in here.client.get("/metrics").text


def test_a_proposal_that_gitlab_refuses_says_why(here: World) -> None:
    here.gitlab.fault(Fault(on="mr-create", kind="forbidden", times=9))
    answer = here.browser.propose(update("03", agents="7"))
    here.round()
    page = page_of(here, answer.json)
    assert "GitLab does not take this proposal" in page.text
    assert "The next try is on" in page.text
    assert summary(here, answer.json)["upstream"] == ["refused"]


def test_a_queued_proposal_is_not_yet_to_be_decided(here: World) -> None:
    answer = here.browser.propose(update("03", agents="7"))
    page = review(here, answer.json)
    assert not page.all("button", class_="main")
    # A flood is stopped at its source, also while GitLab takes nothing.
    assert {one.text for one in page.all("button", class_="danger")} <= {"Block", "Reject all"}


def test_what_is_taken_back_is_closed_in_gitlab_later(here: World) -> None:
    proposal = here.propose()
    here.gitlab.stop()
    done = follow_up(here, proposal).submit("Withdraw the proposal")
    assert "taken back" in done.text
    assert "not closed yet" in done.text
    assert "decision" not in summary(here, proposal)
    here.gitlab.start()
    here.round()
    assert here.project.requests[1].state == "closed"
    assert "not closed yet" not in page_of(here, proposal).text


# What maintainers do there


def test_closing_and_opening_again_are_told(here: World) -> None:
    proposal = here.propose()
    here.project.close(1, by="maintainer")
    here.round_after_news()
    page = page_of(here, proposal)
    assert "Closed in GitLab by a maintainer" in page.text
    assert summary(here, proposal)["reason"] == "closed_upstream"
    assert "maintainer" in review(here, proposal).text
    here.project.reopen(1, by="maintainer")
    here.round_after_news()
    assert "Opened again in GitLab" in page_of(here, proposal).text
    assert "Fermée dans GitLab par un mainteneur" in page_of(here, proposal, "fr").text


def test_a_merge_in_gitlab_is_a_publication(here: World) -> None:
    proposal = here.propose()
    here.project.merge(1, by="maintainer")
    here.round_after_news()
    page = page_of(here, proposal)
    assert "Accepted and published" in page.text
    assert "maintainer" not in page.text
    assert summary(here, proposal)["accepted_operations"] == [0]


def test_an_edited_branch_shows_what_it_holds_and_is_accepted_whole(here: World) -> None:
    proposal = here.propose(update("03", agents="7"), update("04", agents="8"))
    data = here.project.file("desks.csv", branch(proposal)) or b""
    changed = data.replace(b"84082,04 65 71 00 04,8", b"84082,04 65 71 00 04,9")
    assert changed != data
    here.project.push(branch(proposal), {"desks.csv": changed}, by="maintainer", message="Fix")
    here.round_after_news()
    assert summary(here, proposal)["upstream"] == ["edited"]
    page = review(here, proposal)
    assert "Somebody changed this proposal in GitLab" in page.text
    assert not page.all("input", name="operation")
    assert page.link("See merge request !1") == proposal["merge_request"]["url"]
    done = page.submit("Accept and publish")
    assert "accepted and the data is published" in done.text
    here.round()
    assert b"84082,04 65 71 00 04,9" in here.browser.file()


def test_other_files_are_decided_in_gitlab(here: World) -> None:
    proposal = here.propose()
    here.project.push(branch(proposal), {"README.md": b"# More\n"}, by="maintainer", message="Add")
    here.round_after_news()
    assert summary(here, proposal)["upstream"] == ["edited", "other_files"]
    page = review(here, proposal)
    assert "decide on it in GitLab" in page.text
    assert not page.all("button", class_="main")
    assert page.all("button", class_="danger")


def test_a_branch_that_holds_no_row_any_more_can_still_be_read(here: World) -> None:
    proposal = here.propose()
    published = here.project.file("desks.csv") or b""
    files = {"desks.csv": published, "README.md": b"# More\n"}
    here.project.push(branch(proposal), files, by="maintainer", message="Undo")
    here.round_after_news()
    assert summary(here, proposal)["operations"] == []
    page = review(here, proposal)
    assert page.title == "Change of other files"
    assert not page.all("button", class_="main")
    for path in ("/desks", "/desks/proposals", "/"):
        assert visit(here.client, path).status == 200
    assert here.browser.get(f"/proposals/{proposal['id']}/diff").status_code == 200


def test_a_removed_branch_is_told(here: World) -> None:
    proposal = here.propose()
    here.project.delete_branch(branch(proposal), by="maintainer")
    here.round_after_news()
    page = page_of(here, proposal)
    state = summary(here, proposal)["state"]
    assert state == "rejected" or "Its branch was removed in GitLab" in page.text
    assert page.status == 200


def test_another_target_is_told(here: World) -> None:
    proposal = here.propose()
    here.project.push("next", {"x.txt": b"x"}, by="maintainer", message="Begin")
    here.project.retarget(1, "next", by="maintainer")
    here.round_after_news()
    assert summary(here, proposal)["upstream"] == ["retargeted"]
    page = review(here, proposal)
    assert "aims at the branch “next”" in page.text
    assert not page.all("button", class_="main")
    assert "vise la branche" in page_of(here, proposal, "fr").text


def test_a_conflict_shows_all_three_values(here: World) -> None:
    proposal = here.propose()
    data = (here.project.file("desks.csv") or b"").replace(b"84050,,2,", b"84050,,5,")
    here.project.push("main", {"desks.csv": data}, by="maintainer", message="Other")
    here.round_after_news()
    page = page_of(here, proposal)
    assert "In conflict" in page.text
    row = next(one for one in page.all("tr") if "agents" in one.text)
    assert row.text.split()[-3:] == ["2", "7", "5"]


def test_a_row_or_table_that_is_gone_leaves_a_page(here: World) -> None:
    proposal = here.propose()
    data = (here.project.file("desks.csv") or b"").split(b"03,Desk")[0]
    here.project.push("main", {"desks.csv": data}, by="maintainer", message="Remove")
    here.round_after_news()
    page = page_of(here, proposal)
    assert page.status == 200
    assert "no longer published" in page.text
    described = json.loads(here.project.file("datapackage.json") or b"")
    described["resources"] = [one for one in described["resources"] if one["name"] != "desks"]
    files = {"datapackage.json": json.dumps(described).encode(), "desks.csv": None}
    files["widgets/desks.json"] = None
    here.project.push("main", files, by="maintainer", message="Remove the table")
    here.round_after_news()
    assert here.browser.get("").json["resources"][0]["name"] == "cities"
    for path in (f"/desks/proposals/{proposal['id']}", "/desks/proposals", "/desks"):
        assert visit(here.client, path).status == 200, path
    for path in (f"/proposals/{proposal['id']}", f"/proposals/{proposal['id']}/diff"):
        assert here.browser.get(path).status_code == 200, path


def test_rows_whose_keys_are_not_unique_any_more_leave_a_page(here: World) -> None:
    proposal = here.propose()
    data = (here.project.file("desks.csv") or b"") + b"03,Twin,84050,,2,,,,\n"
    here.project.push("main", {"desks.csv": data}, by="maintainer", message="Twin")
    here.round_after_news()
    assert page_of(here, proposal).status == 200


# Notes


def test_notes_are_for_the_author_and_the_reviewers(here: World) -> None:
    proposal = here.propose()
    text = "Merci ! <script>alert(1)</script>\nWhere did you <b>read</b> that?"
    here.project.note(1, text, by="maintainer")
    here.project.note(1, "for us alone", by="maintainer", internal=True)
    here.round_after_news()
    public = page_of(here, proposal)
    assert "read" not in public.text
    assert "A note by a reviewer" in public.text
    assert "maintainer" not in public.text
    for page in (follow_up(here, proposal), review(here, proposal)):
        assert "Notes by reviewers" in page.text
        assert "Where did you <b>read</b> that?" in page.text
        assert "maintainer" in page.text
        assert "<b>" not in page.html
        assert [one.attributes for one in page.all("script") if "src" not in one.attributes] == []
        assert "for us alone" not in page.html
    answer = here.newcomer().get(f"/api/v1/datasets/desks/proposals/{proposal['id']}")
    assert "notes" not in answer.json
    secret = proposal["follow_up_url"].partition("secret=")[2]
    mine = here.newcomer().get(f"/api/v1/datasets/desks/proposals/{proposal['id']}?secret={secret}")
    (note,) = mine.json["notes"]
    assert (note["author"], note["body"].splitlines()[1]) == (
        "maintainer",
        "Where did you <b>read</b> that?",
    )
    assert mine.headers["Cache-Control"] == "private, no-store"


# The dataset


def test_a_version_that_cannot_be_served_is_told_and_the_last_good_one_shown(here: World) -> None:
    good = here.browser.get("")
    kept = here.browser.get("", headers={"If-None-Match": good.headers["ETag"]})
    assert kept.status_code == 304
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 9\n"
    held = here.project.push("main", {"desks.csv": pointer}, by="maintainer", message="LFS")
    here.round_after_news()
    page = visit(here.newcomer(), "/desks")
    assert "This is the last good version" in page.text
    assert (
        "Voici la dernière version correcte" in visit(here.newcomer(), "/desks", language="fr").text
    )
    now = here.browser.get("", headers={"If-None-Match": good.headers["ETag"]})
    assert now.status_code == 200
    assert now.json["revision"] == good.json["revision"]
    assert now.json["notice"]["code"] == "lfs_pointer"
    assert now.json["notice"]["held"] == here.project.head("main")
    assert now.json["notice"]["detail"].startswith("desks.csv")
    pinned = here.browser.get(f"?revision={good.json['revision']}")
    assert "notice" not in pinned.json
    assert "immutable" in pinned.headers["Cache-Control"]
    told = here.client.get("/health").json["datasets"]["desks"]
    assert (told["status"], told["held"]["code"]) == ("degraded", "lfs_pointer")
    assert 'retouche_tip_held{dataset="desks"} 1.0' in here.client.get("/metrics").text
    assert here.browser.file().startswith(DESKS.encode()[:60])
    proposal = here.browser.propose(update("03", agents="7"))
    assert proposal.status_code == 202
    here.project.push("main", {"desks.csv": DESKS.encode()}, by="maintainer", message="Back")
    here.round_after_news()
    assert "notice" not in here.browser.get("").json
    assert held is None or isinstance(held, str)


def test_the_dataset_is_cloned_from_where_it_lives(here: World) -> None:
    assert here.browser.get("").json["links"]["clone"] == here.project.clone_url
    assert here.project.clone_url in visit(here.newcomer(), "/desks").text


def test_a_dataset_of_our_own_says_nothing_of_gitlab(desks: Browser) -> None:
    proposal = desks.propose(update("03", agents="7")).json
    assert proposal["upstream"] == []
    page = visit(desks.client, f"/desks/proposals/{proposal['id']}")
    assert "GitLab" not in page.html
    assert "Merge request 1" in page.text
    health: Any = desks.client.get("/health")
    assert set(health.json["datasets"]["desks"]) == {"status", "revision"}
    assert "GitLab" not in visit(desks.client, "/sign-in").html


# Words


KINDS = (
    "accepted_edited",
    "closed_upstream",
    "reopened",
    "retargeted",
    "edited_upstream",
    "edit_undone",
    "branch_deleted",
    "branch_restored",
    "history_rewritten",
    "invalid_now",
    "valid_again",
    "base_gone",
    "conflict_gone",
    "already_published",
    "remade",
    "note",
)


def test_every_event_has_words_in_both_languages(here: World) -> None:
    for language in ("fr", "en"):
        with here.browser.app.test_request_context(f"/?lang={language}"):
            said = [
                words.event(
                    Event(proposal="0", time=here.clock(), kind=kind, detail={"target": "next"})
                )
                for kind in KINDS
            ]
        assert not set(said) & set(KINDS)
        assert len(set(said)) == len(KINDS)


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        (Upstream(branch_deleted=True), "Its branch was removed in GitLab"),
        (Upstream(invalid=True), "The rules of the data have changed"),
        (Upstream(already_published=True), "is published already"),
        (Upstream(edited=True, other_files=True), "decide on it in GitLab"),
        (Upstream(target="a" * 500), "aims at the branch “" + "a" * 80 + "”"),
    ],
)
def test_every_fact_is_told(here: World, seen: Upstream, told: str) -> None:
    proposal = here.propose()
    dataset = here.services.catalogue.get("desks")
    stored: Proposal = here.services.proposals.get(dataset, proposal["id"])
    with here.browser.app.test_request_context("/?lang=en"):
        found = upstream.sentences(dataset, replace(stored, upstream=seen))
        assert any(told in one for one in found)
        assert not any("as a whole" in one for one in found) or not seen.other_files
        decided = replace(stored, upstream=seen, state="accepted")
        assert upstream.sentences(dataset, decided) == []
        assert summaries(dataset, [replace(stored, operations=())])[0].op == ""


def test_a_decision_whose_outcome_is_not_known_is_told(here: World) -> None:
    proposal = here.propose()
    dataset = here.services.catalogue.get("desks")
    stored = here.services.proposals.get(dataset, proposal["id"])
    here.services.proposals.decisions.begin(stored, {"reason": "wrong", "ends": "rejected"})
    page = page_of(here, proposal)
    assert "A decision on it was begun" in page.text
    assert "Reason:" not in page.text
    assert summary(here, proposal)["reason"] is None

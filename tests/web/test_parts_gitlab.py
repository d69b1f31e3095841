"""Cells and choices of a dataset that lives in GitLab: one commit there, by who reviews."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.datasets import DESKS, update
from tests.gitlab_double import Fault
from tests.web.gitlab_server import World, world
from tests.web.pages import Page, visit

ROW = "03,Desk of Gordes,84050,,2,"
THEIRS = "03,Desk of Gordes,84050,,5,"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as found:
        yield found


def review(here: World, proposal: dict[str, Any]) -> Page:
    here.sign_in()
    return visit(here.client, f"/desks/proposals/{proposal['id']}")


def taking(take: str, **others: Any) -> dict[str, Any]:
    """The choice of the only cell that clashes, as the form sends it."""
    return {"take.0.0": take, **others}


def push(here: World, old: str, new: str) -> None:
    """Somebody publishes in GitLab, and the server has seen it."""
    data = here.project.file("desks.csv") or b""
    assert old.encode() in data
    files = {"desks.csv": data.replace(old.encode(), new.encode())}
    here.project.push("main", files, by="maintainer", message="Other")
    here.round_after_news()


def decision(here: World, proposal: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    found = here.services.proposals.get(here.services.catalogue.get("desks"), proposal["id"])
    return found.state, dict(found.decision or {})


def check_merged(here: World, before: str, expected: str) -> None:
    """The merge request is merged by the maintainer: one commit and its merge, with these bytes."""
    (request,) = here.project.requests.values()
    assert request.state == "merged"
    assert request.merge_user is not None
    assert request.merge_user.name == "maintainer"
    assert here.project.file("desks.csv") == expected.encode()
    new = here.project.repository.log(f"{before}..main", "--no-merges")
    assert len(new) == 1, [one.title for one in new]
    here.round_after_news()
    assert here.browser.file() == expected.encode()


def test_some_cells_are_merged_and_the_others_told(here: World) -> None:
    proposal = here.propose(update("03", agents="7", note="open"), update("04", agents="8"))
    before = here.project.head() or ""
    page = review(here, proposal)
    why: dict[str, Any] = {"why.0.1": "wrong", "why.1": "duplicate"}
    done = page.submit("Accept and publish", cell=["0.0"], operation=["0"], **why)
    assert "accepted and the data is published" in done.text
    check_merged(here, before, DESKS.replace(ROW, "03,Desk of Gordes,84050,,7,"))
    state, kept = decision(here, proposal)
    assert state == "accepted"
    assert [(one["operation"], one["field"], one["reason"]) for one in kept["refused"]] == [
        (1, None, "duplicate"),
        (0, "note", "wrong"),
    ]
    address = proposal["follow_up_url"].removeprefix("http://data.example")
    told = visit(here.newcomer(), address).text
    assert "Not published:" in told
    assert "Desk of Gordes · Note: " in told
    assert "Desk of Mormoiron: " in told


@pytest.mark.parametrize(("take", "agents"), [("theirs", "7"), ("ours", "5"), ("base", "2")])
def test_a_choice_is_merged_over_what_was_published_there(
    here: World, take: str, agents: str
) -> None:
    proposal = here.propose(update("03", agents="7", note="open"))
    push(here, ROW, THEIRS)
    before = here.project.head() or ""
    page = review(here, proposal)
    assert page.submit("Accept and publish").status == 409
    done = page.submit("Accept and publish", **taking(take))
    assert "accepted and the data is published" in done.text
    row = f"03,Desk of Gordes,84050,,{agents},"
    expected = DESKS.replace(ROW, row).replace("closed on Monday", "open")
    check_merged(here, before, expected)
    assert decision(here, proposal)[1]["choices"] == [
        {"operation": 0, "field": "agents", "take": take}
    ]


def test_a_choice_made_of_what_is_no_longer_published_there_is_asked_again(here: World) -> None:
    proposal = here.propose(update("03", agents="7", note="open"))
    push(here, ROW, THEIRS)
    page = review(here, proposal)
    push(here, THEIRS, "03,Desk of Gordes,84050,,6,")
    refused = page.submit("Accept and publish", **taking("theirs"))
    assert refused.status == 409
    [told] = [one.text for one in refused.all("div", role="alert")]
    assert "is not what you saw when you chose" in told
    assert decision(here, proposal)[0] == "open"
    assert [one.state for one in here.project.requests.values()] == ["opened"]


def test_cells_of_a_branch_that_somebody_edited_are_refused_in_plain_words(here: World) -> None:
    proposal = here.propose(update("03", agents="7", note="open"))
    branch = f"proposals/desks/{proposal['id']}"
    page = review(here, proposal)
    data = (here.project.file("desks.csv", branch) or b"").replace(b"84050,,7,", b"84050,,9,")
    here.project.push(branch, {"desks.csv": data}, by="maintainer", message="Fix")
    here.round_after_news()
    refused = page.submit("Accept and publish", cell=["0.0"])
    assert refused.status == 409
    found = here.services.proposals.get(here.services.catalogue.get("desks"), proposal["id"])
    form = page.form(button="Accept and publish") | {"head": str(found.head)}
    answer = here.client.post(f"/desks/proposals/{found.id}/accept", data={**form, "cell": "0.0"})
    assert answer.status_code == 409
    assert "GitLab" in answer.text
    assert [one.state for one in here.project.requests.values()] == ["opened"]


def test_a_part_whose_outcome_was_not_known_is_settled_with_its_cells(here: World) -> None:
    proposal = here.propose(update("03", agents="7", note="open"))
    push(here, ROW, THEIRS)
    page = review(here, proposal)
    here.gitlab.fault(Fault(on="mr-merge", kind="lost_after", times=9))
    here.gitlab.fault(Fault(on="mr-get", kind="reset", times=3, after=3))
    page.submit("Accept and publish", cell=[], **taking("theirs", **{"why.0.1": "already_fixed"}))
    here.gitlab.faults.clear()
    here.round_after_news()
    here.clock.move(seconds=3601)
    here.round()
    state, kept = decision(here, proposal)
    assert state == "accepted"
    assert kept["cells"] == [{"operation": 0, "fields": ["agents"]}]
    assert kept["choices"] == [{"operation": 0, "field": "agents", "take": "theirs"}]
    assert [one["reason"] for one in kept["refused"]] == ["already_fixed"]
    assert not kept.get("pending")
    assert here.browser.file() == DESKS.replace(ROW, "03,Desk of Gordes,84050,,7,").encode()

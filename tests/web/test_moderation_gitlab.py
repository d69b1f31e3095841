"""Keeping a dataset that lives in GitLab from harm: the same pages, with GitLab's own rights."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.datasets import DESKS, update
from tests.web.gitlab_server import World, world
from tests.web.pages import visit


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as found:
        yield found


def spam(here: World, number: int) -> dict[str, Any]:
    return here.propose(update("03", note=f"casino {number}"), comment="www.casino.example")


def page(here: World, path: str) -> Any:
    return visit(here.client, f"/desks/{path}")


def test_a_proposal_with_signs_is_a_draft_that_says_why(here: World) -> None:
    spam(here, 1)
    found = here.project.requests[1]
    assert found.title.startswith("Draft: ")
    assert "needs-review" in found.labels
    assert "Son commentaire contient un lien." in found.description
    here.propose(update("01", agents="5"))
    assert not here.project.requests[2].title.startswith("Draft: ")


def test_all_is_refused_and_undone_in_gitlab(here: World) -> None:
    first = spam(here, 1)
    here.sign_in()
    page(here, f"proposals/{first['id']}").submit("Accept and publish")
    here.round()
    assert here.browser.file() != DESKS.encode()
    waiting = [spam(here, number) for number in (2, 3)]
    done = page(here, f"proposals/{waiting[0]['id']}").submit("Reject all", reason="spam")
    assert "2 proposals were rejected." in done.text
    for one in waiting:
        assert here.browser.get(f"/proposals/{one['id']}").json["state"] == "rejected"
    preview = page(here, f"proposals/{first['id']}").follow("Undo what this source changed…")
    made = preview.submit("Make the proposal")
    here.round()
    opened = visit(here.client, made.url)
    assert "Merge request !4" in opened.text
    opened.submit("Accept and publish")
    here.round()
    assert here.browser.file() == DESKS.encode()


def test_who_may_not_merge_moderates_nothing(here: World) -> None:
    one = spam(here, 1)
    here.sign_in(person="guest")
    assert page(here, "moderation").status == 403
    assert page(here, f"moderation/undo?proposal={one['id']}").status == 403
    assert "Block this source" not in page(here, f"proposals/{one['id']}").text

"""The forms of the pages under guard: nothing that was typed is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import pytest

from retouche.ports import Pause
from tests.datasets import Movable
from tests.services.test_guarding import answer, written
from tests.web.pages import Page, visit
from tests.web.test_guard import KEPT, served


def difference(desks: Any, agents: str = "9") -> Page:
    form = visit(desks.client, "/desks/desks/03").follow("Correct this")
    assert form.headers["Cache-Control"] == "private, no-store"
    return form.submit("See the difference", cell_agents=agents, comment="I called them")


def pending(desks: Any) -> list[Any]:
    return list(desks.services.proposals.page(desks.services.catalogue.get("desks"))[0])


def test_a_form_sent_sooner_than_a_person_types_comes_back_filled_in(tmp_path: Path) -> None:
    desks = served(tmp_path, min_seconds=60.0)
    page = difference(desks)
    back = page.submit("Send to the reviewers")
    assert back.status == 429
    assert int(back.headers["Retry-After"]) == 60
    assert "60 seconds" in back.one("div", id="faults").text
    assert "I called them" in back.text
    assert not pending(desks)
    cast(Movable, desks.services.clock).move(seconds=61)
    assert "Thank you" in back.submit("Send to the reviewers").text
    assert len(pending(desks)) == 1
    assert pending(desks)[0].signs == ()


@pytest.mark.parametrize("opened", ["", "x", "1700000000000." + "0" * 32])
def test_a_form_without_a_time_of_ours_is_stamped_anew(tmp_path: Path, opened: str) -> None:
    desks = served(tmp_path, min_seconds=60.0)
    back = difference(desks).submit("Send to the reviewers", opened=opened)
    assert back.status == 429
    cast(Movable, desks.services.clock).move(seconds=61)
    assert "Thank you" in back.submit("Send to the reviewers").text


def test_a_sender_over_the_limit_keeps_the_form_and_hears_when_to_send_it(tmp_path: Path) -> None:
    desks = served(tmp_path, limit_minute=1)
    assert "Thank you" in difference(desks, "8").submit("Send to the reviewers").text
    back = difference(desks).submit("Send to the reviewers")
    assert back.status == 429
    assert 1 <= int(back.headers["Retry-After"]) <= 60
    assert "1 contributions a minute" in back.text
    assert back.one("input", name="cell.agents")["value"] == "9"
    card = visit(desks.client, "/desks/desks/03")
    confirmed = card.submit("This information is still correct")
    assert confirmed.status == 429
    assert "1 contributions a minute" in confirmed.text


def test_a_paused_dataset_says_so_before_anybody_types_and_keeps_what_was(tmp_path: Path) -> None:
    desks = served(tmp_path)
    page, card = difference(desks), visit(desks.client, "/desks/desks/03")
    pause = Pause(dataset="desks", by="r", since=KEPT, message="Moving house.")
    desks.services.moderation.set_pause(pause)
    back = page.submit("Send to the reviewers")
    assert back.status == 403
    assert "Moving house." in back.text
    assert "I called them" in back.text
    form = visit(desks.client, "/desks/desks/03?edit=1")
    assert form.status == 403
    assert "Moving house." in form.text
    confirmed = card.submit("This information is still correct")
    assert confirmed.status == 403
    assert "Moving house." in confirmed.text
    card = visit(desks.client, "/desks/desks/03")
    assert "Moving house." in card.text
    assert "Correct this" not in card.text
    assert "still correct" not in card.text


def test_a_form_that_needs_a_calculation_says_so_and_takes_it(tmp_path: Path) -> None:
    desks = served(tmp_path, {"proof": "always"})
    page = difference(desks)
    assert "only a browser with JavaScript" in page.text
    field = page.one("input", name="proof")
    assert field.get("value") in (None, "")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    back = page.submit("Send to the reviewers")  # as without JavaScript
    assert back.status == 403
    assert "I called them" in back.text
    challenge = json.loads(back.one("input", name="proof")["data-challenge"])
    sent = back.submit("Send to the reviewers", proof=written(answer(challenge)))
    assert "Thank you" in sent.text

    card = visit(desks.client, "/desks/desks/03")
    assert "data-challenge" not in card.html  # the card is the same for all readers
    refused = card.submit("This information is still correct")
    assert refused.status == 403
    challenge = json.loads(refused.one("input", name="proof")["data-challenge"])
    done = refused.submit("This information is still correct", proof=written(answer(challenge)))
    assert "Thank you" in done.text

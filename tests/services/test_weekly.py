"""The weekly digest: once a week, by one worker, with what happened, in the reviewers' language."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from retouche.services.mailing.weekly import Weekly
from retouche.settings import Settings
from tests.datasets import Browser, Ticking, serve, update, write_desks
from tests.mail_server import mail_server

MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)


def served(home: Path, **settings: object) -> Browser:
    given = {
        "base_url": "https://data.example.org",
        "mail_from": "retouche@data.example.org",
        "mail_reviewers": "one@there.example, two@there.example",
        "smtp_url": "smtp://127.0.0.1:9",
        **settings,
    }
    return Browser(serve(home / "home", {"desks": write_desks(home / "package")}, **given))


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    return served(tmp_path)


def at(browser: Browser, moment: datetime) -> None:
    clock = browser.services.clock
    assert isinstance(clock, Ticking)
    clock.now = moment


def weekly(browser: Browser) -> None:
    """What a worker does every hour."""
    (chore,) = [one for one in browser.services.chores if one.name == "weekly"]
    chore.run()


def waiting(browser: Browser) -> int:
    return len(browser.services.outbox.due(now=browser.services.clock() + timedelta(days=9)))


def week(browser: Browser) -> None:
    """A week in which something happens."""
    at(browser, datetime(2025, 12, 30, tzinfo=UTC))
    browser.accept(browser.propose(update("04", agents="6", opened="2024-01-01")).json)
    browser.propose(update("02", note="canary cell"), contributor={"name": "Canary Person"})
    browser.post("/resources/desks/rows/01/confirmations", {})
    body = {"comment": "canary remark"}
    assert browser.post("/resources/desks/rows/01/remarks", body).status_code == 201


def test_it_tells_what_was_published_what_waits_and_how_good_the_data_is(tmp_path: Path) -> None:
    with mail_server() as server:
        browser = served(tmp_path, smtp_url=f"smtp://127.0.0.1:{server.port}")
        week(browser)
        at(browser, MONDAY)
        weekly(browser)
        browser.services.mailing.deliver()
        mails = server.mails
    assert {one["To"] for one in mails} == {"one@there.example", "two@there.example"}
    text = " ".join(str(mails[0].get_content()).split()).replace("\u202f", " ")
    assert mails[0]["Subject"] == "La semaine : 1 changement(s) publié(s)".replace(" :", "\u00a0:")
    assert "1 changement(s) publié(s), dont 1 par des propositions" in text
    assert "1 corrigée(s)" in text
    assert "1 proposition(s) et 1 remarque(s) en attente" in text
    assert "91,7 % des cellules sont remplies et valides" in text
    assert "https://data.example.org/quality/desks" in text
    assert "https://data.example.org/desks/desks/02" in text
    assert "jamais depuis l" in text
    assert "canary" not in text.lower()


def test_it_says_by_how_much_the_figures_changed(browser: Browser) -> None:
    week(browser)
    at(browser, MONDAY)
    weekly(browser)
    at(browser, MONDAY + timedelta(days=5))
    browser.accept(browser.propose(update("03", phone="04 65 71 00 03")).json)
    at(browser, MONDAY + timedelta(days=7))
    weekly(browser)
    (told, _, _, _) = browser.services.outbox.due(now=MONDAY + timedelta(days=9))[::-1]
    (found,) = told.detail["datasets"]
    assert (found["published"], found["updated"]) == (1, 1)
    assert round(found["sound_before"] * 36) == 33
    assert round(found["sound"] * 36) == 34
    assert next(one["label"] for one in found["oldest"]) == 'Desk of "Sault"'


def test_it_comes_once_a_week_whoever_asks_and_however_often(browser: Browser) -> None:
    week(browser)
    at(browser, MONDAY)
    for _ in range(3):
        weekly(browser)
    assert waiting(browser) == 2
    at(browser, MONDAY + timedelta(days=6, hours=20))
    weekly(browser)
    assert waiting(browser) == 2
    at(browser, MONDAY + timedelta(days=7))
    weekly(browser)
    assert waiting(browser) == 4  # the proposal still waits


def test_two_workers_write_one(browser: Browser) -> None:
    week(browser)
    at(browser, MONDAY)
    services = browser.services
    others = [
        Weekly(
            services.outbox,
            services.proposals._journal,
            services.catalogue,
            services.installation,
            services.clock,
            history=services.history,
            quality=services.quality,
            freshness=services.freshness,
            course=services.course,
            voices=services.voices,
            recipients=("one@there.example",),
            day="monday",
        )
        for _ in range(2)
    ]
    for one in others:
        one.run()
    assert waiting(browser) == 1


def test_none_is_sent_when_nothing_happened_or_nobody_wants_it(tmp_path: Path) -> None:
    quiet = served(tmp_path / "quiet")
    at(quiet, MONDAY + timedelta(days=30))
    weekly(quiet)
    assert waiting(quiet) == 0
    never = served(tmp_path / "never", weekly_day="never")
    week(never)
    weekly(never)
    nobody = served(tmp_path / "nobody", mail_reviewers="")
    week(nobody)
    weekly(nobody)
    assert (waiting(never), waiting(nobody)) == (0, 0)


def test_the_day_is_checked() -> None:
    with pytest.raises(ValueError, match=re.escape("RETOUCHE_WEEKLY_DAY must be monday")):
        Settings.from_environment({"RETOUCHE_WEEKLY_DAY": "lundi"})
    assert Settings.from_environment({"RETOUCHE_WEEKLY_DAY": "friday"}).weekly_day == "friday"

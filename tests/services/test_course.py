"""How the quality went on: one point a month, computed once per content, in bounded time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path

import pytest

from retouche.services.quality import figures
from retouche.services.quality.course import POINTS, Course
from retouche.services.quality.quality import Quality
from retouche.services.shelf import NoCabinet
from tests.datasets import Browser, Ticking, serve, update, write_desks


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    return Browser(serve(tmp_path / "home", {"desks": write_desks(tmp_path / "package")}))


def correct(browser: Browser, agents: str, *, after: int = 0) -> None:
    clock = browser.services.clock
    assert isinstance(clock, Ticking)
    clock.now += timedelta(days=after)
    answer = browser.accept(browser.propose(update("04", agents=agents)).json)
    assert answer.status_code == 200, answer.json


def course_of(
    browser: Browser, *, patience: float = 60.0, step: int = 0, quality: Quality | None = None
) -> Course:
    """A course whose clock goes on by `step` seconds whenever it is looked at."""
    services = browser.services
    return Course(
        quality or services.quality,
        services.history,
        services.clock,
        patience=patience,
        timer=count(0, step).__next__,
    )


def test_a_young_dataset_shows_its_last_revisions(browser: Browser) -> None:
    for agents in ("6", "7"):
        correct(browser, agents)
    found = course_of(browser).of(browser.services.catalogue.get("desks").at())
    assert [one.month for one in found] == [None] * 3
    assert found[-1].revision.id == browser.published
    assert all(one.overall is not None for one in found)


def test_an_older_one_shows_the_end_of_each_month(browser: Browser) -> None:
    for agents in "56789":
        correct(browser, agents, after=35)
    correct(browser, "10", after=1)
    found = course_of(browser).of(browser.services.catalogue.get("desks").at())
    # Imported in January 2026; a month without a change ends as it began.
    months = [one.month for one in found]
    assert months == sorted(months, key=str)
    assert months[0] == "2026-01"
    assert found[-1].revision.id == browser.published
    assert len(months) <= POINTS
    for one in found:
        year, month = map(int, (one.month or "").split("-"))
        end = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        assert one.revision.time < end


def test_what_is_not_computed_in_time_is_pending_and_comes_later(browser: Browser) -> None:
    for agents in ("6", "7", "8", "9"):
        correct(browser, agents)
    quality = Quality(NoCabinet())
    revision = browser.services.catalogue.get("desks").at()
    course = course_of(browser, step=40, quality=quality)
    waiting = []
    for _ in range(6):
        found = course.of(revision)
        waiting.append(sum(one.pending for one in found))
        assert found[-1].overall is not None  # the newest is computed first
    assert waiting[0] > 0
    assert waiting == sorted(waiting, reverse=True)
    assert waiting[-1] == 0


def test_no_version_is_checked_twice_in_any_process(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    for agents in ("6", "7"):
        correct(browser, agents)
    revision = browser.services.catalogue.get("desks").at()
    first = course_of(browser).of(revision)

    def fail(*_: object, **__: object) -> None:
        raise AssertionError("checked again")

    monkeypatch.setattr(figures, "inspect", fail)
    again = Quality(browser.services.quality._cabinet)
    second = course_of(browser, quality=again).of(revision)
    assert [one.overall for one in second] == [one.overall for one in first]


def test_the_revision_of_a_moment(browser: Browser) -> None:
    for agents in ("6", "7"):
        correct(browser, agents, after=10)
    revision = browser.services.catalogue.get("desks").at()
    points = course_of(browser).of(revision)
    course = course_of(browser)
    for before, after in pairwise(points):
        found = course.before(revision, after.revision.time - timedelta(seconds=1))
        assert found is not None
        assert found.id == before.revision.id
    assert course.before(revision, datetime(2020, 1, 1, tzinfo=UTC)) is None


def test_what_is_missing_is_computed_beside_requests(browser: Browser) -> None:
    for agents in ("6", "7", "8"):
        correct(browser, agents)
    (chore,) = [one for one in browser.services.chores if one.name == "quality"]
    chore.run()
    revision = browser.services.catalogue.get("desks").at()
    impatient = course_of(browser, patience=-1.0)
    assert all(one.overall is not None for one in impatient.of(revision))

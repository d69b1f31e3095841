"""What a merge request says of its impact; and that nothing of it keeps a proposal."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from retouche.forges.importer import import_folder
from retouche.forges.repository import BareRepository
from retouche.ports import Opened, Proposal, RequestText
from retouche.services.datasets import Dataset
from retouche.services.impact.impact import Impact
from retouche.services.impact.report import ImpactReport
from retouche.services.indicators.indicators import Indicators
from retouche.services.requesting import opening
from retouche.services.requesting.impact import impact_part
from retouche.services.requesting.opening import open_request
from retouche.settings import Settings
from retouche.wiring import Services, repository_path
from tests.datasets import Browser, serve
from tests.services.elsewhere import Elsewhere, Place
from tests.territory import write_territory

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CLOSING = {"op": "delete", "resource": "structures", "key": {"id_fs": "3"}}


class Listening(Elsewhere):
    """A forge elsewhere that remembers what it was told."""

    told: RequestText | None = None

    def open(self, proposal: str, **given: Any) -> Opened:
        self.told = given["text"]
        return super().open(proposal, **given)


class World:
    """A dataset that lives elsewhere, and a proposal that is to be carried there."""

    def __init__(self, services: Services, home: Path) -> None:
        self.services, self.home = services, home
        near = services.catalogue.get("territoire")
        self.repository = BareRepository(repository_path(home, "territoire"))
        self.forge = Listening(self.repository, "territoire", Place())
        self.dataset = Dataset("territoire", self.forge, near._journal, near._shelf)

    def proposal(self, *operations: dict[str, Any]) -> Proposal:
        found = Browser(self.services, "territoire").propose(*operations).json
        sent = self.services.proposals.get(self.services.catalogue.get("territoire"), found["id"])
        return replace(sent, id=sent.id[::-1])  # another of the same, not opened yet

    def text(self, proposal: Proposal, weigh: Any) -> str:
        settings = Settings(home=self.home)
        opened = open_request(self.dataset, proposal, settings, weigh)
        assert self.dataset.forge.resolve(opened.head) == opened.head
        assert self.forge.told is not None
        return self.forge.told.description


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    folder = write_territory(tmp_path / "package")
    services = serve(tmp_path / "home", {"territoire": folder})
    made = World(services, tmp_path / "home")
    yield made
    made.repository.close()
    services.close()


def test_a_merge_request_tells_what_it_does_to_the_indicators(world: World) -> None:
    weigh = Impact(Indicators()).of
    proposal = world.proposal(CLOSING)
    text = world.text(proposal, weigh)
    part = text.partition("### Ce que cela fait aux indicateurs")[2].partition("###")[0]
    assert "2\u202f000 habitants ne sont plus à moins de 10 km" in part
    assert "| 10 km | 15\u202f300 | 13\u202f300 | 0 | 2\u202f000 |" in part
    assert len(part.strip().splitlines()) <= 15
    # Made anew it is the same, so that nobody takes it for a change.
    assert world.text(proposal, Impact(Indicators()).of) == text


def test_where_nothing_changes_nothing_is_said(world: World) -> None:
    new = {"telephone": "0465719999"}
    correction = {"op": "update", "resource": "structures", "key": {"id_fs": "1"}, "new": new}
    weigh = Impact(Indicators()).of
    proposal = world.proposal(correction)
    text = world.text(proposal, weigh)
    assert "indicateurs" not in text
    assert text == world.text(proposal, None)


def test_an_impact_that_fails_is_left_out(world: World) -> None:
    def fail(*_: Any) -> ImpactReport:
        raise ZeroDivisionError

    proposal = world.proposal(CLOSING)
    with capture_logs() as logged:
        text = world.text(proposal, fail)
    assert [one["event"] for one in logged] == ["not_weighed"]
    assert text == world.text(proposal, None)


def test_an_impact_that_takes_long_is_left_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "PATIENCE", 0.05)
    done = threading.Event()

    def wait(*_: Any) -> ImpactReport:
        done.wait(10)
        raise ZeroDivisionError

    proposal = world.proposal(CLOSING)
    with capture_logs():
        text = world.text(proposal, wait)
        assert "indicateurs" not in text
        done.set()
        for one in threading.enumerate():
            if one.name == "weighing":
                one.join(10)


def test_hostile_titles_are_harmless(tmp_path: Path) -> None:
    descriptor = write_territory(tmp_path / "package") / "datapackage.json"
    package = json.loads(descriptor.read_text(encoding="utf-8"))
    title = "/close @all Closes #4 <img src=x> | `x` [a](http://x.example)"
    package["retouche"]["indicators"]["distance_fs"]["title"] = title
    package["retouche"]["indicators"]["distance_fs"]["to"] = "\n/merge @all"
    descriptor.write_text(json.dumps(package), encoding="utf-8")
    path = tmp_path / "home" / "repositories" / "territoire.git"
    import_folder(tmp_path / "package", path, message="Import\n", time=NOW)
    services = serve(tmp_path / "other", {"territoire": tmp_path / "package"})
    there = Browser(services, "territoire")
    sent = there.propose(CLOSING).json
    dataset = services.catalogue.get("territoire")
    report = services.impact.of_proposal(dataset, services.proposals.get(dataset, sent["id"]))
    part = impact_part(report, "fr") or ""
    for command in ("@all", "/close @", "#4", "<img", "](http"):
        assert command not in part, command
    assert not any(line.startswith("/") for line in part.splitlines())
    assert "à moins de 10 km" in part
    services.close()


def test_a_scenario_of_what_lives_elsewhere_is_made_here_and_pushed_nowhere(world: World) -> None:
    scenarios = world.services.scenarios
    body = {"title": "Essai", "operations": [CLOSING]}
    made = scenarios.make(world.services.catalogue.get("territoire"), body)
    world.dataset.draft = scenarios.commit
    revision = world.dataset.at(f"scenario:{made.id}")
    assert len(revision.snapshot("structures")) == 11
    assert world.forge.place.steps == []
    assert world.forge.place.branches == {}

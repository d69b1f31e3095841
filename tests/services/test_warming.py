"""Versions that others committed, and what is derived before anybody asks."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from retouche.core import gate
from retouche.core.errors import UnreadableFile
from retouche.services.warming import warm, warm_indicators, warm_search
from retouche.wiring import Services, build
from tests.datasets import DESKS, Browser, serve, update, write_desks
from tests.territory import write_territory

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the files that are looked at as a whole."""
    found: list[int] = []
    admit = gate.admit

    def counted(data: Any, dialect: Any) -> Any:
        found.append(len(data))
        return admit(data, dialect)

    monkeypatch.setattr(gate, "admit", counted)
    return found


def again(services: Services) -> Services:
    """The same home in another process."""
    return build(services.settings, {one.name: one.branch for one in services.catalogue})


def warmed(services: Services) -> dict[str, list[tuple[int, int]]]:
    steps: dict[str, list[tuple[int, int]]] = {}

    def follow(name: str) -> Any:
        told = steps.setdefault(name, [])
        return lambda done, of: told.append((done, of))

    warm(services.catalogue, progress=follow)
    return steps


def test_what_was_derived_at_the_start_is_there_for_every_worker(
    desks: Browser, parsed: list[int]
) -> None:
    steps = warmed(desks.services)
    assert steps["desks"] == [(done, 11) for done in range(1, 12)]
    assert steps["cities"] == [(done, 5) for done in range(1, 6)]
    warm_search(desks.services.catalogue)
    assert len(parsed) == 2
    worker = Browser(again(desks.services))
    assert worker.get("/resources/desks/rows?q=sault&agents__sort=desc").json["meta"]["total"] == 1
    assert worker.get("/resources/desks/rows/01").json["data"]["name"] == "Desk of Apt"
    assert len(parsed) == 2


def test_a_dataset_that_cannot_be_read_keeps_no_other_from_being_warmed(tmp_path: Path) -> None:
    broken = write_desks(tmp_path / "a", desks=b"id,name\n1,\0\n")
    folders = {"broken": broken, "sound": write_desks(tmp_path / "b")}
    services = serve(tmp_path / "home", folders)
    assert warmed(services)["cities"][-1] == (5, 5)
    warm_search(services.catalogue)


def test_an_accepted_correction_is_read_without_a_look_at_the_whole_file(
    desks: Browser, parsed: list[int]
) -> None:
    warmed(desks.services)
    parsed.clear()
    desks.accept(desks.propose(update("01", agents="5")).json)
    assert desks.get("/resources/desks/rows/01").json["data"]["agents"] == "5"
    worker = Browser(again(desks.services))
    assert worker.get("/resources/desks/rows?agents__exact=5").json["meta"]["total"] == 1
    assert worker.get("/resources/desks/data.csv").data.decode() == DESKS.replace(
        "65 71 00 01,2,", "65 71 00 01,5,"
    )
    assert parsed == []


def test_a_descriptor_is_read_again_only_where_it_has_changed(desks: Browser) -> None:
    dataset = desks.services.catalogue.get("desks")
    first, head = dataset.at().package, dataset.forge.published()
    desks.accept(desks.propose(update("01", agents="5")).json)
    assert dataset.at().package is first
    text = dataset.forge.read(head, "datapackage.json").replace(b"Accueils", b"New")
    changed = dataset.forge.commit(
        parent=head, files={"datapackage.json": text}, message="New", time=NOW
    )
    assert dataset.at(changed).package.title("en") == "New"
    assert dataset.at(head).package is first


def test_what_others_committed_is_derived_from_the_version_before(
    desks: Browser, parsed: list[int]
) -> None:
    warmed(desks.services)
    parsed.clear()
    dataset = desks.services.catalogue.get("desks")
    content = DESKS.replace("Gordes", "Roussillon") + "05,New desk,84003,,2,,,,\n"
    commit = dataset.forge.published()
    # The commit before has the same file already: the version before is looked for further back.
    for path, text in (("desks.csv", content), ("cities.csv", "code,name,inhabitants\n")):
        commit = dataset.forge.commit(
            parent=commit, files={path: text.encode()}, message=path, time=NOW
        )
    for services in (desks.services, again(desks.services)):
        found = services.catalogue.get("desks").at(commit).snapshot("desks")
        assert found.row(("03",))["name"] == "Desk of Roussillon"
        assert found.row(("05",))["name"] == "New desk"
        assert found.column("name").code("Desk of Gordes") is None
        assert len(found) == 5
    assert parsed == []


def test_what_others_broke_is_refused(desks: Browser) -> None:
    warmed(desks.services)
    dataset = desks.services.catalogue.get("desks")
    for change in ('"', "\0", "\n<<<<<<< a\n=======\n>>>>>>> b\n"):
        content = DESKS.replace("Gordes", f"Gor{change}des")
        commit = dataset.forge.commit(
            parent=dataset.forge.published(),
            files={"desks.csv": content.encode()},
            message="Break",
            time=NOW,
        )
        if change == '"':  # a quote within a cell is text
            assert len(dataset.at(commit).snapshot("desks")) == 4
            continue
        with pytest.raises(UnreadableFile):
            dataset.at(commit).snapshot("desks")


def test_indicators_are_computed_before_anybody_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_territory(tmp_path / "package")
    described = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    services = serve(tmp_path / "home", {"territoire": folder})
    warm_indicators(services.catalogue, services.indicators)

    def nothing(*_: Any, **__: Any) -> None:
        raise AssertionError("computed twice")

    monkeypatch.setattr(services.indicators, "_computed", nothing)
    revision = services.catalogue.get("territoire").at()
    for name in described["retouche"]["indicators"]:
        assert len(services.indicators.values(revision, name))
    services.close()

"""Scenarios are kept as they were written, and nobody writes over what they did not see."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from retouche.core.errors import HeadMoved, NotFound
from retouche.journals.copying import reading, writing
from retouche.journals.database import Database
from retouche.journals.people import SqlPeople
from retouche.journals.scenarios import SqlScenarios
from retouche.ports import Scenario

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
CLOSE = {"op": "delete", "resource": "desks", "key": {"id": "1"}}


@pytest.fixture
def scenarios(database: Database) -> SqlScenarios:
    return SqlScenarios(database)


def scenario(number: int = 1, **others: Any) -> Scenario:
    values: dict[str, Any] = {
        "id": f"{number:032x}",
        "dataset": "centres",
        "title": "Deux accueils de moins",
        "base_revision": "a" * 40,
        "operations": (CLOSE,),
        "created_at": NOW,
        "updated_at": NOW,
        "sender": "hash",
    }
    return Scenario(**{**values, **others})


def test_a_scenario_is_given_back_as_it_was_written(scenarios: SqlScenarios) -> None:
    one = scenario(locale="en", operations=(CLOSE, {"op": "insert", "row": {"n": 'é\n"'}}))
    scenarios.add(one)
    scenarios.add(scenario(2, operations=()))
    assert scenarios.get("centres", one.id) == one
    assert scenarios.get("centres", scenario(2).id).operations == ()
    for dataset, identifier in (("others", one.id), ("centres", "0" * 32)):
        with pytest.raises(NotFound):
            scenarios.get(dataset, identifier)
    ids = [scenario(2).id, "0" * 32, one.id]
    assert [each.id for each in scenarios.of_ids("centres", ids)] == [scenario(2).id, one.id]
    assert scenarios.of_ids("others", ids) == []


def test_only_who_saw_the_present_version_writes(scenarios: SqlScenarios) -> None:
    scenarios.add(scenario())
    first = scenarios.update(replace(scenario(), title="Un"), seen=1)
    assert (first.version, first.title) == (2, "Un")
    with pytest.raises(HeadMoved):
        scenarios.update(replace(scenario(), title="Autre"), seen=1)
    assert scenarios.get("centres", first.id) == first
    with pytest.raises(NotFound):
        scenarios.update(scenario(2), seen=1)


def test_of_two_writers_at_once_one_wins(scenarios: SqlScenarios) -> None:
    scenarios.add(scenario())
    start, won, lost = threading.Barrier(4), list[str](), list[str]()

    def write(title: str) -> None:
        start.wait()
        try:
            won.append(scenarios.update(replace(scenario(), title=title), seen=1).title)
        except HeadMoved:
            lost.append(title)

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(won) == 1
    assert len(lost) == 3
    present = scenarios.get("centres", scenario().id)
    assert (present.title, present.version) == (won[0], 2)


def test_a_scenario_is_submitted_once(scenarios: SqlScenarios) -> None:
    scenarios.add(scenario())
    assert scenarios.settle("centres", scenario().id, "p1").proposal == "p1"
    again = scenarios.settle("centres", scenario().id, "p2")
    assert (again.proposal, again.version) == ("p1", 2)
    with pytest.raises(HeadMoved):
        scenarios.update(scenario(), seen=1)
    with pytest.raises(NotFound):
        scenarios.settle("centres", "0" * 32, "p1")


def test_scenarios_are_counted_by_dataset_sender_and_time(scenarios: SqlScenarios) -> None:
    for number in range(4):
        made = NOW + timedelta(hours=number)
        sender = "other" if number == 3 else "hash"
        scenarios.add(scenario(number, created_at=made, sender=sender))
    scenarios.add(scenario(9, dataset="others"))
    assert scenarios.count("centres") == 4
    assert scenarios.count("centres", sender="hash") == 3
    assert scenarios.count("centres", sender="hash", since=NOW + timedelta(hours=1)) == 2
    assert scenarios.count("centres", since=NOW + timedelta(hours=3)) == 1


def test_what_is_deleted_or_old_is_gone(scenarios: SqlScenarios) -> None:
    for number in range(3):
        scenarios.add(scenario(number, updated_at=NOW + timedelta(days=number)))
    scenarios.add(scenario(7, dataset="others"))
    scenarios.add(scenario(8, updated_at=NOW + timedelta(days=9), proposal="p1"))
    scenarios.delete("centres", scenario(1).id)
    with pytest.raises(NotFound):
        scenarios.delete("centres", scenario(1).id)
    assert scenarios.drop() == 0
    assert scenarios.drop(before=NOW + timedelta(days=1), dataset="centres") == 1
    assert scenarios.drop(dataset="centres", proposal="p1") == 1
    assert scenarios.drop(before=NOW + timedelta(days=1)) == 1
    assert [one.id for one in scenarios.of_ids("centres", [scenario(n).id for n in range(9)])] == [
        scenario(2).id
    ]


def test_scenarios_are_in_what_is_backed_up(database: Database, scenarios: SqlScenarios) -> None:
    scenarios.add(scenario())
    with reading(database) as copy:
        lines = list(copy.lines("scenarios"))
    scenarios.delete("centres", scenario().id)
    with writing(database) as copy:
        assert copy.take("scenarios", lines) == 1
    assert scenarios.get("centres", scenario().id) == scenario()


def test_no_byte_of_a_dropped_scenario_stays_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    database = Database(f"sqlite:///{path}")
    scenarios = SqlScenarios(database)
    scenarios.add(scenario(title="Canary Project"))
    scenarios.add(scenario(2))
    assert b"Canary" in _bytes(path)
    scenarios.drop(before=NOW + timedelta(days=1))
    SqlPeople(database).erase(before=NOW)  # which leaves the files without what was deleted
    assert b"Canary" not in _bytes(path)
    database.close()
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM scenarios").fetchone() == (0,)


def _bytes(path: Path) -> bytes:
    return b"".join(one.read_bytes() for one in path.parent.glob("journal.sqlite*"))

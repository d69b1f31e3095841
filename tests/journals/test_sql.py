"""The journal: what it has returned is there after any kill, once, in the order it came."""

from __future__ import annotations

import os
import random
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from multiprocessing import Barrier as Gate
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from retouche.core.errors import IdempotencyMismatch, NotFound
from retouche.journals.database import Database
from retouche.journals.sql import SqlJournal
from retouche.ports import Event, Filters, Journal, Proposal, State

NOW = datetime(2024, 8, 1, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def journal(database: Database) -> SqlJournal:
    return SqlJournal(database, clock=lambda: NOW)


def update_of(key: str, resource: str = "desks", **new: str | None) -> dict[str, Any]:
    return {"op": "update", "resource": resource, "key": {"id": key}, "old": {}, "new": new}


def make(index: int, /, *operations: dict[str, Any], **others: Any) -> Proposal:
    values: dict[str, Any] = {
        "id": f"{index:016x}",
        "dataset": "centres",
        "state": "queued",
        "base_revision": "b" * 40,
        "parent": "a" * 40,
        "operations": operations or (update_of(str(index), phone="01"),),
        "created_at": NOW,
        "updated_at": NOW,
        **others,
    }
    return Proposal(**values)


def add(journal: Journal, proposal: Proposal, key: str | None = None, body: str = "h") -> Proposal:
    return journal.add(proposal, idempotency_key=key, body_hash=body)


def ids(proposals: Any) -> list[int]:
    return [int(one.id, 16) for one in proposals]


# -- Keeping ------------------------------------------------------------------------------------


def test_a_proposal_comes_back_as_it_was(journal: SqlJournal) -> None:
    proposal = make(
        1,
        update_of("01", name="Œil ☎️ ' \" \\", phone=None),
        {"op": "insert", "resource": "desks", "row": {"id": "9", "name": None}},
        warnings=({"code": "type-error", "value": "x"},),
        comment="a\nb",
        source="https://example.org",
        contributor={"name": "Zoé", "email": "z@example.org"},
        locale="en",
        merge_request_url="https://example.org/1",
        decision={"by": "Ana", "operations": [0, 1]},
        conflicted=True,
        head="c" * 40,
        number=3,
        state="open",
    )
    stored = add(journal, proposal)
    assert replace(stored, sequence=0) == proposal
    assert stored.sequence > 0
    assert journal.get("centres", proposal.id) == stored


def test_read_only_mappings_are_kept_too(journal: SqlJournal) -> None:
    proposal = make(1, decision=MappingProxyType({"by": "Ana"}))
    assert add(journal, proposal).decision == {"by": "Ana"}


def test_times_of_other_zones_are_the_same_moments(journal: SqlJournal) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=2)))
    assert add(journal, make(1, created_at=local)).created_at == NOW


def test_an_unknown_proposal_is_not_found(journal: SqlJournal) -> None:
    add(journal, make(1))
    strange = ("' OR 1=1", "\0", make(1).id + "\0", "\ufffd", "x" * 100_000)
    for dataset, proposal in (
        ("centres", "x"),
        ("other", make(1).id),
        *(("centres", one) for one in strange),
    ):
        with pytest.raises(NotFound):
            journal.get(dataset, proposal)
        assert journal.events(dataset, proposal) == []
    with pytest.raises(NotFound):
        journal.update(make(2))


def test_an_update_replaces_the_row_and_adds_the_event_together(journal: SqlJournal) -> None:
    stored = add(journal, make(1))
    later = NOW + timedelta(minutes=1)
    opened = replace(stored, state="open", head="c" * 40, number=1, updated_at=later)
    happened = Event(
        proposal=stored.id, time=later, kind="opened", actor="Ana", detail={"number": 1}
    )
    journal.update(opened, happened)
    journal.update(replace(opened, conflicted=True))
    assert journal.get("centres", stored.id) == replace(opened, conflicted=True)
    received, second = journal.events("centres", stored.id)
    assert (received.kind, received.time, received.actor) == ("received", NOW, None)
    assert second == happened


@pytest.mark.fault(41)
def test_order_is_of_arrival_whatever_the_clock_says(journal: SqlJournal) -> None:
    for number, days in ((1, 0), (2, -400), (3, 3650), (4, 0)):
        add(journal, make(number, created_at=NOW + timedelta(days=days)))
    found, total = journal.page("centres")
    assert (ids(found), total) == ([4, 3, 2, 1], 4)
    sequences = [one.sequence for one in found]
    assert sequences == sorted(sequences, reverse=True)


def test_pages_are_cut_and_filtered_by_state_and_dataset(journal: SqlJournal) -> None:
    states: list[State] = ["queued", "open", "accepted", "rejected", "withdrawn"]
    for number in range(25):
        add(journal, make(number, state=states[number % 5]))
    add(journal, make(99, dataset="other"))
    found, total = journal.page("centres", offset=20, limit=20)
    assert (ids(found), total) == ([4, 3, 2, 1, 0], 25)
    found, total = journal.page("centres", Filters(states=("open", "queued")), limit=3)
    assert (ids(found), total) == ([21, 20, 16], 10)
    assert journal.page("centres", offset=100) == ([], 25)
    assert journal.counts("centres") == dict.fromkeys(states, 5)


def several(journal: SqlJournal) -> None:
    """Eight proposals in two datasets, an hour apart."""
    insertion = {"op": "insert", "resource": "stops", "key": {"id": "9"}, "row": {"id": "9"}}
    deletion = {"op": "delete", "resource": "desks", "key": {"id": "1"}, "old": {}}
    for one in (
        make(1, state="open"),
        make(2, state="open", signs=("link",)),
        make(3, state="open", conflicted=True, territories=("departement:01",)),
        make(4, insertion, state="open", territories=("departement:01", "departement:02")),
        make(5, deletion, state="accepted"),
        make(6, update_of("1"), insertion, state="open", project=True, title="Two desks"),
        make(7, state="open", dataset="stations", territories=("departement:01",)),
        make(8, insertion, state="rejected", dataset="stations"),
    ):
        hours = timedelta(hours=int(one.id, 16))
        add(journal, replace(one, created_at=NOW + hours))


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (Filters(), [1, 2, 3, 4, 5, 6, 7, 8]),
        (Filters(states=("open",)), [1, 2, 3, 4, 6, 7]),
        (Filters(flagged=True), [2]),
        (Filters(conflicted=True), [3]),
        (Filters(kinds=("insert",)), [4, 8]),
        (Filters(kinds=("delete", "mixed")), [5]),
        (Filters(project=True), [6]),
        (Filters(project=False, states=("open",)), [1, 2, 3, 4, 7]),
        (Filters(territory="departement:01"), [3, 4, 7]),
        (Filters(territory="departement"), []),
        (Filters(resource="stops"), [4, 6, 8]),
        (Filters(since=NOW + timedelta(hours=3), until=NOW + timedelta(hours=5)), [3, 4]),
        (Filters(after=2, before=6, states=("open",)), [3, 4]),
        (Filters(territory="departement:01", resource="stops"), [4]),
    ],
)
def test_a_list_has_what_its_filters_say(
    journal: SqlJournal, filters: Filters, found: list[int]
) -> None:
    several(journal)
    both = ("centres", "stations")
    oldest, total = journal.page(both, filters, oldest_first=True)
    assert (ids(oldest), total) == (found, len(found))
    newest, _ = journal.page(both, filters)
    assert ids(newest) == found[::-1]
    one, total = journal.page("stations", filters, oldest_first=True, offset=0, limit=1)
    there = [number for number in found if number > 6]
    assert (ids(one), total) == (there[:1], len(there))
    assert journal.page((), filters) == ([], 0)
    assert journal.counts("empty") == {}


def test_touching_finds_undecided_proposals_of_a_row(journal: SqlJournal) -> None:
    add(journal, make(1, update_of("01", a="x"), update_of("02", a="x")))
    add(journal, make(2, update_of("01", b="x"), state="open"))
    add(journal, make(3, update_of("01", b="x"), state="accepted"))
    add(journal, make(4, update_of("01", resource="cities", b="x")))
    add(journal, make(5, update_of("01", b="x"), dataset="other"))
    add(journal, make(6, {"op": "insert", "resource": "desks", "row": {"id": "9", "a": "01x"}}))
    assert ids(journal.touching("centres", "desks", ("01",))) == [1, 2]
    assert ids(journal.touching("centres", "desks", ("02",))) == [1]
    assert ids(journal.touching("centres", "desks", ("9",))) == [6]
    assert ids(journal.touching("centres", "desks", ("1",))) == []
    assert ids(journal.touching("centres", "desks")) == [1, 2, 6]
    assert ids(journal.touching("centres", "cities")) == [4]


def test_a_key_of_several_parts_is_matched_whole_and_in_order(journal: SqlJournal) -> None:
    key = {"code": "a,b", "day": "c"}
    add(journal, make(1, {"op": "delete", "resource": "desks", "key": key, "old": {}}))
    assert ids(journal.touching("centres", "desks", ("a,b", "c"))) == [1]
    for other in (("a", "b,c"), ("c", "a,b"), ("a,b",), ("a,b", "c", "")):
        assert journal.touching("centres", "desks", other) == []


def test_touching_follows_operations_and_states_that_change(journal: SqlJournal) -> None:
    stored = add(journal, make(1, update_of("01", a="x")))
    journal.update(replace(stored, operations=(update_of("02", a="x"),)))
    assert journal.touching("centres", "desks", ("01",)) == []
    assert ids(journal.touching("centres", "desks", ("02",))) == [1]
    journal.update(replace(stored, state="withdrawn"))
    assert journal.touching("centres", "desks") == []


def test_unfinished_are_the_queued_and_those_with_a_decision_not_carried_out(
    journal: SqlJournal,
) -> None:
    add(journal, make(1))
    add(journal, make(2, state="open"))
    add(journal, make(3, state="open", decision={"revision": "c" * 40, "pending": True}))
    add(journal, make(4, state="accepted", decision={"revision": "c" * 40}))
    add(journal, make(5, dataset="other"))
    assert ids(journal.unfinished("centres")) == [1, 3]
    journal.update(replace(journal.get("centres", make(3).id), decision=None))
    assert ids(journal.unfinished("centres")) == [1]


# -- Once only ----------------------------------------------------------------------------------


def test_the_same_key_and_body_give_the_first_proposal_back(journal: SqlJournal) -> None:
    first = add(journal, make(1), "key", "body")
    assert add(journal, make(2), "key", "body") == first
    assert journal.find("centres", "key", "body") == first
    assert journal.find("other", "key", "body") is None
    assert journal.page("centres")[1] == 1
    assert len(journal.events("centres", first.id)) == 1


def test_the_same_key_with_another_body_is_refused(journal: SqlJournal) -> None:
    add(journal, make(1), "key", "body")
    with pytest.raises(IdempotencyMismatch):
        add(journal, make(2), "key", "other")
    with pytest.raises(IdempotencyMismatch):
        journal.find("centres", "key", "other")
    assert journal.page("centres")[1] == 1


def test_a_key_belongs_to_its_dataset(journal: SqlJournal) -> None:
    add(journal, make(1), "key", "body")
    assert add(journal, make(1, dataset="other"), "key", "other").dataset == "other"


def test_the_same_id_twice_is_one_proposal_or_a_mismatch(journal: SqlJournal) -> None:
    first = add(journal, make(1))
    assert add(journal, make(1)) == first
    with pytest.raises(IdempotencyMismatch):
        add(journal, make(1, update_of("other", a="x")))


def test_a_row_key_of_any_length_is_found(journal: SqlJournal) -> None:
    """An index entry of PostgreSQL has less than 2,700 bytes when all is packed."""
    chance = random.Random(1)
    key = "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(20_000))
    add(journal, make(1, update_of(key, a="x")))
    assert ids(journal.touching("centres", "desks", (key,))) == [1]
    assert journal.touching("centres", "desks", (key[:-1],)) == []
    (pending,) = journal.pending("centres", "desks", [(key,)], limit=10)
    assert pending.key == (key,)


@pytest.mark.fault(39)
def test_threads_that_send_the_same_key_at_once_make_one_proposal(journal: SqlJournal) -> None:
    barrier = threading.Barrier(8)

    def send(number: int) -> Proposal:
        barrier.wait()
        return add(journal, make(number), "key", "body")

    with ThreadPoolExecutor(8) as pool:
        stored = list(pool.map(send, range(8)))
    assert len({one.id for one in stored}) == 1
    assert journal.page("centres")[1] == 1


def test_writers_of_several_processes_lose_nothing(journal: SqlJournal) -> None:
    add(journal, make(0))
    workers = []
    for worker in (1, 2, 3):
        child = os.fork()
        if child == 0:  # uses the journal it was forked with, as a server's worker does
            code = 1
            try:
                for number in range(20):
                    add(journal, make(worker * 100 + number))
                code = 0
            finally:
                os._exit(code)
        workers.append(child)
    for number in range(20):
        add(journal, make(400 + number))
    assert [os.waitpid(child, 0)[1] for child in workers] == [0, 0, 0]
    found, total = journal.page("centres", limit=100)
    assert total == 81
    assert len({one.sequence for one in found}) == 81
    if not journal.database.is_server:
        with journal.database.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"


def test_processes_that_send_the_same_key_at_once_make_one_proposal(
    journal: SqlJournal, tmp_path: Path
) -> None:
    rounds, senders = 10, 4
    gate = Gate(senders)
    children = []
    for sender in range(senders):
        child = os.fork()
        if child == 0:  # another machine, as far as the journal can know
            code = 1
            try:
                told = []
                for turn in range(rounds):
                    gate.wait()
                    told.append(add(journal, make(100 * turn + sender), f"key-{turn}").id)
                (tmp_path / f"told-{sender}").write_text("\n".join(told))
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * senders
    answers = {(tmp_path / f"told-{sender}").read_text() for sender in range(senders)}
    assert len(answers) == 1
    assert journal.page("centres", limit=100)[1] == rounds
    assert [len(journal.events("centres", one)) for one in answers.pop().split()] == [1] * rounds


def test_what_was_returned_is_there_after_a_kill(url: str) -> None:
    for turn in range(5):
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            own = SqlJournal(Database(url))
            for number in range(1000):
                stored = add(own, make(turn * 1000 + number), f"{turn}-{number}")
                os.write(writing, bytes.fromhex(stored.id))
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as acknowledged:
            told = acknowledged.read(8 * (5 + turn))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            told += acknowledged.read()
        after = SqlJournal(Database(url))
        for start in range(0, len(told) - 7, 8):
            assert after.get("centres", told[start : start + 8].hex()).state == "queued"
        found, total = after.page("centres", limit=10_000)
        assert len({one.id for one in found}) == total
        after.close()


# -- Reviewers ----------------------------------------------------------------------------------


def test_a_reviewer_is_known_by_the_hash_of_the_last_token(journal: SqlJournal) -> None:
    assert journal.reviewers() == []
    journal.add_reviewer("Zoé", "hash-1")
    journal.add_reviewer("Ana", "hash-2")
    assert journal.reviewers() == ["Ana", "Zoé"]
    assert journal.reviewer("hash-1") == "Zoé"
    assert journal.reviewer("hash") is None
    journal.add_reviewer("Zoé", "hash-3")
    assert journal.reviewer("hash-1") is None
    assert journal.reviewer("hash-3") == "Zoé"
    assert journal.reviewers() == ["Ana", "Zoé"]

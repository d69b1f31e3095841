"""What was seen at forges is kept like proposals are: durably, once, and each in its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from retouche.core.errors import NotFound
from retouche.journals import watch as watching
from retouche.journals.database import Database
from retouche.journals.sql import SqlJournal
from retouche.journals.watch import SqlWatch
from retouche.ports import Delivery, Note, Outlook, Upstream
from tests.journals.test_sql import NOW, add, ids, make, update_of


@pytest.fixture
def journal(database: Database) -> SqlJournal:
    return SqlJournal(database)


@pytest.fixture
def watch(journal: SqlJournal) -> SqlWatch:
    return SqlWatch(journal.database)


def delivery(number: int) -> Delivery:
    return Delivery(
        id=f"delivery-{number}", dataset="centres", kind="merge_request", time=NOW, number=number
    )


# -- Proposals at a forge elsewhere -------------------------------------------------------------


def test_what_was_found_of_a_proposal_comes_back_as_it_was(journal: SqlJournal) -> None:
    upstream = Upstream(
        edited=True, target="other", refused="push_refused", attempts=3, notes=2, told="ab"
    )
    stored = add(journal, make(1, upstream=upstream))
    assert stored.upstream == journal.get("centres", stored.id).upstream == upstream
    journal.update(replace(stored, upstream=Upstream()))
    assert journal.get("centres", stored.id).upstream == Upstream()
    with journal.database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT upstream FROM proposals").scalar_one()
    assert kept is None


def test_undecided_proposals_are_paged_by_arrival_though_some_are_decided_meanwhile(
    journal: SqlJournal,
) -> None:
    for number in range(7):
        add(journal, make(number, state="accepted" if number == 1 else "open"))
    add(journal, make(9, dataset="other"))
    first = journal.undecided("centres", limit=3)
    assert ids(first) == [0, 2, 3]
    journal.update(replace(first[0], state="rejected"))
    second = journal.undecided("centres", after=first[-1].sequence, limit=3)
    assert ids(second) == [4, 5, 6]
    assert journal.undecided("centres", after=second[-1].sequence) == []


def test_what_was_taken_back_and_is_not_closed_yet_is_unfinished(journal: SqlJournal) -> None:
    begun = {"ends": "withdrawn", "actor": "contributor", "pending": True}
    add(journal, make(1, state="withdrawn", decision=begun))
    add(journal, make(2, state="rejected", decision={**begun, "ends": "rejected"}))
    add(journal, make(3, state="withdrawn", decision={}))
    assert ids(journal.unfinished("centres")) == [1, 2]


# -- Outlooks -----------------------------------------------------------------------------------


def test_an_outlook_is_empty_until_it_is_noted_and_then_replaced(watch: SqlWatch) -> None:
    assert watch.outlook("centres") == Outlook(dataset="centres")
    seen = Outlook(
        dataset="centres",
        fault="forge_down",
        values={"status": 502},
        since=NOW,
        failures=4,
        retry_at=NOW + timedelta(seconds=9),
        polled_at=NOW,
        swept_at=NOW,
        held="c" * 40,
        held_reason="lfs_pointer",
        held_values={"path": "a.csv"},
    )
    watch.note_outlook(seen)
    assert watch.outlook("centres") == seen
    watch.note_outlook(Outlook(dataset="centres"))
    assert watch.outlook("centres") == Outlook(dataset="centres")
    assert watch.outlook("other") == Outlook(dataset="other")


# -- Deliveries ---------------------------------------------------------------------------------


def test_a_delivery_is_received_once_and_given_until_it_is_settled(watch: SqlWatch) -> None:
    first, second = delivery(1), replace(delivery(2), kind="push", number=None)
    assert watch.receive(first)
    assert watch.receive(second)
    assert not watch.receive(replace(first, time=NOW + timedelta(hours=1)))
    assert watch.receive(replace(first, dataset="other"))
    assert watch.deliveries("centres") == [first, second]
    watch.settle("centres", [first.id])
    assert watch.deliveries("centres") == [second]
    assert not watch.receive(first)
    assert len(watch.deliveries("other")) == 1


def test_old_settled_deliveries_are_forgotten_and_waiting_ones_never(
    watch: SqlWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "REMEMBERED", 3)
    assert watch.receive(delivery(0))
    for number in range(1, 8):
        assert watch.receive(delivery(number))
        watch.settle("centres", [f"delivery-{number}"])
    assert not watch.receive(delivery(7))
    assert not watch.receive(delivery(5))
    assert watch.receive(delivery(1))
    assert [one.number for one in watch.deliveries("centres")] == [0, 1]


def test_at_most_a_thousand_deliveries_are_given_at_once(
    watch: SqlWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "UNSETTLED", 2)
    for number in range(3):
        watch.receive(delivery(number))
    assert [one.number for one in watch.deliveries("centres")] == [0, 1]


# -- Notes --------------------------------------------------------------------------------------


def test_notes_are_replaced_as_a_whole_and_given_in_order(
    journal: SqlJournal, watch: SqlWatch
) -> None:
    proposal = add(journal, make(1))
    notes = [
        Note(id=2**40 + n, author="maintainer", body=f"été {n}", time=NOW + timedelta(hours=-n))
        for n in range(3)
    ]
    watch.keep_notes("centres", proposal.id, notes)
    assert watch.notes("centres", proposal.id) == notes[::-1]
    watch.keep_notes("centres", proposal.id, notes[:1])
    assert watch.notes("centres", proposal.id) == notes[:1]
    watch.keep_notes("centres", proposal.id, [])
    assert watch.notes("centres", proposal.id) == []
    assert watch.notes("other", proposal.id) == []
    with pytest.raises(NotFound):
        watch.keep_notes("centres", "f" * 16, notes)


def test_notes_are_erased_with_their_proposal(journal: SqlJournal, watch: SqlWatch) -> None:
    proposal = add(journal, make(1, update_of("01", a="x")))
    watch.keep_notes("centres", proposal.id, [Note(id=1, author="maintainer", body="x", time=NOW)])
    with journal.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM proposals")
        left = connection.exec_driver_sql("SELECT count(*) FROM notes").scalar_one()
    assert left == 0


def test_times_are_those_of_the_world_wherever_they_come_from(watch: SqlWatch) -> None:
    watch.note_outlook(Outlook(dataset="centres", since=NOW.astimezone(UTC)))
    assert watch.outlook("centres").since == datetime(2024, 8, 1, 12, 0, 0, 123456, tzinfo=UTC)

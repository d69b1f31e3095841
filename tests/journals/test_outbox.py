"""Mails are neither lost nor told twice, and servers agree on what they must."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from retouche.journals.database import Database
from retouche.journals.installation import SqlInstallation
from retouche.journals.outbox import SqlOutbox
from retouche.journals.sql import SqlJournal
from retouche.ports import Event, Mail
from tests.journals.test_sql import NOW, add, make


@pytest.fixture
def journal(database: Database) -> SqlJournal:
    return SqlJournal(database)


@pytest.fixture
def outbox(database: Database) -> SqlOutbox:
    return SqlOutbox(database)


def mail(number: int, proposal: str | None = make(1).id, **others: object) -> Mail:
    values = {
        "id": f"mail-{number}",
        "dataset": "centres",
        "proposal": proposal,
        "kind": "received",
        "recipient": "somebody@example.org",
        "locale": "fr",
        "created_at": NOW,
        "detail": {"title": "été"},
    }
    return Mail(**{**values, **others})  # type: ignore[arg-type]


def test_what_happened_is_untold_until_it_was_looked_at(
    journal: SqlJournal, outbox: SqlOutbox
) -> None:
    stored = add(journal, make(1))
    opened = Event(proposal=stored.id, time=NOW, kind="opened", actor="Ana", detail={"a": 1})
    journal.update(stored, opened)
    other = add(journal, make(2))
    first, second, third = outbox.untold()
    assert [one.event.kind for one in (first, second, third)] == ["received", "opened", "received"]
    assert (second.event, second.proposal, third.proposal) == (opened, stored, other)
    assert first.sequence < second.sequence < third.sequence
    assert outbox.untold(limit=1) == [first]
    outbox.tell([first.sequence, third.sequence], [mail(1)])
    assert outbox.untold() == [second]
    assert outbox.due(now=NOW) == [mail(1)]


def test_who_looks_at_an_event_second_tells_nothing(journal: SqlJournal, outbox: SqlOutbox) -> None:
    """The mail of the first may be sent and forgotten by then."""
    add(journal, make(1))
    add(journal, make(2))
    first, second = outbox.untold()
    outbox.tell([first.sequence], [mail(1)])
    outbox.sent("mail-1")
    outbox.tell([first.sequence, second.sequence], [mail(1), mail(2)])
    assert outbox.waiting() == 0
    assert outbox.untold() == [second]


def test_workers_that_tell_of_the_same_at_once_make_one_mail(
    journal: SqlJournal, outbox: SqlOutbox
) -> None:
    for number in range(8):
        add(journal, make(number))
    events = [one.sequence for one in outbox.untold()]
    barrier = threading.Barrier(4)

    def work(_: int) -> None:
        barrier.wait()
        for event in events:
            outbox.tell([event], [mail(event)])
            outbox.sent(f"mail-{events[0]}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert [one.id for one in outbox.due(now=NOW)] == [f"mail-{one}" for one in events[1:]]
    assert outbox.untold() == []


def test_a_mail_of_no_event_waits_once(journal: SqlJournal, outbox: SqlOutbox) -> None:
    add(journal, make(1))
    digest = mail(5, proposal=None, kind="digest")
    for _ in range(2):
        outbox.tell([], [digest])
    assert outbox.waiting() == 1
    assert outbox.due(now=NOW) == [digest]


def test_a_mail_that_fails_is_due_later_and_counts_its_attempts(
    journal: SqlJournal, outbox: SqlOutbox
) -> None:
    add(journal, make(1))
    outbox.tell([], [mail(1), mail(2)])
    later = NOW + timedelta(minutes=5)
    outbox.failed("mail-1", fault="mail_refused", retry_at=later)
    assert [one.id for one in outbox.due(now=NOW)] == ["mail-2"]
    due = outbox.due(now=later)
    assert [one.id for one in due] == ["mail-1", "mail-2"]
    assert (due[0].attempts, due[0].fault, due[0].retry_at) == (1, "mail_refused", later)
    assert [one.id for one in outbox.due(now=later, limit=1)] == ["mail-1"]
    outbox.failed("mail-1", fault="mail_refused", retry_at=later)
    assert outbox.due(now=later)[0].attempts == 2
    for one in ("mail-1", "mail-1", "mail-9"):
        outbox.sent(one)
    assert outbox.waiting() == 1


def test_servers_agree_on_the_first_value(database: Database) -> None:
    names = [f"name-{number}" for number in range(5)]
    barrier = threading.Barrier(4)

    def agree(server: int) -> list[str]:
        own = SqlInstallation(database)
        barrier.wait()
        return [own.agree(name, f"{name} of {server}") for name in names]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(agree, range(4)))
    assert all(one == found[0] for one in found)
    assert SqlInstallation(database).agree("name-0", "another") == found[0][0]

"""Confirmations and remarks survive as what the journal has returned, and are written once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from retouche.core.errors import IdempotencyMismatch, NotFound
from retouche.journals.database import Database
from retouche.journals.sql import SqlJournal
from retouche.journals.voices import SqlVoices
from retouche.ports import Confirmation, Remark, Row, Voices
from tests.journals.test_sql import make, update_of

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
ROW = Row(dataset="centres", resource="desks", key=("1", "a,b"))


@pytest.fixture
def voices(database: Database) -> SqlVoices:
    return SqlVoices(database)


def confirmation(time: datetime = NOW, row: Row = ROW) -> Confirmation:
    return Confirmation(row=row, time=time, revision="a" * 40)


def remark(number: int = 1, **others: object) -> Remark:
    values = {"id": f"{number:016x}", "row": ROW, "time": NOW, "comment": "Closed on Friday."}
    return Remark(**{**values, **others})  # type: ignore[arg-type]


def confirm(voices: Voices, one: Confirmation, key: str | None = None, body: str = "x") -> None:
    voices.confirm(one, None, idempotency_key=key, body_hash=body)


def test_confirmations_of_a_row_are_counted(voices: SqlVoices) -> None:
    assert voices.confirmations(ROW).count == 0
    assert voices.confirmations(ROW).last is None
    for hours in (0, 30, 10):
        confirm(voices, confirmation(NOW + timedelta(hours=hours)))
    confirm(voices, confirmation(row=Row(dataset="centres", resource="desks", key=("1",))))
    assert voices.confirmations(ROW).count == 3
    assert voices.confirmations(ROW).last == NOW + timedelta(hours=30)
    assert voices.confirmations(ROW, since=NOW + timedelta(hours=5)).count == 2


def test_confirmed_rows_are_given_with_their_last_time_and_counted_by_month(
    voices: SqlVoices,
) -> None:
    other = Row(dataset="centres", resource="desks", key=("[odd]", 'a"b'))
    for row, days in ((ROW, 0), (other, 3), (ROW, 40)):
        confirm(voices, confirmation(NOW + timedelta(days=days), row))
    for elsewhere in ("others", "centres"):
        resource = "cities" if elsewhere == "centres" else "desks"
        confirm(voices, confirmation(row=Row(dataset=elsewhere, resource=resource, key=("1",))))
    long = Row(dataset="centres", resource="desks", key=("x" * 5_000,))
    confirm(voices, confirmation(NOW + timedelta(days=1), long))
    found = voices.confirmed("centres", "desks", limit=10)
    assert [(one.key, one.last) for one in found] == [
        (ROW.key, NOW + timedelta(days=40)),
        (other.key, NOW + timedelta(days=3)),
    ]
    assert [one.key for one in voices.confirmed("centres", "desks", limit=1)] == [ROW.key]
    assert voices.confirmed("centres", "nothing", limit=10) == []
    assert voices.confirmed_by_month("centres", "desks", since=NOW) == {"2026-05": 3, "2026-06": 1}
    assert voices.confirmed_by_month("centres", None, since=NOW) == {"2026-05": 4, "2026-06": 1}
    later = voices.confirmed_by_month("centres", None, since=NOW + timedelta(days=3))
    assert later == {"2026-05": 1, "2026-06": 1}


def test_a_confirmation_with_a_key_is_written_once(voices: SqlVoices) -> None:
    for _ in range(2):
        confirm(voices, confirmation(), key="k")
    assert voices.confirmations(ROW).count == 1
    assert voices.was_confirmed("centres", "k", "x")
    assert not voices.was_confirmed("others", "k", "x")
    with pytest.raises(IdempotencyMismatch):
        confirm(voices, confirmation(), key="k", body="y")
    with pytest.raises(IdempotencyMismatch):
        voices.was_confirmed("centres", "k", "y")


def test_what_is_said_with_a_confirmation_is_a_remark(voices: SqlVoices) -> None:
    for _ in range(2):
        voices.confirm(confirmation(), remark(), idempotency_key="k", body_hash="x")
    assert voices.remarks("centres", state="open") == ([remark()], 1)


def test_a_remark_is_given_back_as_it_was_written(voices: SqlVoices) -> None:
    whole = remark(contributor={"name": "A", "email": "a@example.org"})
    assert voices.add_remark(whole, idempotency_key="k", body_hash="x") == whole
    assert voices.add_remark(remark(2), idempotency_key="k", body_hash="x") == whole
    assert voices.find_remark("centres", "k", "x") == whole
    assert voices.find_remark("centres", "other", "x") is None
    assert voices.remark("centres", whole.id) == whole
    with pytest.raises(NotFound):
        voices.remark("others", whole.id)


def test_a_remark_is_closed_once_by_the_first(voices: SqlVoices) -> None:
    for number in range(3):
        voices.add_remark(remark(number), idempotency_key=None, body_hash="x")
    for by in ("first", "second"):
        voices.close_remark(remark(1), by=by, time=NOW)
    closed, total = voices.remarks("centres", state="closed")
    assert total == 1
    assert (closed[0].closed_by, closed[0].closed_at) == ("first", NOW)
    newest = voices.remarks("centres", state="open", limit=1)
    assert newest == ([remark(2)], 2)


def test_what_is_pending_on_rows_is_found_by_their_keys(database: Database) -> None:
    journal = SqlJournal(database)
    for number in range(5):
        both = update_of(str(number)), update_of("shared")
        state = "accepted" if number == 0 else "open"
        journal.add(make(number, *both, state=state), idempotency_key=None, body_hash="x")
    found = journal.pending("centres", "desks", [("1",), ("9",), ("0",)], limit=10)
    assert [(one.key, one.proposal.id) for one in found] == [(("1",), make(1).id)]
    assert found[0].operation["key"] == {"id": "1"}
    assert len(journal.pending("centres", "desks", [("shared",)], limit=10)) == 4
    assert len(journal.pending("centres", "desks", None, limit=10)) == 8
    assert {one.key for one in journal.pending("centres", "desks", None, limit=2)} < {
        *((str(number),) for number in range(5)),
        ("shared",),
    }
    assert journal.pending("centres", "cities", None, limit=10) == []

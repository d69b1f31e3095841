"""What was seen at forges elsewhere, in the journal's database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, delete, insert, select, update
from sqlalchemy.engine import Row
from sqlalchemy.exc import IntegrityError

from retouche.core.errors import NotFound
from retouche.journals.database import Database
from retouche.journals.merging import add_missing, put
from retouche.journals.rows import json_text, moment_of, moment_text, one_proposal, time_text
from retouche.journals.tables import DELIVERIES, NOTES, OUTLOOKS, PROPOSALS
from retouche.ports import Delivery, Note, Outlook

PLAIN = ("dataset", "fault", "failures", "held", "held_reason", "token_ends")
MOMENTS = ("since", "retry_at", "polled_at", "swept_at")
UNSETTLED = 1_000
"""Most deliveries that are given at once."""
REMEMBERED = 10_000
"""Settled deliveries of a dataset that are known again when they come once more."""


class SqlWatch:
    """`ports.Watch`. Safe for threads, and across fork."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- Outlooks -----------------------------------------------------------------------------

    def outlook(self, dataset: str) -> Outlook:
        query = select(OUTLOOKS).where(OUTLOOKS.c.dataset == dataset)
        with self._database.reading() as connection:
            found = connection.execute(query).one_or_none()
        return Outlook(dataset=dataset) if found is None else _outlook(found)

    def note_outlook(self, outlook: Outlook) -> None:
        values: dict[str, Any] = {name: getattr(outlook, name) for name in PLAIN}
        values |= {name: moment_text(getattr(outlook, name)) for name in MOMENTS}
        values |= {
            "fault_values": json_text(outlook.values),
            "held_values": json_text(outlook.held_values),
        }
        with self._database.writing() as connection:
            put(connection, OUTLOOKS, values)

    def note_served(self, dataset: str, commit: str, *, seen: str | None) -> bool:
        columns = OUTLOOKS.c
        empty = {"dataset": dataset, "failures": 0, "fault_values": "{}", "held_values": "{}"}
        as_seen = and_(columns.dataset == dataset, columns.served.is_not_distinct_from(seen))
        with self._database.writing() as connection:
            add_missing(connection, OUTLOOKS, [empty], by=["dataset"])
            noted = connection.execute(update(OUTLOOKS).where(as_seen).values(served=commit))
            return bool(noted.rowcount)

    # -- Deliveries ---------------------------------------------------------------------------

    def receive(self, delivery: Delivery) -> bool:
        try:
            with self._database.writing() as connection:
                connection.execute(
                    insert(DELIVERIES).values(
                        dataset=delivery.dataset,
                        id=delivery.id,
                        kind=delivery.kind,
                        number=delivery.number,
                        time=time_text(delivery.time),
                        settled=False,
                    )
                )
        except IntegrityError:  # it was written before
            return False
        return True

    def deliveries(self, dataset: str) -> Sequence[Delivery]:
        query = (
            select(DELIVERIES)
            .where(DELIVERIES.c.dataset == dataset, DELIVERIES.c.settled.is_(False))
            .order_by(DELIVERIES.c.sequence)
            .limit(UNSETTLED)
        )
        with self._database.reading() as connection:
            return [_delivery(row) for row in connection.execute(query)]

    def settle(self, dataset: str, deliveries: Sequence[str]) -> None:
        columns = DELIVERIES.c
        dealt_with = and_(columns.dataset == dataset, columns.id.in_(deliveries))
        settled = and_(columns.dataset == dataset, columns.settled.is_(True))
        oldest = (
            select(columns.sequence)
            .where(settled)
            .order_by(columns.sequence.desc())
            .offset(REMEMBERED)
            .limit(1)
        )
        with self._database.writing() as connection:
            connection.execute(update(DELIVERIES).where(dealt_with).values(settled=True))
            last = connection.execute(oldest).scalar_one_or_none()
            if last is not None:
                connection.execute(delete(DELIVERIES).where(settled, columns.sequence <= last))

    # -- Notes --------------------------------------------------------------------------------

    def keep_notes(self, dataset: str, proposal: str, notes: Sequence[Note]) -> None:
        with self._database.writing() as connection:
            one = one_proposal(dataset, proposal).with_for_update()
            found = connection.execute(one).one_or_none()
            if found is None:
                raise NotFound("unknown_proposal", proposal=proposal[:80])
            connection.execute(delete(NOTES).where(NOTES.c.proposal == found.sequence))
            if notes and not found.erased:  # what was erased would come back with a new one
                connection.execute(insert(NOTES), [_note_row(found.sequence, one) for one in notes])

    def notes(self, dataset: str, proposal: str) -> Sequence[Note]:
        query = (
            select(NOTES)
            .join(PROPOSALS, NOTES.c.proposal == PROPOSALS.c.sequence)
            .where(_of_proposal(dataset, proposal))
            .order_by(NOTES.c.time, NOTES.c.id)
        )
        with self._database.reading() as connection:
            return [_note(row) for row in connection.execute(query)]


def _of_proposal(dataset: str, proposal: str) -> ColumnElement[bool]:
    return and_(PROPOSALS.c.dataset == dataset, PROPOSALS.c.id == proposal)


def _outlook(row: Row[Any]) -> Outlook:
    found: dict[str, Any] = {name: getattr(row, name) for name in PLAIN}
    found |= {name: moment_of(getattr(row, name)) for name in MOMENTS}
    return Outlook(
        **found,
        served=row.served,
        values=orjson.loads(row.fault_values),
        held_values=orjson.loads(row.held_values),
    )


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        dataset=row.dataset,
        kind=row.kind,
        number=row.number,
        time=datetime.fromisoformat(row.time),
    )


def _note_row(proposal: int, note: Note) -> dict[str, Any]:
    return {
        "proposal": proposal,
        "id": note.id,
        "author": note.author,
        "body": note.body,
        "time": time_text(note.time),
    }


def _note(row: Row[Any]) -> Note:
    return Note(id=row.id, author=row.author, body=row.body, time=datetime.fromisoformat(row.time))

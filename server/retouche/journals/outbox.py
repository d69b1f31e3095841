"""Mails that are to be sent, in the journal's database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.engine import Connection, Row

from retouche.journals.database import Database
from retouche.journals.merging import add_missing
from retouche.journals.rows import (
    event_of,
    json_text,
    moment_of,
    moment_text,
    proposal_of,
    time_text,
)
from retouche.journals.tables import EVENTS, OUTBOX, PROPOSALS
from retouche.ports import Mail, Untold


class SqlOutbox:
    """`ports.Outbox`. Safe for threads, and across fork."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def untold(self, *, limit: int = 100) -> Sequence[Untold]:
        happened = (
            select(EVENTS, PROPOSALS.c.id)
            .join(PROPOSALS, EVENTS.c.proposal == PROPOSALS.c.sequence)
            .where(EVENTS.c.told.is_(False))
            .order_by(EVENTS.c.sequence)
            .limit(limit)
        )
        with self._database.reading() as connection:
            events = connection.execute(happened).all()
            numbers = {row.proposal for row in events}
            found = connection.execute(select(PROPOSALS).where(PROPOSALS.c.sequence.in_(numbers)))
            proposals = {row.sequence: proposal_of(row) for row in found}
        return [
            Untold(sequence=row.sequence, event=event_of(row), proposal=proposals[row.proposal])
            for row in events
        ]

    def tell(self, events: Sequence[int], mails: Sequence[Mail]) -> None:
        """Does nothing when another worker looked at one of the events meanwhile: the mails that
        tell of it may be sent by now, and those events that are left are found again."""
        these = EVENTS.c.sequence.in_(events)
        looked_at = select(EVENTS.c.told).where(these).order_by(EVENTS.c.sequence)
        with self._database.writing() as connection:
            if any(connection.execute(looked_at.with_for_update()).scalars()):
                return
            connection.execute(update(EVENTS).where(these).values(told=True))
            add_missing(connection, OUTBOX, [*_rows(connection, mails)], by=["id"])

    def due(self, *, now: datetime, limit: int = 20) -> Sequence[Mail]:
        columns = OUTBOX.c
        query = (
            select(OUTBOX, PROPOSALS.c.id.label("of_proposal"))
            .outerjoin(PROPOSALS, columns.proposal == PROPOSALS.c.sequence)
            .where(or_(columns.retry_at.is_(None), columns.retry_at <= time_text(now)))
            .order_by(columns.sequence)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [_mail(row) for row in connection.execute(query)]

    def sent(self, mail: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(OUTBOX).where(OUTBOX.c.id == mail))

    def failed(self, mail: str, *, fault: str, retry_at: datetime) -> None:
        values = {
            "attempts": OUTBOX.c.attempts + 1,
            "fault": fault,
            "retry_at": time_text(retry_at),
        }
        with self._database.writing() as connection:
            connection.execute(update(OUTBOX).where(OUTBOX.c.id == mail).values(values))

    def waiting(self) -> int:
        with self._database.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(OUTBOX)).scalar_one())


def _rows(connection: Connection, mails: Sequence[Mail]) -> Iterator[dict[str, Any]]:
    for mail in mails:
        of_proposal = select(PROPOSALS.c.sequence).where(
            PROPOSALS.c.dataset == mail.dataset, PROPOSALS.c.id == mail.proposal
        )
        yield {
            "id": mail.id,
            "dataset": mail.dataset,
            "proposal": connection.execute(of_proposal).scalar_one_or_none(),
            "kind": mail.kind,
            "recipient": mail.recipient,
            "locale": mail.locale,
            "detail": json_text(mail.detail),
            "created_at": time_text(mail.created_at),
            "attempts": mail.attempts,
            "retry_at": moment_text(mail.retry_at),
            "fault": mail.fault,
        }


def _mail(row: Row[Any]) -> Mail:
    return Mail(
        id=row.id,
        dataset=row.dataset,
        proposal=row.of_proposal,
        kind=row.kind,
        recipient=row.recipient,
        locale=row.locale,
        created_at=datetime.fromisoformat(row.created_at),
        detail=orjson.loads(row.detail),
        attempts=row.attempts,
        retry_at=moment_of(row.retry_at),
        fault=row.fault,
    )

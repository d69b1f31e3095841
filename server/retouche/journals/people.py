"""Erasing what the journal's database holds of persons."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    delete,
    exists,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.engine import Connection, Row

from retouche.journals.accounts import KEPT
from retouche.journals.database import Database
from retouche.journals.rows import json_text, time_text
from retouche.journals.tables import (
    ACCOUNTS,
    BLOCKS,
    CONFIRMATIONS,
    EVENTS,
    IDEMPOTENCY,
    NOTES,
    OUTBOX,
    PROPOSALS,
    REMARKS,
)
from retouche.ports import Clock, Erased

BATCH = 200
"""Proposals that are erased in one transaction, so that writers wait for moments only."""
NAMING = frozenset({"author", "comment", "contributor", "email", "name", "recipient"})
"""What in the detail of an event may name a person."""
ERASED = "…"
"""Stands where a name stood in the words of somebody else."""
NO_HASH = ""
"""The body of a request that held a name is known by no hash any more: to send it again is a
mismatch, never a second proposal."""
SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Of what is erased: all that are given hold for it."""

    before: datetime | None
    dataset: str | None
    proposal: str | None
    contact: str | None
    address: str | None


class SqlPeople:
    """`ports.People`. Safe for threads, and across fork. Erasing again erases what came since."""

    def __init__(self, database: Database, *, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self._database = database
        self._clock = clock

    def erase(
        self,
        *,
        before: datetime | None = None,
        dataset: str | None = None,
        proposal: str | None = None,
        contact: str | None = None,
        address: str | None = None,
    ) -> Erased:
        """Raises `StorageFull` and `ForgeUnavailable`: then part of it may be erased."""
        given = Conditions(
            before=before, dataset=dataset, proposal=proposal, contact=contact, address=address
        )
        proposals = notes = mails = 0
        after = 0
        while True:
            with self._database.writing() as connection:
                batch = connection.execute(_proposals(given, after)).all()
                for row in batch:
                    _erase_proposal(connection, row, comment=contact is not None)
                numbers = [row.sequence for row in batch]
                notes += _drop(connection, delete(NOTES).where(NOTES.c.proposal.in_(numbers)))
                mails += _drop(connection, delete(OUTBOX).where(OUTBOX.c.proposal.in_(numbers)))
            proposals += len(batch)
            if len(batch) < BATCH:
                break
            after = batch[-1].sequence
        with self._database.writing() as connection:
            found = Erased(
                proposals=proposals,
                remarks=_erase_remarks(connection, given),
                confirmations=_erase_confirmations(connection, given),
                mails=mails + _drop_mails(connection, given),
                notes=notes,
                accounts=_drop_accounts(connection, given, self._clock()),
                blocks=_drop_blocks(connection, given),
            )
        self._database.scour()
        return found


def _proposals(given: Conditions, after: int) -> Select[Any]:
    """The next of those that hold something of a person."""
    columns = PROPOSALS.c
    noted = exists().where(
        EVENTS.c.proposal == columns.sequence, EVENTS.c.kind == "note", EVENTS.c.actor.is_not(None)
    )
    holds = or_(
        columns.contributor.is_not(None),
        columns.sender.is_not(None),
        columns.contact.is_not(None),
        exists().where(NOTES.c.proposal == columns.sequence),
        exists().where(OUTBOX.c.proposal == columns.sequence),
        noted,
    )
    wanted = and_(
        holds,
        _given(columns.updated_at < _text(given.before), given.before),
        _given(columns.dataset == given.dataset, given.dataset),
        _given(columns.id == given.proposal, given.proposal),
        _given(columns.contact == given.contact, given.contact),
    )
    return (
        select(PROPOSALS)
        .where(wanted, columns.sequence > after)
        .order_by(columns.sequence)
        .limit(BATCH)
        .with_for_update()
    )


def _erase_proposal(connection: Connection, row: Row[Any], *, comment: bool) -> None:
    named = _names(row.contributor)
    values = {
        "contributor": None,
        "sender": None,
        "contact": None,
        "comment": None if comment else _blank(row.comment, named),
        "decision": None if row.decision is None else _spoken(row.decision, named),
        "erased": True,
    }
    here = PROPOSALS.c.sequence == row.sequence
    connection.execute(update(PROPOSALS).where(here).values(values))
    used = update(IDEMPOTENCY).where(IDEMPOTENCY.c.proposal == row.sequence)
    connection.execute(used.values(body_hash=NO_HASH))
    of_proposal = select(EVENTS).where(EVENTS.c.proposal == row.sequence)
    for event in connection.execute(of_proposal).all():
        # Who wrote a note is a person whose words are erased; all others decided something.
        actor = None if event.kind == "note" else event.actor
        detail = _spoken(event.detail, named)
        if (actor, detail) != (event.actor, event.detail):
            changed = update(EVENTS).where(EVENTS.c.sequence == event.sequence)
            connection.execute(changed.values(actor=actor, detail=detail))


def _erase_remarks(connection: Connection, given: Conditions) -> int:
    """With a mail address, remarks go as a whole: they are comments and nothing else."""
    columns = REMARKS.c
    if given.proposal is not None:
        return 0
    wanted = and_(
        _given(columns.dataset == given.dataset, given.dataset),
        _given(func.coalesce(columns.closed_at, columns.time) < _text(given.before), given.before),
    )
    if given.contact is not None:
        numbers = [] if given.address is None else _unhashed(connection, wanted, given.address)
        theirs = or_(columns.contact == given.contact, columns.sequence.in_(numbers))
        return _drop(connection, delete(REMARKS).where(wanted, theirs))
    holds = or_(
        columns.contributor.is_not(None), columns.sender.is_not(None), columns.contact.is_not(None)
    )
    found = connection.execute(select(REMARKS).where(wanted, holds)).all()
    for row in found:
        values = {
            "contributor": None,
            "sender": None,
            "contact": None,
            "comment": _blank(row.comment, _names(row.contributor)),
            "body_hash": NO_HASH,
        }
        connection.execute(update(REMARKS).where(columns.sequence == row.sequence).values(values))
    return len(found)


def _unhashed(connection: Connection, wanted: ColumnElement[bool], address: str) -> list[int]:
    """The remarks of a mail address that are older than the hashes."""
    columns = REMARKS.c
    query = select(columns.sequence, columns.contributor).where(
        wanted, columns.contact.is_(None), columns.contributor.is_not(None)
    )
    same = address.strip().lower()
    return [
        number
        for number, contributor in connection.execute(query)
        if str(orjson.loads(contributor).get("email") or "").strip().lower() == same
    ]


def _erase_confirmations(connection: Connection, given: Conditions) -> int:
    columns = CONFIRMATIONS.c
    if given.proposal is not None or given.contact is not None:
        return 0
    wanted = and_(
        columns.sender.is_not(None),
        _given(columns.dataset == given.dataset, given.dataset),
        _given(columns.time < _text(given.before), given.before),
    )
    values = {"sender": None, "body_hash": NO_HASH}
    return _drop(connection, update(CONFIRMATIONS).where(wanted).values(values))


def _drop_mails(connection: Connection, given: Conditions) -> int:
    """Those that are of no proposal."""
    columns = OUTBOX.c
    if given.proposal is not None or given.contact is not None:
        return 0
    wanted = and_(
        columns.proposal.is_(None),
        _given(columns.dataset == given.dataset, given.dataset),
        _given(columns.created_at < _text(given.before), given.before),
    )
    return _drop(connection, delete(OUTBOX).where(wanted))


def _drop_accounts(connection: Connection, given: Conditions, now: datetime) -> int:
    """Sign-ins that have expired."""
    columns = ACCOUNTS.c
    if given.proposal is not None or given.contact is not None:
        return 0
    wanted = and_(
        columns.kept_at < time_text(now - KEPT),
        _given(columns.dataset == given.dataset, given.dataset),
    )
    return _drop(connection, delete(ACCOUNTS).where(wanted))


def _drop_blocks(connection: Connection, given: Conditions) -> int:
    """A block that has no end lasts until its own contact is erased."""
    columns = BLOCKS.c
    if given.proposal is not None:
        return 0
    ended = _given(columns.until < _text(given.before), given.before)
    wanted = and_(
        _given(columns.dataset == given.dataset, given.dataset),
        ended if given.contact is None else columns.contact == given.contact,
    )
    return _drop(connection, delete(BLOCKS).where(wanted))


def _given(condition: ColumnElement[bool], value: object) -> ColumnElement[bool]:
    return true() if value is None else condition


def _text(time: datetime | None) -> str:
    return "" if time is None else time_text(time)


def _drop(connection: Connection, statement: Any) -> int:
    return int(connection.execute(statement).rowcount)


def _names(contributor: str | None) -> re.Pattern[str] | None:
    """What finds the name and the mail address of a contributor in the words of others."""
    given: Mapping[str, Any] = orjson.loads(contributor) if contributor else {}
    words = {str(one).strip() for one in given.values()}
    found = [re.escape(one) for one in words if len(one) >= SHORTEST_NAME]
    if not found:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(found)})(?!\w)", re.IGNORECASE)


def _blank(text: str | None, named: re.Pattern[str] | None) -> str | None:
    return text if text is None or named is None else named.sub(ERASED, text)


def _spoken(text: str, named: re.Pattern[str] | None) -> str:
    """The detail of an event, or a decision, without the names in what a reviewer said."""
    found = orjson.loads(text)
    kept = {name: value for name, value in found.items() if name not in NAMING}
    message = kept.get("message")
    if isinstance(message, str):
        kept["message"] = _blank(message, named)
    if isinstance(kept.get("refused"), list):  # of a decision: each part with its own message
        kept["refused"] = [
            {**one, "message": _blank(one.get("message"), named)} for one in kept["refused"]
        ]
    return text if kept == found else str(json_text(kept))

"""Blocks and pauses in the journal's database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, delete, exists, false, or_, select, union
from sqlalchemy.engine import Row

from retouche.journals.database import Database
from retouche.journals.merging import add_missing, put
from retouche.journals.rows import moment_of, moment_text, proposal_of, time_text
from retouche.journals.tables import BLOCKS, PAUSES, PROPOSALS
from retouche.ports import Block, Pause, Proposal, Sender


class SqlModeration:
    """`ports.Moderation`. Safe for threads, and across fork."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- Blocks -----------------------------------------------------------------------------

    def blocks(self, dataset: str) -> Sequence[Block]:
        newest = (
            select(BLOCKS).where(BLOCKS.c.dataset == dataset).order_by(BLOCKS.c.sequence.desc())
        )
        with self._database.reading() as connection:
            return [_block(row) for row in connection.execute(newest)]

    def block(self, block: Block) -> None:
        values = {
            "dataset": block.dataset,
            "id": block.id,
            "sender": block.sender.address,
            "contact": block.sender.contact,
            "reason": block.reason,
            "by": block.by,
            "created_at": time_text(block.created_at),
            "until": moment_text(block.until),
        }
        with self._database.writing() as connection:
            add_missing(connection, BLOCKS, [values], by=["dataset", "id"])

    def unblock(self, dataset: str, block: str) -> None:
        one = and_(BLOCKS.c.dataset == dataset, BLOCKS.c.id == block)
        with self._database.writing() as connection:
            connection.execute(delete(BLOCKS).where(one))

    def is_blocked(self, dataset: str, sender: Sender, *, now: datetime) -> bool:
        here = and_(
            BLOCKS.c.dataset == dataset,
            or_(false(), *_hashes(BLOCKS, sender)),
            _lasts(BLOCKS, now),
        )
        with self._database.reading() as connection:
            return bool(connection.execute(select(exists().where(here))).scalar_one())

    # -- Pauses -----------------------------------------------------------------------------

    def pause(self, dataset: str, *, now: datetime) -> Pause | None:
        query = select(PAUSES).where(PAUSES.c.dataset == dataset, _lasts(PAUSES, now))
        with self._database.reading() as connection:
            found = connection.execute(query).one_or_none()
        return None if found is None else _pause(found)

    def set_pause(self, pause: Pause) -> None:
        values = {
            "dataset": pause.dataset,
            "message": pause.message,
            "by": pause.by,
            "since": time_text(pause.since),
            "until": moment_text(pause.until),
        }
        with self._database.writing() as connection:
            put(connection, PAUSES, values)

    def resume(self, dataset: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(PAUSES).where(PAUSES.c.dataset == dataset))

    # -- Proposals of one sender ------------------------------------------------------------

    def sent_by(self, dataset: str, sender: Sender, *, limit: int = 1_000) -> Sequence[Proposal]:
        numbers = select(PROPOSALS.c.sequence).where(PROPOSALS.c.dataset == dataset)
        # Two questions, each with an index: SQLite would look at all proposals for one with "or".
        found = union(*(numbers.where(one) for one in (false(), *_hashes(PROPOSALS, sender))))
        query = (
            select(PROPOSALS)
            .where(PROPOSALS.c.sequence.in_(found))
            .order_by(PROPOSALS.c.sequence.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [proposal_of(row) for row in connection.execute(query)]


def _hashes(table: Table, sender: Sender) -> list[ColumnElement[bool]]:
    """Same network prefix; same mail address: those of the two that are known."""
    given = {"sender": sender.address, "contact": sender.contact}
    return [table.c[name] == value for name, value in given.items() if value is not None]


def _lasts(table: Table, now: datetime) -> ColumnElement[bool]:
    return or_(table.c.until.is_(None), table.c.until > time_text(now))


def _block(row: Row[Any]) -> Block:
    return Block(
        id=row.id,
        dataset=row.dataset,
        sender=Sender(address=row.sender, contact=row.contact),
        by=row.by,
        created_at=datetime.fromisoformat(row.created_at),
        until=moment_of(row.until),
        reason=row.reason,
    )


def _pause(row: Row[Any]) -> Pause:
    return Pause(
        dataset=row.dataset,
        by=row.by,
        since=datetime.fromisoformat(row.since),
        until=moment_of(row.until),
        message=row.message,
    )

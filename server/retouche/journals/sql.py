"""The journal in a database, SQLite by default: what it has returned survives any kill."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, and_, func, select, update
from sqlalchemy.exc import IntegrityError

from retouche.core.errors import IdempotencyMismatch, NotFound
from retouche.journals.database import Database
from retouche.journals.filtering import wanted_by
from retouche.journals.merging import put
from retouche.journals.rows import (
    add_event,
    add_proposal,
    add_touched_rows,
    event_of,
    indexed_key,
    known_proposal,
    one_proposal,
    proposal_of,
    time_text,
    touches,
    values_of,
)
from retouche.journals.tables import EVENTS, PROPOSAL_ROWS, PROPOSALS, REVIEWERS
from retouche.ports import EVERYTHING, Clock, Event, Filters, Pending, Proposal

UNDECIDED = ("queued", "open")
ERASABLE = ("contributor", "sender", "contact", "comment", "erased")
"""Columns of a proposal that stay as they are once it is erased."""


class SqlJournal:
    """`ports.Journal`, and the reviewers, in one database. Safe for threads, and across fork."""

    def __init__(self, database: Database, *, clock: Clock = lambda: datetime.now(UTC)) -> None:
        self.database = database
        self._clock = clock

    def close(self) -> None:
        """Close the connections of this process; the journal stays usable."""
        self.database.close()

    # -- Proposals --------------------------------------------------------------------------

    def add(self, proposal: Proposal, *, idempotency_key: str | None, body_hash: str) -> Proposal:
        try:
            with self.database.writing() as connection:
                if idempotency_key is not None:
                    known = known_proposal(connection, proposal.dataset, idempotency_key, body_hash)
                    if known is not None:
                        return known
                return add_proposal(connection, proposal, idempotency_key, body_hash)
        except IntegrityError:  # another server used the key, or the id, at the same time
            if idempotency_key is not None:
                known = self.find(proposal.dataset, idempotency_key, body_hash)
                if known is not None:
                    return known
            present = self.get(proposal.dataset, proposal.id)
            if present.operations != proposal.operations:
                raise IdempotencyMismatch() from None
            return present

    def get(self, dataset: str, proposal: str) -> Proposal:
        with self.database.reading() as connection:
            row = connection.execute(one_proposal(dataset, proposal)).one_or_none()
        if row is None:
            raise NotFound("unknown_proposal", proposal=proposal[:80])
        return proposal_of(row)

    def find(self, dataset: str, idempotency_key: str, body_hash: str) -> Proposal | None:
        with self.database.reading() as connection:
            return known_proposal(connection, dataset, idempotency_key, body_hash)

    def update(self, proposal: Proposal, event: Event | None = None) -> None:
        with self.database.writing() as connection:
            one = one_proposal(proposal.dataset, proposal.id).with_for_update()
            present = connection.execute(one).one_or_none()
            if present is None:
                raise NotFound("unknown_proposal", proposal=proposal.id[:80])
            values = values_of(proposal)
            if present.erased:  # who changes it may have read it before
                values = {name: one for name, one in values.items() if name not in ERASABLE}
            connection.execute(
                update(PROPOSALS).where(PROPOSALS.c.sequence == present.sequence).values(values)
            )
            if values["operations"] != present.operations:
                of_proposal = PROPOSAL_ROWS.c.proposal == present.sequence
                connection.execute(PROPOSAL_ROWS.delete().where(of_proposal))
                add_touched_rows(connection, proposal, present.sequence)
            if event is not None:
                add_event(connection, event, present.sequence)

    def page(
        self,
        datasets: str | Sequence[str],
        filters: Filters = EVERYTHING,
        *,
        oldest_first: bool = False,
        offset: int = 0,
        limit: int = 20,
    ) -> tuple[Sequence[Proposal], int]:
        wanted = wanted_by(datasets, filters)
        number = PROPOSALS.c.sequence
        order = number if oldest_first else number.desc()
        # The numbers first: putting whole proposals in order costs as many bytes as they have.
        shown = select(number).where(wanted).order_by(order).offset(offset).limit(limit)
        with self.database.reading() as connection:
            total = connection.execute(
                select(func.count()).select_from(PROPOSALS).where(wanted)
            ).scalar_one()
            numbers = list(connection.execute(shown).scalars())
            rows = connection.execute(
                select(PROPOSALS).where(number.in_(numbers)).order_by(order)
            ).all()
        return [proposal_of(row) for row in rows], total

    def touching(
        self, dataset: str, resource: str, key: Sequence[str] | None = None
    ) -> Sequence[Proposal]:
        rows = PROPOSAL_ROWS.c
        numbers = select(rows.proposal).where(rows.dataset == dataset, rows.resource == resource)
        if key is None:
            wanted = PROPOSALS.c.sequence.in_(numbers)
        else:
            named = numbers.where(rows.row_key == indexed_key(key))
            wanted = PROPOSALS.c.sequence.in_(named.union(numbers.where(rows.row_key.is_(None))))
        query = (
            select(PROPOSALS)
            .where(wanted)
            .where(PROPOSALS.c.state.in_(UNDECIDED))
            .order_by(PROPOSALS.c.sequence)
        )
        found = self._all(query)
        if key is None:
            return found
        return [one for one in found if touches(one, resource, tuple(key))]

    def pending(
        self, dataset: str, resource: str, keys: Sequence[Sequence[str]] | None, *, limit: int
    ) -> Sequence[Pending]:
        rows, proposals = PROPOSAL_ROWS.c, PROPOSALS.c
        here = and_(rows.dataset == dataset, rows.resource == resource)
        open_here = (
            select(rows.row_key, rows.position, proposals.sequence)
            .join(PROPOSALS, rows.proposal == proposals.sequence)
            .where(here, proposals.state.in_(UNDECIDED))
        )
        with self.database.reading() as connection:
            if keys is None:
                known = (
                    select(rows.row_key)
                    .distinct()
                    .join(PROPOSALS, rows.proposal == proposals.sequence)
                )
                known = known.where(here, rows.row_key.is_not(None))
                known = known.where(
                    proposals.dataset == dataset, proposals.state.in_(UNDECIDED)
                ).limit(limit)
                wanted = list(connection.execute(known).scalars())
            else:
                wanted = [indexed_key(one) for one in keys]
            touched = connection.execute(
                open_here.where(rows.row_key.in_(wanted)).order_by(proposals.sequence)
            ).all()
            numbers = {row.sequence for row in touched}
            found = connection.execute(select(PROPOSALS).where(proposals.sequence.in_(numbers)))
            by_number = {row.sequence: proposal_of(row) for row in found}
        return [_pending(by_number[row.sequence], row.position) for row in touched]

    def unfinished(self, dataset: str) -> Sequence[Proposal]:
        numbers = select(PROPOSALS.c.sequence).where(PROPOSALS.c.dataset == dataset)
        # Two questions, each with an index: SQLite would look at all proposals for one with "or".
        queued = numbers.where(PROPOSALS.c.state == "queued")
        begun = numbers.where(PROPOSALS.c.pending.is_(True))
        return self._all(
            select(PROPOSALS)
            .where(PROPOSALS.c.sequence.in_(queued.union(begun)))
            .order_by(PROPOSALS.c.sequence)
        )

    def undecided(self, dataset: str, *, after: int = 0, limit: int = 500) -> Sequence[Proposal]:
        here = and_(PROPOSALS.c.dataset == dataset, PROPOSALS.c.state.in_(UNDECIDED))
        return self._all(
            select(PROPOSALS)
            .where(here, PROPOSALS.c.sequence > after)
            .order_by(PROPOSALS.c.sequence)
            .limit(limit)
        )

    def events(self, dataset: str, proposal: str) -> Sequence[Event]:
        query = (
            select(EVENTS, PROPOSALS.c.id)
            .join(PROPOSALS, EVENTS.c.proposal == PROPOSALS.c.sequence)
            .where(PROPOSALS.c.dataset == dataset, PROPOSALS.c.id == proposal)
            .order_by(EVENTS.c.sequence)
        )
        with self.database.reading() as connection:
            rows = connection.execute(query).all()
        return [event_of(row) for row in rows]

    def counts(self, dataset: str) -> Mapping[str, int]:
        query = (
            select(PROPOSALS.c.state, func.count())
            .where(PROPOSALS.c.dataset == dataset)
            .group_by(PROPOSALS.c.state)
        )
        with self.database.reading() as connection:
            return {state: count for state, count in connection.execute(query)}

    # -- Reviewers --------------------------------------------------------------------------

    def reviewer(self, token_hash: str) -> str | None:
        """The name that a token's hash belongs to."""
        query = select(REVIEWERS.c.name).where(REVIEWERS.c.token_hash == token_hash)
        with self.database.reading() as connection:
            return connection.execute(query).scalar_one_or_none()

    def add_reviewer(self, name: str, token_hash: str) -> None:
        """Let a token sign a reviewer in; the reviewer's token before it stops to."""
        values = {"token_hash": token_hash, "created_at": time_text(self._clock())}
        with self.database.writing() as connection:
            put(connection, REVIEWERS, {"name": name, **values})

    def reviewers(self) -> list[str]:
        """The names of all reviewers, sorted."""
        with self.database.reading() as connection:
            return list(connection.execute(select(REVIEWERS.c.name).order_by("name")).scalars())

    def _all(self, query: Select[Any]) -> list[Proposal]:
        with self.database.reading() as connection:
            return [proposal_of(row) for row in connection.execute(query)]


def _pending(proposal: Proposal, position: int) -> Pending:
    operation = proposal.operations[position]
    return Pending(key=tuple(operation["key"].values()), proposal=proposal, operation=operation)

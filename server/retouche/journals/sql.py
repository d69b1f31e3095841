"""The journal in a database, SQLite by default: what it has returned survives any kill.

SQLAlchemy Core alone; errors of the database become ours here once.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Select, and_, create_engine, event, func, insert, or_, select, update
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from retouche.core.errors import (
    ForgeUnavailable,
    IdempotencyMismatch,
    NotFound,
    RetoucheError,
    StorageFull,
    Unsupported,
)
from retouche.journals.rows import (
    add_event,
    add_proposal,
    add_touched_rows,
    event_of,
    key_text,
    known_proposal,
    one_proposal,
    proposal_of,
    time_text,
    touches,
    values_of,
)
from retouche.journals.tables import (
    EVENTS,
    METADATA,
    PROPOSAL_ROWS,
    PROPOSALS,
    REVIEWERS,
    SCHEMA_VERSION,
    VERSION,
)
from retouche.ports import Clock, Event, Proposal, State

BUSY_TIMEOUT = 20_000
"""Longest wait for another writer of the SQLite file, in milliseconds."""
UNDECIDED = ("queued", "open")
_FULL = ("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "53100")


class SqlJournal:
    """`ports.Journal`, and the reviewers, in one database. Safe for threads, and across fork."""

    def __init__(self, url: str, *, clock: Clock = lambda: datetime.now(UTC)) -> None:
        """Open the database, and make its tables. Raises `Unsupported` for a newer journal."""
        self._url = make_url(url)
        self._clock = clock
        self._engines: dict[int, Engine] = {}
        with _translated():
            self._make_tables()
        # Nothing is left open for a fork to share.
        self.close()

    def close(self) -> None:
        """Close the connections of this process; the journal stays usable."""
        self._engine.dispose()

    # -- Proposals --------------------------------------------------------------------------

    def add(self, proposal: Proposal, *, idempotency_key: str | None, body_hash: str) -> Proposal:
        try:
            with self._writing() as connection:
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
        with self._reading() as connection:
            row = connection.execute(one_proposal(dataset, proposal)).one_or_none()
        if row is None:
            raise NotFound("unknown_proposal", proposal=proposal[:80])
        return proposal_of(row)

    def find(self, dataset: str, idempotency_key: str, body_hash: str) -> Proposal | None:
        with self._reading() as connection:
            return known_proposal(connection, dataset, idempotency_key, body_hash)

    def update(self, proposal: Proposal, event: Event | None = None) -> None:
        with self._writing() as connection:
            present = connection.execute(one_proposal(proposal.dataset, proposal.id)).one_or_none()
            if present is None:
                raise NotFound("unknown_proposal", proposal=proposal.id[:80])
            values = values_of(proposal)
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
        self, dataset: str, *, states: Sequence[State] = (), offset: int = 0, limit: int = 20
    ) -> tuple[Sequence[Proposal], int]:
        wanted = PROPOSALS.c.dataset == dataset
        if states:
            wanted = and_(wanted, PROPOSALS.c.state.in_(states))
        newest = select(PROPOSALS).where(wanted).order_by(PROPOSALS.c.sequence.desc())
        with self._reading() as connection:
            total = connection.execute(
                select(func.count()).select_from(PROPOSALS).where(wanted)
            ).scalar_one()
            rows = connection.execute(newest.offset(offset).limit(limit)).all()
        return [proposal_of(row) for row in rows], total

    def touching(
        self, dataset: str, resource: str, key: Sequence[str] | None = None
    ) -> Sequence[Proposal]:
        rows = PROPOSAL_ROWS.c
        here = and_(rows.dataset == dataset, rows.resource == resource)
        if key is not None:
            here = and_(here, or_(rows.row_key == key_text(key), rows.row_key.is_(None)))
        query = (
            select(PROPOSALS)
            .where(PROPOSALS.c.sequence.in_(select(rows.proposal).where(here)))
            .where(PROPOSALS.c.state.in_(UNDECIDED))
            .order_by(PROPOSALS.c.sequence)
        )
        found = self._all(query)
        if key is None:
            return found
        return [one for one in found if touches(one, resource, tuple(key))]

    def unfinished(self, dataset: str) -> Sequence[Proposal]:
        begun = or_(PROPOSALS.c.state == "queued", PROPOSALS.c.pending.is_(True))
        return self._all(
            select(PROPOSALS)
            .where(PROPOSALS.c.dataset == dataset, begun)
            .order_by(PROPOSALS.c.sequence)
        )

    def events(self, dataset: str, proposal: str) -> Sequence[Event]:
        query = (
            select(EVENTS, PROPOSALS.c.id)
            .join(PROPOSALS, EVENTS.c.proposal == PROPOSALS.c.sequence)
            .where(PROPOSALS.c.dataset == dataset, PROPOSALS.c.id == proposal)
            .order_by(EVENTS.c.sequence)
        )
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return [event_of(row) for row in rows]

    def counts(self, dataset: str) -> Mapping[str, int]:
        query = (
            select(PROPOSALS.c.state, func.count())
            .where(PROPOSALS.c.dataset == dataset)
            .group_by(PROPOSALS.c.state)
        )
        with self._reading() as connection:
            return {state: count for state, count in connection.execute(query)}

    # -- Reviewers --------------------------------------------------------------------------

    def reviewer(self, token_hash: str) -> str | None:
        """The name that a token's hash belongs to."""
        query = select(REVIEWERS.c.name).where(REVIEWERS.c.token_hash == token_hash)
        with self._reading() as connection:
            return connection.execute(query).scalar_one_or_none()

    def add_reviewer(self, name: str, token_hash: str) -> None:
        """Let a token sign a reviewer in; the reviewer's token before it stops to."""
        values = {"token_hash": token_hash, "created_at": time_text(self._clock())}
        with self._writing() as connection:
            changed = connection.execute(
                update(REVIEWERS).where(REVIEWERS.c.name == name).values(values)
            )
            if changed.rowcount == 0:
                connection.execute(insert(REVIEWERS).values(name=name, **values))

    def reviewers(self) -> list[str]:
        """The names of all reviewers, sorted."""
        with self._reading() as connection:
            return list(connection.execute(select(REVIEWERS.c.name).order_by("name")).scalars())

    # -- Connections ------------------------------------------------------------------------

    @property
    def _engine(self) -> Engine:
        """The engine of this process: connections must not be used, nor closed, after a fork."""
        present = self._engines.get(os.getpid())
        return present or self._engines.setdefault(os.getpid(), self._new_engine())

    def _new_engine(self) -> Engine:
        if self._url.get_backend_name() != "sqlite":
            return create_engine(self._url, pool_pre_ping=True)
        engine = create_engine(self._url, poolclass=QueuePool)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine

    def _make_tables(self) -> None:
        path = self._url.database
        if self._url.get_backend_name() == "sqlite" and path:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            # Contributors' names and addresses are in it.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        with self._writing() as connection:
            SCHEMA_VERSION.create(connection, checkfirst=True)
            found = connection.execute(select(SCHEMA_VERSION.c.version)).scalar_one_or_none()
            if found is None:
                connection.execute(insert(SCHEMA_VERSION).values(version=VERSION))
            elif found != VERSION:
                raise Unsupported("journal_version", found=found, known=VERSION)
            METADATA.create_all(connection)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with _translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction that has the right to write from its start, so it cannot be refused
        later for what it has read."""
        with (
            _translated(),
            self._engine.connect() as connection,
            connection.execution_options(immediate=True).begin(),
        ):
            yield connection

    def _all(self, query: Select[Any]) -> list[Proposal]:
        with self._reading() as connection:
            return [proposal_of(row) for row in connection.execute(query)]


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, PoolTimeout, OSError) as error:
        raise _refusal(error) from error


def _refusal(error: Exception) -> RetoucheError:
    cause = getattr(error, "orig", None)
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    return StorageFull() if code in _FULL else ForgeUnavailable("journal_unavailable")

"""A database of the journal: its connections, safe for threads and across fork, and its tables.

SQLAlchemy Core alone; errors of the database become ours here once.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from retouche.core.errors import ForgeUnavailable, RetoucheError, StorageFull
from retouche.journals.engines import address_of, postgres_engine, sqlite_engine
from retouche.journals.migrations import OVERWRITTEN, is_current, migrate

HOLDERS = 10
"""Most threads of a process that hold locks of a PostgreSQL server at a time."""
_FULL = ("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "53100")


class Database:
    """Where all that must survive is written. Raises `StorageFull` and `ForgeUnavailable`.

    At PostgreSQL a process takes 10 connections at most, and 10 more for the locks that its
    threads hold. A thread that holds a lock reads and writes through the connection that holds
    it: once the server has given the lock to somebody else, it can write no more.
    """

    def __init__(self, url: str) -> None:
        """Open the database, and make or change its tables.

        Raises `Unsupported` for a newer journal, and for another kind of database.
        """
        self._address = address_of(url)
        self._engines: dict[tuple[int, str], Engine] = {}
        self._thread = threading.local()
        try:
            with _translated():
                self._prepare()
        finally:
            self.close()  # nothing is left open for a fork to share

    @property
    def is_server(self) -> bool:
        """Whether it is a PostgreSQL server, which machines may share."""
        return self._address.get_backend_name() == "postgresql"

    def close(self) -> None:
        """Close the connections of this process; the database stays usable."""
        for (process, _), engine in list(self._engines.items()):
            if process == os.getpid():
                engine.dispose()

    @property
    def engine(self) -> Engine:
        """The engine of this process: connections must not be used, nor closed, after a fork."""
        return self._engine("work")

    def _engine(self, use: str) -> Engine:
        key = os.getpid(), use
        return self._engines.get(key) or self._engines.setdefault(key, self._new_engine(use))

    def _new_engine(self, use: str) -> Engine:
        if not self.is_server:
            return sqlite_engine(self._address)
        if use == "locks":
            return postgres_engine(self._address, kept=2, overflow=HOLDERS - 2)
        return postgres_engine(self._address)

    def _prepare(self) -> None:
        path = self._address.database
        if not self.is_server and path:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            # Contributors' names and addresses are in it.
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        with self.reading() as connection:
            current = is_current(connection)
        if not current:
            with self.writing() as connection:
                migrate(connection)

    # -- Transactions -----------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees the same however long it lasts."""
        with _translated(), self._connected() as connection:
            if self.is_server:
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction. That of SQLite has the right to write from its start, so it cannot be
        refused later for what it has read; at PostgreSQL each statement sees what is there by
        then, and rows that depend on each other are read with their lock."""
        with _translated(), self._connected() as connection:
            if self.is_server:
                connection.execution_options(isolation_level="READ COMMITTED")
            else:
                connection.execution_options(begin="BEGIN IMMEDIATE")
            with connection.begin():
                yield connection

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        held = self._held()
        if held is None:
            with self.engine.connect() as connection:
                yield connection
            return
        if held.invalidated:  # it would connect anew, without the lock
            raise ForgeUnavailable("journal_unavailable")
        try:
            yield held
        finally:
            if not held.invalidated:
                held.rollback()

    # -- Connections that hold locks ----------------------------------------------------------

    @contextmanager
    def session(self) -> Iterator[Connection]:
        """The connection through which this thread reads and writes while it holds locks.

        The first call takes one, calls inside give the same.
        """
        held = self._held()
        if held is not None:
            yield held
            return
        with _translated():
            session = self._engine("locks").connect()
        self._thread.held = os.getpid(), session
        try:
            yield session
        finally:
            del self._thread.held
            with suppress(DBAPIError, PendingRollbackError):
                _let_go(session)
            session.close()

    def _held(self) -> Connection | None:
        process, connection = getattr(self._thread, "held", (None, None))
        return connection if process == os.getpid() else None

    # -- Files ------------------------------------------------------------------------------

    def scour(self) -> None:
        """Leave nothing of what was deleted, or overwritten, in the files of an SQLite database.

        Raises `ForgeUnavailable` when readers keep the log in use for too long.
        """
        if self.is_server:
            return
        with _translated(), self.engine.connect() as connection:
            alone = connection.execution_options(begin="")
            if not alone.exec_driver_sql("PRAGMA user_version").scalar_one():
                # It is from before deleting overwrote: made anew, once, it has no old bytes.
                alone.exec_driver_sql("VACUUM")
                alone.exec_driver_sql(f"PRAGMA user_version = {OVERWRITTEN}")
            busy, *_ = alone.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
        if busy:
            raise ForgeUnavailable("journal_unavailable")


def _let_go(session: Connection) -> None:
    """Give back whatever a session still holds, before somebody else gets it."""
    if session.invalidated:
        return
    try:
        session.rollback()
        session.exec_driver_sql("SELECT pg_advisory_unlock_all()")
        session.rollback()
    except DBAPIError:
        session.invalidate()
        raise


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, PendingRollbackError, PoolTimeout, OSError) as error:
        raise refusal(error) from error


def refusal(error: Exception) -> RetoucheError:
    """What an error of the database is to the rest of Retouche."""
    cause = getattr(error, "orig", None)
    code = getattr(cause, "sqlite_errorname", None) or getattr(cause, "sqlstate", None)
    return StorageFull() if code in _FULL else ForgeUnavailable("journal_unavailable")

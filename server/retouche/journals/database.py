"""A database of the journal: its connections, safe for threads and across fork, and its tables.

SQLAlchemy Core alone; errors of the database become ours here once.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, insert, select
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from retouche.core.errors import ForgeUnavailable, RetoucheError, StorageFull, Unsupported
from retouche.journals.migrations import migrate
from retouche.journals.tables import METADATA, SCHEMA_VERSION, VERSION

BUSY_TIMEOUT = 20_000
"""Longest wait for another writer of the SQLite file, in milliseconds."""
_FULL = ("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "53100")


class Database:
    """Where all that must survive is written. Raises `StorageFull` and `ForgeUnavailable`."""

    def __init__(self, url: str) -> None:
        """Open the database, and make or change its tables.

        Raises `Unsupported` for a newer journal.
        """
        self._url = make_url(url)
        self._engines: dict[int, Engine] = {}
        with _translated():
            self._make_tables()
        # Nothing is left open for a fork to share.
        self.close()

    def close(self) -> None:
        """Close the connections of this process; the database stays usable."""
        self.engine.dispose()

    @property
    def engine(self) -> Engine:
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
        with self.writing() as connection:
            SCHEMA_VERSION.create(connection, checkfirst=True)
            # Locked, so that of two servers that start together one migrates and one waits.
            present = select(SCHEMA_VERSION.c.version).with_for_update()
            found = connection.execute(present).scalar_one_or_none()
            if found is None:
                connection.execute(insert(SCHEMA_VERSION).values(version=VERSION))
            elif found > VERSION:
                raise Unsupported("journal_version", found=found, known=VERSION)
            else:
                migrate(connection, found)
            METADATA.create_all(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with _translated(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that has the right to write from its start, so it cannot be refused
        later for what it has read."""
        with (
            _translated(),
            self.engine.connect() as connection,
            connection.execution_options(immediate=True).begin(),
        ):
            yield connection


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

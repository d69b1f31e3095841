"""One decision at a time per dataset, across all machines that share a PostgreSQL server.

`locks_for(database, folder)` gives what suits a database: these locks, or those of files, which are
of one machine, beside an SQLite file. What belongs to one home, as the index of changes, may go on
with `FileLocks` in any case.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from retouche.core.errors import ForgeUnavailable
from retouche.journals.database import Database, refusal
from retouche.locks import FileLocks
from retouche.ports import Locks

TURN = 20.0
"""Seconds that the server lets us wait before it is asked again."""
_NOT_YET = "55P03"


class SqlLocks:
    """Exclusive locks by name, held by sessions of a PostgreSQL server: `ports.Locks`.

    The server frees them when a process dies, and within half a minute when its host is gone. A
    thread that holds one reads and writes through the session that holds it (`Database.session`):
    when the session is lost, and the lock with it, whatever is written next raises
    `ForgeUnavailable`. So do both methods when the server cannot be reached.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._threads: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    @contextmanager
    def hold(self, name: str) -> Iterator[None]:
        """Wait for the lock `name` and hold it."""
        # Threads of one process queue on the inner lock first: they need no connection for that.
        with self._threads[name], self._database.session() as session:
            while not _take(session, name, TURN):
                pass
            try:
                yield
            finally:
                _free(session, name)

    @contextmanager
    def attempt(self, name: str, *, seconds: float) -> Iterator[bool]:
        """Hold it if it can be had within some time; tells whether it is held."""
        end = time.monotonic() + seconds
        inner = self._threads[name]
        if not inner.acquire(timeout=max(seconds, 0)):
            yield False
            return
        try:
            with self._database.session() as session:
                if not _take(session, name, end - time.monotonic()):
                    yield False
                    return
                try:
                    yield True
                finally:
                    _free(session, name)
        finally:
            inner.release()


def locks_for(database: Database, folder: Path) -> Locks:
    """Locks that all processes take which share the database; `folder` has those of files."""
    return SqlLocks(database) if database.is_server else FileLocks(folder)


def _take(session: Connection, name: str, seconds: float) -> bool:
    """Whether the session holds the lock after some time at most."""
    if session.invalidated:  # it would connect anew, without the locks that it held
        raise ForgeUnavailable("journal_unavailable")
    key = {"key": _key(name)}
    try:
        with session.begin():
            if seconds <= 0:
                now = text("SELECT pg_try_advisory_lock(:key)")
                return bool(session.execute(now, key).scalar_one())
            wait = max(1, round(seconds * 1000))
            session.exec_driver_sql(f"SET LOCAL lock_timeout = {wait}")
            session.exec_driver_sql("SET LOCAL statement_timeout = 0")
            session.execute(text("SELECT pg_advisory_lock(:key)"), key)
            return True
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _NOT_YET:
            return False
        session.invalidate()  # nobody knows whether it holds the lock
        raise refusal(error) from error


def _free(session: Connection, name: str) -> None:
    """Give a lock back; a session that is lost holds none."""
    if session.invalidated:
        return
    try:
        with session.begin():
            session.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _key(name)})
    except DBAPIError:
        session.invalidate()


def _key(name: str) -> int:
    """The number of a lock; all locks of a database share 64 bits."""
    digest = hashlib.sha256(f"retouche {name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)

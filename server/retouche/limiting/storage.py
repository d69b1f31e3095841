"""Moving windows in an SQLite file, which the processes of one machine share.

A count that a power cut takes away only lets somebody send again, so nothing waits for the disk.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from limits.storage import MovingWindowSupport, Storage

TABLE = """
CREATE TABLE IF NOT EXISTS taken (name TEXT NOT NULL, until REAL NOT NULL);
CREATE INDEX IF NOT EXISTS taken_by_name ON taken (name, until);
CREATE INDEX IF NOT EXISTS taken_by_end ON taken (until);
"""
BUSY = 0.5
"""Seconds to wait for another process that writes; none takes a thousandth of it by itself."""
SLACK = 5.0
"""Seconds that the clocks of two processes may differ, or one waits for the other."""
SWEPT_EVERY = 200
"""Entries taken between two times that all which have run out are removed."""
LONGEST = 86_400 * 2
"""No entry counts longer than that, in seconds: one that seems to, came from a wrong clock."""


class SqliteStorage(Storage, MovingWindowSupport):
    """`limits.storage.Storage` for moving windows. Safe for threads, and across fork."""

    STORAGE_SCHEME = ["retouche+sqlite"]  # noqa: RUF012 - the library asks for it as it is

    def __init__(self, path: Path | None) -> None:
        """Without a path, the counts are in the memory of this process."""
        super().__init__()
        self._path = path
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._process = 0
        self._taken = 0

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    # -- Moving windows ---------------------------------------------------------------------

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        with self._writing() as connection:
            now = time.time()
            self._taken += 1
            if self._taken % SWEPT_EVERY == 1:
                _sweep(connection, now)
            if _count(connection, key, now, expiry) + amount > limit:
                return False
            rows = [(key, now + expiry)] * amount
            connection.executemany("INSERT INTO taken VALUES (?, ?)", rows)
        return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        now = time.time()
        with self._turn():
            connection = self._open()
            count = _count(connection, key, now, expiry)
            query = (
                "SELECT until FROM taken WHERE name = ? AND until > ? AND until <= ?"
                " ORDER BY until DESC LIMIT 1 OFFSET ?"
            )
            # More stand there than the limit after it was lowered: one goes in when the last of
            # the newest that fill it has run out.
            back = max(0, min(count, limit) - 1)
            latest = now + expiry + SLACK
            found = connection.execute(query, (key, now, latest, back)).fetchone()
        return (found[0] - expiry if found else now), count

    # -- What every storage has -------------------------------------------------------------

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        with self._writing() as connection:
            now = time.time()
            rows = [(key, now + expiry)] * amount
            connection.executemany("INSERT INTO taken VALUES (?, ?)", rows)
            return _count(connection, key, now, expiry)

    def get(self, key: str) -> int:
        with self._turn():
            return _count(self._open(), key, time.time(), LONGEST)

    def get_expiry(self, key: str) -> float:
        with self._turn():
            query = "SELECT max(until) FROM taken WHERE name = ?"
            found = self._open().execute(query, (key,)).fetchone()[0]
        return float(found or time.time())

    def check(self) -> bool:
        with self._turn():
            return bool(self._open().execute("SELECT 1").fetchone())

    def reset(self) -> int | None:
        with self._writing() as connection:
            return connection.execute("DELETE FROM taken").rowcount

    def clear(self, key: str) -> None:
        with self._writing() as connection:
            connection.execute("DELETE FROM taken WHERE name = ?", (key,))

    # -- The file ---------------------------------------------------------------------------

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One thread at a time. Raises `sqlite3.OperationalError` after `BUSY` seconds: while
        another process keeps the file locked, threads wait beside one another, not in a row."""
        if not self._lock.acquire(timeout=BUSY):
            raise sqlite3.OperationalError("another thread waits for the file")
        try:
            yield
        finally:
            self._lock.release()

    def _open(self) -> sqlite3.Connection:
        """The connection of this process; a forked child makes its own."""
        if self._connection is None or self._process != os.getpid():
            connection = sqlite3.connect(
                self._path or ":memory:",
                timeout=BUSY,
                isolation_level=None,
                check_same_thread=False,
            )
            _prepare(connection)
            self._connection, self._process = connection, os.getpid()
        return self._connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with self._turn():
            connection = self._open()
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _prepare(connection: sqlite3.Connection) -> None:
    """Make the table, unless it is there; processes that start together wait for each other.

    SQLite does not wait by itself while another one turns the write-ahead log on.
    """
    end = time.monotonic() + BUSY
    while True:
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("PRAGMA secure_delete=ON")
            connection.executescript(TABLE)
            return
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(0.005)


def _count(connection: sqlite3.Connection, key: str, now: float, expiry: int) -> int:
    """Entries that still count. One that ends much later than one made now would, came from a
    wrong clock."""
    query = "SELECT count(*) FROM taken WHERE name = ? AND until > ? AND until <= ?"
    return int(connection.execute(query, (key, now, now + expiry + SLACK)).fetchone()[0])


def _sweep(connection: sqlite3.Connection, now: float) -> None:
    connection.execute("DELETE FROM taken WHERE until <= ? OR until > ?", (now, now + LONGEST))

"""Connections to the two kinds of database: an SQLite file, or a PostgreSQL server."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from retouche.core.errors import Unsupported

BUSY_TIMEOUT = 20_000
"""Longest wait for another writer, in milliseconds."""
STATEMENT_TIMEOUT = 60_000
"""Longest time that a PostgreSQL server works on one statement, in milliseconds."""
POOL = 5
"""Connections that a process keeps to serve requests."""
OVERFLOW = 5
"""Those that it opens beside them while there is much to do."""
PATIENCE = 10
"""Seconds that a thread waits for one of them to be free."""
CONNECT_TIMEOUT = 5
"""Seconds that a server may take to answer a new connection."""
# A host that is gone without a word is noticed within about 20 seconds, by either side: until
# then its locks are held.
IDLE, INTERVAL, COUNT = 8, 4, 3
SILENT = 20_000


def address_of(url: str) -> URL:
    """The address of a database, with the driver that is used for it.

    Raises `Unsupported` for one that is neither SQLite nor PostgreSQL; never tells its password.
    """
    with suppress(ArgumentError, ValueError):
        address = make_url(url.strip())
        if address.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
            return address.set(drivername="postgresql+psycopg")
        if address.drivername in ("sqlite", "sqlite+pysqlite"):
            return address
    raise Unsupported("database_url")


def sqlite_engine(address: URL) -> Engine:
    engine = create_engine(
        address, poolclass=QueuePool, pool_size=POOL, max_overflow=OVERFLOW, pool_timeout=PATIENCE
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def postgres_engine(address: URL, *, kept: int = POOL, overflow: int = OVERFLOW) -> Engine:
    """Connections are tried before they are given out: a server may have been started anew."""
    engine = create_engine(
        address,
        pool_pre_ping=True,
        pool_size=kept,
        max_overflow=overflow,
        pool_timeout=PATIENCE,
        connect_args={
            "application_name": "retouche",
            "connect_timeout": CONNECT_TIMEOUT,
            "keepalives_idle": IDLE,
            "keepalives_interval": INTERVAL,
            "keepalives_count": COUNT,
            "tcp_user_timeout": SILENT,
        },
    )
    event.listen(engine, "connect", _prepare_postgres)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # transactions are begun by `_begin_sqlite`
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        # What is deleted is overwritten: names and addresses of people are.
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    begin = connection.get_execution_options().get("begin", "BEGIN")  # see `Database`
    if begin:
        connection.exec_driver_sql(begin)


def _prepare_postgres(connection: Any, _record: object) -> None:
    connection.autocommit = True
    connection.execute(
        f"""
        SET lock_timeout = {BUSY_TIMEOUT};
        SET statement_timeout = {STATEMENT_TIMEOUT};
        SET idle_in_transaction_session_timeout = {STATEMENT_TIMEOUT};
        SET tcp_keepalives_idle = {IDLE};
        SET tcp_keepalives_interval = {INTERVAL};
        SET tcp_keepalives_count = {COUNT};
        SET tcp_user_timeout = {SILENT};
        SET default_transaction_isolation = 'read committed';
        SELECT set_config('synchronous_commit', 'on', false)
          WHERE current_setting('synchronous_commit') = 'off'
        """
    )
    connection.autocommit = False

"""The index of row changes, in an SQLite file of its own that may be deleted at any time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import orjson
from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    insert,
    select,
)
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError
from sqlalchemy.pool import NullPool

from retouche.core.errors import ForgeUnavailable, RetoucheError, StorageFull
from retouche.ports import RowEntry

METADATA = MetaData()
# The content can always be made again: tables of another form are left alone, not converted.
FORM = 2
COMMITS = Table(
    f"commits_{FORM}",
    METADATA,
    Column("dataset", String, primary_key=True),
    Column("id", String, primary_key=True),
)
COUNTS = Table(
    f"counts_{FORM}",
    METADATA,
    Column("dataset", String, primary_key=True),
    Column("commit", String, primary_key=True),
    Column("resource", String, primary_key=True),
    Column("inserted", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("deleted", Integer, nullable=False),
    Column("unreadable", Boolean, nullable=False),
)
ROWS = Table(
    f"rows_{FORM}",
    METADATA,
    Column("dataset", String, nullable=False),
    Column("commit", String, nullable=False),
    Column("resource", String, nullable=False),
    Column("key", Text, nullable=False),
    Column("op", String, nullable=False),
    Column("cells", Text, nullable=False),
    Column("old_key", Text),
    Index(f"rows_by_key_{FORM}", "dataset", "resource", "key"),
)
# SQLite takes at most 32,766 values in a statement.
CHUNK = 10_000


class SqlChangeIndex:
    """`ports.ChangeIndex` on SQLite. Losing it costs time, never truth.

    A damaged file is deleted and begun again. Every call raises `StorageFull` when it cannot be
    written, and `ForgeUnavailable` when it cannot be used at all.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._engine: Engine = create_engine(f"sqlite:///{path.resolve()}", poolclass=NullPool)
        event.listen(self._engine, "connect", _settle)
        self._prepared = False

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        try:
            if not self._prepared:
                self._prepare()
            with self._engine.begin() as connection:
                yield connection
        except DatabaseError as error:
            if isinstance(error, IntegrityError):
                raise
            if not isinstance(error, OperationalError):
                self._prepared = False  # damaged while it was used: the next call begins again
                self._discard()
            raise _translated(error)

    def _prepare(self) -> None:
        """Make the tables; a file that is no database, or not this one, is begun again."""
        try:
            METADATA.create_all(self._engine)
        except DatabaseError as error:
            if _is_full(error):
                raise
            self._discard()
            METADATA.create_all(self._engine)
        self._prepared = True

    def _discard(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            with suppress(OSError):
                self._path.with_name(self._path.name + suffix).unlink()

    def missing(self, dataset: str, commits: Sequence[str]) -> set[str]:
        known: set[str] = set()
        with self._connected() as connection:
            for part in _chunks(commits):
                query = select(COMMITS.c.id).where(
                    COMMITS.c.dataset == dataset, COMMITS.c.id.in_(part)
                )
                known.update(connection.execute(query).scalars())
        return set(commits) - known

    def add(
        self,
        dataset: str,
        commit: str,
        counts: Mapping[str, tuple[int, int, int, bool]],
        entries: Sequence[RowEntry],
    ) -> None:
        try:
            with self._connected() as connection:
                connection.execute(insert(COMMITS), {"dataset": dataset, "id": commit})
                if counts:
                    connection.execute(
                        insert(COUNTS),
                        [
                            {
                                "dataset": dataset,
                                "commit": commit,
                                "resource": name,
                                "inserted": row[0],
                                "updated": row[1],
                                "deleted": row[2],
                                "unreadable": row[3],
                            }
                            for name, row in counts.items()
                        ],
                    )
                if entries:
                    connection.execute(
                        insert(ROWS),
                        [
                            {
                                "dataset": dataset,
                                "commit": commit,
                                "resource": one.resource,
                                "key": _key(one.key),
                                "op": one.op,
                                "cells": orjson.dumps(one.cells).decode(),
                                "old_key": None if one.old_key is None else _key(one.old_key),
                            }
                            for one in entries
                        ],
                    )
        except IntegrityError:
            return  # another process indexed the same commit, with the same result

    def counts(
        self, dataset: str, commits: Sequence[str]
    ) -> Mapping[str, Mapping[str, tuple[int, int, int, bool]]]:
        found: dict[str, dict[str, tuple[int, int, int, bool]]] = {}
        with self._connected() as connection:
            for part in _chunks(commits):
                query = select(COUNTS).where(COUNTS.c.dataset == dataset, COUNTS.c.commit.in_(part))
                for row in connection.execute(query):
                    found.setdefault(row.commit, {})[row.resource] = (
                        row.inserted,
                        row.updated,
                        row.deleted,
                        row.unreadable,
                    )
        return found

    def row(self, dataset: str, resource: str, key: Sequence[str]) -> Sequence[RowEntry]:
        query = select(ROWS).where(
            ROWS.c.dataset == dataset, ROWS.c.resource == resource, ROWS.c.key == _key(key)
        )
        with self._connected() as connection:
            return [
                RowEntry(
                    commit=row.commit,
                    resource=row.resource,
                    key=tuple(key),
                    op=row.op,
                    cells={
                        name: (old, new) for name, (old, new) in orjson.loads(row.cells).items()
                    },
                    old_key=None if row.old_key is None else tuple(orjson.loads(row.old_key)),
                )
                for row in connection.execute(query)
            ]


def _is_full(error: DatabaseError) -> bool:
    text = str(error.orig)
    return "full" in text or "disk I/O" in text or "readonly" in text


def _translated(error: DatabaseError) -> RetoucheError:
    return StorageFull() if _is_full(error) else ForgeUnavailable("journal_unavailable")


def _key(key: Sequence[str]) -> str:
    return orjson.dumps(list(key)).decode()


def _chunks(values: Sequence[str]) -> list[Sequence[str]]:
    return [values[start : start + CHUNK] for start in range(0, len(values), CHUNK)]


def _settle(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()

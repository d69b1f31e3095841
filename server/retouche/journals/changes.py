"""The index of row changes, in an SQLite file of its own that may be deleted at any time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import and_, create_engine, event, func, insert, or_, select
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError
from sqlalchemy.pool import NullPool

from retouche.core.errors import ForgeUnavailable, RetoucheError, StorageFull
from retouche.journals.lines import (
    BY_COMMIT,
    COMMITS,
    COUNTS,
    METADATA,
    ROWS,
    Lines,
    descent_of,
    stretches_of,
)
from retouche.ports import CommitChanges, Counted, Revision, RowEntry, RowEvent, RowTouch

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
            self._prepared = False  # damaged or deleted while it was used: the next begins again
            if not isinstance(error, OperationalError | IntegrityError):
                with self._alone():
                    if not self._is_sound():
                        self._discard()
            raise _translated(error)

    def _prepare(self) -> None:
        """Make the tables; a file that is no database, or not this one, is begun again."""
        with self._alone():
            try:
                METADATA.create_all(self._engine)
            except DatabaseError as error:
                if _is_full(error) or _is_busy(error):
                    raise
                self._discard()
                METADATA.create_all(self._engine)
            # A file of an earlier version has the tables, and not yet this index.
            BY_COMMIT.create(self._engine, checkfirst=True)
        self._prepared = True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While the file is made or discarded: what looks damaged may be new by now."""
        path = self._path.parent / "locks" / f"~{self._path.name}.lock"
        with ExitStack() as stack:
            with suppress(OSError):  # where nothing can be written, nothing is discarded either
                path.parent.mkdir(exist_ok=True)
                fcntl.flock(stack.enter_context(path.open("ab")), fcntl.LOCK_EX)
            yield

    def _is_sound(self) -> bool:
        try:
            with self._engine.connect() as connection:
                return connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar() == "ok"
        except OperationalError:  # it cannot be told now
            return True
        except DatabaseError:
            return False

    def _discard(self) -> None:
        for suffix in ("", "-journal", "-wal", "-shm"):
            with suppress(OSError):
                self._path.with_name(self._path.name + suffix).unlink()

    # -- Reading ------------------------------------------------------------------------------

    def missing(self, dataset: str, commits: Sequence[str]) -> set[str]:
        with self._connected() as connection:
            return set(commits) - _known(connection, dataset, commits)

    def length(self, dataset: str, commit: str) -> int | None:
        query = select(COMMITS.c.generation).where(
            COMMITS.c.dataset == dataset, COMMITS.c.id == commit
        )
        with self._connected() as connection:
            generation = connection.execute(query).scalar()
        return None if generation is None else generation + 1

    def revisions(
        self, dataset: str, commit: str, *, offset: int, limit: int
    ) -> Sequence[CommitChanges]:
        with self._connected() as connection:
            descent = descent_of(connection, dataset, commit)
            newest = max(descent.values(), default=-1) - offset
            stretches = [
                and_(COMMITS.c.line == line, COMMITS.c.generation.between(low, high))
                for line, low, high in stretches_of(descent, newest - limit + 1, newest)
            ]
            if not stretches:
                return []
            query = select(COMMITS).where(or_(*stretches)).order_by(COMMITS.c.generation.desc())
            rows = connection.execute(query).all()
            counts = _counts(connection, [row.number for row in rows])
        return [
            CommitChanges(revision=_revision(row), counts=counts.get(row.number, {}))
            for row in rows
        ]

    def row(
        self,
        dataset: str,
        commit: str,
        resource: str,
        key: Sequence[str],
        *,
        before: int | None = None,
    ) -> Sequence[RowEvent]:
        query = (
            select(COMMITS, ROWS.c.op, ROWS.c.cells, ROWS.c.old_key)
            .join_from(ROWS, COMMITS, ROWS.c.commit == COMMITS.c.number)
            .where(ROWS.c.dataset == dataset, ROWS.c.resource == resource, ROWS.c.key == _key(key))
            .order_by(COMMITS.c.generation.desc(), ROWS.c.number)
        )
        with self._connected() as connection:
            descent = descent_of(connection, dataset, commit)
            rows = connection.execute(query).all()
        return [
            RowEvent(
                generation=row.generation,
                revision=_revision(row),
                entry=_entry(resource, tuple(key), row),
            )
            for row in rows
            if row.generation <= descent.get(row.line, -1)
            and (before is None or row.generation < before)
        ]

    def touches(
        self, dataset: str, commit: str, resource: str, *, limit: int
    ) -> Sequence[RowTouch]:
        with self._connected() as connection:
            descent = descent_of(connection, dataset, commit)
            stretches = [
                and_(COMMITS.c.line == line, COMMITS.c.generation.between(low, high))
                for line, low, high in stretches_of(descent, 0, max(descent.values(), default=-1))
            ]
            if not stretches:
                return []
            query = (
                select(COMMITS.c.generation, COMMITS.c.time)
                .add_columns(ROWS.c.key, ROWS.c.op, ROWS.c.cells, ROWS.c.old_key)
                .join_from(ROWS, COMMITS, ROWS.c.commit == COMMITS.c.number)
                .where(ROWS.c.dataset == dataset, ROWS.c.resource == resource, or_(*stretches))
                .order_by(COMMITS.c.generation.desc(), ROWS.c.number)
                .limit(limit)
            )
            return [_touch(row) for row in connection.execute(query)]

    def entries(self, dataset: str, commit: str, *, limit: int) -> Sequence[RowEntry]:
        query = (
            select(ROWS)
            .join_from(ROWS, COMMITS, ROWS.c.commit == COMMITS.c.number)
            .where(COMMITS.c.dataset == dataset, COMMITS.c.id == commit)
            .order_by(ROWS.c.number)
            .limit(limit)
        )
        with self._connected() as connection:
            return [
                _entry(row.resource, tuple(orjson.loads(row.key)), row)
                for row in connection.execute(query)
            ]

    # -- Writing ------------------------------------------------------------------------------

    def add(
        self, dataset: str, changes: Sequence[CommitChanges], *, published: str | None = None
    ) -> None:
        with self._connected() as connection:
            # Numbers are given by what is read here, and other datasets are written meanwhile.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            known = _known(connection, dataset, [one.revision.id for one in changes])
            new = [one for one in changes if one.revision.id not in known]
            lines = Lines(connection, dataset, published)
            last = connection.execute(select(func.max(COMMITS.c.number))).scalar() or 0
            numbered = [*enumerate(new, last + 1)]
            for table, values in (
                (COMMITS, [lines.row(number, one.revision) for number, one in numbered]),
                (COUNTS, [row for number, one in numbered for row in _count_rows(number, one)]),
                (ROWS, [row for number, one in numbered for row in _rows(number, dataset, one)]),
            ):
                if values:
                    connection.execute(insert(table), values)


def _count_rows(commit: int, changes: CommitChanges) -> Iterator[dict[str, object]]:
    for name, (inserted, updated, deleted, unreadable) in changes.counts.items():
        if inserted or updated or deleted or unreadable:
            yield {
                "commit": commit,
                "resource": name,
                "inserted": inserted,
                "updated": updated,
                "deleted": deleted,
                "unreadable": unreadable,
            }


def _rows(commit: int, dataset: str, changes: CommitChanges) -> Iterator[dict[str, object]]:
    for one in changes.entries:
        yield {
            "dataset": dataset,
            "resource": one.resource,
            "key": _key(one.key),
            "commit": commit,
            "op": one.op,
            "cells": orjson.dumps(one.cells).decode(),
            "old_key": None if one.old_key is None else _key(one.old_key),
        }


def _known(connection: Connection, dataset: str, commits: Sequence[str]) -> set[str]:
    known: set[str] = set()
    for start in range(0, len(commits), CHUNK):
        part = commits[start : start + CHUNK]
        query = select(COMMITS.c.id).where(COMMITS.c.dataset == dataset, COMMITS.c.id.in_(part))
        known.update(connection.execute(query).scalars())
    return known


def _counts(connection: Connection, commits: Iterable[int]) -> Mapping[int, dict[str, Counted]]:
    found: dict[int, dict[str, Counted]] = {}
    query = select(COUNTS).where(COUNTS.c.commit.in_(list(commits)))
    for row in connection.execute(query):
        counted = (row.inserted, row.updated, row.deleted, row.unreadable)
        found.setdefault(row.commit, {})[row.resource] = counted
    return found


def _revision(row: Any) -> Revision:
    return Revision(
        id=row.id,
        parents=tuple(row.parents.split()),
        time=datetime.fromisoformat(row.time),
        message=row.message.decode("utf-8", "surrogatepass"),
        proposal=row.proposal,
    )


def _entry(resource: str, key: tuple[str, ...], row: Any) -> RowEntry:
    return RowEntry(
        resource=resource,
        key=key,
        op=row.op,
        cells={name: (old, new) for name, (old, new) in orjson.loads(row.cells).items()},
        old_key=None if row.old_key is None else tuple(orjson.loads(row.old_key)),
    )


def _touch(row: Any) -> RowTouch:
    return RowTouch(
        generation=row.generation,
        time=datetime.fromisoformat(row.time),
        key=tuple(orjson.loads(row.key)),
        op=row.op,
        fields=tuple(orjson.loads(row.cells)) if row.op == "update" else (),
        old_key=None if row.old_key is None else tuple(orjson.loads(row.old_key)),
    )


def _is_full(error: DatabaseError) -> bool:
    text = str(error.orig)
    return "full" in text or "disk I/O" in text or "readonly" in text


def _is_busy(error: DatabaseError) -> bool:
    return "locked" in str(error.orig)


def _translated(error: DatabaseError) -> RetoucheError:
    return StorageFull() if _is_full(error) else ForgeUnavailable("journal_unavailable")


def _key(key: Sequence[str]) -> str:
    return orjson.dumps(list(key)).decode()


def _settle(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined]
    # No write-ahead log: a connection lives for one question, and the last to go would empty it.
    cursor.execute("PRAGMA busy_timeout=10000")
    cursor.close()

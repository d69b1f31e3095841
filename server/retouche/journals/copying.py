"""The whole journal as lines of text, the same for every kind of database, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson
from sqlalchemy import Column, Table, delete, func, insert, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError, StatementError

from retouche.journals.database import Database
from retouche.journals.tables import INSTALLATION, METADATA, SCHEMA_VERSION, VERSION

CHUNK = 500
"""Rows that are read or written at a time."""


def copied_tables() -> tuple[Table, ...]:
    """All tables whose rows are copied, those that others refer to first."""
    return tuple(one for one in METADATA.sorted_tables if one is not SCHEMA_VERSION)


def schema_revision() -> str:
    """What the form of the tables is called: rows fit only into tables of the same form."""
    return str(VERSION)


@dataclass(frozen=True, slots=True)
class Reading:
    """The journal as it was at one moment, however long it is read."""

    connection: Connection

    def lines(self, table: str) -> Iterator[bytes]:
        """The rows of a table as JSON objects, one a line, in the order of its primary key."""
        found = METADATA.tables[table]
        rows = self.connection.execution_options(stream_results=True).execute(
            select(found).order_by(*found.primary_key.columns)
        )
        names = [str(one.name) for one in found.columns]
        for row in rows.yield_per(CHUNK):
            yield orjson.dumps(dict(zip(names, row, strict=True))) + b"\n"

    def counters(self) -> dict[str, int]:
        """The last number that each table has given, also to rows that are gone."""
        return {
            table.name: _last_number(self.connection, table)
            for table in copied_tables()
            if _counts(table)
        }


@contextmanager
def reading(database: Database) -> Iterator[Reading]:
    """Read all tables as they are now: what is written meanwhile is not seen."""
    with database.reading() as connection:
        # The moment is that of the first thing that is read.
        connection.execute(select(func.count()).select_from(SCHEMA_VERSION))
        yield Reading(connection)


@dataclass(frozen=True, slots=True)
class Writing:
    """An empty journal that is being filled: all of it or nothing."""

    connection: Connection

    def note(self, name: str, value: str) -> None:
        """Leave a word for who goes on with this after a kill: see `noted`."""
        self.connection.execute(delete(INSTALLATION).where(INSTALLATION.c.name == name))
        self.connection.execute(insert(INSTALLATION).values(name=name, value=value))

    def take(self, table: str, lines: Iterable[bytes]) -> int:
        """Insert rows; give how many. Raises `ValueError` for a line that is none of this table."""
        found = METADATA.tables[table]
        rows = (_row(found, line) for line in lines)
        count = 0
        while part := list(islice(rows, CHUNK)):
            try:
                self.connection.execute(insert(found), part)
            except (StatementError, OverflowError) as error:
                if isinstance(error, OperationalError):
                    raise  # not the rows: the disk, or the connection
                raise ValueError(f"not rows of {table}") from error
            count += len(part)
        return count

    def count_from(self, counters: Mapping[str, int]) -> None:
        """Give no number again that a table has given."""
        for table in copied_tables():
            if _counts(table) and table.name in counters:
                _set_last_number(self.connection, table, int(counters[table.name]))


@contextmanager
def writing(database: Database) -> Iterator[Writing]:
    """Fill a journal in one transaction."""
    with database.writing() as connection:
        yield Writing(connection)


def noted(database: Database, name: str) -> str | None:
    """What `Writing.note` left, None when nothing."""
    with database.reading() as connection:
        query = select(INSTALLATION.c.value).where(INSTALLATION.c.name == name)
        return connection.execute(query).scalar_one_or_none()


def forget(database: Database, name: str) -> None:
    """Take away what `Writing.note` left."""
    with database.writing() as connection:
        connection.execute(delete(INSTALLATION).where(INSTALLATION.c.name == name))


def is_empty(database: Database) -> bool:
    """Whether no table has a row."""
    with database.reading() as connection:
        return not any(
            connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in copied_tables()
        )


def _row(table: Table, line: bytes) -> dict[str, Any]:
    row = orjson.loads(line)
    if not isinstance(row, dict) or row.keys() != set(table.columns.keys()):
        raise ValueError(f"not a row of {table.name}")
    # SQLite takes anything anywhere, and whoever reads it finds out.
    if not all(_fits(column, row[column.name]) for column in table.columns):
        raise ValueError(f"not a row of {table.name}")
    return row


def _fits(column: Column[Any], value: object) -> bool:
    if value is None:
        return bool(column.nullable)
    kind = column.type.python_type
    return type(value) is (str if kind is object else kind)


def _counts(table: Table) -> bool:
    column = table.autoincrement_column
    return column is not None and bool(table.dialect_options["sqlite"]["autoincrement"])


def _last_number(connection: Connection, table: Table) -> int:
    column = table.autoincrement_column
    assert column is not None  # see `_counts`
    if connection.dialect.name == "sqlite":
        query = text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        return int(connection.execute(query, {"name": table.name}).scalar() or 0)
    known = connection.execute(
        text(
            "SELECT pg_sequence_last_value("
            "CAST(pg_get_serial_sequence(:table, :column) AS regclass))"
        ),
        {"table": table.name, "column": column.name},
    ).scalar()
    highest = connection.execute(select(func.max(column))).scalar()
    return max(int(known or 0), int(highest or 0))


def _set_last_number(connection: Connection, table: Table, number: int) -> None:
    column = table.autoincrement_column
    assert column is not None  # see `_counts`
    if number < 1:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(
            text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name}
        )
        connection.execute(
            text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :number)"),
            {"name": table.name, "number": number},
        )
        return
    connection.execute(
        text("SELECT setval(CAST(pg_get_serial_sequence(:table, :column) AS regclass), :number)"),
        {"table": table.name, "column": column.name, "number": number},
    )

"""Rows that may be there already: written by one statement, so that no other server is between."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection


def put(connection: Connection, table: Table, values: Mapping[str, Any]) -> None:
    """Insert a row, or replace the given columns of the one that has its primary key."""
    key = [column.name for column in table.primary_key]
    others = {name: value for name, value in values.items() if name not in key}
    insertion = _insertion(connection, table).values(dict(values))
    connection.execute(insertion.on_conflict_do_update(index_elements=key, set_=others))


def add_missing(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, by: Sequence[str]
) -> int:
    """Insert the rows that are not there yet by these columns; how many were inserted."""
    insertion = _insertion(connection, table).on_conflict_do_nothing(index_elements=list(by))
    return sum(connection.execute(insertion.values(dict(one))).rowcount for one in rows)


def _insertion(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)

"""Brings the tables of an earlier version to the present one, step by step, with alembic.

Alembic is loaded where there is something to do alone: it would make every command start later.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, MetaData, String, Table, delete, insert, inspect, select, text
from sqlalchemy.engine import Connection

from retouche.core.errors import Unsupported
from retouche.journals.tables import METADATA, PROPOSALS, SCHEMA_VERSION, VERSION

STEPS = Path(__file__).parent / "versions"
STAMP = "journal_version"
"""The table in which alembic notes the last step that was done."""
OVERWRITTEN = 1
"""`user_version` of an SQLite file in which all that was ever deleted was overwritten."""
_LOCK = 0x7265_746F_7563_6865
"""Held at a PostgreSQL server by whoever looks whether there is something to do, or does it."""


def is_current(connection: Connection) -> bool:
    """Whether the tables are those of this version. Raises `Unsupported` for a newer one."""
    if not inspect(connection).has_table(SCHEMA_VERSION.name):
        return False
    found = connection.execute(select(SCHEMA_VERSION.c.version)).scalar_one_or_none()
    if found is not None and found > VERSION:
        raise Unsupported("journal_version", found=found, known=VERSION)
    return found == VERSION


def migrate(connection: Connection) -> None:
    """Make the tables, or change those that are there, in the transaction of a connection.

    Of servers that start together one does it, and the others wait: the transaction of SQLite
    has the right to write from its start, at PostgreSQL there is a lock.
    """
    if connection.dialect.name == "postgresql":
        for setting in ("lock_timeout", "statement_timeout"):
            connection.exec_driver_sql(f"SET LOCAL {setting} = 0")
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    if is_current(connection):
        return
    if inspect(connection).has_table(PROPOSALS.name):
        _upgrade(connection)
    else:
        METADATA.create_all(connection)
        _stamp(connection)
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA user_version = {OVERWRITTEN}")
    connection.execute(delete(SCHEMA_VERSION))
    connection.execute(insert(SCHEMA_VERSION).values(version=VERSION))


def add_columns(table: str, *columns: Column[object]) -> None:
    """In a step: add what is not there."""
    from alembic import op

    present = {one["name"] for one in inspect(op.get_bind()).get_columns(table)}
    for column in columns:
        if column.name not in present:
            op.add_column(table, column)


def _upgrade(connection: Connection) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext
    from alembic.script import ScriptDirectory

    steps = ScriptDirectory(str(STEPS), version_locations=[str(STEPS)])
    with EnvironmentContext(
        Config(), steps, fn=lambda present, _: steps._upgrade_revs("head", present)
    ) as environment:
        environment.configure(connection=connection, version_table=STAMP)
        environment.run_migrations()


def _stamp(connection: Connection) -> None:
    """Note that no step is left to do: the tables were made as the last one leaves them."""
    stamp = Table(STAMP, MetaData(), Column("version_num", String(32), primary_key=True))
    stamp.create(connection)
    connection.execute(insert(stamp).values(version_num=f"{VERSION:04d}"))

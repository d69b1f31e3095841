"""Steps from the tables of an earlier version to those of the next.

Each runs once, in the transaction that opens the database; tables that are only added need none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import update
from sqlalchemy.engine import Connection

from retouche.journals.tables import SCHEMA_VERSION, VERSION


def migrate(connection: Connection, found: int) -> None:
    """Bring the tables from version `found` to the present one."""
    for version in range(found, VERSION):
        STEPS[version](connection)
        connection.execute(update(SCHEMA_VERSION).values(version=version + 1))


def _proposals_at_forges(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE proposals ADD COLUMN upstream TEXT")


STEPS: Mapping[int, Callable[[Connection], None]] = {1: _proposals_at_forges}
"""What leads away from each version."""

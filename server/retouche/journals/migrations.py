"""Steps from the tables of an earlier version to those of the next.

Each runs once, in the transaction that opens the database; tables that are only added need none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import inspect, update
from sqlalchemy.engine import Connection

from retouche.journals.tables import SCHEMA_VERSION, VERSION


def migrate(connection: Connection, found: int) -> None:
    """Bring the tables from version `found` to the present one."""
    for version in range(found, VERSION):
        STEPS[version](connection)
        connection.execute(update(SCHEMA_VERSION).values(version=version + 1))


def _proposals_at_forges(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE proposals ADD COLUMN upstream TEXT")


def _people_and_senders(connection: Connection) -> None:
    present = set(inspect(connection).get_table_names())
    for column in (
        "proposals ADD COLUMN sender VARCHAR",
        "proposals ADD COLUMN contact VARCHAR",
        "proposals ADD COLUMN signs TEXT",
        "proposals ADD COLUMN erased BOOLEAN NOT NULL DEFAULT 0",
        "events ADD COLUMN told BOOLEAN NOT NULL DEFAULT 1",
        "confirmations ADD COLUMN sender VARCHAR",
        "remarks ADD COLUMN sender VARCHAR",
        "remarks ADD COLUMN contact VARCHAR",
        "outlooks ADD COLUMN served VARCHAR",
    ):
        if column.split()[0] not in present:  # it is made as it is now
            continue
        connection.exec_driver_sql(f"ALTER TABLE {column}")


STEPS: Mapping[int, Callable[[Connection], None]] = {
    1: _proposals_at_forges,
    2: _people_and_senders,
}
"""What leads away from each version."""

"""Texts are compared by their bytes in every database, and long row keys fit into its indexes."""

from __future__ import annotations

from alembic import op
from sqlalchemy import String, bindparam, cast, column, func, inspect, select, table, update
from sqlalchemy.types import LargeBinary

from retouche.journals.texts import COLLATION, LONGEST_KEY, indexed

TABLES = (
    "accounts",
    "blocks",
    "confirmations",
    "deliveries",
    "events",
    "idempotency",
    "installation",
    "notes",
    "outbox",
    "outlooks",
    "pauses",
    "proposal_rows",
    "proposals",
    "remarks",
    "reviewers",
)

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    _shorten_keys("proposal_rows")
    _shorten_keys("confirmations")
    if op.get_context().dialect.name == "postgresql":
        _compare_bytes()


def _shorten_keys(name: str) -> None:
    key = column("row_key", String)
    rows = table(name, key)
    connection = op.get_bind()
    long = select(key).distinct().where(func.length(cast(key, LargeBinary)) > LONGEST_KEY)
    change = update(rows).where(key == bindparam("before")).values(row_key=bindparam("after"))
    for before in connection.execute(long).scalars().all():
        connection.execute(change, {"before": before, "after": indexed(before)})


def _compare_bytes() -> None:
    present = inspect(op.get_bind())
    for name in TABLES:
        for one in present.get_columns(name):
            if isinstance(one["type"], String) and one["type"].collation != COLLATION:
                kind = one["type"]
                op.alter_column(name, one["name"], type_=type(kind)(collation=COLLATION))

"""What is seen at forges elsewhere, and accounts there."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
)

from retouche.journals.migrations import add_columns

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    add_columns("proposals", Column("upstream", Text))
    op.create_table(
        "outlooks",
        Column("dataset", String, primary_key=True),
        Column("fault", String),
        Column("fault_values", Text, nullable=False),
        Column("since", String),
        Column("failures", Integer, nullable=False),
        Column("retry_at", String),
        Column("polled_at", String),
        Column("swept_at", String),
        Column("token_ends", String),
        Column("held", String),
        Column("held_reason", String),
        Column("held_values", Text, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "deliveries",
        Column("sequence", Integer, primary_key=True, autoincrement=True),
        Column("dataset", String, nullable=False),
        Column("id", Text, nullable=False),
        Column("kind", String, nullable=False),
        Column("number", BigInteger),
        Column("time", String, nullable=False),
        Column("settled", Boolean, nullable=False),
        UniqueConstraint("dataset", "id"),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    op.create_index(
        "deliveries_by_arrival",
        "deliveries",
        ["dataset", "settled", "sequence"],
        if_not_exists=True,
    )
    op.create_table(
        "notes",
        Column(
            "proposal",
            Integer,
            ForeignKey("proposals.sequence", ondelete="CASCADE"),
            primary_key=True,
        ),
        Column("id", BigInteger, primary_key=True, autoincrement=False),
        Column("author", Text, nullable=False),
        Column("body", Text, nullable=False),
        Column("time", String, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "accounts",
        Column("session_hash", String, primary_key=True),
        Column("dataset", String, primary_key=True),
        Column("name", Text, nullable=False),
        Column("tokens", Text, nullable=False),
        Column("expires_at", String),
        Column("kept_at", String, nullable=False),
        if_not_exists=True,
    )

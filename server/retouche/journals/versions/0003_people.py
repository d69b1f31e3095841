"""Senders, moderation, mails and erasure. Nobody gets mails about what happened before."""

from __future__ import annotations

from alembic import op
from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    String,
    Text,
    UniqueConstraint,
    false,
    true,
)

from retouche.journals.migrations import add_columns

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    add_columns(
        "proposals",
        Column("sender", String),
        Column("contact", String),
        Column("signs", Text),
        Column("erased", Boolean, nullable=False, server_default=false()),
    )
    # Those that are there now are of the past; each new one says that nobody was told.
    add_columns("events", Column("told", Boolean, nullable=False, server_default=true()))
    add_columns("confirmations", Column("sender", String))
    add_columns("remarks", Column("sender", String), Column("contact", String))
    add_columns("outlooks", Column("served", String))
    op.create_table(
        "installation",
        Column("name", String, primary_key=True),
        Column("value", Text, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "blocks",
        Column("sequence", Integer, primary_key=True, autoincrement=True),
        Column("dataset", String, nullable=False),
        Column("id", String, nullable=False),
        Column("sender", String),
        Column("contact", String),
        Column("reason", Text),
        Column("by", Text, nullable=False),
        Column("created_at", String, nullable=False),
        Column("until", String),
        UniqueConstraint("dataset", "id"),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    op.create_table(
        "pauses",
        Column("dataset", String, primary_key=True),
        Column("message", Text),
        Column("by", Text, nullable=False),
        Column("since", String, nullable=False),
        Column("until", String),
        if_not_exists=True,
    )
    op.create_table(
        "outbox",
        Column("sequence", Integer, primary_key=True, autoincrement=True),
        Column("id", String, nullable=False, unique=True),
        Column("dataset", String, nullable=False),
        Column("proposal", Integer, ForeignKey("proposals.sequence", ondelete="CASCADE")),
        Column("kind", String, nullable=False),
        Column("recipient", Text, nullable=False),
        Column("locale", String, nullable=False),
        Column("detail", Text, nullable=False),
        Column("created_at", String, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("retry_at", String),
        Column("fault", Text),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    for name, table, columns in (
        ("proposals_by_sender", "proposals", ["dataset", "sender"]),
        ("proposals_by_contact", "proposals", ["contact"]),
        ("events_untold", "events", ["told", "sequence"]),
        ("outbox_by_due", "outbox", ["retry_at", "sequence"]),
    ):
        op.create_index(name, table, columns, if_not_exists=True)

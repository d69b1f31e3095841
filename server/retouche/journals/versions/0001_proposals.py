"""Proposals, what happened to them, what people say of rows, and reviewers."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Text, UniqueConstraint

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "schema_version",
        Column("version", Integer, primary_key=True, autoincrement=False),
        if_not_exists=True,
    )
    op.create_table(
        "proposals",
        Column("sequence", Integer, primary_key=True, autoincrement=True),
        Column("dataset", String, nullable=False),
        Column("id", String, nullable=False),
        Column("state", String, nullable=False),
        Column("pending", Boolean, nullable=False),
        Column("base_revision", String, nullable=False),
        Column("parent", String, nullable=False),
        Column("operations", Text, nullable=False),
        Column("warnings", Text, nullable=False),
        Column("created_at", String, nullable=False),
        Column("updated_at", String, nullable=False),
        Column("conflicted", Boolean, nullable=False),
        Column("head", String),
        Column("number", Integer),
        Column("merge_request_url", Text),
        Column("comment", Text),
        Column("source", Text),
        Column("contributor", Text),
        Column("locale", String, nullable=False),
        Column("decision", Text),
        UniqueConstraint("dataset", "id"),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    op.create_table(
        "proposal_rows",
        Column("proposal", Integer, _proposal(), primary_key=True),
        Column("position", Integer, primary_key=True, autoincrement=False),
        Column("dataset", String, nullable=False),
        Column("resource", String, nullable=False),
        Column("row_key", Text),
        if_not_exists=True,
    )
    op.create_table(
        "idempotency",
        Column("dataset", String, primary_key=True),
        Column("key", Text, primary_key=True),
        Column("body_hash", String, nullable=False),
        Column("proposal", Integer, _proposal(), nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "events",
        Column("sequence", Integer, primary_key=True, autoincrement=True),
        Column("proposal", Integer, _proposal(), nullable=False),
        Column("time", String, nullable=False),
        Column("kind", String, nullable=False),
        Column("actor", Text),
        Column("detail", Text, nullable=False),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    op.create_table(
        "reviewers",
        Column("name", Text, primary_key=True),
        Column("token_hash", String, nullable=False, unique=True),
        Column("created_at", String, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "confirmations",
        Column("sequence", Integer, primary_key=True, autoincrement=True),
        Column("dataset", String, nullable=False),
        Column("resource", String, nullable=False),
        Column("row_key", Text, nullable=False),
        Column("time", String, nullable=False),
        Column("revision", String, nullable=False),
        Column("idempotency_key", Text),
        Column("body_hash", String, nullable=False),
        UniqueConstraint("dataset", "idempotency_key"),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    op.create_table(
        "remarks",
        Column("sequence", Integer, primary_key=True, autoincrement=True),
        Column("dataset", String, nullable=False),
        Column("id", String, nullable=False),
        Column("resource", String, nullable=False),
        Column("row_key", Text, nullable=False),
        Column("state", String, nullable=False),
        Column("time", String, nullable=False),
        Column("comment", Text, nullable=False),
        Column("contributor", Text),
        Column("closed_at", String),
        Column("closed_by", Text),
        Column("idempotency_key", Text),
        Column("body_hash", String, nullable=False),
        UniqueConstraint("dataset", "id"),
        UniqueConstraint("dataset", "idempotency_key"),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    for name, table, columns in (
        ("proposals_by_arrival", "proposals", ["dataset", "sequence"]),
        ("proposals_by_state", "proposals", ["dataset", "state", "sequence"]),
        ("proposals_pending", "proposals", ["dataset", "pending"]),
        ("proposal_rows_by_key", "proposal_rows", ["dataset", "resource", "row_key"]),
        ("ix_events_proposal", "events", ["proposal"]),
        ("confirmations_by_row", "confirmations", ["dataset", "resource", "row_key", "time"]),
        ("remarks_by_state", "remarks", ["dataset", "state", "sequence"]),
    ):
        op.create_index(name, table, columns, if_not_exists=True)


def _proposal() -> ForeignKey:
    return ForeignKey("proposals.sequence", ondelete="CASCADE")

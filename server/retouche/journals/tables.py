"""The tables of the journal. Lists and objects are JSON text; times are UTC, as ISO 8601 text."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

VERSION = 3
"""Of the tables below; a journal of a newer version is not opened."""

METADATA = MetaData()
SCHEMA_VERSION = Table(
    "schema_version", METADATA, Column("version", Integer, primary_key=True, autoincrement=False)
)
PROPOSALS = Table(
    "proposals",
    METADATA,
    # The order of arrival: never the clock, which may jump, and never used twice.
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("dataset", String, nullable=False),
    Column("id", String, nullable=False),
    Column("state", String, nullable=False),
    # A decision that was written down and not yet carried out.
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
    # What was found of it at a forge elsewhere: only what is not as it always is.
    Column("upstream", Text),
    # Keyed hashes of the network prefix and of the mail address it came from: erasable.
    Column("sender", String),
    Column("contact", String),
    # JSON list of codes; null when nothing was unusual.
    Column("signs", Text),
    Column("erased", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("dataset", "id"),
    Index("proposals_by_arrival", "dataset", "sequence"),
    Index("proposals_by_state", "dataset", "state", "sequence"),
    Index("proposals_pending", "dataset", "pending"),
    Index("proposals_by_sender", "dataset", "sender"),
    Index("proposals_by_contact", "contact"),
    sqlite_autoincrement=True,
)
PROPOSAL_ROWS = Table(
    "proposal_rows",
    METADATA,
    Column("proposal", ForeignKey(PROPOSALS.c.sequence, ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("dataset", String, nullable=False),
    Column("resource", String, nullable=False),
    # Canonical JSON list of the key's texts; null for an insertion that does not name its key.
    Column("row_key", Text),
    Index("proposal_rows_by_key", "dataset", "resource", "row_key"),
)
IDEMPOTENCY = Table(
    "idempotency",
    METADATA,
    Column("dataset", String, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("body_hash", String, nullable=False),
    Column("proposal", ForeignKey(PROPOSALS.c.sequence, ondelete="CASCADE"), nullable=False),
)
EVENTS = Table(
    "events",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column(
        "proposal",
        ForeignKey(PROPOSALS.c.sequence, ondelete="CASCADE"),
        nullable=False,
        index=True,
    ),
    Column("time", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("actor", Text),
    Column("detail", Text, nullable=False),
    # Whether who waits for it was told by mail, or need not be.
    Column("told", Boolean, nullable=False, server_default=false()),
    Index("events_untold", "told", "sequence"),
    sqlite_autoincrement=True,
)
REVIEWERS = Table(
    "reviewers",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("token_hash", String, nullable=False, unique=True),
    Column("created_at", String, nullable=False),
)
# Tables added since the first version are made where they are missing: nothing else changes.
CONFIRMATIONS = Table(
    "confirmations",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("dataset", String, nullable=False),
    Column("resource", String, nullable=False),
    Column("row_key", Text, nullable=False),
    Column("time", String, nullable=False),
    Column("revision", String, nullable=False),
    Column("sender", String),
    Column("idempotency_key", Text),
    Column("body_hash", String, nullable=False),
    UniqueConstraint("dataset", "idempotency_key"),
    Index("confirmations_by_row", "dataset", "resource", "row_key", "time"),
    sqlite_autoincrement=True,
)
REMARKS = Table(
    "remarks",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("dataset", String, nullable=False),
    Column("id", String, nullable=False),
    Column("resource", String, nullable=False),
    Column("row_key", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("time", String, nullable=False),
    Column("comment", Text, nullable=False),
    Column("contributor", Text),
    Column("sender", String),
    Column("contact", String),
    Column("closed_at", String),
    Column("closed_by", Text),
    Column("idempotency_key", Text),
    Column("body_hash", String, nullable=False),
    UniqueConstraint("dataset", "id"),
    UniqueConstraint("dataset", "idempotency_key"),
    Index("remarks_by_state", "dataset", "state", "sequence"),
    sqlite_autoincrement=True,
)
# What was seen at forges elsewhere.
OUTLOOKS = Table(
    "outlooks",
    METADATA,
    Column("dataset", String, primary_key=True),
    Column("fault", String),
    Column("fault_values", Text, nullable=False),
    Column("since", String),
    Column("failures", Integer, nullable=False),
    Column("retry_at", String),
    Column("polled_at", String),
    Column("swept_at", String),
    Column("token_ends", String),
    # The commit that the servers serve as published.
    Column("served", String),
    Column("held", String),
    Column("held_reason", String),
    Column("held_values", Text, nullable=False),
)
DELIVERIES = Table(
    "deliveries",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("dataset", String, nullable=False),
    Column("id", Text, nullable=False),
    Column("kind", String, nullable=False),
    Column("number", BigInteger),
    Column("time", String, nullable=False),
    Column("settled", Boolean, nullable=False),
    UniqueConstraint("dataset", "id"),
    Index("deliveries_by_arrival", "dataset", "settled", "sequence"),
    sqlite_autoincrement=True,
)
# Names and words of people: erased with their proposal.
NOTES = Table(
    "notes",
    METADATA,
    Column("proposal", ForeignKey(PROPOSALS.c.sequence, ondelete="CASCADE"), primary_key=True),
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("author", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("time", String, nullable=False),
)
# Who is signed in with an account of a forge: `tokens` is sealed.
ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("session_hash", String, primary_key=True),
    Column("dataset", String, primary_key=True),
    Column("name", Text, nullable=False),
    Column("tokens", Text, nullable=False),
    Column("expires_at", String),
    Column("kept_at", String, nullable=False),
)
# What all servers of one database have to agree on: see `ports.Installation`.
INSTALLATION = Table(
    "installation",
    METADATA,
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)
BLOCKS = Table(
    "blocks",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("dataset", String, nullable=False),
    Column("id", String, nullable=False),
    # One of the two: keyed hashes, as a proposal has them.
    Column("sender", String),
    Column("contact", String),
    Column("reason", Text),
    Column("by", Text, nullable=False),
    Column("created_at", String, nullable=False),
    Column("until", String),
    UniqueConstraint("dataset", "id"),
    sqlite_autoincrement=True,
)
PAUSES = Table(
    "pauses",
    METADATA,
    Column("dataset", String, primary_key=True),
    Column("message", Text),
    Column("by", Text, nullable=False),
    Column("since", String, nullable=False),
    Column("until", String),
)
# Mails to be sent: a row goes when its mail is sent, or given up.
OUTBOX = Table(
    "outbox",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("dataset", String, nullable=False),
    Column("proposal", ForeignKey(PROPOSALS.c.sequence, ondelete="CASCADE")),
    Column("kind", String, nullable=False),
    Column("recipient", Text, nullable=False),
    Column("locale", String, nullable=False),
    # JSON object of what the text is filled with.
    Column("detail", Text, nullable=False),
    Column("created_at", String, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("retry_at", String),
    Column("fault", Text),
    Index("outbox_by_due", "retry_at", "sequence"),
    sqlite_autoincrement=True,
)

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
    Table,
    UniqueConstraint,
    false,
    true,
)

from retouche.journals.texts import Word, Words

VERSION = 5
"""Of the tables below, and of the last of `versions/`; a newer journal is not opened."""

METADATA = MetaData()
SCHEMA_VERSION = Table(
    "schema_version", METADATA, Column("version", Integer, primary_key=True, autoincrement=False)
)
PROPOSALS = Table(
    "proposals",
    METADATA,
    # The order of arrival: never the clock, which may jump, and never used twice.
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("dataset", Word, nullable=False),
    Column("id", Word, nullable=False),
    Column("state", Word, nullable=False),
    # A decision that was written down and not yet carried out.
    Column("pending", Boolean, nullable=False),
    Column("base_revision", Word, nullable=False),
    Column("parent", Word, nullable=False),
    Column("operations", Words, nullable=False),
    Column("warnings", Words, nullable=False),
    Column("created_at", Word, nullable=False),
    Column("updated_at", Word, nullable=False),
    Column("conflicted", Boolean, nullable=False),
    Column("head", Word),
    Column("number", Integer),
    Column("merge_request_url", Words),
    Column("comment", Words),
    Column("source", Words),
    Column("contributor", Words),
    Column("locale", Word, nullable=False),
    Column("decision", Words),
    # What was found of it at a forge elsewhere: only what is not as it always is.
    Column("upstream", Words),
    # Keyed hashes of the network prefix and of the mail address it came from: erasable.
    Column("sender", Word),
    Column("contact", Word),
    # JSON list of codes; null when nothing was unusual.
    Column("signs", Words),
    Column("erased", Boolean, nullable=False, server_default=false()),
    # What its operations do: insert, update, delete, or mixed.
    Column("kind", Word, nullable=False, server_default="update"),
    # Whether it is a project, and what that is called.
    Column("project", Boolean, nullable=False, server_default=false()),
    Column("title", Words),
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
    Column("dataset", Word, nullable=False),
    Column("resource", Word, nullable=False),
    # Canonical JSON list of the key's texts, or the hash of a long one: see `texts.indexed`. Null
    # for an insertion that does not name its key.
    Column("row_key", Words),
    Index("proposal_rows_by_key", "dataset", "resource", "row_key"),
)
# The territories that a proposal touches, as the dataset codes them.
PROPOSAL_TERRITORIES = Table(
    "proposal_territories",
    METADATA,
    Column("proposal", ForeignKey(PROPOSALS.c.sequence, ondelete="CASCADE"), primary_key=True),
    Column("territory", Words, primary_key=True),
    Column("dataset", Word, nullable=False),
    Index("proposal_territories_by_code", "dataset", "territory", "proposal"),
)
IDEMPOTENCY = Table(
    "idempotency",
    METADATA,
    Column("dataset", Word, primary_key=True),
    Column("key", Words, primary_key=True),
    Column("body_hash", Word, nullable=False),
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
    Column("time", Word, nullable=False),
    Column("kind", Word, nullable=False),
    Column("actor", Words),
    Column("detail", Words, nullable=False),
    # Whether who waits for it was told by mail, or need not be: as all that was there before mails.
    Column("told", Boolean, nullable=False, server_default=true()),
    Index("events_untold", "told", "sequence"),
    sqlite_autoincrement=True,
)
REVIEWERS = Table(
    "reviewers",
    METADATA,
    Column("name", Words, primary_key=True),
    Column("token_hash", Word, nullable=False, unique=True),
    Column("created_at", Word, nullable=False),
)
CONFIRMATIONS = Table(
    "confirmations",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("dataset", Word, nullable=False),
    Column("resource", Word, nullable=False),
    Column("row_key", Words, nullable=False),
    Column("time", Word, nullable=False),
    Column("revision", Word, nullable=False),
    Column("sender", Word),
    Column("idempotency_key", Words),
    Column("body_hash", Word, nullable=False),
    UniqueConstraint("dataset", "idempotency_key"),
    Index("confirmations_by_row", "dataset", "resource", "row_key", "time"),
    sqlite_autoincrement=True,
)
REMARKS = Table(
    "remarks",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("dataset", Word, nullable=False),
    Column("id", Word, nullable=False),
    Column("resource", Word, nullable=False),
    Column("row_key", Words, nullable=False),
    Column("state", Word, nullable=False),
    Column("time", Word, nullable=False),
    Column("comment", Words, nullable=False),
    Column("contributor", Words),
    Column("sender", Word),
    Column("contact", Word),
    Column("closed_at", Word),
    Column("closed_by", Words),
    Column("idempotency_key", Words),
    Column("body_hash", Word, nullable=False),
    UniqueConstraint("dataset", "id"),
    UniqueConstraint("dataset", "idempotency_key"),
    Index("remarks_by_state", "dataset", "state", "sequence"),
    sqlite_autoincrement=True,
)
# What was seen at forges elsewhere.
OUTLOOKS = Table(
    "outlooks",
    METADATA,
    Column("dataset", Word, primary_key=True),
    Column("fault", Word),
    Column("fault_values", Words, nullable=False),
    Column("since", Word),
    Column("failures", Integer, nullable=False),
    Column("retry_at", Word),
    Column("polled_at", Word),
    Column("swept_at", Word),
    Column("token_ends", Word),
    # The commit that the servers serve as published.
    Column("served", Word),
    Column("held", Word),
    Column("held_reason", Word),
    Column("held_values", Words, nullable=False),
)
DELIVERIES = Table(
    "deliveries",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("dataset", Word, nullable=False),
    Column("id", Words, nullable=False),
    Column("kind", Word, nullable=False),
    Column("number", BigInteger),
    Column("time", Word, nullable=False),
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
    Column("author", Words, nullable=False),
    Column("body", Words, nullable=False),
    Column("time", Word, nullable=False),
)
# Who is signed in with an account of a forge: `tokens` is sealed.
ACCOUNTS = Table(
    "accounts",
    METADATA,
    Column("session_hash", Word, primary_key=True),
    Column("dataset", Word, primary_key=True),
    Column("name", Words, nullable=False),
    Column("tokens", Words, nullable=False),
    Column("expires_at", Word),
    Column("kept_at", Word, nullable=False),
)
# What all servers of one database have to agree on: see `ports.Installation`.
INSTALLATION = Table(
    "installation",
    METADATA,
    Column("name", Word, primary_key=True),
    Column("value", Words, nullable=False),
)
BLOCKS = Table(
    "blocks",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("dataset", Word, nullable=False),
    Column("id", Word, nullable=False),
    # One of the two: keyed hashes, as a proposal has them.
    Column("sender", Word),
    Column("contact", Word),
    Column("reason", Words),
    Column("by", Words, nullable=False),
    Column("created_at", Word, nullable=False),
    Column("until", Word),
    UniqueConstraint("dataset", "id"),
    sqlite_autoincrement=True,
)
PAUSES = Table(
    "pauses",
    METADATA,
    Column("dataset", Word, primary_key=True),
    Column("message", Words),
    Column("by", Words, nullable=False),
    Column("since", Word, nullable=False),
    Column("until", Word),
)
# Mails to be sent: a row goes when its mail is sent, or given up.
OUTBOX = Table(
    "outbox",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("id", Word, nullable=False, unique=True),
    Column("dataset", Word, nullable=False),
    Column("proposal", ForeignKey(PROPOSALS.c.sequence, ondelete="CASCADE")),
    Column("kind", Word, nullable=False),
    Column("recipient", Words, nullable=False),
    Column("locale", Word, nullable=False),
    # JSON object of what the text is filled with.
    Column("detail", Words, nullable=False),
    Column("created_at", Word, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("retry_at", Word),
    Column("fault", Words),
    Index("outbox_by_due", "retry_at", "sequence"),
    sqlite_autoincrement=True,
)
# Projects that are being drafted: whoever has the id has the scenario.
SCENARIOS = Table(
    "scenarios",
    METADATA,
    Column("sequence", Integer, primary_key=True, autoincrement=True),
    Column("dataset", Word, nullable=False),
    Column("id", Word, nullable=False),
    Column("title", Words, nullable=False),
    Column("base_revision", Word, nullable=False),
    # As the body of a proposal has them.
    Column("operations", Words, nullable=False),
    Column("created_at", Word, nullable=False),
    Column("updated_at", Word, nullable=False),
    # Changes with every writing: who writes says which one they saw.
    Column("version", Integer, nullable=False),
    Column("locale", Word, nullable=False),
    Column("sender", Word),
    # The proposal that it was submitted as.
    Column("proposal", Word),
    UniqueConstraint("dataset", "id"),
    Index("scenarios_by_age", "updated_at"),
    sqlite_autoincrement=True,
)

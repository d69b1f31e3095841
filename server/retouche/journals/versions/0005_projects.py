"""Projects and their drafts, and what a queue of proposals is filtered by."""

from __future__ import annotations

import orjson
from alembic import op
from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Integer,
    UniqueConstraint,
    bindparam,
    column,
    false,
    select,
    table,
    update,
)

from retouche.journals.migrations import add_columns
from retouche.journals.texts import Word, Words

revision = "0005"
down_revision = "0004"
UPDATE = "update"


def upgrade() -> None:
    add_columns(
        "proposals",
        Column("kind", Word, nullable=False, server_default=UPDATE),
        Column("project", Boolean, nullable=False, server_default=false()),
        Column("title", Words),
    )
    op.create_table(
        "proposal_territories",
        Column(
            "proposal",
            Integer,
            ForeignKey("proposals.sequence", ondelete="CASCADE"),
            primary_key=True,
        ),
        Column("territory", Words, primary_key=True),
        Column("dataset", Word, nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "scenarios",
        Column("sequence", Integer, primary_key=True, autoincrement=True),
        Column("dataset", Word, nullable=False),
        Column("id", Word, nullable=False),
        Column("title", Words, nullable=False),
        Column("base_revision", Word, nullable=False),
        Column("operations", Words, nullable=False),
        Column("created_at", Word, nullable=False),
        Column("updated_at", Word, nullable=False),
        Column("version", Integer, nullable=False),
        Column("locale", Word, nullable=False),
        Column("sender", Word),
        Column("proposal", Word),
        UniqueConstraint("dataset", "id"),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    for name, of, columns in (
        (
            "proposal_territories_by_code",
            "proposal_territories",
            ["dataset", "territory", "proposal"],
        ),
        ("scenarios_by_age", "scenarios", ["updated_at"]),
    ):
        op.create_index(name, of, columns, if_not_exists=True)
    _name_kinds()


def _name_kinds() -> None:
    """Say what the operations of each proposal do, where that is not the most usual."""
    proposals = table("proposals", column("sequence"), column("operations"), column("kind"))
    connection = op.get_bind()
    others = []
    for one in connection.execute(select(proposals.c.sequence, proposals.c.operations)).all():
        kinds = {each["op"] for each in orjson.loads(one.operations)}
        kind = kinds.pop() if len(kinds) == 1 else "mixed"
        if kind != UPDATE:
            others.append({"number": one.sequence, "found": kind})
    if others:
        of_number = proposals.c.sequence == bindparam("number")
        connection.execute(
            update(proposals).where(of_number).values(kind=bindparam("found")), others
        )

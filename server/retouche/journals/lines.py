"""The tables of the change index: commits on lines of descent, and the rows they changed.

Each commit is on one line, after its first parent or as the first of a new line that forks from
the parent's. A history is then a few lines, each up to some generation, whatever its length.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Select,
    String,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    func,
    insert,
    select,
)
from sqlalchemy.engine import Connection

from retouche.core.errors import ForgeUnavailable
from retouche.ports import Revision

METADATA = MetaData()
# The content can always be made again: tables of another form are left alone, not converted.
FORM = 3
LINES = Table(
    f"lines_{FORM}",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("base", Integer),  # the line that it forks from, after the commit of this generation
    Column("base_generation", Integer, nullable=False),
)
COMMITS = Table(
    f"commits_{FORM}",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("dataset", String, nullable=False),
    Column("id", String, nullable=False),
    Column("line", Integer, nullable=False),
    Column("generation", Integer, nullable=False),
    Column("time", String, nullable=False),
    # Not text: a message in an odd encoding may hold what no UTF-8 can.
    Column("message", LargeBinary, nullable=False),
    Column("proposal", String),
    Column("parents", Text, nullable=False),
    UniqueConstraint("dataset", "id"),
    UniqueConstraint("line", "generation"),
)
COUNTS = Table(
    f"counts_{FORM}",
    METADATA,
    Column("commit", Integer, primary_key=True),
    Column("resource", String, primary_key=True),
    Column("inserted", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("deleted", Integer, nullable=False),
    Column("unreadable", Boolean, nullable=False),
    sqlite_with_rowid=False,
)
ROWS = Table(
    f"rows_{FORM}",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("dataset", String, nullable=False),
    Column("resource", String, nullable=False),
    Column("key", Text, nullable=False),
    Column("commit", Integer, nullable=False),
    Column("op", String, nullable=False),
    Column("cells", Text, nullable=False),
    Column("old_key", Text),
    Index(f"rows_by_key_{FORM}", "dataset", "resource", "key"),
)
BY_COMMIT = Index(f"rows_by_commit_{FORM}", ROWS.c.commit)


class Lines:
    """Puts each commit on the line that ends at its first parent, or on one of its own.

    The line of the published commit is left to those that will be published after it: were it to
    go on with the commits of proposals, each accepted one would begin another line.
    """

    def __init__(self, connection: Connection, dataset: str, published: str | None) -> None:
        self._connection = connection
        self._dataset = dataset
        self._published = published
        self._places: dict[str, tuple[int, int]] = {}
        self._ends: dict[int, int] = {}

    def row(self, number: int, revision: Revision) -> dict[str, object]:
        parent = revision.parents[0] if revision.parents else None
        base, generation = (None, -1) if parent is None else self._place(parent)
        if base is None or parent == self._published or self._end(base) != generation:
            begun = insert(LINES).values(base=base, base_generation=generation)
            key = self._connection.execute(begun).inserted_primary_key
            assert key is not None  # one row was inserted
            base = int(key[0])
        self._places[revision.id] = base, generation + 1
        self._ends[base] = generation + 1
        return {
            "number": number,
            "dataset": self._dataset,
            "id": revision.id,
            "line": base,
            "generation": generation + 1,
            "time": revision.time.isoformat(),
            "message": revision.message.encode("utf-8", "surrogatepass"),
            "proposal": revision.proposal,
            "parents": " ".join(revision.parents),
        }

    def _place(self, commit: str) -> tuple[int, int]:
        if commit not in self._places:
            query = select(COMMITS.c.line, COMMITS.c.generation).where(
                COMMITS.c.dataset == self._dataset, COMMITS.c.id == commit
            )
            found = self._connection.execute(query).first()
            if found is None:  # the file was begun again meanwhile
                raise ForgeUnavailable("journal_unavailable")
            self._places[commit] = found.line, found.generation
        return self._places[commit]

    def _end(self, line: int) -> int:
        if line not in self._ends:
            query = select(func.max(COMMITS.c.generation)).where(COMMITS.c.line == line)
            self._ends[line] = self._connection.execute(query).scalar_one()
        return self._ends[line]


def _descent_query() -> Select[tuple[int, int]]:
    here = (
        select(COMMITS.c.line, COMMITS.c.generation.label("last"))
        .where(COMMITS.c.dataset == bindparam("of"), COMMITS.c.id == bindparam("to"))
        .cte("descent", recursive=True)
    )
    below = select(LINES.c.base, LINES.c.base_generation).join_from(
        here, LINES, LINES.c.number == here.c.line
    )
    descent = here.union_all(below.where(LINES.c.base.is_not(None)))
    return select(descent.c.line, descent.c.last)


DESCENT = _descent_query()


def descent_of(connection: Connection, dataset: str, commit: str) -> dict[int, int]:
    """The lines that a history runs along, and the last generation it has on each.

    A commit is in the history if its generation is no greater than that of its line.
    """
    found = connection.execute(DESCENT, {"of": dataset, "to": commit})
    return {row.line: row.last for row in found}


def stretches_of(
    descent: Mapping[int, int], oldest: int, newest: int
) -> Iterator[tuple[int, int, int]]:
    """The lines, from and to which generation, on which a part of a history lies."""
    lines = sorted(descent.items(), key=lambda one: one[1])
    first = 0
    for line, last in lines:
        low, high = max(first, oldest), min(last, newest)
        if low <= high:
            yield line, low, high
        first = last + 1

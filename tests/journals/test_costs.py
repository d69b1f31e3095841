"""What is asked while people wait costs the same however many proposals are open.

Counted in steps of SQLite's machine, which are the same on any computer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import event, insert

from retouche.journals.database import Database
from retouche.journals.moderation import SqlModeration
from retouche.journals.rows import values_of
from retouche.journals.sql import SqlJournal
from retouche.journals.tables import PROPOSAL_ROWS, PROPOSALS
from retouche.ports import Filters, Sender
from tests.journals.test_sql import make

pytestmark = pytest.mark.parametrize("kind", ["sqlite"])
FEW, MANY = 50, 2_000
CALLS: dict[str, Callable[[SqlJournal], Any]] = {
    "pending": lambda journal: journal.pending("centres", "desks", [("3",), ("x",)], limit=9),
    "any pending": lambda journal: journal.pending("centres", "desks", None, limit=9),
    "touching": lambda journal: journal.touching("centres", "desks", ("3",)),
    "undecided": lambda journal: journal.undecided("centres", after=20, limit=9),
    "unfinished": lambda journal: journal.unfinished("centres"),
    "one": lambda journal: journal.get("centres", make(3).id),
    "events": lambda journal: journal.events("centres", make(3).id),
    "sent by": lambda journal: SqlModeration(journal.database).sent_by(
        "centres", Sender(address="address-3", contact="nobody")
    ),
}


class Steps:
    """Counts what the machine does."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> int:
        self.count += 1
        return 0


@pytest.fixture
def steps(database: Database) -> Iterator[Steps]:
    steps = Steps()

    def listen(connection: Any, _: object) -> None:
        connection.set_progress_handler(steps, 1)

    event.listen(database.engine, "connect", listen)
    yield steps
    database.close()
    event.remove(database.engine, "connect", listen)


def fill(database: Database, numbers: range) -> None:
    senders = [Sender(address=f"address-{number}") for number in numbers]
    proposals = [
        make(number, state="open", sender=sender)
        for number, sender in zip(numbers, senders, strict=True)
    ]
    rows = [
        {
            "proposal": number + 1,
            "position": 0,
            "dataset": "centres",
            "resource": "desks",
            "row_key": f'["{number}"]',
        }
        for number in numbers
    ]
    values = [{**values_of(one), "sequence": int(one.id, 16) + 1} for one in proposals]
    with database.writing() as connection:
        connection.execute(insert(PROPOSALS), values)
        connection.execute(insert(PROPOSAL_ROWS), rows)


@pytest.mark.parametrize("call", CALLS)
def test_it_costs_no_more_when_more_are_open(database: Database, steps: Steps, call: str) -> None:
    journal = SqlJournal(database)

    def cost() -> int:
        before = steps.count
        CALLS[call](journal)
        return steps.count - before

    fill(database, range(FEW))
    cost()  # what is read once
    few = cost()
    fill(database, range(FEW, MANY))
    assert 0 < cost() <= few * 1.2 + 20


def test_a_first_page_reads_the_rows_that_it_shows(database: Database, steps: Steps) -> None:
    """All that depends on how many there are is to count them, in an index."""
    journal = SqlJournal(database)
    fill(database, range(MANY))
    journal.counts("centres")
    before = steps.count
    journal.page("centres", Filters(states=("open",)), limit=20)
    per_proposal = (steps.count - before) / MANY
    assert per_proposal < 6

"""A journal of an earlier version is brought to the present one, once, and keeps all it has."""

from __future__ import annotations

import multiprocessing
import sqlite3
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy.engine import Connection

from retouche.core.errors import ForgeUnavailable
from retouche.journals import database as databases
from retouche.journals.database import Database
from retouche.journals.migrations import migrate
from retouche.journals.sql import SqlJournal
from retouche.journals.tables import VERSION
from retouche.ports import Upstream

FIRST = (Path(__file__).parent / "version-1.sql").read_text(encoding="utf-8")
PROPOSAL = "0" * 15 + "1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal as the first version made it, with a proposal."""
    path = tmp_path / "journal.sqlite"
    connection = sqlite3.connect(path)
    connection.executescript(FIRST)
    connection.close()
    return path


def columns(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """The columns and indexes of each table."""
    connection = sqlite3.connect(path)
    tables = [
        name
        for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
    ]
    found = {}
    for name in sorted(tables):
        described = connection.execute(f"PRAGMA table_info({name})").fetchall()
        indexes = connection.execute(f"PRAGMA index_list({name})").fetchall()
        found[name] = [one[1:] for one in described] + sorted(one[1:] for one in indexes)
    connection.close()
    return found


def opened(path: str) -> int:
    """Open a journal as a server does; how many proposals it has."""
    journal = SqlJournal(Database(f"sqlite:///{path}"))
    total = journal.page("centres")[1]
    journal.close()
    return total


def test_a_journal_of_the_first_version_becomes_like_a_new_one(path: Path, tmp_path: Path) -> None:
    assert opened(str(path)) == 1
    assert opened(str(tmp_path / "new.sqlite")) == 0
    assert columns(path) == columns(tmp_path / "new.sqlite")


def test_what_it_has_is_kept_and_can_be_changed(path: Path) -> None:
    journal = SqlJournal(Database(f"sqlite:///{path}"))
    found = journal.get("centres", PROPOSAL)
    assert (found.state, found.number, found.upstream) == ("open", 1, Upstream())
    assert found.operations[0]["new"] == {"phone": "01"}
    assert [one.kind for one in journal.events("centres", PROPOSAL)] == ["received"]
    with journal.database.reading() as connection:
        version = connection.exec_driver_sql("SELECT version FROM schema_version").scalar_one()
    assert version == VERSION
    journal.close()


def test_servers_that_start_together_migrate_once(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(4, mp_context=context) as pool:
        assert list(pool.map(opened, [str(path)] * 4)) == [1, 1, 1, 1]


def test_a_migration_that_is_interrupted_leaves_all_as_it_was(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = columns(path)

    def interrupted(connection: Connection, found: int) -> None:
        migrate(connection, found)
        raise OSError("the disk is gone")

    monkeypatch.setattr(databases, "migrate", interrupted)
    with pytest.raises(ForgeUnavailable):
        Database(f"sqlite:///{path}")
    assert columns(path) == before
    monkeypatch.undo()
    assert opened(str(path)) == 1

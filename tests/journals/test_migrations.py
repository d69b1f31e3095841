"""A journal of an earlier version is brought to the present one, once, and keeps all it has."""

from __future__ import annotations

import multiprocessing
import random
import sqlite3
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool

from retouche.core.errors import ForgeUnavailable
from retouche.journals import database as databases
from retouche.journals.database import Database
from retouche.journals.engines import address_of
from retouche.journals.migrations import STAMP, STEPS, migrate
from retouche.journals.outbox import SqlOutbox
from retouche.journals.sql import SqlJournal
from retouche.journals.tables import METADATA, VERSION
from retouche.ports import Upstream
from tests.journals.test_sql import add, make

HERE = Path(__file__).parent
OLD = (1, 2, 3, 4)
RECORDED = 4
"""The first version with a record of steps."""
PROPOSAL = "0" * 15 + "1"


def engine_of(url: str) -> Engine:
    return create_engine(address_of(url), poolclass=NullPool)


@pytest.fixture(params=OLD)
def old(request: pytest.FixtureRequest, kind: str, empty_url: str) -> str:
    """The address of a journal of an earlier version, with a proposal."""
    version = int(request.param)
    if kind == "sqlite":
        path = Path(empty_url.removeprefix("sqlite:///"))
        path.parent.mkdir()
        connection = sqlite3.connect(path)
        connection.executescript((HERE / f"version-{version}.sql").read_text(encoding="utf-8"))
        connection.close()
    else:
        with engine_of(empty_url).begin() as opened:
            _make_as_then(opened, version)
    return empty_url


def _make_as_then(connection: Connection, version: int) -> None:
    """The tables and rows that a version made at a server."""
    steps = ScriptDirectory(str(STEPS), version_locations=[str(STEPS)])
    target = f"{version:04d}"
    with EnvironmentContext(
        Config(), steps, fn=lambda present, _: steps._upgrade_revs(target, present)
    ) as environment:
        environment.configure(connection=connection, version_table=STAMP)
        environment.run_migrations()
    if version < RECORDED:
        connection.exec_driver_sql(f"DROP TABLE {STAMP}")
    script = (HERE / f"version-{version}.sql").read_text(encoding="utf-8")
    wanted = ('INSERT INTO "proposals"', 'INSERT INTO "events"', 'INSERT INTO "schema_version"')
    lines = [line for line in script.splitlines() if line.startswith(wanted)]
    for line in sorted(lines, key=lambda one: "events" in one):
        kept = _with_booleans(connection, line)
        connection.exec_driver_sql(kept.replace("%", "%%"))
    for name in ("proposals", "events"):
        counter = f"pg_get_serial_sequence('{name}', 'sequence')"
        connection.exec_driver_sql(f"SELECT setval({counter}, 1)")


def _with_booleans(connection: Connection, line: str) -> str:
    """A row as SQLite writes it down, for a server that has a type for yes and no."""
    head, _, values = line.partition(" VALUES(")
    name = head.split('"')[1]
    loader = sqlite3.connect(":memory:")
    row = list(loader.execute(f"SELECT {values.removesuffix(');')}").fetchone())
    loader.close()
    described = inspect(connection).get_columns(name)
    found = []
    for value, column in zip(row, described, strict=True):
        is_boolean = str(column["type"]) == "BOOLEAN" and value is not None
        found.append(bool(value) if is_boolean else value)
    literals = ("NULL" if one is None else _literal(one) for one in found)
    return f"{head} VALUES ({', '.join(literals)})"


def _literal(value: object) -> str:
    if isinstance(value, bool):
        return str(value)
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


@pytest.fixture
def long_key() -> str:
    chance = random.Random(2)
    return "".join(chr(chance.randrange(0x4E00, 0x9FFF)) for _ in range(700))


def described(url: str) -> dict[str, object]:
    """The columns, keys and indexes of each table, whatever the order they were added in."""
    with engine_of(url).connect() as connection:
        found = inspect(connection)
        return {
            name: {
                "columns": sorted(
                    str((one["name"], str(one["type"]), one["nullable"]))
                    for one in found.get_columns(name)
                ),
                "key": found.get_pk_constraint(name)["constrained_columns"],
                "unique": sorted(one["column_names"] for one in found.get_unique_constraints(name)),
                "foreign": sorted(
                    str((one["constrained_columns"], one["referred_table"], one["options"]))
                    for one in found.get_foreign_keys(name)
                ),
                "indexes": sorted(
                    str((one["name"], one["column_names"])) for one in found.get_indexes(name)
                ),
            }
            for name in found.get_table_names()
        }


def opened(url: str) -> int:
    """Open a journal as a server does; how many proposals it has."""
    journal = SqlJournal(Database(url))
    total = journal.page("centres")[1]
    journal.close()
    return total


def differences(url: str) -> list[object]:
    """What alembic would change for the tables to be those that the code knows."""
    with engine_of(url).connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "compare_type": True,
                "version_table": STAMP,
                "include_name": lambda name, kind, _: (kind, name) != ("table", STAMP),
            },
        )
        return list(compare_metadata(context, METADATA))


def test_a_journal_of_each_earlier_version_becomes_like_a_new_one(
    old: str, kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    assert opened(old) == 1
    assert differences(old) == []
    if kind == "sqlite":
        new = f"sqlite:///{tmp_path / 'new.sqlite'}"
        assert opened(new) == 0
        assert described(old) == described(new)
    else:
        with request.getfixturevalue("postgres").database() as new:
            assert opened(new) == 0
            assert described(old) == described(new)


def test_the_tables_of_a_new_journal_are_those_that_the_code_knows(empty_url: str) -> None:
    assert opened(empty_url) == 0
    assert differences(empty_url) == []


def test_the_last_step_is_that_of_the_present_version(empty_url: str) -> None:
    steps = ScriptDirectory(str(STEPS), version_locations=[str(STEPS)])
    assert steps.get_current_head() == f"{VERSION:04d}"
    opened(empty_url)
    with engine_of(empty_url).connect() as connection:
        stamp = connection.execute(text(f"SELECT version_num FROM {STAMP}")).scalars().all()
    assert stamp == [f"{VERSION:04d}"]


def test_what_it_has_is_kept_and_can_be_changed(old: str) -> None:
    journal = SqlJournal(Database(old))
    found = journal.get("centres", PROPOSAL)
    assert (found.state, found.number, found.upstream) == ("open", 1, Upstream())
    assert (found.erased, found.signs, found.sender.address) == (False, (), None)
    assert found.operations[0]["new"] == {"phone": "01"}
    assert [one.kind for one in journal.events("centres", PROPOSAL)] == ["received"]
    assert add(journal, make(7)).sequence == found.sequence + 1
    with journal.database.reading() as connection:
        version = connection.exec_driver_sql("SELECT version FROM schema_version").scalar_one()
    assert version == VERSION
    journal.close()


@pytest.mark.parametrize("old", [1, 2], indirect=True)
def test_nobody_gets_mails_of_what_happened_before_there_were_any(old: str) -> None:
    journal = SqlJournal(Database(old))
    outbox = SqlOutbox(journal.database)
    assert outbox.untold() == []
    add(journal, make(7))
    assert [one.proposal.id for one in outbox.untold()] == [make(7).id]
    journal.close()


@pytest.mark.parametrize("old", [3], indirect=True)
@pytest.mark.parametrize("kind", ["sqlite"])
def test_long_row_keys_are_found_after_it(old: str, long_key: str) -> None:
    """An SQLite journal takes them as they are; they are shortened where they stand in indexes."""
    kept = f'["{long_key}"]'
    with engine_of(old).begin() as connection:
        connection.execute(text("UPDATE proposal_rows SET row_key = :key"), {"key": kept})
        changed = "UPDATE proposals SET operations = replace(operations, '\"1\"', :key)"
        connection.execute(text(changed), {"key": f'"{long_key}"'})
    journal = SqlJournal(Database(old))
    (found,) = journal.pending("centres", "desks", [(long_key,)], limit=5)
    assert found.key == (long_key,)
    assert len(journal.touching("centres", "desks", (long_key,))) == 1
    journal.close()


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("old", [1], indirect=True)
def test_tables_that_were_never_made_are(old: str) -> None:
    """Remarks and confirmations came with no version of their own."""
    with engine_of(old).begin() as connection:
        connection.exec_driver_sql("DROP TABLE remarks")
        connection.exec_driver_sql("DROP TABLE confirmations")
    assert opened(old) == 1
    assert differences(old) == []


@pytest.mark.parametrize("old", [1], indirect=True)
def test_servers_that_start_together_migrate_once(old: str) -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(3, mp_context=context) as pool:
        assert list(pool.map(opened, [old] * 3)) == [1, 1, 1]
    assert differences(old) == []


@pytest.mark.parametrize("old", [1], indirect=True)
def test_a_migration_that_is_interrupted_leaves_all_as_it_was(
    old: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = described(old)

    def interrupted(connection: Connection) -> None:
        migrate(connection)
        raise OSError("the disk is gone")

    monkeypatch.setattr(databases, "migrate", interrupted)
    with pytest.raises(ForgeUnavailable):
        Database(old)
    assert described(old) == before
    monkeypatch.undo()
    assert opened(old) == 1


def test_a_command_does_not_load_alembic_when_the_tables_are_as_they_should(url: str) -> None:
    opened(url)
    code = (
        "import sys; from retouche.journals.database import Database; Database(sys.argv[1]);"
        "assert 'alembic' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, url], check=True)

"""The database under the journal: its files, its errors, and servers that start together."""

from __future__ import annotations

import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from retouche.core.errors import ForgeUnavailable, NotFound, StorageFull, Unsupported
from retouche.journals.database import Database, refusal
from retouche.journals.engines import OVERFLOW, POOL, address_of
from retouche.journals.sql import SqlJournal
from retouche.journals.tables import VERSION
from retouche.ports import Event
from tests.journals.test_sql import NOW, add, make
from tests.machines.postgres import Postgres


@pytest.fixture
def journal(database: Database) -> SqlJournal:
    return SqlJournal(database)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "journal.sqlite"


# -- An SQLite file -----------------------------------------------------------------------------


@pytest.mark.fault(13)
def test_commits_are_synced_and_the_file_is_for_its_owner_alone(path: Path) -> None:
    journal = SqlJournal(Database(f"sqlite:///{path}"))
    seen: dict[str, Any] = {}
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "secure_delete")
    with journal.database.reading() as connection:
        for pragma in pragmas:
            seen[pragma] = connection.exec_driver_sql(f"PRAGMA {pragma}").scalar_one()
    assert seen == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 20_000,
        "secure_delete": 1,
    }
    add(journal, make(1))
    for name in (path, path.with_name(f"{path.name}-wal")):
        assert stat.S_IMODE(name.stat().st_mode) == 0o600
    journal.close()


@pytest.mark.fault(14)
def test_a_full_disk_is_told_and_the_journal_keeps_what_it_has(path: Path) -> None:
    journal = SqlJournal(Database(f"sqlite:///{path}"))
    add(journal, make(1))

    @event.listens_for(journal.database.engine, "connect")
    def shrink(connection: Any, _: object) -> None:
        connection.execute("PRAGMA max_page_count=1")

    journal.close()
    with pytest.raises(StorageFull):
        add(journal, make(2, comment="x" * 100_000))
    event.remove(journal.database.engine, "connect", shrink)
    journal.close()
    assert journal.get("centres", make(1).id)
    add(journal, make(50))
    journal.close()


def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "text.sqlite").write_text("this is not a database, and long enough to tell" * 50)
    (tmp_path / "folder.sqlite").mkdir()
    for name in ("text.sqlite", "folder.sqlite"):
        with pytest.raises(ForgeUnavailable) as refused:
            Database(f"sqlite:///{tmp_path / name}")
        assert refused.value.reason == "journal_unavailable"


# -- A PostgreSQL server ------------------------------------------------------------------------


def test_commits_wait_for_the_disk_whatever_the_server_is_set_to(postgres: Postgres) -> None:
    with postgres.database() as url:
        name = url.partition("?")[0].rpartition("/")[2]
        postgres.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        database = Database(url)
        with database.writing() as connection:
            seen = connection.exec_driver_sql("SHOW synchronous_commit").scalar_one()
        assert seen == "on"
        database.close()


def test_both_forms_of_the_address_and_no_other_kind_of_database_are_taken() -> None:
    for given in ("postgresql", "postgres", "postgresql+psycopg"):
        address = address_of(f"{given}://u:p@host/journal?sslmode=require")
        assert address.drivername == "postgresql+psycopg"
        assert address.query == {"sslmode": "require"}
    for given in ("mysql://u:secret@host/db", "nothing", "", "postgresql+psycopg2://h/d"):
        with pytest.raises(Unsupported) as refused:
            Database(given)
        assert refused.value.reason == "database_url"
        assert "secret" not in str(refused.value)


def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(ForgeUnavailable):
        Database(f"postgresql://nobody@/none?host={tmp_path}")


def test_a_full_disk_of_the_server_is_told(postgres: Postgres) -> None:
    """No disk is filled here: the server says what it says when it is."""
    with postgres.database() as url:
        database = Database(url)
        with pytest.raises(StorageFull), database.writing() as connection:
            connection.exec_driver_sql("DO $$ BEGIN RAISE SQLSTATE '53100'; END $$")
        for code in ("53300", "57P01", "40001", "40P01", "25006", "55P03"):
            with pytest.raises(ForgeUnavailable), database.writing() as connection:
                connection.exec_driver_sql(f"DO $$ BEGIN RAISE SQLSTATE '{code}'; END $$")
        assert SqlJournal(database).counts("centres") == {}
        database.close()


def test_connections_that_the_server_closed_are_replaced(postgres: Postgres) -> None:
    with postgres.database() as url:
        journal = SqlJournal(Database(url))
        stored = add(journal, make(1))
        assert journal.get("centres", stored.id) == stored
        _send_away(postgres, url)
        assert journal.get("centres", stored.id) == stored
        _send_away(postgres, url)
        assert add(journal, make(2)).sequence > stored.sequence
        journal.close()


def test_a_transaction_whose_connection_is_lost_is_unavailable_and_not_done(
    postgres: Postgres,
) -> None:
    with postgres.database() as url:
        journal = SqlJournal(Database(url))
        add(journal, make(1))

        def interrupted() -> None:
            with journal.database.writing() as connection:
                connection.execute(text("DELETE FROM proposals"))
                _send_away(postgres, url)

        with pytest.raises(ForgeUnavailable):
            interrupted()
        assert journal.counts("centres") == {"queued": 1}
        journal.close()


def test_a_process_takes_few_connections_and_a_thread_waits_for_one_in_vain_only_for_a_time(
    postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retouche.journals.engines.PATIENCE", 0.2)
    with postgres.database() as url:
        journal = SqlJournal(Database(url))
        done = threading.Event()
        taken = threading.Semaphore(0)

        def read() -> None:
            with journal.database.reading():
                taken.release()
                done.wait()

        readers = [threading.Thread(target=read) for _ in range(POOL + OVERFLOW)]
        for reader in readers:
            reader.start()
        for _ in readers:
            taken.acquire()
        try:
            with pytest.raises(ForgeUnavailable):
                journal.get("centres", "x")
        finally:
            done.set()
            for reader in readers:
                reader.join()
        assert journal.counts("centres") == {}
        journal.close()


def _send_away(postgres: Postgres, url: str) -> None:
    name = url.partition("?")[0].rpartition("/")[2]
    postgres.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", name
    )


# -- Both ---------------------------------------------------------------------------------------


def test_what_goes_wrong_is_unavailable_and_leaves_all_as_it_was(journal: SqlJournal) -> None:
    with journal.database.writing() as connection:
        connection.exec_driver_sql("DROP TABLE events")
    with pytest.raises(ForgeUnavailable):
        add(journal, make(1))
    with pytest.raises(NotFound):
        journal.get("centres", make(1).id)


def test_errors_that_are_none_of_the_database_come_through(database: Database) -> None:
    with pytest.raises(NotFound), database.writing():
        raise NotFound
    assert isinstance(refusal(OSError()), ForgeUnavailable)


def test_a_journal_of_a_newer_version_is_not_opened(url: str, journal: SqlJournal) -> None:
    with journal.database.writing() as connection:
        connection.exec_driver_sql("UPDATE schema_version SET version = 99")
    with pytest.raises(Unsupported) as refused:
        Database(url)
    assert refused.value.values == {"found": 99, "known": VERSION}


def test_servers_that_start_together_agree_on_one_set_of_tables(empty_url: str) -> None:
    barrier = threading.Barrier(6)

    def start(number: int) -> SqlJournal:
        barrier.wait()
        own = SqlJournal(Database(empty_url))
        add(own, make(number))
        return own

    with ThreadPoolExecutor(6) as pool:
        journals = list(pool.map(start, range(6)))
    assert journals[0].page("centres")[1] == 6
    for one in journals:
        one.close()


def test_a_reader_sees_one_moment(journal: SqlJournal) -> None:
    add(journal, make(1))
    with journal.database.reading() as connection:
        count = text("SELECT count(*) FROM events")
        assert connection.execute(count).scalar_one() == 1
        happened = Event(proposal=make(1).id, time=NOW, kind="opened")
        with ThreadPoolExecutor(1) as other:
            other.submit(journal.update, make(1), happened).result()
        assert connection.execute(count).scalar_one() == 1
    assert len(journal.events("centres", make(1).id)) == 2

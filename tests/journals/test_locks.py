"""Locks: one at a time, among threads, processes and machines; freed whatever becomes of them."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from retouche.core.errors import ForgeUnavailable
from retouche.journals.database import HOLDERS, Database
from retouche.journals.locks import SqlLocks, locks_for
from retouche.journals.sql import SqlJournal
from retouche.locks import FileLocks
from retouche.ports import Locks
from tests.journals.test_sql import add, make
from tests.machines.postgres import Postgres


@pytest.fixture
def locks(database: Database, tmp_path: Path) -> Locks:
    return locks_for(database, tmp_path / "locks")


@contextmanager
def another_process(work: Callable[[Callable[[], None]], None]) -> Iterator[int]:
    """A process that does some work; its number, once the work has called what it is given."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            work(lambda: os.close(writing))
        finally:
            os._exit(0)
    os.close(writing)
    os.read(reading, 1)  # until the other end is closed
    os.close(reading)
    try:
        yield child
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def test_each_database_has_the_locks_that_suit_it(kind: str, locks: Locks) -> None:
    assert isinstance(locks, {"sqlite": FileLocks, "postgresql": SqlLocks}[kind])


def test_one_at_a_time_holds_a_lock_among_threads_and_processes(
    locks: Locks, tmp_path: Path
) -> None:
    counter = tmp_path / "counter"
    counter.write_text("0")

    def count(times: int) -> None:
        for _ in range(times):
            with locks.hold("centres"):
                found = int(counter.read_text())
                time.sleep(0.001)  # long enough for another to read the same
                counter.write_text(str(found + 1))

    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            code = 1
            try:
                count(10)
                code = 0
            finally:
                os._exit(code)
        children.append(child)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(count, [10] * 3))
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 3
    assert counter.read_text() == "60"


def test_locks_of_other_names_are_free(locks: Locks) -> None:
    with (
        locks.hold("centres"),
        locks.hold("centres~history"),
        locks.attempt("places", seconds=0) as one,
        locks.attempt("centres.courier", seconds=0.1) as other,
    ):
        assert one
        assert other


def test_an_attempt_tells_whether_it_holds_the_lock(locks: Locks) -> None:
    def hold(ready: Callable[[], None]) -> None:
        with locks.hold("centres"):
            ready()
            signal.pause()

    with another_process(hold):
        for seconds in (0.0, 0.05, -1.0):
            with locks.attempt("centres", seconds=seconds) as held:
                assert not held
    with locks.attempt("centres", seconds=30) as held:  # the process was killed just now
        assert held
        with ThreadPoolExecutor(1) as pool:
            assert not pool.submit(_has, locks, "centres").result()
    assert _has(locks, "centres")


def test_who_waits_gets_the_lock_when_its_holder_is_killed(locks: Locks) -> None:
    def hold(ready: Callable[[], None]) -> None:
        with locks.hold("centres"):
            ready()
            signal.pause()

    had = threading.Event()

    def wait() -> None:
        with locks.hold("centres"):
            had.set()

    with another_process(hold) as holder:
        waiting = threading.Thread(target=wait)
        waiting.start()
        assert not had.wait(0.1)
        os.kill(holder, signal.SIGKILL)
        assert had.wait(30)
        waiting.join()


def test_what_is_raised_inside_comes_through_and_frees_the_lock(locks: Locks) -> None:
    for error in (OSError("the disk is gone"), KeyError("x")):
        with pytest.raises(type(error)), locks.hold("centres"):
            raise error
        with pytest.raises(type(error)), locks.attempt("centres", seconds=0):
            raise error
    assert _has(locks, "centres")


def test_who_holds_a_lock_reads_and_writes(locks: Locks, database: Database) -> None:
    journal = SqlJournal(database)
    with locks.hold("centres"):
        stored = add(journal, make(1))
        with locks.attempt("other", seconds=0) as held:
            assert held
            journal.update(replace(stored, state="open"))
        assert journal.get("centres", stored.id).state == "open"
        assert add(journal, make(2), "key") == add(journal, make(3), "key")
    assert journal.counts("centres") == {"open": 1, "queued": 1}


def _has(locks: Locks, name: str) -> bool:
    with locks.attempt(name, seconds=0) as held:
        return held


# -- At a PostgreSQL server ---------------------------------------------------------------------


@pytest.fixture
def server_database(postgres: Postgres) -> Iterator[Database]:
    with postgres.database() as url:
        database = Database(url)
        yield database
        database.close()


def _end_session(postgres: Postgres, holder: int) -> None:
    """What happens when a machine is cut off: the server ends the session that held the lock."""
    assert postgres.execute("SELECT pg_terminate_backend(%s, 10000)", holder) == [(True,)]


def _holder(database: Database) -> int:
    """The server's process for the session of this thread."""
    with database.reading() as connection:
        return int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def test_who_lost_the_lock_can_write_no_more(postgres: Postgres, server_database: Database) -> None:
    locks, journal = SqlLocks(server_database), SqlJournal(server_database)
    others = SqlLocks(server_database)  # another machine: it knows nothing of our threads
    stored = add(journal, make(1))

    def take_over() -> None:
        with others.hold("centres"):
            journal.update(replace(stored, state="withdrawn"))

    def go_on() -> None:
        with locks.hold("centres"):
            present = journal.get("centres", stored.id)
            _end_session(postgres, _holder(server_database))
            with ThreadPoolExecutor(1) as pool:
                pool.submit(take_over).result()
            for _ in range(2):  # it stays so, and no new connection takes its place
                with pytest.raises(ForgeUnavailable):
                    journal.update(replace(present, state="accepted"))
                with pytest.raises(ForgeUnavailable):
                    journal.get("centres", stored.id)
            with pytest.raises(ForgeUnavailable), locks.hold("inner"):
                pass

    go_on()
    assert journal.get("centres", stored.id).state == "withdrawn"
    with locks.hold("centres"):
        assert journal.get("centres", stored.id).state == "withdrawn"


def test_a_thread_with_locks_uses_one_connection(
    postgres: Postgres, server_database: Database
) -> None:
    locks, journal = SqlLocks(server_database), SqlJournal(server_database)
    with locks.hold("one"), locks.hold("two"), locks.attempt("three", seconds=1) as held:
        assert held
        add(journal, make(1))
        name = server_database.engine.url.database
        used = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
        assert postgres.execute(used, name) == [(1,)]
        held_now = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
        assert postgres.execute(held_now) == [(3,)]
    assert postgres.execute(held_now) == [(0,)]


def test_more_threads_than_a_process_may_have_wait_for_a_time(
    server_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("retouche.journals.engines.PATIENCE", 0.2)
    locks = SqlLocks(server_database)
    done, taken = threading.Event(), threading.Semaphore(0)

    def hold(number: int) -> None:
        with locks.hold(f"lock-{number}"):
            taken.release()
            done.wait()

    with ThreadPoolExecutor(HOLDERS) as pool:
        for number in range(HOLDERS):
            pool.submit(hold, number)
        for _ in range(HOLDERS):
            taken.acquire()
        try:
            with pytest.raises(ForgeUnavailable), locks.hold("one-more"):
                pass
            assert SqlJournal(server_database).counts("centres") == {}
        finally:
            done.set()


def test_a_server_that_is_gone_gives_no_lock(postgres: Postgres) -> None:
    with postgres.database() as url:
        database = Database(url)
    locks = SqlLocks(database)  # the database is dropped
    with pytest.raises(ForgeUnavailable), locks.hold("centres"):
        pass
    with pytest.raises(ForgeUnavailable), locks.attempt("centres", seconds=0):
        pass
    database.close()

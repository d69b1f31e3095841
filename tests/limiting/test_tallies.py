"""Counts that processes and machines share, and what becomes of them when there is no reaching."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from retouche.limiting import storage, tallies
from retouche.limiting.tallies import SharedTallies
from tests.machines.redis import running

MANY = 40


@pytest.fixture(params=["file", "redis"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """Where counts are kept: a file, or a Redis of our own."""
    if request.param == "file":
        yield tmp_path / "limits.sqlite", ""
        return
    with running(host="127.0.0.1") as server:
        yield tmp_path / "limits.sqlite", server.url


def take(counts: SharedTallies, name: str = "a", *, most: int = 3, seconds: int = 60) -> bool:
    return counts.take(name, most=most, seconds=seconds) is None


def test_no_more_are_taken_than_the_limit_and_one_hears_when_to_come_again(
    shared: tuple[Path, str],
) -> None:
    counts = SharedTallies(*shared)
    assert not counts.is_full("a", most=3, seconds=60)
    assert [take(counts) for _ in range(5)] == [True, True, True, False, False]
    assert counts.is_full("a", most=3, seconds=60)
    wait = counts.take("a", most=3, seconds=60)
    assert wait is not None
    assert 1 <= wait <= 60
    assert take(counts, "b")


def test_what_is_taken_counts_for_its_time_and_no_longer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now = [1_000_000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    counts = SharedTallies(tmp_path / "limits.sqlite")
    taken = []
    for step in range(1_000):  # for 100 seconds, ten times a second
        now[0] = 1_000_000 + step / 10
        if take(counts, most=30):
            taken.append(now[0])
    assert len(taken) == 60
    assert all(later - first >= 60 for first, later in zip(taken, taken[30:], strict=False))
    now[0] = taken[30] + 59
    assert counts.take("a", most=30, seconds=60) is not None


def test_a_clock_that_was_wrong_keeps_nobody_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    counts = SharedTallies(tmp_path / "limits.sqlite")
    here = time.time()
    monkeypatch.setattr(time, "time", lambda: here + 10 * 365 * 86_400)
    assert [take(counts) for _ in range(4)] == [True, True, True, False]
    monkeypatch.setattr(time, "time", lambda: here)
    assert take(counts)


def test_what_has_run_out_is_removed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(storage, "SWEPT_EVERY", 2)
    path = tmp_path / "limits.sqlite"
    counts = SharedTallies(path)
    here = time.time()
    for one in range(10):
        take(counts, f"sender {one}")
    monkeypatch.setattr(time, "time", lambda: here + 3_600)
    for _ in range(2):
        take(counts, "later")
    with sqlite3.connect(path) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM taken")}
    assert len(names) == 1


def _taking(path: Path, url: str, start: float, told: multiprocessing.Queue[int]) -> None:
    counts = SharedTallies(path, url)
    while time.time() < start:
        pass
    told.put(sum(take(counts, most=MANY, seconds=3_600) for _ in range(MANY)))


def test_processes_share_the_count_exactly(
    shared: tuple[Path, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage, "BUSY", 30.0)  # a loaded machine may stop one that writes
    context = multiprocessing.get_context("fork")
    told: multiprocessing.Queue[int] = context.Queue()
    start = time.time() + 0.2
    workers = [context.Process(target=_taking, args=(*shared, start, told)) for _ in range(3)]
    for one in workers:
        one.start()
    counts = [told.get(timeout=60) for _ in workers]
    for one in workers:
        one.join()
    assert sum(counts) == MANY


def test_a_forked_process_opens_the_file_anew(tmp_path: Path) -> None:
    counts = SharedTallies(tmp_path / "limits.sqlite")
    assert take(counts, most=2)
    child = os.fork()
    if child == 0:
        os._exit(0 if take(counts, most=2) and not take(counts, most=2) else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert not take(counts, most=2)


def test_a_redis_that_is_down_refuses_nobody_and_is_not_asked_every_time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tallies, "PAUSE", 3_600.0)
    counts = SharedTallies(tmp_path / "limits.sqlite", "redis://127.0.0.1:1/0")
    asked = []
    shared = counts._windows[0]
    ask = shared.take

    def take_and_tell(name: str, most: int, seconds: int) -> float | None:
        asked.append(name)
        return ask(name, most, seconds)

    monkeypatch.setattr(shared, "take", take_and_tell)
    # This process still counts alone.
    assert [take(counts) for _ in range(4)] == [True, True, True, False]
    assert len(asked) == 1
    assert counts.is_full("a", most=3, seconds=60)


def test_a_storage_that_comes_back_is_used_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tallies, "PAUSE", 0.0)
    folder = tmp_path / "home"
    counts = SharedTallies(folder / "limits.sqlite")  # the folder is not there yet
    assert take(counts, most=1)
    folder.mkdir()
    assert take(counts, most=1)
    assert not take(SharedTallies(folder / "limits.sqlite"), most=1)


def test_threads_do_not_queue_up_behind_a_file_that_is_locked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "limits.sqlite"
    shared = SharedTallies(path)
    assert shared.take("a", most=100, seconds=60) is None
    # The first waits for the file, the others for the first: all give up at once.
    tries: list[str] = []
    monkeypatch.setattr(storage, "BUSY", 0.2)
    asked = tallies.SharedTallies._asked

    def counted(self: SharedTallies, ask: Any) -> Any:
        def told(windows: Any) -> Any:
            try:
                return ask(windows)
            except sqlite3.OperationalError as error:
                tries.append(str(error))
                raise

        return asked(self, told)

    monkeypatch.setattr(SharedTallies, "_asked", counted)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with ThreadPoolExecutor(8) as threads:
            ready = threading.Barrier(8)

            def take(number: int) -> float | None:
                ready.wait(20)
                return shared.take(f"b{number}", most=1, seconds=60)

            assert list(threads.map(take, range(8))) == [None] * 8
        other.execute("ROLLBACK")
    assert "another thread waits for the file" in tries
    assert sum("locked" in one for one in tries) < 4

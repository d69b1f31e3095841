"""Asking for work: whatever is wrong with the queue, who asks goes on, and workers hear what is
there."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.queues import calls as calling
from retouche.queues import stores
from retouche.queues.calls import Calls
from retouche.queues.stores import Store, Words, file_store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "queue.sqlite"


@pytest.fixture
def open_calls(path: Path) -> Iterator[Callable[[], Calls]]:
    """Queues of as many processes as there are calls, over one file."""
    begun: list[Calls] = []

    def opened() -> Calls:
        begun.append(Calls(lambda _: file_store(path)))
        return begun[-1]

    yield opened
    for one in begun:
        one.close()


def heard(calls: Calls, count: int, seconds: float = 10.0) -> list[Sequence[str]]:
    """So many tasks, once they have come."""
    end, found = time.monotonic() + seconds, list[Sequence[str]]()
    while len(found) < count and time.monotonic() < end:
        words = calls.next(0.2)
        if words:
            found.append(words)
    return found


def test_what_is_asked_for_in_one_process_is_heard_once_in_another(
    open_calls: Callable[[], Calls],
) -> None:
    asking, hearing = open_calls(), open_calls()
    asking.ask("round", "desks", "look")
    asking.ask("sweep")
    assert heard(hearing, 2) == [("round", "desks", "look"), ("sweep",)]
    assert hearing.next(0.0) is None


def test_two_that_hear_never_get_the_same(open_calls: Callable[[], Calls]) -> None:
    asking, found = open_calls(), list[Sequence[str]]()
    wanted = {("round", f"desks-{n}") for n in range(30)}
    hearing = [open_calls() for _ in range(2)]
    done = threading.Event()

    def hear(calls: Calls) -> None:
        while not done.is_set():
            words = calls.next(0.05)
            if words:
                found.append(words)

    threads = [threading.Thread(target=hear, args=(one,)) for one in hearing]
    for one in threads:
        one.start()
    for words in sorted(wanted):
        asking.ask(*words)
    end = time.monotonic() + 10
    while len(found) < len(wanted) and time.monotonic() < end:
        time.sleep(0.01)
    done.set()
    for one in threads:
        one.join()
    assert len(found) == len(wanted)
    assert set(found) == wanted


def test_only_the_owner_may_read_the_file(open_calls: Callable[[], Calls], path: Path) -> None:
    calls = open_calls()
    calls.ask("sweep")
    heard(calls, 1)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_is_no_queue_any_more_is_made_anew(
    open_calls: Callable[[], Calls], path: Path
) -> None:
    path.write_bytes(b"not a database" * 100)
    calls = open_calls()
    calls.ask("sweep")
    assert heard(calls, 1) == [("sweep",)]


def test_asking_never_waits_and_never_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling, "PAUSE", 0.01)
    reached, gate = threading.Event(), threading.Event()
    put: list[Sequence[str]] = []

    class Late:
        def put(self, words: Sequence[str]) -> None:
            reached.set()
            gate.wait(10)
            if len(put) == 0 and not failed:
                failed.append(True)
                raise ConnectionError("secret@host")
            put.append(words)

        def take(self) -> None: ...

        def size(self) -> int:
            return len(put)

        def close(self) -> None: ...

    failed: list[bool] = []
    calls = Calls(lambda _: Late())
    calls.ask("round", "desks")  # it is on its way, and hangs
    assert reached.wait(10)
    for _ in range(3):
        calls.ask("round", "desks")
        calls.ask("mail")
    gate.set()
    end = time.monotonic() + 10
    while len(put) < 2 and time.monotonic() < end:
        time.sleep(0.01)
    calls.close()
    assert put == [("round", "desks"), ("mail",)]


def test_what_waits_too_long_is_forgotten_and_the_end_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def gone(_: bool) -> Store:
        raise OSError

    calls = Calls(gone)
    for number in range(3 * calling.WAITING):
        calls.ask("round", str(number))
    calls.ask("round", "x" * 1000)
    start = time.monotonic()
    assert calls.next(0.0) is None
    calls.close()
    assert time.monotonic() - start < 5


def test_a_queue_that_nobody_hears_does_not_grow_for_ever(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "MOST", 3)
    store = file_store(path)
    for number in range(10):
        store.put(("round", str(number)))
    taken = [store.take() for _ in range(4)]
    store.close()
    assert taken == [("round", "0"), ("round", "1"), ("round", "2"), None]


def test_a_forked_process_asks_for_itself(open_calls: Callable[[], Calls]) -> None:
    calls = open_calls()
    calls.ask("before")
    assert heard(open_calls(), 1) == [("before",)]
    child = os.fork()
    if not child:
        calls.ask("after")
        calls.close()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    assert heard(open_calls(), 1) == [("after",)]


@settings(max_examples=200)
@given(
    st.binary()
    | st.recursive(st.none() | st.text(), st.lists).map(lambda one: json.dumps(one).encode())
)
def test_what_is_no_task_asks_for_nothing_or_for_words(data: bytes) -> None:
    found = Words().deserialize(data)
    assert found.name == f"{stores.__name__}.ask"
    assert all(isinstance(one, str) for one in found.args)


@pytest.mark.attack("hostile-queue")
def test_what_somebody_else_put_there_is_not_run(path: Path, tmp_path: Path) -> None:
    store = file_store(path)
    trap = tmp_path / "trap"
    pickled = b"cos\nsystem\n(S'touch " + str(trap).encode() + b"'\ntR."
    connection = sqlite3.connect(path)
    connection.execute("insert into task (queue, data) values ('retouche', ?)", (pickled,))
    connection.commit()
    connection.close()
    store.put(("sweep",))
    assert [store.take(), store.take()] == [(), ("sweep",)]
    store.close()
    assert not trap.exists()

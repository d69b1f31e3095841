"""Chores of a worker: each in its time, at once when asked for, and none in the way of others."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from queue import Empty, SimpleQueue

import pytest

from retouche.core.errors import StorageFull
from retouche.ports import Chore
from retouche.services.chores import Chores

LONG = timedelta(hours=1)


class Box:
    """What was asked for, without any queue."""

    def __init__(self) -> None:
        self.words: SimpleQueue[Sequence[str]] = SimpleQueue()

    def next(self, seconds: float) -> Sequence[str] | None:
        try:
            found = self.words.get(timeout=0.01)
        except Empty:
            return None
        if found == ("broken",):
            raise ValueError
        return found


def until(holds: Callable[[], bool], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.005)


class Work:
    """Counts how often it was done; fails when it is told to."""

    def __init__(self, name: str, every: timedelta = LONG, *errors: Exception) -> None:
        self.done, self.errors = 0, list(errors)
        self.gate = threading.Event()
        self.gate.set()
        self.chore = Chore(name=name, every=every, run=self)

    def __call__(self) -> None:
        self.done += 1
        assert self.gate.wait(10)
        if self.errors:
            raise self.errors.pop()


@pytest.fixture
def start() -> Iterator[Callable[..., tuple[Chores, Box, list[tuple[str, bool]]]]]:
    begun: list[Chores] = []

    def started(*work: Work) -> tuple[Chores, Box, list[tuple[str, bool]]]:
        box, woken = Box(), list[tuple[str, bool]]()
        chores = Chores(
            [one.chore for one in work], box, wake=lambda name, look: woken.append((name, look))
        )
        begun.append(chores)
        chores.start()
        return chores, box, woken

    yield started
    for one in begun:
        one.stop()


Start = Callable[..., tuple[Chores, Box, list[tuple[str, bool]]]]


def test_each_is_done_at_the_start_and_when_it_is_asked_for(start: Start) -> None:
    mail, digest = Work("mail"), Work("digest")
    _, box, _ = start(mail, digest)
    until(lambda: (mail.done, digest.done) == (1, 1))
    box.words.put(("mail",))
    until(lambda: mail.done == 2)
    assert digest.done == 1


def test_each_is_done_every_so_often(start: Start) -> None:
    work = Work("mail", timedelta(milliseconds=5))
    start(work)
    until(lambda: work.done > 3)


def test_one_that_fails_is_done_again_and_stops_no_other(start: Start) -> None:
    soon = timedelta(milliseconds=5)
    bad = Work("bad", soon, RuntimeError("ours"), StorageFull())
    good = Work("good", soon)
    start(bad, good)
    until(lambda: bad.done > 3 and good.done > 3)


def test_one_that_takes_long_keeps_no_other_and_is_done_once_more_for_all_who_asked(
    start: Start,
) -> None:
    slow, quick = Work("slow"), Work("quick")
    slow.gate.clear()
    _, box, _ = start(slow, quick)
    until(lambda: slow.done == 1)
    for _ in range(5):
        box.words.put(("slow",))
    box.words.put(("quick",))
    until(lambda: quick.done == 2)
    slow.gate.set()
    until(lambda: slow.done == 2)
    box.words.put(("quick",))
    until(lambda: quick.done == 3)
    assert slow.done == 2


def test_a_round_of_a_dataset_wakes_its_courier(start: Start) -> None:
    _, box, woken = start()
    box.words.put(("round", "desks"))
    box.words.put(("round", "desks", "look"))
    until(lambda: woken == [("desks", False), ("desks", True)])


@pytest.mark.parametrize("words", [("unknown",), ("round",), ("broken",), ("",)])
def test_what_is_not_understood_is_passed_over(start: Start, words: Sequence[str]) -> None:
    work = Work("mail")
    _, box, _ = start(work)
    until(lambda: work.done == 1)
    box.words.put(words)
    box.words.put(("mail",))
    until(lambda: work.done == 2)


def test_it_ends_and_begins_again(start: Start) -> None:
    work = Work("mail")
    chores, _, _ = start(work)
    chores.start()
    until(lambda: work.done == 1)
    chores.stop()
    assert [one for one in threading.enumerate() if one.name.startswith("chore")] == []
    chores.start()
    until(lambda: work.done == 2)

"""Calling a courier of another process: who sends waits a little, and never for nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from retouche.core.errors import ForgeUnavailable
from retouche.ports import Proposal
from retouche.services.courier.bell import WAITING
from retouche.services.courier.call import Call
from tests.services.elsewhere import Hands, Place, Server, make_home


class Asked:
    """A queue that only remembers."""

    def __init__(self) -> None:
        self.words: list[tuple[str, ...]] = []

    def ask(self, chore: str, *arguments: str) -> None:
        self.words.append((chore, *arguments))

    def waiting(self) -> int:
        return len(self.words)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    found = Server(make_home(tmp_path), Place(), Hands())
    yield found
    found.close()


Make = Callable[..., tuple[Call, Asked]]


@pytest.fixture
def make(server: Server) -> Make:
    def made(
        patience: float = 20.0, sleep: Callable[[float], None] = time.sleep
    ) -> tuple[Call, Asked]:
        asked = Asked()
        call = Call(
            asked, server.journal, server.watch, server.breaker, patience=patience, sleep=sleep
        )
        return call, asked

    return made


def test_a_ring_is_asked_for_through_the_queue(make: Make) -> None:
    call, asked = make()
    call.ring("desks")
    call.ring("desks", look=True)
    assert asked.words == [("round", "desks"), ("round", "desks", "look")]


def test_who_sends_goes_on_once_it_is_carried(server: Server, make: Make) -> None:
    sent = server.submit()
    call, asked = make(sleep=lambda _: server.round())
    call.hand_over("desks", sent.id)
    assert server.get(sent).state == "open"
    assert asked.words == [("round", "desks")]


def test_who_sends_goes_on_once_it_was_tried_in_vain(server: Server, make: Make) -> None:
    sent, looks = server.submit(), list[float]()

    def fail(seconds: float) -> None:
        looks.append(seconds)
        present = server.get(sent)
        tried = replace(present.upstream, attempts=present.upstream.attempts + 1)
        server.journal.update(replace(present, upstream=tried))

    call, _ = make(sleep=fail)
    call.hand_over("desks", sent.id)
    assert len(looks) == 1


def test_nobody_waits_for_a_forge_that_must_not_be_asked(server: Server, make: Make) -> None:
    sent = server.submit()
    server.breaker.failed("desks", ForgeUnavailable("forge_unreachable"))
    call, asked = make(sleep=_never)
    call.hand_over("desks", sent.id)
    assert asked.words == [("round", "desks")]


def test_patience_ends(server: Server, make: Make) -> None:
    sent = server.submit()
    call, _ = make(patience=0.1)
    call.hand_over("desks", sent.id)
    assert server.get(sent).state == "queued"


def test_a_journal_that_fails_meanwhile_ends_the_wait(
    server: Server, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Proposal:
        raise ForgeUnavailable("journal_unavailable")

    sent = server.submit()
    monkeypatch.setattr(server.journal, "get", fail)
    call, _ = make(sleep=_never)
    call.hand_over("desks", sent.id)


def test_only_a_few_wait_at_once(server: Server, make: Make) -> None:
    sent, gate, inside = server.submit(), threading.Event(), threading.Semaphore(0)

    def wait(_: float) -> None:
        inside.release()
        assert gate.wait(20)

    call, _ = make(patience=0.05, sleep=wait)
    threads = [
        threading.Thread(target=call.hand_over, args=("desks", sent.id)) for _ in range(WAITING)
    ]
    for one in threads:
        one.start()
    for _ in threads:
        assert inside.acquire(timeout=20)
    call.hand_over("desks", sent.id)  # else it would wait for the gate
    gate.set()
    for one in threads:
        one.join()


def _never(_: float) -> None:
    raise AssertionError("it waits")

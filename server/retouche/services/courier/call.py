"""How request threads call a courier that works in another process, maybe on another machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Protocol

from retouche.core.errors import RetoucheError
from retouche.ports import Journal, Queue, Watch
from retouche.services.chores import LOOK, ROUND
from retouche.services.courier.bell import WAITING
from retouche.services.courier.breaker import Breaker

PAUSE = 0.05
"""Seconds between two looks at what became of a proposal."""


class Caller(Protocol):
    """Whatever calls the courier."""

    def ring(self, dataset: str, *, look: bool = False) -> None:
        """Ask for a round of a dataset; with `look`, one that looks at what the forge has."""
        ...

    def hand_over(self, dataset: str, proposal: str) -> None:
        """Ask for a round, and wait a little for a proposal to be carried."""
        ...


class Call:
    """Asks through the queue, and looks at the journal for what came of it."""

    def __init__(
        self,
        queue: Queue,
        journal: Journal,
        watch: Watch,
        breaker: Breaker,
        *,
        patience: float,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`patience`: the longest time, in seconds, that a sender waits."""
        self._queue = queue
        self._journal = journal
        self._watch = watch
        self._breaker = breaker
        self._patience = patience
        self._sleep = sleep
        self._places = threading.BoundedSemaphore(WAITING)

    def ring(self, dataset: str, *, look: bool = False) -> None:
        self._queue.ask(ROUND, dataset, *([LOOK] if look else []))

    def hand_over(self, dataset: str, proposal: str) -> None:
        """Returns when the proposal is carried, when that was tried in vain, when patience ends,
        and at once when enough others wait or the forge must not be asked."""
        self.ring(dataset)
        if not self._places.acquire(blocking=False):
            return
        try:
            self._wait(dataset, proposal)
        except RetoucheError:
            return  # it is kept; what became of it is told to whoever asks later
        finally:
            self._places.release()

    def _wait(self, dataset: str, proposal: str) -> None:
        end = time.monotonic() + self._patience
        before: int | None = None
        while self._breaker.pause(self._watch.outlook(dataset)) is None:
            present = self._journal.get(dataset, proposal)
            tried = present.upstream.attempts
            before = tried if before is None else before
            if present.state != "queued" or tried > before or time.monotonic() >= end:
                return
            self._sleep(PAUSE)

"""How request threads and the courier of one process tell each other that there is work, or news.

It keeps nothing that matters: what is to be done stands in the journal and the watch.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict

WAITING = 4
"""Most request threads that wait at once: the others go on serving."""


class Bell:
    """Wakes the courier, and senders when it has been. No wake-up is lost."""

    def __init__(self, patience: float) -> None:
        """`patience`: the longest time, in seconds, that a sender waits."""
        self._patience = patience
        self._changed = threading.Condition()
        # How often it was rung for a dataset, and the ring that the last round had heard.
        self._rung: defaultdict[str, int] = defaultdict(int)
        self._answered: defaultdict[str, int] = defaultdict(int)
        self._looks: defaultdict[str, int] = defaultdict(int)
        self._awaited: dict[str, int] = {}
        self._waiting = 0
        self._attended = False

    # -- For whoever has work for the courier ------------------------------------------------

    def ring(self, dataset: str, *, look: bool = False) -> None:
        """Ask for a round of a dataset; with `look`, one that looks at what the forge has."""
        with self._changed:
            self._rung[dataset] += 1
            if look:
                self._looks[dataset] += 1
            self._changed.notify_all()

    def hand_over(self, dataset: str, proposal: str) -> None:
        """Ask for a round, and wait a little for a proposal to be carried.

        Returns when it is, when a round that began later has ended without it, when patience
        ends, and at once when nobody is there to carry it or enough others wait.
        """
        self.ring(dataset)
        with self._changed:
            if not self._attended or self._waiting >= WAITING:
                return
            ticket = self._rung[dataset]
            self._waiting += 1
            self._awaited[proposal] = self._awaited.get(proposal, 0) + 1
            try:
                self._changed.wait_for(
                    lambda: (
                        proposal not in self._awaited
                        or self._answered[dataset] >= ticket
                        or not self._attended
                    ),
                    self._patience,
                )
            finally:
                self._waiting -= 1
                if self._awaited.get(proposal, 0) > 1:
                    self._awaited[proposal] -= 1
                else:
                    self._awaited.pop(proposal, None)

    # -- For the courier ---------------------------------------------------------------------

    def attend(self) -> None:
        """Somebody hears it from now on."""
        with self._changed:
            self._attended = True

    def leave(self) -> None:
        """Nobody hears it any more: who waits for it goes on."""
        with self._changed:
            self._attended = False
            self._changed.notify_all()

    def wait(self, dataset: str, seconds: float) -> int | None:
        """Wait until a dataset has a ring that no round has heard, at most for some time.

        Gives the ring that a round which begins now will have heard; None when nobody attends.
        """
        with self._changed:
            self._changed.wait_for(
                lambda: not self._attended or self._rung[dataset] > self._answered[dataset],
                seconds,
            )
            return self._rung[dataset] if self._attended else None

    def pause(self, seconds: float) -> None:
        """Wait, whatever rings, unless nobody attends any more."""
        end = time.monotonic() + seconds
        with self._changed:
            while self._attended and (left := end - time.monotonic()) > 0:
                self._changed.wait(left)

    def looks(self, dataset: str) -> int:
        """How often a look at what the forge has was asked for."""
        with self._changed:
            return self._looks[dataset]

    def carried(self, proposal: str) -> None:
        """Who waits for a proposal goes on."""
        with self._changed:
            self._awaited.pop(proposal, None)
            self._changed.notify_all()

    def answer(self, dataset: str, ring: int) -> None:
        """A round that had heard a ring has ended."""
        with self._changed:
            self._answered[dataset] = max(self._answered[dataset], ring)
            self._changed.notify_all()

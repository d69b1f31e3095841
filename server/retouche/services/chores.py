"""Work beside requests, in a worker: each chore every so often, and at once when it is asked for.

What is to be done stands in the database, so that several workers may do the same, and any of them
may be killed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

import structlog

from retouche.core.errors import RetoucheError
from retouche.ports import Chore, Inbox

ROUND = "round"
"""What is asked for with the name of a dataset: a round of its courier."""
LOOK = "look"
"""Said with it: one that looks at what the forge has."""
HEARD = 1.0
"""Seconds for which the queue is listened to before it is seen whether to end."""
LOG = structlog.get_logger()


class Chores:
    """A thread for each chore, so that none waits for another, and one that hears the queue."""

    def __init__(
        self, chores: Iterable[Chore], inbox: Inbox, *, wake: Callable[[str, bool], None]
    ) -> None:
        """`wake` asks for a round of a dataset, and whether to look at what its forge has."""
        self._chores = {one.name: one for one in chores}
        self._inbox = inbox
        self._wake = wake
        self._asked = {name: threading.Event() for name in self._chores}
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    def start(self) -> None:
        """Begin to work in this process, after any fork: each chore is done once, to begin with.

        Does nothing when it already works.
        """
        if self._threads:
            return
        self._stopping.clear()
        for one in self._chores.values():
            self._begin(f"chore {one.name}", self._attend, one)
        self._begin("chores", self._hear)

    def stop(self, timeout: float = 5.0) -> None:
        """End; a chore that is under way is waited for, but not for longer than some seconds."""
        self._stopping.set()
        for asked in self._asked.values():
            asked.set()
        end = time.monotonic() + timeout
        for one in self._threads:
            one.join(max(0.0, end - time.monotonic()))
        self._threads.clear()

    def ask(self, name: str) -> None:
        """Have a chore done soon; once, however often it is asked for until then."""
        asked = self._asked.get(name)
        if asked is not None:  # a worker of another version may know more of them
            asked.set()

    def run(self, name: str) -> None:
        """Do a chore at once. It never fails: what went wrong is in the log."""
        try:
            self._chores[name].run()
        except RetoucheError as error:
            LOG.warning("chore_failed", chore=name, reason=error.reason)
        except Exception:  # it may go well the next time: the thread must not end
            LOG.exception("chore_failed", chore=name)

    def _begin(self, name: str, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _attend(self, chore: Chore) -> None:
        asked = self._asked[chore.name]
        while not self._stopping.is_set():
            asked.clear()
            self.run(chore.name)
            if not self._stopping.is_set():  # it may have been told before `clear`
                asked.wait(chore.every.total_seconds())

    def _hear(self) -> None:
        while not self._stopping.is_set():
            try:
                words = self._inbox.next(HEARD)
                if words:
                    self._hand_on(words[0], words[1:])
            except Exception:  # whoever asks may ask for anything
                LOG.exception("not_understood")
                self._stopping.wait(HEARD)

    def _hand_on(self, name: str, arguments: Iterable[str]) -> None:
        if name == ROUND:
            dataset, *how = arguments
            self._wake(dataset, LOOK in how)
        else:
            self.ask(name)

"""Asking for work, and hearing what is asked for: neither ever fails, and asking never waits.

What is lost on the way is found by those who look by themselves.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from retouche.core.errors import ForgeUnavailable

if TYPE_CHECKING:
    from retouche.queues.stores import Store

LONGEST = 200
"""Most characters of a word."""
WAITING = 100
"""Most tasks that wait in this process to be handed on."""
PAUSE = 2.0
"""Seconds before a queue that failed is tried again."""
SAID = 60.0
"""Seconds between two words in the log about a queue that fails."""
LOOK = 0.05
"""Seconds between two looks at a queue that has nothing."""
LAST = 1.0
"""Longest time, in seconds, to hand on what is left when a process ends."""
LOG = structlog.get_logger()


@dataclass(slots=True)
class _Sending:
    """What one process still has to hand on, and the thread that does it."""

    process: int
    changed: threading.Condition = field(default_factory=threading.Condition)
    waiting: deque[tuple[str, ...]] = field(default_factory=lambda: deque(maxlen=WAITING))
    ending: bool = False
    thread: threading.Thread | None = None


class Calls:
    """`ports.Queue` and `ports.Inbox` over a store. Safe for threads, and across fork."""

    def __init__(self, opened: Callable[[bool], Store]) -> None:
        """`opened` opens the store, for whoever takes from it (True) or only puts (False)."""
        self._opened = opened
        self._guard = threading.Lock()
        self._sending = _Sending(os.getpid())
        self._inbox: Store | None = None
        self._silent: dict[str, float] = {}

    # -- For whoever has work -----------------------------------------------------------------

    def ask(self, chore: str, *arguments: str) -> None:
        """Ask for work soon, in a thread: neither a queue nor a network keeps the caller."""
        words = chore, *arguments
        if any(len(one) > LONGEST for one in words):
            return
        sending = self._own()
        with sending.changed:
            if words not in sending.waiting:  # once is enough
                sending.waiting.append(words)
            sending.changed.notify()

    def close(self) -> None:
        """Hand on what is left, not for long, and let go of the queue."""
        sending = self._sending
        with self._guard:
            self._sending = _Sending(os.getpid())
        if sending.process != os.getpid():
            return
        with sending.changed:
            sending.ending = True
            sending.changed.notify()
        if sending.thread is not None:
            sending.thread.join(LAST)
        if self._inbox is not None:
            self._inbox.close()
            self._inbox = None

    def _own(self) -> _Sending:
        """What this process sends with: threads and connections do not cross a fork."""
        with self._guard:
            if self._sending.process != os.getpid():
                self._sending = _Sending(os.getpid())
            sending = self._sending
            if sending.thread is None:
                sending.thread = threading.Thread(
                    target=self._send, args=(sending,), name="queue", daemon=True
                )
                sending.thread.start()
            return sending

    def _send(self, sending: _Sending) -> None:
        store: Store | None = None
        changed = sending.changed
        while True:
            with changed:
                changed.wait_for(lambda: sending.waiting or sending.ending)
                if not sending.waiting:
                    break
                words = sending.waiting[0]
            try:
                store = store or self._opened(False)
                store.put(words)
            except Exception as error:  # whatever it is, the next one may get there
                self._tell("queue_not_reached", error)
                if store is not None:
                    store.close()
                    store = None
                with changed:
                    if changed.wait_for(lambda: sending.ending, PAUSE):
                        return
                continue
            with changed:
                if sending.waiting and sending.waiting[0] == words:
                    sending.waiting.popleft()
        if store is not None:
            store.close()

    def waiting(self) -> int:
        """How much is asked for and not taken. Raises `ForgeUnavailable`."""
        store: Store | None = None
        try:
            store = self._opened(False)
            return store.size()
        except Exception:  # whatever it is: the address of a Redis may hold a password
            raise ForgeUnavailable("queue_unavailable") from None
        finally:
            if store is not None:
                store.close()

    # -- For workers --------------------------------------------------------------------------

    def next(self, seconds: float) -> Sequence[str] | None:
        """What is asked for next, if anything is within about some seconds. For one thread."""
        end = time.monotonic() + seconds
        while True:
            try:
                self._inbox = self._inbox or self._opened(True)
                found = self._inbox.take()
            except Exception as error:  # the same
                self._tell("queue_not_heard", error)
                if self._inbox is not None:
                    self._inbox.close()
                    self._inbox = None
                time.sleep(max(0.0, min(PAUSE, end - time.monotonic())))
                return None
            if found or time.monotonic() >= end:
                return found
            time.sleep(LOOK)

    def _tell(self, event: str, error: Exception) -> None:
        now = time.monotonic()
        if now - self._silent.get(event, -SAID) >= SAID:
            self._silent[event] = now
            # Not what it says: the address of a Redis may hold a password.
            LOG.warning(event, error=type(error).__name__)

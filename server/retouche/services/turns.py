"""Turns for work that takes a whole processor for seconds: few at a time, and few that wait.

Whoever waits holds a thread, so that too many of them would keep everybody from being answered.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from retouche.core.errors import RateLimited


class Turns:
    """One at a time goes on, some wait, and all others are asked to come back. Safe for threads."""

    def __init__(self, *, waiting: int, patience: float) -> None:
        """`waiting` may wait at a time, each for at most `patience` seconds."""
        self._patience = patience
        self._turn = threading.Lock()
        self._places = threading.Semaphore(waiting + 1)

    @contextmanager
    def take(self) -> Iterator[None]:
        """Go on when it is one's turn. Raises `RateLimited`."""
        if not self._places.acquire(blocking=False):
            raise RateLimited(retry_after=int(self._patience))
        try:
            if not self._turn.acquire(timeout=self._patience):
                raise RateLimited(retry_after=int(self._patience))
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._places.release()

"""How long calls to GitLab may take, and how often the bot may make them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

PER_MINUTE = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """Longest times, in seconds."""

    connect: float = 5.0
    read: float = 15.0
    """For the next bytes of an answer."""
    call: float = 20.0
    """For a whole call of the API, whatever drips in."""
    refs: float = 20.0
    """For a git command that moves little: refs, a push, a commit."""
    fetch: float = 3600.0
    """For a fetch of all there is."""
    mergeable: float = 15.0
    """For GitLab to find out whether a merge request can be merged."""


class Pace:
    """Lets calls through at an even rate once a minute's worth was made at once."""

    def __init__(
        self,
        per_minute: int = PER_MINUTE,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._rate = per_minute / 60
        self._most = self._left = float(per_minute)
        self._now, self._sleep = now, sleep
        self._at = now()
        self._lock = threading.Lock()

    def wait(self) -> None:
        """Wait for one's turn: no longer than others are already waiting, each 1/rate seconds."""
        with self._lock:
            present = self._now()
            self._left = min(self._most, self._left + (present - self._at) * self._rate) - 1
            self._at = present
            pause = max(0.0, -self._left / self._rate)
        if pause:
            self._sleep(pause)

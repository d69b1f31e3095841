"""Counts in Redis where machines share it, else in a file of the home, else in memory."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import structlog

if TYPE_CHECKING:
    from retouche.limiting.windows import Windows

PAUSE = 5.0
"""Seconds during which a storage that failed is not asked again."""
T = TypeVar("T")
LOG = structlog.get_logger()


class SharedTallies:
    """`ports.Tallies`. Where the shared counts cannot be reached, each process counts alone."""

    def __init__(self, path: Path, redis_url: str = "") -> None:
        """`path` is the file of the counts where there is no Redis."""
        self._path = path
        self._redis_url = redis_url
        self._down_until = 0.0

    def take(self, name: str, *, most: int, seconds: int) -> float | None:
        return self._asked(lambda windows: windows.take(name, most, seconds))

    def is_full(self, name: str, *, most: int, seconds: int) -> bool:
        return self._asked(lambda windows: windows.is_full(name, most, seconds))

    @cached_property
    def _windows(self) -> tuple[Windows, Windows]:
        """The shared ones, and those of this process."""
        # Read when something is counted: a command that counts nothing starts sooner.
        from retouche.limiting.windows import alone, shared

        return shared(self._path, self._redis_url), alone()

    def _asked(self, ask: Callable[[Windows], T]) -> T:
        shared, alone = self._windows
        if time.monotonic() >= self._down_until:
            try:
                return ask(shared)
            except Exception as error:  # whatever it is, nobody is refused for it
                self._down_until = time.monotonic() + PAUSE
                LOG.warning("counts_not_shared", fault=type(error).__name__)
        return ask(alone)

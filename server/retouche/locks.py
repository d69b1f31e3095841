"""One decision at a time per dataset, across threads and processes of one machine."""

from __future__ import annotations

import fcntl
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PAUSE = 0.02
"""Seconds between two looks at a lock that another process holds."""


class FileLocks:
    """Exclusive locks by name, held by `flock`: the system frees them when a process dies.

    A dataset's decisions have its name; every other lock has a `~`, which no dataset has in its
    name, so that none is taken for another.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._threads: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    @contextmanager
    def hold(self, name: str) -> Iterator[None]:
        """Wait for the lock `name` (made of a dataset's name, so a safe file name) and hold it."""
        # flock is per open file: threads of one process queue on the inner lock first.
        with self._threads[name], self._file(name) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    @contextmanager
    def attempt(self, name: str, *, seconds: float) -> Iterator[bool]:
        """Hold it if it can be had within some time; tells whether it is held."""
        end = time.monotonic() + seconds
        inner = self._threads[name]
        if not inner.acquire(timeout=max(seconds, 0)):
            yield False
            return
        try:
            with self._file(name) as file:
                yield _is_locked(file, end)
        finally:
            inner.release()

    def _file(self, name: str) -> IO[str]:
        self._folder.mkdir(parents=True, exist_ok=True)
        return (self._folder / f"{name}.lock").open("w")


def _is_locked(file: IO[str], end: float) -> bool:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(PAUSE)
        else:
            return True

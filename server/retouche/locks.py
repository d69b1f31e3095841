"""One decision at a time per dataset, across threads and processes of one machine."""

from __future__ import annotations

import fcntl
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FileLocks:
    """Exclusive locks by name, held by `flock`: the system frees them when a process dies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._threads: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    @contextmanager
    def hold(self, name: str) -> Iterator[None]:
        """Wait for the lock `name` (a dataset's name, so a safe file name) and hold it."""
        self._folder.mkdir(parents=True, exist_ok=True)
        # flock is per open file: threads of one process queue on the inner lock first.
        with self._threads[name], (self._folder / f"{name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

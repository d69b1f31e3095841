"""Latches: one builder at a time for a key, over all threads and processes of a machine."""

from __future__ import annotations

import fcntl
import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

NAMED = 3
"""Hexadecimal digits of a latch's name: keys share a few thousand files that stay."""


@dataclass(slots=True)
class _Latch:
    lock: threading.RLock = field(default_factory=threading.RLock)
    depth: int = 0
    descriptor: int | None = None


class Latches:
    """Exclusive locks by key. A thread may hold again what it holds, and no second of a kind."""

    def __init__(self, folder: Path, kind: str) -> None:
        self._folder = folder
        self._kind = kind
        self._process = os.getpid()
        self._latches: dict[str, _Latch] = {}
        self._guard = threading.Lock()

    @contextmanager
    def hold(self, key: str) -> Iterator[None]:
        """Wait and hold. Where the disk knows no locks, only the threads of this process wait."""
        name = hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest()[:NAMED]
        latch = self._latch(name)
        with latch.lock:  # flock is per open file: threads of one process queue here first
            latch.depth += 1
            try:
                if latch.depth == 1:
                    latch.descriptor = self._flock(name)
                yield
            finally:
                latch.depth -= 1
                if not latch.depth and latch.descriptor is not None:
                    os.close(latch.descriptor)
                    latch.descriptor = None

    def _latch(self, name: str) -> _Latch:
        with self._guard:
            if self._process != os.getpid():  # what other threads held stayed with the parent
                self._process, self._latches = os.getpid(), {}
            return self._latches.setdefault(name, _Latch())

    def _flock(self, name: str) -> int | None:
        descriptor = None
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / f"{self._kind}-{name}.lock"
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError:
            if descriptor is not None:
                os.close(descriptor)
            return None
        return descriptor

"""Small objects that were just read or written: an id never means anything else."""

from __future__ import annotations

import threading
from collections import OrderedDict

LARGEST = 1 << 16
CAPACITY = 1 << 23


class Recent:
    """The commits and trees last used, up to some bytes. Safe for threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, bytes]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, identifier: str) -> tuple[str, bytes] | None:
        with self._lock:
            found = self._kept.get(identifier)
            if found is not None:
                self._kept.move_to_end(identifier)
            return found

    def keep(self, identifier: str, kind: str, data: bytes) -> None:
        if kind not in ("commit", "tree") or len(data) > LARGEST:
            return
        with self._lock:
            if identifier in self._kept:
                return
            self._kept[identifier] = kind, data
            self._size += len(data)
            while self._size > CAPACITY:
                self._size -= len(self._kept.popitem(last=False)[1][1])

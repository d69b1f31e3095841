"""What was found out about chains of deltas, remembered while neighbouring versions are read.

Kept by pack and offset: what a pack's name stands for never changes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from retouche.forges.deltas import Piece

if TYPE_CHECKING:
    from retouche.forges.packfile import Entry

Place: TypeAlias = tuple[str, int]
"""A pack, and where an entry begins in it."""
Value = TypeVar("Value")
PIECES = 200_000
BYTES = 24_000_000
LARGEST = BYTES // 3
"""Size of a whole object from which it is not remembered, in bytes."""


class Chains:
    """The versions last read, as pieces of whole objects, and those objects. Safe for threads."""

    def __init__(self) -> None:
        self.layouts: _Kept[tuple[Entry, tuple[Piece, ...]]] = _Kept(PIECES)
        """Of a delta: the whole object below it, and the pieces of that which it is."""
        self.wholes: _Kept[bytes] = _Kept(BYTES)


class _Kept(Generic[Value]):
    """The values last used, up to a total size."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._values: OrderedDict[Place, tuple[Value, int]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, place: Place) -> Value | None:
        with self._lock:
            found = self._values.get(place)
            if found is None:
                return None
            self._values.move_to_end(place)
            return found[0]

    def keep(self, place: Place, value: Value, size: int) -> None:
        """Remember a value, unless it would push out most of the others."""
        if size > self._capacity // 3:
            return
        with self._lock:
            if place not in self._values:
                self._values[place] = value, size
                self._size += size
            while self._size > self._capacity:
                self._size -= self._values.popitem(last=False)[1][1]

"""The index of a pack: where each object is in it. Read as it is mapped, and written whole."""

from __future__ import annotations

import hashlib
import mmap
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_INDEX = b"\xfftOc\0\0\0\2"
_FAR = 1 << 31
"""Offsets from here on are in a table of their own, of eight bytes each."""
Ids = NDArray[np.bytes_]


class Index:
    """The `.idx` of a pack, mapped. Raises `ValueError` when it is none."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._map[:8] != _INDEX or len(self._map) < 8 + 1024 + 40:
            raise ValueError("not an index of version 2")
        self.fanout = np.frombuffer(self._map, ">u4", 256, 8)
        self.count = int(self.fanout[-1])
        if len(self._map) < 8 + 1024 + 28 * self.count + 40:
            raise ValueError("an index that was cut")

    @property
    def ids(self) -> Ids:
        """The binary ids, sorted."""
        return np.frombuffer(self._map, "S20", self.count, 1032)

    @property
    def checks(self) -> NDArray[np.uint32]:
        """The CRC-32 of each entry, by place of its id."""
        return np.frombuffer(self._map, ">u4", self.count, 1032 + 20 * self.count)

    @cached_property
    def offsets(self) -> NDArray[np.int64]:
        """Where each entry begins, by place of its id."""
        near = np.frombuffer(self._map, ">u4", self.count, 1032 + 24 * self.count)
        offsets = near.astype(np.int64)
        far = offsets >= _FAR
        if far.any():
            room = (len(self._map) - 1032 - 28 * self.count - 40) // 8
            table = np.frombuffer(self._map, ">u8", room, 1032 + 28 * self.count)
            offsets[far] = table[offsets[far] - _FAR]
        return offsets

    def place(self, identifier: bytes) -> int | None:
        """The place of an id; None when the pack has no such object."""
        first = identifier[0]
        low = int(self.fanout[first - 1]) if first else 0
        high = int(self.fanout[first])
        while low < high:
            middle = (low + high) // 2
            at = 1032 + 20 * middle
            found = self._map[at : at + 20]
            if found == identifier:
                return middle
            if found < identifier:
                low = middle + 1
            else:
                high = middle
        return None

    def find(self, identifier: bytes) -> int | None:
        """Where the entry of an object begins; None when the pack has no such object."""
        place = self.place(identifier)
        if place is None:
            return None
        at = 1032 + 24 * self.count + 4 * place
        near = int.from_bytes(self._map[at : at + 4], "big")
        return near if near < _FAR else int(self.offsets[place])

    def id_at(self, offset: int) -> tuple[bytes, int]:
        """The id of the entry that begins at an offset, and its CRC. Raises `ValueError`."""
        (places,) = np.nonzero(self.offsets == offset)
        if len(places) != 1:
            raise ValueError("no entry begins there")
        at = 1032 + 20 * int(places[0])
        return self._map[at : at + 20], int(self.checks[places[0]])

    def after(self, offset: int) -> int | None:
        """Where the next entry begins; None after the last."""
        later = self.offsets[self.offsets > offset]
        return int(later.min()) if len(later) else None


def index_bytes(
    ids: Ids, checks: NDArray[Any], offsets: NDArray[np.int64], *, trailer: bytes
) -> bytes:
    """The bytes of an index of sorted ids."""
    firsts = np.frombuffer(ids.tobytes(), np.uint8)[::20]
    near, far = offsets.copy(), offsets >= _FAR
    near[far] = _FAR + np.arange(int(far.sum()))
    body = b"".join(
        (
            _INDEX,
            np.bincount(firsts, minlength=256).cumsum().astype(">u4").tobytes(),
            ids.tobytes(),
            checks.astype(">u4").tobytes(),
            near.astype(">u4").tobytes(),
            offsets[far].astype(">u8").tobytes(),
            trailer,
        )
    )
    return body + hashlib.sha1(body, usedforsecurity=False).digest()

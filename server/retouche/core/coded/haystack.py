"""Finding a text in many texts at once, as bytes: no Python object for each of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.texts import SEPARATOR, Texts

Mask: TypeAlias = NDArray[np.bool_]
Bytes: TypeAlias = NDArray[np.uint8]
Whole: TypeAlias = NDArray[np.integer[Any]]

BATCH = 4_096
DENSE = 300
"""Bytes between two hits below which numpy is faster than `bytes.find`."""
CHUNK = 4 << 20


class Haystack:
    """Many texts joined, to find those that contain a text."""

    __slots__ = ("_bytes", "_starts")

    def __init__(self, texts: Texts):
        self._bytes = texts.joined.tobytes()
        self._starts = texts.starts - texts.bounds[0]

    def __len__(self) -> int:
        return len(self._starts)

    @property
    def size(self) -> int:
        return len(self._bytes) + int(self._starts.nbytes)

    def containing(self, text: str) -> Mask:
        """Which texts contain this one."""
        return self.holding(text.encode("utf-8", "surrogatepass"))

    def holding(self, needle: bytes) -> Mask:
        """The same for a text that is given as bytes."""
        mask = np.zeros(len(self), np.bool_)
        if not needle:
            mask[:] = True
        elif SEPARATOR.encode() not in needle:
            for places in self._places(needle):
                mask[np.searchsorted(self._starts, places, side="right") - 1] = True
        return mask

    def _places(self, needle: bytes) -> Iterable[NDArray[np.int64]]:
        """Where the needle begins, in batches."""
        find, places = self._bytes.find, []
        begin, at = 0, self._bytes.find(needle)
        while at >= 0:
            places.append(at)
            if len(places) == BATCH:
                yield np.array(places, np.int64)
                if at - begin < BATCH * DENSE:
                    yield from self._dense(needle, at + 1)
                    return
                places, begin = [], at
            at = find(needle, at + 1)
        if places:
            yield np.array(places, np.int64)

    def _dense(self, needle: bytes, begin: int) -> Iterable[NDArray[np.int64]]:
        letters = np.frombuffer(self._bytes, np.uint8)
        last = len(letters) - len(needle) + 1
        for low in range(begin, last, CHUNK):
            places = np.flatnonzero(letters[low : min(low + CHUNK, last)] == needle[0]) + low
            for shift, letter in enumerate(needle[1:], start=1):
                places = places[letters[places + shift] == letter]
            yield places


def ranges(starts: Whole, lengths: Whole) -> NDArray[np.int64]:
    """The numbers from each start, as many as its length says, one range after the other."""
    behind = np.cumsum(lengths)
    size = int(behind[-1]) if len(behind) else 0
    return np.repeat(starts - (behind - lengths), lengths) + np.arange(size)


def translated(view: Bytes, table: bytes) -> Bytes:
    """Each byte replaced by what a table says of it."""
    return np.frombuffer(view.tobytes().translate(table), np.uint8)

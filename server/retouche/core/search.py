"""Finding texts in texts: a haystack of joined texts, and the words of a row in any field.

Texts are searched as bytes, once per distinct value of a column and never once per row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retouche.core.folding import SEPARATOR, fold, fold_all

if TYPE_CHECKING:
    from retouche.core.columns import Column

Mask: TypeAlias = NDArray[np.bool_]

WORD = re.compile(r'"([^"]*)"|([^\s"]+)')
MANY_WORDS = 100
"""Past this, comparing every word with every other costs more than it saves."""
BATCH = 4_096
DENSE = 300
"""Bytes between two hits below which numpy is faster than `bytes.find`."""
CHUNK = 4 << 20


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a search, each once; a quoted phrase is one word.

    A word inside another is left out: where the longer one is found, so is the shorter.
    """
    found = {fold(quoted or plain).strip() for quoted, plain in WORD.findall(text)}
    found.discard("")
    if len(found) > MANY_WORDS:
        return tuple(sorted(found))
    kept = [one for one in found if not any(one != other and one in other for other in found)]
    return tuple(sorted(kept))


class Haystack:
    """Many texts joined, to find those that contain a text."""

    __slots__ = ("_bytes", "_starts")

    def __init__(self, texts: Sequence[str]):
        encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
        lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
        self._bytes = b"\0".join((*encoded, b""))
        self._starts = np.cumsum(lengths + 1) - lengths - 1

    def __len__(self) -> int:
        return len(self._starts)

    @property
    def size(self) -> int:
        return len(self._bytes) + self._starts.nbytes

    def containing(self, text: str) -> Mask:
        """Which texts contain this one."""
        mask = np.zeros(len(self), np.bool_)
        if not text:
            mask[:] = True
        elif SEPARATOR not in text:
            for places in self._places(text.encode("utf-8", "surrogatepass")):
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


class SearchIndex:
    """The folded texts of all columns given, to find the rows where a word stands in a cell."""

    __slots__ = ("_columns", "_length")

    def __init__(self, columns: Iterable[Column], *, length: int):
        self._columns = [(one, Haystack(fold_all(one.values))) for one in columns]
        self._length = length

    @property
    def size(self) -> int:
        return sum(haystack.size for _, haystack in self._columns)

    def rows_with(self, word: str) -> Mask:
        """The rows that have the folded word in some field."""
        rows = np.zeros(self._length, np.bool_)
        for column, haystack in self._columns:
            values = haystack.containing(word)
            if values.any():
                rows |= column.spread(values, missing=False)
        return rows

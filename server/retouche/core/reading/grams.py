"""Which terms hold some letters: each run of up to four bytes of a term, and the terms it is in.

Bytes only: knows nothing of values, rows or words.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Bytes: TypeAlias = NDArray[np.uint8]
Numbers: TypeAlias = NDArray[np.int32]

LENGTH = 4
LONGEST = 64
"""Bytes of a longer piece that are looked at: what holds all of it holds these."""
AT_ONCE = 1 << 21
"""Bytes of terms that are sorted together; more are sorted one first letter after the other."""


class Grams:
    """`grams` are the runs found, as numbers in the order of their bytes; a run at the end of a
    term is filled up with NUL. `terms[starts[i]:starts[i + 1]]` are the terms that hold the i-th.
    """

    __slots__ = ("grams", "starts", "terms")

    def __init__(self, grams: NDArray[np.uint32], starts: NDArray[np.int64], terms: Numbers):
        self.grams = grams
        self.starts = starts
        self.terms = terms

    @classmethod
    def of(cls, heap: Bytes) -> Grams:
        """Of terms that are joined, each with a NUL after it."""
        padded = np.concatenate([heap, np.zeros(LENGTH, np.uint8)])
        numbers = np.cumsum(heap == 0, dtype=np.int32)
        grams, starts, terms, size = [], [], [], 0
        for places in _groups(heap):
            pairs = np.sort(_grams_at(padded, places) | numbers[places].astype(np.uint64))
            runs = (pairs >> np.uint64(32)).astype(np.uint32)
            firsts = np.flatnonzero(np.diff(runs, prepend=~runs[:1]))
            grams.append(runs[firsts])
            starts.append(firsts + size)
            terms.append(pairs.astype(np.uint32).view(np.int32))
            size += len(pairs)
        starts.append(np.array([size]))
        return cls(
            np.concatenate([np.empty(0, np.uint32), *grams]),
            np.concatenate(starts).astype(np.int64),
            np.concatenate([np.empty(0, np.int32), *terms]),
        )

    @property
    def size(self) -> int:
        return self.grams.nbytes + self.starts.nbytes + self.terms.nbytes

    def having(self, piece: bytes) -> Numbers:
        """Terms that may hold some bytes, often more than once each.

        All those that do are among them; of no more than four bytes none is there in vain.
        """
        bounds = self.starts.take(self.grams.searchsorted(_bounds(piece[:LONGEST]))).tolist()
        spans = zip(bounds[::2], bounds[1::2], strict=True)
        low, high = min(spans, key=lambda span: span[1] - span[0])
        return self.terms[low:high]


@lru_cache(maxsize=256)
def _bounds(piece: bytes) -> NDArray[np.uint32]:
    """For each run of some bytes the least number that begins with it, and the next that does
    not; kept because all columns are asked for the same."""
    runs = [piece[at : at + LENGTH] for at in range(max(len(piece) - LENGTH, 0) + 1)]
    least = [int.from_bytes(run.ljust(LENGTH, b"\0")) for run in runs]
    most = [int.from_bytes(run.ljust(LENGTH, b"\xff")) for run in runs]
    # No byte of UTF-8 is 0xff, so that there is a number past the last.
    both = [bound for low, high in zip(least, most, strict=True) for bound in (low, high + 1)]
    return np.array(both, np.uint32)


def _groups(heap: Bytes) -> Iterator[NDArray[np.intp]]:
    """The places of all letters, those of lower bytes in earlier groups."""
    if not len(heap):
        return
    if len(heap) <= AT_ONCE:
        yield np.flatnonzero(heap)
        return
    present = np.flatnonzero(np.bincount(heap, minlength=256))
    for letter in present[present > 0].tolist():
        yield np.flatnonzero(heap == letter)


def _grams_at(padded: Bytes, places: NDArray[np.intp]) -> NDArray[np.uint64]:
    """The run that begins at each place, in the upper half of a number."""
    runs = np.zeros(len(places), np.uint64)
    inside = np.ones(len(places), np.bool_)
    for shift in range(LENGTH):
        letters = padded[places + shift]
        inside &= letters != 0
        runs |= (letters * inside).astype(np.uint64) << np.uint64(8 * (7 - shift))
    return runs

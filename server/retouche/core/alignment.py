"""Which rows of two versions of a file differ in their bytes. Knows no keys and no cells."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from retouche.core.differences import same_bytes
from retouche.core.succession import Cut
from retouche.core.table import Table
from retouche.core.tokenizer import Octets, Offsets

HOPS = 4000  # differences that are stepped over one by one before all rows are compared
MISSES = 32  # steps in a row that found nothing alike


def differing_rows(
    a: Table, b: Table, *, cuts: Sequence[Cut] | None = None
) -> tuple[Offsets, Offsets]:
    """Positions of the rows of each table that have no byte-identical twin in the other.

    Line endings do not count. Both must have the same header and dialect. `cuts`, if known, are
    what makes the bytes of `b` of those of `a`: they spare comparing, and change no answer.
    """
    left: list[int] = []
    right: list[int] = []
    i, j = _walk(a, b, left, right, _Unchanged(a, cuts))
    rest_a, rest_b = _compare_all(a, b, i, j)
    return (
        np.concatenate((np.array(left, np.int64), rest_a)),
        np.concatenate((np.array(right, np.int64), rest_b)),
    )


class _Unchanged:
    """Stretches of bytes that are known to be the same: before, between and behind the cuts."""

    def __init__(self, a: Table, cuts: Sequence[Cut] | None) -> None:
        self._starts, self._stops, self._shifts = [0], [0], [0]
        if cuts is not None:
            self._starts = [0, *(one.end for one in cuts)]
            self._stops = [*(one.start for one in cuts), len(a.data)]
            self._shifts = [0, *accumulate(one.growth for one in cuts)]

    def known(self, start_a: int, start_b: int) -> int:
        """How many bytes from these offsets on need no comparison."""
        place = bisect_right(self._starts, start_a) - 1
        if start_b - start_a != self._shifts[place]:
            return 0
        return max(0, self._stops[place] - start_a)


def _walk(
    a: Table, b: Table, left: list[int], right: list[int], unchanged: _Unchanged
) -> tuple[int, int]:
    """Step from difference to difference; give the place where that stopped paying."""
    views = np.frombuffer(a.data, np.uint8), np.frombuffer(b.data, np.uint8)
    i = j = hops = misses = 0
    while i < len(a) and j < len(b) and hops < HOPS and misses < MISSES:
        same = _same_rows(a, b, i, j, views, unchanged)
        i, j, hops = i + same, j + same, hops + 1
        misses = 0 if same else misses + 1
        if i >= len(a) or j >= len(b):
            break
        ours, theirs = a.content(i), b.content(j)
        if ours == theirs:  # only the line ending differs
            i, j = i + 1, j + 1
        elif i + 1 < len(a) and a.content(i + 1) == theirs:
            left.append(i)
            i += 1
        elif j + 1 < len(b) and b.content(j + 1) == ours:
            right.append(j)
            j += 1
        else:
            left.append(i)
            right.append(j)
            i, j = i + 1, j + 1
    return i, j


def _same_rows(
    a: Table, b: Table, i: int, j: int, views: tuple[Octets, Octets], unchanged: _Unchanged
) -> int:
    """How many rows from `i` and `j` on are the same bytes, line endings and all."""
    start_a, start_b = int(a.starts[i]), int(b.starts[j])
    alike = unchanged.known(start_a, start_b)
    alike += same_bytes(views[0][start_a + alike :], views[1][start_b + alike :])
    # A record may end sooner in one of the two where the common bytes stop: take the fewer.
    in_a = int(np.searchsorted(a.ends, start_a + alike, side="right")) - i
    in_b = int(np.searchsorted(b.ends, start_b + alike, side="right")) - j
    return min(in_a, in_b)


def _compare_all(a: Table, b: Table, i: int, j: int) -> tuple[Offsets, Offsets]:
    """The differing rows from `i` and `j` on, wherever their twins stand."""
    if i >= len(a) or j >= len(b):
        return np.arange(i, len(a)), np.arange(j, len(b))
    ours, theirs = _contents(a, i), _contents(b, j)
    if len(ours) == len(theirs):  # often only line endings changed, and rows stand face to face
        places = [k for k, (one, two) in enumerate(zip(ours, theirs, strict=True)) if one != two]
        places_a = places_b = np.array(places, np.int64)
        ours, theirs = [ours[place] for place in places], [theirs[place] for place in places]
    else:
        places_a, places_b = np.arange(len(ours)), np.arange(len(theirs))
    only_a = _unmatched(ours, Counter(theirs))
    only_b = _unmatched(theirs, Counter(ours))
    return places_a[only_a] + i, places_b[only_b] + j


def _contents(table: Table, begin: int) -> list[bytes]:
    data = table.data
    offsets = zip(table.starts[begin:].tolist(), table.stops[begin:].tolist(), strict=True)
    return [data[start:stop] for start, stop in offsets]


def _unmatched(records: list[bytes], stock: Counter[bytes]) -> Offsets:
    """The places of records that the other side has not, or not often enough."""
    found: list[int] = []
    for place, record in enumerate(records):
        left = stock.get(record, 0)
        if left:
            stock[record] = left - 1
        else:
            found.append(place)
    return np.array(found, np.int64)

"""The order of rows by the codes of columns: whole, or only as far as a page reaches.

Equal rows stay as they are in the file, and rows without a value come last in both directions.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.coding import Codes
from retouche.core.coded.columns import MISSING, Column
from retouche.core.coded.haystack import Mask

Positions: TypeAlias = NDArray[np.integer[Any]]
Ranks: TypeAlias = NDArray[np.uint32]

LOW_HALF = np.int64(0xFFFFFFFF)
RARE = 32
"""Where no more than one row in so many is wanted, all of these are listed and sorted."""
STEP = 1_024


class Ordering:
    """What rows are sorted by: columns, the first one first, each upwards or downwards."""

    __slots__ = ("_sorts",)

    def __init__(self, sorts: Sequence[tuple[Column, bool]]):
        """The columns, and whether each is sorted downwards."""
        self._sorts = sorts

    def first(self, mask: Mask | None, count: int, *, total: int) -> Positions:
        """The first so many of the rows in a mask (None for all), of which there are `total`."""
        column, descending = self._sorts[0]
        count = min(count, total)
        if total * RARE <= len(column):
            listed = np.arange(total) if mask is None else np.flatnonzero(mask)
            return self._sorted(listed, depth=0)[:count]
        order: Positions = column.order
        share = total / len(column)
        if len(self._sorts) == 1 and not descending:
            return _some(order, mask, count, share=share)
        filled = _bound(column, len(column.values))
        walked = order[:filled][::-1] if descending else order[:filled]
        found = _some(walked, mask, count, share=share)
        if len(found) == count > 0:
            # Rows before the last value found are sure; of those that have it, some are picked.
            last = column.codes.item(found[-1])
            found = found[column.codes.take(found) != last]
            tied = order[_bound(column, last) : _bound(column, last + 1)]
        else:
            tied = order[filled:]
        left = count - len(found)
        if len(self._sorts) == 1:
            tied = _some(tied, mask, left, share=share)
        elif mask is not None:
            tied = tied[mask.take(tied)]
        tied = self._sorted(tied, depth=1)[:left]
        return np.concatenate([self._sorted(np.sort(found), depth=0), tied])

    def _sorted(self, positions: Positions, *, depth: int) -> Positions:
        """Rows that are given in the order of the file, sorted by the columns from one on."""
        for at in reversed(range(depth, len(self._sorts))):
            ranks = self._ranks(at, positions)
            positions = positions[np.sort(paired(ranks, np.arange(len(ranks)))) & LOW_HALF]
        return positions

    def _ranks(self, at: int, positions: Positions) -> Ranks:
        """What to sort rows by, so that the least comes first."""
        column, descending = self._sorts[at]
        return _ranks(
            column.codes.take(positions), values=len(column.values), descending=descending
        )


def _some(order: Positions, mask: Mask | None, count: int, *, share: float) -> Positions:
    """The first so many rows of an order that are in a mask, as about a `share` of all are."""
    if mask is None:
        return order[:count]
    found, left, low, step = [order[:0]], count, 0, STEP + int(count / share)
    while left > 0 and low < len(order):
        some = order[low : low + step]
        some = some[mask.take(some)][:left]
        found.append(some)
        left, low, step = left - len(some), low + step, step * 2
    return np.concatenate(found)


def _bound(column: Column, code: int) -> int:
    """Where in the order of a column a code begins; past the last one, missing values do."""
    codes = column.codes

    def rank(row: int) -> int:
        found: int = codes.item(row)
        return len(column.values) if found == MISSING else found

    return bisect_left(column.order, code, key=rank)


def _ranks(codes: Codes, *, values: int, descending: bool) -> Ranks:
    """Seen as unsigned, a missing value comes last."""
    ranks = codes.view(np.uint32)
    if descending:
        return np.uint32(max(values - 1, 0)) - ranks  # of a missing value this is `values`
    return np.minimum(ranks, np.uint32(values))


def lowest(ranks: Ranks, count: int) -> Positions:
    """The places of the lowest so many ranks, the first ones of equal ranks; in no order."""
    last = bound(ranks, count)
    below = np.flatnonzero(ranks < last)
    return np.concatenate([below, np.flatnonzero(ranks == last)[: count - len(below)]])


def bound(ranks: Ranks, count: int) -> np.uint32:
    """The highest of the lowest so many ranks, of which there must be as many."""
    least = np.uint32(ranks.min(initial=np.iinfo(np.uint32).max))
    # Where almost all are the same, as they may be, a partition would be slow.
    if np.count_nonzero(ranks == least) >= count:
        return least
    return np.uint32(np.partition(ranks, count - 1)[count - 1])


def paired(high: NDArray[Any], low: NDArray[Any]) -> NDArray[np.int64]:
    """Two numbers in one, so that one plain sort orders by both."""
    return (high.astype(np.int64) << 32) | low.astype(np.int64)

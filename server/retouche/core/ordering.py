"""The order of rows by the codes of columns: whole, or only as far as a page reaches.

Equal rows stay as they are in the file, and rows without a value come last in both directions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retouche.core.coding import Codes
from retouche.core.columns import Column

Positions: TypeAlias = NDArray[np.integer[Any]]
Ranks: TypeAlias = NDArray[np.uint32]

LOW_HALF = np.int64(0xFFFFFFFF)
SHALLOW = 4
"""Up to one row in so many is picked out before it is sorted; more are sorted together."""


class Ordering:
    """What rows are sorted by: columns, the first one first, each upwards or downwards."""

    __slots__ = ("_sorts",)

    def __init__(self, sorts: Sequence[tuple[Column, bool]]):
        """The columns, and whether each is sorted downwards."""
        self._sorts = sorts

    def first(self, positions: Positions, count: int) -> Positions:
        """The first so many of some rows, which are given in the order of the file."""
        if count * SHALLOW <= len(positions):
            positions = self._first(positions, count, depth=0)
        return self._sorted(positions, depth=0)[:count]

    def _sorted(self, positions: Positions, *, depth: int) -> Positions:
        for at in reversed(range(depth, len(self._sorts))):
            ranks = self._ranks(at, positions)
            positions = positions[np.sort(paired(ranks, np.arange(len(ranks)))) & LOW_HALF]
        return positions

    def _first(self, positions: Positions, count: int, *, depth: int) -> Positions:
        """The same rows, not sorted by what they are picked by but by their place in the file."""
        if depth == len(self._sorts):
            return positions[:count]
        if count * SHALLOW > len(positions):
            return np.sort(self._sorted(positions, depth=depth)[:count])
        ranks = self._ranks(depth, positions)
        last = bound(ranks, count)
        sure = positions[ranks < last]
        tied = self._first(positions[ranks == last], count - len(sure), depth=depth + 1)
        return np.sort(np.concatenate([sure, tied]))

    def _ranks(self, at: int, positions: Positions) -> Ranks:
        """What to sort rows by, so that the least comes first."""
        column, descending = self._sorts[at]
        return _ranks(
            column.codes.take(positions), values=len(column.values), descending=descending
        )


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

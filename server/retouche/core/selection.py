"""Answers to queries: the rows that match, in order, and how often values occur among them.

Works on whole columns of codes; never on one row after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from retouche.core.columns import MISSING, Codes, Column
from retouche.core.errors import Malformed
from retouche.core.operations import Cell
from retouche.core.places import Places
from retouche.core.query import Filter, Query, Sort
from retouche.core.search import Mask
from retouche.core.snapshot import Positions, Snapshot

Record: TypeAlias = dict[str, str | int | None]
"""A row as JSON knows it."""

LOW_HALF = np.int64(0xFFFFFFFF)
ROW_BITS = 28
"""Half the way around the earth in millimetres takes the 35 bits beside them."""


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Rows of a snapshot by position, in order; `distances` in whole metres where asked for."""

    positions: Positions
    distances: NDArray[np.int64] | None = None

    @property
    def total(self) -> int:
        return len(self.positions)

    def page(self, query: Query) -> Selection:
        """The page that the query asks for; empty past the end."""
        chosen = slice(query.offset, query.offset + query.page_size)
        return Selection(
            self.positions[chosen], None if self.distances is None else self.distances[chosen]
        )


def select(snapshot: Snapshot, query: Query) -> Selection:
    """The rows that match every condition: as sorted, else nearest first, else as in the file.

    Raises `Malformed` when a place is asked for and the rows have none.
    """
    positions, distances = _matching(snapshot, query)
    if query.sorts:
        order = _sorted(snapshot, query.sorts, positions)
    elif distances is not None:
        order = _nearest_first(distances)
    else:
        return Selection(positions)
    if distances is None:
        return Selection(positions[order])
    return Selection(positions[order], np.rint(distances[order]).astype(np.int64))


def records(
    snapshot: Snapshot, selection: Selection, *, columns: Sequence[str] | None = None
) -> Iterator[Record]:
    """The rows as JSON knows them, with `_distance` where the selection has distances."""
    rows = cast(Iterator[Record], snapshot.rows(selection.positions, columns=columns))
    if selection.distances is None:
        return rows
    distances = selection.distances.tolist()
    return ({**row, "_distance": distance} for row, distance in zip(rows, distances, strict=True))


def facets(
    snapshot: Snapshot, query: Query, names: Iterable[str], *, limit: int | None = None
) -> dict[str, list[dict[str, Any]]]:
    """How many matching rows hold each value: most frequent first, then in the field's order."""
    columns = [snapshot.shown(name) for name in names]
    positions, _ = _matching(snapshot, query)
    return {column.field.name: _facet(column, positions, limit=limit) for column in columns}


def _facet(column: Column, positions: Positions, *, limit: int | None) -> list[dict[str, Any]]:
    everything = len(positions) == len(column)
    counts = column.counts if everything else column.count(column.codes[positions])
    values = np.flatnonzero(counts)
    ordered = np.sort(_paired(int(counts.max(initial=0)) - counts[values], values))
    codes = (ordered & LOW_HALF)[:limit].tolist()
    return [
        {"value": _value(column, code), "count": count}
        for code, count in zip(codes, counts[codes].tolist(), strict=True)
    ]


def _value(column: Column, code: int) -> Cell:
    return column.values[code] if code < len(column.values) else None


def _matching(snapshot: Snapshot, query: Query) -> tuple[Positions, NDArray[np.float64] | None]:
    """The positions of the matching rows in file order, and how far each is from `near`."""
    places = _places(snapshot, query)
    mask: Mask | None = None
    for condition in _conditions(snapshot, query, places):
        mask = condition if mask is None else mask & condition
    positions = np.arange(len(snapshot)) if mask is None else np.flatnonzero(mask)
    if places is None or query.near is None:
        return positions, None
    distances = places.distances(query.near, positions)
    if query.radius is not None:
        kept = distances <= query.radius
        positions, distances = positions[kept], distances[kept]
    return positions, distances


def _conditions(snapshot: Snapshot, query: Query, places: Places | None) -> Iterator[Mask]:
    for condition in query.filters:
        yield _met(snapshot.shown(condition.field), condition)
    if places is not None:
        yield places.placed
        if query.bbox is not None:
            yield places.inside(query.bbox)
    for word in query.words:
        yield snapshot.search.rows_with(word)


def _places(snapshot: Snapshot, query: Query) -> Places | None:
    asked = "near" if query.near is not None else "bbox" if query.bbox is not None else None
    if asked is None:
        return None
    if snapshot.places is None:
        raise Malformed("no_position", pointer=asked, resource=snapshot.resource.name)
    return snapshot.places


def _met(column: Column, condition: Filter) -> Mask:
    """The rows whose cell meets one condition."""
    codes, values = column.codes, condition.values
    match condition.operator:
        case "isnull":
            return _holds(codes, MISSING)
        case "isnotnull":
            return ~_holds(codes, MISSING)
        case "exact" | "in":
            return _any_of(column, values)
        case "differs" | "notin":
            return ~_any_of(column, values)
        case "contains":
            return column.spread(column.containing(values[0]), missing=False)
        case "notcontains":
            return ~column.spread(column.containing(values[0]), missing=False)
        case "less" | "strictly_less":
            return _between(codes, column.less(values[0], strictly=_strictly(condition)))
        case "greater" | "strictly_greater":
            return _between(codes, column.greater(values[0], strictly=_strictly(condition)))
        case operator:
            raise AssertionError(operator)


def _strictly(condition: Filter) -> bool:
    return condition.operator.startswith("strictly_")


def _any_of(column: Column, texts: Iterable[str]) -> Mask:
    wanted = sorted({code for text in texts for code in column.equal(text)})
    if len(wanted) <= 1:
        return _holds(column.codes, *wanted) if wanted else np.zeros(len(column), np.bool_)
    table = np.zeros(len(column.values), np.bool_)
    table[wanted] = True
    return column.spread(table, missing=False)


def _holds(codes: Codes, code: int) -> Mask:
    return np.equal(codes, code)


def _between(codes: Codes, limits: tuple[int, int]) -> Mask:
    """Codes from the first limit up to and without the second; seen as unsigned, a missing
    value is above them all, so that one comparison does."""
    low, high = limits
    return (codes.view(np.uint32) - np.uint32(low)) < np.uint32(max(high - low, 0))


def _sorted(snapshot: Snapshot, sorts: Sequence[Sort], positions: Positions) -> Positions:
    """The order of some rows by several columns; equal rows stay as they are in the file."""
    order = np.arange(len(positions))
    for sort in reversed(sorts):
        column = snapshot.shown(sort.field)
        codes = column.codes[positions[order]]
        ranks = _ranks(codes, values=len(column.values), descending=sort.descending)
        order = order[np.sort(_paired(ranks, np.arange(len(order)))) & LOW_HALF]
    return order


def _nearest_first(distances: NDArray[np.float64]) -> Positions:
    """By distance to the millimetre, which leaves room to number the rows in the same integer."""
    millimetres = np.rint(distances * 1000).astype(np.int64)
    numbered = (millimetres << ROW_BITS) | np.arange(len(distances))
    return np.sort(numbered) & ((1 << ROW_BITS) - 1)


def _ranks(codes: Codes, *, values: int, descending: bool) -> NDArray[np.uint32]:
    """What to sort by. Seen as unsigned, a missing value comes last in both directions."""
    ranks = codes.view(np.uint32)
    if descending:
        return np.uint32(max(values - 1, 0)) - ranks  # of a missing value this is `values`
    return np.minimum(ranks, np.uint32(values))


def _paired(high: NDArray[Any], low: NDArray[Any]) -> NDArray[np.int64]:
    """Two numbers in one, so that one plain sort orders by both."""
    return (high.astype(np.int64) << 32) | low.astype(np.int64)

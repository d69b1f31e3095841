"""Answers to queries: the rows that match, in order, and how often values occur among them.

Works on whole columns of codes; never on one row after the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.columns import Column
from retouche.core.coded.haystack import Mask
from retouche.core.errors import Malformed
from retouche.core.reading.conditions import met
from retouche.core.reading.ordering import LOW_HALF, Ordering, lowest, paired
from retouche.core.reading.places import Places
from retouche.core.reading.query import Query
from retouche.core.reading.snapshot import Positions, Snapshot

Record: TypeAlias = dict[str, str | int | None]
"""A row as JSON knows it."""


@dataclass(frozen=True, slots=True, eq=False)
class Selection:
    """Rows of a snapshot by position, in order; `distances` in whole metres where asked for.

    `total` rows match; a page holds some of them.
    """

    positions: Positions
    total: int
    distances: NDArray[np.int64] | None = None


def select(snapshot: Snapshot, query: Query) -> Selection:
    """All rows that match every condition: as sorted, else nearest first, else as in the file.

    Raises `Malformed` when a place is asked for and the rows have none.
    """
    return _ordered(snapshot, query, slice(None))


def page(snapshot: Snapshot, query: Query) -> Selection:
    """The page of them that the query asks for, empty past the end, at the cost of that page.

    Raises `Malformed` like `select`.
    """
    return _ordered(snapshot, query, slice(query.offset, query.offset + query.page_size))


def count(snapshot: Snapshot, query: Query) -> int:
    """How many rows match. Raises `Malformed` like `select`."""
    return _total(snapshot, _matching(snapshot, query))


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
    return counted_facets(snapshot, query, names, limit=limit)[1]


def counted_facets(
    snapshot: Snapshot, query: Query, names: Iterable[str], *, limit: int | None = None
) -> tuple[int, dict[str, list[dict[str, Any]]]]:
    """How many rows match, and the facets of these."""
    columns = [snapshot.shown(name) for name in names]
    mask = _matching(snapshot, query)
    return _total(snapshot, mask), {
        column.field.name: _facet(column, mask, limit=limit) for column in columns
    }


def _facet(column: Column, mask: Mask | None, *, limit: int | None) -> list[dict[str, Any]]:
    """Of some rows, or of all for None."""
    counts = column.counts if mask is None else column.counts_among(mask)
    codes = _most_frequent(counts, limit)
    return [
        {"value": value, "count": number}
        for value, number in zip(column.texts_of(codes), counts[codes].tolist(), strict=True)
    ]


def _most_frequent(counts: NDArray[np.intp], limit: int | None) -> Positions:
    """The places of the highest counts above 0, highest first, equal ones as they stand."""
    most = int(counts.max(initial=0))
    ranks = (most - counts).astype(np.uint32)
    values = np.flatnonzero(ranks < most)
    if limit is not None and limit < len(values):
        values = values[lowest(ranks[values], limit)]
    return np.sort(paired(ranks[values], values)) & LOW_HALF


def _ordered(snapshot: Snapshot, query: Query, chosen: slice) -> Selection:
    """The chosen ones of the matching rows; no more of them are sorted than that takes."""
    places = _places(snapshot, query)
    mask = _matching(snapshot, query)
    total = _total(snapshot, mask)
    low, high, _ = chosen.indices(total)
    if query.sorts:
        positions = _sorted(snapshot, query, mask, reach=high, total=total)[low:]
    elif places is not None and query.near is not None and mask is not None:
        positions = places.nearest(query.near, high, among=mask)[low:]
    else:
        positions = _cut(mask, low, high)
    if places is None or query.near is None:
        return Selection(positions, total)
    distances = np.rint(places.distances(query.near, positions)).astype(np.int64)
    return Selection(positions, total, distances)


def _matching(snapshot: Snapshot, query: Query) -> Mask | None:
    """Which rows match; None stands for all."""
    mask: Mask | None = None
    for condition in _conditions(snapshot, query):
        mask = condition if mask is None else mask & condition
    return mask


def _conditions(snapshot: Snapshot, query: Query) -> Iterator[Mask]:
    for condition in query.filters:
        yield met(snapshot.shown(condition.field), condition)
    if (places := _places(snapshot, query)) is not None:
        yield places.placed
        if query.bbox is not None:
            yield places.inside(query.bbox)
        if query.near is not None and query.radius is not None:
            yield places.around(query.near, query.radius)
    if query.words:
        yield snapshot.search.rows_with_all(query.words)


def _places(snapshot: Snapshot, query: Query) -> Places | None:
    asked = "near" if query.near is not None else "bbox" if query.bbox is not None else None
    if asked is None:
        return None
    if snapshot.places is None:
        raise Malformed("no_position", pointer=asked, resource=snapshot.resource.name)
    return snapshot.places


def _total(snapshot: Snapshot, mask: Mask | None) -> int:
    return len(snapshot) if mask is None else int(np.count_nonzero(mask))


def _cut(mask: Mask | None, low: int, high: int) -> Positions:
    """Some of the matching rows, in the order of the file."""
    if mask is None:
        return np.arange(low, high)
    # Most pages lie near the beginning: look at no more of the file than it takes.
    reach = 8 * high + 1_000
    while reach < len(mask) and np.count_nonzero(mask[:reach]) < high:
        reach *= 4
    return np.flatnonzero(mask[:reach])[low:high]


def _sorted(
    snapshot: Snapshot, query: Query, mask: Mask | None, *, reach: int, total: int
) -> Positions:
    """The first so many rows in the order asked for."""
    ordering = Ordering([(snapshot.shown(one.field), one.descending) for one in query.sorts])
    return ordering.first(mask, reach, total=total)

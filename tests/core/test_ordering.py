"""Ordering: the first rows in an order are those of a full sort, whatever is equal or missing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.reading.ordering import Ordering, bound, lowest
from tests.snapshots import snapshot_of

CHANCE = np.random.default_rng(7)
ROWS = 600
SPREADS = {"few": 3, "some": 40, "many": 500, "same": 1}


def cell(kinds: int) -> str:
    return f"{CHANCE.integers(kinds):03d}" if CHANCE.random() < 0.9 else ""


TABLE = snapshot_of(
    [{"name": name} for name in SPREADS],
    [[cell(kinds) for kinds in SPREADS.values()] for _ in range(ROWS)],
)
SORTS = st.lists(st.tuples(st.sampled_from(list(SPREADS)), st.booleans()), min_size=1, max_size=3)


@settings(max_examples=150, deadline=None)
@given(SORTS, st.sets(st.integers(0, ROWS - 1)) | st.just(set(range(ROWS))), st.integers(0, 40))
def test_the_first_rows_are_those_of_a_full_sort(
    sorts: list[tuple[str, bool]], chosen: set[int], count: int
) -> None:
    columns = [(TABLE.column(name), descending) for name, descending in sorts]
    mask = np.zeros(ROWS, np.bool_)
    mask[sorted(chosen)] = True

    def key(row: int) -> list[tuple[bool, int]]:
        codes = [(int(column.codes[row]), down) for column, down in columns]
        return [(code < 0, -code if down else code) for code, down in codes]

    expected = sorted(sorted(chosen), key=key)[:count]
    assert Ordering(columns).first(mask, count, total=len(chosen)).tolist() == expected
    if len(chosen) == ROWS:
        assert Ordering(columns).first(None, count, total=ROWS).tolist() == expected


@pytest.mark.parametrize(
    ("ranks", "count", "places"),
    [
        ([5, 5, 5, 9, 5], 2, [0, 1]),
        ([9, 5, 1, 5, 5], 3, [1, 2, 3]),
        ([3, 2, 1], 3, [0, 1, 2]),
        ([3, 2, 1], 0, []),
    ],
)
def test_of_equal_ranks_the_first_are_taken(
    ranks: list[int], count: int, places: list[int]
) -> None:
    numbers = np.array(ranks, np.uint32)
    assert sorted(lowest(numbers, count).tolist()) == places
    assert all(numbers[place] <= bound(numbers, count) for place in places)

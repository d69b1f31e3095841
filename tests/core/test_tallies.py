"""Tallies: counts among some rows are those of counting row by row, by bits or by codes."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from retouche.core.coded.columns import Column
from retouche.core.coded.tallies import MOST, Tally
from tests.snapshots import snapshot_of

CHANCE = np.random.default_rng(11)
ROWS = 1_003  # no whole number of words


def column(kinds: int) -> Column:
    texts = [f"{one:03d}" if one < kinds else "" for one in CHANCE.integers(0, kinds + 1, ROWS)]
    return snapshot_of([{"name": "id"}, {"name": "a"}], [["x", one] for one in texts]).column("a")


@pytest.mark.parametrize("kinds", [1, 9, MOST, MOST + 1, 400])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.9, 1.0])
def test_counts_among_rows_are_those_of_counting_them_one_by_one(kinds: int, share: float) -> None:
    counted = column(kinds)
    mask = CHANCE.random(ROWS) < share
    known = Counter(counted.codes[mask].tolist())
    expected = [known[code] for code in [*range(len(counted.values)), -1]]
    assert counted.counts_among(mask).tolist() == expected


@pytest.mark.parametrize("rows", [0, 1, 63, 64, 65, 5_000_000])
def test_rows_past_the_last_whole_word_are_counted(rows: int) -> None:
    codes = np.arange(rows, dtype=np.int32) % 3 - 1
    mask = np.ones(rows, np.bool_)
    mask[::2] = False
    expected = [np.count_nonzero(codes[mask] == code) for code in (0, 1, -1)]
    assert Tally(codes, values=2).counts(mask).tolist() == expected


@pytest.mark.parametrize(("low", "high"), [(0, 0), (0, 2), (1, 2), (1, 3), (2, 5), (4, 2), (5, 5)])
def test_a_range_of_codes_never_holds_a_missing_value(low: int, high: int) -> None:
    found = column(5)
    expected = [low <= code < high for code in found.codes.tolist()]
    assert found.within(low, high).tolist() == expected


def test_texts_of_codes_come_in_the_order_asked_for_and_none_past_the_last() -> None:
    found = column(3)
    assert found.texts_of(np.array([2, 3, 0])) == ["002", None, "000"]
    assert found.texts_of(np.array([1, 0])) == ["001", "000"]


def test_the_order_of_a_column_has_missing_values_last_and_equal_ones_as_they_stand() -> None:
    found = column(7)
    ranks = [(code < 0, code, row) for row, code in enumerate(found.codes.tolist())]
    assert found.order.tolist() == [row for _, _, row in sorted(ranks)]

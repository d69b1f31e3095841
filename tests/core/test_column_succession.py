"""Columns of a version from those of the one before: the same as read from scratch."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.succession import Succession, Window
from tests.core.plainly import coded, column_of, content, field_of

MISSING = ("", "NA")
FEW = [
    *("", "NA", "1", "1.0", "01", "2", "10", "1e1", "x", "X", "é", "e", "2020-01-01", "2020-02-30"),
    *("31/12/1999", "12345678901234567890", "12345678901234567891", "z" * 70),
]
CELLS = st.one_of(st.sampled_from(FEW), st.text("012.", max_size=3))
KINDS: list[tuple[str, dict[str, Any]]] = [
    ("string", {}),
    ("number", {}),
    ("integer", {}),
    ("date", {}),
    ("date", {"format": "%d/%m/%Y"}),
]


@st.composite
def edits(draw: st.DrawFn, texts: list[str]) -> tuple[list[str], Succession]:
    """The next version of a column, and how its rows follow."""
    cuts = sorted(draw(st.lists(st.integers(0, len(texts)), max_size=6)))
    after: list[str] = []
    windows: list[Window] = []
    done = 0
    for low, high in zip(cuts[::2], cuts[1::2], strict=False):
        after += texts[done:low]
        new = draw(st.lists(CELLS, max_size=3) | st.just(texts[low:high]))
        if high > low or new:
            windows.append(Window(low, high, len(after), len(after) + len(new)))
        after += new
        done = high
    after += texts[done:]
    return after, Succession(windows, old_length=len(texts), new_length=len(after))


@settings(max_examples=300, deadline=None)
@given(st.data(), st.lists(CELLS, max_size=25), st.sampled_from(KINDS))
def test_a_column_follows_from_the_one_before(
    data: st.DataObject, texts: list[str], kind: tuple[str, dict[str, Any]]
) -> None:
    field = field_of(kind[0], **kind[1])
    column = column_of(field, texts, missing=MISSING)
    for _ in range(3):
        after, succession = data.draw(edits(texts))
        fresh = [after[row] for row in succession.fresh_rows.tolist()]
        child = column.succeed(succession, fresh, missing=MISSING)
        assert content(child) == coded(field, after, MISSING)
        scratch = column_of(field, after, missing=MISSING)
        assert np.array_equal(child.values.heap, scratch.values.heap)
        assert np.array_equal(child.values.bounds, scratch.values.bounds)
        assert child.codes.dtype == scratch.codes.dtype
        same = coded(field, after, MISSING) == coded(field, texts, MISSING)
        assert (child is column) == (same and succession.in_place)
        recoding = child.since(column, succession)
        before, now = list(column.values), list(child.values)
        assert [before[code] for code in recoding.gone] == [one for one in before if one not in now]
        assert [now[code] for code in recoding.fresh] == [one for one in now if one not in before]
        texts, column = after, child


def test_a_column_of_which_nothing_has_changed_stays_itself() -> None:
    column = column_of(field_of(), ["a", "b", ""], missing=MISSING)
    succession = Succession([Window(1, 3, 1, 3)], old_length=3, new_length=3)
    assert column.succeed(succession, ["b", "NA"], missing=MISSING) is column
    assert column.succeed(succession, ["b", "c"], missing=MISSING) is not column


def test_many_values_may_go_at_once() -> None:
    texts = [str(number) for number in range(200)]
    column = column_of(field_of("integer"), texts, missing=MISSING)
    succession = Succession([Window(10, 190, 10, 11)], old_length=200, new_length=21)
    child = column.succeed(succession, ["7"], missing=MISSING)
    after = [*texts[:10], "7", *texts[190:]]
    assert content(child) == coded(field_of("integer"), after, MISSING)

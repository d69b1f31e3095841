"""Rows of two versions are matched by their keys, as a plain look-up would."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.indicators.alignment import NOWHERE, Keys, aligned
from tests.snapshots import snapshot_of

words = st.sampled_from(["", "a", "ab", "b", "é", "10", "9", "z", "zz", "y"])


def keys(rows: list[tuple[str, ...]], kind: str, width: int) -> Keys:
    fields = [{"name": f"k{at}", "type": kind} for at in range(width)]
    snapshot = snapshot_of(fields, rows)
    return Keys([snapshot.column(one["name"]) for one in fields], length=len(snapshot))


@given(st.data(), st.integers(1, 3), st.sampled_from(["string", "integer"]))
@settings(max_examples=100, deadline=None)
def test_rows_are_where_a_dictionary_says(data: st.DataObject, width: int, kind: str) -> None:
    rows = st.lists(st.tuples(*[words] * width), max_size=12)
    old, new = data.draw(rows), data.draw(rows)
    found = aligned(keys(old, kind, width), keys(new, kind, width))
    known = {key: at for at, key in enumerate(old)}
    shared = [key for key in new if key in known]
    unclear = (
        any("" in key for key in [*old, *new])
        or len(known) < len(old)
        or len(set(shared)) < len(shared)
    )
    if unclear:
        assert found is None
    else:
        assert found is not None
        assert found.tolist() == [known.get(key, NOWHERE) for key in new]


def test_rows_without_a_key_are_not_matched() -> None:
    assert aligned(Keys([], length=2), Keys([], length=2)) is None

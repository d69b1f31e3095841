"""Aggregates against sums made by hand, row by row."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.errors import Malformed, UnknownField
from retouche.core.reading.query import Query
from retouche.core.reading.selection import select
from retouche.core.reading.snapshot import Snapshot
from retouche.services.summaries import aggregate
from tests.snapshots import snapshot_of

FIELDS: list[dict[str, Any]] = [
    {"name": "town"},
    {"name": "open", "type": "boolean"},
    {"name": "size", "type": "integer"},
    {"name": "price", "type": "number", "decimalChar": ","},
    {"name": "since", "type": "date"},
    {"name": "owner", "retouche": {"personal": True}},
]
SHOPS = snapshot_of(
    FIELDS,
    [
        ["Zoé", "true", "3", "0,1", "2020-02-01", "A"],
        ["Évian", "false", "5", "0,2", "2019-12-31", "A"],
        ["", "", "", "", "", "A"],
        ["Évian", "true", "x", "0,3", "hier", "B"],
        ["Zoé", "true", "4", "0,1", "2020-01-01", "B"],
        ["Évian", "true", "2", "10", "2021-01-01", "B"],
    ],
)


def everything(snapshot: Snapshot = SHOPS, *args: tuple[str, str]) -> Any:
    return select(snapshot, Query.parse(args, snapshot.fields)).positions


def test_groups_come_by_size_and_then_in_the_order_of_the_field() -> None:
    rows = aggregate(SHOPS, everything(), by=["town"])
    assert rows == [
        {"town": "Évian", "count": 3},
        {"town": "Zoé", "count": 2},
        {"town": None, "count": 1},
    ]


def test_measures_leave_out_missing_and_faulty_values() -> None:
    measures = [("sum", "size"), ("mean", "size"), ("count", "size"), ("min", "price"),
                ("max", "price"), ("sum", "price")]  # fmt: skip
    assert aggregate(SHOPS, everything(), by=["town"], measures=measures) == [
        {"town": "Évian", "count": 3, "sum_size": 7, "mean_size": 3.5, "count_size": 3,
         "min_price": 0.2, "max_price": 10, "sum_price": 10.5},
        {"town": "Zoé", "count": 2, "sum_size": 7, "mean_size": 3.5, "count_size": 2,
         "min_price": 0.1, "max_price": 0.1, "sum_price": 0.2},
        {"town": None, "count": 1, "sum_size": None, "mean_size": None, "count_size": 0,
         "min_price": None, "max_price": None, "sum_price": None},
    ]  # fmt: skip


def test_whole_numbers_are_integers_and_sums_of_decimals_have_no_noise() -> None:
    (row,) = aggregate(SHOPS, everything(), measures=[("sum", "price"), ("sum", "size")])
    assert orjson.dumps(row) == b'{"count":6,"sum_price":10.7,"sum_size":14}'


def test_extremes_of_other_types_are_texts_in_the_order_of_the_type() -> None:
    measures = [("min", "since"), ("max", "since"), ("max", "town"), ("min", "open")]
    assert aggregate(SHOPS, everything(), measures=measures) == [
        {"count": 6, "min_since": "2019-12-31", "max_since": "2021-01-01", "max_town": "Zoé",
         "min_open": "false"}
    ]  # fmt: skip


def test_two_fields_group_together() -> None:
    rows = aggregate(SHOPS, everything(), by=["open", "town"], measures=[("sum", "size")])
    assert rows == [
        {"open": "true", "town": "Évian", "count": 2, "sum_size": 2},
        {"open": "true", "town": "Zoé", "count": 2, "sum_size": 7},
        {"open": "false", "town": "Évian", "count": 1, "sum_size": 5},
        {"open": None, "town": None, "count": 1, "sum_size": None},
    ]


def test_only_the_selected_rows_count() -> None:
    chosen = everything(SHOPS, ("town__exact", "Zoé"))
    assert aggregate(SHOPS, chosen, by=["town"], measures=[("max", "size")]) == [
        {"town": "Zoé", "count": 2, "max_size": 4}
    ]
    nothing = everything(SHOPS, ("town__exact", "?"))
    assert aggregate(SHOPS, nothing, by=["town"], measures=[("sum", "size")]) == []
    assert aggregate(SHOPS, nothing, measures=[("sum", "size"), ("count", "size")]) == [
        {"count": 0, "sum_size": None, "count_size": 0}
    ]


@pytest.mark.parametrize(
    ("by", "measures", "reason"),
    [
        (["nope"], [], "unknown_field"),
        (["owner"], [], "unknown_field"),
        ([], [("sum", "nope")], "unknown_field"),
        ([], [("sum", "owner")], "unknown_field"),
        (["town", "open", "size"], [], "bad_by"),
        (["town", "town"], [], "bad_by"),
        ([], [("median", "size")], "bad_measure"),
        ([], [("sum", "size"), ("sum", "size")], "repeated_parameter"),
        ([], [("sum", "town")], "not_numeric"),
        ([], [("mean", "since")], "not_numeric"),
    ],
)
def test_a_bad_aggregate_is_refused(
    by: list[str], measures: list[tuple[str, str]], reason: str
) -> None:
    with pytest.raises((Malformed, UnknownField)) as refused:
        aggregate(SHOPS, everything(), by=by, measures=measures)
    assert refused.value.reason == reason


def test_a_field_named_like_a_figure_is_refused_rather_than_overwritten() -> None:
    snapshot = snapshot_of([{"name": "count"}, {"name": "n", "type": "integer"}], [["a", "1"]])
    with pytest.raises(Malformed) as refused:
        aggregate(snapshot, everything(snapshot), by=["count"])
    assert refused.value.reason == "name_clash"


def test_a_file_without_rows_has_no_groups() -> None:
    snapshot = snapshot_of(FIELDS, [])
    assert aggregate(snapshot, everything(snapshot), by=["town"]) == []
    assert aggregate(snapshot, everything(snapshot)) == [{"count": 0}]


ROW = st.tuples(
    st.sampled_from(["", "a", "b", "c"]),
    st.sampled_from(["", "u", "v"]),
    st.integers(-1000, 1000).map(str) | st.sampled_from(["", "x"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(ROW, max_size=30))
def test_groups_add_up_like_python_does(rows: list[tuple[str, str, str]]) -> None:
    fields = [{"name": "a"}, {"name": "b"}, {"name": "n", "type": "integer"}]
    snapshot = snapshot_of(fields, rows)
    groups: dict[tuple[str | None, str | None], list[str]] = defaultdict(list)
    for a, b, n in rows:
        groups[a or None, b or None].append(n)
    measures = [("sum", "n"), ("mean", "n"), ("min", "n"), ("max", "n")]
    found = aggregate(snapshot, everything(snapshot), by=["a", "b"], measures=measures)
    assert [row["count"] for row in found] == sorted(map(len, groups.values()), reverse=True)
    for row in found:
        texts = groups.pop((row["a"], row["b"]))
        numbers = [int(text) for text in texts if text not in ("", "x")]
        assert row["count"] == len(texts)
        assert row["sum_n"] == (sum(numbers) if numbers else None)
        assert row["min_n"] == min(numbers, default=None)
        assert row["max_n"] == max(numbers, default=None)
        if numbers:
            assert row["mean_n"] == pytest.approx(sum(numbers) / len(numbers))
    assert not groups

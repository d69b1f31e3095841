"""How often values stand in columns: the indexes say what looking at every row says."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.judging.judge import judge
from retouche.core.judging.occurrences import MOST_SPELLINGS, Occurrences, Value, hashable
from retouche.core.package import Resource
from retouche.core.reading.snapshot import Snapshot
from retouche.core.schema import Schema

POOLS: dict[str, list[str]] = {
    "string": ["a", "b", "é", "x\u202ey", "a\u200bb", "1", "NA", ""],
    "integer": ["1", "01", "+1", "-1", "0", "-0", "x", "1 000", "1000", "9" * 20, "1_0", "NA", ""],
    "number": ["1", "1.0", "01.00", "1e0", "1e00000", "-0", "0.0", "NaN", "INF", "1,5", "x", ""],
    "date": ["2024-01-02", "2024-1-2", "2024-01- 2", "0999-01-01", "2024-13-01", "2023-02-29", ""],
    "year": ["2024", "0099", "99", "+202", ""],
    "boolean": ["true", "1", "0", "False", "oui", ""],
    "datetime": ["2024-01-02T03:04:05", "2024-01-02 03:04:05", "2024-01-02T03:04:05Z", "x", ""],
    "array": ["[1]", "[1 ]", "[", ""],
}
FIELDS: list[dict[str, Any]] = [
    *({"type": kind} for kind in POOLS),
    {"type": "integer", "groupChar": " "},
    {"type": "integer", "bareNumber": False},
    {"type": "integer", "constraints": {"minimum": 1}, "missingValues": ["0", "NA"]},
    {"type": "number", "decimalChar": ","},
    {"type": "number", "floatNumber": True},
    {"type": "date", "format": "any"},
    {"type": "string", "format": "email"},
]


def a_snapshot(
    fields: Sequence[dict[str, Any]], rows: Sequence[Sequence[str]], **more: Any
) -> Snapshot:
    named = [{"name": f"f{at}", **one} for at, one in enumerate(fields)]
    schema = Schema.from_descriptor({"fields": named, **more})
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows([schema.names, *rows])
    resource = Resource(name="t", path="t.csv", schema=schema)
    return Snapshot(resource, text.getvalue().encode())


def values_of(snapshot: Snapshot, columns: Sequence[str]) -> list[Value]:
    judging = judge(snapshot.resource.schema)
    places = [snapshot.table.header.index(name) for name in columns]
    missing = snapshot.resource.schema.missing_values
    return [
        tuple(
            None if row[at] in missing else hashable(judging.reader(name)(row[at])[0])
            for name, at in zip(columns, places, strict=True)
        )
        for row in snapshot.table.rows()
    ]


@settings(max_examples=150, deadline=None)
@given(st.data(), st.booleans())
def test_rows_are_found_by_what_their_cells_are_worth(data: st.DataObject, keyed: bool) -> None:
    fields = data.draw(st.lists(st.sampled_from(FIELDS), min_size=1, max_size=3))
    pools = [st.sampled_from(POOLS[one["type"]]) for one in fields]
    rows = data.draw(st.lists(st.tuples(*pools), max_size=12))
    names = [f"f{at}" for at in range(len(fields))]
    snapshot = a_snapshot(fields, rows, **({"primaryKey": names} if keyed else {}))
    held = Occurrences(
        snapshot, judge(snapshot.resource.schema), names, primary_key=names if keyed else ()
    )
    found = values_of(snapshot, names)
    for value in {*found, *values_of(a_snapshot(fields, [*rows, ("?",) * len(fields)]), names)}:
        standing = [row for row, one in enumerate(found) if one == value]
        if all(part == part for part in value):
            assert list(held.positions(value)) == standing, (value, rows)
            assert held.count(value) == len(standing)


def test_a_column_that_the_file_lacks_holds_nothing() -> None:
    snapshot = a_snapshot([{}], [["a"], ["b"]])
    judging = judge(snapshot.resource.schema)
    assert Occurrences(snapshot, judging, ["other"]).count(("a",)) == 0
    assert Occurrences(snapshot, judging, ["f0", "other"]).positions(("a", None)) == [0]
    assert list(Occurrences(snapshot, judging, ["other"]).positions((None,))) == [0, 1]


@pytest.mark.parametrize("many", [MOST_SPELLINGS // 8, MOST_SPELLINGS])
def test_a_key_of_many_spellings_is_found_in_all_of_them(many: int) -> None:
    rows = [["0" * at + "1", "a"] for at in range(many)]
    fields = [{"type": "integer"}, {"type": "string"}]
    snapshot = a_snapshot(fields, rows, primaryKey=["f0", "f1"])
    held = Occurrences(
        snapshot, judge(snapshot.resource.schema), ["f0", "f1"], primary_key=["f0", "f1"]
    )
    assert held.count((1, "a")) == many
    assert held.count((1, "b")) == held.count((2, "a")) == 0

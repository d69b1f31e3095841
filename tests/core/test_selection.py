"""Selections against a reference that decides row by row: filters, order, pages, facets."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.errors import UnknownField
from retouche.core.reading.query import Filter, Query, Sort
from retouche.core.reading.selection import count, facets, page, records, select
from retouche.core.reading.snapshot import Snapshot
from tests.snapshots import asked, found, one_column, snapshot_of

NUMBERS = ["10", "9", "", "-1", "09", "x", "9.0", "10"]
DATES = ["02/01/2021", "", "31/12/2020", "2020-12-31", "01/02/2021"]
TOWNS = ["Évian", "evian", "", "Zoé", "abbeville", "Évian", "NA", "Œuf"]
FLAGS = ["true", "0", "", "TRUE", "maybe", "false"]


CASES: list[tuple[str, list[str], str, str, list[str | None]]] = [
    ("integer", NUMBERS, "exact", "9", ["9", "09"]),
    ("number", NUMBERS, "exact", "9", ["9", "09", "9.0"]),
    ("number", NUMBERS, "exact", "x", ["x"]),
    ("number", NUMBERS, "exact", "y", []),
    ("number", NUMBERS, "exact", "", []),
    ("number", NUMBERS, "differs", "9", ["10", None, "-1", "x", "10"]),
    ("number", NUMBERS, "in", "10,-1,x", ["10", "-1", "x", "10"]),
    ("number", NUMBERS, "notin", "10,-1,x", ["9", None, "09", "9.0"]),
    ("number", NUMBERS, "less", "9", ["9", "-1", "09", "9.0"]),
    ("number", NUMBERS, "strictly_less", "9", ["-1"]),
    ("number", NUMBERS, "greater", "9", ["10", "9", "09", "9.0", "10"]),
    ("number", NUMBERS, "strictly_greater", "9", ["10", "10"]),
    ("number", NUMBERS, "strictly_greater", "1e3", []),
    ("number", NUMBERS, "contains", "9", ["9", "09", "9.0"]),
    ("string", NUMBERS, "exact", "9", ["9"]),
    ("string", NUMBERS, "less", "10", ["10", "-1", "09", "10"]),
    ("date", DATES, "less", "31/12/2020", ["31/12/2020"]),
    ("date", DATES, "greater", "2021-01-02", ["02/01/2021", "01/02/2021"]),
    ("date", DATES, "exact", "2020-12-31", ["31/12/2020", "2020-12-31"]),
    ("date", DATES, "isnull", "", [None]),
    ("boolean", FLAGS, "exact", "true", ["true", "TRUE"]),
    ("boolean", FLAGS, "exact", "False", ["0", "false"]),
    ("boolean", FLAGS, "less", "false", ["0", "false"]),
    ("boolean", FLAGS, "strictly_greater", "0", ["true", "TRUE"]),
    ("string", TOWNS, "exact", "Évian", ["Évian", "Évian"]),
    ("string", TOWNS, "differs", "Évian", ["evian", None, "Zoé", "abbeville", None, "Œuf"]),
    ("string", TOWNS, "contains", "ÉVI", ["Évian", "Évian"]),
    ("string", TOWNS, "contains", "evi", ["evian", "abbeville"]),
    ("string", TOWNS, "contains", "", ["Évian", "evian", "Zoé", "abbeville", "Évian", "Œuf"]),
    ("string", TOWNS, "contains", "ŒUF", ["Œuf"]),
    ("string", TOWNS, "notcontains", "é", ["evian", None, "abbeville", None, "Œuf"]),
    ("string", TOWNS, "in", "Zoé,NA,Œuf", ["Zoé", "Œuf"]),
    ("string", TOWNS, "notin", "Zoé,NA,Œuf", ["Évian", "evian", None, "abbeville", "Évian", None]),
    ("string", TOWNS, "in", "Zoé,", [None, "Zoé", None]),
    ("string", TOWNS, "in", "", [None, None]),
    ("string", TOWNS, "notin", "Zoé,", ["Évian", "evian", "abbeville", "Évian", "Œuf"]),
    ("number", NUMBERS, "in", "10,", ["10", None, "10"]),
    ("string", TOWNS, "less", "evian", ["evian", "abbeville"]),
    ("string", TOWNS, "less", "Évian", ["Évian", "evian", "abbeville", "Évian"]),
    ("string", TOWNS, "strictly_less", "Évian", ["evian", "abbeville"]),
    ("string", TOWNS, "greater", "œ", ["Zoé", "Œuf"]),
    ("string", TOWNS, "strictly_greater", "Œuf", ["Zoé"]),
    ("string", TOWNS, "isnull", "any", [None, None]),
    ("string", TOWNS, "isnotnull", "", ["Évian", "evian", "Zoé", "abbeville", "Évian", "Œuf"]),
    ("number", NUMBERS, "sort", "asc", ["-1", "09", "9", "9.0", "10", "10", "x", None]),
    ("number", NUMBERS, "sort", "desc", ["x", "10", "10", "9.0", "9", "09", "-1", None]),
    ("date", DATES, "sort", "asc",
     ["31/12/2020", "02/01/2021", "01/02/2021", "2020-12-31", None]),
    ("string", TOWNS, "sort", "asc",
     ["abbeville", "evian", "Évian", "Évian", "Œuf", "Zoé", None, None]),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "texts", "operator", "value", "expected"), CASES)
def test_an_operator_finds_its_rows(
    kind: str, texts: list[str], operator: str, value: str, expected: list[str | None]
) -> None:
    options = {"format": "%d/%m/%Y"} if kind == "date" else {}
    snapshot = one_column(texts, kind, missing=["", "NA"], **options)
    assert found(snapshot, (f"f__{operator}", value)) == expected


def test_all_filters_apply() -> None:
    snapshot = one_column([str(number) for number in range(10)], "integer")
    args = [("f__greater", "2"), ("f__strictly_less", "7"), ("f__differs", "4"), ("f__notin", "5")]
    assert found(snapshot, *args) == ["2", "3", "6"]


def test_sorts_apply_in_order_of_appearance_and_keep_the_file_s_order() -> None:
    rows = [["b", "1", "0"], ["a", "2", "1"], ["b", "2", "2"], ["a", "", "3"], ["b", "1", "4"],
            ["", "9", "5"]]  # fmt: skip
    snapshot = snapshot_of([{"name": "t"}, {"name": "n", "type": "integer"}, {"name": "id"}], rows)
    for args, ids in [
        ([("t__sort", "asc"), ("n__sort", "desc")], "132045"),
        ([("n__sort", "desc"), ("t__sort", "asc")], "512043"),
        ([("t__sort", "desc")], "024135"),
    ]:
        assert "".join(row["id"] for row in asked(snapshot, *args)) == ids


def test_pages_cut_the_selection_and_are_empty_past_the_end() -> None:
    snapshot = one_column([str(number) for number in range(45)])
    pages = []
    for number in range(1, 5):
        query = Query.parse([("page", str(number))], snapshot.fields)
        selection = page(snapshot, query)
        assert selection.total == 45
        pages.append([row["f"] for row in records(snapshot, selection)])
    assert [len(one) for one in pages] == [20, 20, 5, 0]
    assert [cell for one in pages for cell in one] == [str(number) for number in range(45)]
    far = Query.parse([("page", "9" * 15), ("page_size", "1000")], snapshot.fields)
    assert page(snapshot, far).positions.tolist() == []


def test_columns_are_given_in_the_order_asked_for() -> None:
    snapshot = snapshot_of([{"name": name} for name in "abc"], [["1", "2", "3"]])
    assert [list(row.items()) for row in asked(snapshot, ("columns", "c,a"))] == [
        [("c", "3"), ("a", "1")]
    ]


def test_a_file_without_rows_answers_everything() -> None:
    snapshot = one_column([], "integer")
    for args in ([("f__less", "1")], [("f__sort", "desc")], [("q", "a")], [("f__isnull", "")]):
        assert found(snapshot, *args) == []
    assert facets(snapshot, Query(), ["f"]) == {"f": []}


def test_facets_count_values_most_frequent_first_then_in_order() -> None:
    snapshot = one_column(["b", "10", "", "9", "b", "10", ""], "integer")
    expected = [("10", 2), ("b", 2), (None, 2), ("9", 1)]
    counted = facets(snapshot, Query(), ["f"])["f"]
    assert [(one["value"], one["count"]) for one in counted] == expected
    limited = facets(snapshot, Query(), ["f"], limit=2)["f"]
    assert limited == counted[:2]


def test_facets_stand_under_the_filters_and_not_the_page() -> None:
    snapshot = snapshot_of(
        [{"name": "t"}, {"name": "n", "type": "integer"}],
        [["a", "1"], ["a", "2"], ["b", "3"], ["", "4"], ["b", "5"]],
    )
    query = Query.parse([("n__greater", "2"), ("page_size", "1")], snapshot.fields)
    assert facets(snapshot, query, ["t", "n"])["t"] == [
        {"value": "b", "count": 2},
        {"value": "a", "count": 1},
        {"value": None, "count": 1},
    ]
    with pytest.raises(UnknownField):
        facets(snapshot, query, ["t", "nope"])


# The reference: plain values, one row after the other.

KINDS = {"t": "string", "n": "number", "d": "date", "b": "boolean"}
TEXTS = {
    "t": st.sampled_from(["", "a", "A", "á", "ab", "b", "œ", "oe", "oé", "NA", "é b"]),
    "n": st.sampled_from(["", "1", "1.0", "01", "2", "-3", "10", "NA", "x", "1e1", "0.5"]),
    "d": st.sampled_from(["", "2020-01-02", "2020-1-2", "2019-12-31", "hier", "NA"]),
    "b": st.sampled_from(["", "true", "1", "false", "FALSE", "NA", "?"]),
}
BOUNDS = {
    "t": st.sampled_from(["", "a", "Á", "b", "oe"]),
    "n": st.sampled_from(["1", "1.00", "-3", "9", "0.5"]),
    "d": st.sampled_from(["2020-01-02", "2019-12-31", "1999-01-01"]),
    "b": st.sampled_from(["true", "0"]),
}
MISSING = ["", "NA"]


def reference_fold(text: str) -> str:
    text = text.casefold().replace("œ", "oe")
    return "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text)
        if not unicodedata.combining(letter)
    )


def typed(field: str, text: str) -> Any:
    """What a text is worth in the type of its field, None when it does not fit."""
    try:
        match field:
            case "n":
                return Fraction(text)
            case "d":
                year, month, day = text.split("-")
                return date(int(year), int(month), int(day))
            case "b":
                return {"true": 1, "1": 1, "false": 0, "FALSE": 0, "0": 0}[text]
            case _:
                return reference_fold(text), text
    except (ValueError, KeyError):
        return None


def meets(cell: str | None, one: Filter) -> bool:
    if one.operator in ("differs", "notin", "notcontains", "isnotnull"):
        opposite = {"differs": "exact", "isnotnull": "isnull"}
        operator = opposite.get(one.operator) or one.operator.removeprefix("not")
        return not meets(cell, Filter(one.field, operator, one.values))
    if one.operator == "isnull":
        return cell is None
    if cell is None:
        return one.operator == "in" and "" in one.values
    if one.operator == "contains":
        return one.values[0].casefold() in cell.casefold()
    worth = typed(one.field, cell)
    if one.operator in ("exact", "in"):
        return any(
            cell == value
            or (one.field != "t" and worth is not None and worth == typed(one.field, value))
            for value in one.values
        )
    bound = typed(one.field, one.values[0])
    if worth is None:
        return False
    orders: dict[str, bool] = {
        "less": worth <= bound,
        "strictly_less": worth < bound,
        "greater": worth >= bound,
        "strictly_greater": worth > bound,
    }
    return orders[one.operator]


def rank(field: str, cell: str) -> Any:
    worth = typed(field, cell)
    fits = worth is not None
    return (0, worth, cell) if fits else (1, reference_fold(cell), cell)


def expected_rows(rows: Sequence[dict[str, Any]], query: Query) -> list[dict[str, Any]]:
    kept = [row for row in rows if all(meets(row[one.field], one) for one in query.filters)]
    for word in query.words:
        kept = [
            row
            for row in kept
            if any(cell and word in reference_fold(cell) for cell in row.values())
        ]
    for sort in reversed(query.sorts):
        name = sort.field
        filled = [row for row in kept if row[name] is not None]
        # `reverse` keeps equal rows in their order, as a stable sort must.
        filled.sort(key=lambda row, name=name: rank(name, row[name]), reverse=sort.descending)  # type: ignore[misc]
        kept = filled + [row for row in kept if row[name] is None]
    return kept


@st.composite
def filters(draw: st.DrawFn) -> Filter:
    field = draw(st.sampled_from("tndb"))
    operator = draw(
        st.sampled_from(
            ["exact", "differs", "contains", "notcontains", "in", "notin", "less", "greater",
             "strictly_less", "strictly_greater", "isnull", "isnotnull"]
        )
    )  # fmt: skip
    values = BOUNDS[field] | TEXTS[field]
    if operator.startswith("is"):
        return Filter(field, operator)
    if operator in ("in", "notin"):
        return Filter(field, operator, tuple(draw(st.lists(values, max_size=3, unique=True))))
    comparing = operator.endswith(("less", "greater"))
    return Filter(field, operator, (draw(BOUNDS[field] if comparing else values),))


SORTS = st.builds(Sort, st.sampled_from("tndb"), st.booleans())
WORDS = st.lists(st.sampled_from(["a", "o", "oe", "1", "b", "2020"]), max_size=1).map(tuple)
QUERIES = st.builds(
    Query,
    filters=st.lists(filters(), max_size=3).map(tuple),
    sorts=st.lists(SORTS, max_size=2).map(tuple),
    words=WORDS,
)
ROWS = st.lists(st.tuples(*(TEXTS[name] for name in "tndb")), max_size=25)


def table_of(rows: Sequence[tuple[str, ...]]) -> Snapshot:
    fields = [{"name": name, "type": KINDS[name]} for name in "tndb"]
    numbered = [[*row, str(at)] for at, row in enumerate(rows)]
    return snapshot_of([*fields, {"name": "row"}], numbered, missingValues=MISSING)


@settings(max_examples=400, deadline=None)
@given(ROWS, QUERIES)
def test_a_selection_is_what_the_reference_selects(
    rows: list[tuple[str, ...]], query: Query
) -> None:
    snapshot = table_of(rows)
    plain = [snapshot.cells(at) for at in range(len(rows))]
    selected = list(records(snapshot, select(snapshot, query)))
    assert selected == expected_rows(plain, query)
    limited = facets(snapshot, query, "tndb", limit=2)
    for name, counted in facets(snapshot, query, "tndb").items():
        assert limited[name] == counted[:2]
        counts = Counter(row[name] for row in selected)
        assert {one["value"]: one["count"] for one in counted} == dict(counts)
        values = [one["value"] for one in counted]
        assert values == sorted(
            values,
            key=lambda value: (-counts[value], value is None, value and rank(name, str(value))),
        )


@settings(max_examples=150, deadline=None)
@given(ROWS, QUERIES, st.integers(1, 4), st.integers(1, 5))
def test_a_page_is_a_part_of_the_selection(
    rows: list[tuple[str, ...]], query: Query, number: int, size: int
) -> None:
    snapshot = table_of(rows * 6)
    query = replace(query, page=number, page_size=size)
    whole, part = select(snapshot, query), page(snapshot, query)
    assert part.total == whole.total == len(whole.positions) == count(snapshot, query)
    expected = whole.positions[query.offset : query.offset + size]
    assert part.positions.tolist() == expected.tolist()


def test_the_few_rows_that_match_are_found_far_into_the_file() -> None:
    snapshot = one_column([*["no"] * 5_000, "yes", *["no"] * 5_000, "yes"])
    chosen = page(snapshot, Query(filters=(Filter("f", "exact", ("yes",)),)))
    assert (chosen.positions.tolist(), chosen.total) == ([5_000, 10_001], 2)

"""Queries: how parameters are read, what is refused and where, and the canonical text."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retouche.core.errors import Malformed, UnknownField, UnknownOperator
from retouche.core.reading.places import Box, Point
from retouche.core.reading.query import MAX_FILTERS, MAX_WORDS, OPERATORS, Filter, Query, Sort
from retouche.core.schema import Field

FIELDS = (
    Field(name="town"),
    Field(name="size", type="integer"),
    Field(name="price", type="number", descriptor={"decimalChar": ","}),
    Field(name="opened", type="date"),
    Field(name="open", type="boolean"),
    Field(name="a__b"),
    Field(name="size__exact"),
    Field(name="été"),
)


def parse(*args: tuple[str, str], **options: Any) -> Query:
    return Query.parse(args, FIELDS, **options)


def test_no_parameter_is_the_first_page_of_everything() -> None:
    assert parse() == Query()
    assert (parse().page, parse().page_size, parse().offset) == (1, 20, 0)


READ: list[tuple[tuple[str, str], dict[str, Any]]] = [
    (("town__exact", "Paris"), {"filters": (Filter("town", "exact", ("Paris",)),)}),
    (("town__exact", ""), {"filters": (Filter("town", "exact", ("",)),)}),
    (("a__b__contains", "x"), {"filters": (Filter("a__b", "contains", ("x",)),)}),
    (("size__exact", "3"), {"filters": (Filter("size", "exact", ("3",)),)}),
    (("size__exact__exact", "3"), {"filters": (Filter("size__exact", "exact", ("3",)),)}),
    (("été__differs", "à"), {"filters": (Filter("été", "differs", ("à",)),)}),
    (("town__isnull", ""), {"filters": (Filter("town", "isnull"),)}),
    (("town__isnotnull", "true"), {"filters": (Filter("town", "isnotnull"),)}),
    (("town__in", "a,b,a"), {"filters": (Filter("town", "in", ("a", "b")),)}),
    (("town__in", ""), {"filters": (Filter("town", "in", ("",)),)}),
    (("town__in", "a,"), {"filters": (Filter("town", "in", ("a", "")),)}),
    (("town__in", ' a ,5" b'), {"filters": (Filter("town", "in", (" a ", '5" b')),)}),
    (("town__notin", '"a,b","c ""d""",e'),
     {"filters": (Filter("town", "notin", ("a,b", 'c "d"', "e")),)}),
    (("town__notin", '"a\nb,",c'), {"filters": (Filter("town", "notin", ("a\nb,", "c")),)}),
    (("size__less", "10"), {"filters": (Filter("size", "less", ("10",)),)}),
    (("price__greater", "1,5"), {"filters": (Filter("price", "greater", ("1,5",)),)}),
    (("price__greater", "1.5"), {"filters": (Filter("price", "greater", ("1.5",)),)}),
    (("open__less", "true"), {"filters": (Filter("open", "less", ("true",)),)}),
    (("opened__strictly_less", "2020-01-01"),
     {"filters": (Filter("opened", "strictly_less", ("2020-01-01",)),)}),
    (("town__sort", "desc"), {"sorts": (Sort("town", descending=True),)}),
    (("q", 'Là "à Paris"'), {"words": ("a paris", "la")}),
    (("q", ""), {"words": ()}),
    (("near", "48.85,-2.35"), {"near": Point(latitude=48.85, longitude=-2.35)}),
    (("near", " 48 , 2 "), {"near": Point(latitude=48, longitude=2)}),
    (("bbox", "-5,41,10,52"), {"bbox": Box(west=-5, south=41, east=10, north=52)}),
    (("bbox", "170,-30,-170,0"), {"bbox": Box(west=170, south=-30, east=-170, north=0)}),
    (("columns", "town,size,town"), {"columns": ("town", "size")}),
    (("page", "3"), {"page": 3}),
    (("page_size", "1000"), {"page_size": 1000}),
]  # fmt: skip


@pytest.mark.parametrize(("parameter", "expected"), READ)
def test_a_parameter_is_read(parameter: tuple[str, str], expected: dict[str, Any]) -> None:
    assert parse(parameter) == Query(**expected)


REFUSED: list[tuple[tuple[str, str], type[Malformed], str]] = [
    (("nope__exact", "1"), UnknownField, "unknown_field"),
    (("__exact", "1"), UnknownField, "unknown_field"),
    (("nope__sort", "asc"), UnknownField, "unknown_field"),
    (("nope__nope", "1"), UnknownField, "unknown_field"),
    (("nope", "1"), UnknownField, "unknown_parameter"),
    (("", "1"), UnknownField, "unknown_parameter"),
    (("Page", "1"), UnknownField, "unknown_parameter"),
    (("columns", "town,nope"), UnknownField, "unknown_field"),
    (("columns", ""), UnknownField, "unknown_field"),
    (("town__like", "1"), UnknownOperator, "unknown_operator"),
    (("town__", "1"), UnknownOperator, "unknown_operator"),
    (("town__EXACT", "1"), UnknownOperator, "unknown_operator"),
    (("town", "1"), UnknownOperator, "unknown_operator"),
    (("a__b", "1"), UnknownOperator, "unknown_operator"),
    (("size__less", "ten"), Malformed, "bad_filter_value"),
    (("size__less", ""), Malformed, "bad_filter_value"),
    (("size__greater", "1_000"), Malformed, "bad_filter_value"),
    (("size__strictly_greater", "٣٤"), Malformed, "bad_filter_value"),
    (("price__less", "1 5"), Malformed, "bad_filter_value"),
    (("opened__less", "hier"), Malformed, "bad_filter_value"),
    (("opened__less", "2020-02-30"), Malformed, "bad_filter_value"),
    (("open__greater", "maybe"), Malformed, "bad_filter_value"),
    (("town__in", '"a'), Malformed, "bad_filter_value"),
    (("town__in", '"a"b,c'), Malformed, "bad_filter_value"),
    (("town__sort", "up"), Malformed, "bad_sort"),
    (("town__sort", ""), Malformed, "bad_sort"),
    *(
        (("page", value), Malformed, "bad_page")
        for value in ("0", "-1", "1.5", "x", "", "٣", "9" * 20)
    ),
    *((("page_size", value), Malformed, "bad_page_size") for value in ("0", "1001", "x", "")),
    *(
        (("near", value), Malformed, "bad_near")
        for value in ("", "1", "1,2,3", "91,0", "0,181", "nan,1", "inf,1", "a,b", "1e999,0")
    ),
    *(
        (("bbox", value), Malformed, "bad_bbox")
        for value in ("", "1,2,3", "0,10,1,5", "-181,0,1,1", "0,-91,1,1", "0,0,1,91", "a,0,1,1")
    ),
    (("radius", "100"), Malformed, "radius_without_near"),
    (("q", " ".join(f"mot{n}" for n in range(10, 11 + MAX_WORDS))), Malformed, "too_many_words"),
]  # fmt: skip


@pytest.mark.parametrize(("parameter", "error", "reason"), REFUSED)
def test_a_bad_parameter_is_refused_by_its_name(
    parameter: tuple[str, str], error: type[Malformed], reason: str
) -> None:
    with pytest.raises(Malformed) as refused:
        parse(parameter)
    assert type(refused.value) is error
    assert refused.value.reason == reason
    assert refused.value.pointer == parameter[0]


@pytest.mark.parametrize("value", ["0", "-1", "x", "", "1,2", "1e999"])
def test_a_bad_radius_is_refused(value: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse(("near", "1,2"), ("radius", value))
    assert (refused.value.reason, refused.value.pointer) == ("bad_radius", "radius")


def test_a_bad_value_says_what_was_expected() -> None:
    with pytest.raises(Malformed) as refused:
        parse(("size__less", "x" * 1000))
    assert refused.value.values["expected"] == "integer"
    assert refused.value.values["parameter"] == "size__less"
    assert refused.value.values["value"] == "x" * 200


@pytest.mark.parametrize("name", ["q", "near", "bbox", "columns", "page", "page_size", "radius"])
def test_what_counts_once_cannot_be_given_twice(name: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse((name, "1"), (name, "1"))
    assert (refused.value.reason, refused.value.pointer) == ("repeated_parameter", name)


def test_too_many_conditions_are_refused() -> None:
    parse(*[("town__contains", str(n)) for n in range(MAX_FILTERS)])
    with pytest.raises(Malformed) as refused:
        parse(*[("town__contains", str(n)) for n in range(MAX_FILTERS + 1)])
    assert refused.value.reason == "too_many_filters"


def test_parameters_that_mean_something_elsewhere_are_left_alone() -> None:
    assert parse(("revision", "main"), ("field", "a"), ignored={"revision", "field"}) == Query()


def test_the_canonical_text_does_not_depend_on_the_order_of_filters() -> None:
    one = parse(("town__in", "b,a"), ("size__less", "3"), ("q", "x y"), ("page", "2"))
    other = parse(("q", "Y x"), ("page", "2"), ("size__less", "3"), ("town__in", "a,b"),
                  ("town__in", "a,b"))  # fmt: skip
    assert one.canonical() == other.canonical()


def test_the_canonical_text_tells_different_answers_apart() -> None:
    queries = [
        parse(),
        parse(("page", "2")),
        parse(("page_size", "21")),
        parse(("columns", "town,size")),
        parse(("columns", "size,town")),
        parse(("q", "a b")),
        parse(("q", '"a b"')),
        parse(("town__in", "a,b")),
        parse(("town__in", '"a,b"')),
        parse(("town__exact", "a,b")),
        parse(("town__exact", "a&page=2")),
        parse(("town__exact", "\ud800")),
        parse(("town__sort", "asc"), ("size__sort", "asc")),
        parse(("size__sort", "asc"), ("town__sort", "asc")),
        parse(("size__sort", "desc"), ("town__sort", "asc")),
        parse(("near", "1,2")),
        parse(("near", "1,2"), ("radius", "5")),
        parse(("bbox", "1,2,3,4")),
    ]
    assert len({one.canonical() for one in queries}) == len(queries)


def test_pages_of_one_selection_share_its_text() -> None:
    base = parse(("town__exact", "a"))
    page = parse(("town__exact", "a"), ("page", "2"), ("columns", "town"))
    assert base.selection() == page.selection() != ""
    assert parse_qsl(base.selection()) == [("town__exact", '"a"')]


NAMES = st.sampled_from(
    [f"{field.name}__{operator}" for field in FIELDS for operator in (*OPERATORS, "sort", "x")]
    + ["q", "near", "radius", "bbox", "columns", "page", "page_size", "other"]
)


@given(st.lists(st.tuples(NAMES | st.text(max_size=5), st.text(max_size=12)), max_size=4))
def test_whatever_is_asked_is_read_or_refused_with_a_pointer(args: list[tuple[str, str]]) -> None:
    pointer, query = None, None
    try:
        query = parse(*args)
    except Malformed as refused:
        pointer = refused.pointer
    assert pointer in {name for name, _ in args} if query is None else query.canonical()

"""Columns: the order of values by type, missing values, look-ups and memory."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.coded.columns import MISSING, Column
from retouche.core.coded.typed import typing_of
from retouche.core.schema import Field
from tests.core import plainly


def column_of(texts: list[str], kind: str = "string", **options: Any) -> Column:
    return plainly.column_of(plainly.field_of(kind, **options), texts, missing=("",))


ORDERS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("integer", {}, ["-7", "+1", "01", "1", "2", "10", "9007199254740992", "9007199254740993"]),
    ("number", {}, ["-1e3", "-.5", "0", "0.1", "0.10", "1e2", "1E+5"]),
    ("number", {"decimalChar": ","}, ["-0,5", "1,25", "12"]),
    ("number", {"decimalChar": ",", "groupChar": " "}, ["999", "1 000", "1 000,5", "20 000"]),
    ("number", {"bareNumber": False}, ["CHF -3 ca.", "2 €", "10€", "EUR 11"]),
    ("date", {}, ["1999-12-31", "2020-01-31", "2020-02-01"]),
    ("date", {"format": "%d/%m/%Y"}, ["31/12/1999", "01/02/2020", "02/01/2021"]),
    ("datetime", {}, ["2020-01-01T10:00:00+05:00", "2020-01-01T10:00:00Z", "2020-01-01T10:00:01"]),
    ("datetime", {"format": "%d/%m/%Y %H:%M"}, ["31/12/1999 23:59", "01/01/2000 00:00"]),
    ("time", {}, ["08:30:00", "09:00:00", "17:45:30"]),
    ("time", {"format": "%Hh%M"}, ["08h30", "17h45"]),
    ("boolean", {}, ["0", "False", "false", "1", "TRUE", "true"]),
    ("boolean", {"trueValues": ["oui"], "falseValues": ["non"]}, ["non", "oui"]),
    ("year", {}, ["0800", "1999", "2020"]),
    ("yearmonth", {}, ["2019-12", "2020-1", "2020-11"]),
    ("duration", {}, ["-P1D", "PT59M", "PT1H", "P1D", "P1W", "P1M", "P1Y"]),
    ("string", {}, ["abricot", "élan", "Elbe", "œuf", "Zèbre"]),
    ("string", {}, ["Cote", "cote", "coté", "côte", "côté"]),
    ("string", {}, ["1", "10", "9"]),
    ("any", {}, ["1", "10", "9"]),
]


@pytest.mark.parametrize(("kind", "options", "ordered"), ORDERS)
def test_values_stand_in_the_order_of_their_type(
    kind: str, options: dict[str, Any], ordered: list[str]
) -> None:
    column = column_of(ordered[::-1] + ordered, kind, **options)
    assert list(column.values) == ordered
    assert column.fitting == len(ordered)


@pytest.mark.parametrize(
    ("kind", "options", "misfits"),
    [
        ("integer", {}, [" 12 ", "1.5", "1_000", "n/a", "٣٤"]),
        ("number", {}, ["1,5", "1e99999", "INF", "NaN", "nan", "１"]),
        ("number", {"decimalChar": ","}, ["1.5"]),
        ("number", {"bareNumber": False}, ["€", "1 000", "a" * 60_000 + "1", "1" * 1_001]),
        ("date", {"format": "%d/%m/%Y"}, ["1" * 60_000]),
        ("date", {}, ["01/02/2020", "2020-02-30", "20200101"]),
        ("date", {"format": "%d/%m/%Y"}, ["2020-01-01", "31/02/2020"]),
        ("date", {"format": "%"}, ["2020-01-01"]),
        ("datetime", {}, ["2020-01-01T25:00:00", "20200101T101010", "hier"]),
        ("time", {}, ["25:00:00", "8h"]),
        ("boolean", {}, ["oui", "yes"]),
        ("year", {}, ["-800", "20", "20200"]),
        ("yearmonth", {}, ["2020", "2020-13"]),
        ("duration", {}, ["1 jour", "P", "P1.1.1D", "PT"]),
    ],
)
def test_values_that_do_not_fit_their_type_come_after_those_that_do(
    kind: str, options: dict[str, Any], misfits: list[str]
) -> None:
    fitting = {
        "integer": "5", "number": "5", "boolean": "true", "year": "2020", "yearmonth": "2020-01",
        "duration": "P1D", "time": "10:00:00", "datetime": "2020-01-01T00:00:00",
        "date": "01/01/2020" if options.get("format") == "%d/%m/%Y" else "2020-01-01",
    }  # fmt: skip
    expected = [] if options.get("format") == "%" else [fitting[kind]]
    column = column_of([*misfits, *expected], kind, **options)
    assert column.fitting == len(expected)
    assert list(column.values[: column.fitting]) == expected
    assert sorted(column.values[column.fitting :]) == sorted(misfits)


def test_missing_values_have_no_code() -> None:
    field = Field(name="f")
    column = plainly.column_of(field, ["b", "NA", "a", "", "b"], missing=("", "NA", "-"))
    assert list(column.values) == ["a", "b"]
    assert column.codes.tolist() == [1, MISSING, 0, MISSING, 1]
    assert [column.cell(row) for row in range(5)] == ["b", None, "a", None, "b"]
    assert column.counts.tolist() == [1, 2, 2]
    assert column.filled == 3


def test_a_column_without_rows_or_values_can_be_asked_anything() -> None:
    for column in (
        column_of([]),
        column_of(["", ""], "number"),
        Column.absent(Field(name="f"), length=2),
    ):
        assert column.values in ([], ())
        assert column.numbers().tolist() == []
        assert column.code("1") is None
        assert column.equal("1") == ()
        assert column.less("1", strictly=False) == (0, 0)
        assert column.greater("1", strictly=False) == (0, 0)
        assert column.containing("").tolist() == []
        assert column.filled == 0


def test_codes_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        column_of(["a"]).codes[0] = 3


def test_numbers_are_nan_where_a_text_is_none() -> None:
    column = column_of(["1", "x", "2.5", "1e400"], "number")
    numbers = dict(zip(column.values, column.numbers().tolist(), strict=True))
    assert numbers["1"] == 1
    assert numbers["2.5"] == 2.5
    assert numbers["x"] != numbers["x"]
    assert numbers["1e400"] != numbers["1e400"]


def test_a_column_of_text_still_gives_its_numbers() -> None:
    column = column_of(["48.85", "nord"])
    assert column.numbers().tolist()[0] == 48.85


def test_equal_values_are_those_that_mean_the_same() -> None:
    column = column_of(["1", "01", "1.0", "2", "x"], "number")
    assert {column.values[code] for code in column.equal("1.00")} == {"1", "01", "1.0"}
    assert [column.values[code] for code in column.equal("x")] == ["x"]
    assert column.equal("3") == ()
    assert [column_of(["1", "01"]).values[code] for code in column_of(["1", "01"]).equal("1")] == [
        "1"
    ]


def test_long_numbers_that_are_one_float_stay_apart() -> None:
    column = column_of(["12345678901234567891", "12345678901234567890"], "integer")
    assert list(column.values) == ["12345678901234567890", "12345678901234567891"]
    assert column.equal("12345678901234567891") == (1,)


def test_size_grows_with_what_is_derived() -> None:
    column = column_of([str(number) for number in range(1000)], "integer")
    sizes = [column.size]
    for derive in (column.numbers, lambda: column.counts, lambda: column.containing("1")):
        derive()
        sizes.append(column.size)
    assert sizes == sorted(set(sizes))


TEXTS = st.lists(st.text(alphabet="aAéÉœ'’ 10.5-,nx", max_size=5), max_size=30)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(["string", "number", "integer", "boolean", "date"]))
def test_every_cell_is_found_again(texts: list[str], kind: str) -> None:
    column = column_of(texts, kind)
    assert [column.cell(row) for row in range(len(texts))] == [text or None for text in texts]
    assert len(set(column.values)) == len(column.values)
    for code, text in enumerate(column.values):
        assert column.code(text) == code
        assert code in column.equal(text)
    assert column.code("never there") is None
    read = typing_of(column.field).read
    if read is not None:
        orders = [read(text) for text in column.values]
        assert orders[: column.fitting] == sorted(one for one in orders if one is not None)
        assert orders[column.fitting :] == [None] * (len(orders) - column.fitting)


NUMBERS = ("1", "1.5", "-0.25", "1e-3", "+3.1400", "12345678901234567.12", "abc", "", ".5", "1E2")


@given(st.lists(st.sampled_from(NUMBERS)), st.sampled_from(("number", "integer", "string")))
def test_decimals_are_those_of_the_longest_number(texts: list[str], kind: str) -> None:
    column = column_of(texts, kind)
    read = column.typing.read if column.typing.numeric else None
    worth = [read(one) for one in column.values[: column.fitting]] if read else []
    exponents = [Decimal(str(one)).as_tuple().exponent for one in worth]
    assert column.decimals == max([0, *(-one for one in exponents if isinstance(one, int))])

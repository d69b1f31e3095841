"""What is surely right by its bytes is right to the judge, whatever the type and the rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retouche.core.coded.decimals import Decimals, identity
from retouche.core.coded.layouts import Layout, day_number, number_of_day
from retouche.core.judging.judge import judge
from retouche.core.judging.lexical import blemishes
from retouche.core.judging.plain import right
from retouche.core.schema import Schema
from retouche.core.spans import Cells

FIELDS: list[dict[str, Any]] = [
    {"type": "string"},
    {"type": "string", "constraints": {"minLength": 2, "maxLength": 4}},
    {"type": "string", "constraints": {"enum": ["a", "bb", "é", "more than eight bytes"]}},
    {"type": "string", "constraints": {"pattern": "[0-9]{5}"}},
    {"type": "string", "constraints": {"pattern": r"^(2[AB]|\d{2})[0-9]{3}$", "maxLength": 4}},
    {"type": "string", "constraints": {"pattern": r"a?[^b].|é+"}},
    {"type": "string", "format": "email"},
    {"type": "integer"},
    {"type": "integer", "constraints": {"minimum": 0, "maximum": 50}},
    {"type": "integer", "constraints": {"exclusiveMinimum": "9007199254740993"}},
    {"type": "integer", "constraints": {"enum": [1, 22]}},
    {"type": "integer", "groupChar": " "},
    {"type": "integer", "bareNumber": False},
    {"type": "number"},
    {"type": "number", "constraints": {"minimum": "-1.5", "maximum": "20.3"}},
    {"type": "number", "constraints": {"exclusiveMinimum": 0, "exclusiveMaximum": 100}},
    {"type": "number", "floatNumber": True, "constraints": {"minimum": 0.1}},
    {"type": "number", "decimalChar": ",", "groupChar": "."},
    {"type": "number", "decimalChar": ",", "constraints": {"maximum": 1}},
    {"type": "number", "bareNumber": False, "constraints": {"maximum": 1}},
    {"type": "number", "constraints": {"maximum": "INF"}},
    {"type": "boolean"},
    {"type": "boolean", "trueValues": ["oui"], "falseValues": ["non", ""]},
    {"type": "date"},
    {"type": "date", "constraints": {"minimum": "2000-01-01", "exclusiveMaximum": "2024-02-28"}},
    *({"type": "date", "format": form} for form in ("%d/%m/%Y", "%d%m%Y", "%Y", "%m-%Y", "any")),
    {"type": "datetime"},
    {"type": "datetime", "constraints": {"minimum": "2000-01-01T00:00:00"}},
    {"type": "datetime", "format": "%d/%m/%Y %H:%M"},
    {"type": "time"},
    {"type": "time", "format": "%H:%M"},
    {"type": "year", "constraints": {"minimum": 1990, "maximum": "2020"}},
    {"type": "year"},
    {"type": "yearmonth"},
    {"type": "any"},
    {"type": "list", "itemType": "integer"},
]
MOMENTS = (
    *("{Y:04}-{m:02}-{d:02}", "{d:02}/{m:02}/{Y:04}", "{d:02}{m:02}{Y:04}", "{Y:04}", "{Y}-{m}"),
    *("{m:02}-{Y:04}", "{Y:04}-{m:02}-{d:02}T{H:02}:{M:02}:{S:02}", "{H:02}:{M:02}:{S:02}"),
    *("{Y:04}-{m:02}-{d:02}T{H:02}:{M:02}:{S:02}Z", "{H:02}:{M:02}", "{d:02}/{m:02}/{Y} {H}:{M}"),
)
moments = st.builds(
    lambda form, year, month, day, hour, minute: form.format(
        Y=year, m=month, d=day, H=hour, M=minute, S=minute
    ),
    st.sampled_from(MOMENTS),
    st.sampled_from([0, 1, 999, 1999, 2000, 2023, 2024, 9999]),
    st.integers(0, 13),
    st.sampled_from([0, 1, 12, 28, 29, 30, 31, 32]),
    st.integers(0, 25),
    st.integers(0, 62),
)
numbers = st.builds(
    lambda sign, digits, point, behind: sign + digits + point + behind,
    st.sampled_from(["", "", "-", "+", "--", "00"]),
    st.text("0123456789", max_size=18),
    st.sampled_from(["", ".", ",", "e", "_", " ", "..", "é"]),
    st.text("0123456789", max_size=7),
)
ODD = [
    *("true", "TRUE", "oui", "non", "NaN", "-INF", "inf", "1e5", "+0", "-0", "0.1", "20.3", "-1.5"),
    *("20.300000000000000001", "20.29999999999999999", "9007199254740992", "9007199254740993"),
    *(
        "1_000",
        "٣٤",
        "１２",
        " 12",
        "12 ",
        "12\n",
        "0x1",
        "²",
        "9" * 1_200,
        "2023-02-29",
        "20240101",
    ),
    *("a", "bb", "é", "more than eight bytes", "é" * 4, "é" * 300, "2A123", "٣" * 5, "x\ty", "[1]"),
]
texts = st.one_of(moments, numbers, st.sampled_from(ODD), st.text("ab1é€ .,-+/:TZ\t", max_size=9))


def cells_of(listed: Sequence[str], *, encoding: str = "utf-8", margin: int = 32) -> Cells:
    contents = [text.encode(encoding) for text in listed]
    stops = np.cumsum([len(one) for one in contents]) + margin
    begins = stops - [len(one) for one in contents]
    return Cells(np.frombuffer(b"0" * margin + b"".join(contents), np.uint8), begins, stops)


def reader_of(field: dict[str, Any]) -> Any:
    return judge(Schema.from_descriptor({"fields": [{"name": "f", **field}]})).reader("f")


@pytest.mark.parametrize("field", FIELDS, ids=str)
@settings(max_examples=25, deadline=None)
@given(listed=st.lists(texts, min_size=30, max_size=60), margin=st.integers(1, 20))
def test_what_is_surely_right_has_no_fault(
    field: dict[str, Any], listed: list[str], margin: int
) -> None:
    reader = reader_of(field)
    test = right(reader, encoding="utf-8")
    if test is None:
        return
    found = test(cells_of(listed, margin=margin)).tolist()
    for text, sure in zip(listed, found, strict=True):
        if sure and text not in reader.missing and not list(blemishes(text)):
            assert not reader(text)[1], text


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ({"type": "integer"}, "-123456789012345"),
        ({"type": "integer", "constraints": {"minimum": 0}}, "0"),
        ({"type": "number"}, "+.5"),
        ({"type": "number", "constraints": {"minimum": -5, "maximum": 52}}, "51.99999"),
        ({"type": "number", "decimalChar": ","}, "1234,56"),
        ({"type": "date"}, "2024-12-31"),
        ({"type": "date", "constraints": {"minimum": "2024-12-31"}}, "2024-12-31"),
        ({"type": "date", "format": "%d/%m/%Y"}, "28/02/2023"),
        ({"type": "datetime"}, "2024-01-02T03:04:05Z"),
        ({"type": "time"}, "23:59:59"),
        ({"type": "boolean"}, "TRUE"),
        ({"type": "year"}, "2024"),
        ({"type": "string", "constraints": {"minLength": 2, "maxLength": 5}}, "école"),
        ({"type": "string", "constraints": {"enum": ["école primaire"]}}, "école primaire"),
        ({"type": "string", "constraints": {"pattern": r"^\d{5}$"}}, "01234"),
    ],
)
def test_common_forms_are_told_without_the_judge(field: dict[str, Any], text: str) -> None:
    test = right(reader_of(field), encoding="utf-8")
    assert test is not None
    assert test(cells_of([text])).all()


def test_lengths_are_those_of_characters_in_any_encoding() -> None:
    reader = reader_of({"type": "string", "constraints": {"minLength": 3, "maxLength": 4}})
    for encoding in ("utf-8", "cp1252"):
        test = right(reader, encoding=encoding)
        assert test is not None
        found = test(cells_of(["éé", "ééé", "éééé", "ééééé"], encoding=encoding))
        assert found.tolist() == [False, True, True, False]


@settings(max_examples=150, deadline=None)
@given(st.lists(numbers, min_size=1, max_size=40), st.data())
def test_plain_decimals_are_worth_exactly_what_they_say(
    listed: list[str], data: st.DataObject
) -> None:
    found = Decimals(cells_of(listed), point=".")
    plain = np.flatnonzero(found.plain).tolist()
    values = [Decimal(listed[at]) for at in plain]
    assert [identity(one) for one in values] == found.identities()[plain].tolist()
    assert np.allclose(found.approximate()[plain], [float(one) for one in values], rtol=1e-14)
    times = data.draw(st.lists(st.integers(0, 10**6), min_size=len(listed), max_size=len(listed)))
    exact = sum((int(one.scaleb(16)) * times[at] for one, at in zip(values, plain, strict=True)), 0)
    assert int(found.total(np.array(times)).scaleb(16)) == exact


def test_a_listed_text_that_the_encoding_lacks_is_not_taken_for_another() -> None:
    test = right(
        reader_of({"type": "string", "constraints": {"enum": ["œuf", "é"]}}), encoding="iso8859-1"
    )
    assert test is not None
    assert test(cells_of(["uf", "é"], encoding="iso8859-1")).tolist() == [False, True]


def test_characters_at_the_very_start_of_a_file_are_counted_too() -> None:
    test = right(reader_of({"type": "string", "constraints": {"minLength": 3}}), encoding="utf-8")
    assert test is not None
    assert not test(cells_of(["éé"], margin=2)).any()
    assert not cells_of(["é" + "a" * 20], margin=2).ascii().any()


def test_a_total_shows_as_many_decimals_as_its_parts() -> None:
    def total(*listed: str) -> str:
        return f"{Decimals(cells_of(listed), point='.').total(np.ones(len(listed), int)):f}"

    assert total("458", "0") == "458"
    assert total("1.50", "-2") == "-0.50"


@given(st.dates())
def test_days_are_numbered_alike_from_bytes_and_from_dates(day: date) -> None:
    layout = Layout.of("%d/%m/%Y")
    assert layout is not None
    fits, parts = layout.fits(cells_of([f"{day.day:02}/{day.month:02}/{day.year:04}"]))
    assert fits.all() != (day.month == 2 and day.day == 29)
    assert day_number(parts).tolist() == [number_of_day(day)]


@pytest.mark.parametrize("pattern", ["%y-%m-%d", "%Y-%Y", "%Y %j", "%H:%M:%S.%f", "year", "%Y%%"])
def test_other_layouts_are_left_to_the_judge(pattern: str) -> None:
    assert Layout.of(pattern) is None

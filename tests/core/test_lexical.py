"""Strict lexical forms, and the characters that no cell may hold."""

from __future__ import annotations

from typing import Any

import pytest

from retouche.core.judging.judge import judge
from retouche.core.judging.lexical import blemishes, form
from retouche.core.schema import Schema


def faults(text: str, **field: Any) -> list[tuple[str, str]]:
    schema = Schema.from_descriptor({"fields": [{"name": "f", **field}]})
    return [(one.code, one.level) for one in judge(schema).reader("f")(text)[1]]


def accepted(text: str, **field: Any) -> bool:
    return not faults(text, **field)


@pytest.mark.parametrize("text", ["0", "12", "-3", "+4", "007"])
def test_integers_are_digits_with_a_sign(text: str) -> None:
    assert accepted(text, type="integer")


@pytest.mark.parametrize(
    "text",
    [
        "1_000",
        "٣٤",
        "\uff11\uff12",
        " 12",
        "12 ",
        "12\n",
        "1.0",
        "1e3",
        "0x1",
        "--1",
        "1 000",
        "²",
        "9" * 2000,
    ],
)
def test_what_python_would_take_for_an_integer_is_refused(text: str) -> None:
    assert faults(text, type="integer") == [("type-error", "error")]


@pytest.mark.parametrize("text", ["1", "-1.5", "+.5", "2.", "1e-3", "1E5", "NaN", "INF", "-INF"])
def test_numbers_have_the_forms_of_xml_schema(text: str) -> None:
    assert accepted(text, type="number")


@pytest.mark.parametrize(
    "text", ["1_0.5", "١٫٥", "1,5", " 1.5", "nan", "inf", "Infinity", "sNaN", "+INF", "1e", "."]
)
def test_what_python_would_take_for_a_number_is_refused(text: str) -> None:
    assert faults(text, type="number") == [("type-error", "error")]


@pytest.mark.parametrize(
    ("text", "field", "fits"),
    [
        ("1 234,5", {"type": "number", "decimalChar": ",", "groupChar": " "}, True),
        ("1.5", {"type": "number", "decimalChar": ","}, False),
        ("1,234.5", {"type": "number", "groupChar": ","}, True),
        (",5", {"type": "number", "groupChar": ","}, False),
        ("1 000", {"type": "integer", "groupChar": " "}, True),
        ("1  000", {"type": "integer", "groupChar": " "}, False),
        ("95 %", {"type": "integer", "bareNumber": False}, True),
        ("€ 12.5", {"type": "number", "bareNumber": False}, True),
        ("€ ٣", {"type": "integer", "bareNumber": False}, False),
        ("1_2 €", {"type": "integer", "bareNumber": False}, False),
        ("environ", {"type": "integer", "bareNumber": False}, False),
    ],
)
def test_the_options_of_a_number_are_respected(
    text: str, field: dict[str, Any], fits: bool
) -> None:
    assert accepted(text, **field) is fits


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("date", "2024-02-29", "٢٠٢٤-02-29"),
        ("datetime", "2024-02-29T12:30:00Z", "2024-02-29T12:30:0٠Z"),
        ("time", "12:30:00", "12:30:0٠"),
        ("year", "2024", "+202"),
        ("year", "0099", " 202"),
        ("yearmonth", "2024-02", "20_24-02"),
        ("duration", "P1Y", "P١Y"),
        ("geopoint", "2.35, 48.85", "2_0, 48"),
        ("list", "a,b", None),
    ],
)
def test_dates_and_places_have_ascii_digits_only(kind: str, good: str, bad: str | None) -> None:
    assert accepted(good, type=kind)
    if bad is not None:
        assert faults(bad, type=kind) == [("type-error", "error")]


def test_the_items_of_a_list_are_strict_too() -> None:
    assert accepted("1,2", type="list", itemType="integer")
    assert not accepted("1,2_0", type="list", itemType="integer")
    assert form("list", {"delimiter": ";", "itemType": "year"})("2024;2025") == "2024;2025"


@pytest.mark.parametrize(
    "text", ["a\0b", "a\x0bb", "\x1b]0;x\x07", "a\u202eb", "a\u2066b", "\ud800"]
)
def test_control_characters_and_direction_controls_are_refused(text: str) -> None:
    assert faults(text) == [("forbidden-character", "error")]


@pytest.mark.parametrize("text", ["a\tb", "a\nb", "a\r\nb", "1 000", "l’été", "日本", "👨‍👩‍👧"])
def test_ordinary_text_has_no_blemish(text: str) -> None:
    assert list(blemishes(text)) == []


def test_a_field_may_allow_direction_controls() -> None:
    assert accepted("a\u202eb", retouche={"bidi": True})


@pytest.mark.parametrize(
    "text", ["a\u200bb", "\ufeffa", "co\u00adop", "a\u200db", "a\x7f", "\x9b1m", "a\u2028b"]
)
def test_invisible_characters_are_a_warning(text: str) -> None:
    assert faults(text) == [("invisible-character", "warning")]


def test_letters_of_two_alphabets_in_one_word_are_a_warning() -> None:
    assert faults("раypal") == [("mixed-script", "warning")]
    assert faults("Москва Moscow") == []
    assert faults("25 µg, 3 kΩ") == []


def test_a_missing_value_has_no_form_to_have() -> None:
    assert accepted("", type="integer")

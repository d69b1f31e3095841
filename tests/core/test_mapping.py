"""Rows as another standard has them: every source of a column, and what is refused."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retouche.core.errors import BadDataset, NotFound
from retouche.core.hours import weekly
from retouche.core.judging.checks.opening_hours import opening_hours_fault
from retouche.core.mapping import RowMapping, mapping_of, mappings_of
from retouche.core.messages import problem
from retouche.core.operations import Cell
from retouche.core.package import Package, Resource
from retouche.core.schema import Schema
from retouche.core.weeks import DAYS
from retouche.formats import check_extension

FIELDS: list[dict[str, Any]] = [
    {"name": name} for name in ("id", "kind", "phone", "day", "mon", "tue", "wed")
] + [{"name": "owner", "retouche": {"personal": True}}]


def package(columns: Any, **options: Any) -> Package:
    declared = {"to": {"resource": "shops", "columns": columns, **options}}
    check_extension("package", {"mappings": declared}, where="retouche")
    schema = Schema.from_descriptor({"fields": FIELDS})
    shops = Resource(name="shops", path="shops.csv", schema=schema)
    return Package(name="p", resources={"shops": shops}, extension={"mappings": declared})


def mapping(columns: Any) -> RowMapping:
    return mapping_of(package(columns), "to")


def cell(source: dict[str, Any], **row: Cell) -> Cell:
    return mapping({"c": source}).row(row)["c"]


def test_columns_come_in_the_order_of_the_standard() -> None:
    found = mapping({"b": {"field": "id"}, "a": {"text": "x|y"}})
    assert found.row({"id": " 01 "}) == {"b": "01", "a": "x|y"}
    assert found.row({"id": None}) == {"b": None, "a": "x|y"}


def test_terms_are_joined_or_the_first_counts() -> None:
    terms = [
        {"field": "kind", "in": ["bus", None], "text": "moving"},
        {"field": "phone", "text": "call"},
        {"text": "always"},
    ]
    joined = {"terms": terms, "separator": "|"}
    assert cell(joined, kind="bus", phone="1") == "moving|call|always"
    assert cell(joined, kind="house", phone=None) == "always"
    assert cell({"terms": terms}, kind=None, phone="1") == "moving"
    assert cell({"terms": terms[:1], "otherwise": "fixed"}, kind="house") == "fixed"
    assert cell({"terms": terms[:1]}, kind="house") is None


def test_patterns_are_tried_in_their_order() -> None:
    source = {
        "field": "day",
        "patterns": [
            {"pattern": "([0-9]{2})/([0-9]{2})/([0-9]{4})", "text": "{3}-{2}-{1}"},
            {"pattern": "year ([0-9]{4})"},
            {"pattern": "^now$", "text": "{0}!"},
        ],
    }
    assert cell(source, day="since 01/02/2020 or so") == "2020-02-01"
    assert cell(source, day="year 2021") == "2021"
    assert cell(source, day="now") == "now!"
    assert cell(source, day="never") is None
    assert cell({**source, "otherwise": "?"}, day="never") == "?"


def test_days_of_the_same_hours_are_one_rule() -> None:
    source = {"hours": {"Mo": "mon", "Tu": "tue", "We": "wed"}}
    same = "09:00 - 12:00 / 13:30 - 17:00"
    assert cell(source, mon=same, tue=same, wed="8h-9h") == (
        "Mo-Tu 09:00-12:00,13:30-17:00; We 08:00-09:00"
    )
    assert cell(source, mon=same, tue="fermé", wed=same) == (
        "Mo 09:00-12:00,13:30-17:00; We 09:00-12:00,13:30-17:00"
    )
    assert cell(source, mon=None, tue=None, wed=None) is None


@pytest.mark.parametrize(
    "text",
    ["on request", "00:00 - 00:00 / 14:00 - 17:00", "12:00 - 09:00",
     "09:00 - 12:00 / 11:00 - 13:00", "09:75 - 10:00", "25:00 - 26:00", "09:00"],
)  # fmt: skip
def test_a_day_that_cannot_be_read_is_not_told_to_be_closed(text: str) -> None:
    assert weekly({"Mo": "09:00 - 12:00", "Tu": text}) is None


TIMES = st.integers(0, 24 * 60)


@st.composite
def spans(draw: st.DrawFn) -> str:
    cuts = sorted(draw(st.sets(TIMES, min_size=2, max_size=6)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    return " / ".join(f"{_clock(one)} - {_clock(other)}" for one, other in pairs)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


@given(st.dictionaries(st.sampled_from(DAYS), st.none() | spans(), max_size=7))
def test_hours_of_days_are_opening_hours_that_say_the_same(cells: dict[str, Cell]) -> None:
    found = weekly(cells)
    wanted = {day: text for day, text in cells.items() if text}
    if found is None:
        assert not wanted
        return
    assert opening_hours_fault(found) is None
    told: dict[str, str] = {}
    for rule in found.split("; "):
        days, hours = rule.split(" ")
        first, _, last = days.partition("-")
        for day in DAYS[DAYS.index(first) : DAYS.index(last or first) + 1]:
            told[day] = hours
    assert told == {day: re.sub(r" / ", ",", text).replace(" ", "") for day, text in wanted.items()}


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"c": {}}, "mapping_source"),
        ({"c": {"field": "id", "text": "x"}}, "mapping_source"),
        ({"c": {"field": "nowhere"}}, "mapping_field"),
        ({"c": {"field": "owner"}}, "mapping_field"),
        ({"c": {"terms": [{"field": "owner", "text": "x"}]}}, "mapping_field"),
        ({"c": {"hours": {"Mo": "owner"}}}, "mapping_field"),
        ({"c": {"field": "id", "patterns": [{"pattern": "("}]}}, "mapping_pattern"),
        ({"c": {"field": "id", "patterns": [{"pattern": "(?=a)"}]}}, "mapping_pattern"),
        ({"c": {"field": "id", "patterns": [{"pattern": "a", "text": "{1}"}]}}, "mapping_pattern"),
    ],
)
def test_what_cannot_be_mapped_is_refused_in_words(columns: Any, reason: str) -> None:
    with pytest.raises(BadDataset) as refused:
        mappings_of(package(columns))
    assert refused.value.reason == reason
    for language in ("fr", "en"):
        title, detail = problem(refused.value, language)
        assert title
        assert "to" in detail.split("column")[0].split("colonne")[0]


def test_a_mapping_of_no_resource_or_no_mapping_is_refused() -> None:
    with pytest.raises(BadDataset) as refused:
        mappings_of(package({"c": {"text": "x"}}, resource="nowhere"))
    assert refused.value.reason == "mapping_resource"
    with pytest.raises(NotFound):
        mapping_of(package({"c": {"text": "x"}}), "other")

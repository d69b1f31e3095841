"""Custom checks between columns, and how a resource's checks are read."""

from __future__ import annotations

from typing import Any

import pytest

from retouche.core.judging.checks import REGISTRY, checks_of
from retouche.core.judging.checks.check import RowCheck, UnusableCheck
from retouche.core.judging.judge import judge
from retouche.core.package import Resource
from retouche.core.schema import Schema


def reason(
    name: str, params: dict[str, Any], cells: dict[str, str], **types: str
) -> tuple[str, dict[str, Any]]:
    """What a check says of a row, whose columns are text unless a type is given."""
    fields = [{"name": column, "type": types.get(column, "string")} for column in cells]
    schema = Schema.from_descriptor({"fields": fields})
    check = REGISTRY[name](params)
    assert isinstance(check, RowCheck)
    bound = check.within(set(cells))
    if bound is None:
        return "does not apply", {}
    texts = [cells[column] or None for column in bound.columns]
    readers = [judge(schema).reader(column) for column in bound.columns]
    values = [reader(text)[0] for reader, text in zip(readers, texts, strict=True)]
    finding = bound.test(texts, values)
    return ("", {}) if finding is None else (finding.reason, dict(finding.values))


COHESIVE = {"column": "a", "othercolumns": ["b", "c"]}


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"a": "1", "b": "2", "c": "3"}, ""),
        ({"a": "", "b": "", "c": ""}, ""),
        ({"a": "1", "b": "", "c": "3"}, "some_empty"),
        ({"a": "1", "b": "2"}, ""),
        ({"x": "1"}, "does not apply"),
    ],
)
def test_columns_that_go_together_are_all_filled_or_none(
    cells: dict[str, str], expected: str
) -> None:
    assert reason("cohesive-columns-value", COHESIVE, cells)[0] == expected


@pytest.mark.parametrize("second", ["column2"])
@pytest.mark.parametrize("first", ["column", "column1"])
def test_one_of_two_columns_is_filled(first: str, second: str) -> None:
    params = {first: "a", second: "b"}
    assert reason("one-of-required", params, {"a": "", "b": "x"})[0] == ""
    assert reason("one-of-required", params, {"a": "x", "b": "x"})[0] == ""
    assert reason("one-of-required", params, {"a": "", "b": ""})[0] == "all_empty"
    assert reason("one-of-required", params, {"b": ""})[0] == "all_empty"
    assert reason("one-of-required", params, {"c": ""})[0] == "does not apply"


@pytest.mark.parametrize(
    ("a", "op", "b", "kind", "expected"),
    [
        ("10", ">", "9", "integer", ""),
        ("10", ">", "9", "string", ""),  # numbers, though written in text columns
        ("10", "<=", "9", "number", "comparison"),
        ("2024-02-01", ">=", "2024-02-01", "date", ""),
        ("2024-01-31", ">=", "2024-02-01", "date", "comparison"),
        ("abc", "<", "abd", "string", ""),
        ("abc", "==", "abd", "string", "comparison"),
        ("abc", "<", "12", "string", "comparison"),
        ("", "<", "12", "string", ""),
        ("no", "<", "12", "integer", ""),  # a type error already
    ],
)
def test_two_columns_are_compared(a: str, op: str, b: str, kind: str, expected: str) -> None:
    params = {"column": "a", "op": op, "column2": "b"}
    assert reason("compare-columns-value", params, {"a": a, "b": b}, a=kind, b=kind)[0] == expected


def test_a_date_and_a_number_cannot_be_compared() -> None:
    params = {"column": "a", "op": "<", "column2": "b"}
    cells = {"a": "2024-01-01", "b": "7"}
    found = reason("compare-columns-value", params, cells, a="date", b="integer")
    assert found == ("incomparable", {"op": "<", "other": "7"})


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"t": "3", "x": "1", "y": "2"}, ""),
        ({"t": "0.3", "x": "0.1", "y": "0.2"}, ""),
        ({"t": "4", "x": "1", "y": "2"}, "sum"),
        ({"t": "4", "x": "1", "y": ""}, ""),
        ({"t": "4", "x": "1"}, "does not apply"),
        ({"t": "1e9999", "x": "1", "y": "2"}, ""),  # no number that anybody adds
    ],
)
def test_a_column_is_the_sum_of_others(cells: dict[str, str], expected: str) -> None:
    params = {"column": "t", "columns": ["x", "y"]}
    assert reason("sum-columns-value", params, cells)[0] == expected


def test_enough_columns_are_filled() -> None:
    params = {"columns": ["mo", "tu", "we"], "minimum": 2}
    assert reason("min-filled", params, {"mo": "x", "tu": "x", "we": ""})[0] == ""
    found = reason("min-filled", params, {"mo": "x", "tu": "", "we": ""})
    assert found == ("too_few_filled", {"minimum": 2, "filled": 1})


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("compare-columns-value", {"column": "a", "op": "!=", "column2": "b"}),
        ("compare-columns-value", {"column": "a", "op": "<", "column2": "a"}),
        ("cohesive-columns-value", {"column": "a", "othercolumns": []}),
        ("cohesive-columns-value", {"column": "a", "othercolumns": [1]}),
        ("min-filled", {"columns": ["a"], "minimum": 0}),
        ("min-filled", {"columns": ["a"], "minimum": True}),
        ("column-total", {"column": "a", "equals": "many"}),
        ("french-siret-value", {"column": 3}),
    ],
)
def test_parameters_that_say_nothing_are_refused(name: str, params: dict[str, Any]) -> None:
    with pytest.raises(UnusableCheck):
        REGISTRY[name](params)


def a_resource(*checks: Any, ours: Any = ()) -> Resource:
    schema = Schema.from_descriptor({"fields": [{"name": "a"}], "custom_checks": list(checks)})
    return Resource(name="t", path="t.csv", schema=schema, extension={"checks": list(ours)})


def test_the_checks_of_the_schema_and_of_the_resource_are_both_read() -> None:
    resource = a_resource(
        {"name": "siret", "params": {"column": "a"}},
        ours=[
            {
                "name": "column-total",
                "params": {"column": "a", "equals": 460},
                "level": "warning",
                "message": {"fr": "Le total…", "en": "The total…"},
            }
        ],
    )
    found = checks_of(resource)
    assert [one.name for one in found.rows] == ["french-siret-value"]
    assert [(one.level, one.message) for one in found.totals] == [
        ("warning", {"fr": "Le total…", "en": "The total…"})
    ]
    assert checks_of(resource) is found


def test_an_unknown_or_unusable_check_is_a_problem_and_no_failure() -> None:
    found = checks_of(
        a_resource(
            {"name": "moon-phase-value", "params": {"column": "a"}},
            {"name": "french-siret-value"},
            {"name": "french-siret-value", "params": "a"},
            {},
            ours=["nonsense"],
        )
    )
    assert found.rows == ()
    assert [(one.name, one.parameter) for one in found.problems] == [
        ("moon-phase-value", None),
        ("french-siret-value", "column"),
        ("french-siret-value", "column"),
        ("", None),
        ("nonsense", None),
    ]

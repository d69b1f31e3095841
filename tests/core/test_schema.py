"""Table Schemas read from descriptors: what is not of its type is refused, never guessed."""

from __future__ import annotations

from typing import Any

import pytest

from retouche.core.errors import BadDataset
from retouche.core.messages import REASONS
from retouche.core.schema import Schema

NOT_LISTS = [5, 0, True, False, "NA", "", {"a": 1}]


def refused(field: dict[str, Any] | None = None, **others: Any) -> BadDataset:
    descriptor = {"fields": [{"name": "f", **(field or {})}, {"name": "g"}], **others}
    with pytest.raises(BadDataset) as refusal:
        Schema.from_descriptor(descriptor)
    assert refusal.value.reason in REASONS
    return refusal.value


@pytest.mark.parametrize("value", [*NOT_LISTS, [5], [None], [{"label": "x"}]])
def test_missing_values_are_a_list_of_texts(value: Any) -> None:
    assert refused(missingValues=value).reason == "schema_bad_missing_values"


@pytest.mark.parametrize(
    "value",
    [
        *NOT_LISTS,
        [5],
        [{"fields": "f"}],
        [{"fields": "f", "reference": 5}],
        [{"fields": "f", "reference": {"resource": 5, "fields": "g"}}],
        [{"fields": "f", "reference": {"resource": ["x"], "fields": "g"}}],
        [{"fields": "f", "reference": {"resource": False, "fields": "g"}}],
        [{"fields": "f", "reference": {"fields": ["f", "g"]}}],
    ],
)
def test_foreign_keys_are_a_list_of_references(value: Any) -> None:
    assert refused(foreignKeys=value).reason == "schema_bad_foreign_key"


@pytest.mark.parametrize("value", [5, 0, True, {"a": 1}, [5], [["f"]]])
def test_keys_are_names_of_fields(value: Any) -> None:
    assert refused(primaryKey=value).reason == "schema_bad_key"
    reference = {"fields": value, "reference": {"fields": "g"}}
    assert refused(foreignKeys=[reference]).reason == "schema_bad_key"


@pytest.mark.parametrize("value", [5, None, True, ["x"], {"a": 1}, "text"])
def test_type_is_one_that_is_known(value: Any) -> None:
    refusal = refused({"type": value})
    assert (refusal.reason, refusal.values["field"]) == ("schema_unknown_type", "f")


@pytest.mark.parametrize("value", [5, True, "f", [], {}, {"name": "f"}])
def test_fields_are_a_list_that_is_not_empty(value: Any) -> None:
    assert refused(fields=value).reason == "schema_no_fields"


@pytest.mark.parametrize("value", [5, None, "f", [], {}, {"name": 5}, {"name": ""}])
def test_field_is_an_object_with_a_name(value: Any) -> None:
    assert refused(fields=[value]).reason == "schema_bad_field"


@pytest.mark.parametrize("value", [5, 0, False, True, "", "x", [], ["x"]])
@pytest.mark.parametrize("part", ["constraints", "retouche"])
def test_parts_of_a_field_are_objects(part: str, value: Any) -> None:
    assert refused({part: value}).reason == "schema_bad_field"


@pytest.mark.parametrize(
    ("constraint", "value"),
    [
        ("required", "yes"),
        ("required", 1),
        ("unique", "yes"),
        ("minLength", "x"),
        ("minLength", True),
        ("maxLength", 1.5),
        ("minimum", [1]),
        ("maximum", True),
        ("exclusiveMinimum", {"a": 1}),
        ("enum", 5),
        ("enum", "a,b"),
        ("pattern", 5),
        ("pattern", ["a"]),
    ],
)
def test_constraint_is_of_its_type(constraint: str, value: Any) -> None:
    refusal = refused({"constraints": {constraint: value}})
    assert refusal.reason == "bad_constraint"
    assert refusal.values == {"field": "f", "constraint": constraint}


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("trueValues", 5),
        ("trueValues", "yes"),
        ("trueValues", [1]),
        ("falseValues", {"a": 1}),
        ("falseValues", [["no"]]),
        ("decimalChar", 5),
        ("groupChar", [" "]),
        ("format", 5),
        ("format", ["default"]),
        ("bareNumber", "x"),
        ("delimiter", 5),
        ("itemType", ["string"]),
        ("arrayItem", "string"),
        ("missingValues", "NA"),
    ],
)
def test_option_is_of_its_type(option: str, value: Any) -> None:
    refusal = refused({"type": "boolean", option: value})
    assert refusal.reason == "field_option"
    assert refusal.values == {"field": "f", "option": option}


@pytest.mark.parametrize("value", [5, "x", False, {"name": "x"}, [5]])
def test_checks_are_a_list_of_objects(value: Any) -> None:
    assert refused(custom_checks=value).reason == "schema_bad_checks"


def test_null_is_what_is_not_said() -> None:
    schema = Schema.from_descriptor(
        {
            "fields": [{"name": "f", "constraints": None, "retouche": None, "format": None}],
            "primaryKey": None,
            "foreignKeys": None,
            "missingValues": None,
            "custom_checks": None,
        }
    )
    assert (schema.primary_key, schema.foreign_keys, schema.missing_values) == ((), (), ("",))
    assert schema.fields[0].constraints == {}


def test_missing_values_with_labels_are_read() -> None:
    listed = ["", {"value": "NA", "label": "Not asked"}]
    schema = Schema.from_descriptor({"fields": [{"name": "f"}], "missingValues": listed})
    assert schema.missing_values == ("", "NA")

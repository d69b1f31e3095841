"""Data packages read from descriptors: names, paths, dialects, and what personal fields forbid."""

from __future__ import annotations

import json
from typing import Any

import pytest

from retouche.core.dialect import Dialect
from retouche.core.errors import BadDataset
from retouche.core.judging.changes import located
from retouche.core.judging.faults import Fault
from retouche.core.messages import REASONS
from retouche.core.package import DESCRIPTOR, Package, safe_path

PERSONAL = {"name": "owner", "retouche": {"personal": True}}
NOT_TEXTS = [5, True, ["x"], {"a": 1}]


def package(*, whole: dict[str, Any] | None = None, **resource: Any) -> Package:
    described = {
        "name": "shops",
        "path": "shops.csv",
        "schema": {"fields": [{"name": "id"}, PERSONAL], "primaryKey": "id"},
        **resource,
    }
    descriptor = {"name": "town", "resources": [described], **(whole or {})}
    files = {DESCRIPTOR: json.dumps(descriptor).encode()}
    return Package.read(lambda path: files[path])


def refused(*, whole: dict[str, Any] | None = None, **resource: Any) -> BadDataset:
    with pytest.raises(BadDataset) as refusal:
        package(whole=whole, **resource)
    assert refusal.value.reason in REASONS
    return refusal.value


@pytest.mark.parametrize(
    "path",
    [
        5,
        True,
        {"a": 1},
        None,
        "",
        "/etc/passwd",
        "a/../b.csv",
        ".git/config",
        "a\\b.csv",
        "c:b.csv",
        "a\0.csv",
        "\ud800.csv",
        "a/\udfff/b.csv",
        "x" * 997 + ".csv",
        ["a.csv", "b.csv"],
        [],
        [5],
    ],
)
def test_path_that_may_lead_astray_is_refused(path: Any) -> None:
    assert refused(path=path).reason == "unsafe_path"


def test_path_of_a_thousand_characters_is_read() -> None:
    path = "x" * 996 + ".csv"
    assert safe_path(path) == path
    assert package(path=[path]).resource("shops").path == path


@pytest.mark.parametrize("path", ["\ud800.json", "x" * 1001])
def test_path_of_a_schema_is_as_narrow(path: str) -> None:
    assert refused(schema=path).reason == "unsafe_path"


@pytest.mark.parametrize("name", NOT_TEXTS)
def test_names_are_texts(name: Any) -> None:
    assert refused(name=name).reason == "descriptor_bad_resource"
    assert refused(whole={"name": name}).reason == "package_bad_name"


@pytest.mark.parametrize("schema", [5, True, ["x"], None])
def test_schema_is_an_object_or_a_path(schema: Any) -> None:
    refusal = refused(schema=schema)
    assert (refusal.reason, refusal.values["resource"]) == ("schema_not_object", "shops")


@pytest.mark.parametrize("extension", [5, "x", False, [1]])
def test_our_additions_are_objects(extension: Any) -> None:
    assert refused(retouche=extension).values["where"] == "shops/retouche"
    assert refused(whole={"retouche": extension}).values["where"] == "retouche"


def test_list_of_proposals_keeps_its_address() -> None:
    refusal = refused(name="proposals")
    assert (refusal.reason, refusal.values) == ("reserved_resource", {"resource": "proposals"})


@pytest.mark.parametrize("key", ["owner", ["id", "owner"]])
def test_personal_field_is_no_key(key: Any) -> None:
    refusal = refused(schema={"fields": [{"name": "id"}, PERSONAL], "primaryKey": key})
    assert refusal.reason == "personal_key"
    assert refusal.values == {"resource": "shops", "field": "owner"}


def test_personal_field_is_in_no_label() -> None:
    refusal = refused(retouche={"label": "{id} of {owner}"})
    assert refusal.reason == "personal_label"
    assert refusal.values == {"resource": "shops", "field": "owner"}


def test_label_never_shows_a_personal_cell() -> None:
    resource = package().resource("shops")
    object.__setattr__(resource, "extension", {"label": "{id} of {owner}"})
    assert resource.row_label({"id": "1", "owner": "Ann"}, ("1",)) == "1 of"
    fault = Fault(code="type-error", rule="type", field="id", value="1")
    error = located(fault, resource=resource, header=("id", "owner"), texts=("1", "Ann"))
    assert error.values["label"] == "1 of"


@pytest.mark.parametrize("encoding", [5, 0, False, True, ["utf-8"], {"a": 1}, "", "x" * 200])
def test_encoding_is_the_name_of_one(encoding: Any) -> None:
    refusal = refused(encoding=encoding)
    assert (refusal.reason, refusal.values["resource"]) == ("encoding_unknown", "shops")


@pytest.mark.parametrize(
    ("dialect", "reason"),
    [
        ({"delimiter": 5}, "dialect_delimiter"),
        ({"delimiter": None}, "dialect_delimiter"),
        ({"delimiter": [";"]}, "dialect_delimiter"),
        ({"delimiter": ""}, "dialect_delimiter"),
        ({"delimiter": "\ud800"}, "dialect_delimiter"),
        ({"quoteChar": 5}, "dialect_quote"),
        ({"quoteChar": False}, "dialect_quote"),
        ({"quoteChar": ["'"]}, "dialect_quote"),
        ({"quoteChar": "\ud800"}, "dialect_quote"),
        ({"csv": 5}, "dialect_unsupported"),
        ({"csv": {"delimiter": 5}}, "dialect_delimiter"),
        ({"header": "no"}, "dialect_unsupported"),
        ({"headerRows": 5}, "dialect_unsupported"),
        (5, "dialect_unsupported"),
        ([], "dialect_unsupported"),
        (False, "dialect_unsupported"),
    ],
)
def test_dialect_is_of_texts(dialect: Any, reason: str) -> None:
    assert refused(dialect=dialect).reason == reason


def test_dialect_that_says_nothing_is_the_standard_one() -> None:
    assert package(dialect={"csv": None}, encoding=None).resource("shops").dialect == Dialect()

"""Our JSON: the schemas of it are sound, and say where a body or a descriptor is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from retouche.core.errors import BadDataset, Malformed, TooLarge
from retouche.core.package import Package, Read
from retouche.formats import NAMES, check_body, check_extensions, schema
from tests.datasets import write_desks

DATASETS = Path(__file__).resolve().parents[1] / "datasets"


def reader(folder: Path) -> Read:
    return lambda path: (folder / path).read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_every_format_is_a_json_schema(name: str) -> None:
    Draft202012Validator.check_schema(dict(schema(name)))


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ([], ""),
        ({}, ""),
        ({"operations": []}, "/operations"),
        ({"operations": [{"op": "x"}]}, "/operations/0/op"),
        ({"operations": [{"op": "insert", "row": {"a": 1}}]}, "/operations/0/row/a"),
        ({"operations": [{"op": "insert", "row": {"a/b~": 1}}]}, "/operations/0/row/a~1b~0"),
        ({"operations": [{"op": "delete", "key": {"a": "1"}, "x": 1}]}, "/operations/0/x"),
    ],
)
def test_a_wrong_body_is_refused_where_it_is_wrong(body: Any, pointer: str) -> None:
    with pytest.raises(Malformed) as caught:
        check_body("proposal", body)
    assert caught.value.pointer == pointer


def test_a_text_or_a_row_over_its_limit_is_too_large() -> None:
    row = {str(number): "" for number in range(501)}
    operations = [{"op": "insert", "row": {"a": "1"}}]
    for body in (
        {"operations": [{"op": "insert", "row": row}]},
        {"operations": operations, "comment": "x" * 5001},
    ):
        with pytest.raises(TooLarge):
            check_body("proposal", body)


def test_the_bundled_datasets_use_our_additions_as_they_are_meant() -> None:
    for folder in DATASETS.iterdir():
        check_extensions(Package.read(reader(folder)))


@pytest.mark.parametrize(
    ("extension", "where"),
    [
        ({"editabel": True}, "desks/retouche"),
        ({"editable": "yes"}, "desks/retouche/editable"),
        ({"checks": [{"params": {}}]}, "desks/retouche/checks/0"),
    ],
)
def test_an_addition_that_means_nothing_is_told(
    tmp_path: Path, extension: dict[str, Any], where: str
) -> None:
    folder = write_desks(tmp_path)
    text = (folder / "datapackage.json").read_text()
    descriptor = json.loads(text)
    descriptor["resources"][0]["retouche"] = extension
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    with pytest.raises(BadDataset) as caught:
        check_extensions(Package.read(reader(folder)))
    assert caught.value.values["where"] == where

"""Commits made elsewhere whose descriptors cannot be used: a clear refusal, never a fault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.datasets import Browser, serve, write_desks

FIELDS = [
    {"type": "boolean", "trueValues": 5},
    {"type": "boolean", "falseValues": [5]},
    {"type": "number", "decimalChar": 5},
    {"type": "number", "groupChar": ["x"]},
    {"type": "number", "bareNumber": "x"},
    {"type": "date", "format": 5},
    {"type": ["x"]},
    {"constraints": {"enum": 5}},
]


@pytest.mark.parametrize("field", FIELDS, ids=str)
def test_schema_that_cannot_be_applied_is_a_problem_and_a_page(
    tmp_path: Path, field: dict[str, Any]
) -> None:
    folder = write_desks(tmp_path / "package")
    descriptor = json.loads((folder / "datapackage.json").read_text())
    descriptor["resources"][0]["schema"]["fields"][-1] = {"name": "note", **field}
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    desks = Browser(serve(tmp_path / "home", {"desks": folder}))
    for path in ("", "/resources/desks/rows", "/resources/desks/rows/01"):
        answer = desks.get(path)
        assert (answer.status_code, answer.json["code"]) == (422, "bad_dataset")
        assert "note" in answer.json["detail"]
    for path in ("/desks", "/desks/desks", "/desks/desks/01"):
        page = desks.client.get(path, headers={"Accept": "text/html"})
        assert page.status_code == 422, path
        assert "note" in page.text

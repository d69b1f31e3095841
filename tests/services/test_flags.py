"""Cells that ask for a second look make a draft, and ordinary ones do not."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from retouche.core.operations import Update
from retouche.services.datasets import DatasetRevision
from retouche.services.requesting.flags import flags
from tests.datasets import update
from tests.services.written_requests import described, desks, desks_with, proposed, written


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> DatasetRevision:
    return desks(tmp_path_factory.mktemp("desks"))


@pytest.mark.parametrize(
    ("column", "text", "kind"),
    [
        ("note", '=HYPERLINK("x")', "formula"),
        ("note", "@SUM(1)", "formula"),
        ("note", "+cmd|x", "formula"),
        ("note", "-2+3+cmd", "formula"),
        ("note", "＝1+1", "formula"),
        ("note", "abc\u202e", "hidden"),
        ("note", "a\u200bb", "hidden"),
        ("note", "see https://evil.example", "link"),
        ("note", "www.evil.example", "link"),
        ("name", "Mаirie", "mixed_script"),
    ],
)
def test_suspicious_cells_make_a_draft(
    small: DatasetRevision, column: str, text: str, kind: str
) -> None:
    operation = update("01", **{column: text})
    assert [one.kind for one in flags(proposed(small, operation)[1], small.package)] == [kind]
    sent = written(small, operation)
    assert sent.draft
    assert sent.labels == ("retouche", "needs-review")
    assert "### To be looked at" in sent.description


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("phone", "+33 4 65 71 00 09"),
        ("latitude", "-44.5"),
        ("note", "-12,5"),
        ("note", "-"),
        ("note", "(fermé) le lundi"),
        ("note", "a@b.example"),
        ("note", "l’été – à l'ouverture"),
        ("name", "Маяк"),
    ],
)
def test_ordinary_cells_make_no_draft(small: DatasetRevision, column: str, text: str) -> None:
    assert flags(proposed(small, update("01", **{column: text}))[1], small.package) == ()


def test_what_was_suspicious_before_is_not_flagged(tmp_path: Path) -> None:
    revision = desks(tmp_path, desks=desks_with("note", "=1+1 https://x.example"))
    operations = proposed(revision, update("01", note="=1+2 https://y.example"))[1]
    assert flags(operations, revision.package) == ()


@pytest.mark.parametrize("text", ["x" * 500_000, "-" * 500_000, "=1.:/" * 100_000, "é" * 500_000])
def test_flags_cost_time_in_proportion(small: DatasetRevision, text: str) -> None:
    operation = Update(resource="desks", key=("01",), old={"note": ""}, new={"note": text})
    started = time.process_time()
    flags((operation,), small.package)
    assert time.process_time() - started < 2


def test_columns_of_addresses_take_addresses(tmp_path: Path) -> None:
    def change(package: Any) -> None:
        package["resources"][0]["schema"]["fields"][-1]["format"] = "uri"

    revision = described(tmp_path, change)
    operations = proposed(revision, update("01", note="https://mairie.example"))[1]
    assert flags(operations, revision.package) == ()

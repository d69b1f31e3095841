"""Quality of a resource: figures per field, for large files too, and once per version."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from benchmarks.tables import cell, columns

from retouche.core.judging import inspection
from retouche.core.judging.ledger import Ledger
from retouche.services.quality import figures
from tests.datasets import DESKS, serve, write_desks


def test_shares_are_of_filled_cells_and_of_rows_without_a_fault(tmp_path: Path) -> None:
    desks = DESKS.replace(",2022-05-06,", ",2022-13-06,").replace("84082,04", "8408,04")
    services = serve(tmp_path / "home", {"d": write_desks(tmp_path / "package", desks=desks)})
    revision = services.catalogue.get("d").at()
    found = {one.field: one for one in services.quality.fields(revision, "desks")}
    assert (found["phone"].filled, found["phone"].filled_share) == (3, 0.75)
    assert (found["opened"].faults, found["opened"].valid_share) == (1, 0.75)
    # Of another form than the pattern, and of no city: one row at fault.
    assert found["city_code"].faults == 1
    assert found["note"].valid_share == 1.0
    errors = services.quality.report(revision, "desks").errors
    assert {one.code for one in errors} == {"type-error", "constraint-error", "foreign-key"}


def test_figures_are_kept_until_the_file_or_its_rules_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = serve(tmp_path / "home", {"d": write_desks(tmp_path / "package")})
    revision = services.catalogue.get("d").at()
    checked: list[str] = []

    def counted(*arguments: object, **others: object) -> Ledger:
        checked.append("once")
        return inspection.inspect(*arguments, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(figures, "inspect", counted)
    for _ in range(3):
        services.quality.fields(revision, "desks")
        services.quality.report(revision, "desks")
    assert checked == ["once"]


def test_a_large_file_is_checked_too(tmp_path: Path) -> None:
    chance = random.Random(3)
    kinds = [kind for _, kind in columns(10)]
    lines = [",".join(cell(kind, row, chance) for kind in kinds) for row in range(70_000)]
    lines[69_999] = lines[69_998]
    header = ",".join(name for name, _ in columns(10))
    cities = "code" + header.removeprefix("id") + "\n" + "\n".join(lines) + "\n"
    services = serve(tmp_path / "home", {"d": write_desks(tmp_path / "package", cities=cities)})
    revision = services.catalogue.get("d").at()
    found = {one.field: one for one in services.quality.fields(revision, "cities")}
    assert found["code"].faults == 1
    assert found["code"].distinct == 69_999
    assert found["word_1"].filled == 70_000

"""Quality of a resource: figures per field, for large files too, and once per version."""

from __future__ import annotations

import random
from pathlib import Path
from threading import Event

import pytest
from benchmarks.tables import cell, columns

from retouche.core.errors import UnreadableFile
from retouche.core.judging import inspection
from retouche.core.judging.ledger import Ledger
from retouche.services.quality import figures
from retouche.services.quality.computing import MOST, Computing
from retouche.services.quality.portrait import portrait
from retouche.services.quality.quality import Quality
from retouche.services.shelf import NoCabinet
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


def test_a_check_that_takes_long_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = serve(tmp_path / "home", {"d": write_desks(tmp_path / "package")})
    revision = services.catalogue.get("d").at()
    go, checked = Event(), []

    def slow(*arguments: object, **others: object) -> Ledger:
        checked.append("once")
        assert go.wait(60)
        return inspection.inspect(*arguments, **others)  # type: ignore[arg-type]

    monkeypatch.setattr(figures, "inspect", slow)
    quality = Quality(NoCabinet())
    try:
        for _ in range(3):
            assert not quality.soon(revision, "desks", seconds=0.01)
        told = portrait(quality, services.freshness, revision, seconds=0.01)
        assert told.pending
        assert [one.resource.name for one in told.resources if one.pending] == ["desks"]
        assert not told.overall.cells
        assert told.confirmed_share is None
        assert not quality.report_soon(revision, "desks", seconds=0.01)
    finally:
        go.set()
    assert quality.soon(revision, "desks", seconds=60)
    assert quality.report_soon(revision, "desks", seconds=60)
    assert portrait(quality, services.freshness, revision, seconds=60).overall.cells == 36
    assert checked == ["once"]


def test_many_that_wait_are_sent_away_and_a_failure_is_met_by_who_asks(tmp_path: Path) -> None:
    one, go, began = Computing(), Event(), Event()

    def hold() -> None:
        began.set()
        assert go.wait(60)

    try:
        assert not one.wait("first", hold, seconds=0.01)
        assert began.wait(60)
        for number in range(2 * MOST):
            assert not one.wait(f"{number}", list, seconds=0)
        assert not one.wait(f"{2 * MOST}", lambda: pytest.fail("never begun"), seconds=0.01)
    finally:
        go.set()
    assert one.wait("first", list, seconds=60)
    folder = write_desks(tmp_path / "package", desks=b"id,name\n1,\xff\n")
    services = serve(tmp_path / "home", {"d": folder})
    revision = services.catalogue.get("d").at()
    assert services.quality.soon(revision, "desks", seconds=60)
    with pytest.raises(UnreadableFile):
        services.quality.fields(revision, "desks")

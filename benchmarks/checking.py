"""The verdict on a whole file, as `retouche check` gives it, beside frictionless' own command."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.figures import Aim, Figure
from benchmarks.ground import Ground
from benchmarks.tables import SIZES
from benchmarks.timing import interleaved, seconds

WORK = "full retouche check"
AGAINST = "frictionless validate"
FAULTS = 60
NUMBER, DATE = 2, 3
"""Columns of a number and of a date, before the first quoted one."""
Fault = tuple[str, int, str]
"""Its code, the file's row and the field."""


def measure(ground: Ground) -> Iterator[Figure]:
    for size in ground.sizes:
        ground.tell(f"retouche check, {size}")
        yield from _checked(ground, size)


def _checked(ground: Ground, size: str) -> Iterator[Figure]:
    """Both commands, from their start to their report. Raises RuntimeError if these differ."""
    package = _faulty(ground, size)
    if size == "L":
        yield Figure(work=WORK, size=size, ours=seconds(lambda: _ours(package)))
        return
    found: list[Any] = []
    told: list[Any] = []
    mine, peer = interleaved(
        lambda _: found.append(_ours(package)),
        lambda _: told.append(_theirs(package)),
        runs=1 if size == "M" else 3,
    )
    if _of_ours(found[0]) != _of_frictionless(told[0]):
        raise RuntimeError(f"retouche check and frictionless differ on {size}")
    yield Figure(
        work=WORK,
        size=size,
        ours=mine,
        peer=peer,
        against=AGAINST,
        aim=Aim("at least", 20) if size == "M" else None,
        note=f"{FAULTS} faults, equal reports",
    )
    if size != "S":  # on S there is little besides the start
        yield _without_start(ground, size, package, peer)


def _without_start(ground: Ground, size: str, package: Path, peer: float) -> Figure:
    one_row = _first_row(ground, size)
    # Both are mostly the start, so that one run of each would tell little of the difference.
    mine, start, their_start = interleaved(
        lambda _: _ours(package),
        lambda _: _ours(one_row),
        lambda _: _theirs(one_row),
        runs=5,
    )
    return Figure(
        work=f"{WORK}, less the check of one row",
        size=size,
        ours=mine - start,
        peer=peer - their_start,
        against=AGAINST,
        note=f"a check of one row takes {start:.2f} s, by frictionless {their_start:.2f} s",
    )


def _ours(package: Path) -> Any:
    return _run([sys.executable, "-m", "retouche", "check", str(package), "--format", "json"])


def _theirs(package: Path) -> Any:
    program = str(Path(sys.executable).with_name("frictionless"))
    return _run([program, "validate", "--json", str(package / "datapackage.json")])


def _first_row(ground: Ground, size: str) -> Path:
    """The package cut after its first row: what remains is the start of the programs."""
    folder, source = ground.new_folder("one-row"), ground.package(size)
    shutil.copy(source / "datapackage.json", folder)
    with (source / "table.csv").open("rb") as lines:
        (folder / "table.csv").write_bytes(lines.readline() + lines.readline())
    return folder


def _faulty(ground: Ground, size: str) -> Path:
    """The package with some cells and keys that break its rules, spread over the file."""
    folder = ground.new_folder("faulty")
    source = ground.package(size)
    shutil.copy(source / "datapackage.json", folder)
    chance = random.Random(3)
    rows = sorted(chance.sample(range(10, SIZES[size][0]), FAULTS))
    faulty = {row + 1: number for number, row in enumerate(rows)}
    with (source / "table.csv").open("rb") as lines, (folder / "table.csv").open("wb") as out:
        for at, line in enumerate(lines):
            out.write(_broken(line, faulty[at]) if at in faulty else line)
    return folder


def _broken(line: bytes, number: int) -> bytes:
    cells = line.split(b",", DATE + 1)
    match number % 3:
        case 0:
            cells[NUMBER] = b"many"
        case 1:
            cells[DATE] = b"2020-13-01"
        case _:
            cells[0] = b"0000003"  # a key that another row has
    return b",".join(cells)


def _run(command: list[str]) -> Any:
    """The JSON that a check prints; it ends with 1 when there are faults."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"{command[:3]}: {done.stderr[-500:]}")
    return json.loads(done.stdout)


def _of_ours(report: Any) -> Counter[Fault]:
    (one,) = report["resources"]
    return Counter(_fault(error["code"], error["line"], error["field"]) for error in one["errors"])


def _of_frictionless(report: Any) -> Counter[Fault]:
    (task,) = report["tasks"]
    return Counter(
        _fault(error["type"], error["rowNumber"], error.get("fieldName"))
        for error in task["errors"]
    )


def _fault(code: str, row: int, field: str | None) -> Fault:
    # A fault of the key is of the row there, and of its first field here.
    return code, row, "" if code == "primary-key" else field or ""

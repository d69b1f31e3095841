"""Diff and three-way merge beside daff, both from the bytes of the files to their result."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import daff_runner
from benchmarks.edits import FIELD, corrected, key_of
from benchmarks.figures import Aim, Figure
from benchmarks.ground import RESOURCE, Ground
from benchmarks.peers import PeerMissing, run
from benchmarks.timing import interleaved
from retouche.core.diff import diff
from retouche.core.merge import merge
from retouche.core.package import Package
from retouche.core.splice import apply
from retouche.core.table import Table

CHANGED = 100
PROPOSALS = 50
BOUND = 120.0
"""Longest time for daff, in seconds."""
AIMS = {"S": 50, "M": 200}


def measure(ground: Ground) -> Iterator[Figure]:
    for size in ground.sizes:
        yield _diff(ground, size)
    yield _merge(ground)


def _diff(ground: Ground, size: str) -> Figure:
    ground.tell(f"diff of {CHANGED} changed rows, {size}")
    old, package = ground.data(size), _package(ground, size)
    new = old
    for number in range(CHANGED):
        new = corrected(new, number, size)
    dialect, schema = package.resource(RESOURCE).dialect, package.resource(RESOURCE).schema

    def ours(_: int) -> None:
        tables = (Table.parse(one, dialect) for one in (old, new))
        found = diff(*tables, resource=RESOURCE, schema=schema)
        if len(found.operations) != CHANGED:
            raise RuntimeError(f"{len(found.operations)} rows differ instead of {CHANGED}")

    (mine,) = interleaved(ours, runs=ground.runs(5, 5))
    peer, note, cut = None, "", False
    if size in AIMS:
        files = _written(ground, {"old.csv": old, "new.csv": new})
        try:
            told = _daff(ground, "diff", *files)
            peer, note = told["seconds"], f"daff found {told['rows']} rows"
        except subprocess.TimeoutExpired:
            peer, cut, note = BOUND, True, f"daff was stopped after {BOUND:.0f} s"
        except PeerMissing as error:
            note = str(error)
    return Figure(
        work=f"diff of two versions, {CHANGED} changed rows",
        size=size,
        ours=mine,
        peer=peer,
        against="daff" if size in AIMS else "",
        aim=Aim("at least", AIMS[size]) if size in AIMS else None,
        note=note,
        cut=cut,
    )


def _merge(ground: Ground) -> Figure:
    """Proposals that were all made on one base, merged one after the other."""
    ground.tell(f"merge of {PROPOSALS} proposals")
    size = "S"
    base = ground.data(size)
    package = _package(ground, size)
    dialect, schema = package.resource(RESOURCE).dialect, package.resource(RESOURCE).schema
    theirs = [corrected(base, number, size) for number in range(PROPOSALS)]
    expected = base
    for number in range(PROPOSALS):
        expected = corrected(expected, number, size)

    def ours(_: int) -> None:
        merged = base
        for one in theirs:
            before, here, there = (Table.parse(data, dialect) for data in (base, merged, one))
            found = merge(before, here, there, resource=RESOURCE, schema=schema)
            merged = bytes(apply(here, found.operations, schema=schema))
        if merged != expected:
            raise RuntimeError(f"the merge lost something of {FIELD} at {key_of(0, size)}")

    (mine,) = interleaved(ours, runs=ground.runs(3, 3))
    count = ground.runs(10, 2)
    peer, note = None, ""
    files = {"base.csv": base, **{f"{at}.csv": one for at, one in enumerate(theirs[:count])}}
    try:
        told = _daff(ground, "merge", *_written(ground, files))
        peer, note = told["seconds"] / count, f"for one proposal; daff: {count} of them"
    except (PeerMissing, subprocess.TimeoutExpired) as error:
        note = str(error)
    return Figure(
        work=f"three-way merge of {PROPOSALS} proposals",
        size=size,
        ours=mine / PROPOSALS,
        peer=peer,
        against="daff",
        aim=Aim("at least", 50),
        note=note,
    )


def _package(ground: Ground, size: str) -> Package:
    folder = ground.package(size)
    return Package.read(lambda path: (folder / path).read_bytes())


def _written(ground: Ground, files: dict[str, bytes]) -> list[Path]:
    folder = ground.new_folder("files")
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return [folder / name for name in files]


def _daff(ground: Ground, what: str, *files: Path) -> Any:
    """What the peer's own process measured, without its start."""
    script = Path(daff_runner.__file__)
    command = [str(ground.peers.python), str(script), what, *map(str, files)]
    return json.loads(run(command, timeout=BOUND))

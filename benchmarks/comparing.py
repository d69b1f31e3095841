"""Diff and three-way merge beside daff: of versions at hand, as on a server, and from bytes."""

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
from retouche.core import splice
from retouche.core.diff import diff
from retouche.core.edited import Edited
from retouche.core.keys import KeyIndex
from retouche.core.merge import rebase
from retouche.core.package import Package, Resource
from retouche.core.succession import cuts_of
from retouche.core.table import Table

CHANGED = 100
PROPOSALS = 50
BOUND = 120.0
"""Longest time for daff, in seconds."""
AIMS = {"S": 50, "M": 200}


def measure(ground: Ground) -> Iterator[Figure]:
    for size in ground.sizes:
        yield from _diff(ground, size)
    yield _merge(ground)


def _diff(ground: Ground, size: str) -> Iterator[Figure]:
    ground.tell(f"diff of {CHANGED} changed rows, {size}")
    old, resource = ground.data(size), _resource(ground, size)
    new = old
    for number in range(CHANGED):
        new = corrected(new, number, size)

    def parse(_: int) -> tuple[Table, Table]:
        return Table.parse(old, resource.dialect), Table.parse(new, resource.dialect)

    tables = parse(0)

    def compare(_: int) -> None:
        found = diff(*tables, resource=RESOURCE, schema=resource.schema)
        if len(found.operations) != CHANGED:
            raise RuntimeError(f"{len(found.operations)} rows differ instead of {CHANGED}")

    parsing, comparing = interleaved(parse, compare, runs=ground.runs(5, 5))
    told: dict[str, float] = {}
    note, cut = "", False
    if size in AIMS:
        files = _written(ground, {"old.csv": old, "new.csv": new})
        try:
            told = _daff(ground, "diff", *files)
            note = f"daff found {told['rows']} rows"
        except subprocess.TimeoutExpired:
            told, cut = {"reading": 0, "seconds": BOUND}, True
            note = f"daff was stopped after {BOUND:.0f} s"
        except PeerMissing as error:
            note = str(error)
    work = f"diff of two versions, {CHANGED} changed rows"
    yield Figure(
        work=work,
        size=size,
        ours=comparing,
        peer=told.get("seconds"),
        against="daff" if size in AIMS else "",
        aim=Aim("at least", AIMS[size]) if size in AIMS else None,
        note=note,
        cut=cut,
    )
    yield Figure(
        work=f"{work}, from the bytes of both",
        size=size,
        ours=parsing + comparing,
        peer=told["seconds"] + told["reading"] if told else None,
        against="daff" if size in AIMS else "",
        note=note,
        cut=cut,
    )


def _merge(ground: Ground) -> Figure:
    """Proposals that were all made on one base, merged one after the other."""
    ground.tell(f"merge of {PROPOSALS} proposals")
    size = "S"
    base, resource = ground.data(size), _resource(ground, size)
    schema = resource.schema
    table = Table.parse(base, resource.dialect)
    index = KeyIndex.build(table, schema)
    theirs = [corrected(base, number, size) for number in range(PROPOSALS)]
    proposed = [
        diff(table, Table.parse(one, resource.dialect), resource=RESOURCE, schema=schema).operations
        for one in theirs
    ]
    expected = base
    for number in range(PROPOSALS):
        expected = corrected(expected, number, size)

    def ours(_: int) -> None:
        here, keys = table, index
        for operations in proposed:
            found = rebase(
                operations,
                base=table,
                ours=here,
                resource=RESOURCE,
                schema=schema,
                base_index=index,
                ours_index=keys,
            )
            edits = splice.edits(here, found.operations, schema=schema, index=keys)
            data = bytes(Edited(here.data, "", tuple(edits)))
            succeeded = Table.succeed(here.part(), data, resource.dialect, cuts_of(edits))
            if succeeded is None:
                raise RuntimeError("a version could not follow from the one before")
            here, succession = succeeded
            keys = KeyIndex.succeed(keys.part(), here, schema, succession)
        if here.data != expected:
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


def _resource(ground: Ground, size: str) -> Resource:
    folder = ground.package(size)
    return Package.read(lambda path: (folder / path).read_bytes()).resource(RESOURCE)


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

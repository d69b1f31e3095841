"""Versions derived from the one before, kept on disk, damaged or gone: always the right answers."""

from __future__ import annotations

import contextlib
import hashlib
import mmap
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from retouche.core import gate
from retouche.core.coded import coding, columns
from retouche.core.edited import Data, Edit, Edited
from retouche.core.errors import UnreadableFile
from retouche.core.package import Resource
from retouche.core.reading.holdings import MAPPING
from retouche.core.reading.search import words_of
from retouche.core.reading.snapshot import Snapshot
from retouche.core.schema import Schema
from retouche.core.table import Table
from retouche.services.shelf import Shelf, snapshot_key
from retouche.shelves.folder import FolderCabinet

FIELDS: list[dict[str, Any]] = [
    {"name": "id"},
    {"name": "name"},
    {"name": "agents", "type": "integer"},
    {"name": "opened", "type": "date"},
    {"name": "latitude", "type": "number"},
    {"name": "longitude", "type": "number"},
    {"name": "phone", "retouche": {"personal": True}},
    {"name": "later"},
]
WORDS = ["Apt", "Sault", "Gordes", "École", "ecole d'Apt", "", "NA", "x,y", 'd"e', "two\nlines"]
BIG = 100_000_000


def resource_of(**schema: Any) -> Resource:
    described = {"fields": FIELDS, "primaryKey": "id", "missingValues": ["", "NA"], **schema}
    descriptor = {"name": "desks", "path": "desks.csv"}
    read = Schema.from_descriptor(described)
    return Resource(name="desks", path="desks.csv", schema=read, descriptor=descriptor)


RESOURCE = resource_of()


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\n') else text


def line(chance: random.Random, key: str) -> bytes:
    texts = [
        key,
        chance.choice(WORDS),
        chance.choice(["1", "2", "10", "03", "many", ""]),
        chance.choice(["2020-01-02", "2021-03-04", "soon", "NA"]),
        chance.choice(["43.8", "44.1", "", "95"]),
        chance.choice(["5.3", "5.4", "", "x"]),
        chance.choice(["04 65", "04 66"]),
    ]
    return (",".join(map(quoted, texts)) + "\n").encode()


def file_of(chance: random.Random, rows: int) -> bytes:
    header = ",".join(str(one["name"]) for one in FIELDS[:-1]) + "\n"
    return header.encode() + b"".join(line(chance, str(number)) for number in range(rows))


def blob_of(data: bytes) -> str:
    return hashlib.sha1(f"blob {len(data)}\0".encode() + data).hexdigest()


def edits_of(table: Table, chance: random.Random) -> tuple[Edit, ...]:
    """Cells, rows that come and go, and now and then bytes of any kind."""
    found: list[Edit] = []
    for _ in range(chance.randint(1, 4)):
        row = chance.randrange(len(table))
        start, _, end = table.record_span(row)
        kind = chance.random()
        if kind < 0.6:
            spans, fresh = table.cell_spans(row), line(chance, str(row)).split(b",")
            place = chance.randrange(min(len(spans), 7))
            if b'"' not in b"".join(fresh):
                found.append(Edit(*spans[place], fresh[place].strip()))
        elif kind < 0.75:
            found.append(Edit(start, end, b""))
        elif kind < 0.9:
            size = len(table.data)
            found.append(Edit(size, size, line(chance, f"new{chance.randrange(99)}")))
        else:
            found.append(Edit(start, start, chance.choice([b'"', b"x", b"\n", b"1,2\n"])))
    found.sort(key=lambda one: (one.start, one.end))
    kept: list[Edit] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def told(snapshot: Snapshot) -> list[object]:
    """All that readers learn of a version, through each of its structures."""
    table, index = snapshot.table, snapshot.index
    found: list[object] = [list(table.rows()), [table.line(row) for row in range(len(table))]]
    found += [list(index), dict(index.duplicates), [index.get((str(n),)) for n in range(9)]]
    for one in snapshot.all_fields:
        column = snapshot.column(one.name)
        found += [column.codes.tolist(), list(column.values), column.fitting]
    for text in ("apt", "ecole", "20", "04", "x", "two lines", "zz"):
        found.append(snapshot.search.rows_with_all(words_of(text)).tolist())
    places = snapshot.places
    assert places is not None
    return [*found, [places.position(row) for row in range(len(table))]]


def cabinet(folder: Path, capacity: int = BIG) -> FolderCabinet:
    return FolderCabinet(folder / "cache", capacity=capacity)


def unread() -> bytes:
    raise AssertionError("read from the forge though it could be made")


def opened(
    shelf: Shelf,
    blob: str,
    *,
    read: Callable[[], bytes] = unread,
    parent: str | None = None,
    resource: Resource = RESOURCE,
) -> Snapshot:
    def data() -> Data:
        return shelf.data(blob, read)

    return shelf.snapshot(resource, blob, data, parents=lambda: parent)


def scratch(data: bytes) -> list[object] | str:
    try:
        return told(Snapshot(RESOURCE, data))
    except UnreadableFile as problem:
        return problem.reason


def outcome(make: Callable[[], Snapshot]) -> list[object] | str:
    try:
        return told(make())
    except UnreadableFile as problem:
        return problem.reason


@pytest.mark.parametrize("how", ["said", "said elsewhere", "compared", "in memory"])
@settings(max_examples=12)
@given(seed=st.integers(0, 2**32))
def test_a_version_derived_from_its_parent_tells_what_a_fresh_one_tells(
    tmp_path_factory: pytest.TempPathFactory, how: str, seed: int
) -> None:
    chance, folder = random.Random(seed), tmp_path_factory.mktemp("home")
    store = None if how == "in memory" else cabinet(folder)
    shelf = Shelf(BIG, store)
    data = file_of(chance, chance.randint(5, 60))
    snapshot = opened(shelf, blob_of(data), read=lambda: data)
    assert told(snapshot) == scratch(data)
    for _ in range(3):
        edited = Edited(snapshot.data, blob_of(data), edits_of(snapshot.table, chance))
        before, data = blob_of(data), bytes(edited)
        assert edited.id == blob_of(data)
        if how != "compared":
            shelf.succeeded(edited)
        if how == "said elsewhere":  # another process reads it, that knows what is on disk
            shelf = Shelf(BIG, cabinet(folder))
        parent = before if how == "compared" else None
        read = partial(bytes, data) if how in ("compared", "in memory") else unread
        expected = scratch(data)
        found = outcome(partial(opened, shelf, edited.id, read=read, parent=parent))
        assert found == expected
        if isinstance(expected, str):
            return
        snapshot = opened(shelf, edited.id)


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is made from whole files while the test runs."""
    made: list[str] = []
    admit, distinct = gate.admit, coding.distinct

    def counted_admit(*given: Any) -> Any:
        made.append("table")
        return admit(*given)

    def counted_distinct(view: Any, begins: Any, stops: Any) -> Any:
        made.append("column")
        return distinct(view, begins, stops)

    monkeypatch.setattr(gate, "admit", counted_admit)
    monkeypatch.setattr(coding, "distinct", counted_distinct)
    return made


def accepted(shelf: Shelf, snapshot: Snapshot, blob: str, row: int, text: bytes) -> str:
    edited = Edited(snapshot.data, blob, (Edit(*snapshot.table.cell_spans(row)[1], text),))
    shelf.succeeded(edited)
    return edited.id


def test_what_is_kept_is_not_made_again(tmp_path: Path, counted: list[str]) -> None:
    data = file_of(random.Random(1), 300)
    shelf = Shelf(BIG, cabinet(tmp_path))
    snapshot = opened(shelf, blob_of(data), read=lambda: data)
    snapshot.prepare_all()
    snapshot.prepare_search()
    assert counted.count("table") == 1
    counted.clear()
    expected = told(snapshot)
    again = opened(Shelf(BIG, cabinet(tmp_path)), blob_of(data))
    assert told(again) == expected
    child = accepted(shelf, snapshot, blob_of(data), 7, b"Changed")
    for one in (shelf, Shelf(BIG, cabinet(tmp_path))):
        found = opened(one, child)
        found.prepare_all()
        found.prepare_search()
        assert found.row(("7",))["name"] == "Changed"
    assert counted == []


def test_columns_that_did_not_change_are_the_same_files(tmp_path: Path) -> None:
    data = file_of(random.Random(2), 300)
    shelf = Shelf(BIG, cabinet(tmp_path))
    snapshot = opened(shelf, blob_of(data), read=lambda: data)
    child = opened(shelf, accepted(shelf, snapshot, blob_of(data), 7, b"Changed"))
    told(snapshot)
    told(child)
    parts = tmp_path / "cache" / "parts"
    old, new = (
        parts / snapshot_key(one, RESOURCE)
        for one in (blob_of(data), blob_of(bytes(child.data[:])))
    )
    same = {one.name for one in new.iterdir() if (old / one.name).exists()}
    same = {name for name in same if (old / name).samefile(new / name)}
    assert {f"column-{at}" for at in range(7)} - same == {"column-1"}
    assert {"keys", "places-4-5", "lexicon-1"} <= same


def test_a_part_may_be_derived_long_after_the_version(tmp_path: Path, counted: list[str]) -> None:
    data = file_of(random.Random(3), 300)
    shelf = Shelf(BIG, cabinet(tmp_path))
    snapshot = opened(shelf, blob_of(data), read=lambda: data)
    snapshot.prepare_all()
    counted.clear()
    blob, last = blob_of(data), snapshot
    for row in range(6):
        blob = accepted(shelf, last, blob, row, b"Generation %d" % row)
        last = opened(shelf, blob)  # its table alone
    late = opened(Shelf(BIG, cabinet(tmp_path)), blob)
    late.prepare_all()
    assert counted == []
    assert told(late) == scratch(late.data[:])


def test_two_versions_that_come_from_each_other_are_both_readable(tmp_path: Path) -> None:
    one = file_of(random.Random(4), 50)
    shelf = Shelf(BIG, cabinet(tmp_path))
    first = opened(shelf, blob_of(one), read=lambda: one)
    other = accepted(shelf, first, blob_of(one), 3, b"There")
    second = opened(shelf, other)
    start, end = second.table.cell_spans(3)[1]
    back = Edited(second.data, other, (Edit(start, end, quoted(first.table.row(3)[1]).encode()),))
    assert back.id == blob_of(one)
    shelf.succeeded(back)
    fresh = Shelf(BIG, cabinet(tmp_path))
    for blob in (other, blob_of(one), other):
        found = opened(fresh, blob)
        assert told(found) == scratch(found.data[:])


def test_versions_of_one_file_under_two_schemas_do_not_mix(tmp_path: Path) -> None:
    data = file_of(random.Random(5), 60)
    shelf = Shelf(BIG, cabinet(tmp_path))
    others = [
        resource_of(primaryKey=["name", "agents"]),
        resource_of(missingValues=["Apt"]),
        resource_of(fields=[{"name": "id", "type": "integer"}, *FIELDS[1:]]),
    ]
    for resource in (RESOURCE, *others, RESOURCE):
        for source in (shelf, Shelf(BIG, cabinet(tmp_path))):
            found = opened(source, blob_of(data), read=lambda: data, resource=resource)
            assert told(found) == told(Snapshot(resource, data))
    child = accepted(shelf, opened(shelf, blob_of(data)), blob_of(data), 7, b"Changed")
    for resource in (RESOURCE, *others, resource_of(missingValues=["Changed"])):
        found = opened(shelf, child, resource=resource)
        assert told(found) == told(Snapshot(resource, found.data[:]))


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "a byte": lambda data: (
        data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 4]) + data[len(data) // 2 + 1 :]
    ),
    "the first byte": lambda data: bytes([data[0] ^ 1]) + data[1:],
    "truncated": lambda data: data[:-1],
    "empty": lambda _: b"",
    "garbage": lambda data: b"garbage!" * (len(data) // 8 + 1),
    "another version": lambda data: data[:8] + b"\7" + data[9:],
}


@pytest.mark.faults
@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.fault(19)
def test_any_damaged_file_is_noticed_and_made_again(tmp_path: Path, damage: str) -> None:
    data = file_of(random.Random(6), 80)
    shelf = Shelf(BIG, cabinet(tmp_path))
    snapshot = opened(shelf, blob_of(data), read=lambda: data)
    child = accepted(shelf, snapshot, blob_of(data), 7, b"Changed")
    contents = {blob_of(data): data, child: opened(shelf, child).data[:]}
    expected = {blob: scratch(content) for blob, content in contents.items()}

    def check() -> None:
        one = Shelf(BIG, cabinet(tmp_path))
        for blob, content in contents.items():
            assert told(opened(one, blob, read=partial(bytes, content))) == expected[blob]

    check()
    files = sorted(one for one in (tmp_path / "cache").rglob("*") if one.is_file())
    files = [one for one in files if one.parent.name not in ("locks", "cache")]
    assert len(files) > 40
    for file in files:
        file.write_bytes(DAMAGE[damage](file.read_bytes()))
        with capture_logs() as logs:
            check()
        # What nobody needs any more is not looked at until it is.
        name = str(file.relative_to(tmp_path / "cache"))
        assert file.name in ("lineage", "succession") or name in [one["file"] for one in logs]
        assert {one["event"] for one in logs} <= {"cache_file_damaged"}
        with capture_logs() as logs:
            check()
        assert logs == []


@pytest.mark.faults
def test_a_cabinet_far_too_small_for_what_is_read_stops_nobody(tmp_path: Path) -> None:
    data = file_of(random.Random(7), 2_000)
    shelf = Shelf(BIG, cabinet(tmp_path, capacity=50_000))
    snapshot, blob = opened(shelf, blob_of(data), read=lambda: data), blob_of(data)
    for row in range(5):
        blob = accepted(shelf, snapshot, blob, row, b"Changed %d" % row)
        content = bytes(Edited(snapshot.data, "", ()))
        start, end = snapshot.table.cell_spans(row)[1]
        content = content[:start] + b"Changed %d" % row + content[end:]
        snapshot = opened(shelf, blob, read=partial(bytes, content))
        assert told(snapshot) == scratch(content)


def build(folder: Path, data: bytes, start: Any, made: Any) -> None:
    """In another process: read everything, and say what was made of the whole file."""
    admit, read = gate.admit, columns.Column.read
    gate.admit = lambda *given: (made.append("table"), admit(*given))[1]
    columns.Column.read = classmethod(  # type: ignore[method-assign, assignment]
        lambda _, field, cells, missing: (
            made.append(field.name),
            read(field, cells, missing=missing),
        )[1]
    )
    start.wait()
    found = opened(Shelf(BIG, cabinet(folder)), blob_of(data), read=lambda: data)
    found.prepare_all()
    found.prepare_search()
    made.append(hashlib.sha1(repr(told(found)).encode()).hexdigest())


@pytest.mark.faults
def test_two_processes_build_one_snapshot_once(tmp_path: Path) -> None:
    data = file_of(random.Random(8), 20_000)
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        made, start = manager.list(), manager.Barrier(2)
        processes = [
            context.Process(target=build, args=(tmp_path, data, start, made)) for _ in range(2)
        ]
        for one in processes:
            one.start()
        for one in processes:
            one.join(120)
        assert [one.exitcode for one in processes] == [0, 0]
        expected = hashlib.sha1(repr(scratch(data)).encode()).hexdigest()
        names = [str(one["name"]) for one in FIELDS[:-1]]
        assert sorted(made) == sorted(["table", *names, expected, expected])


@pytest.mark.faults
def test_a_kill_while_building_leaves_nothing_that_breaks(tmp_path: Path) -> None:
    data = file_of(random.Random(9), 20_000)
    expected = scratch(data)
    context = multiprocessing.get_context("spawn")
    chance = random.Random(10)
    with context.Manager() as manager:
        for _ in range(4):
            start, made = manager.Barrier(2), manager.list()
            process = context.Process(target=build, args=(tmp_path, data, start, made))
            process.start()
            start.wait()
            time.sleep(chance.uniform(0.0, 0.4))
            assert process.pid is not None
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
            process.join(30)
    found = opened(Shelf(BIG, cabinet(tmp_path)), blob_of(data), read=lambda: data)
    assert told(found) == expected


def test_a_mapped_file_counts_for_the_descriptor_that_it_takes() -> None:
    with mmap.mmap(-1, 100) as mapped:
        content = b"id,name\n1,a\n2,b\n"
        mapped[:] = content + b"3," + b"c" * (100 - len(content) - 3) + b"\n"
        snapshots = Snapshot(RESOURCE, mapped), Snapshot(RESOURCE, mapped[:])
        assert [len(one) for one in snapshots] == [3, 3]
        sizes = [one.approximate_size for one in snapshots]
        assert sizes[0] - sizes[1] == MAPPING - 100
        del snapshots

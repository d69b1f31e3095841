"""The cabinet on disk: damage is noticed, what is old makes room, a failing disk stops nobody."""

from __future__ import annotations

import errno
import hashlib
import mmap
import multiprocessing
import os
import random
import resource
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from structlog.testing import capture_logs

from retouche.core.edited import Edit, Edited
from retouche.core.parts import Part
from retouche.shelves import folder as module
from retouche.shelves import form
from retouche.shelves.folder import FolderCabinet
from retouche.shelves.sweeping import size_of, sweep

BIG = 10_000_000
KEY = "a" * 64


def cabinet(path: Path, capacity: int = BIG) -> FolderCabinet:
    """As another process would open it: it has seen nothing yet."""
    return FolderCabinet(path / "cache", capacity=capacity)


def blob(data: bytes) -> str:
    return hashlib.sha1(f"blob {len(data)}\0".encode() + data).hexdigest()


def some(size: int = 20_000) -> Part:
    arrays: dict[str, Any] = {
        "numbers": np.arange(size, dtype=np.int64) * 3,
        "flags": np.arange(size) % 3 == 0,
        "pairs": np.arange(10, dtype=np.float64).reshape(5, 2),
        "nothing": np.empty(0, np.int32),
    }
    return Part(arrays, {"header": ["é", "b"], "count": 3})


def assert_same(found: Part | None, expected: Part) -> None:
    assert found is not None
    assert found.meta == expected.meta
    assert list(found.arrays) == list(expected.arrays)
    for name, one in expected.arrays.items():
        assert found.arrays[name].dtype == one.dtype
        assert np.array_equal(found.arrays[name], one), name


def path_of(path: Path, name: str = "table") -> Path:
    return path / "cache" / "parts" / KEY / name


@pytest.mark.parametrize("size", [0, 1, 20_000])
def test_a_part_comes_back_as_it_was(tmp_path: Path, size: int) -> None:
    part = some(size)
    kept = cabinet(tmp_path).drawer(KEY).keep("table", part)
    found = cabinet(tmp_path).drawer(KEY).get("table")
    for one in (kept, found):
        assert_same(one, part)
        assert one is not None
        assert one.mapped == (size == 20_000)
        assert not any(array.flags.writeable for array in one.arrays.values())
    assert cabinet(tmp_path).drawer(KEY).get("keys") is None
    assert cabinet(tmp_path).drawer("b" * 64).get("table") is None


@pytest.mark.parametrize("size", [0, 10, 200_000])
def test_a_file_comes_back_as_it_was(tmp_path: Path, size: int) -> None:
    data = random.Random(size).randbytes(size)
    assert cabinet(tmp_path).file(blob(data)) is None
    kept = cabinet(tmp_path).keep_file(blob(data), data)
    found = cabinet(tmp_path).file(blob(data))
    for one in (kept, found):
        assert one is not None
        assert one[:] == data
        assert isinstance(one, mmap.mmap) == (size == 200_000)


def test_mappings_leave_descriptors_for_all_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, count = cabinet(tmp_path), 12
    most = 4 * (len(form._MAPPED) + 5)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (most, most))
    files = [random.Random(number).randbytes(form.SMALL) for number in range(count)]
    held = [one.keep_file(blob(data), data) for data in files]
    assert [found[:] for found in held if found is not None] == files
    assert sum(isinstance(found, mmap.mmap) for found in held) == 5
    del held
    assert isinstance(one.file(blob(files[0])), mmap.mmap)


def test_an_edited_file_is_made_from_that_of_its_base(tmp_path: Path) -> None:
    data = random.Random(1).randbytes(300_000)
    one = cabinet(tmp_path)
    base = one.keep_file(blob(data), data)
    assert base is not None
    edits = (Edit(5, 9, b"x"), Edit(9, 9, b"more"), Edit(200_000, 300_000, b"end"))
    edited = Edited(base, blob(data), edits)
    for source in (one, cabinet(tmp_path / "elsewhere")):  # where the base is not kept
        kept = source.keep_file(edited.id, edited)
        assert kept is not None
        assert kept[:] == bytes(edited)
    found = cabinet(tmp_path).file(edited.id)
    assert found is not None
    assert found[:] == bytes(edited)


def test_an_edited_file_is_not_made_from_a_damaged_one(tmp_path: Path) -> None:
    data = random.Random(1).randbytes(300_000)
    one = cabinet(tmp_path)
    base = one.keep_file(blob(data), data)
    assert base is not None
    (tmp_path / "other").write_bytes(data[:1000] + bytes(10) + data[1010:])
    os.replace(tmp_path / "other", tmp_path / "cache" / "blobs" / blob(data))
    edited = Edited(base, blob(data), (Edit(5, 9, b"x"),))
    kept = one.keep_file(edited.id, edited)
    assert kept is not None
    assert kept[:] == bytes(edited)


@pytest.mark.parametrize("size", [3, 20_000])
@pytest.mark.fault(19)
def test_a_byte_that_changed_is_noticed(tmp_path: Path, size: int) -> None:
    part = some(size)
    cabinet(tmp_path).drawer(KEY).keep("table", part)
    path = path_of(tmp_path)
    sound = path.read_bytes()
    chance = random.Random(size)
    places = [*range(40), len(sound) - 1, *(chance.randrange(len(sound)) for _ in range(60))]
    for place in places:
        damaged = bytearray(sound)
        damaged[place] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        with capture_logs() as logs:
            one = cabinet(tmp_path)
            assert one.drawer(KEY).get("table") is None, place
        assert [entry["event"] for entry in logs] == ["cache_file_damaged"]
        assert not path.exists()
        assert_same(one.drawer(KEY).keep("table", part), part)
        assert path.read_bytes() == sound


@pytest.mark.parametrize("content", [b"", b"RETOUCHE", b"garbage " * 10_000, None, "other version"])
@pytest.mark.fault(19)
def test_what_is_no_part_of_this_version_is_made_again(
    tmp_path: Path, content: bytes | str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = path_of(tmp_path)
    with monkeypatch.context() as patch:
        if content == "other version":
            patch.setattr(form, "VERSION", form.VERSION + 1)
        cabinet(tmp_path).drawer(KEY).keep("table", some())
    if content is None:
        os.truncate(path, path.stat().st_size - 1)
    elif isinstance(content, bytes):
        path.write_bytes(content)
    assert cabinet(tmp_path).drawer(KEY).get("table") is None
    assert not path.exists()


def test_a_part_under_the_name_of_another_is_not_taken_for_it(tmp_path: Path) -> None:
    cabinet(tmp_path).drawer(KEY).keep("column-1", some())
    path_of(tmp_path, "column-1").rename(path_of(tmp_path, "column-2"))
    assert cabinet(tmp_path).drawer(KEY).get("column-2") is None


@pytest.mark.parametrize("size", [100, 200_000])
def test_a_file_that_is_not_the_blob_is_noticed(tmp_path: Path, size: int) -> None:
    data = random.Random(size).randbytes(size)
    path = tmp_path / "cache" / "blobs" / blob(data)
    for damaged in (data[:-1], b"", b"x" + data[1:], data + b"x", data[:50] + b"y" + data[51:]):
        cabinet(tmp_path).keep_file(blob(data), data)
        path.write_bytes(damaged)
        with capture_logs() as logs:
            assert cabinet(tmp_path).file(blob(data)) is None
        assert [entry["event"] for entry in logs] == ["cache_file_damaged"]
        assert not path.exists()


def test_what_was_found_sound_is_not_looked_at_again_until_it_changes(tmp_path: Path) -> None:
    cabinet(tmp_path).drawer(KEY).keep("table", some())
    one = cabinet(tmp_path)
    looked: list[int] = []
    check = form._check
    form._check = lambda data: (looked.append(1), check(data))[1]  # type: ignore[func-returns-value]
    try:
        for _ in range(3):
            assert one.drawer(KEY).get("table") is not None
        assert len(looked) == 1
        one.use("0" * 40, KEY)
        assert one.drawer(KEY).get("table") is not None
        assert len(looked) == 1
        path = path_of(tmp_path)
        damaged = bytearray(path.read_bytes())
        damaged[-1] ^= 1
        time.sleep(0.02)  # times of change are as coarse as the system's clock
        path.write_bytes(damaged)
        assert one.drawer(KEY).get("table") is None
    finally:
        form._check = check


def test_a_part_that_is_taken_over_is_another_name_of_the_same_file(tmp_path: Path) -> None:
    one = cabinet(tmp_path)
    kept = one.drawer(KEY).keep("table", some())
    assert_same(one.drawer("b" * 64).keep("table", kept), some())
    paths = [path_of(tmp_path), tmp_path / "cache" / "parts" / ("b" * 64) / "table"]
    assert paths[0].samefile(paths[1])
    paths[0].unlink()
    assert_same(cabinet(tmp_path).drawer("b" * 64).get("table"), some())
    third = one.drawer("c" * 64).keep("table", kept)  # the file it came from is gone
    assert_same(third, some())
    assert_same(cabinet(tmp_path).drawer("c" * 64).get("table"), some())


def test_what_was_used_least_recently_makes_room(tmp_path: Path) -> None:
    one, folder = cabinet(tmp_path), tmp_path / "cache" / "parts"
    drawers = [f"{number:064d}" for number in range(10)]
    held = one.drawer(drawers[0]).keep("table", some())
    for age, key in enumerate(drawers):
        one.drawer(key).keep("table", some())
        os.utime(folder / key, (time.time() - 100 + age,) * 2)
    data = b"x" * 102_400
    one.keep_file(blob(data), data)
    one.use(blob(data), drawers[0])
    each = (size_of(tmp_path / "cache") - 102_400) // 10
    sweep(tmp_path / "cache", 3 * each + 102_400)
    left = sorted(path.name for path in folder.iterdir())
    assert left == [drawers[0], drawers[8], drawers[9]]
    assert cabinet(tmp_path).file(blob(data)) is not None
    assert_same(held, some())


def test_writing_makes_room_by_itself(tmp_path: Path) -> None:
    one = cabinet(tmp_path, capacity=1_000_000)
    for number in range(30):
        one.drawer(f"{number:064d}").keep("table", some())
    assert size_of(tmp_path / "cache") <= 1_250_000
    assert one.drawer(f"{29:064d}").get("table") is not None


def test_a_shared_file_takes_room_until_its_last_name_is_gone(tmp_path: Path) -> None:
    one = cabinet(tmp_path)
    part = one.drawer("0" * 64).keep("table", some())
    size = size_of(tmp_path / "cache")
    for number in range(1, 50):
        one.drawer(f"{number:064d}").keep("table", part)
    assert size_of(tmp_path / "cache") == size
    sweep(tmp_path / "cache", size)
    assert len(list((tmp_path / "cache" / "parts").iterdir())) == 50
    sweep(tmp_path / "cache", size - 1)
    assert size_of(tmp_path / "cache") == 0
    assert_same(part, some())  # mapped all the same


def test_what_a_killed_process_left_is_removed_in_time(tmp_path: Path) -> None:
    making = tmp_path / "cache" / "making"
    making.mkdir(parents=True)
    (making / "old").write_bytes(b"half")
    (making / "new").write_bytes(b"half")
    os.utime(making / "old", (1, 1))
    cabinet(tmp_path).drawer(KEY).keep("table", some())
    assert [one.name for one in making.iterdir()] == ["new"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EACCES])
def test_a_disk_that_refuses_stops_nobody(
    tmp_path: Path, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, part, data = cabinet(tmp_path), some(), b"x" * 100_000

    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch, capture_logs() as logs:
        patch.setattr(os, "write", refuse)
        assert one.drawer(KEY).keep("table", part) is part
        assert one.keep_file(blob(data), data) is None
        with one.drawer(KEY).alone():
            assert one.drawer(KEY).get("table") is None
    assert [entry["event"] for entry in logs] == ["cache_not_written"]
    assert list((tmp_path / "cache" / "making").iterdir()) == []
    assert one.drawer(KEY).keep("table", part) is part, "not tried again at once"
    monkeypatch.setattr(module, "PAUSE", 0.0)
    assert cabinet(tmp_path).drawer(KEY).keep("table", part).mapped


def test_the_last_room_of_a_disk_is_left_to_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = os.statvfs(tmp_path)
    monkeypatch.setattr(module, "RESERVE", 2 * disk.f_bavail * disk.f_frsize)
    with capture_logs() as logs:
        assert cabinet(tmp_path).keep_file(blob(b"a"), b"a") is None
    assert [one["event"] for one in logs] == ["cache_not_written"]


def test_a_folder_that_cannot_be_made_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file in the way")
    one, part = cabinet(tmp_path), some()
    with one.drawer(KEY).alone(), one.making("0" * 40):
        assert one.drawer(KEY).keep("table", part) is part
    assert one.file("0" * 40) is None
    one.use("0" * 40, KEY)


def test_a_cabinet_without_room_keeps_nothing(tmp_path: Path) -> None:
    one, part = cabinet(tmp_path, capacity=0), some()
    assert one.drawer(KEY).keep("table", part) is part
    assert one.keep_file(blob(b"x"), b"x") is None


def build(folder: Path, number: int, built: Any, start: Any) -> None:
    one = cabinet(folder)
    start.wait()
    drawer = one.drawer(KEY)
    with drawer.alone(), drawer.alone():
        if drawer.get("table") is None:
            built.append(number)
            time.sleep(0.05)
            drawer.keep("table", some())


def test_one_process_builds_while_the_others_wait(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        built, start = manager.list(), manager.Barrier(3)
        processes = [
            context.Process(target=build, args=(tmp_path, number, built, start))
            for number in range(3)
        ]
        for one in processes:
            one.start()
        for one in processes:
            one.join(60)
        assert [one.exitcode for one in processes] == [0, 0, 0]
        assert len(built) == 1
    assert_same(cabinet(tmp_path).drawer(KEY).get("table"), some())

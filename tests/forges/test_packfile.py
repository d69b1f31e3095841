"""Packs and indexes as git writes and reads them, and what is broken in them."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from retouche.forges import readers
from retouche.forges.packfile import BROKEN, PackFile
from retouche.forges.packindex import Index, index_bytes
from retouche.forges.packs import PackFolder
from retouche.forges.readers import Readers
from tests.forges.places import make_forge
from tests.forges.plain_git import git

FAR = 1 << 31


def test_an_index_of_a_pack_over_two_gigabytes_is_what_git_reads(tmp_path: Path) -> None:
    chance = random.Random(4)
    found = {chance.randbytes(19) + b"\0": place for place in (12, FAR - 1, FAR, 5 * FAR + 7)}
    ids = sorted(found)
    data = index_bytes(
        np.array(ids, "S20"),
        np.arange(4),
        np.array([found[one] for one in ids]),
        trailer=bytes(20),
    )
    (tmp_path / "x.idx").write_bytes(data)
    index = Index(tmp_path / "x.idx")
    told = git(tmp_path, "show-index", data=data).splitlines()
    assert {bytes.fromhex(one.split()[1]): int(one.split()[0]) for one in told} == found
    assert {one: index.find(one) for one in ids} == found
    assert index.find(bytes(20)) is index.find(b"\xff" * 20) is None
    assert index.id_at(FAR)[0] == next(one for one in ids if found[one] == FAR)
    assert index.after(FAR - 1) == FAR
    assert index.after(5 * FAR + 7) is None


@pytest.mark.parametrize("data", [b"", b"x", b"\xfftOc\0\0\0\2" + bytes(2_000)[:1_000]])
def test_what_is_no_index_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x.idx").write_bytes(data)
    with pytest.raises(ValueError, match=r"index|empty"):
        Index(tmp_path / "x.idx")


def test_a_pack_made_by_git_is_read_whatever_its_deltas(tmp_path: Path) -> None:
    chance = random.Random(8)
    lines = [b"%d;%s\n" % (line, chance.randbytes(30).hex().encode()) for line in range(400)]
    forge = make_forge(tmp_path, b"".join(lines))
    path, expected = forge.repository.path, {}
    for number in range(6):
        chance.shuffle(lines)  # so that git's deltas jump about
        commit = forge.commit(
            parent=forge.published(),
            files={"data/a.csv": b"".join(lines[number:])},
            message=f"{number}",
            time=forge.repository.commit_at(forge.published()).time,
        )
        git(path, "update-ref", f"refs/heads/x{number}", commit)
        expected[commit] = b"".join(lines[number:])
    for base_offset in ("true", "false"):
        setting = f"repack.useDeltaBaseOffset={base_offset}"
        git(path, "-c", setting, "repack", "-a", "-d", "-f", "-q", "--depth=4")
        folder = PackFolder(path / "objects")
        for commit, data in expected.items():
            blob = forge.blob(commit, "data/a.csv")
            assert folder.kind(blob) == "blob"
            assert folder.read(blob) in (None, ("blob", data))
            assert forge.read(commit, "data/a.csv") == data
    forge.repository.close()


def test_no_damage_of_a_pack_gives_other_bytes(tmp_path: Path) -> None:
    chance = random.Random(5)
    forge = make_forge(tmp_path, chance.randbytes(3_000))
    blob = forge.blob(forge.published(), "data/a.csv")
    data = forge.read(forge.published(), "data/a.csv")
    (pack,) = (forge.repository.path / "objects" / "pack").glob("*.pack")
    whole = pack.read_bytes()
    pack.chmod(0o644)
    for _ in range(200):
        damaged = bytearray(whole)
        for _ in range(3):
            damaged[chance.randrange(len(whole))] ^= chance.randrange(1, 256)
        pack.write_bytes(damaged[: chance.choice((len(whole), chance.randrange(len(whole))))])
        folder = PackFolder(forge.repository.path / "objects")
        assert folder.read(blob) in (None, ("blob", data))
        file = PackFile(pack, folder.packs()[0].index)
        try:
            file.kind(file.index.find(bytes.fromhex(blob)) or 0)
        except BROKEN:
            continue
    forge.repository.close()


class Counted:
    """A reader that only counts."""

    ended = 0
    cat_file_all = cat_file_header = None

    def __init__(self, size: int) -> None:
        self._size = size

    def get_object_data(self, ref: str | bytes) -> tuple[str, str, int, bytes]:
        return str(ref), "blob", self._size, bytes(self._size)

    def get_object_header(self, ref: str | bytes) -> tuple[str, str, int]:
        return str(ref), "blob", self._size

    def clear_cache(self) -> None:
        Counted.ended += 1


@pytest.mark.parametrize(("size", "questions"), [(10, readers.QUESTIONS), (readers.BIG + 1, 1)])
def test_a_reader_that_has_served_its_time_is_replaced(
    monkeypatch: pytest.MonkeyPatch, size: int, questions: int
) -> None:
    monkeypatch.setattr(Counted, "ended", 0)
    pool = Readers(lambda: Counted(size))
    for _ in range(3 * questions):
        pool.read("x")
    assert Counted.ended == 3

"""What kills, power cuts and full disks leave in a repository, and how it is put right."""

from __future__ import annotations

import errno
import os
import random
import signal
import time
from pathlib import Path

import pytest

from retouche.core.errors import ForgeUnavailable, HeadMoved, RetoucheError, StorageFull
from retouche.forges import moves, repository, storage
from retouche.forges.embedded import EmbeddedForge
from retouche.forges.output import Output
from retouche.forges.repository import BareRepository
from retouche.forges.twins import FOLDER
from tests.forges.places import (
    DATASET,
    NOW,
    accept,
    branch,
    identifier,
    make_forge,
    plant,
    propose,
)
from tests.forges.plain_git import git, is_sound, refs


@pytest.fixture
def forge(tmp_path: Path) -> EmbeddedForge:
    return make_forge(tmp_path)


@pytest.fixture
def path(forge: EmbeddedForge) -> Path:
    return forge.repository.path


def object_path(path: Path, identifier: str) -> Path:
    return path / "objects" / identifier[:2] / identifier[2:]


def loosen(forge: EmbeddedForge, folder: Path) -> EmbeddedForge:
    """The same repository with each object in a file of its own, as git itself may leave it."""
    path = forge.repository.path
    packs = list((path / "objects" / "pack").iterdir())
    folder.mkdir()
    for one in packs:
        one.rename(folder / one.name)
    for one in folder.glob("*.pack"):
        git(path, "unpack-objects", "-q", data=one.read_bytes())
    return EmbeddedForge(BareRepository(path), DATASET, "main")


def test_a_sweep_of_a_sound_repository_does_nothing(forge: EmbeddedForge, path: Path) -> None:
    accept(forge, 1, propose(forge, 1))
    before = refs(path)
    assert forge.sweep() == storage.Swept()
    assert refs(path) == before


@pytest.mark.fault(16, 17)
def test_stale_locks_are_swept_and_fresh_ones_stay(forge: EmbeddedForge, path: Path) -> None:
    names = ["HEAD.lock", "packed-refs.lock", "refs/heads/main.lock", f"{branch(1)}.lock"]
    for name in names:
        plant(path / name)
    plant(path / "refs/heads/x.lock", age=0.0)
    assert sorted(forge.sweep().locks) == sorted(names)
    assert (path / "refs/heads/x.lock").exists()
    accept(forge, 1, propose(forge, 1))


@pytest.mark.fault(16, 41)
def test_a_lock_from_a_clock_that_ran_ahead_is_stale_too(forge: EmbeddedForge, path: Path) -> None:
    plant(path / "refs/heads/main.lock", age=-400 * 86400)
    assert forge.sweep().locks == ["refs/heads/main.lock"]


@pytest.mark.fault(14)
def test_half_written_objects_are_swept_once_nobody_can_be_writing_them(
    forge: EmbeddedForge, path: Path
) -> None:
    plant(path / "objects/aa/tmp_obj_old", data=b"x")
    plant(path / "objects/aa/tmp_obj_new", data=b"x", age=1.0)
    plant(path / "objects/pack/.tmp-12-pack-34.pack", data=b"x")  # of a repack
    plant(path / "objects/pack/tmp_idx_56")
    assert sorted(forge.sweep().temporary) == [
        "objects/aa/tmp_obj_old",
        "objects/pack/.tmp-12-pack-34.pack",
        "objects/pack/tmp_idx_56",
    ]
    assert (path / "objects/aa/tmp_obj_new").exists()


@pytest.mark.parametrize("name", ["packed-refs.lock", "refs/heads/main.lock", "HEAD.lock"])
@pytest.mark.fault(16, 17)
def test_a_stale_lock_does_not_stop_a_merge_even_without_a_sweep(
    forge: EmbeddedForge, path: Path, name: str
) -> None:
    head = propose(forge, 1)
    plant(path / name)
    merged = accept(forge, 1, head)
    assert forge.published() == merged


def test_refs_that_a_killed_git_had_half_packed_do_not_stop_a_merge(
    forge: EmbeddedForge, path: Path
) -> None:
    head = propose(forge, 1)
    git(path, "pack-refs", "--all")
    plant(path / "packed-refs.new")
    merged = accept(forge, 1, head)
    assert forge.published() == merged
    assert branch(1) not in refs(path)
    git(path, "pack-refs", "--all")


@pytest.mark.fault(17)
def test_proposals_are_accepted_while_packed_refs_are_locked(
    forge: EmbeddedForge, path: Path
) -> None:
    plant(path / "packed-refs.lock", age=0.0)
    assert propose(forge, 1)
    assert (path / "packed-refs.lock").exists()


def test_a_lock_that_somebody_keeps_makes_the_forge_unavailable(
    forge: EmbeddedForge, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = propose(forge, 1)
    before = forge.published()
    monkeypatch.setattr(moves, "PAUSES", (0.0, 0.0))
    plant(path / "refs/heads/main.lock", age=0.0)
    with pytest.raises(ForgeUnavailable):
        accept(forge, 1, head)
    assert forge.published() == before


def test_the_repositorys_own_lock_is_waited_for_and_then_given_up(
    forge: EmbeddedForge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "LOCK_WAIT", 0.05)
    other = BareRepository(forge.repository.path)
    with other.locked(), pytest.raises(ForgeUnavailable):
        propose(forge, 1)
    assert propose(forge, 1)


@pytest.mark.parametrize("name", [branch(1), "refs/merge-requests/1/head"])
@pytest.mark.fault(13)
def test_an_emptied_ref_is_set_aside_and_made_anew(
    forge: EmbeddedForge, path: Path, name: str
) -> None:
    head = propose(forge, 1)
    plant(path / name)
    assert forge.sweep().broken == [name]
    assert propose(forge, 1) == head
    assert refs(path, "refs/heads/proposals") == {branch(1): head}
    assert list(refs(path, "refs/merge-requests").values()) == [head]
    assert is_sound(path)


def test_an_emptied_branch_does_not_stop_opening_or_closing_without_a_sweep(
    forge: EmbeddedForge, path: Path
) -> None:
    head = propose(forge, 1)
    plant(path / branch(1))
    assert propose(forge, 1) == head
    plant(path / branch(1))
    forge.close(identifier(1))
    assert refs(path, "refs/heads/proposals") == {}
    assert is_sound(path)


def test_an_emptied_published_branch_gets_its_last_commit_back(
    forge: EmbeddedForge, path: Path
) -> None:
    accept(forge, 1, propose(forge, 1))
    git(path, "pack-refs", "--all")
    merged = accept(forge, 2, propose(forge, 2))
    plant(path / "refs/heads/main")
    with pytest.raises(ForgeUnavailable):
        forge.published()  # and never the older commit that is packed
    assert forge.sweep().restored == {"refs/heads/main": merged}
    assert forge.published() == merged
    assert is_sound(path)


def test_an_emptied_published_branch_without_a_log_is_left_for_a_person(
    forge: EmbeddedForge, path: Path
) -> None:
    (path / "logs/refs/heads/main").write_bytes(b"")
    plant(path / "refs/heads/main")
    assert forge.sweep().broken == []
    with pytest.raises(ForgeUnavailable):
        forge.published()


@pytest.mark.fault(13)
def test_emptied_objects_are_set_aside_and_made_anew(
    forge: EmbeddedForge, path: Path, tmp_path: Path
) -> None:
    head = propose(forge, 1)
    forge = loosen(forge, tmp_path / "packs")
    tree = git(path, "rev-parse", f"{head}:data")
    blob = git(path, "rev-parse", f"{head}:data/a.csv")
    for one in (head, tree, blob):
        plant(object_path(path, one))
    assert len(forge.sweep().broken) == 3
    assert propose(forge, 1) == head
    assert is_sound(path)


@pytest.mark.fault(13)
def test_emptied_objects_are_made_anew_even_without_a_sweep(
    forge: EmbeddedForge, path: Path, tmp_path: Path
) -> None:
    head = propose(forge, 1)
    forge = loosen(forge, tmp_path / "packs")
    plant(object_path(path, git(path, "rev-parse", f"{head}:data/a.csv")))
    assert propose(forge, 1) == head
    assert is_sound(path)


@pytest.mark.parametrize("data", [b"", b"\x78\x01garbage", b"x"])
@pytest.mark.fault(20)
def test_a_broken_object_is_unavailable_and_never_wrong_data(
    forge: EmbeddedForge, path: Path, tmp_path: Path, data: bytes
) -> None:
    forge = loosen(forge, tmp_path / "packs")
    tip = forge.published()
    blob = forge.blob(tip, "data/a.csv")
    plant(object_path(path, blob), data=data)
    for _ in range(300):  # more complaints than a pipe that nobody reads can hold
        with pytest.raises(ForgeUnavailable):
            forge.read(tip, "data/a.csv")
    plant(object_path(path, tip), data=data)
    with pytest.raises(ForgeUnavailable):  # by one that has not read it before
        EmbeddedForge(BareRepository(path), DATASET, "main").read(tip, "data/a.csv")


@pytest.mark.parametrize("place", [0.2, 0.5, 0.8])
def test_a_packed_object_that_is_damaged_is_unavailable_and_never_wrong_data(
    tmp_path: Path, place: float
) -> None:
    lines = random.Random(2).randbytes(5_000)
    forge = make_forge(tmp_path, lines)
    tip = forge.published()
    (pack,) = (forge.repository.path / "objects" / "pack").glob("*.pack")
    data = bytearray(pack.read_bytes())
    data[int(len(data) * place)] ^= 0xFF
    pack.unlink()
    pack.write_bytes(data)
    for _ in range(5):
        with pytest.raises(ForgeUnavailable):
            forge.read(tip, "data/a.csv")
    forge.repository.close()


def test_a_truncated_object_is_unavailable(tmp_path: Path) -> None:
    made = make_forge(tmp_path, random.Random(1).randbytes(300_000))
    forge = loosen(made, tmp_path / "packs")
    tip = forge.published()
    blob = object_path(forge.repository.path, forge.blob(tip, "data/a.csv"))
    data = blob.read_bytes()
    plant(blob, data=data[: len(data) // 2])
    with pytest.raises(ForgeUnavailable):
        forge.read(tip, "data/a.csv")
    plant(blob, data=data)
    assert len(forge.read(tip, "data/a.csv")) == 300_000


@pytest.mark.parametrize("step", ["fsync", "open", "rename"])
@pytest.mark.fault(14)
def test_a_full_disk_is_told_and_leaves_nothing(
    forge: EmbeddedForge, path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    before = refs(path)
    with monkeypatch.context() as patch:
        patch.setattr(os, step, full)
        with pytest.raises(StorageFull):
            propose(forge, 1)
    assert refs(path) == before
    hidden = [one.suffix for one in (path / FOLDER).iterdir()]
    assert sorted(hidden) in ([".open"], [".open", ".twin"])
    packs = [one.suffix for one in (path / "objects" / "pack").iterdir()]
    assert sorted(packs) == [".idx", ".keep", ".pack"]
    assert propose(forge, 1)
    assert is_sound(path)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b"error: unable to write file: No space left on device\n", StorageFull),
        (b"fatal: Disk quota exceeded", StorageFull),
        (b"fatal: not a git repository: '/srv/x'", ForgeUnavailable),
    ],
)
def test_what_git_says_is_told_in_our_words_without_paths(
    said: bytes, expected: type[RetoucheError]
) -> None:
    failure = Output(status=128, data=b"", errors=said).failure()
    assert type(failure) is expected
    assert failure.values == {}


def test_a_published_branch_is_moved_only_from_where_it_was(
    forge: EmbeddedForge, path: Path
) -> None:
    first, second = propose(forge, 1), propose(forge, 2)
    published = forge.published()
    merged = accept(forge, 1, first)
    with pytest.raises(HeadMoved):
        forge.merge(
            identifier(2),
            published=published,
            head=second,
            files={"data/a.csv": b"x\n"},
            message="x",
            time=NOW,
            prepared=lambda _: None,
        )
    assert refs(path)["refs/heads/main"] == merged


@pytest.mark.faults
def test_kills_at_any_time_leave_each_proposal_once_after_a_repeat(
    forge: EmbeddedForge, path: Path
) -> None:
    chance = random.Random(7)
    for _ in range(12):
        child = os.fork()
        if child == 0:  # a server of its own, killed in the middle
            own = EmbeddedForge(BareRepository(path), "centres", "main")
            for line in range(40):
                propose(own, line)
            os._exit(0)
        time.sleep(chance.uniform(0.01, 0.15))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    for lock in path.rglob("*.lock"):
        if lock.name != "retouche.lock":
            plant(lock)  # as old as they are when a server is started again
    forge.sweep()
    heads = {branch(line): propose(forge, line) for line in range(40)}
    assert refs(path, "refs/heads/proposals") == heads
    assert sorted(refs(path, "refs/merge-requests").values()) == sorted(heads.values())
    assert is_sound(path)

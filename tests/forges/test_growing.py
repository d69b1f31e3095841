"""Packs that grow: whatever is written, any git reads it, and it costs what was changed."""

from __future__ import annotations

import mmap
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from retouche.core.edited import Edit, Edited
from retouche.forges import bases, maintenance, packfile, rolling
from retouche.forges.embedded import EmbeddedForge
from retouche.forges.importer import import_folder, import_history
from retouche.forges.objects import object_id
from retouche.forges.repository import BareRepository
from retouche.forges.twins import FOLDER
from tests.forges.places import NOW, accept, identifier, make_forge, propose
from tests.forges.plain_git import ENVIRONMENT, git, is_sound, refs
from tests.forges.test_deltas import edits_of

PATH = "data/a.csv"
LINES = b"".join(b"%05d;to do;%d\n" % (line, line * line) for line in range(5_000))


@pytest.fixture
def forge(tmp_path: Path) -> Iterator[EmbeddedForge]:
    made = make_forge(tmp_path, LINES)
    yield made
    made.repository.close()


def edit(forge: EmbeddedForge, commit: str, line: int, new: bytes = b"done") -> Edited:
    """The file with one cell changed."""
    data = forge.read(commit, PATH)
    start = data.index(b"%05d;" % line) + 6
    end = data.index(b";", start)
    return Edited(data, forge.blob(commit, PATH), (Edit(start, end, new),))


def write(forge: EmbeddedForge, parent: str, content: bytes | Edited, message: str = "x") -> str:
    return forge.commit(parent=parent, files={PATH: content}, message=message, time=NOW)


def publish(forge: EmbeddedForge, number: int, content: Edited) -> str:
    """Propose and accept; give what is published then."""
    tip = forge.published()
    head = forge.open(
        identifier(number), parent=tip, files={PATH: content}, message=f"{number}", time=NOW
    ).head
    return forge.merge(
        identifier(number),
        published=tip,
        head=head,
        files={PATH: content},
        message=f"Accept {number}",
        time=NOW,
        prepared=lambda _: None,
    )


def cat(path: Path, name: str) -> bytes:
    command = ["git", "-C", str(path), "cat-file", "blob", name]
    return subprocess.run(command, env=ENVIRONMENT, check=True, capture_output=True).stdout


def visible(path: Path) -> list[str]:
    return sorted(one.name for one in (path / "objects" / "pack").iterdir())


def depth(path: Path, blob: str) -> int:
    """How many deltas git puts together for a blob."""
    (index,) = (path / "objects" / "pack").glob("*.idx")
    words = git(path, "verify-pack", "-v", str(index)).splitlines()
    (line,) = (one.split() for one in words if one.startswith(blob))
    return int(line[5]) if len(line) > 5 else 0


def check(path: Path, folder: Path) -> None:
    """Any git finds it sound: fsck, every pack on its own, a clone, and a repack of the clone."""
    assert is_sound(path)
    for pack in (path / "objects" / "pack").glob("*.pack"):
        git(path, "verify-pack", str(pack.with_suffix(".idx")))
        git(path, "index-pack", "--strict", "-o", str(folder / "check.idx"), str(pack))
        assert (folder / "check.idx").read_bytes() == pack.with_suffix(".idx").read_bytes()
    git(folder, "clone", "--quiet", "--mirror", f"file://{path}", str(folder / "clone.git"))
    git(folder / "clone.git", "repack", "-a", "-d", "-f", "-q")
    assert is_sound(folder / "clone.git")
    shutil.rmtree(folder / "clone.git")


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data(), base=st.binary(max_size=200))
def test_every_version_is_read_back_by_git(
    tmp_path: Path, data: st.DataObject, base: bytes
) -> None:
    folder = tmp_path / f"{time.monotonic_ns()}"
    forge = make_forge(folder, base)
    versions = [(forge.published(), base)]
    for number in range(data.draw(st.integers(1, 6))):
        parent, old = data.draw(st.sampled_from(versions))
        content: bytes | Edited
        if data.draw(st.booleans()) or number < 2:
            edits = data.draw(edits_of(len(old)))
            content = Edited(old, forge.blob(parent, PATH), edits)
        else:
            content = data.draw(st.binary(max_size=50))
        versions.append((write(forge, parent, content, f"{number}"), bytes(content)))
    for number, (commit, expected) in enumerate(versions):
        git(forge.repository.path, "update-ref", f"refs/heads/x{number}", commit)
        assert cat(forge.repository.path, f"{commit}:{PATH}") == expected
        assert forge.read(commit, PATH) == expected
    check(forge.repository.path, folder)
    forge.repository.close()


def test_an_edit_costs_less_than_a_kilobyte(forge: EmbeddedForge) -> None:
    path = forge.repository.path
    tip = forge.published()
    write(forge, tip, edit(forge, tip, 1))

    def size() -> int:
        return sum(one.stat().st_size for one in path.rglob("*") if one.is_file())

    before = size()
    for line in range(2, 22):
        write(forge, tip, edit(forge, tip, line), f"{line}")
    # Twice: the pack that git sees, and its twin.
    assert (size() - before) / 20 < 2 * 600
    assert len(visible(path)) == 3  # a pack, its index, and what keeps `git gc` from it


def test_a_mapped_base_is_as_good_as_bytes(forge: EmbeddedForge, tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(LINES)
    tip = forge.published()
    with (tmp_path / "kept").open("rb") as file:
        base = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    content = Edited(base, forge.blob(tip, PATH), (Edit(0, 5, b"zero"),))
    commit = write(forge, tip, content)
    assert forge.read(commit, PATH) == b"zero" + LINES[5:]
    assert forge.blob(commit, PATH) == object_id("blob", b"zero" + LINES[5:])


def test_a_proposal_on_the_published_version_is_a_delta_of_that_version(
    forge: EmbeddedForge,
) -> None:
    """Whoever has the published version then gets the delta as it is stored."""
    for number in range(4):
        published = publish(forge, number, edit(forge, forge.published(), number))
    head = write(forge, published, edit(forge, published, 90))
    command = ["git", "-C", str(forge.repository.path), "pack-objects"]
    start = time.monotonic()
    packed = subprocess.run(
        [*command, "--thin", "--stdout", "--revs", "--delta-base-offset", "-q"],
        input=f"{head}\n^{published}\n".encode(),
        env=ENVIRONMENT,
        check=True,
        capture_output=True,
    ).stdout
    assert len(packed) < 600
    assert time.monotonic() - start < 2


def test_chains_of_deltas_stay_short(forge: EmbeddedForge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bases, "DEEPEST", 5)
    monkeypatch.setattr(bases, "MOST_EDITS", 8)
    commit = forge.published()
    deepest = 0
    for line in range(30):
        commit = write(forge, commit, edit(forge, commit, line * 7), f"{line}")
        deepest = max(deepest, depth(forge.repository.path, forge.blob(commit, PATH)))
    assert 2 <= deepest <= 5
    expected = LINES
    for line in range(30):
        expected = expected.replace(b"%05d;to do" % (line * 7), b"%05d;done" % (line * 7))
    assert cat(forge.repository.path, f"{commit}:{PATH}") == expected


def test_a_full_pack_is_sealed_and_the_next_one_begins_with_the_base(
    forge: EmbeddedForge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rolling, "MOST", 30)
    for number in range(20):
        publish(forge, number, edit(forge, forge.published(), number))
    path = forge.repository.path
    assert 6 <= len(visible(path)) <= 12
    assert len(list((path / FOLDER).glob("*.open"))) == 1
    expected = b"".join(
        b"%05d;%s;%d\n" % (line, b"done" if line < 20 else b"to do", line * line)
        for line in range(5_000)
    )
    assert cat(path, f"main:{PATH}") == expected
    check(path, tmp_path)


def test_files_that_grow_together_share_a_pack_and_big_ones_do_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rolling, "SHARED", 30_000)
    folder = tmp_path / "package"
    folder.mkdir()
    chance = random.Random(3)
    for name, size in {"a": 200, "b": 300, "c": 70_000, "d": 80_000}.items():
        (folder / f"{name}.csv").write_bytes(chance.randbytes(size))
    import_folder(folder, tmp_path / "x.git", message="Import\n", time=NOW)
    forge = EmbeddedForge(BareRepository(tmp_path / "x.git"), "x", "main")
    tip = forge.published()
    for name in "cadbcadb":
        data = forge.read(tip, f"{name}.csv")
        content = Edited(data, forge.blob(tip, f"{name}.csv"), (Edit(50, 60, os.urandom(9)),))
        tip = forge.commit(parent=tip, files={f"{name}.csv": content}, message=name, time=NOW)
        git(tmp_path / "x.git", "update-ref", "refs/heads/main", tip)
    sizes = [one.stat().st_size for one in (tmp_path / "x.git/objects/pack").glob("*.pack")]
    assert len(sizes) == 3
    assert sum(sizes) < 155_000
    check(tmp_path / "x.git", tmp_path)


def test_two_files_of_one_proposal_are_both_deltas(tmp_path: Path) -> None:
    folder = tmp_path / "package"
    (folder / "data").mkdir(parents=True)
    for name in "ab":
        (folder / "data" / f"{name}.csv").write_bytes(name.encode() + LINES)
    import_folder(folder, tmp_path / "x.git", message="Import\n", time=NOW)
    forge = EmbeddedForge(BareRepository(tmp_path / "x.git"), "x", "main")
    tip = forge.published()
    files = {
        f"data/{name}.csv": Edited(
            name.encode() + LINES, forge.blob(tip, f"data/{name}.csv"), (Edit(0, 1, b"c"),)
        )
        for name in "ab"
    }
    commit = forge.commit(parent=tip, files=files, message="x", time=NOW)
    assert forge.read(commit, "data/a.csv") == forge.read(commit, "data/b.csv") == b"c" + LINES
    assert is_sound(tmp_path / "x.git")


def test_a_history_made_by_git_is_gone_on_with(tmp_path: Path, forge: EmbeddedForge) -> None:
    for number in range(5):
        publish(forge, number, edit(forge, forge.published(), number))
    git(forge.repository.path, "repack", "-a", "-d", "-f", "-q", "--depth=3")
    import_history(forge.repository.path, tmp_path / "copy.git")
    copy = EmbeddedForge(BareRepository(tmp_path / "copy.git"), "centres", "main")
    for number in range(10, 15):
        publish(copy, number, edit(copy, copy.published(), number))
    assert cat(copy.repository.path, f"main:{PATH}").count(b";done;") == 10
    check(copy.repository.path, tmp_path)


def test_a_base_that_is_loose_is_brought_in(forge: EmbeddedForge, tmp_path: Path) -> None:
    path = forge.repository.path
    for pack in (path / "objects" / "pack").glob("*"):
        shutil.move(pack, tmp_path / pack.name)
    for pack in tmp_path.glob("*.pack"):
        git(path, "unpack-objects", "-q", data=pack.read_bytes())
    tip = forge.published()
    commit = write(forge, tip, edit(forge, tip, 3))
    assert cat(path, f"{commit}:{PATH}").count(b";done;") == 1
    assert is_sound(path)


def test_what_is_not_the_base_it_is_said_to_be_does_no_harm(forge: EmbeddedForge) -> None:
    tip = forge.published()
    wrong = Edited(LINES + b"more", forge.blob(tip, PATH), (Edit(0, 1, b"x"),))
    commit = write(forge, tip, wrong)
    assert cat(forge.repository.path, f"{commit}:{PATH}") == b"x" + LINES[1:] + b"more"
    assert is_sound(forge.repository.path)


def test_a_local_clone_that_links_our_packs_never_changes(
    forge: EmbeddedForge, tmp_path: Path
) -> None:
    path = forge.repository.path
    clones = []
    for number in range(4):
        publish(forge, number, edit(forge, forge.published(), number))
        clones.append(tmp_path / f"clone-{number}.git")
        git(tmp_path, "clone", "--quiet", "--mirror", "--local", str(path), str(clones[-1]))
    for number in range(4, 8):
        publish(forge, number, edit(forge, forge.published(), number))
    assert all(is_sound(clone) for clone in clones)


def test_a_pack_that_somebody_still_reads_never_changes(forge: EmbeddedForge) -> None:
    path = forge.repository.path
    publish(forge, 0, edit(forge, forge.published(), 0))
    (name,) = (path / "objects" / "pack").glob("*.pack")
    before = name.read_bytes()
    with name.open("rb") as file:
        for number in range(1, 5):
            publish(forge, number, edit(forge, forge.published(), number))
        assert file.read() == before
    for number in range(5, 8):
        publish(forge, number, edit(forge, forge.published(), number))
    assert is_sound(path)


@pytest.mark.parametrize("damage", ["cut", "empty", "garbage", "gone", "of another time"])
def test_a_damaged_twin_is_not_used(forge: EmbeddedForge, damage: str) -> None:
    path = forge.repository.path
    for number in range(3):
        publish(forge, number, edit(forge, forge.published(), number))
    (twin,) = (path / FOLDER).glob("*.twin")
    content = twin.read_bytes()
    other = content + content if damage == "of another time" else bytes(len(content))
    found = {"cut": content[:-9], "empty": b"", "gone": None}.get(damage, other)
    twin.unlink()
    if found is not None:
        twin.write_bytes(found)
    publish(forge, 3, edit(forge, forge.published(), 3))
    assert is_sound(path)


@pytest.mark.parametrize("damage", ["cut", "empty"])
def test_a_damaged_pack_does_not_grow(forge: EmbeddedForge, damage: str) -> None:
    """What is broken is told; what is new is sound."""
    path = forge.repository.path
    tip = forge.published()
    content = edit(forge, tip, 1)
    write(forge, tip, content)
    (pack,) = (path / "objects" / "pack").glob("*.pack")
    whole = pack.read_bytes()
    pack.unlink()
    pack.write_bytes(whole[:-30] if damage == "cut" else b"")
    write(forge, tip, content, "y")
    (added,) = set((path / "objects" / "pack").glob("*.pack")) - {pack}
    git(path, "verify-pack", str(added.with_suffix(".idx")))
    pack.unlink()
    pack.write_bytes(whole)
    assert is_sound(path)


def test_the_edits_between_two_versions_are_told_by_the_deltas(forge: EmbeddedForge) -> None:
    start = forge.published()
    first = edit(forge, start, 10, b"first")
    one = publish(forge, 1, first)
    second = edit(forge, one, 20, b"second")
    two = publish(forge, 2, second)
    beside = write(forge, start, edit(forge, start, 5, b"beside"))
    blobs = {name: forge.blob(name, PATH) for name in (start, one, two, beside)}
    assert forge.edits(blobs[start], blobs[one]) == first.edits
    assert forge.edits(blobs[one], blobs[two]) == second.edits
    assert forge.edits(blobs[two], blobs[two]) == ()
    assert forge.edits(blobs[start], "0" * 40) is None
    for old in blobs:
        for new in blobs:
            found = forge.edits(blobs[old], blobs[new])
            assert found is not None
            made = Edited(forge.read(old, PATH), blobs[old], found)
            assert bytes(made) == forge.read(new, PATH)


def test_a_long_way_back_is_not_told_by_the_deltas(
    forge: EmbeddedForge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packfile, "SHORT", 20)
    start = forge.published()
    one = publish(forge, 1, edit(forge, start, 10, b"first"))
    two = publish(forge, 2, edit(forge, one, 20, b"second"))
    old, new = forge.blob(start, PATH), forge.blob(two, PATH)
    assert forge.edits(old, new) is not None
    assert forge.edits(new, old) is None  # what stood there is not in a delta


def test_other_processes_see_at_once_what_is_written(forge: EmbeddedForge) -> None:
    other = EmbeddedForge(BareRepository(forge.repository.path), "centres", "main")
    commit = forge.published()
    for line in range(20):
        writer, reader = (forge, other) if line % 2 else (other, forge)
        commit = write(writer, commit, edit(writer, commit, line), f"{line}")
        assert reader.resolve(commit) == commit
        assert reader.read(commit, PATH).count(b";done;") == line + 1
    other.repository.close()


def test_several_processes_grow_one_pack_while_others_read(
    forge: EmbeddedForge, tmp_path: Path
) -> None:
    path = forge.repository.path
    lines = b"".join(b"%d;to do\n" % line for line in range(40))
    tip = write(forge, forge.published(), lines)
    git(path, "update-ref", "refs/heads/main", tip)
    command = [sys.executable, "-m", "tests.forges.writer", str(path)]
    writers = [
        subprocess.Popen([*command, str(first), str(first + 8)], stderr=subprocess.PIPE)
        for first in (0, 8, 16, 24)
    ]
    rounds = 0
    while any(one.poll() is None for one in writers):
        rounds += 1
        heads = "\n".join(refs(path).values())
        told = subprocess.run(
            ["git", "-C", str(path), "cat-file", "--batch"],
            input=heads.encode(),
            env=ENVIRONMENT,
            check=True,
            capture_output=True,
        )
        assert told.stderr == b""
        assert b" missing" not in told.stdout
        clone = tmp_path / f"clone-{rounds}.git"
        git(tmp_path, "clone", "--quiet", "--mirror", f"file://{path}", str(clone))
        assert is_sound(clone)
        shutil.rmtree(clone)
    for one in writers:
        _, errors = one.communicate(timeout=60)
        assert one.returncode == 0, errors.decode()
    assert rounds > 2
    done = forge.read(forge.published(), PATH)
    assert done.count(b";done\n") == 32
    assert len(visible(path)) == 3  # a pack, its index, and what keeps `git gc` from it
    check(path, tmp_path)


def test_a_repository_is_sound_after_many_proposals_and_a_maintenance_run(
    forge: EmbeddedForge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rolling, "MOST", 100)
    for number in range(60):
        content = edit(forge, forge.published(), number)
        if number % 3:
            publish(forge, number, content)
        else:
            forge.open(
                identifier(number),
                parent=forge.published(),
                files={PATH: content},
                message="x",
                time=NOW,
            )
    path = forge.repository.path
    before, tip = refs(path), forge.published()
    expected = forge.read(tip, PATH)
    assert not forge.maintain()  # not worth it yet
    monkeypatch.setattr(maintenance, "PACKS", 1)
    assert forge.maintain()
    assert refs(path) == before
    assert [one for one in visible(path) if one.endswith(".pack")] == visible(path)[1:2]
    assert list((path / FOLDER).iterdir()) == []
    assert forge.read(tip, PATH) == expected
    check(path, tmp_path)
    for number in range(60, 65):
        publish(forge, number, edit(forge, forge.published(), number))
    assert forge.contains(tip, forge.published())
    check(path, tmp_path)


def test_maintenance_keeps_what_has_no_ref_yet(
    forge: EmbeddedForge, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = write(forge, forge.published(), edit(forge, forge.published(), 3))
    monkeypatch.setattr(maintenance, "PACKS", 0)
    assert forge.maintain()
    fresh = EmbeddedForge(BareRepository(forge.repository.path), "centres", "main")
    assert fresh.read(commit, PATH).count(b";done;") == 1
    fresh.repository.close()


@pytest.mark.fault(18)
def test_a_gc_by_hand_in_between_does_no_harm(forge: EmbeddedForge, tmp_path: Path) -> None:
    path = forge.repository.path
    for number in range(6):
        publish(forge, number, edit(forge, forge.published(), number))
        if number % 2:
            git(path, "gc", "--quiet", "--prune=now")
    assert forge.read(forge.published(), PATH).count(b";done;") == 6
    check(path, tmp_path)


@pytest.mark.parametrize("command", ["gc --quiet --prune=now", "repack -a -d -q"])
@pytest.mark.fault(18)
def test_a_gc_by_hand_drops_nothing_that_is_about_to_have_a_ref(
    forge: EmbeddedForge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    path = forge.repository.path
    commit = write(forge, forge.published(), edit(forge, forge.published(), 3))
    git(path, *command.split())
    git(path, "update-ref", "refs/heads/main", commit)
    assert cat(path, f"main:{PATH}").count(b";done;") == 1
    check(path, tmp_path)
    monkeypatch.setattr(maintenance, "PACKS", 0)
    assert forge.maintain()
    assert not list((path / "objects" / "pack").glob("*.keep"))


def test_what_others_keep_from_git_stays_kept(
    forge: EmbeddedForge, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = next((forge.repository.path / "objects" / "pack").glob("*.pack")).with_suffix(".keep")
    theirs.write_text("ours alone")
    monkeypatch.setattr(maintenance, "PACKS", 0)
    assert forge.maintain()
    assert theirs.exists()


def test_an_index_over_many_packs_made_by_hand_does_no_harm(
    forge: EmbeddedForge, tmp_path: Path
) -> None:
    path = forge.repository.path
    for number in range(3):
        publish(forge, number, edit(forge, forge.published(), number))
        git(path, "multi-pack-index", "write")
    publish(forge, 4, edit(forge, forge.published(), 4))
    check(path, tmp_path)


def test_many_big_edits_can_still_be_read_and_edited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bases, "DEEPEST", 4)
    forge = make_forge(tmp_path, b"x" * 4_000_000)
    tip, expected = forge.published(), b"x" * 4_000_000
    for number in range(9):
        start, size = number * 400_000, 1_000_000 if number == 5 else 300_000
        new = random.Random(number).randbytes(size)
        content = Edited(expected, forge.blob(tip, PATH), (Edit(start, start + 300_000, new),))
        tip, expected = write(forge, tip, content), bytes(content)
    assert forge.read(tip, PATH) == expected
    assert cat(forge.repository.path, f"{tip}:{PATH}") == expected


def test_a_home_of_loose_objects_is_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the first release left them."""
    forge = make_forge(tmp_path)
    path, heads = forge.repository.path, [propose(forge, number) for number in range(3)]
    forge.repository.close()
    packs = path / "objects" / "pack"
    (pack,) = packs.glob("*.pack")
    pack.rename(tmp_path / "all.pack")
    for left in packs.iterdir():
        left.unlink()
    git(path, "unpack-objects", "-q", data=(tmp_path / "all.pack").read_bytes())
    shutil.rmtree(path / FOLDER)
    forge = EmbeddedForge(BareRepository(path), "centres", "main")
    accept(forge, 1, heads[1])
    assert propose(forge, 7)
    monkeypatch.setattr(maintenance, "PACKS", 0)
    assert forge.maintain()
    assert b"\n1;done\n2;to do\n" in forge.read(forge.published(), PATH)
    assert all(b"%d;done\n" % line in forge.read(head, PATH) for line, head in enumerate(heads))
    assert is_sound(path)
    forge.repository.close()


def test_an_object_in_a_file_of_another_user_is_written_again(
    forge: EmbeddedForge, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = edit(forge, forge.published(), 3)
    commit = write(forge, forge.published(), content)

    def refused(*_: object) -> None:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(os, "utime", refused)
        assert write(forge, forge.published(), content) == commit
    assert is_sound(forge.repository.path)


def test_accepting_what_was_proposed_on_the_published_version_writes_one_small_object(
    tmp_path: Path,
) -> None:
    forge = make_forge(tmp_path)
    head = propose(forge, 1)
    before = int(git(forge.repository.path, "count-objects", "-v").split("in-pack: ")[1].split()[0])
    accept(forge, 1, head)
    after = int(git(forge.repository.path, "count-objects", "-v").split("in-pack: ")[1].split()[0])
    assert after == before + 1

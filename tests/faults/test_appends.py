"""A kill before every single step of an append, and a disk that fails at every one of them."""

from __future__ import annotations

import errno
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from retouche.core.edited import Edit, Edited
from retouche.core.errors import ForgeUnavailable, RetoucheError, StorageFull
from retouche.forges import rolling
from retouche.forges.embedded import EmbeddedForge
from retouche.forges.repository import BareRepository
from retouche.forges.twins import FOLDER
from tests.forges.places import NOW, make_forge
from tests.forges.plain_git import git, is_sound

pytestmark = pytest.mark.faults
PATH = "data/a.csv"
STEPS = ("chmod", "fchmod", "fsync", "open", "pwrite", "rename", "truncate", "unlink")
LINES = b"".join(b"%05d;to do\n" % line for line in range(500))
STATES = {"just imported": 0, "with a twin": 3, "about to be sealed": 3, "after a kill": 3}


def write(forge: EmbeddedForge, line: int) -> str:
    tip = forge.published()
    data = forge.read(tip, PATH)
    start = data.index(b"%05d;" % line) + 6
    content = Edited(data, forge.blob(tip, PATH), (Edit(start, start + 5, b"done"),))
    return forge.commit(parent=tip, files={PATH: content}, message=f"{line}", time=NOW)


def opened(path: Path) -> EmbeddedForge:
    return EmbeddedForge(BareRepository(path), "centres", "main")


def prepare(folder: Path, state: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    forge = make_forge(folder, LINES)
    path = forge.repository.path
    for line in range(STATES[state]):
        git(path, "update-ref", "refs/heads/main", write(forge, line))
    if state == "about to be sealed":
        count = int(git(path, "count-objects", "-v").split("in-pack: ")[1].split()[0])
        monkeypatch.setattr(rolling, "MOST", count)
    if state == "after a kill":
        assert in_child(path, before_step(9, kill)) == signal.SIGKILL
    return path


def before_step(number: int, fault: Callable[[], None]) -> Callable[[], None]:
    """Have something happen before the n-th step that changes files."""
    left = [number]

    def wrapped(real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*arguments: Any, **others: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                fault()
            return real(*arguments, **others)

        return step

    def install() -> None:
        for name in STEPS:
            setattr(os, name, wrapped(getattr(os, name)))

    return install


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def in_child(path: Path, install: Callable[[], None]) -> int:
    """Write a commit in a process of its own; give the signal that ended it, 0 for none."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            forge = opened(path)
            forge.read(forge.published(), PATH)
            install()
            write(forge, 77)
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def check(path: Path, before: dict[str, bytes]) -> None:
    """All that was written can be read, the next writes go well, and nothing is left over."""
    assert is_sound(path)
    forge = opened(path)
    for commit, content in before.items():
        assert forge.read(commit, PATH) == content
    for line in (77, 88):
        commit = write(forge, line)
        assert b"%05d;done" % line in forge.read(commit, PATH)
        git(path, "update-ref", "refs/heads/main", commit)
    assert is_sound(path)
    packs = sorted(one.name for one in (path / "objects" / "pack").iterdir())
    stems = {one.split(".")[0] for one in packs}
    assert packs == sorted(f"{stem}.{kind}" for stem in stems for kind in ("idx", "keep", "pack"))
    assert len(stems) <= 2
    hidden = sorted(one.suffix for one in (path / FOLDER).iterdir())
    assert hidden == [".open", ".twin"]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.fault(4, 5, 6)
def test_a_kill_before_any_step_of_an_append_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    made = prepare(tmp_path / "made", state, monkeypatch)
    forge = opened(made)
    before = {one.id: forge.read(one.id, PATH) for one in forge.revisions(forge.published())}
    forge.repository.close()
    kills = 0
    while True:
        path = tmp_path / "copy.git"
        shutil.copytree(made, path)
        if in_child(path, before_step(kills, kill)) != signal.SIGKILL:
            break
        check(path, before)
        shutil.rmtree(path)
        kills += 1
    assert kills > 12
    check(path, before)


@pytest.mark.parametrize(
    ("code", "expected"), [(errno.ENOSPC, StorageFull), (errno.EIO, ForgeUnavailable)]
)
@pytest.mark.fault(14)
def test_a_disk_that_fails_at_any_step_of_an_append_does_no_harm(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    code: int,
    expected: type[RetoucheError],
) -> None:
    made = prepare(tmp_path / "made", "with a twin", monkeypatch)
    forge = opened(made)
    before = {one.id: forge.read(one.id, PATH) for one in forge.revisions(forge.published())}
    forge.repository.close()

    def fail() -> None:
        raise OSError(code, os.strerror(code))

    failures = 0
    for step in range(100):
        path = tmp_path / "copy.git"
        shutil.copytree(made, path)
        forge = opened(path)
        forge.read(forge.published(), PATH)
        with monkeypatch.context() as patch:
            for name in STEPS:
                patch.setattr(os, name, getattr(os, name))
            before_step(step, fail)()
            try:
                write(forge, 77)
            except expected:
                failures += 1
            else:
                break
        check(path, before)
        shutil.rmtree(path)
    assert failures > 8

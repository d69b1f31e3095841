"""What a power cut may take: nothing that was acknowledged. Shown by the order in which the
server makes its writes durable, and by planting what a cut leaves."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine.default import DefaultDialect

from retouche.forges.repository import BareRepository
from retouche.wiring import Services, recover, repository_path
from tests.datasets import Browser, serve, update, write_desks
from tests.faults.homes import started
from tests.forges.places import plant
from tests.forges.plain_git import git, is_sound, refs

SEND = """
import os, sys
from pathlib import Path
from retouche.settings import Settings
from retouche.wiring import build

settings = Settings(home=Path(sys.argv[1]), secret_key="a secret for tests")
services = build(settings, {"desks": "main"})
dataset = services.catalogue.get("desks")
operation = {"op": "update", "resource": "desks", "key": {"id": "01"}, "new": {"agents": "5"}}
body = {"operations": [operation]}
os.write(1, b"sending")
services.proposals.submit(dataset, body)
os.write(1, b"answered")
services.close()
"""
SYNCED = re.compile(r"f(?:data)?sync\(\d+<([^>]+)>\)\s*= 0")
JOURNAL, PACK, INDEX, REF = "journal", "pack", "index", "ref"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    serve(tmp_path / "home", {"desks": write_desks(tmp_path / "package")}).close()
    return tmp_path / "home"


@pytest.fixture
def services(home: Path) -> Iterator[Services]:
    services = started(home)
    yield services
    services.close()


def kind_of(path: str) -> str | None:
    """What a file that was synced is."""
    if "journal.sqlite" in path:
        return JOURNAL
    if "/refs/" in path:
        return REF
    if "/retouche-packs/" in path or "/objects/pack/" in path:
        return INDEX if "index" in path or path.endswith(".idx") else PACK
    return None


def check_order(events: list[str]) -> None:
    """The row before all else, then the objects, then the ref, then the state, then the answer."""
    first_row, last_state = events.index(JOURNAL), len(events) - 1 - events[::-1].index(JOURNAL)
    objects = [n for n, one in enumerate(events) if one in (PACK, INDEX)]
    moved = [n for n, one in enumerate(events) if one == REF]
    assert objects, events
    assert moved, events
    assert first_row < min(objects) <= max(objects) < min(moved) <= max(moved) < last_state, events


@pytest.mark.fault(13)
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_the_system_is_told_to_keep_each_step_before_the_next(home: Path, tmp_path: Path) -> None:
    told = tmp_path / "calls"
    traced = ["strace", "-f", "-y", "-e", "trace=fsync,fdatasync,write", "-o", str(told)]
    done = subprocess.run(
        [*traced, sys.executable, "-c", SEND, str(home)], capture_output=True, check=False
    )
    if b"ptrace" in done.stderr and done.returncode:
        pytest.skip("this machine lets nobody trace a process")
    assert done.returncode == 0, done.stderr
    calls = told.read_text(errors="replace")
    begin, end = calls.index('"sending"'), calls.index('"answered"')
    paths = SYNCED.findall(calls[begin:end])
    check_order([kind for path in paths if (kind := kind_of(path)) is not None])


@pytest.mark.fault(13)
def test_each_step_is_made_durable_before_the_next(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same from inside, where no process can be traced: SQLite syncs each commit, and git
    each ref, as their settings say."""
    events: list[str] = []
    real_sync = os.fsync
    real_commit: Any = DefaultDialect.do_commit
    real_move = BareRepository.update_refs

    def fsync(descriptor: int) -> None:
        real_sync(descriptor)
        kind = kind_of(os.readlink(f"/proc/self/fd/{descriptor}"))
        if kind is not None:
            events.append(kind)

    def commit(self: DefaultDialect, connection: Any) -> None:
        real_commit(self, connection)
        events.append(JOURNAL)

    def move(self: BareRepository, commands: bytes) -> Any:
        result = real_move(self, commands)
        events.append(REF)
        return result

    dataset = services.catalogue.get("desks")
    body = {"operations": [update("01", agents="5")]}
    services.proposals.validate(dataset, body)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fsync)
        patch.setattr(DefaultDialect, "do_commit", commit)
        patch.setattr(BareRepository, "update_refs", move)
        services.proposals.submit(dataset, body)
    check_order(events)
    assert "fsync = committed,reference" in (dataset_path(services) / "config").read_text()


def dataset_path(services: Services) -> Path:
    return repository_path(services.settings.home, "desks")


def state(path: Path) -> dict[str, str]:
    return {**refs(path, "refs/heads"), **refs(path, "refs/merge-requests")}


@pytest.mark.fault(13)
@pytest.mark.parametrize("taken", ["branch", "merge request", "both", "decided"])
def test_refs_that_a_cut_emptied_are_made_anew_from_the_journal(home: Path, taken: str) -> None:
    desks = Browser(started(home))
    path = repository_path(home, "desks")
    first, second = desks.propose(update("01", agents="5")), desks.propose(update("02", agents="6"))
    if taken == "decided":
        desks.accept(second.json)
    before = state(path)
    desks.services.close()
    if taken in ("branch", "both"):
        plant(path / f"refs/heads/proposals/desks/{first.json['id']}")
    if taken in ("merge request", "both"):
        plant(path / "refs/merge-requests/1/head")
    if taken == "decided":
        plant(path / "refs/merge-requests/2/head")
    services = started(home)
    assert recover(services) == []
    assert state(path) == before
    assert is_sound(path)
    desks = Browser(services)
    assert desks.accept(first.json).status_code == 200
    services.close()


@pytest.mark.fault(13)
def test_objects_and_a_ref_that_a_cut_emptied_are_made_anew_from_the_journal(home: Path) -> None:
    desks = Browser(started(home))
    path = repository_path(home, "desks")
    loosen(path)
    sent = desks.propose(update("01", agents="5")).json
    before = state(path)
    desks.services.close()
    loosen(path)
    head = sent["head"]
    for one in (head, git(path, "rev-parse", f"{head}:desks.csv")):
        plant(path / "objects" / one[:2] / one[2:])
    plant(path / f"refs/heads/proposals/desks/{sent['id']}")
    services = started(home)
    assert recover(services) == []
    assert state(path) == before
    assert is_sound(path)
    assert Browser(services).accept(sent).status_code == 200
    services.close()


def loosen(path: Path) -> None:
    """Each object in a file of its own, as git itself may leave them."""
    aside = path.with_name("packs")
    aside.mkdir()
    for one in (path / "objects" / "pack").iterdir():
        one.rename(aside / one.name)
    for one in aside.glob("*.pack"):
        git(path, "unpack-objects", "-q", data=one.read_bytes())
    shutil.rmtree(aside)
    shutil.rmtree(path / "retouche-packs", ignore_errors=True)

"""A disk that fills up while corrections are sent: told, nothing acknowledged is lost, and it goes
on when there is room."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from retouche.wiring import recover, repository_path
from tests.datasets import Browser, serve, update, write_desks
from tests.faults.homes import started
from tests.forges.plain_git import is_sound, refs

ROWS = 120
STEPS = 30
DISK = 24_000_000
NOTHING_HALF = ("tmp_", ".tmp-", ".lock")
SEND = """
import json, sys
from pathlib import Path
from tests.faults.test_full_disk import fill
print(json.dumps(fill(Path(sys.argv[1]), sys.argv[2])))
"""


def prepare(home: Path, package: Path) -> None:
    rows = "".join(f"{n:04d},Desk {n},84003,,2,,,,\n" for n in range(ROWS))
    header = "id,name,city_code,phone,agents,opened,latitude,longitude,note\n"
    serve(home, {"desks": write_desks(package, desks=header + rows)}).close()


def opened(home: Path) -> Browser:
    return Browser(started(home))


def fill(home: Path, how: str) -> dict[str, Any]:
    """Send a correction with ever more room left; give what was answered."""
    desks = opened(home)
    dataset = desks.services.catalogue.get("desks")
    dataset.at().snapshot("desks")
    answers = []
    for number in range(STEPS):
        give_room(home, 256 * number**2 if number < STEPS - 1 else 4_000_000, how)
        text = f"{number:04d} " + os.urandom(1500).hex()  # more than a few bytes of each file
        answer = desks.propose(update(f"{number:04d}", note=text[:3000]))
        answers.append((answer.status_code, answer.json.get("code"), answer.json.get("id")))
        assert desks.get("/resources/desks/rows?page_size=1").status_code == 200
    desks.services.close()
    return {"answers": answers}


def give_room(home: Path, room: int, how: str) -> None:
    if how == "limit":
        import resource
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        sizes = [one.stat().st_size for one in home.rglob("*") if one.is_file()]
        _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (max(4096, max(sizes) // 8 + room), hard))
        return
    ballast = home.parent / "ballast"
    ballast.unlink(missing_ok=True)
    with ballast.open("wb") as file:
        free = os.statvfs(home.parent)
        size = free.f_bavail * free.f_frsize - room
        if size > 0:
            os.posix_fallocate(file.fileno(), 0, size)


def check_all_there(home: Path, answers: list[Any]) -> None:
    """There is room again: all that was acknowledged is open, and new corrections are taken."""
    acknowledged = {one[2] for one in answers if one[0] in (201, 202)}
    desks = opened(home)
    assert recover(desks.services) == []
    found = desks.get("/proposals?page_size=1000").json["data"]
    assert acknowledged <= {one["id"] for one in found}
    assert {one["state"] for one in found} == {"open"}
    path = repository_path(home, "desks")
    assert len(refs(path, "refs/heads/proposals")) == len(found)
    assert desks.propose(update(f"{ROWS - 1:04d}", agents="5")).status_code == 201
    assert is_sound(path)
    left = [
        str(one.relative_to(home))
        for one in path.rglob("*")
        if one.name.startswith(NOTHING_HALF[:2]) or one.name.endswith(NOTHING_HALF[2])
    ]
    assert [one for one in left if not one.endswith("retouche.lock")] == []
    desks.services.close()


@pytest.mark.fault(14)
def test_a_disk_that_is_full_at_any_write_loses_nothing(tmp_path: Path) -> None:
    """On a small file system of its own, seen by one process alone."""
    if os.geteuid() != 0 or shutil.which("unshare") is None:
        pytest.skip("only root may mount a small file system")
    prepare(tmp_path / "home", tmp_path / "package")
    disk = tmp_path / "disk"
    disk.mkdir()
    script = (
        f'mount -t tmpfs -o size={DISK} tmpfs "{disk}" && cp -r "{tmp_path}/home" "{disk}/home" && '
        f'"{sys.executable}" -c "$SEND" "{disk}/home" ballast && rm "{disk}/ballast" && '
        f'cp -r "{disk}/home" "{tmp_path}/after"'
    )
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script],
        env={**os.environ, "SEND": SEND},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    if "permission denied" in done.stderr.lower() or "not permitted" in done.stderr.lower():
        pytest.skip("this machine lets nobody mount a small file system")
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout.splitlines()[-1])["answers"]
    assert {tuple(one[:2]) for one in answers} <= {
        (201, None),
        (202, None),
        (507, "storage_full"),
    }
    assert answers[0][0] == 507
    assert answers[-1][0] == 201
    check_all_there(tmp_path / "after", answers)


@pytest.mark.fault(14)
def test_files_that_may_not_grow_any_more_lose_nothing(tmp_path: Path) -> None:
    """The same for who may not mount: the system refuses to make files longer."""
    home = tmp_path / "home"
    prepare(home, tmp_path / "package")
    done = subprocess.run(
        [sys.executable, "-c", SEND, str(home), "limit"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout.splitlines()[-1])["answers"]
    codes = {one[0] for one in answers}
    assert codes <= {201, 202, 503, 507}  # SQLite tells no full disk from a broken one here
    assert codes & {503, 507}
    check_all_there(home, answers)

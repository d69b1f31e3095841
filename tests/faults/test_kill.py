"""`kill -9` of the whole server at random while corrections arrive: nothing acknowledged is lost.

The server is the real one, started from the command line; the clients are real connections.
"""

from __future__ import annotations

import random
import subprocess
import threading
import time
import urllib.error
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest

from tests.datasets import write_desks
from tests.server import Server

pytestmark = pytest.mark.faults
PROPOSALS = 200
CLIENTS = 4


def test_every_acknowledged_proposal_is_there_once_after_kills(tmp_path: Path) -> None:
    rows = "".join(f"{n:04d},Desk {n},84003,,2,,,,\n" for n in range(PROPOSALS))
    header = "id,name,city_code,phone,agents,opened,latitude,longitude,note\n"
    package = write_desks(tmp_path / "package", desks=header + rows)
    server = Server(tmp_path / "home", str(package))
    server.start()
    acknowledged: dict[str, str] = {}
    todo = list(range(PROPOSALS))
    lock, done = threading.Lock(), threading.Event()

    def client() -> None:
        """Send each correction until it is acknowledged, as a patient contributor would."""
        while True:
            with lock:
                if not todo:
                    return
                number = todo.pop()
            new = {"phone": f"04 65 71 {number // 100:02d} {number % 100:02d}"}
            row = {"op": "update", "resource": "desks", "key": {"id": f"{number:04d}"}, "new": new}
            while True:
                try:
                    path = "/api/v1/datasets/desks/proposals"
                    answer = server.post(path, {"operations": [row]}, key=f"try-{number}")
                except urllib.error.HTTPError as error:
                    raise AssertionError(error.read().decode()) from error
                except (OSError, ValueError, HTTPException):
                    time.sleep(0.05)  # refused, or cut in the middle: the same key is sent again
                    continue
                with lock:
                    acknowledged[f"try-{number}"] = answer["id"]
                break

    failures: list[BaseException] = []

    def run() -> None:
        try:
            client()
        except BaseException as error:  # told by the main thread
            failures.append(error)

    threads = [threading.Thread(target=run) for _ in range(CLIENTS)]
    for one in threads:
        one.start()
    chance = random.Random(7)
    kills = 0
    while any(one.is_alive() for one in threads) and not failures:
        if not done.wait(chance.uniform(0.1, 0.45)) and any(one.is_alive() for one in threads):
            server.kill()
            kills += 1
            server.start()
    for one in threads:
        one.join()
    server.kill()
    assert not failures, failures
    server.start()
    try:
        found = server.get("/api/v1/datasets/desks/proposals?page_size=1000")
        ids = [one["id"] for one in found["data"]]
        print(f"{len(acknowledged)} acknowledged, {kills} kills")
        assert kills >= 3
        assert len(acknowledged) == PROPOSALS
        assert sorted(ids) == sorted(set(acknowledged.values())), "lost or doubled"
        assert {one["state"] for one in found["data"]} == {"open"}
        numbers = [one["merge_request"]["number"] for one in found["data"]]
        assert len(set(numbers)) == PROPOSALS
        check_repository(server.home / "repositories" / "desks.git", found["data"])
    finally:
        server.kill()


def check_repository(path: Path, proposals: list[dict[str, Any]]) -> None:
    """As plain git sees it: sound, one branch a proposal, one changed line a branch."""

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(path), *arguments], capture_output=True, text=True, check=True
        )
        return done.stdout

    fsck = subprocess.run(
        ["git", "-C", str(path), "fsck", "--strict"], capture_output=True, text=True, check=False
    )
    complaints = [
        one for one in (fsck.stdout + fsck.stderr).splitlines() if not one.startswith("dangling")
    ]
    assert (fsck.returncode, complaints) == (0, [])
    refs = git("for-each-ref", "--format=%(refname)", "refs/heads/proposals").split()
    assert sorted(ref.rsplit("/", 1)[-1] for ref in refs) == sorted(one["id"] for one in proposals)
    for one in proposals[::20]:
        assert git("diff", "--numstat", "main", one["head"]).split()[:2] == ["1", "1"]

"""`kill -9` of the real server, with its workers and their git, while clients send to it."""

from __future__ import annotations

import random
import threading
import time
import urllib.error
from http.client import HTTPException
from pathlib import Path
from typing import Any

from tests.datasets import UNLIMITED, write_desks
from tests.faults.crash.runs import Figures
from tests.forges.plain_git import git, is_sound, refs
from tests.server import Server

CLIENTS = 4
HEADER = "id,name,city_code,phone,agents,opened,latitude,longitude,note\n"


def kill_server(folder: Path, *, kills: int, proposals: int) -> Figures:
    """Kill it so many times at random, and see that every sender is served once in the end."""
    rows = "".join(f"{n:04d},Desk {n},84003,,2,,,,\n" for n in range(proposals))
    server = Server(folder / "home", str(write_desks(folder / "package", desks=HEADER + rows)))
    server.environment = {f"RETOUCHE_{name.upper()}": str(it) for name, it in UNLIMITED.items()}
    figures = Figures()
    senders = _Senders(server, proposals)
    server.start()
    try:
        senders.start()
        lot = random.Random(7)
        while figures.server_kills < kills and senders.are_at_work:
            time.sleep(lot.uniform(0.05, 0.3))
            server.kill()
            figures.server_kills += 1
            server.start()
        senders.join()
        server.kill()
        server.start()
        figures.findings += senders.failures
        figures.findings += _complaints(server, senders.acknowledged)
    finally:
        server.kill()
    figures.server_acknowledged = len(senders.acknowledged)
    return figures


class _Senders:
    """People who send a correction again until they get an answer, always with the same key."""

    def __init__(self, server: Server, count: int) -> None:
        self._server = server
        self._todo = list(range(count))
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._run) for _ in range(CLIENTS)]
        self.acknowledged: dict[int, str] = {}
        self.failures: list[str] = []

    @property
    def are_at_work(self) -> bool:
        return any(one.is_alive() for one in self._threads) and not self.failures

    def start(self) -> None:
        for one in self._threads:
            one.start()

    def join(self) -> None:
        for one in self._threads:
            one.join()

    def _run(self) -> None:
        while not self.failures:
            with self._lock:
                if not self._todo:
                    return
                number = self._todo.pop()
            identifier = self._send(number)
            if identifier is not None:
                self.acknowledged[number] = identifier

    def _send(self, number: int) -> str | None:
        phone = f"04 65 71 {number // 100:02d} {number % 100:02d}"
        row = {"op": "update", "key": {"id": f"{number:04d}"}, "new": {"phone": phone}}
        while not self.failures:
            try:
                path = "/api/v1/datasets/desks/proposals"
                answer = self._server.post(path, {"operations": [row]}, key=f"try-{number}")
                return str(answer["id"])
            except urllib.error.HTTPError as error:
                self.failures.append(error.read().decode()[:500])
            except (OSError, ValueError, HTTPException):
                time.sleep(0.02)  # refused, or cut in the middle
        return None


def _complaints(server: Server, acknowledged: dict[int, str]) -> list[str]:
    found: list[dict[str, Any]] = []
    page = "/api/v1/datasets/desks/proposals?page_size=1000"
    while page:
        answer = server.get(page)
        found += answer["data"]
        following = answer["links"]["next"]
        page = following.removeprefix(server.url) if following else ""
    path = server.home / "repositories" / "desks.git"
    branches = refs(path, "refs/heads/proposals")
    wanted = {f"refs/heads/proposals/desks/{one['id']}": one["head"] for one in found}
    lines = [git(path, "diff", "--numstat", "main", one["head"]) for one in found[::20]]
    holds = {
        "lost or doubled": sorted(one["id"] for one in found) == sorted(acknowledged.values()),
        "not all are open": {one["state"] for one in found} == {"open"},
        "numbers": len({one["merge_request"]["number"] for one in found}) == len(found),
        "branches": branches == wanted,
        "more than a line": all(line.split()[:2] == ["1", "1"] for line in lines),
        "git fsck": is_sound(path),
    }
    return [f"the real server: {name}" for name, well in holds.items() if not well]

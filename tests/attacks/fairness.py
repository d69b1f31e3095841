"""How long honest requests wait while hostile ones run, on the real server."""

from __future__ import annotations

import json
import multiprocessing
import os
import statistics
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from tests.datasets import DESKS, update, write_desks
from tests.server import Server

API = "/api/v1/datasets/desks"
ROWS = f"{API}/resources/desks"
MOST = 2.0
"""Times as long that honest requests may take."""
SECONDS = 8.0
ROUNDS = 4
PAUSE = 0.02
"""Seconds between two honest requests: people, not a flood."""
NUMBER = 5
"""Hostile requests at a time."""
FILE = 20_000
"""Rows of the file that is served."""
UNLIMITED = {
    "RETOUCHE_TRUSTED_PROXIES": "1",
    "RETOUCHE_LIMIT_DATASET": "0",
    "RETOUCHE_PROOF_LOAD": "0",
}
"""Nothing keeps so many out: what is shown is that those who come in share what there is."""

Taken = defaultdict[str, list[float]]
"""Seconds that each of the honest requests of a name took."""
Send = Callable[[str], None]
"""Takes the address of the server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """The 95th percentile, in milliseconds, of reading and proposing: alone, and under attack."""

    alone: dict[str, float]
    attacked: dict[str, float]
    hostile: float
    """Hostile requests that were answered in a second."""

    @classmethod
    def measure(cls, seconds: float = SECONDS) -> Fairness:
        """Alone and under attack by turns, so that whatever else the machine does falls on both."""
        alone, attacked = Taken(list), Taken(list)
        answered = _SPAWN.Value("q")
        with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as server:
            observe(server, seconds / ROUNDS, Taken(list))
            for _ in range(ROUNDS):
                observe(server, seconds / ROUNDS, alone)
                hostile = _SPAWN.Process(target=attack, args=(server.url, answered))
                hostile.start()
                try:
                    wait_for(answered)
                    observe(server, seconds / ROUNDS, attacked)
                finally:
                    hostile.kill()
                    hostile.join()
        return cls(
            alone={name: highest(all_) for name, all_ in alone.items()},
            attacked={name: highest(all_) for name, all_ in attacked.items()},
            hostile=answered.value / seconds,
        )

    @property
    def holds(self) -> bool:
        return all(self.attacked[one] < MOST * self.alone[one] for one in self.alone)

    def told(self) -> list[str]:
        """Lines of a table."""
        lines = [
            f"{NUMBER} hostile requests at a time: costly cells, bodies at and over the limits,"
            " deep JSON,",
            "copies for comparison, costly queries, workbooks; each comes from another network,"
            f" and {self.hostile:.0f} of them",
            "were answered in a second. 95 of 100 honest requests took at most:",
            "",
            "| honest request | alone | under attack | times |",
            "|---|---:|---:|---:|",
        ]
        for name, before in self.alone.items():
            after = self.attacked[name]
            lines.append(f"| {name} | {before:.0f} ms | {after:.0f} ms | {after / before:.1f} |")
        return lines


@contextmanager
def served(folder: Path) -> Iterator[Server]:
    rows = "".join(
        f"k{one},Desk {one},84003,,{one % 90 + 2},2020-01-02,44.{one % 99:02},5.1,note {one}\n"
        for one in range(FILE)
    )
    package = write_desks(folder / "package", desks=DESKS + rows)
    server = Server(folder / "home", str(package))
    server.environment = UNLIMITED
    server.start()
    try:
        yield server
    finally:
        server.kill()


def wait_for(answered: Any) -> None:
    """Until one more of the hostile requests is answered: its process takes a while to start."""
    before, end = answered.value, time.monotonic() + 30
    while answered.value == before and time.monotonic() < end:
        time.sleep(0.01)


def observe(server: Server, seconds: float, taken: Taken) -> None:
    """Note how long honest requests take, for so long."""
    done = threading.Event()

    def honest(name: str, ask: Send) -> None:
        while not done.is_set():
            start = time.perf_counter()
            ask(server.url)
            taken[name].append(time.perf_counter() - start)
            time.sleep(PAUSE)

    threads = [threading.Thread(target=honest, args=one) for one in HONEST.items()]
    for one in threads:
        one.start()
    time.sleep(seconds)
    done.set()
    for one in threads:
        one.join()


def highest(taken: list[float]) -> float:
    """The 95th percentile, in milliseconds."""
    return 1_000 * statistics.quantiles(taken, n=20)[-1]


def attack(url: str, answered: Any) -> None:
    """Send the hostile requests, so many at a time, until this process is ended.

    It stands behind all others: in earnest, its work is done on another machine.
    """
    os.nice(10)
    numbers = count()

    def go_round() -> None:
        while True:
            HOSTILE[next(numbers) % len(HOSTILE)](url)
            with answered.get_lock():
                answered.value += 1

    for _ in range(NUMBER):
        threading.Thread(target=go_round).start()


def asked(
    url: str,
    path: str,
    body: bytes | None = None,
    *,
    media: str = "application/json",
    key: str | None = None,
) -> None:
    """Ask as somebody new: each request comes from a network of its own, so that what is measured
    is not what the limits per network keep out. Raises what the answer or the network do."""
    number = next(_PEOPLE) + (os.getpid() << 20)
    network = ":".join(f"{number >> shift & 0xFFFF:x}" for shift in (32, 16, 0))
    headers = {"Content-Type": media, "X-Forwarded-For": f"2001:{network}::1"}
    if key is not None:
        headers["Idempotency-Key"] = key
    request = urllib.request.Request(url + path, data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        answer.read()


def sent(path: str, body: bytes | None = None, media: str = "application/json") -> Send:
    """A request whose answer does not matter."""

    def send(url: str) -> None:
        with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
            asked(url, path, body, media=media)

    return send


_SPAWN = multiprocessing.get_context("spawn")
_PEOPLE = count(1)
_PAGES = count(1)
_AGENTS = count(1)


def _read(url: str) -> None:
    asked(url, f"{ROWS}/rows?page={next(_PAGES) % 900 + 1}&agents__greater=3")


def _propose(url: str) -> None:
    number = next(_AGENTS)
    body = {"operations": [update(f"k{number % FILE}", agents=str(1_000 + number))]}
    asked(url, f"{API}/proposals", json.dumps(body).encode(), key=f"honest-{number}")


HONEST: dict[str, Send] = {"reading a page of rows": _read, "sending a correction": _propose}

MIXED = "p\u0430" * 60
WRONG = "a" * 40 + "!"
_CELLS = ",".join(
    f'{{"op":"insert","row":{{"id":"n{one}","name":"x","city_code":"{WRONG}","phone":"1",'
    f'"agents":"z","note":"{MIXED}"}}}}'
    for one in range(1_000)
)
HOSTILE: tuple[Send, ...] = (
    sent(f"{API}/validate", f'{{"operations":[{_CELLS}]}}'.encode()),
    sent(f"{API}/validate", b"[" * 100_000),
    sent(f"{API}/validate", b'"' + b"x" * 1_100_000 + b'"'),
    sent(f"{API}/validate", json.dumps({f"k{one}": 1 for one in range(80_000)}).encode()),
    sent(f"{ROWS}/comparison", b"id\n" + b"1\n" * 9_000_000, "text/csv"),
    sent(f"{ROWS}/comparison", b"id," + b"a," * 9_000_000, "text/csv"),
    sent(f"{ROWS}/rows?q={'ab+cd+' * 4_000}"),
    sent(f"{ROWS}/rows?near=44,5&radius=1e7&page_size=1000"),
    sent(f"{ROWS}/facets?field=id&field=name&field=note"),
    sent(f"{ROWS}/data.xlsx"),
)

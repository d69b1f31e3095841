"""How long honest requests wait while hostile ones run, on the real server."""

from __future__ import annotations

import json
import statistics
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.datasets import DESKS, update, write_desks
from tests.server import Server

API = "/api/v1/datasets/desks"
ROWS = f"{API}/resources/desks"
MOST = 2.0
"""Times as long that honest requests may take."""
SECONDS = 8.0
PAUSE = 0.02
"""Seconds between two honest requests: people, not a flood."""
NUMBER = 5
"""Hostile requests at a time."""
FILE = 20_000
"""Rows of the file that is served."""

Send = Callable[[Server], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """The 95th percentile, in milliseconds, of reading and proposing: alone, and under attack."""

    alone: dict[str, float]
    attacked: dict[str, float]

    @classmethod
    def measure(cls, seconds: float = SECONDS) -> Fairness:
        with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as server:
            observed(server, seconds / 4, ())
            alone = observed(server, seconds, ())
            attacked = observed(server, seconds, HOSTILE)
        return cls(alone=alone, attacked=attacked)

    @property
    def holds(self) -> bool:
        return all(self.attacked[one] < MOST * self.alone[one] for one in self.alone)

    def told(self) -> list[str]:
        """Lines of a table."""
        lines = [
            f"{NUMBER} hostile requests at a time: costly cells, bodies at and over the limits,"
            " deep JSON,",
            "copies for comparison, costly queries, workbooks. 95 of 100 honest requests took at"
            " most:",
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
    server.start()
    try:
        yield server
    finally:
        server.kill()


def observed(server: Server, seconds: float, hostile: tuple[Send, ...]) -> dict[str, float]:
    """The 95th percentiles of honest requests while the hostile ones go round."""
    done = threading.Event()
    numbers = count()

    def attack() -> None:
        while not done.is_set():
            hostile[next(numbers) % len(hostile)](server)

    taken: dict[str, list[float]] = {}

    def honest(name: str, ask: Send) -> None:
        while not done.is_set():
            start = time.perf_counter()
            ask(server)
            taken.setdefault(name, []).append(time.perf_counter() - start)
            time.sleep(PAUSE)

    threads = [threading.Thread(target=attack) for _ in range(NUMBER if hostile else 0)]
    threads += [threading.Thread(target=honest, args=one) for one in HONEST.items()]
    for one in threads:
        one.start()
    time.sleep(seconds)
    done.set()
    for one in threads:
        one.join()
    return {name: 1_000 * statistics.quantiles(all_, n=20)[-1] for name, all_ in taken.items()}


def sent(path: str, body: bytes | None = None, media: str = "application/json") -> Send:
    """A request whose answer does not matter."""

    def send(server: Server) -> None:
        request = urllib.request.Request(
            server.url + path, data=body, headers={"Content-Type": media}
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                answer.read()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return  # refused, as it should be

    return send


_PAGES = count(1)
_AGENTS = count(1)


def _read(server: Server) -> None:
    server.get(f"{ROWS}/rows?page={next(_PAGES) % 900 + 1}&agents__greater=3")


def _propose(server: Server) -> None:
    number = next(_AGENTS)
    body = {"operations": [update(f"k{number % FILE}", agents=str(1_000 + number))]}
    server.post(f"{API}/validate", body, key=f"honest-{number}")


HONEST: dict[str, Send] = {"reading a page of rows": _read, "checking a correction": _propose}

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

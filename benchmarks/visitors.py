"""Two hundred questions a second, as widgets ask them: how long the slowest wait."""

from __future__ import annotations

import http.client
import itertools
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import closing

from benchmarks.crowd import percentile
from benchmarks.edits import key_of
from benchmarks.figures import Aim, Figure
from benchmarks.ground import RESOURCE, Ground, dataset_name
from benchmarks.serving import Serving, retouche

SIZE = "T"
RATE = 200
THREADS = 8


def measure(ground: Ground) -> Iterator[Figure]:
    duration = ground.runs(15, 5)
    ground.tell(f"{RATE} questions a second for {duration} s")
    with retouche(ground.target(SIZE), ground.home(SIZE), workers=2) as server:
        known = _tag(server)
        waits = _asked(server, known, RATE * duration)
    yield Figure(
        work=f"file with its ETag and histories, {RATE} a second, 95 of 100 within",
        size=SIZE,
        ours=percentile(waits, 95),
        aim=Aim("below", 0.050),
        note=f"median {statistics.median(waits) * 1e3:.1f} ms; counted from the moment when each"
        " was due",
    )


def _base() -> str:
    return f"/api/v1/datasets/{dataset_name(SIZE)}/resources/{RESOURCE}"


def _tag(server: Serving) -> str:
    with closing(http.client.HTTPConnection(server.host, server.port, timeout=60)) as connection:
        connection.request("GET", f"{_base()}/data.csv")
        answer = connection.getresponse()
        answer.read()
        return answer.headers["ETag"]


def _asked(server: Serving, tag: str, count: int) -> list[float]:
    """Seconds of each question from when it was due. Raises RuntimeError on a bad answer."""
    numbers, waits, failures = itertools.count(), list[float](), list[BaseException]()
    start = time.perf_counter() + 0.2

    def ask() -> None:
        try:
            connection = http.client.HTTPConnection(server.host, server.port, timeout=60)
            with closing(connection):
                while (number := next(numbers)) < count and not failures:
                    due = start + number / RATE
                    time.sleep(max(0.0, due - time.perf_counter()))
                    if number % 2:
                        connection.request(
                            "GET", f"{_base()}/data.csv", headers={"If-None-Match": tag}
                        )
                    else:
                        connection.request(
                            "GET", f"{_base()}/rows/{key_of(number % 50, SIZE)}/history"
                        )
                    answer = connection.getresponse()
                    answer.read()
                    if answer.status != (304 if number % 2 else 200):
                        raise RuntimeError(f"answered {answer.status}")
                    waits.append(time.perf_counter() - due)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=ask) for _ in range(THREADS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if failures:
        raise RuntimeError(f"a visitor failed: {failures[0]}")
    return waits

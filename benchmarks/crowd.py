"""Fifty clients that send corrections at once, and what one of them waits for its answer."""

from __future__ import annotations

import itertools
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import closing

from benchmarks.edits import corrected
from benchmarks.figures import Aim, Figure
from benchmarks.ground import Ground
from benchmarks.plumbing import FILE, Plumbing
from benchmarks.proposing import Client
from benchmarks.serving import Serving, retouche

CLIENTS = 50
SIZE = "T"
UNLIMITED = {f"RETOUCHE_LIMIT_{name}": "1000000" for name in ("MINUTE", "DAY", "DATASET")} | {
    "RETOUCHE_PROOF_LOAD": "1000000",
    "RETOUCHE_MAX_OPEN_PROPOSALS": "1000000",
}
"""All clients share one address here."""


def measure(ground: Ground) -> Iterator[Figure]:
    duration = ground.runs(40, 10)
    ground.tell(f"{CLIENTS} clients for {duration} s")
    with retouche(ground.target(SIZE), ground.home(SIZE), workers=2, settings=UNLIMITED) as server:
        waits, elapsed = _sent(server, duration)
    rate = len(waits) / elapsed
    note = f"{len(waits):,} sent and acknowledged, no other answer than 201"
    ground.tell("the same by plumbing")
    yield Figure(
        work=f"proposals a second, {CLIENTS} clients",
        size=SIZE,
        ours=rate,
        peer=_plumbed(ground, 5),
        against="git plumbing, one after the other",
        unit="/s",
        note=note,
    )
    yield Figure(
        work="one proposal of that, seconds that may pass for ten a second",
        size=SIZE,
        ours=1 / rate,
        aim=Aim("below", 0.1),
    )
    yield Figure(
        work=f"acknowledgement, {CLIENTS} clients, 95 of 100 within",
        size=SIZE,
        ours=percentile(waits, 95),
        aim=Aim("below", 0.8),
        note=f"median {statistics.median(waits) * 1e3:.0f} ms, longest {max(waits) * 1e3:.0f} ms",
    )


def percentile(values: list[float], share: int) -> float:
    """What `share` of a hundred values are not above."""
    return statistics.quantiles(values, n=100, method="inclusive")[share - 1]


def _sent(server: Serving, duration: float) -> tuple[list[float], float]:
    """The seconds that each answer took, and all together. Raises RuntimeError on a refusal."""
    numbers, waits, failures = itertools.count(), list[float](), list[BaseException]()
    end = time.perf_counter() + duration

    def send() -> None:
        try:
            with closing(Client(server, SIZE)) as client:
                while time.perf_counter() < end and not failures:
                    begun = time.perf_counter()
                    client.post("proposals", next(numbers), status=201)
                    waits.append(time.perf_counter() - begun)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=send) for _ in range(CLIENTS)]
    start = time.perf_counter()
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    if failures:
        raise RuntimeError(f"a client failed: {failures[0]}")
    return waits, time.perf_counter() - start


def _plumbed(ground: Ground, duration: float) -> float:
    """Branches of one commit each, a second."""
    data = ground.data(SIZE)
    made = Plumbing.create(ground.new_folder("git") / "a.git", {FILE: data})
    head, start, count = made.head(), time.perf_counter(), 0
    while time.perf_counter() - start < duration:
        commit = made.commit(head, corrected(data, count, SIZE))
        made.git("update-ref", f"refs/heads/p/{count}", commit, "0" * 40)
        count += 1
    return count / (time.perf_counter() - start)

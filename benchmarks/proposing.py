"""A correction over HTTP, on a warm server: checking it alone, and sending it whole."""

from __future__ import annotations

import hashlib
import http.client
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from typing import Any

from benchmarks.edits import body
from benchmarks.figures import Aim, Figure
from benchmarks.ground import Ground, dataset_name
from benchmarks.serving import Serving, retouche
from benchmarks.timing import interleaved

ALLOWANCE = 0.020
"""Seconds that a proposal may take beside its hash."""
WARM = 3


def measure(ground: Ground) -> Iterator[Figure]:
    with ExitStack() as stack:
        ground.tell("starting Retouche")
        target, home = ground.target(*ground.sizes), ground.home(*ground.sizes)
        server = stack.enter_context(retouche(target, home))
        clients = {
            size: stack.enter_context(closing(Client(server, size))) for size in ground.sizes
        }
        for client in clients.values():
            for number in range(WARM):
                client.post("validate", number, status=200)
                client.post("proposals", number, status=201)
        yield from _validated(ground, clients)
        for size, client in clients.items():
            yield _sent(ground, size, client)


class Client:
    """One connection to one dataset."""

    def __init__(self, server: Serving, size: str) -> None:
        self._connection = http.client.HTTPConnection(server.host, server.port, timeout=600)
        self._path = f"/api/v1/datasets/{dataset_name(size)}"
        self._size = size

    def post(self, what: str, number: int, *, status: int) -> Any:
        """Send the nth correction. Raises RuntimeError unless it is answered as expected."""
        self._connection.request(
            "POST",
            f"{self._path}/{what}",
            body=json.dumps(body(number, self._size)),
            headers={"Content-Type": "application/json"},
        )
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status != status:
            raise RuntimeError(f"{what}: {answer.status} {text[:500]!r}")
        return json.loads(text)

    def close(self) -> None:
        self._connection.close()


def _validated(ground: Ground, clients: dict[str, Client]) -> Iterator[Figure]:
    ground.tell("POST validate")

    def of(client: Client) -> Callable[[int], object]:
        return lambda run: client.post("validate", 100 + run, status=200)

    times = interleaved(*map(of, clients.values()), runs=ground.runs(100, 30))
    smallest = times[0]
    for size, taken in zip(clients, times, strict=True):
        yield Figure(
            work="POST validate, one edit",
            size=size,
            ours=taken,
            peer=None if size == "S" else smallest,
            against="" if size == "S" else "itself on S",
            aim=Aim("at most", 1.3) if size == "L" else None,
        )


def _sent(ground: Ground, size: str, client: Client) -> Figure:
    ground.tell(f"POST proposals, {size}")
    data = ground.data(size)
    runs = ground.runs(9, 5)
    taken, hashing = interleaved(
        lambda run: client.post("proposals", 300 + run, status=201),
        lambda _: hashlib.sha1(data).hexdigest(),
        runs=runs,
    )
    return Figure(
        work="whole POST proposals, warm",
        size=size,
        ours=taken,
        peer=hashing + ALLOWANCE,
        against="one SHA-1 of the file + 20 ms",
        aim=Aim("at most", 2),
    )

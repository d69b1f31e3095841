"""What a worker holds for itself after it has served every size and every kind of request."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from pathlib import Path

from benchmarks import questions
from benchmarks.edits import body, key_of
from benchmarks.figures import Aim, Figure
from benchmarks.ground import RESOURCE, Ground, dataset_name
from benchmarks.serving import Serving, family, retouche

LIMIT = 300e6
ROUNDS = 6
"""Times that each request is sent, each on a new connection, so that every worker gets some."""
PRIVATE = re.compile(r"RssAnon:\s*(\d+) kB")


def measure(ground: Ground) -> Iterator[Figure]:
    with retouche(ground.target(*ground.sizes), ground.home(*ground.sizes), workers=2) as server:
        for size in ground.sizes:
            ground.tell(f"serving everything of {size}")
            for number in range(ground.runs(ROUNDS, 3)):
                for path in _paths(size, number):
                    _asked(server, "GET", path)
                correction = json.dumps(body(number, size))
                for what in ("validate", "proposals"):
                    path = f"/api/v1/datasets/{dataset_name(size)}/{what}"
                    _asked(server, "POST", path, correction)
        held = max(map(_private, family(server.pid)))
    files = sum((ground.package(size) / "table.csv").stat().st_size for size in ground.sizes)
    yield Figure(
        work=f"private memory of the busiest worker after serving {', '.join(ground.sizes)}",
        size="",
        ours=held,
        peer=files,
        against="size of the files",
        unit="B",
        aim=Aim("below", LIMIT),
    )


def _paths(size: str, number: int) -> list[str]:
    dataset = f"/api/v1/datasets/{dataset_name(size)}"
    resource = f"{dataset}/resources/{RESOURCE}"
    key = key_of(number, size)
    return [
        "/api/v1/datasets",
        dataset,
        f"{dataset}/revisions",
        resource,
        questions.page(size).ours(number),
        questions.two_facets(size).ours(number),
        questions.search(size, questions.frequent).ours(number),
        f"{resource}/rows?page={20 + number}&page_size=100",
        f"{resource}/rows?text_4__contains=pont&code_5__sort=asc",
        f"{resource}/aggregate?by=word_1&sum=number_2&mean=number_2",
        f"{resource}/rows/{key}",
        f"{resource}/rows/{key}/history",
        f"{resource}/data.csv?word_1__exact=rue&date_3__less=2011-01-01",
        f"{resource}/data.csv",
        f"/{dataset_name(size)}",
        f"/{dataset_name(size)}/{RESOURCE}/{key}",
    ]


def _asked(server: Serving, method: str, path: str, content: str | None = None) -> None:
    """Read one whole answer. Raises RuntimeError for a refusal."""
    connection = http.client.HTTPConnection(server.host, server.port, timeout=600)
    headers = {"Content-Type": "application/json"} if content else {}
    connection.request(method, path, body=content, headers=headers)
    answer = connection.getresponse()
    while answer.read(1 << 20):
        pass
    connection.close()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path}: {answer.status}")


def _private(pid: int) -> int:
    """Bytes that a process shares with no file: what it would free by ending."""
    found = PRIVATE.search(Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) * 1_024 if found else 0

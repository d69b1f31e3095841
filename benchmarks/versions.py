"""How soon a new version can be read: after an accepted one-cell edit, and from nothing."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator

from benchmarks import questions
from benchmarks.edits import body, key_of, opened
from benchmarks.figures import Aim, Figure
from benchmarks.ground import RESOURCE, Ground, dataset_name
from retouche.ports import Reviewer
from retouche.services.datasets import Dataset
from retouche.web.app import create_app
from retouche.wiring import Services

REVIEWER = Reviewer(name="reviewer")


def measure(ground: Ground) -> Iterator[Figure]:
    for size in ground.sizes:
        yield from _readable(ground, size)


def _readable(ground: Ground, size: str) -> Iterator[Figure]:
    ground.tell(f"new version readable, {size}")
    with opened(ground, size) as (services, dataset):
        reader = Reader(services, size)
        scratch = reader.seconds(0)
        accepted, read = [], []
        for number in range(1, ground.runs(6, 4)):
            start = time.perf_counter()
            _accept(services, dataset, body(number, size))
            accepted.append(time.perf_counter() - start)
            read.append(reader.seconds(number))
    after, accepting = statistics.median(read), statistics.median(accepted)
    against = "its snapshot from scratch"
    yield Figure(
        work="new version readable after a one-cell edit",
        size=size,
        ours=after,
        peer=scratch,
        against=against,
        aim=Aim("at least", 20) if size == "L" else None,
    )
    yield Figure(
        work="the same, with proposing and accepting the edit",
        size=size,
        ours=after + accepting,
        peer=scratch,
        against=against,
    )


class Reader:
    """Asks one question of each kind, so that all that is derived from a file is needed."""

    def __init__(self, services: Services, size: str) -> None:
        self._client = create_app(services).test_client()
        self._size = size

    def seconds(self, number: int) -> float:
        """How long all answers take together. Raises RuntimeError when one is refused."""
        size = self._size
        resource = f"/api/v1/datasets/{dataset_name(size)}/resources/{RESOURCE}"
        paths = (
            questions.page(size).ours(number),
            questions.two_facets(size).ours(number),
            questions.search(size, questions.frequent).ours(number),
            f"{resource}/rows/{key_of(number, size)}",
        )
        start = time.perf_counter()
        for path in paths:
            answer = self._client.get(path)
            if answer.status_code != 200 or not answer.get_data():
                raise RuntimeError(f"{path}: {answer.status}")
        return time.perf_counter() - start


def _accept(services: Services, dataset: Dataset, wanted: dict[str, object]) -> None:
    sent = services.proposals.submit(dataset, wanted)
    assert sent.head is not None
    services.review.accept(dataset, sent.id, head=sent.head, reviewer=REVIEWER)

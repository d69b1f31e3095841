"""A server that was killed before 200 acknowledged proposals were carried out starts again."""

from __future__ import annotations

import time
from collections.abc import Iterator

from benchmarks.edits import body, opened
from benchmarks.figures import Aim, Figure
from benchmarks.ground import Ground
from benchmarks.serving import retouche
from retouche.core.errors import ForgeUnavailable
from retouche.ports import Proposal
from retouche.services.datasets import Dataset
from retouche.wiring import Services

SIZE = "T"
PATIENCE = 300.0


def measure(ground: Ground) -> Iterator[Figure]:
    pending = ground.runs(200, 40)
    ground.tell(f"a start with {pending} pending proposals")
    with opened(ground, SIZE) as (services, dataset):
        _queue(services, dataset, pending)
        home = services.settings.home
        services.close()
        target = ground.target(SIZE)
        with retouche(ground.target(SIZE), ground.new_folder("elsewhere") / "home", workers=1):
            pass  # from here on all modules are compiled
        start = time.perf_counter()
        with retouche(target, home, workers=2):
            ready = time.perf_counter() - start
            while services.proposals.counts(dataset).get("open", 0) < pending:
                if time.perf_counter() - start > PATIENCE:
                    raise RuntimeError(f"not finished: {services.proposals.counts(dataset)}")
                time.sleep(0.02)
            done = time.perf_counter() - start
        start = time.perf_counter()
        with retouche(target, home, workers=2):
            nothing = time.perf_counter() - start
    size = f"{pending} pending"
    yield Figure(
        work="ready again",
        size=size,
        ours=ready,
        peer=nothing,
        against="itself with nothing pending",
        aim=Aim("below", 2),
        note="from the start of the program; caches were there",
    )
    yield Figure(
        work="one pending proposal finished",
        size=size,
        ours=max(done - nothing, 0.0) / pending,
        aim=Aim("below", 0.150),
    )


def _queue(services: Services, dataset: Dataset, count: int) -> None:
    """Acknowledge proposals that are then not carried out, as a kill would have it."""

    def down(_dataset: Dataset, _proposal: Proposal) -> Proposal:
        raise ForgeUnavailable("forge_down")

    services.proposals.carry = down  # type: ignore[method-assign,assignment]
    for number in range(count):
        services.proposals.submit(dataset, body(number, SIZE))
    states = services.proposals.counts(dataset)
    if dict(states) != {"queued": count}:
        raise RuntimeError(f"not queued: {states}")

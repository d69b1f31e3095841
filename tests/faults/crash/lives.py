"""Processes of the crash suite: each serves a home from its start on until it is done or killed.

What it acknowledges it writes to a pipe; whatever was written there counts as told.
"""

from __future__ import annotations

import json
import os
import random
import selectors
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from retouche.core.errors import Conflict
from retouche.ports import Reviewer
from retouche.services.datasets import Dataset
from retouche.settings import Settings
from retouche.wiring import Services, build, recover
from tests.faults.crash.book import DECISIONS, Task
from tests.faults.crash.points import ANSWERED, Point, Strike, by_hand

PATIENCE = 60.0
"""Seconds after which a process that does nothing is a finding."""
REVIEWER = Reviewer(name="reviewer")


@dataclass(slots=True)
class Life:
    """How a process ended, and what it said until then."""

    killed: bool
    lines: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def unfinished(self) -> tuple[list[str], list[str]] | None:
        """What its start could not finish, and the proposals that still waited after it; None
        when it did not come so far."""
        found = [line.partition(" ")[2] for line in self.lines if line.startswith("start ")]
        if not found:
            return None
        told, waiting = json.loads(found[-1])
        return told, waiting

    @property
    def faults(self) -> list[str]:
        return [line for line in self.lines if line.startswith("fault ")]


def services_of(home: Path) -> Services:
    return build(Settings(home=home, secret_key="a secret for tests"), {"desks": "main"})


def live(home: Path, tasks: Sequence[Task], point: Point | str | None, passing: int) -> Life:
    """One process that is killed at a point, or does all it is told."""

    def body(tell: Callable[[str], None]) -> None:
        strike = Strike(passing)
        if isinstance(point, Point):
            point.install(strike)
        elif point == "by hand":
            by_hand(tell)
        services = services_of(home)
        _start(services, tell)
        answered = strike if point == ANSWERED else lambda: None
        _work(services, tasks, tell, answered)

    return _watched(body, moment=None)


def live_together(home: Path, shares: Sequence[Sequence[Task]], moment: float) -> Life:
    """A process that starts, and others that work beside each other as those of a server do;
    all of them, and the git that they run, are killed together after a while."""

    def body(tell: Callable[[str], None]) -> None:
        services = services_of(home)
        _start(services, tell)
        services.close()
        workers = []
        for share in shares:
            child = os.fork()
            if child == 0:
                work = partial(_work, tasks=share, tell=tell, answered=lambda: None)
                _guarded(partial(_begin, home, work), tell)
                os._exit(0)
            workers.append(child)
        for one in workers:
            os.waitpid(one, 0)

    return _watched(body, moment=moment)


def _start(services: Services, tell: Callable[[str], None]) -> None:
    """Finish what was begun before, as each start does."""
    told = recover(services)
    dataset = services.catalogue.get("desks")
    waiting = [
        one.id
        for one in services.proposals.page(dataset, states=("queued", "open"), page_size=1000)[0]
        if one.state == "queued" or (one.decision or {}).get("pending")
    ]
    tell(f"start {json.dumps([told, waiting])}")


def _begin(home: Path, work: Callable[[Services], None]) -> None:
    work(services_of(home))


def _work(
    services: Services,
    tasks: Sequence[Task],
    tell: Callable[[str], None],
    answered: Callable[[], None],
) -> None:
    dataset = services.catalogue.get("desks")
    for task in tasks:
        if task.act == "send":
            body = {"operations": list(task.operations)}
            sent = services.proposals.submit(dataset, body, idempotency_key=task.key)
            tell(f"sent {task.number} {sent.id}")
        else:
            tell(f"did {task.number} {_decided(services, dataset, task)}")
        answered()


def _decided(services: Services, dataset: Dataset, task: Task) -> str:
    """Decide, as somebody who looks at the page again when told that it was decided before."""
    assert task.id is not None
    proposals, review = services.proposals, services.review
    present = proposals.get(dataset, task.id)
    wanted = DECISIONS[task.act]
    with suppress(Conflict):
        if task.act == "withdraw":
            secret = proposals.secret(present)
            present = proposals.withdraw(dataset, task.id, secret=secret)
        elif task.act == "reject":
            present = review.reject(dataset, task.id, reason="wrong", reviewer=REVIEWER)
        else:
            present = review.accept(
                dataset,
                task.id,
                head=str(present.head),
                operations=task.chosen,
                reviewer=REVIEWER,
            )
        return present.state
    state = proposals.get(dataset, task.id).state
    if state != wanted:
        raise AssertionError(f"{task.act} was refused, and the proposal is {state}")
    return state


def _guarded(body: Callable[[], None], tell: Callable[[str], None]) -> None:
    try:
        body()
    except BaseException as error:
        tell("fault " + repr(error).replace("\n", " ")[:900])


def _watched(body: Callable[[Callable[[str], None]], None], *, moment: float | None) -> Life:
    """Run a body in a process group of its own, and hear it to its end."""
    begun = time.monotonic()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.setsid()

        def tell(line: str) -> None:
            os.write(writing, line.encode() + b"\n")

        _guarded(lambda: body(tell), tell)
        os._exit(0)
    os.close(writing)
    told = bytearray()
    end = begun + (PATIENCE if moment is None else moment)
    with selectors.DefaultSelector() as selector, os.fdopen(reading, "rb", buffering=0) as pipe:
        selector.register(pipe, selectors.EVENT_READ)
        late = False
        while True:
            if not selector.select(max(0.0, end - time.monotonic())) and not late:
                late = True
                with suppress(ProcessLookupError):
                    os.killpg(child, signal.SIGKILL)
                end = time.monotonic() + PATIENCE
                continue
            part = pipe.read(65536)
            if not part:
                break
            told += part
    _, status = os.waitpid(child, 0)
    life = Life(os.WIFSIGNALED(status), told.decode().splitlines())
    life.seconds = time.monotonic() - begun
    if late and moment is None:
        life.lines.append(f"fault nothing happened for {PATIENCE} s")
    return life


def moments(lot: random.Random, usual: float) -> float:
    """When to kill a group whose undisturbed life takes so long."""
    return usual * lot.uniform(0.1, 1.3)

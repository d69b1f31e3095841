"""Several machines that share a PostgreSQL and a Redis and nothing else: any part may die at any
time, and no correction is lost or doubled."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.datasets import update
from tests.machines.installation import (
    Installation,
    check_nothing_lost_or_doubled,
    installed,
)
from tests.machines.postgres import Postgres
from tests.machines.redis import RedisServer
from tests.machines.senders import Senders
from tests.machines.servers import API, Machine, until

SEED = 6
AGAIN = 0.3
"""Seconds for which a part is dead."""


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Two machines that answer and two that work."""
    with installed(tmp_path_factory.mktemp("machines")) as found:
        for name in ("web-1", "web-2"):
            found.add(name, "web")
        for name in ("worker-1", "worker-2"):
            found.add(name, "worker")
        found.start()
        yield found


def test_what_one_machine_takes_another_shows_at_once(there: Installation) -> None:
    one, other = there.webs
    status, sent = one.ask(
        "POST", f"{API}/proposals", {"operations": [update("4990", phone="04 65 71 00 01")]}
    )
    assert status in (201, 202)
    until(lambda: other.state(sent["id"]) == "open")
    # Its commit is in the mirror of the worker that made it, and fetched here to be read.
    head = other.cell("4990", "phone", revision=f"proposal:{sent['id']}")
    assert head == "04 65 71 00 01"
    assert other.cell("4990", "phone") != head
    one.run("proposals", "accept", "desks", sent["id"])
    for machine in (one, other):
        until(lambda: machine.cell("4990", "phone") == head, seconds=20)  # noqa: B023
        assert machine.state(sent["id"]) == "accepted"


def test_what_is_merged_at_the_forge_is_shown_by_all(there: Installation) -> None:
    one, other = there.webs
    status, sent = other.ask(
        "POST", f"{API}/proposals", {"operations": [update("4991", phone="04 65 71 00 02")]}
    )
    assert status in (201, 202)
    number = until(lambda: one.get(f"{API}/proposals/{sent['id']}")["merge_request"])["number"]
    there.project.merge(number, by="maintainer")
    for machine in (one, other):
        until(lambda: machine.cell("4991", "phone") == "04 65 71 00 02", seconds=40)  # noqa: B023


def restarted(machine: Machine) -> Callable[[], None]:
    def strike() -> None:
        machine.kill()
        time.sleep(AGAIN)
        machine.start().wait()

    return strike


@pytest.mark.faults
@pytest.mark.fault(11, 40)
def test_any_part_may_die_while_corrections_are_sent(there: Installation) -> None:
    senders = Senders(there.webs, threads=3, seed=SEED)

    def redis() -> None:
        there.redis.stop()
        time.sleep(AGAIN)
        there.redis.start()

    def database() -> None:
        there.database.stop()
        time.sleep(AGAIN)
        there.database.start()

    # One of each kind; `test_parts_die_at_random` strikes all of them.
    strikes = [restarted(there.webs[0]), restarted(there.workers[0]), redis, database]
    random.Random(SEED).shuffle(strikes)
    senders.start()
    try:
        for strike in strikes:
            before = len(senders.acknowledged)
            strike()
            senders.until(before + 2)
    finally:
        senders.stop()
    assert len(senders.acknowledged) > 2 * len(strikes)
    check_nothing_lost_or_doubled(there, senders)


@pytest.mark.long
@pytest.mark.faults
@pytest.mark.parametrize("seed", range(3))
def test_parts_die_at_random(tmp_path: Path, seed: int) -> None:
    lot = random.Random(seed)
    with installed(tmp_path) as there:
        for name in ("web-1", "web-2"):
            there.add(name, "web")
        for name in ("worker-1", "worker-2"):
            there.add(name, "worker")
        there.start()
        senders = Senders(there.webs, threads=2, seed=seed)
        parts: list[Machine | RedisServer | Postgres] = [*there.machines.values()]
        parts += [there.redis, there.database]
        senders.start()
        try:
            for _ in range(8):
                part = lot.choice(parts)
                time.sleep(lot.random())
                if isinstance(part, Machine):
                    part.kill()
                    part.start().wait()
                else:
                    part.stop()
                    time.sleep(lot.random())
                    part.start()
            senders.until(len(senders.acknowledged) + 5)
        finally:
            senders.stop()
        check_nothing_lost_or_doubled(there, senders)

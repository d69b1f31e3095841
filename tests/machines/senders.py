"""Contributors who send corrections to any of several machines, and do not give up."""

from __future__ import annotations

import http.client
import itertools
import random
import threading
import time
from collections.abc import Sequence

from tests.datasets import update
from tests.machines.servers import API, Machine

ROWS = 5_000
TRIES = 200
PAUSE = 0.1


class Senders:
    """Threads that each send one correction after the other, each to a row of its own, until it
    is acknowledged: to another machine when one does not answer, with the same key."""

    def __init__(self, machines: Sequence[Machine], *, threads: int, seed: int) -> None:
        self.machines = machines
        self.acknowledged: dict[str, str] = {}
        """By proposal, the row that it corrects."""
        self.faults: list[str] = []
        self._lot = random.Random(seed)
        self._rows = itertools.count(1)
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._send) for _ in range(threads)]

    def start(self) -> None:
        for one in self._threads:
            one.start()

    def stop(self) -> None:
        self._stopping.set()
        for one in self._threads:
            one.join()

    def until(self, count: int, *, seconds: float = 120.0) -> None:
        """Until so many are acknowledged in all."""
        end = time.monotonic() + seconds
        while len(self.acknowledged) < count:
            assert not self.faults, self.faults[0]
            assert time.monotonic() < end, f"{len(self.acknowledged)} of {count}"
            time.sleep(0.05)

    def _send(self) -> None:
        while not self._stopping.is_set() and not self.faults:
            row = f"{next(self._rows):04d}"
            body = {"operations": [update(row, phone=phone(row))]}
            identifier = self._sent(row, body)
            if identifier is not None:
                self.acknowledged[identifier] = row

    def _sent(self, row: str, body: object) -> str | None:
        for _ in range(TRIES):
            machine = self._lot.choice(self.machines)
            try:
                status, found = machine.ask(
                    "POST", f"{API}/proposals", body, Idempotency_Key=f"row-{row}"
                )
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(PAUSE)
                continue
            if status in (201, 202):
                return str(found["id"])
            if status not in (503, 507):
                self.faults.append(f"{status} {found}")
                return None
            time.sleep(PAUSE)
        self.faults.append(f"{row} was never taken")
        return None


def many_desks() -> str:
    """A file with a row for each correction."""
    lines = [f"{n:04d},Desk {n},84003,,2,2020-01-02,43.8765,5.3964," for n in range(ROWS)]
    header = "id,name,city_code,phone,agents,opened,latitude,longitude,note"
    return "\n".join([header, *lines]) + "\n"


def phone(row: str) -> str:
    """What the correction of a row puts there."""
    return f"04 65 71 {row[:2]} {row[2:]}"

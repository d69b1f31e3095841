"""Counts that all processes of a machine share, for `/metrics`: requests, and contributions.

Each process adds to numbers in a mapped file of its own, which costs no call of the system; who
asks sums all files up. What is counted is fixed when the server starts, so that no client can make
it grow. The counts of a process that has ended are folded into one file, and stay.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import mmap
import os
import secrets
import threading
import weakref
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retouche import __version__

METHODS = ("GET", "HEAD", "POST", "OPTIONS", "other")
CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the durations that are told apart, in seconds; longer ones follow."""
OTHER = "other"
"""What every address is counted as that is none of the server's."""
_WIDTH = 1 + len(BUCKETS) + 1  # the sum of durations, then a count for each bucket
_ENDED, _LIVE = "ended", "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """How many requests were answered in one way, and how fast."""

    route: str
    method: str
    status: str
    seconds: float
    counts: tuple[int, ...]
    """By bucket of `BUCKETS`, and one for all that took longer."""


class Meters:
    """Counts of one server. Safe for threads, and across fork."""

    def __init__(
        self,
        folder: Path,
        *,
        routes: Sequence[str],
        datasets: Sequence[str] = (),
        outcomes: Sequence[str] = (),
    ) -> None:
        """Count requests by route, and contributions by dataset and outcome; makes no file."""
        self._folder = folder
        self._routes = {one: at for at, one in enumerate((*routes, OTHER))}
        self._methods = {one: at for at, one in enumerate(METHODS)}
        self._datasets = {one: at for at, one in enumerate(datasets)}
        self._outcomes = {one: at for at, one in enumerate((*outcomes, OTHER))}
        self._first_outcome = len(self._routes) * len(METHODS) * len(CLASSES) * _WIDTH
        self._length = self._first_outcome + len(self._datasets) * len(self._outcomes)
        what = [__version__, METHODS, CLASSES, BUCKETS, *map(list, (routes, datasets, outcomes))]
        self._form = hashlib.sha256(json.dumps(what).encode()).hexdigest()[:16]
        self._lock = threading.Lock()
        self._process = 0
        self._own: Any = None

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count an answer to a request."""
        place = self._routes.get(route, len(self._routes) - 1) * len(METHODS)
        place = (place + self._methods.get(method, len(METHODS) - 1)) * len(CLASSES)
        place = (place + min(max(status // 100, 1), 5) - 1) * _WIDTH
        bucket = place + 1 + bisect_left(BUCKETS, seconds)
        with self._lock:
            own = self._numbers()
            own[place] += seconds
            own[bucket] += 1

    def contribution(self, dataset: str, outcome: str) -> None:
        """Count what became of a contribution when it was sent."""
        at = self._datasets.get(dataset)
        if at is None:
            return
        place = self._first_outcome + at * len(self._outcomes)
        place += self._outcomes.get(outcome, len(self._outcomes) - 1)
        with self._lock:
            self._numbers()[place] += 1

    # -- Reading ----------------------------------------------------------------------------

    def requests(self, numbers: Sequence[float]) -> Iterator[Requests]:
        """What `totals` tells of requests; nothing of what never was."""
        place = 0
        for route in self._routes:
            for method in METHODS:
                for status in CLASSES:
                    counts = tuple(int(one) for one in numbers[place + 1 : place + _WIDTH])
                    if any(counts):
                        yield Requests(
                            route=route,
                            method=method,
                            status=status,
                            seconds=numbers[place],
                            counts=counts,
                        )
                    place += _WIDTH

    def contributions(self, numbers: Sequence[float]) -> Iterator[tuple[str, str, int]]:
        """What it tells of contributions: dataset, outcome, and how many."""
        place = self._first_outcome
        for dataset in self._datasets:
            for outcome in self._outcomes:
                if numbers[place]:
                    yield dataset, outcome, int(numbers[place])
                place += 1

    def totals(self) -> Sequence[float]:
        """The sums over all processes of this machine, with those that have ended."""
        total = array("d", bytes(8 * self._length))
        with suppress(OSError), self._alone():
            folded, sums = self._ended()
            total = sums
            gone = []
            for path in sorted(self._folder.glob(f"*.{_LIVE}")):
                form, _, _ = path.name.partition("-")
                numbers = self._read(path)
                is_gone = _is_free(path)
                if is_gone:
                    gone.append(path)
                if form != self._form or path.name in folded:
                    continue
                if is_gone:
                    numbers = self._read(path)  # what it counted last
                total = array("d", map(float.__add__, total, numbers))
            if gone:
                self._fold(gone, {*folded, *(one.name for one in gone)})
        return total

    def _fold(self, gone: Sequence[Path], names: set[str]) -> None:
        """Keep the counts of processes that have ended in one file, each of them once."""
        known, total = self._ended()
        for path in gone:
            if path.name.startswith(f"{self._form}-") and path.name not in known:
                total = array("d", map(float.__add__, total, self._read(path)))
        path = self._folder / f"{self._form}.{_ENDED}"
        new = path.with_suffix(".new")
        present = sorted(one for one in names if (self._folder / one).exists())
        new.write_bytes(json.dumps(present).encode() + b"\n" + total.tobytes())
        new.replace(path)
        for one in gone:  # a kill before this is why their names are kept
            one.unlink(missing_ok=True)
        for other in self._folder.glob(f"*.{_ENDED}"):
            if other != path:
                other.unlink(missing_ok=True)

    def _ended(self) -> tuple[set[str], array[float]]:
        names, total = set[str](), array("d", bytes(8 * self._length))
        with suppress(FileNotFoundError, ValueError):
            head, _, rest = (self._folder / f"{self._form}.{_ENDED}").read_bytes().partition(b"\n")
            if len(rest) == 8 * self._length:
                names, total = set(json.loads(head)), array("d", rest)
        return names, total

    def _read(self, path: Path) -> array[float]:
        data = path.read_bytes()
        whole = 8 * self._length
        return array("d", data if len(data) == whole else bytes(whole))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self._folder / ".lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    # -- Counting ---------------------------------------------------------------------------

    def _numbers(self) -> Any:
        """The numbers of this process; in memory alone where no file can be made."""
        if self._process != os.getpid():
            self._process = os.getpid()
            self._own = memoryview(bytearray(8 * self._length)).cast("d")
            with suppress(OSError):
                self._own = self._mapped()
        return self._own

    def _mapped(self) -> Any:
        with self._alone():
            name = f"{self._form}-{os.getpid()}-{secrets.token_hex(4)}.{_LIVE}"
            file = os.open(self._folder / name, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            weakref.finalize(self, os.close, file)
            # Held until the process ends, however it does: so others see that it lives.
            fcntl.flock(file, fcntl.LOCK_EX)
            os.ftruncate(file, 8 * self._length)
        return memoryview(mmap.mmap(file, 8 * self._length)).cast("d")


def _is_free(path: Path) -> bool:
    """Whether no process holds a file any more."""
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True

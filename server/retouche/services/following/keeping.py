"""Keeping the mirrors of one home at what all servers serve, wherever it was published.

Only one process of a home fetches; the others see that the mirror has moved.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

import structlog

from retouche.core.errors import ForgeUnavailable, NotFound, RetoucheError
from retouche.ports import Locks, RemoteForge, Watch
from retouche.services.courier.breaker import Breaker
from retouche.services.datasets import Dataset
from retouche.services.following.transitions import is_within

PAUSE = 1.0
"""Seconds between two looks at what all servers serve."""
LONGEST = 30.0
"""Longest pause, in seconds, after a look that failed."""
WAIT = 10.0
"""Longest wait, in seconds, for another process that fetches what is missing here."""
FOLDING = 6 * 3600.0
"""Seconds between two foldings of a mirror: each fetch adds a file to it."""
LOG = structlog.get_logger()


class Keeping:
    """A thread for each dataset whose forge is elsewhere: none waits for another's forge."""

    def __init__(
        self,
        datasets: Iterable[Dataset],
        *,
        watch: Watch,
        locks: Locks,
        home: Locks,
        breaker: Breaker,
        fold: Callable[[Dataset], object],
    ) -> None:
        """`locks` are those of all servers, `home` those of the processes of this home.

        `fold` folds the files of a mirror together where there are many.
        """
        self._datasets = [one for one in datasets if one.remote is not None]
        self._watch = watch
        self._locks = locks
        self._home = home
        self._breaker = breaker
        self._fold = fold
        self._folded = time.monotonic()
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()

    def start(self) -> None:
        """Begin in this process, after any fork. Does nothing when it has begun."""
        if self._threads:
            return
        self._stopping.clear()
        for one in self._datasets:
            name = f"keeping {one.name}"
            thread = threading.Thread(target=self._attend, args=(one,), name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        self._stopping.set()
        end = time.monotonic() + timeout
        for one in self._threads:
            one.join(max(0.0, end - time.monotonic()))
        self._threads.clear()

    def _attend(self, dataset: Dataset) -> None:
        failures = 0
        while not self._stopping.wait(min(LONGEST, PAUSE * 2.0 ** min(failures, 5))):
            try:
                self.keep(dataset)
                failures = 0
            except RetoucheError as error:
                failures += 1
                if failures == 1:
                    LOG.warning("not_kept_up", dataset=dataset.name, reason=error.reason)
            except Exception:  # it may go well the next time: the thread must not end
                failures += 1
                LOG.exception("not_kept_up", dataset=dataset.name)

    def keep(self, dataset: Dataset, *, seconds: float = 0.0) -> bool:
        """Serve here what all servers serve; tell whether it is so.

        Waits some time for another process of this home that is at it. Raises
        `ForgeUnavailable`.
        """
        remote = dataset.remote
        assert remote is not None  # only mirrors are kept
        outlook = self._watch.outlook(dataset.name)
        if outlook.served in (None, published_or_none(remote)):
            return True
        if self._breaker.pause(outlook) is not None:
            return False
        with self._home.attempt(f"{dataset.name}~keeping", seconds=seconds) as held:
            return held and self._move(dataset, remote)

    def find(self, dataset: Dataset, commit: str, named: bool) -> bool:
        """Bring a commit that is missing here; tell whether it may be here by now.

        `named` tells that the journal names it. Any other is looked for only where this home is
        behind: nobody can have us ask a forge for what they made up. Raises `ForgeUnavailable`.
        """
        remote = dataset.remote
        if remote is None:
            return False
        if not named:
            served = self._watch.outlook(dataset.name).served
            if served in (None, published_or_none(remote)):
                return False
            return self.keep(dataset, seconds=WAIT)
        with self._home.attempt(f"{dataset.name}~keeping", seconds=WAIT) as held:
            if not held:
                return False
            if not _has(remote, commit):
                self._breaker.check(dataset.name)
                remote.bring(commit)
            return True

    def _move(self, dataset: Dataset, remote: RemoteForge) -> bool:
        """Bring what is served, and serve it here. The lock of the home is held."""
        served = self._watch.outlook(dataset.name).served
        before = published_or_none(remote)
        if served is None or served == before:
            return True
        if not _has(remote, served):
            remote.bring(served)
        if before is None or not is_within(dataset, served, before):
            remote.publish(served, before=before)
            if time.monotonic() - self._folded > FOLDING:
                self._folded = time.monotonic()
                self._fold(dataset)
            return True
        # We are ahead: of an acceptance that is not written down yet, or of a history that was
        # taken back. Who decides holds the lock.
        with self._locks.attempt(dataset.name, seconds=0) as free:
            if free and self._watch.outlook(dataset.name).served == served:
                remote.publish(served, before=before)
            return free


def published_or_none(remote: RemoteForge) -> str | None:
    """What is served here; None before anything was."""
    try:
        return remote.published()
    except ForgeUnavailable:
        return None


def _has(remote: RemoteForge, commit: str) -> bool:
    try:
        return remote.resolve(commit) == commit
    except NotFound:
        return False

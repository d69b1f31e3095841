"""Carries proposals to forges elsewhere, and has what became of them there followed.

It works beside requests, from what the journal and the watch say: whatever stops it, the next
round goes on from there.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from retouche.core.errors import ForgeUnavailable, StorageFull
from retouche.ports import Clock, Journal, Locks, Proposal, Watch
from retouche.services.courier.bell import Bell
from retouche.services.courier.breaker import Breaker, still_waiting
from retouche.services.courier.carriage import Carriage
from retouche.services.datasets import Dataset
from retouche.services.following.rounds import SWEEP

BATCH = 20
"""Most proposals that a round carries before it looks at what the forge has."""
GLANCE = 5.0
"""Longest time, in seconds, until it is seen that something waits though no ring was heard: rings
come through a queue that may lose them."""
HELD_ELSEWHERE = 0.1
"""Seconds until the next try when another process is at it."""
JOURNAL = "journal_unavailable"
"""The `reason` of a database that is not reached."""
WITHOUT_JOURNAL = 1.0
"""Seconds until a database is asked again that was not reached."""
LONGEST_STUMBLE = 30.0
"""Longest pause, in seconds, after something that was not foreseen."""
LOG = structlog.get_logger()


class Follows(Protocol):
    def follow(self, dataset: Dataset, *, full: bool) -> None:
        """Bring into the journal what a forge has; all of it, or what changed.

        Raises `ForgeUnavailable`.
        """
        ...


class Courier:
    """One thread for each dataset whose forge is elsewhere: none waits for another's forge."""

    def __init__(
        self,
        datasets: Iterable[Dataset],
        carriage: Carriage,
        following: Follows,
        *,
        journal: Journal,
        watch: Watch,
        locks: Locks,
        clock: Clock,
        bell: Bell,
        breaker: Breaker,
        poll: float,
    ) -> None:
        """`poll`: seconds between two looks at a forge that tells of nothing."""
        self._datasets = [one for one in datasets if one.remote is not None]
        self._carriage = carriage
        self._following = following
        self._journal = journal
        self._watch = watch
        self._locks = locks
        self._clock = clock
        self._bell = bell
        self._breaker = breaker
        self._poll = timedelta(seconds=poll)
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()
        # Of each dataset: whether a round was made since the start, how many of the looks that
        # were asked for were taken, and when following that stumbled is tried again.
        self._begun: set[str] = set()
        self._looked: dict[str, int] = {}
        self._stumbled: dict[str, datetime] = {}

    # -- Threads ------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to work in this process, after any fork. Does nothing when it already does."""
        if self._threads:
            return
        self._stopping.clear()
        self._begun.clear()
        self._bell.attend()
        for one in self._datasets:
            name = f"courier {one.name}"
            thread = threading.Thread(target=self._attend, args=(one,), name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self, timeout: float = 5.0) -> None:
        """End; a call that is under way is waited for, but not for longer than some seconds."""
        self._stopping.set()
        self._bell.leave()
        end = time.monotonic() + timeout
        for one in self._threads:
            one.join(max(0.0, end - time.monotonic()))
        self._threads.clear()

    def wake(self, dataset: str, look: bool = False) -> None:
        """Ask for a round of a dataset: there is something new to deal with.

        With `look`, one that looks at what its forge has. One that is not served is nobody's.
        """
        if any(one.name == dataset for one in self._datasets):
            self._bell.ring(dataset, look=look)

    def _attend(self, dataset: Dataset) -> None:
        seconds, stumbles = 0.0, 0
        while True:
            ring = self._bell.wait(dataset.name, seconds)
            if ring is None:
                return
            try:
                with self._locks.attempt(lock_name(dataset), seconds=0) as held:
                    if held:
                        self._round(dataset)
                        self._bell.answer(dataset.name, ring)
                seconds = self._until_next(dataset) if held else HELD_ELSEWHERE
                stumbles = 0
            except Exception as error:  # the next round may go well: the thread must not end
                stumbles += 1
                pause = min(LONGEST_STUMBLE, 2.0 ** min(stumbles, 5))
                if getattr(error, "reason", None) == JOURNAL:
                    LOG.warning("round_failed", dataset=dataset.name, reason=JOURNAL)
                    pause = min(pause, WITHOUT_JOURNAL)
                else:
                    LOG.exception("round_failed", dataset=dataset.name)
                self._bell.pause(pause)
                continue
            if not held:
                self._bell.pause(HELD_ELSEWHERE)

    def _until_next(self, dataset: Dataset) -> float:
        """Seconds until the next round of a dataset when nothing rings."""
        outlook = self._watch.outlook(dataset.name)
        pause = self._breaker.pause(outlook)
        if pause is None:
            polled = self._stumbled.get(dataset.name) or outlook.polled_at
            now = self._clock()
            pause = (polled + self._poll - now) if polled and polled <= now else self._poll
        return max(0.05, min(pause.total_seconds(), self._poll.total_seconds(), GLANCE))

    # -- Rounds -------------------------------------------------------------------------------

    def round(self, dataset: Dataset) -> None:
        """Do at once all that is due for a dataset, waiting for whoever is at it.

        A forge that fails only delays it: the watch says so then.
        """
        with self._locks.hold(lock_name(dataset)):
            self._round(dataset)

    def _round(self, dataset: Dataset) -> None:
        name = dataset.name
        first = name not in self._begun
        if first:
            self._breaker.forgive(name)
            self._begun.add(name)
        if self._breaker.pause(self._watch.outlook(name)) is not None:
            return
        try:
            asked = self._carry(dataset, first=first)
            asked = self._close(dataset, first=first) or asked
            asked = self._follow(dataset, first=first) or asked
        except (ForgeUnavailable, StorageFull) as error:
            if error.reason == JOURNAL:
                raise  # there is nothing to note it in, and the forge is not to blame
            outlook = self._breaker.failed(name, error)
            LOG.warning(
                "forge_not_reached",
                dataset=name,
                reason=error.reason,
                failures=outlook.failures,
                retry_at=str(outlook.retry_at),
            )
        else:
            if asked:
                self._breaker.answered(name)

    def _carry(self, dataset: Dataset, *, first: bool) -> bool:
        """Carry what is queued, in the order of arrival; what failed before, after the others."""
        waiting = [one for one in self._unfinished(dataset, first) if one.state == "queued"]
        waiting.sort(key=lambda one: (one.upstream.attempts, one.sequence))
        for one in waiting[:BATCH]:
            if self._stopping.is_set():
                return True
            try:
                self._carriage.carry(dataset, one)
            finally:
                self._bell.carried(one.id)
        if len(waiting) > BATCH:
            self._bell.ring(dataset.name)
        return bool(waiting)

    def _close(self, dataset: Dataset, *, first: bool) -> bool:
        """Close what was taken back."""
        ended = [one for one in self._unfinished(dataset, first) if one.is_to_be_closed]
        for one in ended:
            self._carriage.close(dataset, one)
        return bool(ended)

    def _unfinished(self, dataset: Dataset, first: bool) -> list[Proposal]:
        """What the forge may be asked about now; at the start of a server, again about all."""
        now = self._clock()
        found = []
        for one in self._journal.unfinished(dataset.name):
            until = one.upstream.retry_at
            if first or until is None or still_waiting(datetime.fromisoformat(until), now) is None:
                found.append(one)
        return found

    def _follow(self, dataset: Dataset, *, first: bool) -> bool:
        name = dataset.name
        deliveries, looks = self._watch.deliveries(name), self._bell.looks(name)
        looked = self._looked.get(name, 0) < looks
        if not (first or deliveries or looked or self._is_due(dataset)):
            return False
        swept = self._watch.outlook(name).swept_at
        full = _is_older(swept, self._poll if first else SWEEP, self._clock())
        try:
            self._following.follow(dataset, full=full)
        except (ForgeUnavailable, StorageFull):
            raise
        except Exception:  # what can be carried is carried nevertheless
            LOG.exception("not_followed", dataset=name)
            self._stumbled[name] = self._clock()
            return False
        self._stumbled.pop(name, None)
        self._looked[name] = looks
        self._watch.settle(name, [one.id for one in deliveries])
        return True

    def _is_due(self, dataset: Dataset) -> bool:
        """Whether the forge is to be looked at though nothing tells of news."""
        now = self._clock()
        stumbled = self._stumbled.get(dataset.name)
        if stumbled is not None:
            return _is_older(stumbled, self._poll, now)
        unsettled = any(
            one.state == "open" for one in self._journal.unfinished(dataset.name)
        )  # a decision was begun, and nobody knows whether it was carried out
        return unsettled or _is_older(self._watch.outlook(dataset.name).polled_at, self._poll, now)


def lock_name(dataset: Dataset) -> str:
    """The lock of whoever carries for a dataset."""
    return f"{dataset.name}~courier"


def _is_older(moment: datetime | None, age: timedelta, now: datetime) -> bool:
    """Whether a moment lies so far back; also when it lies ahead: the clock was put back."""
    return moment is None or not timedelta(0) <= now - moment < age

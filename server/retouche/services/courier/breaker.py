"""Whether a forge elsewhere may be asked at all: after a failure not before some time has passed.

What it knows is in the watch, so that all processes of a server keep to it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from retouche.core.errors import ForgeUnavailable, RetoucheError
from retouche.ports import Clock, Outlook, Watch

SHORTEST = timedelta(seconds=1)
LONGEST = timedelta(seconds=300)
"""Bounds of the pause after a failure, whose length is drawn by lot: not all come back at once."""
LONGEST_ASKED = timedelta(hours=1)
"""Longest pause that a forge can ask for."""
UNAUTHORIZED = timedelta(minutes=15)
"""A token that is refused stays so for a while, and whoever insists is shut out."""


class Breaker:
    """When the forge of each dataset may be asked. Only who holds its round writes."""

    def __init__(
        self, watch: Watch, clock: Clock, *, lot: Callable[[], float] = random.random
    ) -> None:
        """`lot` gives numbers from 0 to 1."""
        self._watch = watch
        self._clock = clock
        self._lot = lot

    def check(self, dataset: str) -> None:
        """Raises `ForgeUnavailable`, as it was met last, while it must not be asked."""
        outlook = self._watch.outlook(dataset)
        pause = self.pause(outlook)
        if pause is not None:
            values = {name: text for name, text in outlook.values.items() if name != "retry_after"}
            raise ForgeUnavailable(outlook.fault, retry_after=pause.total_seconds(), **values)

    def pause(self, outlook: Outlook) -> timedelta | None:
        """How long the forge must still not be asked; None when it may."""
        return still_waiting(outlook.retry_at, self._clock())

    def failed(self, dataset: str, error: RetoucheError) -> Outlook:
        """Note that the forge could not be asked, and when it is asked again."""
        now = self._clock()
        present = self._watch.outlook(dataset)
        failures = present.failures + 1
        outlook = replace(
            present,
            fault=error.reason,
            values=dict(error.values),
            since=present.since or now,
            failures=failures,
            retry_at=now + self._pause_after(failures, error),
        )
        self._watch.note_outlook(outlook)
        return outlook

    def answered(self, dataset: str) -> None:
        """Note that the forge answers."""
        present = self._watch.outlook(dataset)
        well = replace(present, fault=None, values={}, since=None, failures=0, retry_at=None)
        if well != present:
            self._watch.note_outlook(well)

    def forgive(self, dataset: str) -> None:
        """Let the forge be asked at once: whoever starts a server may have mended something."""
        present = self._watch.outlook(dataset)
        if present.retry_at is not None:
            self._watch.note_outlook(replace(present, retry_at=None))

    def _pause_after(self, failures: int, error: RetoucheError) -> timedelta:
        if error.reason == "forge_unauthorized":
            return UNAUTHORIZED
        most = min(LONGEST, SHORTEST * (1 << min(failures, 20)))
        asked: float = getattr(error, "retry_after", None) or 0.0
        longest = LONGEST_ASKED.total_seconds()
        return max(SHORTEST, most * self._lot(), timedelta(seconds=min(asked, longest)))


def still_waiting(until: datetime | None, now: datetime) -> timedelta | None:
    """The time left until a moment; None when it has passed, or lies further ahead than any
    pause is long: then the clock was put back."""
    if until is None:
        return None
    left = until - now
    return left if timedelta(0) < left <= LONGEST_ASKED else None

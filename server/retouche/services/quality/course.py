"""How the quality of a dataset went on: figures at the end of each of the last months.

Figures belong to the content of files and are kept with it; what is not there yet is computed, as
long as it takes no more than a moment: the rest is computed when it is asked for again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from retouche.core.errors import RetoucheError
from retouche.ports import Clock, Revision
from retouche.services.datasets import DatasetRevision
from retouche.services.history import History
from retouche.services.quality.figures import Overall, counted
from retouche.services.quality.moments import beginnings, month_of
from retouche.services.quality.quality import Quality
from retouche.services.shelf import Cache

POINTS = 12
FEWEST_MONTHS = 3
"""With a shorter past the last revisions are shown instead of months."""
MOST_REVISIONS = 2_000
"""Revisions among which the last ones of months are looked for, the newest ones."""
AT_ONCE = 200
PATIENCE = 1.0
"""Seconds that one request waits for versions to be checked."""
KNOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The quality at a revision. `overall` is None while it is not computed, or cannot be;
    `pending` tells them apart."""

    revision: Revision
    month: str | None
    overall: Overall | None
    pending: bool = False


class Course:
    """Gives the points of a course, oldest first."""

    def __init__(
        self,
        quality: Quality,
        history: History,
        clock: Clock,
        *,
        patience: float = PATIENCE,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        """`timer` gives seconds from anywhere."""
        self._quality = quality
        self._history = history
        self._clock = clock
        self._patience = patience
        self._timer = timer
        self._chosen: Cache[Sequence[tuple[str | None, Revision]]] = Cache(KNOWN, lambda _: 1)

    def begin(self) -> float:
        """A moment from which on the patience of `of` counts."""
        return self._timer()

    def of(
        self,
        revision: DatasetRevision,
        resource: str | None = None,
        *,
        began: float | None = None,
    ) -> Sequence[Point]:
        """The course up to a revision, of the whole dataset or of a resource.

        `began`: when the work began of which this is a part, as `begin` gave it.
        """
        start = self._timer() if began is None else began
        return [
            self._point(revision, month, one, resource, start)
            for month, one in reversed(self._points(revision))
        ][::-1]

    def before(self, revision: DatasetRevision, moment: datetime) -> Revision | None:
        """The revision that was published at a moment; None where it is too long ago."""
        return next((one for one in self._revisions(revision) if one.time <= moment), None)

    def prepare(self, revision: DatasetRevision) -> None:
        """Compute all that is missing, however long it takes."""
        self._quality.overall(revision)
        for month, one in self._points(revision):
            self._point(revision, month, one, None, None)

    def _points(self, revision: DatasetRevision) -> Sequence[tuple[str | None, Revision]]:
        now = self._clock()
        key = revision.dataset.name, revision.commit, month_of(now)
        return self._chosen.get(key, lambda: self._choose(revision, now))

    def _point(
        self,
        revision: DatasetRevision,
        month: str | None,
        one: Revision,
        resource: str | None,
        began: float | None,
    ) -> Point:
        """A point; one that began at no moment is waited for as long as it takes."""
        try:
            then = revision.dataset.at(one.id)
            if began is not None and not all(
                self._quality.is_known(then, name) or self._comes(then, name, began)
                for name in counted(then.package)
            ):
                return Point(revision=one, month=month, overall=None, pending=True)
            overall = self._quality.overall(then, resource)
        except RetoucheError:  # what stood there cannot be read
            return Point(revision=one, month=month, overall=None)
        return Point(revision=one, month=month, overall=overall if overall.cells else None)

    def _comes(self, revision: DatasetRevision, resource: str, began: float) -> bool:
        """Whether figures can be had before the patience of a request is over."""
        left = began + self._patience - self._timer()
        return left >= 0 and self._quality.soon(revision, resource, seconds=left)

    def _choose(
        self, revision: DatasetRevision, now: datetime
    ) -> Sequence[tuple[str | None, Revision]]:
        """The revisions that are shown, oldest first, each with the month that it ends."""
        revisions = list(self._revisions(revision))
        last: dict[str, Revision] = {}
        months = list(beginnings(now, POINTS))
        for begin, end in zip(months, [None, *months], strict=False):
            found = next((one for one in revisions if end is None or one.time < end), None)
            if found is not None:
                last[month_of(begin)] = found
        chosen: list[tuple[str | None, Revision]] = list(last.items())
        if len({one.id for one in last.values()}) < FEWEST_MONTHS:
            chosen = [(None, one) for one in revisions[:POINTS]]
        return chosen[::-1]

    def _revisions(self, revision: DatasetRevision) -> Sequence[Revision]:
        """The last revisions, newest first."""
        found: list[Revision] = []
        for page in range(1, MOST_REVISIONS // AT_ONCE + 1):
            views, total = self._history.revisions(
                revision.dataset, revision.commit, page=page, page_size=AT_ONCE
            )
            found += [one.revision for one in views]
            if len(found) >= total:
                break
        return found

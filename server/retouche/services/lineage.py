"""The index of changes brought up to a commit: what is missing is read, once, oldest first."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from time import monotonic
from typing import TypeAlias

import structlog

from retouche.core.errors import ForgeUnavailable, RetoucheError
from retouche.ports import ChangeIndex, Locks, Revision
from retouche.services.datasets import Dataset
from retouche.services.neighbours import Neighbours

BATCH = 100
"""Commits that are written at once, so that a kill loses the work on these alone."""
PATIENCE = 2.0
"""Seconds between two lines of the log about a work that takes long."""
LOG = structlog.get_logger()
Progress: TypeAlias = Callable[[int, int], None]
"""Is told how many commits are done, of how many."""


class Lineage:
    """Knows the first-parent history of any commit that it was asked to reach."""

    def __init__(self, index: ChangeIndex, locks: Locks) -> None:
        self._index = index
        self._locks = locks

    def reach(self, dataset: Dataset, commit: str, *, progress: Progress | None = None) -> int:
        """Index the history of a commit; give how many commits it has. Raises `NotFound`."""
        length = self._index.length(dataset.name, commit)
        if length is None:
            with self._locks.hold(f"{dataset.name}~history"):
                self._extend(dataset, commit, progress or _Logged(dataset.name))
            length = self._index.length(dataset.name, commit)
        if length is None:  # the index was lost as soon as it was made
            raise ForgeUnavailable("journal_unavailable")
        return length

    def _extend(self, dataset: Dataset, commit: str, progress: Progress) -> None:
        published = None
        with suppress(RetoucheError):  # a commit can be read whatever became of the branch
            published = dataset.forge.published()
            # First, for its line to go on through what will be accepted.
            self._add(dataset, published, progress)
        self._add(dataset, commit, progress, published=published)

    def _add(
        self, dataset: Dataset, head: str, progress: Progress, *, published: str | None = None
    ) -> None:
        missing = self._missing(dataset, head)[::-1]
        if not missing:
            return
        neighbours = Neighbours(dataset, ends={head, *missing[0].parents[:1]})
        for start in range(0, len(missing), BATCH):
            changes = [neighbours.changes(one) for one in missing[start : start + BATCH]]
            self._index.add(dataset.name, changes, published=published)
            progress(start + len(changes), len(missing))

    def _missing(self, dataset: Dataset, head: str) -> list[Revision]:
        """What the history of a commit has before any indexed one, newest first."""
        # Another process may have indexed them while this one waited for the lock.
        missing: list[Revision] = []
        revisions = dataset.forge.revisions(head)
        size = 1
        while block := list(islice(revisions, size)):
            new = self._index.missing(dataset.name, [one.id for one in block])
            for one in block:
                if one.id not in new:
                    return missing
                missing.append(one)
            size = min(2 * size, 500)
        return missing


class _Logged:
    """Says in the log how far a work has come, once it takes long."""

    def __init__(self, dataset: str) -> None:
        self._dataset = dataset
        self._told = monotonic()

    def __call__(self, done: int, total: int) -> None:
        if monotonic() - self._told >= PATIENCE:
            self._told = monotonic()
            LOG.info("history", dataset=self._dataset, commits=done, of=total)

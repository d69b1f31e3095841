"""When each row and cell was last looked at: changed in what is published, or confirmed.

A published change of a cell counts as a confirmation of that cell, a new row as one of all its
cells, and the confirmation of a row as one of all its cells. The import of a file is none. Changes
are known per commit and kept; confirmations are asked for each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.columns import MISSING
from retouche.core.operations import Key
from retouche.core.reading.snapshot import Snapshot
from retouche.ports import Clock, RowTouch
from retouche.ports import Voices as Memory
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.history import History
from retouche.services.quality.moments import beginnings, month_of, months_before
from retouche.services.shelf import Cache

Seconds: TypeAlias = NDArray[np.uint32]
"""Since 1970, in UTC; 0 for never."""
MOST_CHANGES = 100_000
"""Changes of rows of a resource that are looked at, the newest ones: older ones count as none."""
MOST_CONFIRMED = 50_000
"""Confirmed rows of a resource that are looked at, those confirmed last."""
SHOWN_MONTHS = 12
HELD = 64_000_000
"""Bytes of what a process remembers of changes."""


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """When rows, and the cells of some fields, were last changed, by their position."""

    rows: Seconds
    cells: Mapping[str, Seconds]
    inserted: Seconds

    @property
    def size(self) -> int:
        return sum(one.nbytes for one in (self.rows, self.inserted, *self.cells.values())) + 1_000


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """When rows of a resource were last looked at, by their position."""

    changes: Changes
    confirmed: Seconds

    @property
    def rows(self) -> Seconds:
        """The last change or confirmation of each row."""
        return np.maximum(self.changes.rows, self.confirmed)

    def cells(self, field: str) -> Seconds:
        """The last change or confirmation of each cell of a field."""
        known = np.maximum(self.changes.inserted, self.confirmed)
        own = self.changes.cells.get(field)
        return known if own is None else np.maximum(known, own)

    def since(self, field: str, moment: datetime) -> int:
        """How many cells of a field were looked at since then."""
        return int(np.count_nonzero(self.cells(field) >= _seconds(moment)))

    def last_change(self, field: str) -> datetime | None:
        """When a cell of a field last changed, None for never since the import."""
        own = self.changes.cells.get(field)
        found = [one for one in (own, self.changes.inserted) if one is not None and len(one)]
        return moment_of(max((int(one.max()) for one in found), default=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A row to be looked at again. `looked` is when it last was, None for never."""

    key: Key
    label: str
    looked: datetime | None
    confirmed: bool
    """Whether it was looked at by a confirmation, and not by a change."""


class Freshness:
    """Answers when something was last looked at."""

    def __init__(self, history: History, memory: Memory, clock: Clock) -> None:
        self._history = history
        self._memory = memory
        self._clock = clock
        self._changes: Cache[Changes] = Cache(HELD, lambda one: one.size)

    def of(self, revision: DatasetRevision, resource: str) -> Looked:
        """Raises `NotFound` and `UnreadableFile`."""
        snapshot = revision.snapshot(resource)
        dataset = revision.dataset
        key = dataset.name, revision.commit, resource
        changes = self._changes.get(key, lambda: self._changed(revision, resource))
        confirmed = np.zeros(len(snapshot), np.uint32)
        for one in self._memory.confirmed(dataset.name, resource, limit=MOST_CONFIRMED):
            position = snapshot.index.get(one.key)
            if position is not None:
                confirmed[position] = _seconds(one.last)
        return Looked(changes, confirmed)

    def since(self, months: int) -> datetime:
        """The moment from which on something counts as looked at lately: where a day begins, so
        that figures are the same all day."""
        today = self._clock().astimezone(UTC)
        return months_before(today.replace(hour=0, minute=0, second=0, microsecond=0), months)

    def todo(
        self,
        revision: DatasetRevision,
        resource: str,
        *,
        among: tuple[str, str] | None = None,
        page: int = 1,
        page_size: int = 20,
    ) -> tuple[Sequence[Due], int]:
        """One page of the rows that were not looked at for longest, and how many rows there are.

        `among`: a field and the text that it must have. Rows that no key names are left out.
        Raises `NotFound`, `UnknownField`, `UnreadableFile`.
        """
        snapshot = revision.snapshot(resource)
        found = _named(snapshot)
        if among is not None:
            snapshot.check([among[0]])
            found = np.intersect1d(found, snapshot.positions(*among))
        looked = self.of(revision, resource)
        rows = looked.rows[found]
        order = found[np.argsort(rows, kind="stable")]
        start = (page - 1) * page_size
        shown = order[start : start + page_size] if start < len(order) else order[:0]
        return [_due(snapshot, looked, int(one)) for one in shown], len(order)

    def confirmations(self, dataset: Dataset, resource: str | None = None) -> Mapping[str, int]:
        """How many confirmations there were in each of the last months, oldest first."""
        months = list(beginnings(self._clock(), SHOWN_MONTHS))[::-1]
        found = self._memory.confirmed_by_month(dataset.name, resource, since=months[0])
        return {month_of(one): found.get(month_of(one), 0) for one in months}

    def _changed(self, revision: DatasetRevision, resource: str) -> Changes:
        touches = self._history.touches(
            revision.dataset, revision.commit, resource, limit=MOST_CHANGES
        )
        return changes_of(revision.snapshot(resource), touches)


def changes_of(snapshot: Snapshot, touches: Iterable[RowTouch]) -> Changes:
    """The last change of rows and cells; `touches` come newest first.

    A row keeps what was done to it under an earlier key.
    """
    count = len(snapshot)
    rows, inserted = np.zeros(count, np.uint32), np.zeros(count, np.uint32)
    cells: dict[str, Seconds] = {}
    shown = {one.name for one in snapshot.fields}
    # Where the row is by now that had a key before the commit that is looked at.
    former: dict[Key, int | None] = {}
    earlier: dict[Key, int | None] = {}
    generation = -1
    for one in touches:
        if one.generation != generation:
            former |= earlier
            earlier, generation = {}, one.generation
        position = former[one.key] if one.key in former else snapshot.index.get(one.key)
        if one.old_key is not None:
            if one.old_key == one.key:
                continue  # what the row lost its key to is told under its new one
            earlier[one.old_key] = position
        if one.old_key is not None or one.op == "insert":
            earlier.setdefault(one.key, None)  # what is older happened to another row of that key
        if position is None:
            continue
        time = _seconds(one.time)
        rows[position] = max(int(rows[position]), time)
        if one.op == "insert":
            inserted[position] = max(int(inserted[position]), time)
        for name in one.fields:
            if name in shown:
                own = cells.setdefault(name, np.zeros(count, np.uint32))
                own[position] = max(int(own[position]), time)
    return Changes(rows, cells, inserted)


def moment_of(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _seconds(moment: datetime) -> int:
    return min(max(0, int(moment.timestamp())), 2**32 - 1)


def _named(snapshot: Snapshot) -> NDArray[np.int64]:
    """The positions of the rows that have a whole key."""
    names = snapshot.resource.schema.primary_key
    kept = np.full(len(snapshot), bool(names))
    snapshot.prepare(names)
    for name in names:
        kept &= snapshot.column(name).codes != MISSING
    return np.flatnonzero(kept)


def _due(snapshot: Snapshot, looked: Looked, position: int) -> Due:
    cells = snapshot.cells(position)
    key = snapshot.resource.schema.key_of(cells) or ()
    changed, confirmed = int(looked.changes.rows[position]), int(looked.confirmed[position])
    return Due(
        key=key,
        label=snapshot.resource.row_label(cells, key),
        looked=moment_of(max(changed, confirmed)),
        confirmed=confirmed > changed,
    )

"""History: which rows each published commit changed, by key and cell.

All of it is told by an index that can always be made again. Commits that Retouche did not make are
treated like its own. A row that got a new key keeps its past.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal

from retouche.core.diff import TableDiff
from retouche.core.errors import BadDataset, NotFound, UnreadableFile
from retouche.core.operations import Cell, Key
from retouche.ports import (
    ChangeIndex,
    CommitChanges,
    Locks,
    Revision,
    RowEntry,
    RowEvent,
    RowTouch,
)
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.differences import Side, difference, known_cuts
from retouche.services.lineage import Lineage, Progress

Op = Literal["insert", "update", "delete"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many rows of a resource a commit changed."""

    inserted: int = 0
    updated: int = 0
    deleted: int = 0

    def __bool__(self) -> bool:
        return bool(self.inserted or self.updated or self.deleted)


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionView:
    """A commit and what it changed, per resource; resources without a change are left out.

    `faults` names the resources that could not be read at this commit or the one before.
    """

    revision: Revision
    changes: dict[str, Counts] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """One change of one row: `cells` maps fields to (old, new)."""

    revision: Revision
    op: Op
    cells: Mapping[str, tuple[Cell, Cell]]


class History:
    """What happened to a dataset, read from the published commits."""

    def __init__(self, index: ChangeIndex, locks: Locks) -> None:
        self._index = index
        self._lineage = Lineage(index, locks)

    def reach(self, dataset: Dataset, commit: str, *, progress: Progress | None = None) -> int:
        """How many commits led to `commit`; what the index lacks of them is read now.

        The answers below do so by themselves. `progress` is told how far it has come; without
        it, the log is.
        """
        return self._lineage.reach(dataset, commit, progress=progress)

    def revisions(
        self, dataset: Dataset, commit: str, *, page: int = 1, page_size: int = 20
    ) -> tuple[list[RevisionView], int]:
        """One page of the commits that led to `commit`, newest first, and how many there are."""
        total = self.reach(dataset, commit)
        found = self._index.revisions(
            dataset.name, commit, offset=(page - 1) * page_size, limit=page_size
        )
        return [_view(one) for one in found], total

    def row(self, dataset: Dataset, commit: str, resource: str, key: Key) -> list[RowChange]:
        """The changes of one row up to `commit`, newest first, without what is personal.

        Empty for an unknown key.

        Where the row got its key from another one, it goes on with what happened under that. What
        another row did under the same key before it gave the key up is not told.
        """
        length = self.reach(dataset, commit)
        told: list[RowEvent] = []
        present: Key | None = key
        while present is not None:
            key = present
            before = told[-1].generation if told else None
            events = self._index.row(dataset.name, commit, resource, key, before=before)
            life, present, complete = _life(events, taken_over=bool(told))
            told += life
        changes = [
            RowChange(revision=one.revision, op=one.entry.op, cells=one.entry.cells) for one in told
        ]
        if complete:
            first = self._index.revisions(dataset.name, commit, offset=length - 1, limit=1)
            changes += [
                change
                for one in first
                for change in _imported(dataset, one.revision, resource, key)
            ]
        shown = _Shown(dataset, commit, resource)
        return [replace(one, cells=shown.of(one)) for one in changes]

    def touches(
        self, dataset: Dataset, commit: str, resource: str, *, limit: int
    ) -> Sequence[RowTouch]:
        """Which rows of a resource were changed up to `commit`, newest first; not the import."""
        self.reach(dataset, commit)
        return self._index.touches(dataset.name, commit, resource, limit=limit)

    def entries(
        self, dataset: Dataset, commit: str, revision: Revision, *, limit: int
    ) -> list[RowEntry]:
        """What a revision on the way to `commit` did to rows, without what is personal."""
        found = self._index.entries(dataset.name, revision.id, limit=limit)
        shown: dict[str, _Shown] = {}
        entries = []
        for one in found:
            own = shown.setdefault(one.resource, _Shown(dataset, commit, one.resource))
            change = RowChange(revision=revision, op=one.op, cells=one.cells)
            entries.append(replace(one, cells=own.of(change)))
        return entries

    def diff(self, dataset: Dataset, start: str, end: str, resource: str) -> TableDiff:
        """What changed in a resource between two commits. Raises `NotFound`."""
        a, b = dataset.at(start), dataset.at(end)
        if resource not in a.package.resources and resource not in b.package.resources:
            raise NotFound("unknown_resource", resource=resource, known=sorted(b.package.resources))
        return difference(
            _side(a, resource), _side(b, resource), cuts=partial(known_cuts, dataset.forge)
        )


class _Shown:
    """Which cells of a row's changes may be shown: none of a field that is personal.

    Where the commit that is looked at has no such column any more, what the change's own commit
    and the one before it say of it counts; what no schema names is not personal.
    """

    def __init__(self, dataset: Dataset, commit: str, resource: str) -> None:
        self._dataset = dataset
        self._resource = resource
        self._fields = self._marks(commit) or {}

    def of(self, change: RowChange) -> Mapping[str, tuple[Cell, Cell]]:
        known = self._fields
        unnamed = False
        if any(name not in known for name in change.cells):
            then = [self._marks(one) for one in (*change.revision.parents[:1], change.revision.id)]
            unnamed = None in then  # nobody knows what it was
            for marks in filter(None, reversed(then)):
                known = {**marks, **known}
        return {name: pair for name, pair in change.cells.items() if not known.get(name, unnamed)}

    def _marks(self, commit: str) -> Mapping[str, bool] | None:
        """Whether a column is personal, by its name; None where that cannot be read."""
        try:
            package = self._dataset.at(commit).package
            fields = package.resource(self._resource).schema.fields
        except (NotFound, BadDataset, UnreadableFile):
            return None
        return {one.name: one.personal for one in fields}


def _view(changes: CommitChanges) -> RevisionView:
    return RevisionView(
        revision=changes.revision,
        changes={
            name: Counts(inserted=one[0], updated=one[1], deleted=one[2])
            for name, one in sorted(changes.counts.items())
            if any(one[:3])
        },
        faults=tuple(sorted(name for name, one in changes.counts.items() if one[3])),
    )


def _side(revision: DatasetRevision, name: str) -> Side | None:
    resource = revision.package.resources.get(name)
    if resource is None:
        return None
    return Side(resource, revision.blob(name), lambda: revision.snapshot(name).table)


def _imported(dataset: Dataset, first: Revision, resource: str, key: Key) -> list[RowChange]:
    """The first commit brings all rows at once: its insertions are read, not indexed."""
    try:
        snapshot = dataset.at(first.id).snapshot(resource)
    except (NotFound, BadDataset, UnreadableFile):
        return []
    position = snapshot.index.get(key)
    if position is None:
        return []
    cells: dict[str, tuple[Cell, Cell]] = {
        name: (None, cell) for name, cell in snapshot.cells(position).items() if cell is not None
    }
    return [RowChange(revision=first, op="insert", cells=cells)]


def _life(
    events: Sequence[RowEvent], *, taken_over: bool
) -> tuple[list[RowEvent], Key | None, bool]:
    """What the last row of a key did under it, the key it had before, and whether that is all.

    `events` are those of one key, newest first; if it is `taken_over`, the row goes on from there
    under another key.
    """
    told: list[RowEvent] = []
    reborn = False
    for event in events:
        one = event.entry
        if one.old_key == one.key:
            if told or taken_over:
                return told, None, False  # an earlier row gave the key up: its past is not ours
            told.append(event)
        elif one.old_key is not None:
            # A row that was deleted and inserted again has the key in common, not the row before.
            return [*told, event], None if reborn else one.old_key, False
        else:
            told.append(event)
            reborn = reborn or (one.op == "delete" and len(told) > 1)
    return told, None, True

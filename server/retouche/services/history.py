"""History: which rows each published commit changed, by key and cell.

Neighbouring commits are compared once; what they changed is kept in an index that can always be
made again. Commits that Retouche did not make are treated like its own. A row that got a new key
keeps its past.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from retouche.core.diff import TableDiff, diff
from retouche.core.errors import BadDataset, NotFound, RetoucheError, UnreadableFile
from retouche.core.operations import Cell, Cells, Delete, Insert, Key, Operation, Update
from retouche.ports import ChangeIndex, Locks, Revision, RowEntry
from retouche.services.datasets import Dataset, DatasetRevision

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
        self._locks = locks

    def revisions(
        self, dataset: Dataset, commit: str, *, page: int = 1, page_size: int = 20
    ) -> tuple[list[RevisionView], int]:
        """One page of the commits that led to `commit`, newest first, and how many there are."""
        chain = self._chain(dataset, commit)
        wanted = chain[(page - 1) * page_size : page * page_size]
        counted = self._index.counts(dataset.name, [one.id for one in wanted])
        views = []
        for one in wanted:
            entry = counted.get(one.id, {})
            views.append(
                RevisionView(
                    revision=one,
                    changes={
                        name: Counts(inserted=row[0], updated=row[1], deleted=row[2])
                        for name, row in sorted(entry.items())
                        if any(row[:3])
                    },
                    faults=tuple(sorted(name for name, row in entry.items() if row[3])),
                )
            )
        return views, len(chain)

    def row(self, dataset: Dataset, commit: str, resource: str, key: Key) -> list[RowChange]:
        """The changes of one row up to `commit`, newest first. Empty for an unknown key.

        Where the row got its key from another one, it goes on with what happened under that. What
        another row did under the same key before it gave the key up is not told.
        """
        chain = self._chain(dataset, commit)
        order = {one.id: position for position, one in enumerate(chain)}
        told: list[RowEntry] = []
        present: Key | None = key
        while present is not None:
            key = present
            after = order[told[-1].commit] if told else -1
            entries = [
                one
                for one in self._index.row(dataset.name, resource, key)
                if order.get(one.commit, -1) > after
            ]
            entries.sort(key=lambda one: order[one.commit])
            life, present, complete = _life(entries, taken_over=bool(told))
            told += life
        changes = [
            RowChange(revision=chain[order[one.commit]], op=one.op, cells=one.cells) for one in told
        ]
        if chain and complete:
            changes += self._imported(dataset, chain[-1], resource, key)
        return changes

    def diff(self, dataset: Dataset, start: str, end: str, resource: str) -> TableDiff:
        """What changed in a resource between two commits. Raises `NotFound`."""
        a, b = dataset.at(start), dataset.at(end)
        if resource not in a.package.resources and resource not in b.package.resources:
            raise NotFound("unknown_resource", resource=resource, known=sorted(b.package.resources))
        return _difference(a, b, resource)

    def _imported(
        self, dataset: Dataset, first: Revision, resource: str, key: Key
    ) -> list[RowChange]:
        """The first commit brings all rows at once: its insertions are read, not indexed."""
        try:
            snapshot = dataset.at(first.id).snapshot(resource)
        except (NotFound, BadDataset, UnreadableFile):
            return []
        position = snapshot.index.get(key)
        if position is None:
            return []
        cells: dict[str, tuple[Cell, Cell]] = {
            name: (None, cell)
            for name, cell in snapshot.cells(position).items()
            if cell is not None
        }
        return [RowChange(revision=first, op="insert", cells=cells)]

    def _chain(self, dataset: Dataset, commit: str) -> list[Revision]:
        """First-parent history of a commit, newest first, with all of it indexed."""
        chain = list(dataset.forge.revisions(commit))
        missing = self._index.missing(dataset.name, [one.id for one in chain])
        if missing:
            with self._locks.hold(f"{dataset.name}.history"):
                # Another process may have indexed them while this one waited.
                missing = self._index.missing(dataset.name, [one.id for one in chain])
                for one in reversed(chain):
                    if one.id in missing:
                        self._add(dataset, one)
        return chain

    def _add(self, dataset: Dataset, revision: Revision) -> None:
        parent = revision.parents[0] if revision.parents else None
        counts: dict[str, tuple[int, int, int, bool]] = {}
        entries: list[RowEntry] = []
        for name in _names(dataset, revision.id, parent):
            try:
                if parent is None:
                    size = len(dataset.at(revision.id).snapshot(name))
                    counts[name] = (size, 0, 0, False)
                    continue
                found = _difference(dataset.at(parent), dataset.at(revision.id), name)
            except RetoucheError:
                counts[name] = (0, 0, 0, True)
                continue
            counts[name] = (
                found.counts["inserted"],
                found.counts["updated"],
                found.counts["deleted"],
                False,
            )
            entries += _entries(dataset.at(revision.id), name, found.operations)
        self._index.add(dataset.name, revision.id, counts, entries)


def _names(dataset: Dataset, commit: str, parent: str | None) -> list[str]:
    names: set[str] = set()
    for one in filter(None, (commit, parent)):
        try:
            names |= set(dataset.at(one).package.resources)
        except BadDataset:
            continue  # a commit without a usable descriptor has no resources to compare
    return sorted(names)


def _difference(a: DatasetRevision, b: DatasetRevision, resource: str) -> TableDiff:
    """Compare one resource at two revisions; one that is absent on a side has no rows there."""
    sides = []
    for one in (a, b):
        if resource in one.package.resources:
            sides.append((one.blob(resource), one.package.resource(resource).schema.descriptor))
    if len(sides) == 2 and sides[0] == sides[1]:
        return TableDiff(operations=())
    if len(sides) == 2:
        old, new = a.snapshot(resource), b.snapshot(resource)
        return diff(
            old.table,
            new.table,
            resource=resource,
            schema=new.resource.schema,
            schema_a=old.resource.schema,
        )
    present = b if resource in b.package.resources else a
    snapshot = present.snapshot(resource)
    rows: Iterable[tuple[Key | None, Cells]] = (
        (snapshot.resource.schema.key_of(cells), cells)
        for cells in (snapshot.cells(i, personal=True) for i in range(len(snapshot)))
    )
    operations: list[Operation] = []
    for key, cells in rows:
        if key is not None and present is b:
            operations.append(Insert(resource=resource, key=key, row=cells))
        elif key is not None:
            operations.append(Delete(resource=resource, key=key, old=cells))
    return TableDiff(operations=tuple(operations))


def _life(
    entries: Sequence[RowEntry], *, taken_over: bool
) -> tuple[list[RowEntry], Key | None, bool]:
    """What the last row of a key did under it, the key it had before, and whether that is all.

    `entries` are those of one key, newest first; if it is `taken_over`, the row goes on from there
    under another key.
    """
    told: list[RowEntry] = []
    reborn = False
    for one in entries:
        if one.old_key == one.key:
            if told or taken_over:
                return told, None, False  # an earlier row gave the key up: its past is not ours
            told.append(one)
        elif one.old_key is not None:
            # A row that was deleted and inserted again has the key in common, not the row before.
            return [*told, one], None if reborn else one.old_key, False
        else:
            told.append(one)
            reborn = reborn or (one.op == "delete" and len(told) > 1)
    return told, None, True


def _entries(
    revision: DatasetRevision, resource: str, operations: Sequence[Operation]
) -> list[RowEntry]:
    known = revision.package.resources.get(resource)
    entries = []
    for one in operations:
        if not one.key or not all(one.key):
            continue  # a row without a whole key has no history of its own
        match one:
            case Update():
                op: Op = "update"
                cells = {name: (one.old[name], new) for name, new in one.new.items()}
            case Insert():
                op = "insert"
                cells = {name: (None, new) for name, new in one.row.items() if new is not None}
            case Delete():
                op = "delete"
                cells = {name: (old, None) for name, old in one.old.items() if old is not None}
        entry = RowEntry(commit=revision.commit, resource=resource, key=one.key, op=op, cells=cells)
        new_key = None
        if known and isinstance(one, Update):
            new_key = known.schema.key_after(one.key, one.new)
        if new_key is None or new_key == one.key:
            entries.append(entry)
        else:
            entry = replace(entry, old_key=one.key)
            entries += (entry, replace(entry, key=new_key))
    return entries

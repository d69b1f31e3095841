"""What somebody sees who looks at a dataset as a proposal would leave it: the rows that change.

Rows are held side by side as they are read, at the revision looked at and at the one it was made
on. What either side calls personal is told of neither.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from retouche.core.errors import RetoucheError
from retouche.core.moves import Move, move
from retouche.core.operations import Cell, Cells, Delete, Insert, Key, Operation, Update
from retouche.core.package import Resource
from retouche.core.reading.places import Point, place_of
from retouche.services.datasets import DatasetRevision
from retouche.services.derived import Derived
from retouche.services.history import History

Rows = Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedRow:
    """A row that is not the same on both sides, without its personal fields.

    `key` is None before an insertion and `new_key` after a deletion; `cells` are the changed ones
    of an update, each with its old and new text.
    """

    resource: str
    label: str
    key: Key | None
    new_key: Key | None
    cells: Mapping[str, tuple[Cell, Cell]]
    row: Rows
    """The whole row: as it was for a deletion, else as it becomes."""
    before: Point | None
    after: Point | None

    @property
    def moved(self) -> Move | None:
        """How it moves, where it has a position on both sides and not the same."""
        return move(self.before, self.after) if self.before and self.after else None

    @property
    def place(self) -> Point | None:
        """Where it is, else where it was."""
        return self.after or self.before


@dataclass(frozen=True)
class Preview:
    """A dataset on both sides of what is looked at."""

    before: DatasetRevision
    after: DatasetRevision
    history: History
    derived: Derived

    def rows(self, resource: str, *, most: int) -> tuple[Sequence[ChangedRow], int]:
        """The first so many changed rows of a resource, and how many there are.

        Rows without a key cannot be told apart and are not among them. Raises `UnreadableFile`,
        and `NotFound` for a resource of neither side.
        """
        made = self.history.diff(
            self.after.dataset, self.before.commit, self.after.commit, resource
        )
        keyed = [one for one in made.operations if one.key]
        return list(self._changed(resource, keyed[:most])), len(keyed)

    @cached_property
    def resources(self) -> Sequence[str]:
        """The resources of either side whose files are not the same on both."""
        names = {**self.before.package.resources, **self.after.package.resources}
        return [one for one in names if self._blob(self.before, one) != self._blob(self.after, one)]

    @staticmethod
    def _blob(side: DatasetRevision, resource: str) -> str | None:
        try:
            return side.blob(resource)
        except RetoucheError:  # it is not there on this side
            return None

    def _changed(self, name: str, operations: Collection[Operation]) -> Iterator[ChangedRow]:
        if not operations:
            return
        sides = [one.package.resources.get(name) for one in (self.before, self.after)]
        known = [one for one in sides if one is not None]
        hidden = {one.name for side in known for one in side.schema.fields if one.personal}
        described = known[-1]
        for one in operations:
            yield _without(self._row(described, one), hidden)

    def _row(self, described: Resource, operation: Operation) -> ChangedRow:
        key: Key | None = operation.key
        new_key: Key | None = operation.key
        cells: Mapping[str, tuple[Cell, Cell]] = {}
        old: Cells = {}
        new: Cells = {}
        match operation:
            case Insert():
                key, new = None, operation.row
            case Delete():
                new_key, old = None, self._as_read(operation)
            case Update():
                old = _cells(self.before, operation)
                new = {**old, **operation.new}
                new_key = described.schema.key_after(operation.key, operation.new)
                cells = {name: (operation.old[name], operation.new[name]) for name in operation.new}
        row = new or old
        return ChangedRow(
            resource=operation.resource,
            label=described.row_label(row, operation.key),
            key=key,
            new_key=new_key,
            cells=cells,
            row=row,
            before=place_of(described, old) if old else None,
            after=place_of(described, new) if new else None,
        )

    def _as_read(self, operation: Delete) -> Cells:
        """The row that goes, as readers have it: with its computed cells. What the file says of it
        alone where several have its key."""
        snapshot = self.derived.snapshot(self.before, operation.resource)
        try:
            return snapshot.cells(snapshot.index.find(operation.key))
        except RetoucheError:
            return operation.old


def _cells(side: DatasetRevision, operation: Update) -> Cells:
    """The whole row that an update is of; only its changed cells where several have its key."""
    snapshot = side.snapshot(operation.resource)
    try:
        return snapshot.cells(snapshot.index.find(operation.key))
    except RetoucheError:
        return operation.old


def _without(row: ChangedRow, hidden: Collection[str]) -> ChangedRow:
    return replace(
        row,
        cells={name: pair for name, pair in row.cells.items() if name not in hidden},
        row={name: cell for name, cell in row.row.items() if name not in hidden},
    )

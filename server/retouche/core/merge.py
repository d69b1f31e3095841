"""Three-way merge by key and cell: two people who change different cells both win.

What both did the same way disappears; the same cell changed in two ways, an edit against a
delete, and two rows with one new key are conflicts. Nothing is ever overwritten silently. A row
that got a new key and no other cell is still that row, and its key is a cell like the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from retouche.core.cells import record_text
from retouche.core.diff import diff, new_keys
from retouche.core.errors import AmbiguousRow
from retouche.core.keys import KeyIndex
from retouche.core.operations import Cell, Cells, Delete, Insert, Key, Operation, Patch, Update
from retouche.core.report import CellConflict
from retouche.core.schema import Schema
from retouche.core.table import Table

Kind = Literal["edit_edit", "edit_delete", "delete_edit", "insert_insert"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """What is left to do on `ours`, without the cells and rows that clash.

    `origins` gives for each operation the place of the one that it comes from among those given.
    In a conflict's kind, the first word is what `ours` did, the second what `theirs` wants.
    The values of a row-level conflict are the row as one line of CSV, None where it is deleted.
    Its key is the row's in the base, that of a new row the new one.
    """

    operations: Patch
    origins: tuple[int, ...] = ()
    conflicts: tuple[CellConflict, ...] = ()


def merge(base: Table, ours: Table, theirs: Table, *, resource: str, schema: Schema) -> Merge:
    """Bring what `theirs` changed since `base` into `ours`."""
    operations = diff(base, theirs, resource=resource, schema=schema).operations
    return rebase(operations, base=base, ours=ours, resource=resource, schema=schema)


def rebase(
    operations: Sequence[Operation],
    *,
    base: Table,
    ours: Table,
    resource: str,
    schema: Schema,
    base_index: KeyIndex | None = None,
    ours_index: KeyIndex | None = None,
) -> Merge:
    """Express operations made against `base` as operations against `ours`.

    Raises `NotFound` for a row that `base` has not, `AmbiguousRow` for a key that names several.
    """
    seen = _Version(base, schema, base_index or KeyIndex.build(base, schema))
    if ours_index is None and ours is base:
        ours_index = seen.index
    published = _Version(ours, schema, ours_index or KeyIndex.build(ours, schema))
    work = _Rebase(seen, published, operations, resource=resource, schema=schema)
    carried = [(work.carry(one), origin) for origin, one in enumerate(operations)]
    kept = [(one, origin) for one, origin in carried if one is not None]
    return Merge(
        operations=tuple(one for one, _ in kept),
        origins=tuple(origin for _, origin in kept),
        conflicts=tuple(work.conflicts),
    )


class _Version:
    """One version of the table, looked at row by row."""

    def __init__(self, table: Table, schema: Schema, index: KeyIndex):
        self.table = table
        self.index = index
        self._schema = schema

    def row(self, key: Key) -> dict[str, Cell] | None:
        """The cells of a row, None when there is none with this key."""
        if key not in self.index:
            return None
        texts = self.table.row(self.index.find(key))
        cells: dict[str, Cell] = dict.fromkeys(self.table.header)
        for name, text in zip(self.table.header, texts, strict=False):
            cells[name] = self._schema.to_cell(text)
        return cells


class _Rebase:
    def __init__(
        self,
        base: _Version,
        ours: _Version,
        operations: Sequence[Operation],
        *,
        resource: str,
        schema: Schema,
    ):
        self.base = base
        self.ours = ours
        self.operations = operations
        self.resource = resource
        self.schema = schema
        self.conflicts: list[CellConflict] = []

    def carry(self, operation: Operation) -> Operation | None:
        """The same change made to `ours`; None when it is there already, or clashes."""
        if isinstance(operation, Insert):
            return self._insert(operation)
        self.base.index.find(operation.key)
        if isinstance(operation, Update):
            return self._update(operation)
        return self._delete(operation)

    @cached_property
    def _renamed(self) -> dict[Key, Key]:
        """The keys that `ours` changed. Asked for only when a row is not where it was."""
        return new_keys(self.base.table, self.ours.table, schema=self.schema)

    @cached_property
    def _named(self) -> dict[Key, Key]:
        """The other way round: for each of their new keys, the key that the row had."""
        return {new: old for old, new in self._renamed.items()}

    @cached_property
    def _deleted(self) -> set[Key]:
        """The rows that `theirs` deletes."""
        return {one.key for one in self.operations if isinstance(one, Delete)}

    @cached_property
    def _given(self) -> set[Key | None]:
        """The keys that `theirs` gives to rows, inserted or not."""
        return {self._new_key(one) for one in self.operations if not isinstance(one, Delete)}

    def _new_key(self, operation: Update | Insert) -> Key | None:
        if isinstance(operation, Insert):
            return operation.key
        return self.schema.key_after(operation.key, self._normal(operation.new))

    def _present_key(self, key: Key) -> Key | None:
        """The key that a row of the base has in `ours`, None when it is there no more."""
        return key if key in self.ours.index else self._renamed.get(key)

    def _update(self, operation: Update) -> Operation | None:
        old, new = self._normal(operation.old), self._normal(operation.new)
        wanted = {name: cell for name, cell in new.items() if cell != old.get(name)}
        if not wanted:
            return None
        base = (self.base.row(operation.key) or {}) | old
        theirs = base | wanted
        key, present = operation.key, self._present_key(operation.key)
        new_key = self.schema.key_of(theirs)
        if new_key is not None and new_key not in (key, present):
            taken = None if new_key in self.base.index else self.ours.row(new_key)
            if present is None and taken is not None and _between(taken, base, theirs):
                present = new_key  # both gave the row the same new key
            elif taken is not None:
                self._clash(new_key, "insert_insert", ours=taken, theirs=theirs)
                self._key_clash(key, present, base, wanted)
                return None
        ours = None if present is None else self.ours.row(present)
        if present is None or ours is None:
            self._clash(key, "delete_edit", base=base, theirs=theirs)
            return None
        settled = self._key_clash(key, present, base, wanted)
        kept: dict[str, Cell] = {}
        for name, cell in wanted.items():
            if name in settled:
                continue
            if ours.get(name) == old.get(name):
                kept[name] = cell
            elif ours.get(name) != cell:
                self._cell_clash(key, name, "edit_edit", (old.get(name), ours.get(name), cell))
        if not kept:
            return None
        before = {name: ours.get(name) for name in kept}
        return replace(operation, key=present, old=before, new=kept)

    def _key_clash(
        self, key: Key, present: Key | None, base: Cells, wanted: Cells
    ) -> tuple[str, ...]:
        """Settle the key of a row that `ours` gave a new one; give the fields that are settled.

        A key is one thing: parts of it that come from two people would make one nobody wrote.
        """
        names = self.schema.primary_key
        if present is None or present == key or wanted.keys().isdisjoint(names):
            return ()
        for name, ours in zip(names, present, strict=True):
            theirs = wanted.get(name, base.get(name))
            if theirs != ours:
                self._cell_clash(key, name, "edit_edit", (base.get(name), ours, theirs))
        return names

    def _delete(self, operation: Delete) -> Operation | None:
        present = self._present_key(operation.key)
        ours = None if present is None else self.ours.row(present)
        if ours is None:
            return None
        if present != operation.key and present in self._given:
            return None  # they deleted it to make it anew: that row is compared with ours
        base = (self.base.row(operation.key) or {}) | self._normal(operation.old)
        if not _between(ours, base, base):
            self._clash(operation.key, "edit_delete", base=base, ours=ours)
            return None
        return replace(operation, old=ours)

    def _insert(self, operation: Insert) -> Operation | None:
        key = operation.key
        for version in (self.base, self.ours):
            if key in version.index.duplicates:
                raise AmbiguousRow(key=key, count=len(version.index.duplicates[key]))
        ours = None if key in self.base.index else self.ours.row(key)
        if ours is None:
            return operation
        row = self._normal(operation.row)
        names = dict.fromkeys((*ours, *row))
        differing = [name for name in names if ours.get(name) != row.get(name)]
        renamed_from = self._named.get(key)
        if renamed_from is None:
            for name in differing:
                values = (None, ours.get(name), row.get(name))
                self._cell_clash(key, name, "insert_insert", values)
        elif differing or renamed_from not in self._deleted:
            theirs = {name: row.get(name) for name in names}
            self._clash(key, "insert_insert", ours=ours, theirs=theirs)
        return None

    def _normal(self, cells: Cells) -> dict[str, Cell]:
        return {
            name: None if cell is None else self.schema.to_cell(cell)
            for name, cell in cells.items()
        }

    def _cell_clash(
        self, key: Key, field: str | None, kind: Kind, values: tuple[Cell, Cell, Cell]
    ) -> None:
        base, ours, theirs = values
        self.conflicts.append(
            CellConflict(
                resource=self.resource,
                row_key=key,
                field=field,
                base=base,
                ours=ours,
                theirs=theirs,
                kind=kind,
            )
        )

    def _clash(
        self,
        key: Key,
        kind: Kind,
        *,
        base: Cells | None = None,
        ours: Cells | None = None,
        theirs: Cells | None = None,
    ) -> None:
        self._cell_clash(key, None, kind, (self._line(base), self._line(ours), self._line(theirs)))

    def _line(self, row: Cells | None) -> Cell:
        """A row as one line of CSV; conflicts are public, so personal fields are left out."""
        if row is None:
            return None
        known = self.schema.by_name
        shown = [
            cell for name, cell in row.items() if name not in known or not known[name].personal
        ]
        return record_text(shown, self.base.table.dialect)


def _between(row: Cells, one: Cells, other: Cells) -> bool:
    """Whether every cell of a row is that of one of two others."""
    names = dict.fromkeys((*row, *one, *other))
    return all(row.get(name) in (one.get(name), other.get(name)) for name in names)

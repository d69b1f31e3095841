"""Taking accepted changes back: the patch that sets back what they wrote, where it still stands.

By value: a cell goes back only where it still has the value that they wrote, an inserted row only
as long as nobody changed it, a deleted row comes back unless its key is in use again. What cannot
go back is listed with the reason. A row that was too short for a cell stays as long as it became.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from retouche.core.keys import KeyIndex
from retouche.core.operations import Cell, Cells, Delete, Insert, Key, Operation, Patch, Update
from retouche.core.schema import Schema
from retouche.core.table import Table

Why = Literal[
    "changed_since",
    "row_gone",
    "row_changed_since",
    "row_back",
    "key_taken",
    "ambiguous",
    "column_gone",
    "table_gone",
    "unreadable",
    "not_published",
    "invalid",
]
"""Why something stays as it is published."""


def no_new_keys() -> Mapping[Key, Key]:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What one accepted proposal wrote into a resource, as a difference of the file.

    `place` is the order in which it was published. `forms` has, by row key before it, how the
    cells that it changed stood in the file, quotes and all. `renamed` gives the keys of rows
    right after it that were given another key since; it is asked only for a row that is missing.
    """

    place: int
    operations: Patch
    forms: Mapping[Key, Mapping[str, str]] = field(default_factory=dict)
    renamed: Callable[[], Mapping[Key, Key]] = no_new_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What stays as it is, and why: a cell, or a row where `field` is None.

    `before` is what stood there, `wrote` what was written over it, `present` what is published.
    """

    why: Why
    resource: str
    key: Key
    field: str | None = None
    before: Cell = None
    wrote: Cell = None
    present: Cell = None


@dataclass(frozen=True, slots=True)
class Undone:
    """The patch against what is published, and what it leaves."""

    operations: Patch
    kept: tuple[Kept, ...] = ()


def undo(
    written: Sequence[Written],
    *,
    resource: str,
    table: Table,
    schema: Schema,
    index: KeyIndex | None = None,
) -> Undone:
    """Take back what was written into a resource, newest first, in whatever order it is given.

    `table` is the published file. Changes of one cell that follow each other fold into one, back
    to what stood there before the first.
    """
    work = _Undo(resource, table, schema, index or KeyIndex.build(table, schema))
    for one in sorted(written, key=lambda each: each.place, reverse=True):
        for operation in reversed(one.operations):
            work.take_back(operation, one)
    return Undone(operations=work.patch(), kept=tuple(work.kept.values()))


def forms_of(
    operations: Patch, *, table: Table, schema: Schema, index: KeyIndex | None = None
) -> dict[Key, dict[str, str]]:
    """How the cells that updates change stand in the file before them, by row key."""
    index = index or KeyIndex.build(table, schema)
    columns = {name: place for place, name in enumerate(table.header)}
    found: dict[Key, dict[str, str]] = {}
    for one in operations:
        if not isinstance(one, Update) or len(index.positions(one.key)) != 1:
            continue
        spans = table.cell_spans(index.find(one.key))
        places = {name: columns[name] for name in one.old if name in columns}
        found[one.key] = {
            name: table.data[begin:end].decode(table.dialect.encoding)
            for name, place in places.items()
            if place < len(spans)
            for begin, end in [spans[place]]
        }
    return found


@dataclass(eq=False, slots=True)
class _Row:
    """A row on its way back: the key and cells it has by now."""

    published: Key | None
    """The key under which it is published, None when it is not."""
    key: Key
    cells: dict[str, Cell]
    forms: dict[str, str] = field(default_factory=dict)
    order: int = 0
    gone: bool = False


class _Undo:
    """The published rows that the changes touch, going back in time."""

    def __init__(self, resource: str, table: Table, schema: Schema, index: KeyIndex) -> None:
        self._resource = resource
        self._table = table
        self._schema = schema
        self._index = index
        self._columns = frozenset(table.header)
        self._loaded: dict[Key, _Row] = {}
        self._revived: list[_Row] = []
        # Whose a key was at the time that is looked at; None: nobody's. Without an entry, it is
        # that of the row published under it.
        self._names: dict[Key, _Row | None] = {}
        # Who got a key that is not the one that it is published under.
        self._given: dict[Key, _Row] = {}
        self.kept: dict[tuple[Key, str | None], Kept] = {}

    def take_back(self, operation: Operation, written: Written) -> None:
        after = self._key_after(operation)
        if len(self._index.positions(after)) > 1:
            self._keep("ambiguous", after)
            return
        if isinstance(operation, Delete):
            self._revive(operation)
            return
        row = self._row(after, written)
        if isinstance(operation, Insert):
            self._names[after] = None
            self._remove(operation, row)
        elif row is None:
            self._keep("row_gone", after)
        else:
            self._set_back(operation, row, written)
            if after != operation.key:
                self._names[after] = None
            self._names[operation.key] = row

    def _key_after(self, operation: Operation) -> Key:
        if isinstance(operation, Update):
            return self._schema.key_after(operation.key, operation.new) or operation.key
        return operation.key

    # -- Rows -------------------------------------------------------------------------------

    def _row(self, key: Key, written: Written) -> _Row | None:
        if key in self._names:
            return self._names[key]
        found = self._published(key)
        if found is None:
            renamed = written.renamed().get(key)
            found = None if renamed is None else self._published(renamed)
        return found

    def _published(self, key: Key) -> _Row | None:
        if key in self._loaded:
            return self._loaded[key]
        positions = self._index.positions(key)
        if len(positions) != 1:
            return None
        cells: dict[str, Cell] = dict.fromkeys(self._table.header)
        for name, text in zip(self._table.header, self._table.row(positions[0]), strict=False):
            cells[name] = self._schema.to_cell(text)
        row = _Row(published=key, key=key, cells=cells, order=positions[0])
        self._loaded[key] = row
        return row

    def _is_held(self, key: Key) -> bool:
        """Whether some row has a key by now."""
        moved = self._loaded.get(key)
        if key in self._index and (moved is None or (not moved.gone and moved.key == key)):
            return True
        given = self._given.get(key)
        return given is not None and given.key == key and not given.gone

    # -- Going back -------------------------------------------------------------------------

    def _remove(self, operation: Insert, row: _Row | None) -> None:
        if row is None or row.gone:
            return
        brought = self._normal(operation.row)
        changed = [name for name, cell in row.cells.items() if cell != brought.get(name)]
        if changed:
            self._keep("row_changed_since", row.key)
        else:
            row.gone = True

    def _revive(self, operation: Delete) -> None:
        key = operation.key
        if self._is_held(key):
            self._keep("row_back", key)
            self._names[key] = None
            return
        cells = self._normal(operation.old)
        for name in sorted(cells.keys() - self._columns):
            if cells[name] is not None:
                self._keep("column_gone", key, field=name, before=cells[name])
        row = _Row(
            published=None,
            key=key,
            cells={name: cell for name, cell in cells.items() if name in self._columns},
            order=len(self._revived),
        )
        self._revived.append(row)
        self._names[key] = self._given[key] = row

    def _set_back(self, operation: Update, row: _Row, written: Written) -> None:
        old, new = self._normal(operation.old), self._normal(operation.new)
        forms = written.forms.get(operation.key, {})
        keys = set(self._schema.primary_key)
        cells = [name for name in new if name not in keys]
        if keys & new.keys() and self._may_have_key(operation, row):
            cells += [name for name in new if name in keys]
        for name in cells:
            if name not in self._columns:
                before, wrote = old.get(name), new[name]
                self._keep("column_gone", row.key, field=name, before=before, wrote=wrote)
            elif row.cells.get(name) == new[name]:
                row.cells[name] = old.get(name)
                row.forms.pop(name, None)
                if name in forms:
                    row.forms[name] = forms[name]
            elif row.cells.get(name) != old.get(name):
                values = {"before": old.get(name), "wrote": new[name]}
                present = row.cells.get(name)
                self._keep("changed_since", row.key, field=name, present=present, **values)
        row.key = self._schema.key_of(row.cells) or row.key
        self._given[row.key] = row

    def _may_have_key(self, operation: Update, row: _Row) -> bool:
        """Whether a row may have its key back: as a whole, and when no other row has it."""
        after = self._key_after(operation)
        if row.key == operation.key:
            return False
        if row.key != after:
            self._keep_key("changed_since", operation, row)
        elif self._is_held(operation.key):
            self._keep_key("key_taken", operation, row)
        else:
            return True
        return False

    def _keep_key(self, why: Why, operation: Update, row: _Row) -> None:
        for name in self._schema.primary_key:
            if name in operation.new:
                before, wrote = operation.old.get(name), operation.new[name]
                present = row.cells.get(name)
                self._keep(why, row.key, field=name, before=before, wrote=wrote, present=present)

    def _keep(self, why: Why, key: Key, *, field: str | None = None, **values: Cell) -> None:
        """The newest reason is told, once."""
        kept = Kept(why=why, resource=self._resource, key=key, field=field, **values)
        self.kept.setdefault((key, field), kept)

    def _normal(self, cells: Cells) -> dict[str, Cell]:
        return {
            name: None if cell is None else self._schema.to_cell(cell)
            for name, cell in cells.items()
        }

    # -- The patch --------------------------------------------------------------------------

    def patch(self) -> Patch:
        """What makes the rows as they are by now of those published: one operation a row."""
        present = sorted(self._loaded.values(), key=lambda row: row.order)
        wanted = {row.key: row for row in (*present, *self._revived) if not row.gone}
        changes: list[Operation] = []
        settled: set[Key] = set()
        for row in present:
            known = row.published
            assert known is not None
            before = self._cells(known)
            heir = wanted.get(known)
            if heir is None and not row.gone and row.key not in self._index:
                heir = row  # it gets back a key that no published row has
            if heir is None:
                changes.append(Delete(resource=self._resource, key=known, old=before))
                continue
            settled.add(heir.key)
            changes += self._update(known, before, heir)
        added = [row for key, row in wanted.items() if key not in settled]
        added.sort(key=lambda row: (row.published is not None, -row.order))
        return (*changes, *map(self._insert, added))

    def _cells(self, key: Key) -> dict[str, Cell]:
        texts = self._table.row(self._index.find(key))
        cells: dict[str, Cell] = dict.fromkeys(self._table.header)
        for name, text in zip(self._table.header, texts, strict=False):
            cells[name] = self._schema.to_cell(text)
        return cells

    def _update(self, key: Key, before: Cells, row: _Row) -> Iterator[Update]:
        new = {name: row.cells.get(name) for name in before if row.cells.get(name) != before[name]}
        if new:
            forms = {name: form for name, form in row.forms.items() if name in new}
            old = {name: before[name] for name in new}
            yield Update(resource=self._resource, key=key, old=old, new=new, written=forms)

    def _insert(self, row: _Row) -> Insert:
        cells = {name: cell for name, cell in row.cells.items() if cell is not None}
        return Insert(resource=self._resource, key=row.key, row=cells)

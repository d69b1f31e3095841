"""Write operations into a file by replacing the bytes of the edited cells and no others.

A cell keeps its quoting unless the new value needs quotes. A bare empty cell has no quoting of
its own: once filled it looks like the filled cells of its column, and a cell that is emptied looks
like the missing cells of its column, by majority (see style.py). A cell that gets back what it was
may get back its bytes, too. Inserted rows go to the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from retouche.core.cells import record_text, unquote
from retouche.core.edited import Edit, pieces
from retouche.core.errors import Conflict, Invalid, Malformed, UnknownField
from retouche.core.keys import KeyIndex
from retouche.core.operations import Cell, Delete, Insert, Key, Operation, Update
from retouche.core.report import CellConflict
from retouche.core.schema import Schema
from retouche.core.style import line_ending
from retouche.core.table import Table
from retouche.core.writer import CellWriter, Place


def apply(
    table: Table,
    operations: Sequence[Operation],
    *,
    schema: Schema,
    index: KeyIndex | None = None,
) -> bytes:
    """The bytes of the file after the operations, which are all of one resource.

    Raises `NotFound`, `AmbiguousRow`, `UnknownField`, `Malformed` for two operations on one row,
    `Conflict` when a present value is not the operation's `old`, and `Invalid` for a value that
    the file cannot hold.
    """
    return b"".join(pieces(table.data, edits(table, operations, schema=schema, index=index)))


def edits(
    table: Table,
    operations: Sequence[Operation],
    *,
    schema: Schema,
    index: KeyIndex | None = None,
) -> list[Edit]:
    """What `apply` changes, in the order of the file. Raises what it raises."""
    _one_per_row(operations, schema)
    if index is None and not all(isinstance(one, Insert) for one in operations):
        index = KeyIndex.build(table, schema)
    plan = _Plan(table, schema)
    for number, operation in enumerate(operations):
        if isinstance(operation, Insert):
            plan.insert(number, operation)
            continue
        assert index is not None
        position = index.find(operation.key)
        if isinstance(operation, Update):
            plan.update(number, operation, position)
        else:
            plan.delete(operation, position)
    return plan.finish()


def _one_per_row(operations: Sequence[Operation], schema: Schema) -> None:
    seen: set[Key] = set()
    for number, operation in enumerate(operations):
        key = operation.key
        if not key or not set(schema.missing_values).isdisjoint(key):
            continue
        if key in seen:
            pointer = f"/operations/{number}"
            raise Malformed("two_operations_one_row", key=key, operation=number, pointer=pointer)
        seen.add(key)


class _Plan:
    """Gathers the edits of one call, and all that is wrong with them."""

    def __init__(self, table: Table, schema: Schema):
        self.table = table
        self.schema = schema
        self.writer = CellWriter(table, schema)
        self.columns = {name: place for place, name in enumerate(table.header)}
        self.edits: list[Edit] = []
        self.deleted: set[int] = set()
        self.inserted: list[bytes] = []
        self.conflicts: list[CellConflict] = []

    def update(self, number: int, operation: Update, position: int) -> None:
        row = _Row(self.table, position)
        changes: dict[int, str] = {}
        forms: dict[int, str] = {}
        for name, new in operation.new.items():
            column = self._column(name, new, number)
            present = self._cell(row, column)
            if name not in operation.old:
                raise Malformed("old_missing", field=name, operation=number)
            if present != self._normal(operation.old[name]):
                self.conflicts.append(
                    CellConflict(
                        resource=operation.resource,
                        row_key=operation.key,
                        field=name,
                        base=operation.old[name],
                        ours=present,
                        theirs=new,
                    )
                )
            elif column is not None and self._normal(new) != present:
                changes[column] = self.schema.to_text(self._normal(new))
                if name in operation.written:
                    forms[column] = operation.written[name]
        if changes:
            place = Place(operation=number, resource=operation.resource, key=operation.key)
            self.edits += _rewritten(row, changes, forms, self.writer, place)

    def delete(self, operation: Delete, position: int) -> None:
        row, old = _Row(self.table, position), operation.old
        present = {name: self._cell(row, self.columns.get(name)) for name in old}
        if any(present[name] != self._normal(cell) for name, cell in old.items()):
            dialect = self.table.dialect
            self.conflicts.append(
                CellConflict(
                    resource=operation.resource,
                    row_key=operation.key,
                    field=None,
                    base=record_text(list(old.values()), dialect),
                    ours=record_text(list(present.values()), dialect),
                    theirs=None,
                    kind="edit_delete",
                )
            )
        start, _, end = self.table.record_span(position)
        self.edits.append(Edit(start, end, b""))
        self.deleted.add(position)

    def insert(self, number: int, operation: Insert) -> None:
        row = {name: self._normal(cell) for name, cell in operation.row.items()}
        for name, cell in row.items():
            self._column(name, cell, number)
        place = Place(operation=number, resource=operation.resource, key=operation.key)
        self.inserted.append(self.writer.record(row, place))

    def finish(self) -> list[Edit]:
        if self.conflicts:
            raise Conflict(self.conflicts)
        if self.writer.errors:
            raise Invalid(self.writer.errors)
        self.edits += _tail(self.table, self.deleted, self.inserted)
        return sorted(self.edits, key=lambda edit: (edit.start, edit.end))

    def _cell(self, row: _Row, column: int | None) -> Cell:
        text = None if column is None else row.text(column)
        return None if text is None else self.schema.to_cell(text)

    def _normal(self, cell: Cell) -> Cell:
        return None if cell is None else self.schema.to_cell(cell)

    def _column(self, name: str, cell: Cell, number: int) -> int | None:
        """Where a field stands; None for one the file lacks and that nothing is written to."""
        column = self.columns.get(name)
        if column is None and self._normal(cell) is not None:
            raise UnknownField(field=name, operation=number)
        return column


def _rewritten(
    row: _Row,
    changes: Mapping[int, str],
    forms: Mapping[int, str],
    writer: CellWriter,
    place: Place,
) -> Iterator[Edit]:
    """One edit per cell, so that their neighbours keep every byte."""
    width, longest = len(row.spans), max(changes)
    for column, text in sorted(changes.items()):
        if column < width:
            begin, end = row.spans[column]
            raw, alone = row.table.data[begin:end], max(width, longest + 1) == 1
            same = None if alone else writer.again(forms.get(column), text, column=column)
            if same is None:
                same = writer.replace(raw, text, place, column=column, alone=alone)
            yield Edit(begin, end, same)
    if longest >= width:
        beyond = {column: text for column, text in changes.items() if column >= width}
        stop = row.spans[-1][1]
        yield Edit(stop, stop, writer.pad(width, beyond, place))


def _tail(table: Table, deleted: Set[int], inserted: Sequence[bytes]) -> Iterator[Edit]:
    """What happens at the end of the file; one without final line ending stays so."""
    size = len(table.data)
    _, stop, end = table.record_span(len(table) - 1) if len(table) else table.header_span
    bare = end == size and stop == end
    last_deleted = len(table) - 1 in deleted
    if inserted:
        ending = line_ending(table)
        if not bare:
            content = b"".join(record + ending for record in inserted)
        else:
            content = ending.join(inserted)
            if not last_deleted:
                content = ending + content
        yield Edit(size, size, content)
    elif bare and last_deleted:
        survivor = len(table) - 1
        while survivor in deleted:
            survivor -= 1
        next_start = int(table.starts[survivor + 1])
        _, stop, end = table.record_span(survivor) if survivor >= 0 else table.header_span
        if end == next_start:  # else blank lines stand between, and they stay
            yield Edit(stop, end, b"")


class _Row:
    """A row as it stands in the file."""

    def __init__(self, table: Table, position: int):
        self.table = table
        self.spans = table.cell_spans(position)

    def text(self, column: int) -> str | None:
        """The text of a cell, None where the row is too short."""
        if column >= len(self.spans):
            return None
        begin, end = self.spans[column]
        dialect = self.table.dialect
        return unquote(self.table.data[begin:end].decode(dialect.encoding), dialect.quote)

"""What changed between two versions of a file: rows by key, cells by column name.

Quoting, line endings and the order of rows are no change. A row that has another key and is the
same otherwise got a new key. Must not read more rows than differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from retouche.core.alignment import differing_rows
from retouche.core.operations import Cell, Delete, Insert, Key, Operation, Patch, Update
from retouche.core.schema import Schema
from retouche.core.succession import Cut
from retouche.core.table import Table

Row = tuple[str, ...]
FEW = 2000  # up to so many rows, reading them whole is cheaper than reading the key columns


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDiff:
    """Updates and deletes in the order of the old file, then inserts in that of the new one."""

    operations: Patch
    fields_added: tuple[str, ...] = ()
    fields_removed: tuple[str, ...] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        kinds = [type(one) for one in self.operations]
        return {
            "inserted": kinds.count(Insert),
            "updated": kinds.count(Update),
            "deleted": kinds.count(Delete),
        }


def diff(
    a: Table,
    b: Table,
    *,
    resource: str,
    schema: Schema,
    schema_a: Schema | None = None,
    cuts: Sequence[Cut] | None = None,
) -> TableDiff:
    """The operations that turn `a` into `b`. `schema` is that of `b`.

    `cuts` tell where their bytes differ, where that is known; they change no operation.

    A field of one side only is missing on the other. Rows with one key are paired identical ones
    first, then in order; rows that lack a part of their key have what they have as their key.
    Without a primary key, rows are only inserted and deleted, with an empty key. A row that got
    a new key is updated under its old one.
    """
    added = _only_in(b.header, a.header)
    removed = _only_in(a.header, b.header)
    names = (*b.header, *removed)
    old = _Side(a, schema_a or schema, names=names, key=schema.primary_key)
    new = _Side(b, schema, names=names, key=schema.primary_key)
    pairs = _paired(old, new, *_candidates(a, b, cuts))
    pairs = _with_new_keys(pairs, _new_keys(old, new, pairs))
    changes: list[tuple[int, Operation]] = [
        *_updates(old, new, pairs.both, resource),
        *_deletes(old, pairs.only_old, resource),
    ]
    changes.sort(key=lambda change: change[0])
    return TableDiff(
        operations=(
            *(operation for _, operation in changes),
            *_inserts(new, pairs.only_new, resource),
        ),
        fields_added=added,
        fields_removed=removed,
    )


def new_keys(a: Table, b: Table, *, schema: Schema) -> dict[Key, Key]:
    """The keys of rows of `a` that have another key in `b`, and those other keys."""
    key = schema.primary_key
    names = tuple(dict.fromkeys((*b.header, *a.header)))
    old, new = (_Side(table, schema, names=names, key=key) for table in (a, b))
    found = _new_keys(old, new, _paired(old, new, *_candidates(a, b)))
    return {one.old_key: one.new_key for one in found}


def _only_in(header: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    known = set(other)
    return tuple(name for name in header if name not in known)


def _candidates(
    a: Table, b: Table, cuts: Sequence[Cut] | None = None
) -> tuple[Sequence[int], Sequence[int]]:
    """The rows that may have changed: those that differ in a byte."""
    if a.header != b.header or a.dialect != b.dialect:
        return range(len(a)), range(len(b))
    if a.data is b.data:
        return (), ()
    rows_a, rows_b = differing_rows(a, b, cuts=cuts)
    return rows_a.tolist(), rows_b.tolist()


class _Side:
    """One of the two tables, read by the columns of both."""

    def __init__(self, table: Table, schema: Schema, *, names: Sequence[str], key: Sequence[str]):
        self.table = table
        self.names = names
        self.keyed = bool(key)
        self._others = [place for place, name in enumerate(names) if name not in key]
        self._to_cell = schema.to_cell
        places = {name: place for place, name in enumerate(table.header)}
        self._columns = [places.get(name, len(places)) for name in names]
        self._key = [places.get(name) for name in key]
        self._few: dict[int, Row] = {}

    def rows(self, positions: Sequence[int]) -> Iterator[Row]:
        """Some rows; those that were read for their keys are not read again."""
        if self._few and all(one in self._few for one in positions):
            return map(self._few.__getitem__, positions)
        return self.table.rows_at(positions)

    def keys(self, positions: Sequence[int]) -> Iterator[Key]:
        if len(positions) <= FEW:
            self._few.update(zip(positions, self.table.rows_at(positions), strict=True))
            for row in self.rows(positions):
                yield tuple(
                    "" if place is None or place >= len(row) else row[place] for place in self._key
                )
        else:
            known = [place for place in self._key if place is not None]
            columns = dict(zip(known, self.table.columns(known), strict=True))
            for position in positions:
                yield tuple(
                    "" if place is None else columns[place][position] for place in self._key
                )

    def texts(self, row: Row) -> list[str | None]:
        """The texts of a row in the order of `names`, None where there is no such cell."""
        header, width = len(self.table.header), len(row)
        return [row[place] if place < width and place < header else None for place in self._columns]

    def cell(self, text: str) -> Cell:
        return self._to_cell(text)

    def cells(self, row: Row) -> list[Cell]:
        return [None if text is None else self._to_cell(text) for text in self.texts(row)]

    def others(self, row: Row) -> tuple[Cell, ...]:
        """The cells that are no part of the key."""
        cells = self.cells(row)
        return tuple(cells[place] for place in self._others)

    def whole(self, key: Key) -> bool:
        """Whether no part of a key is missing."""
        return all(part and self._to_cell(part) is not None for part in key)

    def named(self, row: Row) -> dict[str, Cell]:
        """The cells of the columns that this table has."""
        width = len(self.table.header)
        return {
            name: cell
            for name, cell, place in zip(self.names, self.cells(row), self._columns, strict=True)
            if place < width
        }


@dataclass(frozen=True, slots=True)
class _Pairs:
    both: Sequence[tuple[int, int, Key]]
    only_old: Sequence[tuple[int, Key]]
    only_new: Sequence[tuple[int, Key]]


def _paired(old: _Side, new: _Side, rows_a: Sequence[int], rows_b: Sequence[int]) -> _Pairs:
    groups_a, groups_b = _grouped(old, rows_a), _grouped(new, rows_b)
    both: list[tuple[int, int, Key]] = []
    only_old: list[tuple[int, Key]] = []
    only_new: list[tuple[int, Key]] = []
    for key, mine in groups_a.items():
        yours = groups_b.pop(key, [])
        if yours and (len(mine) > 1 or len(yours) > 1 or not old.keyed):
            mine, yours = _without_identical(old, new, mine, yours)
        paired = min(len(mine), len(yours)) if old.keyed else 0
        both += ((i, j, key) for i, j in zip(mine[:paired], yours[:paired], strict=True))
        only_old += ((i, key) for i in mine[paired:])
        only_new += ((j, key) for j in yours[paired:])
    only_new += ((j, key) for key, yours in groups_b.items() for j in yours)
    return _Pairs(sorted(both), sorted(only_old), sorted(only_new))


@dataclass(frozen=True, slots=True)
class _NewKey:
    """A row that is the same but for its key: where it was and is, and under which key."""

    old: int
    new: int
    old_key: Key
    new_key: Key


def _new_keys(old: _Side, new: _Side, pairs: _Pairs) -> list[_NewKey]:
    """Pair a row that went with the row that came in its place.

    The cells besides the key must be the same and not all missing, and no third row that went or
    came may have them: which of two it was, nobody could tell.
    """
    if not (old.keyed and pairs.only_old and pairs.only_new):
        return []
    went: dict[tuple[Cell, ...], tuple[int, Key] | None] = {}
    for cells, place in _by_others(old, pairs.only_old):
        went[cells] = None if cells in went else place
    came: dict[tuple[Cell, ...], tuple[int, Key] | None] = {}
    for cells, place in _by_others(new, pairs.only_new):
        if cells in went:
            came[cells] = None if cells in came else place
    found = []
    for cells, after in came.items():
        before = went[cells]
        if before and after and old.whole(before[1]) and new.whole(after[1]):
            found.append(_NewKey(before[0], after[0], before[1], after[1]))
    return found


def _by_others(
    side: _Side, rows: Sequence[tuple[int, Key]]
) -> Iterator[tuple[tuple[Cell, ...], tuple[int, Key]]]:
    texts = side.rows([position for position, _ in rows])
    for place, row in zip(rows, texts, strict=True):
        cells = side.others(row)
        if any(cell is not None for cell in cells):
            yield cells, place


def _with_new_keys(pairs: _Pairs, found: Sequence[_NewKey]) -> _Pairs:
    if not found:
        return pairs
    went, came = {one.old for one in found}, {one.new for one in found}
    return replace(
        pairs,
        both=sorted([*pairs.both, *((one.old, one.new, one.old_key) for one in found)]),
        only_old=[one for one in pairs.only_old if one[0] not in went],
        only_new=[one for one in pairs.only_new if one[0] not in came],
    )


def _grouped(side: _Side, positions: Sequence[int]) -> dict[Key, list[int]]:
    groups: dict[Key, list[int]] = {}
    for position, key in zip(positions, side.keys(positions), strict=True):
        groups.setdefault(key, []).append(position)
    return groups


def _without_identical(
    old: _Side, new: _Side, mine: Sequence[int], yours: Sequence[int]
) -> tuple[list[int], list[int]]:
    """Take away the rows that both sides have, as often as both have them."""
    stock: dict[tuple[Cell, ...], list[int]] = {}
    for position, row in zip(yours, new.table.rows_at(yours), strict=True):
        stock.setdefault(tuple(new.cells(row)), []).append(position)
    rest, taken = [], set()
    for position, row in zip(mine, old.table.rows_at(mine), strict=True):
        twins = stock.get(tuple(old.cells(row)))
        if twins:
            taken.add(twins.pop())
        else:
            rest.append(position)
    return rest, [position for position in yours if position not in taken]


def _updates(
    old: _Side, new: _Side, pairs: Sequence[tuple[int, int, Key]], resource: str
) -> Iterator[tuple[int, Update]]:
    rows_a = old.rows([i for i, _, _ in pairs])
    rows_b = new.rows([j for _, j, _ in pairs])
    width = len(new.names)
    same_columns = old.table.header == new.table.header
    for (position, _, key), row_a, row_b in zip(pairs, rows_a, rows_b, strict=True):
        before, after = {}, {}
        if same_columns and len(row_a) == len(row_b) == width:
            changed = _changed_cells(old, new, row_a, row_b)
        else:
            changed = _compared_cells(old, new, row_a, row_b)
        for name, cell_a, cell_b in changed:
            before[name], after[name] = cell_a, cell_b
        if after:
            yield position, Update(resource=resource, key=key, old=before, new=after)


def _changed_cells(
    old: _Side, new: _Side, row_a: Row, row_b: Row
) -> Iterator[tuple[str, Cell, Cell]]:
    """The cells that differ in two whole rows of the same columns."""
    for name, text_a, text_b in zip(new.names, row_a, row_b, strict=True):
        if text_a != text_b and (cell_a := old.cell(text_a)) != (cell_b := new.cell(text_b)):
            yield name, cell_a, cell_b


def _compared_cells(
    old: _Side, new: _Side, row_a: Row, row_b: Row
) -> Iterator[tuple[str, Cell, Cell]]:
    """The same for rows that are short, long or of other columns."""
    texts = zip(new.names, old.texts(row_a), new.texts(row_b), strict=True)
    cells = zip(old.cells(row_a), new.cells(row_b), strict=True)
    for (name, text_a, text_b), (cell_a, cell_b) in zip(texts, cells, strict=True):
        # One text is no change, even if only one of the schemas calls it missing.
        if text_a != text_b and cell_a != cell_b:
            yield name, cell_a, cell_b


def _deletes(
    old: _Side, rows: Sequence[tuple[int, Key]], resource: str
) -> Iterator[tuple[int, Delete]]:
    texts = old.rows([position for position, _ in rows])
    for (position, key), row in zip(rows, texts, strict=True):
        yield position, Delete(resource=resource, key=key, old=old.named(row))


def _inserts(new: _Side, rows: Sequence[tuple[int, Key]], resource: str) -> Iterator[Insert]:
    texts = new.rows([position for position, _ in rows])
    for (_, key), row in zip(rows, texts, strict=True):
        yield Insert(resource=resource, key=key, row=new.named(row))

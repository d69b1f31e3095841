"""Settling what clashes by a reviewer's choices: ours stays, theirs is written over it, or what
stood there before both.

A choice is about one conflict as the reviewer saw it. It changes that cell, or that row, and
nothing else: choices about different cells do not depend on each other.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from retouche.core.errors import Malformed
from retouche.core.operations import Cell, Cells, Delete, Insert, Operation, Update
from retouche.core.report import CellConflict
from retouche.core.schema import Schema

Take = Literal["ours", "theirs", "base"]


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of an operation: `base` is still to be carried over, `ours` is made on what is
    published. None where nothing is left to do."""

    base: Operation | None = None
    ours: Operation | None = None


def narrowed(operation: Operation, fields: Collection[str], schema: Schema) -> Operation | None:
    """An operation on these of its fields only; None when none is left.

    A key is one thing, and a row that is added or removed has one: raises `Malformed` for a part
    of it, and for a part of a row that is removed.
    """
    present = fields_of(operation)
    if set(fields) >= set(present):
        return operation
    keys = set(schema.primary_key) & set(present)
    if isinstance(operation, Delete):
        raise Malformed("removal_is_whole")
    kept = keys & set(fields)
    if (kept and kept != keys) or (isinstance(operation, Insert) and fields and keys - kept):
        raise Malformed("key_is_one", fields=", ".join(sorted(keys)))
    if not set(fields) & set(present):
        return None
    if isinstance(operation, Insert):
        row = {name: cell for name, cell in operation.row.items() if name in fields}
        return replace(operation, row=row)
    return _without(operation, set(present) - set(fields))


def fields_of(operation: Operation) -> tuple[str, ...]:
    """The fields whose cells an operation writes; for a removal, those that it takes away."""
    if isinstance(operation, Update):
        return tuple(operation.new)
    return tuple(operation.row if isinstance(operation, Insert) else operation.old)


def settled(
    operation: Operation,
    clashes: Sequence[CellConflict],
    takes: Mapping[str | None, Take],
    *,
    base: Cells,
    ours: Cells,
    schema: Schema,
) -> Settled:
    """An operation after a choice for each of its conflicts, by field, None for the row.

    `base` and `ours` are its row when it was made and as published, empty when there is none.
    Raises `Malformed` for a choice that cannot be made: between keys there is only ours.
    """
    if isinstance(operation, Update):
        return _update(operation, clashes, takes, base, schema)
    if isinstance(operation, Insert):
        return _insert(operation, clashes, takes)
    take = takes[None]
    if take == "theirs":
        return Settled(replace(operation, old=dict(ours)))
    keys = set(schema.primary_key)
    back = {name: base.get(name) for name, cell in ours.items() if base.get(name) != cell}
    back = {name: cell for name, cell in back.items() if name not in keys}
    if take == "ours" or not back:
        return Settled()
    old = {name: ours.get(name) for name in back}
    return Settled(Update(resource=operation.resource, key=operation.key, old=old, new=back))


def _update(
    operation: Update,
    clashes: Sequence[CellConflict],
    takes: Mapping[str | None, Take],
    base: Cells,
    schema: Schema,
) -> Settled:
    keys = set(schema.primary_key)
    dropped: set[str] = set()
    old, new = dict(operation.old), dict(operation.new)
    for clash in clashes:
        take = takes[clash.field]
        if clash.kind == "delete_edit":
            if take == "ours":
                return Settled()
            row = {**base, **(operation.new if take == "theirs" else {})}
            kept = {name: cell for name, cell in row.items() if cell is not None}
            key = schema.key_of(row) or operation.key
            return Settled(Insert(resource=operation.resource, key=key, row=kept))
        if clash.field is None or clash.field in keys:
            _only_ours(take, clash)
            dropped |= keys
        elif take == "ours":
            dropped.add(clash.field)
        else:
            old[clash.field] = clash.ours
            if take == "base":
                new[clash.field] = clash.base
    chosen = {one.field for one in clashes}
    written = {name: form for name, form in operation.written.items() if name not in chosen}
    return Settled(_without(replace(operation, old=old, new=new, written=written), dropped))


def _insert(
    operation: Insert, clashes: Sequence[CellConflict], takes: Mapping[str | None, Take]
) -> Settled:
    """Two rows with one new key: the published one stays, with cells of the other."""
    old: dict[str, Cell] = {}
    new: dict[str, Cell] = {}
    for clash in clashes:
        take = takes[clash.field]
        if clash.field is None or take == "base":
            _only_ours(take, clash)
        elif take == "theirs":
            old[clash.field], new[clash.field] = clash.ours, clash.theirs
    if not new:
        return Settled()
    key, resource = operation.key, operation.resource
    return Settled(ours=Update(resource=resource, key=key, old=old, new=new))


def _only_ours(take: Take, clash: CellConflict) -> None:
    if take != "ours":
        raise Malformed("choice_not_possible", field=clash.field, take=take)


def _without(operation: Update, dropped: Collection[str]) -> Update | None:
    new = {name: cell for name, cell in operation.new.items() if name not in dropped}
    if not new:
        return None
    old = {name: operation.old.get(name) for name in new}
    written = {name: form for name, form in operation.written.items() if name in new}
    return replace(operation, old=old, new=new, written=written)

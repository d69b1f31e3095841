"""What changed in a resource between two versions of a dataset, also where it came or went."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from retouche.core.diff import TableDiff, diff
from retouche.core.operations import Cell, Delete, Insert, Operation
from retouche.core.package import Resource
from retouche.core.succession import Cut, cuts_of
from retouche.core.table import Table
from retouche.ports import Forge


@dataclass(frozen=True, slots=True)
class Side:
    """A resource at one version. `read` gives its table or raises `UnreadableFile`."""

    resource: Resource
    blob: str
    read: Callable[[], Table]


Cuts: TypeAlias = Callable[[Side, Side], Sequence[Cut] | None]
"""Tells where the bytes of two files differ, None where only comparing them would tell."""


def difference(old: Side | None, new: Side | None, *, cuts: Cuts) -> TableDiff:
    """What makes `new` of `old`; a resource that is absent on a side has no rows there.

    Raises `UnreadableFile`. Nothing is read where file and schema are the same.
    """
    if old is None or new is None:
        return TableDiff(operations=(*_all_rows(old, Delete), *_all_rows(new, Insert)))
    schemas = old.resource.schema, new.resource.schema
    if old.blob == new.blob and schemas[0].descriptor == schemas[1].descriptor:
        return TableDiff(operations=())
    tables = old.read(), new.read()
    return diff(
        *tables,
        resource=new.resource.name,
        schema=schemas[1],
        schema_a=schemas[0],
        cuts=cuts(old, new),
    )


def known_cuts(forge: Forge, old: Side, new: Side) -> Sequence[Cut] | None:
    """Where two files differ, if the forge kept one of them as edits of the other."""
    edits = forge.edits(old.blob, new.blob)
    return None if edits is None else cuts_of(edits)


def _all_rows(side: Side | None, op: type[Insert] | type[Delete]) -> Iterator[Operation]:
    """The rows of a resource that came or went as a whole. Rows without a key are left out."""
    if side is None:
        return
    table, schema, name = side.read(), side.resource.schema, side.resource.name
    width, pad = len(table.header), schema.to_cell("")
    absent = dict.fromkeys(one for one in schema.names if one not in set(table.header))
    for record in table.rows():
        cells: list[Cell] = [schema.to_cell(text) for text in record[:width]]
        cells += [pad] * (width - len(cells))
        row = {**dict(zip(table.header, cells, strict=True)), **absent}
        key = schema.key_of(row)
        if key is None:
            continue
        if op is Insert:
            yield Insert(resource=name, key=key, row=row)
        else:
            yield Delete(resource=name, key=key, old=row)

"""Patches on the wire: from a proposal's JSON to operations of the core, and back.

Refuses what cannot be understood, found or edited; says where by a JSON pointer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from retouche.core.errors import (
    Malformed,
    NotEditable,
    RetoucheError,
    TooLarge,
    UnknownField,
)
from retouche.core.operations import Cell, Cells, Delete, Insert, Key, Operation, Patch, Update
from retouche.core.package import Package, Resource
from retouche.core.reading.snapshot import Snapshot
from retouche.ports import Proposal
from retouche.services.datasets import DatasetRevision

WRITTEN = "written"
"""Of an operation in the journal: how its cells are written in the file."""


@dataclass(frozen=True, slots=True)
class ReadPatch:
    """Operations that change something, and each one's index in the request."""

    operations: Patch
    origins: tuple[int, ...]


def read_patch(
    body: Sequence[Mapping[str, Any]], base: DatasetRevision, *, max_cell: int
) -> ReadPatch:
    """Read the `operations` of a proposal made while looking at `base`.

    Cells that already have the new value are dropped, and operations without any other cell.
    An `old` that is given is taken as what the contributor saw, whatever `base` has.
    Raises `Malformed`, `UnknownField`, `NotEditable`, `NotFound`, `AmbiguousRow`, `TooLarge`.
    """
    operations: list[Operation] = []
    origins: list[int] = []
    seen: set[tuple[str, Key]] = set()
    for index, item in enumerate(body):
        try:
            resource = _resource(item, base.package)
            reader = _Reader(resource, base.snapshot(resource.name), max_cell)
            operation = reader.read(item)
        except RetoucheError as error:
            error.pointer = f"/operations/{index}{error.pointer or ''}"
            raise
        if operation is None:
            continue
        row = (operation.resource, operation.key)
        if row in seen:
            raise Malformed(
                "two_operations_one_row",
                pointer=f"/operations/{index}",
                resource=operation.resource,
                key=", ".join(operation.key),
            )
        seen.add(row)
        operations.append(operation)
        origins.append(index)
    return ReadPatch(tuple(operations), tuple(origins))


def _resource(item: Mapping[str, Any], package: Package) -> Resource:
    name = item.get("resource")
    if name is None:
        if len(package.editable) != 1:
            raise Malformed(
                "resource_needed",
                pointer="/resource",
                known=", ".join(one.name for one in package.editable),
            )
        return package.editable[0]
    resource = package.resource(name)
    if not resource.schema.primary_key:
        raise NotEditable("no_primary_key", resource=name)
    if not resource.editable:
        raise NotEditable("not_editable_resource", resource=name)
    return resource


class _Reader:
    """Reads one operation against the resource it names."""

    def __init__(self, resource: Resource, snapshot: Snapshot, max_cell: int) -> None:
        self._resource = resource
        self._schema = resource.schema
        self._snapshot = snapshot
        self._max_cell = max_cell

    def read(self, item: Mapping[str, Any]) -> Operation | None:
        if item["op"] == "insert":
            return self._insert(item)
        key = self._key(item["key"])
        present = self._snapshot.cells(self._snapshot.index.find(key), personal=True)
        # What the contributor says they saw counts as the base of these cells.
        seen = {**present, **self._seen(item.get("old") or {})}
        if item["op"] == "delete":
            return Delete(resource=self._resource.name, key=key, old=seen)
        return self._update(item, key, seen)

    def _update(self, item: Mapping[str, Any], key: Key, seen: Cells) -> Operation | None:
        new = {name: self._cell(value, f"/new/{name}") for name, value in item["new"].items()}
        self._known(new, "/new")
        changed = {name: cell for name, cell in new.items() if cell != seen.get(name)}
        self._may_change(changed, "/new")
        if not changed:
            return None
        old = {name: seen.get(name) for name in changed}
        return Update(resource=self._resource.name, key=key, old=old, new=changed)

    def _insert(self, item: Mapping[str, Any]) -> Operation:
        row = {name: self._cell(value, f"/row/{name}") for name, value in item["row"].items()}
        self._known(row, "/row")
        row = {name: cell for name, cell in row.items() if cell is not None}
        self._may_change(row, "/row")
        key = tuple(row.get(name) or "" for name in self._schema.primary_key)
        return Insert(resource=self._resource.name, key=key, row=row)

    def _seen(self, old: Mapping[str, Any]) -> dict[str, Cell]:
        cells = {name: self._cell(value, f"/old/{name}") for name, value in old.items()}
        self._known(cells, "/old")
        # A reader sees computed cells in the row, which are no part of it.
        return {
            name: cell
            for name, cell in cells.items()
            if self._schema.by_name[name].indicator is None
        }

    def _key(self, given: Mapping[str, str]) -> Key:
        if set(given) != set(self._schema.primary_key):
            raise Malformed(
                "key_fields", pointer="/key", expected=", ".join(self._schema.primary_key)
            )
        return tuple(given[name] for name in self._schema.primary_key)

    def _cell(self, value: Cell, pointer: str) -> Cell:
        if value is None:
            return None
        size = len(value.encode())
        if size > self._max_cell:
            raise TooLarge("cell_too_long", pointer=pointer, size=size, limit=self._max_cell)
        return self._schema.to_cell(value)

    def _known(self, cells: Cells, pointer: str) -> None:
        for name in cells:
            field = self._schema.by_name.get(name)
            if field is None or field.personal:
                raise UnknownField(
                    pointer=f"{pointer}/{name}",
                    field=name[:80],
                    known=", ".join(one.name for one in self._schema.fields if not one.personal),
                )

    def _may_change(self, cells: Cells, pointer: str) -> None:
        columns = set(self._snapshot.table.header)
        for name in cells:
            field = self._schema.by_name[name]
            if field.indicator is not None:
                raise NotEditable(
                    "computed_field",
                    pointer=f"{pointer}/{name}",
                    field=name,
                    indicator=field.indicator,
                )
            if not field.editable:
                raise NotEditable("not_editable_field", pointer=f"{pointer}/{name}", field=name)
            if name not in columns:
                raise NotEditable("column_absent", pointer=f"{pointer}/{name}", field=name)


def to_wire(operation: Operation, package: Package) -> dict[str, Any]:
    """An operation as JSON: the request's own form, with `old` always there."""
    schema = package.resource(operation.resource).schema
    named = dict(zip(schema.primary_key, operation.key, strict=True))
    head = {"resource": operation.resource}
    match operation:
        case Update():
            cells = {"old": dict(operation.old), "new": dict(operation.new)}
            return {"op": "update", **head, "key": named, **cells}
        case Insert():
            return {"op": "insert", **head, "row": dict(operation.row)}
        case Delete():
            return {"op": "delete", **head, "key": named, "old": dict(operation.old)}


def to_journal(operation: Operation, package: Package) -> dict[str, Any]:
    """`to_wire` with the key of an insertion, by which the journal finds what touches a row, and
    how cells are to be written that get back what they were."""
    names = package.resource(operation.resource).schema.primary_key
    key = dict(zip(names, operation.key, strict=True))
    item = {**to_wire(operation, package), "key": key}
    if isinstance(operation, Update) and operation.written:
        item[WRITTEN] = dict(operation.written)
    return item


def operations_of(proposal: Proposal, package: Package) -> Patch:
    """What a proposal does, as the journal keeps it. `package` is the one at its parent."""
    return tuple(from_wire(one, package) for one in proposal.operations)


def from_wire(item: Mapping[str, Any], package: Package) -> Operation:
    """Read back what `to_wire` or `to_journal` wrote."""
    name = str(item["resource"])
    names = package.resource(name).schema.primary_key
    if item["op"] == "insert":
        key = tuple(item["row"].get(one) or "" for one in names)
        return Insert(resource=name, key=key, row=item["row"])
    key = tuple(item["key"][one] for one in names)
    if item["op"] == "delete":
        return Delete(resource=name, key=key, old=item["old"])
    written = item.get(WRITTEN) or {}
    return Update(resource=name, key=key, old=item["old"], new=item["new"], written=written)


def public(item: Mapping[str, Any], package: Package) -> dict[str, Any]:
    """A wire operation as anybody may see it, in the form of a request.

    Personal fields are left out of whole rows.
    """
    resource = package.resources.get(str(item["resource"]))
    hidden = {one.name for one in resource.schema.fields if one.personal} if resource else set()
    return {
        part: {name: cell for name, cell in value.items() if name not in hidden}
        if isinstance(value, Mapping)
        else value
        for part, value in item.items()
        if not (part == "key" and item["op"] == "insert") and part != WRITTEN
    }

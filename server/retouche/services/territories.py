"""Where rows lie: the territories that a dataset declares, from the widest level to the narrowest.

A row is in a territory by a field that names it, or by a row that it names and that is in one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from retouche.core.errors import RetoucheError
from retouche.core.operations import Cells, Delete, Insert, Patch, Update
from retouche.core.package import Package
from retouche.services.datasets import DatasetRevision


def levels(package: Package) -> Sequence[Mapping[str, Any]]:
    """The levels that a package declares, the widest first."""
    declared = package.extension.get("territories")
    return declared if isinstance(declared, list) else ()


def member_field(level: Mapping[str, Any], resource: str, package: Package) -> str | None:
    """The field by which the rows of a resource are in the territories of a level, or are these."""
    field = (level.get("members") or {}).get(resource)
    if field is None and level["resource"] == resource and resource in package.resources:
        field = next(iter(package.resources[resource].schema.primary_key), None)
    return field


def touched_territories(operations: Patch, revision: DatasetRevision) -> tuple[str, ...]:
    """The codes of the widest level's territories in which the rows of operations are, before and
    after, sorted. `revision` is what they were made on.

    What the file does not tell is in none: that never keeps a proposal from being sent.
    """
    if not levels(revision.package):
        return ()
    found: set[str] = set()
    for operation in operations:
        for row in _sides(operation, revision):
            found.update(_codes(operation.resource, row, revision, frozenset()))
    return tuple(sorted(found))


def _sides(operation: Update | Insert | Delete, revision: DatasetRevision) -> Iterator[Cells]:
    """The row before and after, where it is there."""
    if isinstance(operation, Insert):
        yield operation.row
    elif isinstance(operation, Delete):
        yield operation.old
    else:
        snapshot = revision.snapshot(operation.resource)
        position = snapshot.index.get(operation.key)
        before = {} if position is None else snapshot.cells(position)
        yield before
        yield {**before, **operation.new}


def _codes(
    resource: str, row: Cells, revision: DatasetRevision, seen: frozenset[str]
) -> Iterator[str]:
    package = revision.package
    widest, *narrower = levels(package)
    code = _member(widest, resource, row, package)
    if code is not None:
        yield code
        return
    for level in narrower:
        target = str(level["resource"])
        code = _member(level, resource, row, package)
        if code is None or target in {resource, *seen}:
            continue
        found = _row(revision, target, code)
        if found is not None:
            yield from _codes(target, found, revision, seen | {resource})
            return


def _member(level: Mapping[str, Any], resource: str, row: Cells, package: Package) -> str | None:
    """The code of the territory of a level that a row says it is in, or is."""
    field = member_field(level, resource, package)
    return row.get(field) if field is not None else None


def _row(revision: DatasetRevision, resource: str, code: str) -> Cells | None:
    """The row of a territory, None where there is none, or no telling which."""
    try:
        snapshot = revision.snapshot(resource)
        position = snapshot.index.get((code,))
    except RetoucheError:
        return None
    return None if position is None else snapshot.cells(position)

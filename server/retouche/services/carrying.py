"""Carrying operations from the revision they were made on to another, and into files.

The merge itself is the core's; here it meets datasets, their resources and their limits.
"""

from __future__ import annotations

from dataclasses import dataclass

from retouche.core.edited import Edited
from retouche.core.errors import NotFound, TooLarge
from retouche.core.merge import rebase
from retouche.core.operations import Operation, Patch
from retouche.core.report import CellConflict
from retouche.core.splice import edits
from retouche.services.datasets import DatasetRevision


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """Operations expressed on another revision, without what clashes or is there already.

    `origins` gives for each its place among the operations that were carried over.
    """

    operations: Patch
    origins: tuple[int, ...]
    conflicts: tuple[CellConflict, ...]


def carry_over(operations: Patch, *, base: DatasetRevision, onto: DatasetRevision) -> Carried:
    """Express operations made on `base` on another revision, cell by cell (law 4)."""
    carried: dict[int, Operation] = {}
    conflicts: list[CellConflict] = []
    places: dict[str, list[int]] = {}
    for place, one in enumerate(operations):
        places.setdefault(one.resource, []).append(place)
    for name, group in by_resource(operations).items():
        if name not in onto.package.resources:
            raise NotFound("unknown_resource", resource=name, known=sorted(onto.package.resources))
        old, new = base.snapshot(name), onto.snapshot(name)
        merged = rebase(
            group,
            base=old.table,
            ours=new.table,
            resource=name,
            schema=new.resource.schema,
            base_index=old.index,
            ours_index=new.index,
        )
        origins = [places[name][one] for one in merged.origins]
        carried |= zip(origins, merged.operations, strict=True)
        conflicts += merged.conflicts
    return Carried(
        operations=tuple(carried[origin] for origin in sorted(carried)),
        origins=tuple(sorted(carried)),
        conflicts=tuple(conflicts),
    )


def files_after(operations: Patch, revision: DatasetRevision, *, limit: int) -> dict[str, Edited]:
    """The files that operations change, as they are afterwards, by path (law 1)."""
    files: dict[str, Edited] = {}
    for name, group in by_resource(operations).items():
        resource = revision.package.resource(name)
        snapshot = revision.snapshot(name)
        made = edits(snapshot.table, group, schema=resource.schema, index=snapshot.index)
        after = revision.edited(name, made)
        if len(after) > limit:
            raise TooLarge("file_too_large", path=resource.path, limit=limit)
        files[resource.path] = after
    return files


def by_resource(operations: Patch) -> dict[str, tuple[Operation, ...]]:
    groups: dict[str, list[Operation]] = {}
    for one in operations:
        groups.setdefault(one.resource, []).append(one)
    return {name: tuple(group) for name, group in groups.items()}

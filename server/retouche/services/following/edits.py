"""The operations of a proposal's branch that somebody wrote to at the forge, read from its files.

Must not write: what is found is put into the journal by others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from retouche.core.errors import ForgeUnavailable, RetoucheError, StorageFull
from retouche.core.operations import Patch
from retouche.core.package import Resource
from retouche.core.reading.snapshot import Snapshot
from retouche.core.table import Table
from retouche.ports import Proposal, RemoteForge
from retouche.services.carrying import carry_over
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.differences import Side, difference, known_cuts
from retouche.services.patches import to_journal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rereading:
    """What a branch does to the commit that it left the published history at.

    `complete` is False when it changes more than rows that can be corrected, or when these
    cannot be told: the operations are then not all of it.
    """

    head: str
    parent: str
    operations: tuple[Mapping[str, Any], ...]
    complete: bool


def reread(dataset: Dataset, head: str, *, published: str, most: int) -> Rereading | None:
    """Read the operations of a branch, at most so many; None when nothing of it can be told.

    `published` is the published branch as it was fetched. Raises `ForgeUnavailable`.
    """
    remote = dataset.remote
    try:
        parent = remote.merge_base(published, dataset.forge.resolve(head)) if remote else None
        if remote is None or parent is None:
            return None
        base = dataset.at(parent)
    except (ForgeUnavailable, StorageFull):
        raise
    except RetoucheError:
        return None
    changed = set(remote.changed(parent, head))
    operations: list[Mapping[str, Any]] = []
    for resource in base.package.editable:
        if resource.path not in changed:
            continue
        found = _operations(base, head, resource)
        if found is not None and len(operations) + len(found) <= most:
            changed.discard(resource.path)
            operations += (to_journal(one, base.package) for one in found)
    return Rereading(head=head, parent=parent, operations=tuple(operations), complete=not changed)


def without_operations(proposal: Proposal, head: str) -> Rereading:
    """A branch of which nothing can be told but where it is."""
    return Rereading(
        head=head, parent=proposal.parent, operations=proposal.operations, complete=False
    )


def _operations(base: DatasetRevision, head: str, resource: Resource) -> Patch | None:
    """What a branch changes in a file, described as it is at the base; None when rows do not
    tell it."""
    forge: RemoteForge | None = base.dataset.remote
    assert forge is not None  # asked by the caller
    try:
        before, after = base.snapshot(resource.name).table, _table(forge, head, resource)
        if before.header != after.header:
            return None
        old = Side(resource, base.blob(resource.name), lambda: before)
        new = Side(resource, forge.blob(head, resource.path), lambda: after)
        found = difference(old, new, cuts=partial(known_cuts, forge)).operations
        # A key that names several rows, or none, would stop all that is done with them later.
        carry_over(found, base=base, onto=base)
    except (ForgeUnavailable, StorageFull):
        raise
    except RetoucheError:
        return None
    return None if any(not all(one.key) for one in found) else found


def _table(forge: RemoteForge, commit: str, resource: Resource) -> Table:
    """A file of a branch, beside the shelf: it is read once. Raises `UnreadableFile`."""
    return Snapshot(resource, forge.read(commit, resource.path)).table

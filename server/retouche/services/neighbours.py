"""Commits compared with the ones before them, going forward from one to the next.

What a commit left as it was is not read again: neither descriptors nor files nor rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Literal, TypeAlias

from retouche.core.dialect import Dialect
from retouche.core.differences import differences
from retouche.core.edited import Data, Edited
from retouche.core.errors import BadDataset, ForgeUnavailable, NotFound, RetoucheError, StorageFull
from retouche.core.gate import expect_header
from retouche.core.operations import Cell, Delete, Insert, Operation, Update
from retouche.core.package import Package, Resource
from retouche.core.succession import Cut, cuts_of
from retouche.core.table import Table
from retouche.ports import CommitChanges, Counted, Revision, RowEntry
from retouche.services.datasets import Dataset
from retouche.services.differences import Side, difference, known_cuts

File: TypeAlias = tuple[str, Dialect]
"""A blob id, and how its bytes are read as a table."""


@dataclass(frozen=True, slots=True)
class _Version:
    """A dataset at a commit; `package` is None where its descriptor is not usable.

    `described` are the blob ids of what the descriptor was read from, `blobs` those of the
    resources' files by path. `tables` are those that were read, and need not be read again.
    """

    commit: str
    package: Package | None
    described: Mapping[str, str | None]
    blobs: Mapping[str, str]
    tables: dict[File, Table] = field(default_factory=dict)

    @property
    def resources(self) -> Mapping[str, Resource]:
        return self.package.resources if self.package else {}

    def file(self, resource: Resource) -> File:
        """Raises `NotFound`."""
        blob = self.blobs.get(resource.path)
        if blob is None:
            raise NotFound("unknown_file", path=resource.path, revision=self.commit)
        return blob, resource.dialect


class Neighbours:
    """The changes of commits that follow each other; each is told once the one before is.

    `ends` are commits whose files others have read, or are about to: they are read where others
    find them. Of all others, the tables of two are held at a time.
    """

    def __init__(self, dataset: Dataset, *, ends: Collection[str]) -> None:
        self._dataset = dataset
        self._forge = dataset.forge
        self._ends = ends
        self._last: _Version | None = None
        self._cuts: dict[tuple[str, str], Sequence[Cut]] = {}

    def changes(self, revision: Revision) -> CommitChanges:
        """What a commit did. Resources that cannot be read on both sides are so marked.

        Raises `ForgeUnavailable` and `StorageFull`.
        """
        old: _Version | None = None
        if revision.parents:
            known = self._last is not None and self._last.commit == revision.parents[0]
            old = self._last if known else self._version(revision.parents[0], like=None)
        new = self._version(revision.id, like=old)
        counts: dict[str, Counted] = {}
        entries: list[RowEntry] = []
        for name in sorted({*new.resources, *(old.resources if old else ())}):
            try:
                if old is None:  # all rows are new, and known from the file itself
                    counts[name] = (self._size(new, name), 0, 0, False)
                    continue
                operations = self._operations(old, new, name)
            except (ForgeUnavailable, StorageFull):
                raise  # passes, while what is told here is kept
            except RetoucheError:
                counts[name] = (0, 0, 0, True)
                continue
            kinds = [type(one) for one in operations]
            counts[name] = (kinds.count(Insert), kinds.count(Update), kinds.count(Delete), False)
            entries += _entries(new.resources.get(name), name, operations)
        self._go_on(old, new)
        return CommitChanges(revision=revision, counts=counts, entries=entries)

    def _go_on(self, old: _Version | None, new: _Version) -> None:
        """Keep the tables of files that are still there, and forget the others."""
        for resource in new.resources.values():
            with suppress(NotFound):
                file = new.file(resource)
                if old is not None and file in old.tables:
                    new.tables[file] = old.tables[file]
        self._last = new
        self._cuts.clear()

    def _version(self, commit: str, *, like: _Version | None) -> _Version:
        """What stands at a commit. A descriptor that is the same as before is not read again."""
        if like is not None:
            blobs = self._forge.blobs(commit, {*like.described, *_paths(like.package)})
            if all(blobs.get(path) == blob for path, blob in like.described.items()):
                return _Version(commit, like.package, like.described, blobs)
        described: dict[str, str | None] = {}

        def read(path: str) -> bytes:
            described[path] = self._forge.blobs(commit, (path,)).get(path)
            return self._forge.read(commit, path)

        package: Package | None = None
        with suppress(BadDataset):
            package = Package.read(read)
        return _Version(commit, package, described, self._forge.blobs(commit, _paths(package)))

    def _operations(self, old: _Version, new: _Version, name: str) -> Sequence[Operation]:
        """Raises what keeps a side from being read."""
        if old.package is None or new.package is None:
            raise BadDataset("descriptor_no_resources")  # whatever it is: it counts as unread
        before = self._side(old, name)
        return difference(before, self._side(new, name, after=old), cuts=self._between).operations

    def _size(self, first: _Version, name: str) -> int:
        """How many rows a resource of the first commit has. Raises `UnreadableFile`."""
        snapshot = self._dataset.at(first.commit).snapshot(name)
        resource = first.resources[name]
        if resource.schema.primary_key:
            snapshot.index.get(())  # made ready: the past of most rows ends here
        first.tables[first.file(resource)] = snapshot.table
        return len(snapshot)

    def _side(self, version: _Version, name: str, *, after: _Version | None = None) -> Side | None:
        resource = version.resources.get(name)
        if resource is None:
            return None
        blob, _ = version.file(resource)
        return Side(resource, blob, partial(self._table, version, name, after=after))

    def _table(self, version: _Version, name: str, *, after: _Version | None = None) -> Table:
        """Raises `UnreadableFile`."""
        resource = version.resources[name]
        file = version.file(resource)
        table = version.tables.get(file)
        if table is None and after is not None:
            table = after.tables.get(file)
        if table is None:
            table = version.tables[file] = self._read(version, resource, after)
        expect_header(table, resource.schema)
        return table

    def _read(self, version: _Version, resource: Resource, after: _Version | None) -> Table:
        if version.commit in self._ends:
            return self._dataset.at(version.commit).snapshot(resource.name).table
        _, dialect = version.file(resource)
        parent = after.resources.get(resource.name) if after is not None else None
        if after is not None and parent is not None and parent.dialect == dialect:
            file = after.file(parent)
            if file in after.tables:
                return self._next(after.tables[file], file[0], version, resource)
        return Table.parse(self._forge.read(version.commit, resource.path), dialect)

    def _next(self, old: Table, old_blob: str, version: _Version, resource: Resource) -> Table:
        """The table of a file from that of the version before it."""
        blob, dialect = version.file(resource)
        edits = self._forge.edits(old_blob, blob)
        data: Data
        if edits is None:
            data = self._forge.read(version.commit, resource.path)
            cuts = differences(old.data, data)
        else:
            data = bytes(Edited(old.data, old_blob, edits))
            cuts = cuts_of(edits)
        self._cuts[old_blob, blob] = cuts
        found = Table.succeed(old.part(), data, dialect, cuts)
        return Table.parse(data, dialect) if found is None else found[0]

    def _between(self, old: Side, new: Side) -> Sequence[Cut] | None:
        cuts = self._cuts.get((old.blob, new.blob))
        return known_cuts(self._forge, old, new) if cuts is None else cuts


def _paths(package: Package | None) -> Iterator[str]:
    return (one.path for one in package.resources.values()) if package else iter(())


def _entries(
    resource: Resource | None, name: str, operations: Sequence[Operation]
) -> Iterator[RowEntry]:
    """What an index keeps of operations; `resource` is None when it is gone.

    A row without a whole key has no history of its own.
    """
    for one in operations:
        if not one.key or not all(one.key):
            continue
        entry = RowEntry(resource=name, key=one.key, op=_op(one), cells=_cells(one))
        new_key = None
        if resource is not None and isinstance(one, Update):
            new_key = resource.schema.key_after(one.key, one.new)
        if new_key is None or new_key == one.key:
            yield entry
        else:
            entry = replace(entry, old_key=one.key)
            yield entry
            yield replace(entry, key=new_key)


def _op(operation: Operation) -> Literal["insert", "update", "delete"]:
    match operation:
        case Insert():
            return "insert"
        case Update():
            return "update"
        case Delete():
            return "delete"


def _cells(operation: Operation) -> dict[str, tuple[Cell, Cell]]:
    match operation:
        case Insert():
            return {name: (None, new) for name, new in operation.row.items() if new is not None}
        case Update():
            return {name: (operation.old[name], new) for name, new in operation.new.items()}
        case Delete():
            return {name: (old, None) for name, old in operation.old.items() if old is not None}

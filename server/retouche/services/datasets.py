"""Datasets and their revisions: what stands where, at which commit.

Everything derived from bytes is cached by blob id, so it can never be stale.
"""

from __future__ import annotations

import json
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from retouche.core.errors import BadDataset, NotFound
from retouche.core.gate import expect_header
from retouche.core.package import Package, Resource, read_json
from retouche.core.snapshot import Snapshot
from retouche.ports import CloneSource, Forge, Journal

COMMIT = re.compile(r"[0-9a-f]{40}")
PROPOSAL = re.compile(r"proposal:([0-9a-f]{16})")
WIDGETS = "widgets"
Value = TypeVar("Value")


class Cache(Generic[Value]):
    """Keep the most recently used values, up to a total size; safe for threads."""

    def __init__(self, capacity: int, size: Callable[[Value], int]) -> None:
        self._capacity = capacity
        self._size = size
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        with self._lock:
            if key in self._values:
                return self._used(key)
        value = make()
        with self._lock:
            self._values.setdefault(key, value)
            return self._used(key)

    def _used(self, key: Hashable) -> Value:
        """The value, now the most recent; forgets the others as far as there are too many."""
        self._values.move_to_end(key)
        # Values grow as more is derived from them, so their sizes are asked again each time.
        size = sum(self._size(one) for one in self._values.values())
        while size > self._capacity and len(self._values) > 1:
            size -= self._size(self._values.popitem(last=False)[1])
        return self._values[key]


class Shelf:
    """The caches that all datasets of a process share."""

    def __init__(self, capacity: int) -> None:
        self.snapshots: Cache[Snapshot] = Cache(capacity, lambda one: one.approximate_size)
        self.packages: Cache[Package] = Cache(200, lambda _: 1)


class Dataset:
    """A data repository that is served under a name."""

    def __init__(
        self,
        name: str,
        forge: Forge,
        journal: Journal,
        shelf: Shelf,
        *,
        branch: str = "main",
        clone: CloneSource | None = None,
    ) -> None:
        self.name = name
        self.forge = forge
        self.clone = clone
        self.branch = branch
        self._journal = journal
        self._shelf = shelf

    def at(self, revision: str | None = None) -> DatasetRevision:
        """The dataset at a commit id, a branch or `proposal:{id}`; None is the published one.

        Raises `NotFound` for a revision that does not exist.
        """
        if revision is None:
            return self._revision(self.forge.published())
        of_proposal = PROPOSAL.fullmatch(revision)
        if of_proposal is not None:
            proposal = self._journal.get(self.name, of_proposal.group(1))
            if proposal.head is None:
                raise NotFound("proposal_without_head", proposal=proposal.id)
            return self._revision(proposal.head)
        commit = self.forge.resolve(revision)
        return self._revision(commit, pinned=COMMIT.fullmatch(revision) is not None)

    def _revision(self, commit: str, *, pinned: bool = False) -> DatasetRevision:
        package = self._shelf.packages.get(
            (self.name, commit), lambda: Package.read(lambda path: self.forge.read(commit, path))
        )
        return DatasetRevision(
            dataset=self, commit=commit, package=package, pinned=pinned, _shelf=self._shelf
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetRevision:
    """A dataset at one commit. `pinned` when the commit id itself was asked for."""

    dataset: Dataset
    commit: str
    package: Package
    pinned: bool
    _shelf: Shelf

    def blob(self, resource: str) -> str:
        """The id of the resource's file: equal ids, equal bytes."""
        return self.dataset.forge.blob(self.commit, self.package.resource(resource).path)

    def data(self, resource: str) -> bytes:
        return self.dataset.forge.read(self.commit, self.package.resource(resource).path)

    def snapshot(self, resource: str) -> Snapshot:
        """The parsed file. Raises `NotFound` and `UnreadableFile`."""
        described = self.package.resource(resource)
        key = (self.dataset.name, resource, self.blob(resource), _fingerprint(described))
        return self._shelf.snapshots.get(key, lambda: self._read(described))

    def _read(self, resource: Resource) -> Snapshot:
        snapshot = Snapshot(resource, self.data(resource.name))
        expect_header(snapshot.table, resource.schema)
        return snapshot

    def snapshots(self) -> Mapping[str, Snapshot]:
        """All resources' snapshots by name, each read when it is asked for."""
        return _Snapshots(self)

    def widgets(self) -> dict[str, dict[str, Any]]:
        """The widget descriptors by name. Raises `BadDataset`."""
        paths = [
            path
            for path in self.dataset.forge.files(self.commit, WIDGETS)
            if path.endswith(".json")
        ]
        found: dict[str, dict[str, Any]] = {}
        for path in paths:
            widget = read_json(lambda one: self.dataset.forge.read(self.commit, one), path)
            if not isinstance(widget, dict):
                raise BadDataset("descriptor_not_object", path=path)
            name = path.rsplit("/", 1)[-1].removesuffix(".json")
            found[name] = {"name": name, **widget}
        return found

    def widget(self, name: str) -> dict[str, Any]:
        widgets = self.widgets()
        if name not in widgets:
            raise NotFound("unknown_widget", widget=name, known=sorted(widgets))
        return widgets[name]


class _Snapshots(Mapping[str, Snapshot]):
    def __init__(self, revision: DatasetRevision) -> None:
        self._revision = revision

    def __getitem__(self, name: str) -> Snapshot:
        if name not in self._revision.package.resources:
            raise KeyError(name)
        return self._revision.snapshot(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._revision.package.resources)

    def __len__(self) -> int:
        return len(self._revision.package.resources)


class Catalogue:
    """The datasets of a server, by name."""

    def __init__(self, datasets: Mapping[str, Dataset]) -> None:
        self._datasets = dict(datasets)

    def __iter__(self) -> Iterator[Dataset]:
        return iter(self._datasets.values())

    def __len__(self) -> int:
        return len(self._datasets)

    def get(self, name: str) -> Dataset:
        """Raises `NotFound`."""
        try:
            return self._datasets[name]
        except KeyError:
            raise NotFound("unknown_dataset", dataset=name[:80])


def _fingerprint(resource: Resource) -> str:
    """What a snapshot depends on beside the bytes."""
    return json.dumps(
        [resource.schema.descriptor, dict(resource.descriptor)], sort_keys=True, default=str
    )

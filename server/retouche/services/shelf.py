"""What a process keeps of the versions that it reads, and how one version comes from another.

Everything is found by blob id and by what it was read with, so it can never be stale.
"""

from __future__ import annotations

import hashlib
import threading
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager, nullcontext
from typing import Generic, TypeVar

import numpy as np

from retouche import __version__
from retouche.core.differences import differences
from retouche.core.edited import Data, Edit, Edited
from retouche.core.gate import expect_header
from retouche.core.package import Package, Resource
from retouche.core.parts import Drawer, Loose, Part
from retouche.core.reading.inheritance import Descent
from retouche.core.reading.snapshot import Snapshot
from retouche.core.succession import Cut, cuts_of
from retouche.ports import Cabinet

Value = TypeVar("Value")
FORMAT = 1
"""Counts with every change of what is derived, between two versions of Retouche."""
MADE_BY = f"{FORMAT} {__version__} {unicodedata.unidata_version}"
"""What decides, beside a file and how it is read, what is derived from it: our code, and the tables
by which texts are folded."""
MEASURED = 1.0
"""Seconds for which the sizes of what is held are taken to stay."""
LINEAGE = "lineage"
LINEAGES = 16_000_000
"""Bytes of descriptions of edits that are remembered."""


class Cache(Generic[Value]):
    """Keep the most recently used values, up to a total size; safe for threads."""

    def __init__(self, capacity: int, size: Callable[[Value], int]) -> None:
        self._capacity = capacity
        self._size = size
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = threading.Lock()
        self._measured = -MEASURED

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        with self._lock:
            if key in self._values:
                return self._used(key)
        value = make()
        with self._lock:
            if key not in self._values:
                self._values[key] = value
                self._measured = -MEASURED
            return self._used(key)

    def present(self, key: Hashable) -> Value | None:
        """The value, when it is there."""
        with self._lock:
            return self._values.get(key)

    def _used(self, key: Hashable) -> Value:
        """The value, now the most recent; forgets the others as far as there are too many."""
        self._values.move_to_end(key)
        # Values grow as more is derived from them, so their sizes are asked again, yet not always.
        now = time.monotonic()
        if now - self._measured >= MEASURED:
            self._measured = now
            size = sum(self._size(one) for one in self._values.values())
            while size > self._capacity and len(self._values) > 1:
                size -= self._size(self._values.popitem(last=False)[1])
        return self._values[key]


class NoCabinet:
    """`ports.Cabinet` of processes that only look into a folder once: nothing is kept."""

    def file(self, _: str, /) -> Data | None:
        return None

    def keep_file(self, _: str, __: bytes | Edited, /) -> Data | None:
        return None

    def making(self, _: str, /) -> AbstractContextManager[None]:
        return nullcontext()

    def drawer(self, _: str, /) -> Drawer:
        return Loose()

    def use(self, _: str, __: str, /) -> None:
        return None


class Shelf:
    """The caches that all datasets of a process share."""

    def __init__(self, capacity: int, cabinet: Cabinet | None = None) -> None:
        self.snapshots: Cache[Snapshot] = Cache(capacity, lambda one: one.approximate_size)
        self.packages: Cache[Package] = Cache(200, lambda _: 1)
        self._cabinet = cabinet or NoCabinet()
        self._lineages: Cache[Part] = Cache(LINEAGES, lambda one: one.size + 1_000)

    def data(self, blob: str, read: Callable[[], bytes]) -> Data:
        """The bytes of a file: kept, made from those it was edited from, or read."""
        found = self._cabinet.file(blob)
        if found is not None:
            return found
        with self._cabinet.making(blob):
            found = self._cabinet.file(blob)
            if found is None:
                content = self._edited(blob) or read()
                found = self._cabinet.keep_file(blob, content) or bytes(content)
            return found

    def snapshot(
        self,
        resource: Resource,
        blob: str,
        data: Callable[[], Data],
        *,
        parents: Callable[[], str | None],
    ) -> Snapshot:
        """The version of a resource whose file has this blob id. Raises `UnreadableFile`.

        `parents` gives the blob id that the file had before, if that is known.
        """
        key = snapshot_key(blob, resource)

        def read() -> Snapshot:
            snapshot = self._snapshot(resource, blob, data, parents=parents)
            expect_header(snapshot.table, resource.schema)
            return snapshot

        self._cabinet.use(blob, key)
        return self.snapshots.get(key, read)

    def succeeded(self, content: Edited) -> None:
        """Remember that a file is another one with edits, so that nothing is read to have it."""
        self._remember(content.id, _lineage(content.base_id, cuts_of(content.edits), content.edits))

    def _snapshot(
        self,
        resource: Resource,
        blob: str,
        data: Callable[[], Data],
        *,
        parents: Callable[[], str | None],
    ) -> Snapshot:
        def descent() -> Descent | None:
            found = self._cuts(resource, blob, data, parents)
            if found is None:
                return None
            base, cuts = found
            parent = self.snapshots.present(snapshot_key(base, resource)) or self._snapshot(
                resource,
                base,
                lambda: self.data(base, _unread),
                parents=lambda: None,
            )
            return Descent(base, parent.derivation, cuts)

        drawer = self._cabinet.drawer(snapshot_key(blob, resource))
        return Snapshot(resource, data, drawer=drawer, descent=descent)

    def _cuts(
        self,
        resource: Resource,
        blob: str,
        data: Callable[[], Data],
        parents: Callable[[], str | None],
    ) -> tuple[str, tuple[Cut, ...]] | None:
        """The blob that a file came from and what was changed in it."""
        lineage = self._lineage(blob)
        if lineage is not None:
            return str(lineage.meta["base"]), _cuts_of(lineage)
        base = parents()
        if base is None or base == blob:
            return None
        key = snapshot_key(base, resource)
        parent = self.snapshots.present(key)
        old = self._cabinet.file(base) if parent is None else parent.data
        if old is None or (parent is None and self._cabinet.drawer(key).get("table") is None):
            return None
        cuts = differences(old, data())
        self._remember(blob, _lineage(base, cuts, ()))
        return base, cuts

    def _lineage(self, blob: str) -> Part | None:
        return self._lineages.present(blob) or self._cabinet.drawer(blob).get(LINEAGE)

    def _remember(self, blob: str, lineage: Part) -> None:
        if lineage.meta["base"] != blob:
            self._lineages.get(blob, lambda: self._cabinet.drawer(blob).keep(LINEAGE, lineage))

    def _edited(self, blob: str) -> Edited | None:
        """A file as edits of one that is kept."""
        lineage = self._lineage(blob)
        if lineage is None or not lineage.meta["whole"]:
            return None
        base = self._cabinet.file(lineage.meta["base"])
        if base is None:
            return None
        content, done = lineage.arrays["content"].tobytes(), 0
        edits = []
        for cut in _cuts_of(lineage):
            edits.append(Edit(cut.start, cut.end, content[done : done + cut.length]))
            done += cut.length
        return Edited(base, lineage.meta["base"], tuple(edits))


def snapshot_key(blob: str, resource: Resource) -> str:
    """Names what a snapshot depends on: the bytes, and what they are read with."""
    return hashlib.sha256(f"{MADE_BY} {blob} {resource.fingerprint}".encode()).hexdigest()


def _lineage(base: str, cuts: tuple[Cut, ...], edits: tuple[Edit, ...]) -> Part:
    """How a file comes from another one; with edits, all that is needed to make it."""
    bounds = np.array([(one.start, one.end, one.length) for one in cuts], np.int64).reshape(-1, 3)
    content = np.frombuffer(b"".join(one.content for one in edits), np.uint8)
    whole = bool(edits) or not cuts
    return Part({"cuts": bounds, "content": content}, {"base": base, "whole": whole})


def _cuts_of(lineage: Part) -> tuple[Cut, ...]:
    return tuple(Cut(*one) for one in lineage.arrays["cuts"].tolist())


def _unread() -> bytes:
    raise LookupError

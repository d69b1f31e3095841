"""A pack that is being written: entries are added, then header, checksum and index are made."""

from __future__ import annotations

import hashlib
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from retouche.core.edited import Data, Edit
from retouche.forges import deltas, storage
from retouche.forges.objects import Kind
from retouche.forges.packfile import (
    HEADER,
    NUMBERS,
    OFS_DELTA,
    SIGNATURE,
    Entry,
    PackFile,
    entry_header,
)
from retouche.forges.packindex import index_bytes

CHUNK = 1 << 20
SMALL = 4 << 20
"""Size up to which a file is compressed well, in bytes: it takes a fifth of a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An object in a chain of deltas: `size` bytes, made of `base` by `edits`, or whole.

    `edits` is None for a delta that does not copy forwards.
    """

    offset: int
    size: int
    base: int | None = None
    edits: tuple[Edit, ...] | None = ()


class PackWriter:
    """A pack whose file has all of `grown` (or nothing) but the checksum."""

    def __init__(self, file: BinaryIO, grown: PackFile | None) -> None:
        self._file = file
        self._grown = grown
        self._ids: list[bytes] = []
        self._checks: list[int] = []
        self._made: dict[int, Link] = {}
        self._offsets: dict[bytes, int] = {}
        if grown is None:
            file.write(HEADER.pack(SIGNATURE, 2, 0))
        self._start = self._at = file.tell()

    @property
    def added(self) -> int:
        """Objects added so far."""
        return len(self._ids)

    @property
    def count(self) -> int:
        """Objects in the pack."""
        return self.added + (self._grown.index.count if self._grown else 0)

    @property
    def grown(self) -> PackFile | None:
        return self._grown

    def find(self, identifier: str) -> int | None:
        """Where an object of the pack begins."""
        binary = bytes.fromhex(identifier)
        offset = self._offsets.get(binary)
        if offset is None and self._grown is not None:
            offset = self._grown.index.find(binary)
        return offset

    def links(self, offset: int) -> Iterator[Link]:
        """The chain of deltas from an object of the pack to a whole one."""
        while (made := self._made.get(offset)) is not None:
            yield made
            if made.base is None:
                return
            offset = made.base
        assert self._grown is not None  # what is not new is there
        with self._grown.opened() as descriptor:
            for entry in self._grown.chain(descriptor, offset):
                if entry.base is None:
                    yield Link(offset=entry.offset, size=entry.size)
                else:
                    delta = self._grown.delta(descriptor, entry)
                    yield Link(
                        offset=entry.offset, size=delta.size, base=entry.base, edits=delta.edits
                    )

    # -- Adding -----------------------------------------------------------------------------

    def add_whole(self, identifier: str, kind: Kind, data: Data) -> int:
        """Add an object that is not there, with all its bytes; give where it begins."""
        link = Link(offset=self._at, size=len(data))
        head = entry_header(NUMBERS[kind], len(data))
        return self._add(identifier, link, head, compressed(data))

    def add_delta(self, identifier: str, base: Link, edits: tuple[Edit, ...]) -> int:
        """Add an object that is not there as edits of one that is."""
        delta = deltas.encoded(edits, base.size)
        size = base.size + sum(len(one.content) - one.end + one.start for one in edits)
        link = Link(offset=self._at, size=size, base=base.offset, edits=edits)
        head = entry_header(OFS_DELTA, len(delta), self._at - base.offset)
        return self._add(identifier, link, head, (zlib.compress(delta),))

    def add_copy(self, identifier: str, pack: PackFile, descriptor: int, entry: Entry) -> int:
        """Add a whole object by copying its entry. Raises `ValueError` for a damaged one."""
        stop = pack.index.after(entry.offset) or os.fstat(descriptor).st_size - 20
        link = Link(offset=self._at, size=entry.size)
        head = os.pread(descriptor, entry.start - entry.offset, entry.offset)
        offset = self._add(identifier, link, head, parts(descriptor, entry.start, stop))
        if self._checks[-1] != pack.index.id_at(entry.offset)[1]:
            self._take_back(identifier)
            raise ValueError("a damaged entry")
        return offset

    def _add(self, identifier: str, link: Link, head: bytes, body: Iterable[bytes]) -> int:
        check, at = zlib.crc32(head), self._at + len(head)
        try:
            with storage.translated():
                self._file.write(head)
                for part in body:
                    self._file.write(part)
                    at += len(part)
                    check = zlib.crc32(part, check)
        except ValueError:
            self._cut(self._at)
            raise
        self._at = at
        binary = bytes.fromhex(identifier)
        self._ids.append(binary)
        self._checks.append(check)
        self._made[link.offset] = link
        self._offsets[binary] = link.offset
        return link.offset

    def _take_back(self, identifier: str) -> None:
        """Remove what was added last."""
        self._checks.pop()
        self._at = self._offsets.pop(self._ids.pop())
        del self._made[self._at]
        self._cut(self._at)

    def _cut(self, at: int) -> None:
        self._file.seek(at)
        self._file.truncate()

    # -- Finishing --------------------------------------------------------------------------

    def finish(self, prefix: hashlib._Hash | None = None) -> tuple[str, bytes]:
        """Write header and checksum and make all durable; give the pack's name and its index.

        `prefix` is a digest of the header with the final count and of what there was before.
        """
        self._file.flush()
        descriptor = self._file.fileno()
        os.pwrite(descriptor, HEADER.pack(SIGNATURE, 2, self.count), 0)
        digest = prefix or digest_of(descriptor, self.count, self._start)
        for part in parts(descriptor, self._start, self._at):
            digest.update(part)
        trailer = digest.digest()
        os.pwrite(descriptor, trailer, self._at)
        os.fchmod(descriptor, 0o444)
        os.fsync(descriptor)
        return trailer.hex(), self._index(trailer)

    def _index(self, trailer: bytes) -> bytes:
        order = sorted(range(self.added), key=self._ids.__getitem__)
        ids = np.array([self._ids[one] for one in order], "S20")
        checks = np.array([self._checks[one] for one in order], np.int64)
        offsets = np.array([self._offsets[self._ids[one]] for one in order], np.int64)
        if self._grown is not None:
            index = self._grown.index
            places = np.searchsorted(index.ids, ids)
            ids = np.insert(index.ids, places, ids)
            checks = np.insert(index.checks, places, checks)
            offsets = np.insert(index.offsets, places, offsets)
        return index_bytes(ids, checks, offsets, trailer=trailer)


def digest_of(descriptor: int, count: int, stop: int) -> hashlib._Hash:
    """The checksum so far of a pack of `count` objects, up to `stop`."""
    digest = hashlib.sha1(HEADER.pack(SIGNATURE, 2, count), usedforsecurity=False)
    for part in parts(descriptor, HEADER.size, stop):
        digest.update(part)
    return digest


def parts(descriptor: int, start: int, stop: int) -> Iterator[bytes]:
    """The bytes of a file from `start` to `stop`. Raises `ValueError` when there are less."""
    while start < stop:
        part = os.pread(descriptor, min(CHUNK, stop - start), start)
        if not part:
            raise ValueError("a pack that was cut")
        start += len(part)
        yield part


def compressed(data: Data) -> Iterator[bytes]:
    """The bytes of an entry.

    Level 1 takes a sixth of the time of git's default for a quarter more bytes; a small file is
    worth the time, since each append to its pack reads them all for the checksum.
    """
    compressor = zlib.compressobj(6 if len(data) <= SMALL else 1)
    with memoryview(data) as view:
        for start in range(0, len(view), CHUNK):
            yield compressor.compress(view[start : start + CHUNK])
    yield compressor.flush()


def is_longer(edits: Sequence[Edit], limit: int) -> bool:
    """Whether edits write more than so many bytes."""
    return sum(len(one.content) + 16 for one in edits) > limit

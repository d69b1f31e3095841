"""The pack format of git: the entries of a pack, read, and the heads of entries, written.

Files are opened for one question and closed again, so that nothing here keeps a pack that is
gone. What is read of a pack is never trusted: whoever asks checks the id, or asks git.
"""

from __future__ import annotations

import mmap
import os
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from retouche.core.edited import Edit
from retouche.forges.chains import LARGEST, Chains
from retouche.forges.deltas import Delta, Piece, composed, decoded, exchanged, layered
from retouche.forges.objects import Kind
from retouche.forges.packindex import Index

HEADER = struct.Struct(">4sII")
SIGNATURE = b"PACK"
TRAILER = 20
KINDS: dict[int, Kind] = {1: "commit", 2: "tree", 3: "blob"}
NUMBERS = {kind: number for number, kind in KINDS.items()}
OFS_DELTA, REF_DELTA = 6, 7
DEEPEST = 5_000
"""Longest chain of deltas that is followed; git's own limit is 4,095."""
LARGEST_DELTA = 1 << 20
SHORT = 4096
"""Most bytes that an edit puts in, where no more than a part of a version is read."""
_GUESS = 4096
_BIG = 1 << 20


@dataclass(frozen=True, slots=True)
class Entry:
    """An object in a pack: `size` is that of its own bytes (of the delta, when it is one)."""

    offset: int
    type: int
    size: int
    start: int
    base: int | None

    @property
    def is_delta(self) -> bool:
        return self.base is not None


def entry_header(number: int, size: int, back: int = 0) -> bytes:
    """The head of an entry; `back` is how far before it the base of a delta begins."""
    out = bytearray([number << 4 | size & 15])
    size >>= 4
    while size:
        out[-1] |= 0x80
        out.append(size & 0x7F)
        size >>= 7
    if number == OFS_DELTA:
        tail = [back & 0x7F]
        while back := back >> 7:
            back -= 1
            tail.append(back & 0x7F | 0x80)
        out += bytes(reversed(tail))
    return bytes(out)


class PackFile:
    """A pack with its index. What is broken raises one of `BROKEN`."""

    def __init__(self, path: Path, index: Index, chains: Chains | None = None) -> None:
        """`chains` remembers what is read, for other packs as well."""
        self.path = path
        self.name = path.stem.removeprefix("pack-")
        self.index = index
        self._chains = chains or Chains()

    @contextmanager
    def opened(self) -> Iterator[int]:
        """A descriptor to read from. Raises `FileNotFoundError` when the pack is gone."""
        descriptor = os.open(self.path, os.O_RDONLY)
        try:
            yield descriptor
        finally:
            os.close(descriptor)

    def entry(self, descriptor: int, offset: int) -> Entry:
        head = os.pread(descriptor, 64, offset)
        number, size, at, shift = head[0] >> 4 & 7, head[0] & 15, 1, 4
        while head[at - 1] & 0x80:
            size |= (head[at] & 0x7F) << shift
            at, shift = at + 1, shift + 7
        base: int | None = None
        if number == OFS_DELTA:
            back = head[at] & 0x7F
            while head[at] & 0x80:
                at += 1
                back = (back + 1) << 7 | head[at] & 0x7F
            at, base = at + 1, offset - back
        elif number == REF_DELTA:
            base = self.index.find(head[at : at + 20])
            at += 20
            if base is None:
                raise ValueError("a delta without its base")
        elif number not in KINDS:
            raise ValueError("not an entry that is read here")
        return Entry(offset, number, size, offset + at, base)

    def chain(self, descriptor: int, offset: int) -> list[Entry]:
        """The entry at an offset, the one that it is a delta of, and so on to a whole one."""
        found = [self.entry(descriptor, offset)]
        while (base := found[-1].base) is not None:
            found.append(self.entry(descriptor, base))
            if len(found) > DEEPEST:
                raise ValueError("deltas without end")
        return found

    def payload(self, descriptor: int, entry: Entry) -> bytes:
        """The own bytes of an entry, inflated."""
        if entry.size > _BIG:
            return self._big_payload(descriptor, entry)
        stream, at, missing = zlib.decompressobj(), entry.start, entry.size
        parts: list[bytes] = []
        while not stream.eof and missing >= 0:
            compressed = os.pread(descriptor, missing + _GUESS, at)
            if not compressed:
                raise ValueError("a pack that was cut")
            at += len(compressed)
            parts.append(stream.decompress(compressed, missing + 1))
            missing -= len(parts[-1])
        if missing:
            raise ValueError("an entry of another size than it says")
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _big_payload(self, descriptor: int, entry: Entry) -> bytes:
        """The same, mapped and in one go: a big file is copied as little as can be."""
        size = os.fstat(descriptor).st_size
        stop = self.index.after(entry.offset) or size - TRAILER
        if not entry.start < stop < size:
            raise ValueError("a pack that was cut")
        with (
            mmap.mmap(descriptor, size, access=mmap.ACCESS_READ) as whole,
            memoryview(whole) as view,
            view[entry.start : stop] as compressed,
        ):
            data = zlib.decompress(compressed, bufsize=entry.size + _GUESS)
        if len(data) != entry.size:
            raise ValueError("an entry of another size than it says")
        return data

    def delta(self, descriptor: int, entry: Entry) -> Delta:
        if entry.size > LARGEST_DELTA:
            raise ValueError("a delta too long to be read here")
        return decoded(self.payload(descriptor, entry))

    def change(self, descriptor: int, entries: Sequence[Entry]) -> tuple[Edit, ...] | None:
        """What deltas, each of the next one's result, do to the base of the last of them.

        None when one of them does not copy forwards.
        """
        edits: tuple[Edit, ...] = ()
        for number, one in enumerate(entries):
            delta = self.delta(descriptor, one)
            own = delta.edits
            if own is None:
                return None
            edits = composed(own, edits, delta.base_size) if number else own
        return edits

    def kind(self, offset: int) -> Kind:
        with self.opened() as descriptor:
            return KINDS[self.chain(descriptor, offset)[-1].type]

    def read(self, offset: int) -> tuple[Kind, bytes]:
        """An object, from one pass over what is whole."""
        with self.opened() as descriptor:
            root, pieces = self._layout(descriptor, offset)
            is_delta = root.offset != offset
            data = self._whole(descriptor, root, keep=is_delta)
        return KINDS[root.type], _joined(data, pieces) if is_delta else data

    def exchange(self, old: int, new: int) -> Edit | None:
        """One short edit that makes an object of another, where their deltas tell it.

        None where it would take a big file to be inflated.
        """
        with self.opened() as descriptor:
            root, before = self._layout(descriptor, old)
            other, after = self._layout(descriptor, new)
            if root != other:
                return None
            start, end, pieces = exchanged(before, after)
            spans = [one for one in pieces if isinstance(one, tuple)]
            length = sum(len(one) for one in pieces if isinstance(one, bytes))
            length += sum(stop - first for first, stop in spans)
            if length > SHORT or (spans and root.size > LARGEST):
                return None
            data = self._whole(descriptor, root, keep=True) if spans else b""
            return Edit(start, end, _joined(data, pieces))

    def _layout(self, descriptor: int, offset: int) -> tuple[Entry, tuple[Piece, ...]]:
        """The whole object below an entry, and the pieces of it that the entry is made of."""
        above: list[Entry] = []
        known: tuple[Entry, tuple[Piece, ...]] | None = None
        entry = self.entry(descriptor, offset)
        while entry.base is not None:
            known = self._chains.layouts.get((self.name, entry.offset))
            if known is not None:
                break
            above.append(entry)
            if len(above) > DEEPEST:
                raise ValueError("deltas without end")
            entry = self.entry(descriptor, entry.base)
        root, pieces = known or (entry, ((0, entry.size),))
        for one in reversed(above):
            pieces = layered(pieces, self.delta(descriptor, one))
            self._chains.layouts.keep((self.name, one.offset), (root, pieces), len(pieces))
        return root, pieces

    def _whole(self, descriptor: int, entry: Entry, *, keep: bool) -> bytes:
        place = self.name, entry.offset
        data = self._chains.wholes.get(place)
        if data is None:
            data = self.payload(descriptor, entry)
            if keep:
                self._chains.wholes.keep(place, data, len(data))
        return data


def _joined(data: bytes, pieces: Iterable[Piece]) -> bytes:
    with memoryview(data) as view:
        return b"".join(one if isinstance(one, bytes) else view[one[0] : one[1]] for one in pieces)


BROKEN = (OSError, ValueError, IndexError, KeyError, zlib.error)

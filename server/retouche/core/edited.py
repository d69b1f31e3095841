"""A file as edits of another one: what a correction costs is then what it changes.

Its bytes are those of the base but for the edits, and are put together only where they must be.
"""

from __future__ import annotations

import hashlib
import mmap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

Data: TypeAlias = bytes | mmap.mmap
"""The bytes of a file, in memory or mapped: both are sliced, measured and viewed alike."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Put `content` in the place of `data[start:end]`."""

    start: int
    end: int
    content: bytes


@dataclass(frozen=True)
class Edited:
    """`base` with `edits`, which are in order and do not overlap. `base_id` is its git blob id."""

    base: Data
    base_id: str
    edits: tuple[Edit, ...]

    def __len__(self) -> int:
        return len(self.base) + sum(len(one.content) - one.end + one.start for one in self.edits)

    def pieces(self) -> Iterator[memoryview]:
        """The bytes in order, without a copy; let go of them before the base is closed."""
        return pieces(self.base, self.edits)

    def __bytes__(self) -> bytes:
        return b"".join(self.pieces())

    @cached_property
    def id(self) -> str:
        """The git blob id: the SHA-1 of a header with the size, and of the bytes."""
        if not self.edits:
            return self.base_id
        digest = hashlib.sha1(f"blob {len(self)}\0".encode(), usedforsecurity=False)
        for piece in self.pieces():
            digest.update(piece)
        return digest.hexdigest()


def pieces(data: Data, edits: Iterable[Edit]) -> Iterator[memoryview]:
    """The bytes of a file after edits that are in order and do not overlap, without a copy."""
    view, done = memoryview(data), 0
    for edit in edits:
        if edit.start > done:
            yield view[done : edit.start]
        if edit.content:
            yield memoryview(edit.content)
        done = edit.end
    if done < len(view):
        yield view[done:]

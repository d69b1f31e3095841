"""The packs of a repository as they lie in their folder, looked into without asking git.

For questions that are asked all the time and cost git a process or a look through the folder.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from retouche.core.edited import Edit
from retouche.forges import deltas
from retouche.forges.chains import Chains
from retouche.forges.objects import Kind, object_id
from retouche.forges.packfile import BROKEN, PackFile
from retouche.forges.packindex import Index

_FRESH = 20_000_000
"""Nanoseconds within which a folder may change twice and look as if it had changed once."""

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class _Listing:
    stamp: tuple[int, int]
    packs: tuple[PackFile, ...]
    is_settled: bool
    is_whole: bool


class PackFolder:
    """`objects/pack` of one repository. Safe for threads, and across fork."""

    def __init__(self, objects: Path) -> None:
        self.path = objects / "pack"
        self._listing = _Listing((0, 0), (), False, False)
        self._known: dict[tuple[str, int, int], PackFile] = {}
        self._chains = Chains()

    def packs(self) -> tuple[PackFile, ...]:
        """What is there now, newest first."""
        return self._current().packs

    def is_certain(self) -> bool:
        """Whether an object that is in none of the packs is in none that git sees."""
        listing = self._current()
        return listing.is_settled and listing.is_whole

    def find(self, identifier: str) -> tuple[PackFile, int] | None:
        """A pack that has an object, and where in it."""
        return next(self.holding(identifier), None)

    def paths(self, identifiers: Iterable[str]) -> dict[str, str]:
        """The packs of those objects that are packed; the folder is looked at once."""
        packs = self.packs()
        found: dict[str, str] = {}
        for identifier in identifiers:
            binary = bytes.fromhex(identifier)
            holding = (one for one in packs if one.index.place(binary) is not None)
            if pack := next(holding, None):
                found[identifier] = str(pack.path)
        return found

    def kind(self, identifier: str) -> Kind | None:
        """What a packed object is; None when none of the packs can tell."""
        for pack, offset in self.holding(identifier):
            with suppress(*BROKEN):
                return pack.kind(offset)
        return None

    def read(self, identifier: str) -> tuple[Kind, bytes] | None:
        """A packed object when it is sound and can be read here; else None."""
        for pack, offset in self.holding(identifier):
            with suppress(*BROKEN):
                found = pack.read(offset)
                if object_id(*found) == identifier:
                    return found
        return None

    def edits(self, old: str, new: str) -> tuple[Edit, ...] | None:
        """The edits that make one blob of another, when deltas tell; no big file is inflated."""
        if old == new:
            return ()
        for pack, offset in self.holding(new):
            start = pack.index.find(bytes.fromhex(old))
            if start is not None:
                with suppress(*BROKEN):
                    edit = pack.exchange(start, offset)
                    found = _edits(pack, start, offset) if edit is None else (edit,)
                    if found is not None:
                        return found
        return None

    def holding(self, identifier: str) -> Iterator[tuple[PackFile, int]]:
        """The packs that have an object, and where in each."""
        binary = bytes.fromhex(identifier)
        for pack in self.packs():
            offset = pack.index.find(binary)
            if offset is not None:
                yield pack, offset

    def _current(self) -> _Listing:
        for _ in range(_ATTEMPTS):
            try:
                found = self.path.stat()
            except FileNotFoundError:
                return _Listing((0, 0), (), False, False)
            stamp, listing = (found.st_ino, found.st_mtime_ns), self._listing
            if listing.stamp == stamp and listing.is_settled:
                break
            is_settled = time.time_ns() - found.st_mtime_ns > _FRESH
            packs, is_whole = self._listed()
            self._listing = listing = _Listing(stamp, packs, is_settled, is_whole)
            if self.path.stat().st_mtime_ns == found.st_mtime_ns:
                break  # else names may have come and gone while they were listed
        return listing

    def _listed(self) -> tuple[tuple[PackFile, ...], bool]:
        known: dict[tuple[str, int, int], PackFile] = {}
        ages: dict[str, int] = {}
        is_whole = not (self.path.parent / "info" / "alternates").exists()
        with os.scandir(self.path) as entries:
            found = {one.name: one for one in entries if one.name.startswith("pack-")}
        for name, entry in found.items():
            stem, extension = os.path.splitext(name)
            if extension != ".idx" or f"{stem}.pack" not in found:
                continue
            try:
                status = entry.stat()
                key = (name, status.st_ino, status.st_mtime_ns)
                pack = self._known.get(key)
                if pack is None:
                    path = self.path / f"{stem}.pack"
                    pack = PackFile(path, Index(self.path / name), self._chains)
                known[key], ages[pack.name] = pack, status.st_mtime_ns
            except FileNotFoundError:
                continue
            except (OSError, ValueError):  # git may read it all the same, or complain
                is_whole = False
        self._known = known
        packs = sorted(known.values(), key=lambda one: ages[one.name], reverse=True)
        return tuple(packs), is_whole


def _edits(pack: PackFile, old: int, new: int) -> tuple[Edit, ...] | None:
    with pack.opened() as descriptor:
        before, after = pack.chain(descriptor, old), pack.chain(descriptor, new)
        places = {one.offset: number for number, one in enumerate(before)}
        shared = next((n for n, one in enumerate(after) if one.offset in places), None)
        if shared is None:
            return None
        base = places[after[shared].offset]
        there = pack.change(descriptor, after[:shared])
        here = pack.change(descriptor, before[:base])
        if there is None or here is None:
            return None
        if not base:
            return there
        size = pack.delta(descriptor, before[base - 1]).base_size
        return deltas.difference(here, there, size)

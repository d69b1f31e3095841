"""Where new objects go: packs of ours that grow with each append and are sealed when long.

Small files share one; a big file has its own, so that an append never costs the bytes of others.
Appends are made under the repository's lock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from retouche.core.edited import Edited
from retouche.forges import bases, packing, storage
from retouche.forges.drafts import Fresh
from retouche.forges.objects import object_id
from retouche.forges.packfile import TRAILER, PackFile
from retouche.forges.packing import PackWriter
from retouche.forges.packs import PackFolder
from retouche.forges.twins import Mark, Twins

MOST = 4_096
"""Objects after which a pack is sealed: its index is written anew with each append."""
SHARED = 8_000_000
"""Size up to which a pack takes the files of others, in bytes."""
GATHERED = 64_000_000
"""Bytes of small files that are held in memory before they are written together."""
WORTH_A_THREAD = 8_000_000
"""Size of a file from which its pack's checksum is computed beside its own, in bytes."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """The checksum of a pack's present bytes, computed while the new objects still are."""

    name: str
    count: int
    digest: Future[hashlib._Hash]


class Rolling:
    """The growing packs of one repository."""

    def __init__(self, repository: Path, folder: PackFolder) -> None:
        self._folder = folder
        self._twins = Twins(repository)

    def append(self, objects: Sequence[Fresh], ahead: Ahead | None = None) -> None:
        """Write objects durably. The caller holds the repository's lock."""
        with storage.translated():
            mark, pack = self._place(objects)
            if pack is not None:
                objects = [one for one in objects if pack.index.find(bytes.fromhex(one.id)) is None]
            if not objects:
                return
            with self._twins.writing(mark) as file:
                writer = PackWriter(file, pack)
                for one in objects:
                    bases.add(writer, one, self._folder)
                name, index = writer.finish(_fitting_digest(ahead, pack, writer.count))
                self._twins.publish(name, index, replaces=mark)

    def take_in(self, files: Iterable[tuple[bytes, bytes]]) -> dict[bytes, str]:
        """Write the files of a new repository; give their ids by path. The lock is held.

        A big file gets a pack of its own at once; the others are gathered first.
        """
        found: dict[bytes, str] = {}
        small: list[Fresh] = []
        for path, data in files:
            found[path] = object_id("blob", data)
            if self._folder.find(found[path]) is not None:
                continue
            fresh = Fresh(found[path], "blob", data)
            if bases.cost(data, None) > SHARED // 2:
                self.append([fresh])
            else:
                small.append(fresh)
                if sum(len(one.content) for one in small) > GATHERED:
                    self.append(small)
                    small = []
        if small:
            self.append(small)
        return found

    def ahead(self, files: Mapping[str, bytes | Edited]) -> Ahead | None:
        """Begin to prepare the append of a commit of files; without the lock, so only a guess."""
        edited = [one for one in files.values() if isinstance(one, Edited)]
        if all(len(one.base) < WORTH_A_THREAD for one in edited):
            return None
        try:
            pack = self._fitting(self._twins.marks(), edited)
        except OSError:  # another process has just replaced it
            return None
        if pack is None:
            return None
        total = pack.index.count + _most_objects(files)
        digest: Future[hashlib._Hash] = Future()
        Thread(target=_fulfil, args=(digest, lambda: _prefix(pack, total)), daemon=True).start()
        return Ahead(pack.name, total, digest)

    def seal(self) -> None:
        """Let all packs be ordinary ones. The caller holds the repository's lock."""
        with storage.translated():
            for one in self._twins.settle():
                self._twins.seal(one)
            self._twins.release()

    def _place(self, objects: Sequence[Fresh]) -> tuple[Mark | None, PackFile | None]:
        """The pack to append to, and its mark; nothing for a new one."""
        marks = self._twins.settle()
        pack = self._fitting(marks, [one.content for one in objects])
        mark = next((one for one in marks if pack and one.name == pack.name), None)
        if mark is None or pack is None:
            return None, None
        if pack.index.count + len(objects) > MOST:
            self._twins.seal(mark)
            return None, None
        return mark, pack

    def _fitting(
        self, marks: Sequence[Mark], contents: Sequence[bytes | Edited]
    ) -> PackFile | None:
        """The growing pack that has the biggest base; else the smallest, if it stays small."""
        packs = {one.name: one for one in self._folder.packs()}
        growing = [packs[one.name] for one in marks if one.name in packs]
        edited = [one for one in contents if isinstance(one, Edited)]
        if edited:
            base = bytes.fromhex(max(edited, key=lambda one: len(one.base)).base_id)
            for pack in growing:
                if pack.index.find(base) is not None:
                    return pack
        sizes = {pack: pack.path.stat().st_size for pack in growing}
        smallest = min(growing, key=sizes.__getitem__, default=None)
        if smallest is None:
            return None
        needed = sum(bases.cost(one, smallest) for one in contents)
        return smallest if sizes[smallest] + needed <= SHARED else None


def _most_objects(files: Iterable[str]) -> int:
    """How many objects a commit of some files has when all are new."""
    paths = [path.split("/") for path in files]
    folders = {tuple(path[:depth]) for path in paths for depth in range(len(path))}
    return len(paths) + len(folders) + 1


def _prefix(pack: PackFile, count: int) -> hashlib._Hash:
    with pack.opened() as descriptor:
        stop = pack.path.stat().st_size - TRAILER
        return packing.digest_of(descriptor, count, stop)


def _fitting_digest(ahead: Ahead | None, pack: PackFile | None, count: int) -> hashlib._Hash | None:
    """What was computed ahead, when it was of this pack and guessed the count."""
    if ahead is None or pack is None or (ahead.name, ahead.count) != (pack.name, count):
        return None
    return ahead.digest.result()


def _fulfil(future: Future[hashlib._Hash], work: Callable[[], hashlib._Hash]) -> None:
    try:
        future.set_result(work())
    except BaseException as error:
        future.set_exception(error)

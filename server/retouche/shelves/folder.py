"""The cabinet in a folder: files by their blob id, and the parts of each version in a drawer.

All of it is derived and may be thrown away at any time. What cannot be kept, is damaged or is
another's is no failure: whoever asks makes it again.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import TypeVar

import structlog

from retouche.core.edited import Data, Edited
from retouche.core.parts import Part
from retouche.shelves import form
from retouche.shelves.latches import Latches
from retouche.shelves.sweeping import sweep

LOG = structlog.get_logger()
Kept = TypeVar("Kept", Part, Data)
PAUSE = 30.0
"""Seconds for which nothing is written after the disk refused."""
USED = 60.0
"""Seconds for which a use is not written down again."""
SHARE = 16
"""Of the capacity, the part that may be written before old things are looked for again."""
RESERVE = 100_000_000
"""Bytes of the disk that are left to what cannot be made again."""
MOST_KNOWN = 100_000


class FolderCabinet:
    """`ports.Cabinet` in a folder that many processes share."""

    def __init__(self, folder: Path, *, capacity: int) -> None:
        self.folder = folder
        self.capacity = capacity
        self._builders = Latches(folder / "locks", "parts")
        self._makers = Latches(folder / "locks", "file")
        self._sound: dict[tuple[int, int], tuple[int, int]] = {}
        self._used: dict[str, float] = {}
        self._told: set[str] = set()
        self._paused = 0.0
        self._written = capacity  # so that the first file of a process looks for old ones

    def file(self, identifier: str) -> Data | None:
        path = self._file_path(identifier)

        def read(descriptor: int, sound: bool) -> Data:
            data = form.view(descriptor)
            if not sound and _blob_id(data) != identifier:
                raise form.Damaged
            return data

        return self._read(path, read)

    def keep_file(self, identifier: str, content: bytes | Edited) -> Data | None:
        base = self._file_path(content.base_id) if isinstance(content, Edited) else None

        def write(descriptor: int) -> int:
            if isinstance(content, bytes):
                form.write_all(descriptor, content)
            elif base is None or not self._copy(base, descriptor, content):
                for piece in content.pieces():
                    form.write_all(descriptor, piece)
            return len(content)

        path = self._file_path(identifier)
        return self.file(identifier) if self._write(path, write) else None

    def drawer(self, key: str) -> FolderDrawer:
        return FolderDrawer(self, key, self.folder / "parts" / key)

    def use(self, identifier: str, key: str) -> None:
        if self._is_due(identifier):
            path = self._file_path(identifier)
            with suppress(OSError):
                # The time of change stays: it tells whether a file was found sound before.
                os.utime(path, ns=(time.time_ns(), os.stat(path).st_mtime_ns))
        if self._is_due(key):
            with suppress(OSError):
                os.utime(self.folder / "parts" / key)

    def _is_due(self, name: str) -> bool:
        """Whether the use of a file or a drawer has not been written down lately."""
        now = time.monotonic()
        if now - self._used.get(name, -USED) < USED:
            return False
        if len(self._used) > MOST_KNOWN:
            self._used.clear()
        self._used[name] = now
        return True

    def read_part(self, path: Path, name: str) -> Part | None:
        return self._read(
            path,
            lambda descriptor, sound: form.read(descriptor, name, place=str(path), sound=sound),
        )

    def write_part(self, path: Path, name: str, part: Part) -> bool:
        """Keep a part, as another name of the same file where it is kept already."""
        if part.place is not None and self._link(Path(part.place), path):
            return True
        return self._write(path, lambda descriptor: form.write(descriptor, name, part))

    def making(self, identifier: str) -> AbstractContextManager[None]:
        return self._makers.hold(identifier)

    def building(self, key: str) -> AbstractContextManager[None]:
        return self._builders.hold(key)

    def _file_path(self, identifier: str) -> Path:
        return self.folder / "blobs" / identifier

    def _read(self, path: Path, read: Callable[[int, bool], Kept]) -> Kept | None:
        try:
            descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return None
        try:
            state = os.fstat(descriptor)
            found = read(descriptor, self._is_sound(state))
            self._note_sound(state)
            return found
        except OSError:  # too many mappings: whoever asks makes it in memory
            return None
        except (form.Damaged, ValueError, TypeError, KeyError, RecursionError):
            self._tell("cache_file_damaged", path)
            with suppress(OSError):
                path.unlink()
            return None
        finally:
            os.close(descriptor)

    def _write(self, path: Path, write: Callable[[int], int]) -> bool:
        """Make a file, whole or not at all. False where the disk refuses."""
        if time.monotonic() < self._paused or not self.capacity:
            return False
        made = self.folder / "making" / secrets.token_hex(16)
        try:
            for folder in (made.parent, path.parent):
                folder.mkdir(parents=True, exist_ok=True)
            _leave_room(path.parent)
            descriptor = os.open(made, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
            try:
                size = write(descriptor)
                state = os.fstat(descriptor)
            finally:
                os.close(descriptor)
            os.replace(made, path)
        except OSError as error:
            with suppress(OSError):
                made.unlink()
            self._paused = time.monotonic() + PAUSE
            self._tell("cache_not_written", path, error=error.strerror or type(error).__name__)
            return False
        self._note_sound(state)
        self._make_room(size)
        return True

    def _copy(self, base: Path, descriptor: int, content: Edited) -> bool:
        """Make the edited file from the file of its base, inside the system. False if it cannot."""
        try:
            source = os.open(base, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            # What lies there now may be another file than the one that was read.
            if not self._is_sound(os.fstat(source)):
                return False
            _copy_edited(source, descriptor, content)
            return True
        except OSError:
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
            return False
        finally:
            os.close(source)

    def _is_sound(self, state: os.stat_result) -> bool:
        """Whether a file is one that this process wrote, or found whole."""
        content = state.st_mtime_ns, state.st_size
        return self._sound.get((state.st_dev, state.st_ino)) == content

    def _note_sound(self, state: os.stat_result) -> None:
        if len(self._sound) > MOST_KNOWN:
            self._sound.clear()
        self._sound[state.st_dev, state.st_ino] = (state.st_mtime_ns, state.st_size)

    def _link(self, source: Path, path: Path) -> bool:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.link(source, path)
        except FileExistsError:
            return True
        except OSError:  # thrown away meanwhile, or it has too many names
            return False
        return True

    def _make_room(self, size: int) -> None:
        self._written += size
        if self._written * SHARE >= self.capacity:
            self._written = 0
            sweep(self.folder, self.capacity)

    def _tell(self, event: str, path: Path, **values: str) -> None:
        """Log once for each file."""
        name = str(path.relative_to(self.folder))
        if name not in self._told and len(self._told) < MOST_KNOWN:
            self._told.add(name)
            LOG.warning(event, file=name, **values)


class FolderDrawer:
    """`parts.Drawer` in a folder of the cabinet."""

    def __init__(self, cabinet: FolderCabinet, key: str, folder: Path) -> None:
        self._cabinet = cabinet
        self._key = key
        self._folder = folder

    def get(self, name: str, /) -> Part | None:
        return self._cabinet.read_part(self._folder / name, name)

    def keep(self, name: str, part: Part, /) -> Part:
        path = self._folder / name
        if not self._cabinet.write_part(path, name, part):
            return part
        return self._cabinet.read_part(path, name) or part

    def alone(self) -> AbstractContextManager[None]:
        return self._cabinet.building(self._key)


def _leave_room(folder: Path) -> None:
    """Raises `OSError` where the disk is as good as full."""
    disk = os.statvfs(folder)
    if disk.f_bavail * disk.f_frsize < RESERVE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _blob_id(data: Data) -> str:
    digest = hashlib.sha1(f"blob {len(data)}\0".encode(), usedforsecurity=False)
    with memoryview(data) as whole:
        digest.update(whole)
    return digest.hexdigest()


def _copy_edited(source: int, target: int, content: Edited) -> None:
    """Write an edited file from the open file of its base. Raises `OSError`."""
    done = 0
    for edit in content.edits:
        _copy_range(source, target, done, edit.start)
        form.write_all(target, edit.content)
        done = edit.end
    _copy_range(source, target, done, len(content.base))


def _copy_range(source: int, target: int, start: int, end: int) -> None:
    while start < end:
        copied = os.copy_file_range(source, target, end - start, offset_src=start)
        if not copied:
            raise OSError
        start += copied

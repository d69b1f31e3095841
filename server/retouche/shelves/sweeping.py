"""Room in the cabinet: what was used least recently goes first, and what killed processes left.

Removing a file that others have mapped is harmless: it is theirs until they let go of it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FORGOTTEN = 3600.0
"""Seconds after which nobody is still writing a file that is being made."""
BLOCK = 512

Inode = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Kept:
    """A file or a drawer, when it was last used, and the files that it names with their sizes."""

    path: Path
    used: float
    files: tuple[tuple[Inode, int], ...]


def sweep(folder: Path, capacity: int) -> None:
    """Remove the oldest until the rest fits; whoever comes while another sweeps leaves it to it."""
    with suppress(OSError):
        descriptor = os.open(folder / "sweep.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _sweep_made(folder / "making")
            _sweep_kept(folder, capacity)
        finally:
            os.close(descriptor)


def size_of(folder: Path) -> int:
    """Bytes on disk of all that is kept, each file counted once."""
    return sum(dict(file for one in _kept(folder) for file in one.files).values())


def _sweep_made(folder: Path) -> None:
    before = time.time() - FORGOTTEN
    for one in _entries(folder):
        with suppress(OSError):
            if one.stat().st_mtime < before:
                os.unlink(one.path)


def _sweep_kept(folder: Path, capacity: int) -> None:
    kept = sorted(_kept(folder), key=lambda one: one.used)
    # A file that several drawers name takes room until the last of them is gone.
    names = Counter(inode for one in kept for inode, _ in one.files)
    size = sum(dict(file for one in kept for file in one.files).values())
    for one in kept:
        if size <= capacity:
            return
        if one.path.is_dir():
            shutil.rmtree(one.path, ignore_errors=True)
        else:
            with suppress(OSError):
                one.path.unlink()
        for inode, taken in one.files:
            names[inode] -= 1
            size -= 0 if names[inode] else taken


def _kept(folder: Path) -> Iterator[Kept]:
    for file in _entries(folder / "blobs"):
        with suppress(OSError):
            state = file.stat()
            yield Kept(Path(file.path), state.st_atime, (_file(state),))
    for drawer in _entries(folder / "parts"):
        with suppress(OSError):
            files = tuple(_file(one.stat()) for one in _entries(Path(drawer.path)))
            # Looking into a folder counts as access, so here the time of change tells the use.
            yield Kept(Path(drawer.path), drawer.stat().st_mtime, files)


def _file(state: os.stat_result) -> tuple[Inode, int]:
    return (state.st_dev, state.st_ino), state.st_blocks * BLOCK


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    with suppress(OSError), os.scandir(folder) as found:
        yield from found

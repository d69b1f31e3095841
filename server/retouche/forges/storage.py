"""The files of a bare repository: objects written durably, refs read, leftovers of kills swept.

Writes as git does (temporary file, fsync, rename) and then also makes the rename durable.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from retouche.core.errors import ForgeUnavailable, RetoucheError, StorageFull
from retouche.forges.refs import COMMIT

LOCK_AGE = 2.0
"""Seconds after which a git lock is stale for whoever holds the repository's own lock."""
TEMPORARY_AGE = 600.0
"""Seconds after which an object still being written was abandoned; writers take no lock."""
SET_ASIDE = "retouche-broken"
_TEMPORARY = ("tmp_", ".tmp-")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NUMBERS = re.compile(rb" refs/merge-requests/(\d{1,10})/head$", re.M)


@dataclass(slots=True)
class Swept:
    """What a sweep did, as paths inside the repository; `restored` maps refs to commits."""

    locks: list[str] = field(default_factory=list)
    temporary: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    restored: dict[str, str] = field(default_factory=dict)


def unavailable(error: OSError) -> RetoucheError:
    """Our word for an error of the file system."""
    return StorageFull() if error.errno in _FULL else ForgeUnavailable()


@contextmanager
def translated() -> Iterator[None]:
    """Raise `StorageFull` or `ForgeUnavailable` for errors of the file system."""
    try:
        yield
    except OSError as error:
        raise unavailable(error) from error


def loose_path(objects: str, identifier: str) -> str:
    return f"{objects}/{identifier[:2]}/{identifier[2:]}"


def refresh(path: str) -> bool:
    """Give a file the time of now, if it is there and holds something: git keeps young ones."""
    with translated():
        if not _size(path):
            return False
        try:
            os.utime(path)
        except (FileNotFoundError, PermissionError):  # another user's: a copy of ours is written
            return False
        return True


def has_loose(objects: str, identifier: str) -> bool:
    return bool(_size(loose_path(objects, identifier)))


def has_trace(objects: str, identifier: str) -> bool:
    """Whether there is a loose object, even an empty one."""
    return _size(loose_path(objects, identifier)) is not None


def sync_folder(folder: str | Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_ref(repository: Path, name: str) -> str | None:
    """The commit id of a ref, loose or packed; None when it is absent or broken.

    Loose before packed: git removes a loose ref only after writing the packed one.
    """
    with translated():
        with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
            text = (repository / name).read_bytes().strip().decode("ascii", "replace")
            return text if COMMIT.fullmatch(text) else None
        with suppress(FileNotFoundError):
            packed = (repository / "packed-refs").read_bytes()
            at = packed.find(f" {name}\n".encode())
            text = packed[max(0, at - 40) : max(0, at)].decode("ascii", "replace")
            return text if COMMIT.fullmatch(text) else None
    return None


def merge_request_numbers(repository: Path) -> set[int]:
    """All numbers ever given that still have a ref, broken or not."""
    numbers: set[int] = set()
    with translated():
        with suppress(FileNotFoundError):
            names = os.listdir(repository / "refs" / "merge-requests")
            numbers.update(int(one) for one in names if one.isascii() and one.isdigit())
        with suppress(FileNotFoundError):
            packed = (repository / "packed-refs").read_bytes()
            numbers.update(map(int, _NUMBERS.findall(packed)))
    return numbers


def sweep(repository: Path, *, logged: Iterable[str], exists: Callable[[str], bool]) -> Swept:
    """Remove what killed processes left behind. The caller holds the repository's lock.

    `logged` are refs with a log: one of them that a power cut emptied is to get back its last
    value that `exists`, and is left alone without one, since a published branch must never
    vanish or silently fall back to an older commit.
    """
    done = Swept()
    with translated():
        sweep_locks(repository, done)
        objects = repository / "objects"
        for path in (*objects.glob("??/tmp_obj_*"), *objects.glob("pack/*tmp*")):
            if path.name.startswith(_TEMPORARY) and _age(path) > TEMPORARY_AGE:
                path.unlink(missing_ok=True)
                done.temporary.append(str(path.relative_to(repository)))
        for path in [*_empty(repository / "refs"), *_empty(repository / "objects")]:
            name = str(path.relative_to(repository))
            if name in logged:
                last = _last_logged(repository, name, exists)
                if last is None:
                    continue
                done.restored[name] = last
            set_aside(repository, name)
            done.broken.append(name)
    return done


def sweep_locks(repository: Path, done: Swept) -> None:
    """Remove git's stale lock files. The caller holds the repository's lock."""
    places = [repository / name for name in ("packed-refs.lock", "packed-refs.new", "HEAD.lock")]
    for path in (*places, *(repository / "refs").rglob("*.lock")):
        if path.is_file() and _age(path) > LOCK_AGE:
            path.unlink(missing_ok=True)
            done.locks.append(str(path.relative_to(repository)))


def set_aside(repository: Path, name: str) -> None:
    """Move a broken file out of git's sight, to be made anew; nothing is destroyed."""
    folder = repository / SET_ASIDE
    folder.mkdir(exist_ok=True)
    os.replace(repository / name, folder / f"{time.time_ns()}-{name.replace('/', '-')}")


def is_ref_taken(repository: Path, name: str) -> bool:
    """Whether a ref exists in any shape, even broken."""
    return (repository / name).exists() or read_ref(repository, name) is not None


def is_broken_ref(repository: Path, name: str) -> bool:
    """A loose ref that holds nothing, as a power cut can leave it."""
    with translated():
        return _size(repository / name) == 0


def _size(path: str | Path) -> int | None:
    try:
        found = os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def _age(path: Path) -> float:
    """How far a file's time is from now, either way: a clock may have jumped."""
    try:
        return abs(time.time() - path.stat().st_mtime)
    except FileNotFoundError:
        return 0.0


def _empty(folder: Path) -> list[Path]:
    """Files without bytes, but for those that are being written."""
    return [
        Path(above, name)
        for above, _, names in os.walk(folder)
        for name in names
        if not name.startswith(_TEMPORARY) and not name.endswith((".lock", ".keep"))
        if _size(f"{above}/{name}") == 0
    ]


def _last_logged(repository: Path, name: str, exists: Callable[[str], bool]) -> str | None:
    """The newest value in a ref's log whose commit is stored."""
    with suppress(FileNotFoundError):
        for line in reversed((repository / "logs" / name).read_bytes().splitlines()):
            new = line[41:81].decode("ascii", "replace")
            if COMMIT.fullmatch(new) and exists(new):
                return new
    return None

"""The file of a backup: a tar with a list of what is in it, each with its length and checksum.

Written whole or not at all, for its owner alone; read only after every byte was checked.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, BinaryIO

from retouche.forges.storage import sync_folder

MANIFEST, SEAL = "manifest.json", "manifest.sha256"
PRODUCT = "retouche"
FORM = 1
"""Of the file; another one is not read."""
LONGEST_MANIFEST = 4_000_000
CHUNK = 1 << 18
Step = Callable[[int, int], None]


class BadBackup(Exception):
    """A backup cannot be made, read or put back; `reason` names the sentence that says why."""

    def __init__(self, reason: str, /, **values: object) -> None:
        super().__init__(reason)
        self.reason = reason
        self.values = values


class Damaged(BadBackup):
    """A backup that is not whole; `names` are the parts that are not as they were written."""

    def __init__(self, path: Path, names: list[str]) -> None:
        super().__init__("backup_damaged", path=path, names=", ".join(names[:20]))
        self.names = names


class Writer:
    """Adds members of any length to a tar without knowing their length before."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.members: dict[str, dict[str, Any]] = {}

    @contextmanager
    def member(self, name: str) -> Iterator[Callable[[bytes], object]]:
        """What is written inside is the content of a member."""
        file, digest, size = self._file, hashlib.sha256(), 0
        place = file.tell()
        file.write(_head(name, 0))

        def write(part: bytes) -> None:
            nonlocal size
            digest.update(part)
            size += len(part)
            file.write(part)

        yield write
        file.write(bytes(-size % tarfile.BLOCKSIZE))
        end = file.tell()
        file.seek(place)
        file.write(_head(name, size))
        file.seek(end)
        self.members[name] = {"size": size, "sha256": digest.hexdigest()}

    def add(self, name: str, content: bytes) -> None:
        with self.member(name) as write:
            write(content)

    def finish(self, about: Mapping[str, Any]) -> None:
        """Write the list of what is in it, and its own checksum, and the end."""
        listed = {"product": PRODUCT, "form": FORM, **about, "members": dict(self.members)}
        manifest = json.dumps(listed, indent=1, ensure_ascii=False).encode()
        self.add(MANIFEST, manifest)
        self.add(SEAL, hashlib.sha256(manifest).hexdigest().encode())
        self._file.write(bytes(tarfile.RECORDSIZE - self._file.tell() % tarfile.RECORDSIZE))


def _head(name: str, size: int) -> bytes:
    about = tarfile.TarInfo(name)
    about.size, about.mode = size, 0o600
    # One block, whatever the length: names are ours and short.
    return about.tobuf(tarfile.GNU_FORMAT)


@contextmanager
def written(path: Path) -> Iterator[Writer]:
    """A backup that is there under its name once it is whole and on the disk.

    Raises `BadBackup` when the file exists, or another process is writing it.
    """
    part = path.with_name(f".{path.name}.part")
    if path.exists():
        raise BadBackup("backup_exists", path=path)
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadBackup("backup_running", path=path) from None
        os.fchmod(file.fileno(), 0o600)
        file.truncate()  # what a killed one left
        try:
            yield Writer(file)
            file.flush()
            os.fsync(file.fileno())
            os.link(part, path)
        finally:
            part.unlink(missing_ok=True)
    sync_folder(path.parent)


@contextmanager
def alone_in(folder: Path, reason: str, path: Path) -> Iterator[None]:
    """Hold a folder that is there, one process at a time. Raises `BadBackup` with a reason."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadBackup(reason, path=path) from None
        yield
    finally:
        os.close(descriptor)


class Reader:
    """A backup whose every byte is as it was written."""

    def __init__(self, path: Path, archive: tarfile.TarFile, manifest: Mapping[str, Any]) -> None:
        self.path = path
        self._archive = archive
        self.manifest = manifest

    def names(self, under: str) -> list[str]:
        """The members of a folder."""
        return sorted(one for one in self.manifest["members"] if one.startswith(f"{under}/"))

    def has(self, name: str) -> bool:
        return name in self.manifest["members"]

    def opened(self, name: str) -> IO[bytes]:
        """The content of a member. Raises `Damaged` for one that was not checked."""
        found = self._archive.extractfile(name) if self.has(name) or name == SEAL else None
        if found is None:
            raise Damaged(self.path, [name])
        return found


@contextmanager
def checked(path: Path, step: Step = lambda done, total: None) -> Iterator[Reader]:
    """Open a backup, once all that it lists is there and unharmed.

    Raises `Damaged`, and `BadBackup` for a file of another kind or form.
    """
    try:
        archive = tarfile.open(path, "r:")  # noqa: SIM115 - closed below
    except tarfile.TarError:
        raise BadBackup("not_a_backup", path=path) from None
    with archive:
        manifest = _manifest(archive, path)
        total = sum(one["size"] for one in manifest["members"].values())
        damaged, done = [], 0
        for name, known in manifest["members"].items():
            if not _is_whole(archive, name, known):
                damaged.append(name)
            done += known["size"]
            step(done, total)
        if damaged:
            raise Damaged(path, damaged)
        yield Reader(path, archive, manifest)


def _manifest(archive: tarfile.TarFile, path: Path) -> dict[str, Any]:
    """The list at the end of the file: one that was cut has none."""
    try:
        data, seal = _read(archive, MANIFEST), _read(archive, SEAL)
        if hashlib.sha256(data).hexdigest().encode() != seal:
            raise Damaged(path, [MANIFEST])
        manifest = json.loads(data)
    except (ValueError, KeyError, RecursionError, tarfile.TarError, OSError, EOFError):
        raise Damaged(path, [MANIFEST]) from None
    # The seal agrees: no accident changed it. It does not tell who made it.
    if not isinstance(manifest, dict) or manifest.get("product") != PRODUCT:
        raise BadBackup("not_a_backup", path=path)
    if manifest.get("form") != FORM:
        raise BadBackup("backup_form", path=path, found=str(manifest.get("form"))[:40])
    if not is_ours(manifest):
        raise BadBackup("not_a_backup", path=path)
    return manifest


def is_ours(manifest: Mapping[str, Any]) -> bool:
    """Whether a list has the form in which `Writer.finish` writes one."""
    journal, members = manifest.get("journal"), manifest.get("members")
    repositories, elsewhere = manifest.get("repositories"), manifest.get("elsewhere")
    return (
        isinstance(manifest.get("version"), str)
        and isinstance(manifest.get("secret"), bool)
        and isinstance(journal, dict)
        and isinstance(journal.get("schema"), str)
        and isinstance(journal.get("counters"), dict)
        and all(_is_number(one) for one in journal["counters"].values())
        and isinstance(members, dict)
        and all(isinstance(one, dict) and _is_number(one.get("size")) for one in members.values())
        and all(isinstance(one.get("sha256"), str) for one in members.values())
        and isinstance(repositories, dict)
        and all(isinstance(one, dict) for one in repositories.values())
        and all(isinstance(one.get("branch"), str) for one in repositories.values())
        and isinstance(elsewhere, list)
        and all(isinstance(one, str) for one in elsewhere)
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int) and 0 <= value < 1 << 63


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    about = archive.getmember(name)
    if not about.isreg() or about.issparse() or about.size > LONGEST_MANIFEST:
        raise ValueError
    file = archive.extractfile(about)
    assert file is not None  # it is a file
    return file.read()


def _is_whole(archive: tarfile.TarFile, name: str, known: Mapping[str, Any]) -> bool:
    digest, size = hashlib.sha256(), 0
    try:
        about = archive.getmember(name)
        # One with holes may be any length, and be nothing on the disk.
        plain = about.isreg() and not about.issparse()
        file = archive.extractfile(about) if plain else None
        if file is None or about.size != known["size"]:
            return False
        while part := file.read(CHUNK):
            digest.update(part)
            size += len(part)
    except (KeyError, tarfile.TarError, OSError):
        return False
    return (size, digest.hexdigest()) == (known["size"], known["sha256"])

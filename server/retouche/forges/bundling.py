"""Copies of a repository in one file: git bundles of exactly the refs that were listed.

A repository is frozen first: its present files are linked into a folder beside, which takes no
time, so that whatever the server appends, folds or drops meanwhile, the bundle can be made.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from retouche.core.errors import ForgeUnavailable
from retouche.forges import storage
from retouche.forges.output import Output
from retouche.forges.repository import BareRepository

SIGNATURE = b"# v2 git bundle\n"
TIMEOUT = 7200.0
"""Longest time for reading or writing all objects of a repository, in seconds."""
LONGEST_HEADER = 64_000_000
"""Bytes of the longest list of refs that is read: ten thousands of proposals have one each."""
_CHUNK = 1 << 18
_REF = re.compile(rb"([0-9a-f]{40}) (refs/[^\0-\x20\x7f~^:?*\[\\]{1,250}|HEAD)\n")
_LINKLESS = (errno.EPERM, errno.EMLINK, errno.EXDEV, errno.ENOTSUP, errno.EOPNOTSUPP)
_LIST = ("for-each-ref", "--format=%(objectname) %(refname)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A repository as it was at one moment."""

    path: Path
    """A bare repository with all objects that were there, and no refs."""
    branch: str
    refs: Mapping[str, str]


def freeze(repository: BareRepository, place: Path) -> Frozen:
    """Keep what a repository holds now in a new folder of the same file system.

    Who holds the dataset's lock gets refs and objects of one moment. Costs a link for each file.
    """
    branch = repository.branch()
    BareRepository.create(place, branch).close()
    with repository.locked(), storage.translated():
        lines = repository.git(*_LIST).data.decode("utf-8", "surrogateescape").splitlines()
        refs = {name: commit for commit, _, name in (one.partition(" ") for one in lines)}
        _link_objects(repository.path / "objects", place / "objects")
    return Frozen(path=place, branch=branch, refs=refs)


def _link_objects(source: Path, place: Path) -> None:
    for folder, _, names in os.walk(source):
        copy = place / Path(folder).relative_to(source)
        copy.mkdir(parents=True, exist_ok=True)
        # An index before its pack could name what is not there yet.
        for name in sorted(names, key=lambda one: not one.endswith(".pack")):
            if "tmp" not in name:
                _link(Path(folder, name), copy / name)


def _link(file: Path, copy: Path) -> None:
    try:
        os.link(file, copy)
    except FileNotFoundError:  # git has just moved it into a pack, or out of one
        return
    except OSError as error:
        if error.errno not in _LINKLESS:
            raise
        shutil.copyfile(file, copy)


def write_bundle(frozen: Frozen, write: Callable[[bytes], object]) -> None:
    """Write a bundle of all refs, and HEAD. Raises `ForgeUnavailable` when an object is missing."""
    write(SIGNATURE)
    for name, commit in sorted(frozen.refs.items()):
        write(f"{commit} {name}\n".encode("utf-8", "surrogateescape"))
    head = frozen.refs.get(f"refs/heads/{frozen.branch}")
    if head is not None:
        write(f"{head} HEAD\n".encode())
    write(b"\n")
    asked = "".join(f"{one}\n" for one in sorted(set(frozen.refs.values()))).encode()
    command = ("pack-objects", "--revs", "--stdout", "--quiet", "--delta-base-offset")
    with closing(BareRepository(frozen.path)) as repository, storage.translated():
        list_of = frozen.path / "wanted"
        list_of.write_bytes(asked)
        with list_of.open("rb") as wanted, repository.process(*command, stdin=wanted) as process:
            assert process.stdout is not None  # a pipe, always
            while part := os.read(process.stdout.fileno(), _CHUNK):
                write(part)
            process.wait(TIMEOUT)
            if process.returncode:
                assert process.stderr is not None  # a pipe, always
                said = process.stderr.read()
                raise Output(status=process.returncode, data=b"", errors=said).failure()


def unbundle(bundle: BinaryIO, place: Path, *, branch: str, scratch: Path) -> None:
    """Make a repository of what `write_bundle` wrote; whole, checked and durable.

    `bundle` stands at its first byte; `scratch` is a file that may be written for a while.
    Raises `ForgeUnavailable` for one that is not a whole bundle.
    """
    refs = dict(_refs(bundle))
    with closing(BareRepository.create(place, branch)) as repository, storage.translated():
        with scratch.open("wb") as file:
            shutil.copyfileobj(bundle, file, _CHUNK)
        if refs:
            _take_in(repository, scratch)
        scratch.unlink()
        commands = b"".join(
            b"create " + name + b"\0" + commit + b"\0"
            for name, commit in refs.items()
            if name != b"HEAD"
        )
        output = repository.update_refs(commands)
        if output.status:
            raise output.failure()
        repository.git("pack-refs", "--all", timeout=TIMEOUT)
        if repository.check(thorough=False):
            raise ForgeUnavailable()
        _sync(place)


def _take_in(repository: BareRepository, pack: Path) -> None:
    command = ("index-pack", "--stdin", "--fix-thin")
    with pack.open("rb") as file, repository.process(*command, stdin=file) as process:
        try:
            out, errors = process.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            raise ForgeUnavailable() from None
    if process.returncode:
        raise Output(status=process.returncode, data=out, errors=errors).failure()


def _refs(bundle: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    if bundle.readline(len(SIGNATURE)) != SIGNATURE:
        raise ForgeUnavailable()
    read = 0
    while (line := bundle.readline(400)) != b"\n":
        read += len(line)
        found = _REF.fullmatch(line)
        if found is None or read > LONGEST_HEADER:
            raise ForgeUnavailable()
        yield found[2], found[1]


def _sync(folder: Path) -> None:
    """Make all files of a new repository durable, and their names."""
    for above, _, names in os.walk(folder):
        for name in names:
            descriptor = os.open(Path(above, name), os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        storage.sync_folder(above)

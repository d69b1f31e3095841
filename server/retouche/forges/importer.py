"""Making an embedded repository, once: from a folder of files, or from another repository.

It is built beside its place and renamed into it, so that a kill leaves nothing half-made.
"""

from __future__ import annotations

import fcntl
import glob
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from retouche.core.errors import BadDataset, TooLarge
from retouche.forges import storage
from retouche.forges.refs import Move, branch_ref, is_branch_name
from retouche.forges.repository import ANY_STATUS, BareRepository

MAX_FILE = 200_000_000
"""Largest file that is imported, in bytes."""
KEPT_HIDDEN = (b".gitattributes", b".gitlab-ci.yml")
"""The hidden files that are part of a data package."""
FETCH_TIMEOUT = 3600.0
_URL = re.compile(r"https://[A-Za-z0-9.-]+(?::\d+)?/[A-Za-z0-9._~/%+-]+")
_HEAD = re.compile(rb"^ref: refs/heads/(\S+)\tHEAD$", re.M)


def is_repository(folder: Path) -> bool:
    """Whether a folder is the top of a git repository, bare or not."""
    bare = all((folder / name).exists() for name in ("HEAD", "objects", "refs"))
    return bare or (folder / ".git").exists()


def import_folder(
    folder: Path,
    repository: Path,
    *,
    branch: str = "main",
    message: str,
    time: datetime,
    max_file: int = MAX_FILE,
    leave_out: Sequence[Path] = (),
) -> bool:
    """Make a repository whose first commit is the files of a folder, byte for byte.

    False when the repository exists: then nothing happens. Links and hidden files are left
    out, and so are the folders `leave_out`, such as the server's own home. Raises `TooLarge` for
    a file over the limit, `BadDataset` for a folder without files or with names git refuses.
    """

    def build(path: Path) -> None:
        outside = {one.resolve() for one in (*leave_out, repository.parent)}
        with closing(BareRepository.create(path, branch)) as made:
            files = _files(folder, max_file=max_file, outside=outside)
            with made.locked() as refs:
                commit = made.first_commit(files, message=message, time=time)
                if commit is None:
                    raise BadDataset("empty_folder", path=folder.name)
                refs.move(Move(ref=branch_ref(branch), old=None, new=commit))
            complaints = made.check()
            if complaints:
                raise _refusal(BadDataset("file_names_refused"), "\n".join(complaints))

    return once(repository, build)


def import_history(source: Path | str, repository: Path, *, branch: str | None = None) -> bool:
    """Make a repository of one branch of another, a folder or an https URL, with its history.

    Without a branch it is the source's current one. False when the repository exists: then
    nothing happens. Raises `BadDataset` when the source cannot be read, has no such branch, is
    a shallow clone, or has objects that git's checks refuse.
    """
    address = _address(source)

    def build(path: Path) -> None:
        name = branch or current_branch(source)
        ref = branch_ref(name)
        with closing(BareRepository.create(path, name)) as made:
            output = made.git(
                *("fetch", "--quiet", "--no-tags", "--no-recurse-submodules"),
                *("--no-write-fetch-head", "--end-of-options", address, f"{ref.name}:{ref.name}"),
                accept=ANY_STATUS,
                timeout=FETCH_TIMEOUT,
            )
            if output.status or made.ref(ref) is None:
                shallow = b"shallow" in output.errors
                error = BadDataset(
                    "history_shallow" if shallow else "history_not_readable", branch=name
                )
                raise _refusal(error, output.errors.decode("utf-8", "replace"))

    return once(repository, build)


def current_branch(source: Path | str) -> str:
    """The branch that a repository's HEAD names. Raises `BadDataset` when there is none."""
    # git asks for a place of its own even to look at another; it need not be a repository.
    probe = BareRepository(Path(tempfile.gettempdir()))
    output = probe.git(
        *("ls-remote", "--symref", "--end-of-options", _address(source), "HEAD"), accept=ANY_STATUS
    )
    found = _HEAD.search(output.data)
    name = found.group(1).decode("utf-8", "replace") if found else ""
    if not is_branch_name(name):
        error = BadDataset("history_not_readable", branch=name[:80] or "HEAD")
        raise _refusal(error, output.errors.decode("utf-8", "replace"))
    return name


def once(repository: Path, build: Callable[[Path], None]) -> bool:
    """Build a repository beside its place, and put it there; False when one is there."""
    if repository.exists():
        return False
    with storage.translated():
        repository.parent.mkdir(parents=True, exist_ok=True)
        lock = (repository.parent / f".{repository.name}.import.lock").open("ab")
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if repository.exists():
            return False
        for stale in repository.parent.glob(f"{glob.escape(repository.name)}.tmp-*"):
            shutil.rmtree(stale)
        path = repository.with_name(f"{repository.name}.tmp-{os.getpid()}")
        try:
            build(path)
            with storage.translated():
                os.sync()  # git leaves settings and folders to the system's own time
                path.rename(repository)
                storage.sync_folder(repository.parent)
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise
    return True


def _files(
    folder: Path, *, max_file: int, outside: Container[Path]
) -> Iterator[tuple[bytes, bytes]]:
    """Relative paths and bytes of the regular files below a folder; links are not followed."""
    waiting = [b""]
    root = os.fsencode(folder)
    while waiting:
        above = waiting.pop()
        with _readable(above), os.scandir(os.path.join(root, above)) as found:
            entries = sorted(found, key=lambda one: one.name)
        for entry in entries:
            path = os.path.join(above, entry.name)
            if entry.name.startswith(b".") and entry.name not in KEPT_HIDDEN:
                continue
            if entry.is_dir(follow_symlinks=False):
                if Path(os.fsdecode(entry.path)).resolve() not in outside:
                    waiting.append(path)
            elif entry.is_file(follow_symlinks=False):
                with _readable(path), open(entry.path, "rb", opener=_without_links) as file:
                    if os.fstat(file.fileno()).st_size > max_file:
                        name = path.decode("utf-8", "replace")
                        raise TooLarge("file_too_large", path=name, limit=max_file)
                    data = file.read()
                yield path, data


@contextmanager
def _readable(path: bytes) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BadDataset("file_unreadable", path=path.decode("utf-8", "replace")) from error


def _without_links(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW)


def _address(source: Path | str) -> str:
    """What git is given: an absolute path, or an https URL without a secret in it."""
    if isinstance(source, Path):
        return str(source.absolute())
    if not _URL.fullmatch(source):
        raise BadDataset("bad_repository_url")
    return source


def _refusal(error: BadDataset, detail: str) -> BadDataset:
    error.add_note(detail[-2000:])
    return error

"""The twin of a growing pack: the same bytes less the last append, out of git's sight.

A pack that git can see never changes: git trusts its size, its count and its last bytes. So the
next objects are appended to the twin, which then takes the pack's place under the name of its
own checksum, and the pack it replaces becomes the new twin. Everything is told by the files:
`<pack>-<before>.open` marks a pack that grows and the one it replaced; `<pack>.twin` has the bytes
of the one before; `writing` and `index` are being made. A kill at any step leaves a repository
that git can read, and `settle` finishes or undoes the step. The repository's lock is held
throughout. A `git gc` of somebody else takes no lock of ours and drops what no ref reaches yet, so
each pack is kept from it, by a file of git's own, until we fold the packs ourselves.
"""

from __future__ import annotations

import fcntl
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from retouche.forges.packfile import HEADER, TRAILER
from retouche.forges.storage import sync_folder

FOLDER = "retouche-packs"
KEPT = b"Retouche adds to it\n"
"""What our `.keep` files hold: those of others are left alone."""
_NONE = "0" * 40
_MARK = re.compile(r"([0-9a-f]{40})-([0-9a-f]{40})\.open")
_CHUNK = 1 << 20
_COMPARED = 1 << 14


@dataclass(frozen=True, slots=True)
class Mark:
    """A pack that grows, and the one whose place it took (zeros: none)."""

    name: str
    before: str = _NONE

    @property
    def file(self) -> str:
        return f"{self.name}-{self.before}.open"


class Twins:
    """The growing packs of one repository, and their twins."""

    def __init__(self, repository: Path) -> None:
        self._hidden = os.path.join(repository, FOLDER)
        self._packs = os.path.join(repository, "objects", "pack")

    def marks(self) -> list[Mark]:
        """The packs that grow, as far as can be told without the lock."""
        with suppress(FileNotFoundError):
            found = map(_MARK.fullmatch, sorted(os.listdir(self._hidden)))
            return [Mark(one[1], one[2]) for one in found if one]
        return []

    def settle(self) -> list[Mark]:
        """Finish or undo what a kill interrupted; give the packs that grow."""
        if not os.path.isdir(self._hidden):
            os.mkdir(self._hidden)
            return []
        self._clear("writing", "index")
        marks = self.marks()
        seen = {one.name for one in marks if self._is_visible(one.name)}
        if any(one.before in seen or self._is_named(one.before) for one in marks):
            sync_folder(self._packs)  # the newer ones must be there before the older ones go
            for one in marks:
                if one.name in seen:
                    self._remove(one.before)
                    seen.discard(one.before)
        kept = [one for one in marks if one.name in seen]
        for one in marks:
            if one not in kept:
                # Without its index it was never there for git; with it, another one has all of it.
                if not os.path.exists(self._index(one.name)):
                    _unlink(self._pack(one.name))
                    _unlink(self._keep(one.name))
                self._clear(one.file, f"{one.name}.twin")
        return kept

    @contextmanager
    def writing(self, mark: Mark | None) -> Iterator[BinaryIO]:
        """A file with all of a pack but its checksum, to be appended to; empty without one.

        It is the twin brought up to date, or a new copy when somebody may still use the twin.
        """
        try:
            with self._reused(mark) or open(self._own("writing"), "x+b") as file:
                if mark is not None:
                    _bring_up(file, self._pack(mark.name))
                yield file
        except BaseException:
            with suppress(OSError):
                self.settle()
            raise

    def publish(self, name: str, index: bytes, *, replaces: Mark | None) -> Mark:
        """Show git what was written and synced, in the place of the pack it was made from."""
        mark = Mark(name, replaces.name if replaces else _NONE)
        with open(self._own("index"), "xb") as file:
            file.write(index)
            file.flush()
            os.fchmod(file.fileno(), 0o444)
            os.fsync(file.fileno())
        os.close(os.open(self._own(mark.file), os.O_CREAT | os.O_WRONLY, 0o644))
        with open(self._keep(name), "wb") as file:
            file.write(KEPT)
        os.rename(self._own("writing"), self._pack(name))
        os.rename(self._own("index"), self._index(name))
        sync_folder(self._packs)
        if replaces is not None:
            self._retire(replaces, twin=f"{name}.twin")
        return mark

    def seal(self, mark: Mark) -> None:
        """Let a pack grow no more."""
        self._clear(f"{mark.name}.twin", mark.file)

    def release(self) -> None:
        """Let git fold sealed packs."""
        for name in os.listdir(self._packs):
            path = os.path.join(self._packs, name)
            if name.endswith(".keep") and _content(path) == KEPT:
                _unlink(path)

    def _retire(self, mark: Mark, *, twin: str) -> None:
        # Somebody's index over many packs may name this one; git, too, then removes it.
        _unlink(os.path.join(self._packs, "multi-pack-index"))
        _unlink(self._index(mark.name))
        with suppress(FileNotFoundError):  # a `git gc` of somebody else may have been there
            os.rename(self._pack(mark.name), self._own(twin))
        _unlink(self._keep(mark.name))
        self._clear(mark.file, f"{mark.name}.twin")

    def _reused(self, mark: Mark | None) -> BinaryIO | None:
        """The twin, cut to what it shares with its pack, when it is whole and ours alone."""
        twin = self._own(f"{mark.name}.twin") if mark else ""
        if mark is None or not os.path.exists(twin):
            return None
        os.chmod(twin, 0o644)
        with ExitStack() as ending:
            file = ending.enter_context(open(twin, "r+b"))
            shared = _shared(file.fileno(), self._pack(mark.name), mark.before)
            if shared is None or not _is_ours_alone(file.fileno()):
                os.fchmod(file.fileno(), 0o444)
                _unlink(twin)
                return None
            os.rename(twin, self._own("writing"))
            os.truncate(file.fileno(), shared)
            ending.pop_all()
            return file

    def _is_visible(self, name: str) -> bool:
        """Whether git sees a pack, and its end is what its name says."""
        try:
            with open(self._pack(name), "rb") as file:
                file.seek(-TRAILER, os.SEEK_END)
                return file.read().hex() == name and os.path.exists(self._index(name))
        except OSError:
            return False

    def _is_named(self, name: str) -> bool:
        return os.path.exists(self._index(name)) or os.path.exists(self._pack(name))

    def _remove(self, name: str) -> None:
        _unlink(self._index(name))
        _unlink(self._pack(name))
        _unlink(self._keep(name))

    def _clear(self, *names: str) -> None:
        for name in names:
            _unlink(self._own(name))

    def _own(self, name: str) -> str:
        return f"{self._hidden}/{name}"

    def _pack(self, name: str) -> str:
        return f"{self._packs}/pack-{name}.pack"

    def _index(self, name: str) -> str:
        return f"{self._packs}/pack-{name}.idx"

    def _keep(self, name: str) -> str:
        return f"{self._packs}/pack-{name}.keep"


def _unlink(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)


def _content(path: str) -> bytes:
    with suppress(FileNotFoundError), open(path, "rb") as file:
        return file.read(len(KEPT) + 1)
    return b""


def _is_ours_alone(descriptor: int) -> bool:
    """Whether a file has no other name and nobody else has it open or mapped.

    A clone on the same disk links packs instead of copying them, and git goes on reading packs
    that were removed. The system grants a write lease only on a file that nobody else has open.
    """
    if os.fstat(descriptor).st_nlink != 1 or sys.platform != "linux":
        return False
    try:
        # Whoever opens it within the next microseconds makes a signal: one that is ignored.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_WRLCK)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError:
        return False
    return True


def _shared(twin: int, pack: str, before: str) -> int | None:
    """How much of a pack its twin has, when it ends as the pack once did."""
    with open(pack, "rb") as file:
        shared = os.fstat(twin).st_size - TRAILER
        if not HEADER.size <= shared <= os.fstat(file.fileno()).st_size - TRAILER:
            return None
        at = max(HEADER.size, shared - _COMPARED)
        same = os.pread(twin, shared - at, at) == os.pread(file.fileno(), shared - at, at)
    return shared if same and os.pread(twin, TRAILER, shared).hex() == before else None


def _bring_up(file: BinaryIO, pack: str) -> None:
    """Copy what the pack has more, but for its checksum."""
    at = file.seek(0, os.SEEK_END)
    with open(pack, "rb") as source:
        missing = os.fstat(source.fileno()).st_size - TRAILER - at
        if missing < 0:
            raise OSError("a pack that was cut")
        _copy(source.fileno(), file.fileno(), at, missing)
    file.seek(0, os.SEEK_END)


def _copy(source: int, target: int, at: int, count: int) -> None:
    """Copy a part of a file to the same place of another, by the system where it can."""
    start = at
    while count > 0:
        try:
            done = os.copy_file_range(source, target, count, start, start)
        except (OSError, AttributeError):
            done = os.pwrite(target, os.pread(source, min(count, _CHUNK), start), start)
        if not done:
            raise OSError("a pack that was cut while it was copied")
        start, count = start + done, count - done

"""A bare repository on this machine: the one place that runs git, through GitPython.

Arguments are constants, ids and checked names of ours; data goes by standard input. No outside
text becomes an argument, and errors are translated here once.
"""

from __future__ import annotations

import fcntl
import os
import re
import signal
import subprocess
import time
import weakref
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

from git import Git
from git.exc import GitError

from retouche.core.edited import Edit, Edited
from retouche.core.errors import ForgeUnavailable, NotFound
from retouche.forges import cloning, storage, trees
from retouche.forges.contents import Contents
from retouche.forges.drafts import Draft
from retouche.forges.isolation import CONFIG, ENVIRONMENT, inherited
from retouche.forges.moves import RefWriter
from retouche.forges.objects import encode_commit
from retouche.forges.output import Output
from retouche.forges.readers import Readers
from retouche.forges.refs import COMMIT, Ref, branch_ref, is_branch_name
from retouche.forges.store import ObjectStore

BOT = "Retouche <retouche@localhost>"
TIMEOUT = 60.0
"""Longest time for one git command, in seconds."""
LOCK_WAIT = 30.0
"""Longest wait for the repository's lock, in seconds."""
ANY_STATUS = range(-128, 256)
_IDENTITY = re.compile(r"[^<>\0-\x1f]+ <[^<>\0-\x20]+>")
_MERGE_REQUEST = re.compile(rb"^([0-9a-f]{40}) refs/merge-requests/(\d+)/head$", re.M)


class BareRepository(Contents):
    """Objects and refs of one bare repository. Safe for threads, and across fork."""

    def __init__(self, path: Path, *, identity: str = BOT) -> None:
        self.path = path.absolute()
        self._identity = identity
        self._readers = Readers(partial(_command, self.path))
        self._store = ObjectStore(self.path, self._readers)
        # Not by __del__: the collector would take the processes apart before it is called.
        weakref.finalize(self, self._readers.close)
        if not _IDENTITY.fullmatch(identity):
            raise ValueError("an identity is a name and an address: Name <name@example.org>")
        # GitPython hands the whole environment of this process to git.
        for name in inherited(os.environ):
            os.environ.pop(name, None)

    @classmethod
    def create(cls, path: Path, branch: str) -> BareRepository:
        """Make an empty repository whose published branch will be `branch`."""
        published = branch_ref(branch)
        repository = cls(path)
        with storage.translated():
            path.mkdir(parents=True)
        repository.git("init", "--quiet", "--bare", "--template=", f"--initial-branch={branch}")
        with storage.translated():
            (path / "config").write_text(CONFIG)
            # git appends to a log that exists: the published branch alone keeps one.
            log = path / "logs" / published.name
            log.parent.mkdir(parents=True)
            log.touch()
        return repository

    def close(self) -> None:
        """End the reading processes; the repository stays usable."""
        self._readers.close()

    def branch(self) -> str:
        """The name of the published branch."""
        with storage.translated():
            text = (self.path / "HEAD").read_text(errors="replace").strip()
        name = text.removeprefix("ref: refs/heads/")
        if not is_branch_name(name):
            raise ForgeUnavailable()
        return name

    # -- Reading ----------------------------------------------------------------------------

    def object(self, identifier: str) -> tuple[str, bytes] | None:
        return self._store.object(identifier)

    def has(self, identifier: str) -> bool:
        """Whether an object is there."""
        return self._store.has(identifier)

    def edits(self, old: str, new: str) -> tuple[Edit, ...] | None:
        """The edits that make one blob of another, None when no deltas tell them."""
        return self._store.edits(old, new)

    def ref(self, ref: Ref) -> str | None:
        """Where a ref is; None when it is absent or broken."""
        return storage.read_ref(self.path, ref.name)

    def resolve(self, revision: str) -> str:
        """The commit of a full commit id or a branch name, and of nothing else that git takes."""
        if COMMIT.fullmatch(revision):
            if self._store.kind(revision) == "commit":
                return revision
        elif is_branch_name(revision):
            found = storage.read_ref(self.path, f"refs/heads/{revision}")
            if found is not None:
                return found
        raise NotFound("unknown_revision", revision=revision[:80])

    def contains(self, ancestor: str, descendant: str) -> bool:
        """Whether `ancestor` is in the history of `descendant`. Raises `NotFound`."""
        for one in (ancestor, descendant):
            if not COMMIT.fullmatch(one) or self._store.kind(one) != "commit":
                raise NotFound("unknown_revision", revision=one[:80])
        if ancestor == descendant:
            return True
        command = ("merge-base", "--is-ancestor", "--end-of-options", ancestor, descendant)
        return self.git(*command, accept=(0, 1)).status == 0

    def merge_base(self, one: str, other: str) -> str | None:
        """The newest commit that two histories share, None when there is none."""
        command = ("merge-base", "--end-of-options", one, other)
        return self.git(*command, accept=(0, 1)).data.decode().strip() or None

    def changed(self, old: str, new: str) -> list[str]:
        """The paths that differ between two commits, whatever stands there."""
        command = ("diff-tree", "-r", "-z", "--name-only", "--no-renames", "--end-of-options")
        names = self.git(*command, old, new).data.split(b"\0")
        return [name.decode(errors="replace") for name in names if name]

    def merge_requests(self) -> dict[int, str]:
        """The head of every merge request by number. Reads each one: for rare use."""
        command = ("for-each-ref", "--format=%(objectname) %(refname)", "refs/merge-requests")
        found = _MERGE_REQUEST.findall(self.git(*command).data)
        return {int(number): head.decode() for head, number in found}

    def check(self, *, thorough: bool = True) -> tuple[str, ...]:
        """What `git fsck` complains about; nothing when all is well.

        Unless it is to be thorough, no file is read: only whether all is there.
        """
        how = ("--full", "--strict") if thorough else ("--connectivity-only",)
        command = ("fsck", *how, "--no-dangling", "--no-progress")
        output = self.git(*command, accept=ANY_STATUS, timeout=3600)
        lines = (output.data + output.errors).decode("utf-8", "replace").splitlines()
        return tuple(lines or [f"exit {output.status}"]) if lines or output.status else ()

    # -- Writing ----------------------------------------------------------------------------

    def commit(
        self, *parents: str, files: Mapping[str, bytes | Edited], message: str, time: datetime
    ) -> tuple[str, bool]:
        """Write a commit: the first parent's tree with files replaced. No ref moves.

        Gives its id, and whether it was there before. Raises `NotFound` for a parent that is
        not there, `BadDataset` for a path that is not a regular file of the first parent.
        """
        before = [self.commit_at(one) for one in parents]
        ahead = None
        # A merge of what was proposed on the published commit itself is but one small object.
        if len(before) == 1 or before[1].parents[:1] != parents[:1]:
            ahead = self._store.rolling.ahead(files)
        draft = Draft(self)
        tree = trees.replaced(draft, before[0].tree, files)
        commit = self._drafted(draft, tree, parents, message=message, time=time)
        present = self._store.refreshed([one.id for one in draft.fresh])
        missing = [one for one in draft.fresh if one.id not in present]
        if missing:
            with self.locked():
                self._store.append(missing, ahead)
        self._store.keep(draft.fresh)
        return commit, commit in present

    def first_commit(
        self, files: Iterable[tuple[bytes, bytes]], *, message: str, time: datetime
    ) -> str | None:
        """Write files, by path, and a commit of them without parents; None without files.

        The caller holds the lock.
        """
        found = self._store.rolling.take_in(files)
        if not found:
            return None
        draft = Draft(self)
        commit = self._drafted(draft, trees.built(draft, found), (), message=message, time=time)
        self._store.append(draft.fresh)
        return commit

    def _drafted(
        self, draft: Draft, tree: str, parents: tuple[str, ...], *, message: str, time: datetime
    ) -> str:
        return draft.save(
            "commit",
            encode_commit(
                tree=tree, parents=parents, identity=self._identity, time=time, message=message
            ),
        )

    @contextmanager
    def locked(self) -> Iterator[RefWriter]:
        """Hold the repository's exclusive lock; refs move only through what this gives."""
        with storage.translated():
            file = (self.path / "retouche.lock").open("ab")
        with file:
            deadline = time.monotonic() + LOCK_WAIT
            while True:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    if time.monotonic() > deadline:
                        raise ForgeUnavailable() from None
                    time.sleep(0.001)
            yield RefWriter(self)

    def seal(self) -> None:
        """Let no pack grow any more. The caller holds the lock."""
        self._store.rolling.seal()

    def update_refs(self, commands: bytes) -> Output:
        """Run one transaction of `update-ref`; only `RefWriter` calls this."""
        command = ("update-ref", "--no-deref", "-z", "--stdin")
        return self.git(*command, data=commands, accept=ANY_STATUS)

    # -- Cloning ----------------------------------------------------------------------------

    def advertise(self, *, protocol: str | None = None) -> bytes:
        """The whole answer to `GET /info/refs?service=git-upload-pack`.

        `protocol` is the header `Git-Protocol`, ignored unless it is a plain version.
        """
        return cloning.advertise(self, protocol)

    def serve(self, body: bytes, *, protocol: str | None = None) -> cloning.PackAnswer:
        """The answer to `POST /git-upload-pack`, in chunks; to be closed when cut short.

        Raises `Malformed` at once when git has no answer to the body.
        """
        return cloning.serve(self, body, protocol)

    # -- Running git ------------------------------------------------------------------------

    def git(
        self,
        *arguments: str,
        data: bytes = b"",
        accept: Container[int] = (0,),
        timeout: float = TIMEOUT,
        environment: Mapping[str, str] | None = None,
    ) -> Output:
        """Run git to its end. Raises `StorageFull` and `ForgeUnavailable`."""
        with self.process(*arguments, environment=environment) as process:
            try:
                out, errors = process.communicate(data, timeout)
            except subprocess.TimeoutExpired:
                raise ForgeUnavailable()
        output = Output(status=process.returncode, data=out, errors=errors)
        if output.status not in accept:
            raise output.failure()
        return output

    @contextmanager
    def process(
        self,
        *arguments: str,
        stdin: int | BinaryIO = subprocess.PIPE,
        environment: Mapping[str, str] | None = None,
        leads: bool = False,
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Run git beside us, and be sure that it has ended afterwards.

        With `leads`, so have the processes that it started: those that talk to a network.
        """
        try:
            running = _command(self.path).execute(
                *(["git", *arguments], stdin),
                as_process=True,
                env=environment,
                start_new_session=leads,
            )
        except (GitError, OSError) as error:
            raise ForgeUnavailable() from error
        process = running.proc
        assert process is not None  # nothing has ended it yet
        try:
            yield process
        finally:
            if process.poll() is None:
                if leads:
                    os.killpg(process.pid, signal.SIGKILL)
                process.kill()
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe is not None:
                    with suppress(OSError):  # what it no longer wanted to read
                        pipe.close()
            process.wait()


def _command(path: Path) -> Git:
    git = Git(path)
    git.update_environment(GIT_DIR=str(path), **ENVIRONMENT)
    return git

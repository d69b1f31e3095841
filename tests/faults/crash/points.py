"""Where a process is killed: the steps of a proposal's way, by name.

A process installs one of them in itself after it was forked, by wrapping what is called there;
production code knows nothing of it.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine.default import DefaultDialect

from retouche.forges import bases, maintenance
from retouche.forges.embedded import EmbeddedForge
from retouche.forges.output import Output
from retouche.forges.packing import PackWriter
from retouche.forges.repository import BareRepository
from retouche.forges.twins import Twins
from retouche.journals.sql import SqlJournal
from retouche.services import review
from retouche.services.decisions import Decisions
from tests.faults.crash.book import BY_HAND, Act
from tests.forges.plain_git import ENVIRONMENT, git

TRIES = 20
"""How often somebody at a terminal tries again what git refuses."""


class Strike:
    """Counts how often a place is passed, and kills this process there at the n-th time."""

    def __init__(self, passing: int) -> None:
        self._left = passing

    def __call__(self, *others: int) -> None:
        """`others` are processes that are killed first."""
        self._left -= 1
        if self._left == 0:
            for one in (*others, os.getpid()):
                os.kill(one, signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class Point:
    """A place to be killed at, and the first passings at which that happens."""

    name: str
    acts: tuple[Act, ...]
    install: Callable[[Strike], None]
    passings: int = 2
    lines: tuple[int, ...] = ()
    """The lines of the fault list that it is."""


def wrap(owner: Any, name: str, around: Callable[..., Any]) -> None:
    real = getattr(owner, name)

    def wrapped(*given: Any, **named: Any) -> Any:
        return around(real, *given, **named)

    setattr(owner, name, wrapped)


def before(owner: Any, name: str) -> Callable[[Strike], None]:
    def install(strike: Strike) -> None:
        def around(real: Callable[..., Any], *given: Any, **named: Any) -> Any:
            strike()
            return real(*given, **named)

        wrap(owner, name, around)

    return install


def after(owner: Any, name: str) -> Callable[[Strike], None]:
    def install(strike: Strike) -> None:
        def around(real: Callable[..., Any], *given: Any, **named: Any) -> Any:
            result = real(*given, **named)
            strike()
            return result

        wrap(owner, name, around)

    return install


def locked_by_git(strike: Strike) -> None:
    """git is killed too, when it has locked the refs and before it moves them."""

    def around(real: Callable[..., Any], host: BareRepository, commands: bytes) -> Output:
        # Of no use where the lock of somebody before is still there: git then ends by itself.
        with (
            suppress(BrokenPipeError),
            subprocess.Popen(
                ["git", "-C", str(host.path), "update-ref", "--no-deref", "-z", "--stdin"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=ENVIRONMENT,
            ) as process,
        ):
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(b"start\0" + commands + b"prepare\0")
            process.stdin.flush()
            prepared = [process.stdout.readline() for _ in range(2)][-1] == b"prepare: ok\n"
            if prepared:
                strike(process.pid)
            process.stdin.write(b"abort\0")
        return real(host, commands)  # type: ignore[no-any-return]

    wrap(BareRepository, "update_refs", around)


def while_folding(strike: Strike) -> None:
    """A start folds the repository together; it is killed before or after any command of that."""
    maintenance.is_worthwhile = lambda _: True  # type: ignore[assignment]
    folding: list[bool] = []

    def fold(real: Callable[..., Any], *given: Any) -> Any:
        folding.append(True)
        try:
            return real(*given)
        finally:
            folding.clear()

    def command(real: Callable[..., Any], *given: Any, **named: Any) -> Any:
        if folding:
            strike()
        result = real(*given, **named)
        if folding:
            strike()
        return result

    wrap(maintenance, "fold", fold)
    wrap(BareRepository, "git", command)


def by_hand(tell: Callable[[str], None]) -> None:
    """Just before an acceptance moves the published branch, somebody else does, with plain git
    and without a word to us. Kills nobody."""
    done: list[str] = []

    def around(real: Callable[..., Any], host: BareRepository, commands: bytes) -> Any:
        if b"refs/heads/main" in commands and not done:
            done.append("once")
            for _ in range(TRIES):  # git refuses while a killed one's lock is fresh
                with suppress(subprocess.CalledProcessError):
                    _publish_by_hand(host, tell)
                    break
                time.sleep(0.2)
            else:
                tell("fault plain git was refused all the time")
        return real(host, commands)

    wrap(BareRepository, "update_refs", around)


def _publish_by_hand(host: BareRepository, tell: Callable[[str], None]) -> None:
    old = git(host.path, "rev-parse", "refs/heads/main")
    row = int(git(host.path, "rev-list", "--count", "--first-parent", old)) % (BY_HAND - 1)
    new = commit_by_hand(host, old, row)
    git(host.path, "update-ref", "refs/heads/main", new, old)
    tell(f"hand {new} {row}")


def commit_by_hand(host: BareRepository, old: str, row: int) -> str:
    content = subprocess.run(
        ["git", "-C", str(host.path), "cat-file", "blob", f"{old}:desks.csv"],
        env=ENVIRONMENT,
        check=True,
        capture_output=True,
    ).stdout
    start = content.index(b"%04d," % row)
    place = content.index(b",84003,", start) + len(b",84003,,")
    stop = content.index(b",", place)
    content = content[:place] + b"99" + content[stop:]
    blob = git(host.path, "hash-object", "-w", "--stdin", data=content)
    lines = git(host.path, "ls-tree", old).splitlines()
    tree = "\n".join(
        f"100644 blob {blob}\tdesks.csv" if line.endswith("\tdesks.csv") else line for line in lines
    )
    made = git(host.path, "mktree", data=f"{tree}\n".encode())
    return git(host.path, "commit-tree", made, "-p", old, "-m", "By hand")


SEND: tuple[Act, ...] = ("send",)
ACCEPT: tuple[Act, ...] = ("accept",)
CLOSE: tuple[Act, ...] = ("reject", "withdraw")

POINTS = (
    Point("before the journal", SEND, before(SqlJournal, "add"), lines=(1,)),
    Point("in the journal's transaction", SEND, before(DefaultDialect, "do_commit"), 5, (1,)),
    Point("after a transaction", SEND, after(DefaultDialect, "do_commit"), 5, (2,)),
    Point("after the journal", SEND, after(SqlJournal, "add"), lines=(2,)),
    Point("after the blob", SEND, after(bases, "add"), 1, (4,)),
    Point("after the tree or the commit", SEND, after(bases, "add"), 3, (5, 6)),
    Point("before the pack is whole", SEND, before(PackWriter, "finish"), lines=(5,)),
    Point("after the pack is whole", SEND, after(PackWriter, "finish"), lines=(6,)),
    Point("before the pack is seen", SEND, before(Twins, "publish"), lines=(6,)),
    Point("after the pack is seen", SEND, after(Twins, "publish"), lines=(6,)),
    Point("before the ref", SEND, before(BareRepository, "update_refs"), lines=(6,)),
    Point("while git has the ref locked", SEND, locked_by_git, lines=(7, 16)),
    Point("after the ref", SEND, after(BareRepository, "update_refs"), lines=(7,)),
    Point("before the state", SEND, before(SqlJournal, "update"), lines=(7,)),
    Point("after the state", SEND, after(SqlJournal, "update"), lines=(10,)),
    Point("accepting: before it is begun", ACCEPT, before(Decisions, "begin")),
    Point("accepting: begun", ACCEPT, after(Decisions, "begin")),
    Point("accepting: while git has the branch locked", ACCEPT, locked_by_git, lines=(16,)),
    Point("accepting: the branch moved", ACCEPT, after(BareRepository, "update_refs")),
    Point("accepting: before it is ended", ACCEPT, before(Decisions, "accepted")),
    Point("accepting: ended", ACCEPT, after(Decisions, "accepted")),
    Point("accepting: before others are flagged", ACCEPT, before(review, "flag_others")),
    Point("closing: begun", CLOSE, after(Decisions, "begin")),
    Point("closing: the branch is gone", CLOSE, after(EmbeddedForge, "close")),
    Point("closing: before it is ended", CLOSE, before(Decisions, "ended")),
    Point("closing: ended", CLOSE, after(Decisions, "ended")),
    Point("while a start folds files together", SEND, while_folding, 4),
)
"""And "after the answer", which `lives` strikes by itself."""
ANSWERED = "after the answer"

"""Folding a repository together: many packs, loose objects and loose refs become few files.

git does it, with its own commands, under the repository's lock. Nothing is dropped: what no ref
reaches may be about to be published, and as a delta it costs next to nothing.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from retouche.forges.output import Output

PACKS = 8
LOOSE_OBJECTS = 1_000
LOOSE_REFS = 2_000
TIMEOUT = 3_600.0
WINDOW_MEMORY = "256m"


class Host(Protocol):
    """The repository that is folded, with its lock held."""

    path: Path

    def git(self, *arguments: str, timeout: float) -> Output: ...

    def seal(self) -> None:
        """Let no pack grow any more."""
        ...


def is_worthwhile(repository: Path) -> bool:
    """Whether there is enough to fold. Counts names only."""
    packs = sum(name.endswith(".pack") for name in _names(repository / "objects" / "pack"))
    if packs > PACKS:
        return True
    loose = 0
    for folder in _names(repository / "objects"):
        if len(folder) == 2:
            loose += len(_names(repository / "objects" / folder))
    refs = sum(len(names) for _, _, names in os.walk(repository / "refs"))
    return loose > LOOSE_OBJECTS or refs > LOOSE_REFS


def fold(repository: Host) -> None:
    """Fold everything into one pack and one list of refs. The caller holds the lock.

    Readers go on: git finds in the new files what it misses in the old.
    """
    repository.seal()
    repository.git("pack-refs", "--all", timeout=TIMEOUT)
    repository.git(
        *("repack", "-a", "-d", "-q", "--keep-unreachable", f"--window-memory={WINDOW_MEMORY}"),
        timeout=TIMEOUT,
    )


def _names(folder: Path) -> list[str]:
    with suppress(FileNotFoundError, NotADirectoryError):
        return os.listdir(folder)
    return []

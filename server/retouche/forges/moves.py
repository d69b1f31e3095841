"""Moving refs: under the repository's lock, by compare-and-swap, and durably."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from retouche.core.errors import HeadMoved
from retouche.forges import storage
from retouche.forges.output import Output
from retouche.forges.refs import Move, Ref

PAUSES = (0.02, 0.05, 0.1, 0.3, 0.8, 1.2, 1.5)
"""Waits between attempts while somebody else holds a git lock: longer than it takes to be stale."""
_IS_HELD = re.compile(rb"(\.lock'|packed-refs\.new): File exists")


class Host(Protocol):
    """The repository whose refs move."""

    path: Path

    def has(self, identifier: str) -> bool: ...

    def update_refs(self, commands: bytes) -> Output: ...


class RefWriter:
    """Moves refs of a repository whose lock is held."""

    def __init__(self, repository: Host) -> None:
        self._repository = repository
        self._path = repository.path

    def value(self, ref: Ref) -> str | None:
        """Where a ref is. A broken ref of a proposal or merge request is set aside: it counts
        as absent, to be made anew."""
        if storage.is_broken_ref(self._path, ref.name) and not self._is_logged(ref):
            with storage.translated():
                storage.set_aside(self._path, ref.name)
        return storage.read_ref(self._path, ref.name)

    def move(self, *moves: Move) -> None:
        """Move all the refs or none. Raises `HeadMoved` when one is not where it should be."""
        if not moves:
            return
        folders = self._folders_to_sync(moves)
        commands = b"".join(one.command() for one in moves)
        for pause in (*PAUSES, None):
            output = self._repository.update_refs(commands)
            if output.status == 0:
                with storage.translated():
                    for folder in folders:
                        storage.sync_folder(folder)
                return
            for one in moves:
                if self.value(one.ref) != one.old:
                    raise HeadMoved(ref=one.ref.name)
            if pause is None or not _IS_HELD.search(output.errors):
                break
            time.sleep(pause)
            with storage.translated():
                storage.sweep_locks(self._path, storage.Swept())
        raise output.failure()

    def sweep(self) -> storage.Swept:
        """Remove what killed processes left behind, and restore published branches."""
        logs = self._path / "logs"
        logged = {str(one.relative_to(logs)) for one in logs.rglob("*") if one.is_file()}
        done = storage.sweep(self._path, logged=logged, exists=self._repository.has)
        for name, last in done.restored.items():
            ref = Ref(name)
            self.move(Move(ref=ref, old=self.value(ref), new=last))
        return done

    def _is_logged(self, ref: Ref) -> bool:
        return (self._path / "logs" / ref.name).is_file()

    def _folders_to_sync(self, moves: Sequence[Move]) -> list[Path]:
        """git syncs the file of a ref, not its name in the folder, nor new folders."""
        folders: dict[Path, None] = {}
        for one in moves:
            if one.new is None:
                continue
            folder = (self._path / one.ref.name).parent
            folders[folder] = None
            while not folder.is_dir():
                folder = folder.parent
                folders[folder] = None
        return list(folders)

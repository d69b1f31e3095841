"""What every forge does with the bare repository on this machine that it reads from.

Reads, commits and upkeep alone: which refs move, and what is told to whom, is each forge's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from retouche.core.edited import Edit, Edited
from retouche.forges import maintenance, storage
from retouche.forges.repository import BareRepository
from retouche.ports import Revision


class Local:
    """The half of `ports.Forge` that asks nobody else."""

    def __init__(self, repository: BareRepository) -> None:
        self.repository = repository

    # -- Reading ------------------------------------------------------------------------------

    def resolve(self, revision: str) -> str:
        return self.repository.resolve(revision)

    def read(self, commit: str, path: str) -> bytes:
        return self.repository.read(commit, path)

    def blob(self, commit: str, path: str) -> str:
        return self.repository.blob(commit, path)

    def blobs(self, commit: str, paths: Iterable[str]) -> Mapping[str, str]:
        return self.repository.blobs(commit, paths)

    def files(self, commit: str, folder: str = "") -> Sequence[str]:
        return self.repository.files(commit, folder)

    def revisions(self, start: str, *, stop: str | None = None) -> Iterator[Revision]:
        return self.repository.revisions(start, stop=stop)

    def contains(self, ancestor: str, descendant: str) -> bool:
        return self.repository.contains(ancestor, descendant)

    def edits(self, old: str, new: str) -> tuple[Edit, ...] | None:
        return self.repository.edits(old, new)

    def merge_base(self, one: str, other: str) -> str | None:
        return self.repository.merge_base(one, other)

    def changed(self, old: str, new: str) -> Sequence[str]:
        return self.repository.changed(old, new)

    # -- Writing ------------------------------------------------------------------------------

    def commit(
        self, *, parent: str, files: Mapping[str, bytes | Edited], message: str, time: datetime
    ) -> str:
        return self.repository.commit(parent, files=files, message=message, time=time)[0]

    # -- Upkeep -------------------------------------------------------------------------------

    def sweep(self) -> storage.Swept:
        """Remove what killed processes left in the repository, under its lock."""
        with self.repository.locked() as refs:
            return refs.sweep()

    def maintain(self) -> bool:
        """Fold the repository's files together when there are many; tell whether it was done."""
        if not maintenance.is_worthwhile(self.repository.path):
            return False
        with self.repository.locked():
            maintenance.fold(self.repository)
        return True

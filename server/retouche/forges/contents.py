"""What stands at a commit and what led to it, read from objects alone."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator

from retouche.core.errors import ForgeUnavailable, NotFound
from retouche.core.package import DATASET
from retouche.forges import trees
from retouche.forges.objects import Commit, Kind, decode_commit
from retouche.forges.refs import COMMIT
from retouche.ports import Revision

_MERGED = re.compile(rf"Merge branch 'proposals/{DATASET.pattern}/([0-9a-f]{{16}})' into ")


class Contents(ABC):
    """Reading of a repository's commits, given how to get an object."""

    @abstractmethod
    def object(self, identifier: str) -> tuple[str, bytes] | None:
        """The kind and bytes of an object, None when it is not there."""

    def load(self, identifier: str, kind: Kind) -> bytes:
        """The bytes of an object that must be there. Raises `ForgeUnavailable`."""
        found = self.object(identifier)
        if found is None or found[0] != kind:
            raise ForgeUnavailable()
        return found[1]

    def commit_at(self, commit: str) -> Commit:
        """Raises `NotFound` for what is not the id of a commit."""
        found = self.object(commit) if COMMIT.fullmatch(commit) else None
        if found is None or found[0] != "commit":
            raise NotFound("unknown_revision", revision=commit[:80])
        return decode_commit(found[1])

    def blob(self, commit: str, path: str) -> str:
        """The id of a regular file. Raises `NotFound`."""
        entry = trees.find(self, self.commit_at(commit).tree, path)
        if entry is None or not entry.is_file:
            raise NotFound("unknown_file", path=path[:200], revision=commit)
        return entry.id

    def blobs(self, commit: str, paths: Iterable[str]) -> dict[str, str]:
        """The ids of regular files by path, each folder read once; of other paths nothing."""
        return trees.files_at(self, self.commit_at(commit).tree, paths)

    def read(self, commit: str, path: str) -> bytes:
        """The bytes of a regular file. Raises `NotFound`."""
        return self.load(self.blob(commit, path), "blob")

    def files(self, commit: str, folder: str = "") -> list[str]:
        """Paths of the regular files directly in a folder, sorted."""
        tree = self.commit_at(commit).tree
        if folder:
            entry = trees.find(self, tree, folder)
            if entry is None or not entry.is_folder:
                return []
            tree = entry.id
        names = [one.name for one in trees.folder(self, tree) if one.is_file]
        # A name that is not UTF-8 cannot be asked for, so it is not listed.
        texts = [text for name in names if (text := _text(name)) is not None]
        return sorted(f"{folder}/{text}" if folder else text for text in texts)

    def revisions(self, start: str, *, stop: str | None = None) -> Iterator[Revision]:
        """First parents from `start`, newest first, up to and without `stop`."""
        at: str | None = start
        while at is not None and at != stop:
            commit = self.commit_at(at)
            yield Revision(
                id=at,
                parents=commit.parents,
                time=commit.time,
                message=commit.message,
                proposal=self._proposal_of(commit),
            )
            at = commit.parents[0] if commit.parents else None

    def _proposal_of(self, commit: Commit) -> str | None:
        """The proposal that a commit published: ours say it, a merge made elsewhere shows it."""
        if commit.proposal is not None or len(commit.parents) < 2:
            return commit.proposal
        named = _MERGED.match(commit.message)
        if named:
            return named.group(1)
        try:
            return self.commit_at(commit.parents[1]).proposal
        except NotFound:  # a history that was cut
            return None


def _text(name: bytes) -> str | None:
    try:
        return name.decode()
    except UnicodeDecodeError:
        return None

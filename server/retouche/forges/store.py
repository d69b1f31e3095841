"""The objects of a repository: found in packs and files here, read by git where need be."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from retouche.core.edited import Edit
from retouche.core.errors import ForgeUnavailable
from retouche.forges import storage
from retouche.forges.drafts import Fresh
from retouche.forges.packs import PackFolder
from retouche.forges.readers import Readers
from retouche.forges.recent import Recent
from retouche.forges.rolling import Ahead, Rolling


class ObjectStore:
    """Reads and finds objects. Safe for threads, and across fork."""

    def __init__(self, repository: Path, readers: Readers) -> None:
        self._repository = repository
        self._objects = str(repository / "objects")
        self._readers = readers
        self._packs = PackFolder(repository / "objects")
        self._recent = Recent()
        self.rolling = Rolling(repository, self._packs)

    def object(self, identifier: str) -> tuple[str, bytes] | None:
        """The kind and bytes of an object; None when it is not there.

        Raises `ForgeUnavailable` for one that is there but broken.
        """
        found: tuple[str, bytes] | None = self._recent.get(identifier)
        if found is not None:
            return found
        found = self._packs.read(identifier)
        if found is None and not self._is_absent(identifier):
            found = self._readers.read(identifier)
        if found is not None:
            self._recent.keep(identifier, *found)
        elif self.has(identifier) or storage.has_trace(self._objects, identifier):
            raise ForgeUnavailable()
        return found

    def kind(self, identifier: str) -> str | None:
        """What an object is; None when it is not there."""
        found = self._packs.kind(identifier)
        if found is None and not self._is_absent(identifier):
            return self._readers.kind(identifier)
        return found

    def has(self, identifier: str) -> bool:
        """Whether an object is there, loose or in a pack. Asks no process."""
        # Twice: git and we move objects from one pack to another, or out of packs.
        return any(
            storage.has_loose(self._objects, identifier) or self._packs.find(identifier)
            for _ in range(2)
        )

    def edits(self, old: str, new: str) -> tuple[Edit, ...] | None:
        """The edits that make one blob of another, None when no deltas tell them."""
        return self._packs.edits(old, new)

    def refreshed(self, identifiers: Sequence[str]) -> set[str]:
        """Those of the objects that are there; maintenance then takes them for new ones."""
        packed = self._packs.paths(identifiers)
        return {
            one
            for one in identifiers
            if storage.refresh(packed.get(one) or storage.loose_path(self._objects, one))
        }

    def append(self, objects: Sequence[Fresh], ahead: Ahead | None = None) -> None:
        """Write objects durably. The caller holds the repository's lock."""
        self.rolling.append(objects, ahead)
        for one in objects:
            if storage.has_trace(self._objects, one.id):  # emptied by a power cut
                with storage.translated():
                    name = storage.loose_path("objects", one.id)
                    storage.set_aside(self._repository, name)

    def keep(self, objects: Sequence[Fresh]) -> None:
        """Remember what was just written: it is read next."""
        for one in objects:
            if one.kind != "blob":
                self._recent.keep(one.id, one.kind, bytes(one.content))

    def _is_absent(self, identifier: str) -> bool:
        """Whether an object is not there for certain; git looks through all folders for that."""
        return not self.has(identifier) and self._packs.is_certain()

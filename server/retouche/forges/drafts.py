"""Objects that are to be written: gathered first, so that one append makes them all durable."""

from __future__ import annotations

from dataclasses import dataclass

from retouche.core.edited import Edited
from retouche.forges.deltas import between
from retouche.forges.objects import Kind, object_id
from retouche.forges.trees import Source


@dataclass(frozen=True, slots=True)
class Fresh:
    """An object to write; one that is given as edits becomes a delta where its base is."""

    id: str
    kind: Kind
    content: bytes | Edited


class Draft:
    """`trees.Store` that writes nothing."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._fresh: dict[str, Fresh] = {}

    @property
    def fresh(self) -> tuple[Fresh, ...]:
        """What was saved: each object after those that it names."""
        return tuple(self._fresh.values())

    def load(self, identifier: str, kind: Kind) -> bytes:
        saved = self._fresh.get(identifier)
        if saved is not None and saved.kind == kind:
            return bytes(saved.content)
        return self._source.load(identifier, kind)

    def save(self, kind: Kind, content: bytes | Edited, *, over: str | None = None) -> str:
        """Take an object and give its id; `over` is the one that a small object replaces."""
        if isinstance(content, Edited):
            identifier = content.id
        else:
            identifier = object_id(kind, content)
            if over is not None:
                old = self._source.load(over, kind)
                content = Edited(old, over, between(old, content))
        self._fresh.setdefault(identifier, Fresh(identifier, kind, content))
        return identifier

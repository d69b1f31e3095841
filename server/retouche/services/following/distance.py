"""How far a proposal's edits are from what was published since: far enough, git merges the same.

Saves a run of git for each open proposal; where it is in doubt, git is asked.
"""

from __future__ import annotations

from collections.abc import Sequence

from retouche.core.differences import differences
from retouche.core.edited import Data
from retouche.core.operations import Patch
from retouche.core.splice import edits
from retouche.core.succession import Cut
from retouche.services.carrying import by_resource
from retouche.services.datasets import DatasetRevision

LINES = 8
"""Lines between two changes that leave no doubt how git tells them apart. Two would do."""
KEPT = 64
"""Pairs of versions of which it is remembered where they differ."""


class Distance:
    """Knows where versions of files differ; to be asked by one thread at a time."""

    def __init__(self) -> None:
        self._cuts: dict[tuple[str, str], Sequence[Cut]] = {}

    def is_far(
        self, operations: Patch, *, parent: DatasetRevision, published: DatasetRevision
    ) -> bool:
        """Whether operations made on `parent` touch no line near one that differs in `published`.

        Both are of one history. Raises what reading the files raises.
        """
        for name, group in by_resource(operations).items():
            old, new = parent.package.resource(name), published.package.resource(name)
            if old.path != new.path:
                return False
            cuts = self._between(name, parent, published)
            table = parent.snapshot(name).table
            made = edits(table, group, schema=old.schema, index=parent.snapshot(name).index)
            for one in made:
                if any(_is_near(table.data, (one.start, one.end), cut) for cut in cuts):
                    return False
        return True

    def _between(
        self, name: str, parent: DatasetRevision, published: DatasetRevision
    ) -> Sequence[Cut]:
        blobs = parent.blob(name), published.blob(name)
        if blobs[0] == blobs[1]:
            return ()
        if blobs not in self._cuts:
            if len(self._cuts) >= KEPT:
                self._cuts.pop(next(iter(self._cuts)))
            self._cuts[blobs] = differences(parent.data(name), published.data(name))
        return self._cuts[blobs]


def _is_near(data: Data, edit: tuple[int, int], cut: Cut) -> bool:
    """Whether there are only a few lines between two changes of a file."""
    begin, end = min(edit[1], cut.end), max(edit[0], cut.start)
    if begin >= end:
        return True
    at = begin
    for _ in range(LINES):
        at = data.find(b"\n", at, end) + 1
        if at == 0:
            return True
    return False

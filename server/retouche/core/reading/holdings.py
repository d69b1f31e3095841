"""The parts of one version that this process holds, and the drawer where they are kept for all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from retouche.core.parts import Drawer, Part

MAPPING = 1 << 18
"""What a mapped part counts for: no memory, but a descriptor, of which there are few."""


class Holdings:
    """Parts by name. Safe for threads, which may find a part twice but build it once."""

    def __init__(self, drawer: Drawer):
        self._drawer = drawer
        self._held: dict[str, Part] = {}

    def get(self, name: str) -> Part | None:
        """A part that was kept, by whichever process."""
        found = self._held.get(name)
        if found is None:
            found = self._drawer.get(name)
            if found is not None:
                found = self._held.setdefault(name, found)
        return found

    def keep(self, name: str, part: Part) -> Part:
        kept = self._held[name] = self._drawer.keep(name, part)
        return kept

    def alone(self) -> AbstractContextManager[object]:
        """Build parts while nobody else builds any of this version."""
        return self._drawer.alone()

    def once(self, name: str, make: Callable[[], Part | None]) -> Part | None:
        """A part as it is kept, or made now; one that cannot be made is None."""
        found = self.get(name)
        if found is None:
            with self.alone():
                found = self.get(name)
                if found is None:
                    made = make()
                    found = None if made is None else self.keep(name, made)
        return found

    @property
    def size(self) -> int:
        """About how many bytes of memory the parts cost this process."""
        return sum(one.private + MAPPING * one.mapped for one in [*self._held.values()])

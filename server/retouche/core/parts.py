"""What is derived from a file, in a shape that can be kept: named arrays and a little JSON.

Also the drawer of one version, where its parts are kept; keeping them on disk is not done here.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import RLock
from typing import Any, Protocol

from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One derived structure. The arrays are read-only and may be mapped from a file.

    `place` is where it is kept, for the one who keeps it; `mapped` tells that its arrays are no
    private memory.
    """

    arrays: Mapping[str, NDArray[Any]]
    meta: Mapping[str, Any] = field(default_factory=dict)
    place: str | None = None
    mapped: bool = False

    @property
    def size(self) -> int:
        """Bytes of the arrays."""
        return sum(int(one.nbytes) for one in self.arrays.values())

    @property
    def private(self) -> int:
        """Bytes of the arrays that only this process holds."""
        return 0 if self.mapped else self.size

    def same(self, other: Part) -> bool:
        """Whether this is the other one, taken over array by array."""
        return (
            self.meta == other.meta
            and self.arrays.keys() == other.arrays.keys()
            and all(one is other.arrays[name] for name, one in self.arrays.items())
        )


class Drawer(Protocol):
    """Where the parts of one version are kept. It may forget any of them at any time."""

    def get(self, name: str, /) -> Part | None:
        """A part as it was kept, None when it is not there or not sound."""
        ...

    def keep(self, name: str, part: Part, /) -> Part:
        """Keep a part and give it as it is now held; one that cannot be kept is given back."""
        ...

    def alone(self) -> AbstractContextManager[object]:
        """Wait until nobody else builds parts of this version, and keep others waiting."""
        ...


class Loose:
    """Keeps nothing: the parts live as long as who asked for them."""

    def __init__(self) -> None:
        self._lock = RLock()

    def get(self, _: str, /) -> Part | None:
        return None

    def keep(self, _: str, part: Part, /) -> Part:
        return part

    def alone(self) -> AbstractContextManager[bool]:
        return self._lock

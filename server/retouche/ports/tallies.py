"""Counting what is done in a while, for all processes that share the counts."""

from __future__ import annotations

from typing import Protocol


class Tallies(Protocol):
    """How often something was done in the last seconds. Never fails, and never waits long.

    A name is counted exactly: over any stretch of `seconds`, no more than `most` are taken.
    """

    def take(self, name: str, *, most: int, seconds: int) -> float | None:
        """Count one more. None: it was taken; else the seconds until one more can be."""
        ...

    def is_full(self, name: str, *, most: int, seconds: int) -> bool:
        """Whether one more would not be taken; counts nothing."""
        ...

"""Values derived from an object, kept exactly as long as the object lives."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Generic, TypeVar

Owner = TypeVar("Owner")
Value = TypeVar("Value")


class Memo(Generic[Owner, Value]):
    """Remember one value per owner, by identity, so that unhashable owners work too.

    Two threads may derive the same value at once; they then get equal values.
    """

    def __init__(self, derive: Callable[[Owner], Value]) -> None:
        self._derive = derive
        self._kept: dict[int, tuple[weakref.ref[Owner], Value]] = {}

    def __call__(self, owner: Owner) -> Value:
        number = id(owner)
        found = self._kept.get(number)
        if found is not None and found[0]() is owner:
            return found[1]
        value = self._derive(owner)
        forget = self._kept.pop
        self._kept[number] = (weakref.ref(owner, lambda _: forget(number, None)), value)
        return value

"""The distinct texts of a column as a set that looks them up and copies none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retouche.core.coded.columns import Column


class Held(Set[str]):
    """The values of a column."""

    def __init__(self, column: Column):
        self._column = column

    def __len__(self) -> int:
        return len(self._column.values)

    def __iter__(self) -> Iterator[str]:
        return iter(self._column.values)

    def __contains__(self, text: object) -> bool:
        return isinstance(text, str) and self._column.code(text) is not None

    @classmethod
    def _from_iterable(cls, texts: Iterable[str]) -> Set[str]:  # type: ignore[override]
        return frozenset(texts)

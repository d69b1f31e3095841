"""What the verdict asks of a table at one revision; `Snapshot` gives it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from numpy.typing import NDArray

from retouche.core.coded.texts import Texts
from retouche.core.operations import Cell, Key
from retouche.core.package import Resource


class Records(Protocol):
    """The records of a file, in its order."""

    @property
    def header(self) -> tuple[str, ...]: ...

    def __len__(self) -> int: ...

    def row(self, position: int, /) -> tuple[str, ...]: ...

    def rows(self) -> Iterator[tuple[str, ...]]: ...


class Index(Protocol):
    """Where each row key stands."""

    def find(self, key: Key, /) -> int: ...

    def positions(self, key: Key, /) -> Sequence[int]: ...

    def __contains__(self, key: object, /) -> bool: ...


class Coded(Protocol):
    """A column as small integers into its distinct texts, -1 for missing ones.

    The first `fitting` texts are in the order of the field's type.
    """

    @property
    def codes(self) -> NDArray[Any]: ...

    @property
    def values(self) -> Texts: ...

    @property
    def fitting(self) -> int: ...

    @property
    def counts(self) -> NDArray[Any]: ...

    def code(self, text: str, /) -> int | None: ...

    def equal(self, text: str, /) -> tuple[int, ...]: ...


class Rows(Protocol):
    """A resource's rows with what finds them fast."""

    @property
    def resource(self) -> Resource: ...

    @property
    def table(self) -> Records: ...

    @property
    def index(self) -> Index: ...

    def column(self, name: str, /) -> Coded: ...


def cells_of(
    header: Sequence[str], texts: Sequence[str], *, missing: frozenset[str]
) -> dict[str, Cell]:
    """The cells of a record by name, None for missing ones and those it is too short for."""
    cells: dict[str, Cell] = dict.fromkeys(header)
    cells.update(
        (name, None if text in missing else text) for name, text in zip(header, texts, strict=False)
    )
    return cells


Neighbours = Mapping[str, Rows]

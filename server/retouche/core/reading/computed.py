"""A resource as its readers see it: the file's columns, and those that indicators compute.

The latter are asked for cell by cell where rows are shown, and coded as columns where rows are
filtered, sorted, counted or searched by them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar, cast

from retouche.core.coded.columns import Column
from retouche.core.coded.texts import Texts
from retouche.core.operations import Cell
from retouche.core.reading.search import ColumnSearch, SearchIndex
from retouche.core.reading.snapshot import Positions, Snapshot
from retouche.core.schema import Field
from retouche.core.spans import Cells

T = TypeVar("T")


class Computed(Protocol):
    """The cells of a computed column."""

    def cell(self, position: int, /) -> Cell:
        """The cell of one row."""
        ...

    def cells(self) -> Sequence[Cell]:
        """The cells of all rows, in the order of the file."""
        ...


class ComputedSnapshot(Snapshot):
    """A stored version with computed columns, in place of what the file has of them, if anything.

    `computed` gives the cells of each; it is asked when the column is first needed. What is kept
    of the file is shared with `stored`.
    """

    def __init__(self, stored: Snapshot, computed: Mapping[str, Callable[[], Computed]]):
        self.resource = stored.resource
        self.derivation = stored.derivation
        self.stored = stored
        self._computed = computed
        self._kept: dict[str, Any] = {}

    def _once(self, name: str, make: Callable[[], T]) -> T:
        if name not in self._kept:
            self._kept.setdefault(name, make())
        return cast(T, self._kept[name])

    def place_in_record(self, name: str) -> int | None:
        return None if name in self._computed else super().place_in_record(name)

    def column(self, name: str) -> Column:
        if name not in self._computed:
            return self.stored.column(name)
        field = self.resource.schema.by_name[name]
        return self._once(f"column {name}", lambda: coded(field, self._cells(name).cells()))

    def cells(self, position: int, *, personal: bool = False) -> dict[str, Cell]:
        row = super().cells(position, personal=personal)
        for name in self._computed:
            if name in row:
                row[name] = self._cells(name).cell(position)
        return row

    def rows(
        self, positions: Positions, *, columns: Sequence[str] | None = None
    ) -> Iterator[dict[str, Cell]]:
        rows = super().rows(positions, columns=columns)
        names = [one.name for one in self.chosen(columns) if one.name in self._computed]
        filling = [(name, self._cells(name).cell) for name in names]
        return _filled(rows, positions, filling)

    def texts_at(self, positions: Positions, fields: Sequence[Field]) -> Iterator[list[str]]:
        absent = self.resource.schema.missing_text
        filling = [
            (at, self._cells(one.name).cell)
            for at, one in enumerate(fields)
            if one.name in self._computed
        ]
        rows = super().texts_at(positions, fields)
        for row, position in zip(rows, positions.tolist(), strict=True):
            for at, cell in filling:
                text = cell(position)
                row[at] = absent if text is None else text
            yield row

    @property
    def approximate_size(self) -> int:
        return self.stored.approximate_size + self.computed_size

    @property
    def computed_size(self) -> int:
        """About how many bytes of memory are held beside those of the stored version."""
        columns = [one for one in [*self._kept.values()] if isinstance(one, Column)]
        search = self._kept.get("search")
        return sum(one.size for one in columns) + (search.size if search else 0)

    def _has(self, name: str) -> bool:
        return name in self._computed or super()._has(name)

    def _cells(self, name: str) -> Computed:
        return self._once(f"cells {name}", self._computed[name])

    def _read_fields(self) -> tuple[Field, ...]:
        """The columns of the file in its order; what it lacks stands where the schema has it."""
        stored = [one for one in super()._read_fields() if one.name in self.derivation.header]
        names = [one.name for one in stored]
        before = None
        for field in self.resource.schema.fields:
            if field.name not in names:
                at = 0 if before is None else names.index(before) + 1
                names.insert(at, field.name)
                stored.insert(at, field)
            before = field.name
        return tuple(stored)

    def _read_search(self) -> SearchIndex:
        names = [one.name for one in self.fields]
        places = [at for at in map(self.place_in_record, names) if at is not None]
        self.derivation.prepare(places)
        stored = map(self.derivation.search, places)
        computed = [ColumnSearch.of(self.column(name)) for name in names if name in self._computed]
        return SearchIndex([*stored, *computed], length=len(self))


def coded(field: Field, cells: Iterable[Cell]) -> Column:
    """The column of some cells."""
    texts = Texts.of(cell or "" for cell in cells)
    spans = Cells(texts.heap, texts.starts, texts.stops)
    return Column.read(field, spans, missing=("",))


def _filled(
    rows: Iterable[dict[str, Cell]],
    positions: Positions,
    filling: Sequence[tuple[str, Callable[[int], Cell]]],
) -> Iterator[dict[str, Cell]]:
    """The rows with their computed cells."""
    for row, position in zip(rows, positions.tolist(), strict=True):
        for name, cell in filling:
            row[name] = cell(position)
        yield row

"""A resource at one revision, as it is read: rows, columns, keys, words and places.

What is asked for is derived when it is first needed, and shown without its personal fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.columns import Column
from retouche.core.edited import Data
from retouche.core.errors import NotFound, UnknownField
from retouche.core.keys import KeyIndex
from retouche.core.operations import Cell, Key
from retouche.core.package import Resource
from retouche.core.parts import Drawer, Loose
from retouche.core.reading.derivation import Derivation, no_descent
from retouche.core.reading.inheritance import Descent
from retouche.core.reading.places import Places
from retouche.core.reading.search import SearchIndex
from retouche.core.schema import Field
from retouche.core.table import Table

T = TypeVar("T")
Shape: TypeAlias = Callable[[Sequence[str]], dict[str, Cell]]
"""Turns the texts of a record into the cells of a row."""
Positions: TypeAlias = NDArray[np.integer[Any]]
Progress: TypeAlias = Callable[[int, int], None]
"""Told how much of how much is done."""


class Snapshot:
    """One CSV and all that is known of it. Safe to share between threads.

    `data` is its bytes or what gives them; its parts are looked for and kept in `drawer`, and
    taken over from the version that `descent` gives, if it gives one.
    """

    def __init__(
        self,
        resource: Resource,
        data: Data | Callable[[], Data],
        *,
        drawer: Drawer | None = None,
        descent: Callable[[], Descent | None] = no_descent,
    ):
        self.resource = resource
        self.derivation = Derivation(resource, data, drawer=drawer or Loose(), descent=descent)

    def _once(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gives, made once and kept with what is derived from the file."""
        return self.derivation.once(name, make)

    def __len__(self) -> int:
        return len(self.table)

    @property
    def data(self) -> Data:
        return self.derivation.data

    @property
    def table(self) -> Table:
        """Raises `UnreadableFile`."""
        return self.derivation.table

    @property
    def index(self) -> KeyIndex:
        return self.derivation.index

    @property
    def all_fields(self) -> tuple[Field, ...]:
        """The columns of the file in its order, then those that only the schema knows."""
        return self._once("all fields", self._read_fields)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The same without personal fields: all that may be served, filtered or searched."""
        return self._once(
            "fields", lambda: tuple(one for one in self.all_fields if not one.personal)
        )

    @property
    def present(self) -> tuple[Field, ...]:
        """The same without those that the file lacks."""
        return tuple(one for one in self.fields if self._has(one.name))

    def column(self, name: str) -> Column:
        """Any column, personal ones too. Raises `UnknownField`."""
        place = self.place_in_record(name)
        if place is not None:
            return self.derivation.column(place)
        field = next((one for one in self.all_fields if one.name == name), None)
        if field is None:
            raise UnknownField(field=name)
        return self._once(f"absent {name}", lambda: Column.absent(field, length=len(self)))

    def shown(self, name: str) -> Column:
        """A column that may be shown. Raises `UnknownField`, for personal fields too."""
        self.check((name,))
        return self.column(name)

    def check(self, names: Iterable[str]) -> None:
        """Raise `UnknownField` unless all the fields may be shown."""
        known = self._once("shown", lambda: frozenset(one.name for one in self.fields))
        for name in names:
            if name not in known:
                raise UnknownField(field=name)

    def prepare(self, names: Iterable[str]) -> None:
        """Derive several columns at once, which reads the file once. Raises `UnknownField`."""
        wanted, known = list(names), {one.name for one in self.all_fields}
        for name in wanted:
            if name not in known:
                raise UnknownField(field=name)
        self.derivation.prepare([at for at in map(self.place_in_record, wanted) if at is not None])

    def prepare_all(self, progress: Progress | None = None) -> None:
        """Derive all that rows, filters, facets and proposals need."""
        steps = len(self.table.header) + 2
        done = 0

        def follow() -> None:
            nonlocal done
            done += 1
            if progress is not None:
                progress(done, steps)

        follow()
        len(self.index)
        follow()
        self.derivation.prepare(range(steps - 2), follow=follow)

    def prepare_search(self) -> None:
        """Derive what searching words and places needs besides."""
        for derive in (lambda: self.search, lambda: self.places):
            derive()

    def values(self, name: str) -> Set[str]:
        """The distinct texts of a column, without missing ones."""
        return self.column(name).texts

    def positions(self, name: str, text: str) -> Positions:
        """The rows whose cell is exactly this text."""
        column = self.column(name)
        code = column.code(text)
        return np.flatnonzero(column.codes == (len(column.values) if code is None else code))

    def cells(self, position: int, *, personal: bool = False) -> dict[str, Cell]:
        """The cells of one row, `None` for missing values."""
        shape = self._once("shape", lambda: self._shape(self.all_fields)) if personal else None
        return (shape or self.shape())(self.table.row(position))

    def row(self, key: Key) -> dict[str, Cell]:
        """The cells of the row with a key. Raises `NotFound` and `AmbiguousRow`."""
        if not self.resource.schema.primary_key:
            raise NotFound("unknown_row", key=key, resource=self.resource.name)
        return self.cells(self.index.find(key))

    def rows(
        self, positions: Positions, *, columns: Sequence[str] | None = None
    ) -> Iterator[dict[str, Cell]]:
        """Many rows, in the order asked for, with the columns asked for or all.

        Raises `UnknownField` before the first row.
        """
        return map(self.shape(columns), self.table.rows_at(positions))

    def texts_at(self, positions: Positions, fields: Sequence[Field]) -> Iterator[list[str]]:
        """The texts of many rows as the file has them, what it lacks as a missing value."""
        absent = self.resource.schema.missing_text
        places = [self.place_in_record(one.name) for one in fields]
        return (
            [absent if at is None else record[at] if at < len(record) else "" for at in places]
            for record in self.table.rows_at(positions)
        )

    def shape(self, names: Sequence[str] | None = None) -> Shape:
        """What makes cells of records: of some shown fields, or all. Raises `UnknownField`."""
        if names is None:
            return self._once("shown_shape", lambda: self._shape(self.fields))
        return self._shape(self.chosen(names))

    def chosen(self, names: Sequence[str] | None = None) -> tuple[Field, ...]:
        """The shown fields of these names, or all of them. Raises `UnknownField`."""
        if names is None:
            return self.fields
        self.check(names)
        by_name = {one.name: one for one in self.fields}
        return tuple(by_name[name] for name in names)

    def place_in_record(self, name: str) -> int | None:
        """Which cell of a record is this field's; None for a field that the file lacks."""
        return self.derivation.header.get(name)

    @property
    def search(self) -> SearchIndex:
        return self._once("search", self._read_search)

    @property
    def places(self) -> Places | None:
        """Where the rows lie; None when no field that may be shown says so."""
        return self._once("places", self._read_places)

    @property
    def approximate_size(self) -> int:
        """About how many bytes of memory are held, for a cache that must forget in time."""
        return self.derivation.size

    def _has(self, name: str) -> bool:
        return self.place_in_record(name) is not None

    def _read_fields(self) -> tuple[Field, ...]:
        known, header = self.resource.schema.by_name, self.derivation.header
        in_file = [known.get(name) or Field(name=name) for name in header]
        return (*in_file, *(one for name, one in known.items() if name not in header))

    def _shape(self, fields: Sequence[Field]) -> Shape:
        header, missing = self.derivation.header, frozenset(self.resource.schema.missing_values)
        # One place past the record stands for the fields that the file lacks.
        width = len(header)
        names = [one.name for one in fields]
        wanted = [header.get(name, width) for name in names]
        whole = wanted == list(range(width))

        def shape(record: Sequence[str]) -> dict[str, Cell]:
            cells: Sequence[Cell] = record
            # A short record reads as if the cells that it lacks were empty.
            if len(record) != width:
                cells = record = [*record[:width], *[""] * (width - len(record))]
            if not missing.isdisjoint(record):
                cells = [None if text in missing else text for text in record]
            if whole:
                return dict(zip(names, cells, strict=True))
            cells = [*cells, None]
            return {name: cells[at] for name, at in zip(names, wanted, strict=True)}

        return shape

    def _read_search(self) -> SearchIndex:
        places = [self.place_in_record(one.name) for one in self.fields]
        present = [at for at in places if at is not None]
        self.derivation.prepare(present)
        return SearchIndex(map(self.derivation.search, present), length=len(self))

    def _read_places(self) -> Places | None:
        pair = self.resource.geo
        shown = {one.name for one in self.fields}
        if pair is None:
            points = next((one.name for one in self.fields if one.type == "geopoint"), None)
            names: tuple[str, ...] = () if points is None else (points,)
        else:
            names = pair if shown.issuperset(pair) else ()
        present = [at for at in map(self.place_in_record, names) if at is not None]
        if len(present) == len(names):
            return self.derivation.places(present) if present else None
        columns = [self.column(name) for name in names]
        return Places.of_pair(*columns) if len(columns) == 2 else Places.of_points(*columns)

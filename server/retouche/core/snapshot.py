"""A resource at one revision, as it is read: rows, columns, keys, words and places.

Everything is derived from the bytes when first asked for, once, and kept. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from threading import RLock
from typing import Any, TypeAlias, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from retouche.core.columns import Column
from retouche.core.errors import NotFound, UnknownField
from retouche.core.keys import KeyIndex
from retouche.core.operations import Cell, Key
from retouche.core.package import Resource
from retouche.core.places import Places
from retouche.core.schema import Field
from retouche.core.search import SearchIndex
from retouche.core.table import Table

T = TypeVar("T")
Shape: TypeAlias = Callable[[Sequence[str]], dict[str, Cell]]
"""Turns the texts of a record into the cells of a row."""
Positions: TypeAlias = NDArray[np.intp]

ROW_OVERHEAD = 40
"""Bytes that the offsets of one row hold, and those that its key holds."""
KEY_OVERHEAD = 150
CELLS_AT_ONCE = 3_000_000
"""Texts held while columns are coded; bounds the memory, not the speed."""


class Snapshot:
    """One CSV and all that is known of it. Safe to share between threads."""

    def __init__(self, resource: Resource, data: bytes):
        self.resource = resource
        self.data = data
        self._lock = RLock()
        self._kept: dict[str, Any] = {}
        self._columns: dict[str, Column] = {}

    def __len__(self) -> int:
        return len(self.table)

    @property
    def table(self) -> Table:
        """Raises `UnreadableFile`."""
        return self._once("table", lambda: Table.parse(self.data, self.resource.dialect))

    @property
    def index(self) -> KeyIndex:
        return self._once("index", lambda: KeyIndex.build(self.table, self.resource.schema))

    @property
    def all_fields(self) -> tuple[Field, ...]:
        """The columns of the file in its order, then those that only the schema knows."""
        return self._once("all_fields", self._read_fields)

    @property
    def fields(self) -> tuple[Field, ...]:
        """The same without personal fields: all that may be served, filtered or searched."""
        return self._once(
            "fields", lambda: tuple(one for one in self.all_fields if not one.personal)
        )

    def column(self, name: str) -> Column:
        """Any column, personal ones too. Raises `UnknownField`."""
        if name not in self._columns:
            self.prepare((name,))
        return self._columns[name]

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
        with self._lock:
            wanted = [name for name in dict.fromkeys(names) if name not in self._columns]
            if not wanted:
                return
            fields = {one.name: one for one in self.all_fields}
            for name in wanted:
                if name not in fields:
                    raise UnknownField(field=name)
            present = [name for name in wanted if name in self._header]
            for name in wanted:
                if name not in self._header:
                    self._columns[name] = Column.absent(fields[name], length=len(self))
            at_once = max(1, CELLS_AT_ONCE // max(1, len(self)))
            for low in range(0, len(present), at_once):
                self._read_columns([fields[name] for name in present[low : low + at_once]])

    def values(self, name: str) -> Set[str]:
        """The distinct texts of a column, without missing ones."""
        return self.column(name).codes_by_text.keys()

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
        return self._header.get(name)

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
        with self._lock:
            size = len(self.data) + sum(one.size for one in self._columns.values())
            for name, one in self._kept.items():
                if isinstance(one, SearchIndex | Places):
                    size += one.size
                elif name in ("table", "index"):
                    size += len(self) * (ROW_OVERHEAD if name == "table" else KEY_OVERHEAD)
        return size

    @property
    def _header(self) -> Mapping[str, int]:
        return self._once("header", lambda: {name: at for at, name in enumerate(self.table.header)})

    def _once(self, name: str, make: Callable[[], T]) -> T:
        if name not in self._kept:
            with self._lock:
                if name not in self._kept:
                    self._kept[name] = make()
        return cast(T, self._kept[name])

    def _read_fields(self) -> tuple[Field, ...]:
        known = self.resource.schema.by_name
        in_file = [known.get(name) or Field(name=name) for name in self.table.header]
        return (*in_file, *(one for name, one in known.items() if name not in self._header))

    def _read_columns(self, fields: Sequence[Field]) -> None:
        missing = self.resource.schema.missing_values
        texts = self.table.columns([self._header[one.name] for one in fields])
        for field in fields:
            # Popped so that the texts of one column are freed while the next is coded.
            self._columns[field.name] = Column.of(field, texts.pop(0), missing=missing)

    def _shape(self, fields: Sequence[Field]) -> Shape:
        width, missing = len(self.table.header), frozenset(self.resource.schema.missing_values)
        # One place past the record stands for the fields that the file lacks.
        wanted = [(one.name, self._header.get(one.name, width)) for one in fields]

        def shape(record: Sequence[str]) -> dict[str, Cell]:
            # A short record reads as if the cells that it lacks were empty.
            cells: list[Cell] = [None if text in missing else text for text in record[:width]]
            if len(cells) < width:
                cells.extend([None if "" in missing else ""] * (width - len(cells)))
            cells.append(None)
            return {name: cells[at] for name, at in wanted}

        return shape

    def _read_search(self) -> SearchIndex:
        names = [one.name for one in self.fields]
        self.prepare(names)
        return SearchIndex(map(self.column, names), length=len(self))

    def _read_places(self) -> Places | None:
        pair = self.resource.geo
        shown = {one.name for one in self.fields}
        if pair is not None:
            latitude, longitude = pair
            if not shown.issuperset(pair):
                return None
            return Places.of_pair(self.column(latitude), self.column(longitude))
        points = next((one for one in self.fields if one.type == "geopoint"), None)
        return None if points is None else Places.of_points(self.column(points.name))

"""What a version takes over from the one before, part by part, with what the edits changed.

Every part is what reading the whole file would have made; where that cannot be told, there is none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from retouche.core.coded.columns import Column
from retouche.core.edited import Data
from retouche.core.keys import KeyIndex
from retouche.core.package import Resource
from retouche.core.parts import Part
from retouche.core.reading.holdings import Holdings
from retouche.core.reading.lexicon import Lexicon
from retouche.core.reading.places import Places
from retouche.core.reading.positions import some_of_pair, some_of_points
from retouche.core.reading.search import ColumnSearch
from retouche.core.schema import Field
from retouche.core.succession import Cut, Succession
from retouche.core.table import Table


class Ancestor(Protocol):
    """A version from which another one is derived."""

    def inherited(self, name: str, *, generations: int = ...) -> Part | None:
        """A part that can be had without a look at the whole file."""
        ...

    def held(self, name: str) -> Part | None:
        """A part that is kept as it is."""
        ...


@dataclass(frozen=True, slots=True)
class Descent:
    """A version is its parent with these cuts. `name` tells one parent from another."""

    name: str
    parent: Ancestor
    cuts: tuple[Cut, ...]


class Inheritance:
    """Makes parts of a version, whose bytes are `data`, from those of its parent.

    Asks for nothing that is not kept already.
    """

    def __init__(self, resource: Resource, parts: Holdings, descent: Descent, data: Data):
        self._resource = resource
        self._parts = parts
        self._descent = descent
        self._data = data
        self._rows: list[tuple[str, ...]] | None = None

    def part(self, name: str, source: Part) -> Part | None:
        """A part from that of the parent; None where only the whole file can tell."""
        if name == "table":
            return self._table(source)
        kept, windows = self._parts.get("table"), self._parts.get("succession")
        if kept is None or windows is None or windows.meta["of"] != self._descent.name:
            return None
        table = Table.of_part(kept, self._data, self._resource.dialect)
        succession = Succession.of_part(windows)
        kind, *places = name.split("-")
        numbers = [int(one) for one in places]
        made: Part | None = source  # a lexicon serves later versions too
        if kind == "keys":
            made = KeyIndex.succeed(source, table, self._resource.schema, succession).part()
        elif kind == "column":
            made = self._column(source, table, numbers[0], succession)
        elif kind == "search":
            made = self._search(source, table, numbers[0], succession)
        elif kind == "places":
            made = self._places(source, table, numbers, succession)
        return source if made is not None and made.same(source) else made

    def _table(self, source: Part) -> Part | None:
        found = Table.succeed(source, self._data, self._resource.dialect, self._descent.cuts)
        if found is None:
            return None
        table, succession = found
        windows = succession.part()
        self._parts.keep(
            "succession", Part(windows.arrays, {**windows.meta, "of": self._descent.name})
        )
        return table.part()

    def _column(self, source: Part, table: Table, place: int, succession: Succession) -> Part:
        if self._rows is None:
            self._rows = list(table.rows_at(succession.fresh_rows))
        texts = [row[place] if place < len(row) else "" for row in self._rows]
        parent = Column.of_part(field_at(table, place, self._resource), source)
        missing = self._resource.schema.missing_values
        return parent.succeed(succession, texts, missing=missing).part()

    def _search(
        self, source: Part, table: Table, place: int, succession: Succession
    ) -> Part | None:
        column, lexicon = self._held(table, place), self._parts.get(f"lexicon-{place}")
        before = self._descent.parent.held(f"column-{place}")
        if column is None or lexicon is None or before is None:
            return None
        parent = Column.of_part(column.field, before)
        found = ColumnSearch.of_part(source, parent, Lexicon.of_part(lexicon))
        if found is None:
            return None
        after = found.succeed(column, column.since(parent, succession))
        if after.lexicon is not found.lexicon:
            self._parts.keep(f"lexicon-{place}", after.lexicon.part())
        return after.part()

    def _places(
        self, source: Part, table: Table, places: Sequence[int], succession: Succession
    ) -> Part | None:
        columns = [one for at in places if (one := self._held(table, at)) is not None]
        if len(columns) < len(places):
            return None
        fresh = succession.fresh_rows
        if len(columns) == 2:
            pair = some_of_pair(columns[0], columns[1], fresh)
        else:
            pair = some_of_points(columns[0], fresh)
        parent = Places.of_part(source)
        return parent.succeed(succession, latitudes=pair[0], longitudes=pair[1]).part()

    def _held(self, table: Table, place: int) -> Column | None:
        part = self._parts.get(f"column-{place}")
        if part is None:
            return None
        return Column.of_part(field_at(table, place, self._resource), part)


def field_at(table: Table, place: int, resource: Resource) -> Field:
    """The field of a column of the file, be it in the schema or not."""
    name = table.header[place]
    return resource.schema.by_name.get(name) or Field(name=name)


def needed(name: str) -> list[str]:
    """The parts that must be there before this one can be taken over."""
    kind, *places = name.split("-")
    if kind == "table":
        return []
    columns = [f"column-{place}" for place in places]
    if kind == "search":
        return ["table", *columns, f"lexicon-{places[0]}"]
    return ["table", *columns] if kind == "places" else ["table"]

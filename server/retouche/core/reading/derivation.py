"""What is derived from one version of a file, part by part: looked up, else taken over from the
version before with what the edits changed, else made from the bytes. Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar, cast

from retouche.core.coded.columns import Column
from retouche.core.edited import Data
from retouche.core.keys import KeyIndex
from retouche.core.package import Resource
from retouche.core.parts import Drawer, Part
from retouche.core.reading.holdings import MAPPING, Holdings
from retouche.core.reading.inheritance import Descent, Inheritance, field_at, needed
from retouche.core.reading.lexicon import Lexicon
from retouche.core.reading.places import Places
from retouche.core.reading.search import ColumnSearch
from retouche.core.table import Table

T = TypeVar("T")
CELLS_AT_ONCE = 8_000_000
"""Cells whose places are held while columns are coded; bounds the memory, not the speed."""
GENERATIONS = 16
"""Versions back to which a part may be derived; beyond, reading the file costs no more."""


def no_descent() -> None:
    """Of a version of which nothing before is known."""
    return None


class Derivation:
    """The structures of one version. Safe to share between threads.

    `data` is the bytes or what gives them. While parts of a version are built no other version is
    asked for anything, since two versions may come from each other.
    """

    def __init__(
        self,
        resource: Resource,
        data: Data | Callable[[], Data],
        *,
        drawer: Drawer,
        descent: Callable[[], Descent | None] = no_descent,
    ):
        self.resource = resource
        self._data = data
        self._parts = Holdings(drawer)
        # Asked anew each time: who held its parent would hold all that came before.
        self._descent = descent
        self._rootless = False
        self._kept: dict[str, Any] = {}

    @property
    def data(self) -> Data:
        return self.once("data", lambda: self._data() if callable(self._data) else self._data)

    @property
    def table(self) -> Table:
        """Raises `UnreadableFile`."""
        return self.once("table", self._read_table)

    @property
    def index(self) -> KeyIndex:
        return self.once("index", self._read_index)

    @property
    def header(self) -> Mapping[str, int]:
        """Which cell of a record each field of the file is."""
        return self.once("header", lambda: {name: at for at, name in enumerate(self.table.header)})

    @property
    def size(self) -> int:
        """About how many bytes of memory are held."""
        data = self._kept.get("data", self._data)
        columns = [one for one in [*self._kept.values()] if isinstance(one, Column)]
        held = self._parts.size + sum(one.size for one in columns)
        # The parts are counted already, be they mapped or not.
        held -= sum(one.part().size for one in columns if one.field.name in self.header)
        if callable(data):  # not read yet
            return held
        return held + (len(data) if isinstance(data, bytes) else MAPPING)

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What `make` gives; threads that ask at once may make it twice and share one."""
        if name not in self._kept:
            made = make()
            self._kept.setdefault(name, made)
        return cast(T, self._kept[name])

    def column(self, place: int) -> Column:
        """A column of the file, by its place in a record."""
        found = self._kept.get(f"column-{place}")
        if found is None:
            self.prepare((place,))
            found = self._column(self.table, place)
            assert found is not None
        return cast(Column, found)

    def prepare(self, places: Sequence[int], *, follow: Callable[[], None] = lambda: None) -> None:
        """Have some columns of the file; those that must be read are read together.

        `follow` is called after each of them.
        """
        names = {place: f"column-{place}" for place in places}
        self._take_over(names.values())
        unread = [place for place, name in names.items() if self._parts.get(name) is None]
        for _ in range(len(places) - len(unread)):
            follow()
        if unread:
            table = self.table
            with self._parts.alone():
                unread = [at for at in unread if self._parts.get(f"column-{at}") is None]
                at_once = max(1, CELLS_AT_ONCE // max(1, len(table)))
                for low in range(0, len(unread), at_once):
                    self._read_columns(table, unread[low : low + at_once], follow)

    def search(self, place: int) -> ColumnSearch:
        """What finds texts in a column of the file."""
        column = self.column(place)
        self._take_over([f"lexicon-{place}", f"search-{place}"])
        found = self._found(column, place)
        if found is None:
            with self._parts.alone():
                found = self._found(column, place)
                if found is None:
                    made = ColumnSearch.of(column)
                    self._parts.keep(f"lexicon-{place}", made.lexicon.part())
                    self._parts.keep(f"search-{place}", made.part())
                    found = self._found(column, place) or made
        return found

    def places(self, places: Sequence[int]) -> Places:
        """Where the rows lie, by the column of a geopoint or by a latitude and a longitude."""
        self.prepare(places)
        columns = [self.column(place) for place in places]

        def make() -> Part:
            if len(columns) == 2:
                return Places.of_pair(*columns).part()
            return Places.of_points(*columns).part()

        return Places.of_part(self._part("-".join(["places", *map(str, places)]), make))

    def inherited(self, name: str, *, generations: int = GENERATIONS) -> Part | None:
        """A part that can be had without a look at the whole file.

        It may come from as many versions before; these may come from each other in a circle.
        """
        found = self._parts.get(name)
        if found is None:
            self._take_over([name], generations=generations)
            found = self._parts.get(name)
        return found

    def _take_over(self, names: Iterable[str], *, generations: int = GENERATIONS) -> None:
        """Take over parts from the parent, as far as that can be; all at once costs less."""
        wanted = [name for name in names if self._parts.get(name) is None]
        if not wanted or not generations:
            return
        try:
            descent = None if self._rootless else self._descent()
            if descent is None:
                self._rootless = True
                return
            sources: dict[str, Part] = {}
            for name in wanted:
                before = (self.inherited(one, generations=generations) for one in needed(name))
                if all(one is not None for one in before):
                    source = descent.parent.inherited(name, generations=generations - 1)
                    if source is not None:
                        sources[name] = source
            if not sources:
                return
            data = self.data
        except LookupError:  # the bytes of a version that is not read itself are gone
            return
        inheritance = Inheritance(self.resource, self._parts, descent, data)
        with self._parts.alone():
            for name, source in sources.items():
                self._parts.once(name, partial(inheritance.part, name, source))

    def held(self, name: str) -> Part | None:
        """A part that is kept as it is."""
        return self._parts.get(name)

    def _part(self, name: str, make: Callable[[], Part]) -> Part:
        found = self.inherited(name) or self._parts.once(name, make)
        assert found is not None
        return found

    def _read_table(self) -> Table:
        data, dialect = self.data, self.resource.dialect
        part = self._part("table", lambda: Table.parse(data, dialect).part())
        return Table.of_part(part, data, dialect)

    def _read_index(self) -> KeyIndex:
        table, schema = self.table, self.resource.schema
        part = self._part("keys", lambda: KeyIndex.build(table, schema).part())
        return KeyIndex.of_part(part, table, schema)

    def _read_columns(
        self, table: Table, places: Sequence[int], follow: Callable[[], None]
    ) -> None:
        missing = self.resource.schema.missing_values
        for place, cells in zip(places, table.cells(places), strict=True):
            made = Column.read(field_at(table, place, self.resource), cells, missing=missing)
            self._parts.keep(f"column-{place}", made.part())
            follow()

    def _column(self, table: Table, place: int) -> Column | None:
        """A column whose part is held."""
        name = f"column-{place}"
        part = self._parts.get(name)
        if part is None:
            return None
        return self.once(name, lambda: Column.of_part(field_at(table, place, self.resource), part))

    def _found(self, column: Column, place: int) -> ColumnSearch | None:
        """What finds texts in a column, when its parts are held."""
        lexicon = self._parts.get(f"lexicon-{place}")
        changes = self._parts.get(f"search-{place}")
        if lexicon is None or changes is None:
            return None
        return ColumnSearch.of_part(changes, column, Lexicon.of_part(lexicon))

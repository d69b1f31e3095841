"""A whole file checked with the same readers, checks and words as a proposal's rows.

Goes through the bytes once, block by block, column by column: what is surely right is told from
the bytes, and the judge is asked once for every other text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TypeAlias

import numpy as np

from retouche.core.cellgrid import Block, CellGrid
from retouche.core.judging import relations
from retouche.core.judging.blemishing import suspects
from retouche.core.judging.changes import RowReader
from retouche.core.judging.checks import checks_of
from retouche.core.judging.faults import Fault
from retouche.core.judging.filecolumn import FileColumn, Others
from retouche.core.judging.headers import header_faults, schema_faults
from retouche.core.judging.integrity import unique_groups
from retouche.core.judging.ledger import Ledger
from retouche.core.judging.missing import Missing
from retouche.core.judging.rowchecks import check_rows
from retouche.core.judging.sifting import Sifter
from retouche.core.judging.totals import total_fault, total_of_file
from retouche.core.package import Resource
from retouche.core.report import Report
from retouche.core.rows import Rows
from retouche.core.schema import ForeignKey
from retouche.core.table import Table
from retouche.core.tokenizer import Flags, Offsets

Progress: TypeAlias = Callable[[int, int], None]
"""Told how many rows are done, of how many."""


def check(
    resource: Resource,
    table: Table,
    *,
    neighbours: Mapping[str, Rows],
    progress: Progress | None = None,
    limit: int | None = None,
) -> Report:
    """Everything that is wrong with a file. `limit` bounds the errors of one kind and column."""
    found = inspect(resource, table, neighbours=neighbours, progress=progress)
    return found.report(limit=limit)


def inspect(
    resource: Resource,
    table: Table,
    *,
    neighbours: Mapping[str, Rows],
    progress: Progress | None = None,
) -> Ledger:
    """The same, not yet made into a report."""
    found = _Inspection(resource, table, neighbours=neighbours)
    total = len(table)

    def tell(done: int) -> None:
        if progress is not None and done:
            progress(done, total)

    found.header()
    for block in found.grid.blocks():
        found.block(block)
        tell(block.high * 3 // 4)  # what is doubtful is judged when all of it is known
    for place in range(len(found.sifters)):
        found.cells(place, lambda: tell(total * 3 // 4))
    found.long_rows()
    found.checks()
    found.ties()
    tell(total)
    return found.ledger


class _Inspection:
    """What is known of a file while it is gone through."""

    def __init__(self, resource: Resource, table: Table, *, neighbours: Mapping[str, Rows]) -> None:
        self.resource = resource
        self.table = table
        self.neighbours = neighbours
        self.ledger = Ledger(resource, table)
        self.grid = CellGrid(table.data, table.dialect, starts=table.starts, stops=table.stops)
        self.read = RowReader(resource, table.header)
        self.places = self.read.rows.places
        self.sifters = [Sifter(reader, self.grid) for reader in self.read.rows.readers]
        self.missing = [Missing(reader.missing, self.grid) for reader in self.read.rows.readers]
        self.unchecked: list[Offsets] = []
        self.long: list[Offsets] = []
        self.unique = list(unique_groups(resource.schema, table.header))
        self.totals = [
            (place, one)
            for place, one in enumerate(checks_of(resource).totals)
            if one.column in self.places
        ]
        others = Others()
        readers = self.read.rows.readers
        self.columns = {
            name: FileColumn(place, readers[place], self.grid, others=others)
            for name, place in self.places.items()
            if name in self._wanted()
        }

    def _wanted(self) -> set[str]:
        """The columns that rules between rows or columns look at."""
        names = {name for _, columns in self.unique for name in columns}
        names.update(one.column for _, one in self.totals)
        names.update(name for _, one in self.read.checks for name in one.columns)
        for key in self.resource.schema.foreign_keys:
            if self._known(key) and all(name in self.places for name in key.fields):
                names.update(key.fields)
                names.update(key.reference_fields if self._itself(key) else ())
        return names

    def _itself(self, key: ForeignKey) -> bool:
        return key.resource in ("", self.resource.name)

    def _known(self, key: ForeignKey) -> bool:
        return self._itself(key) or key.resource in self.neighbours

    # The file

    def header(self) -> None:
        """Faults of the schema and the header, references out of sight, and blank lines."""
        for fault in (
            *schema_faults(self.resource),
            *header_faults(self.resource.schema, self.table.header),
        ):
            self.ledger.add_whole(fault)
        for key in self.resource.schema.foreign_keys:
            if not self._known(key):
                values = {"columns": key.fields, "reference": key.resource}
                code = "unchecked-reference"
                self.ledger.add_whole(
                    Fault(code=code, rule=code, field=key.fields[0], values=values, level="warning")
                )
        for line in self.table.blank_lines:
            fault = Fault(code="blank-row", rule="blank-line", level="warning")
            self.ledger.add_whole(fault, line=line)

    # Cells

    def block(self, block: Block) -> None:
        """Judge rows by columns, those that are too short one by one."""
        usual = self._usual(block)
        rows, columns = self._suspects(block)
        for place, sifter in enumerate(self.sifters):
            kept = self.columns.get(self.table.header[place])
            here = rows[columns == place]
            if sifter.idle and kept is None and not len(here):
                continue
            cells = block.cells(place)
            if kept is not None:
                kept.take(block, cells)
            sifter.take(cells, block.low, among=usual, suspects=here)

    def _usual(self, block: Block) -> Flags | None:
        """Which rows are neither blank nor too short; None for all. The others are judged."""
        width = len(self.table.header)
        usual = np.ones(len(block), np.bool_)
        blank = self._blank(block)
        if len(blank):
            usual[blank] = False
            self.ledger.add(self.read.rows.blank_fault, blank + block.low)
            self.unchecked.append(blank + block.low)
        if block.even != width:
            for row in (np.flatnonzero(usual & (block.counts < width)) + block.low).tolist():
                self._alone(row)
            self.long.append(np.flatnonzero(usual & (block.counts > width)) + block.low)
            usual &= block.counts >= width
        return None if usual.all() else usual

    def _blank(self, block: Block) -> Offsets:
        """The places of rows with nothing but missing values."""
        places = np.arange(len(block))
        for column, missing in enumerate(self.missing):
            found = missing(block.cells(column).at(places))
            if block.even is None or block.even <= column:
                found |= block.counts[places] <= column
            places = places[found]
            if not len(places):
                break
        return places

    def _suspects(self, block: Block) -> tuple[Offsets, Offsets]:
        """The places, and the columns, of cells with characters that may be at fault."""
        utf8 = self.table.dialect.encoding == "utf-8"
        low, high = int(block.starts[0]), int(block.stops[-1])
        rows, columns = block.places_of(suspects(self.grid.view, low, high, utf8=utf8))
        inside = columns < len(self.sifters)
        return rows[inside], columns[inside]

    def _alone(self, row: int) -> None:
        """Judge a row that is too short."""
        state = self.read(self.table.row(row))
        for fault in state.faults:
            self.ledger.add(fault, [row])
        for name, column in self.columns.items():
            if state.judged.values[self.places[name]] is None:
                column.worth_nothing(np.array([row]))
        self.unchecked.append(np.array([row]))

    def cells(self, place: int, alive: Callable[[], None]) -> None:
        """Take down what the cells of a column break. `alive` is called now and then."""
        kept = self.columns.get(self.table.header[place])
        for faults, nothing, rows in self.sifters[place].judged(alive):
            for fault in faults:
                self.ledger.add(fault, rows)
            if nothing and kept is not None:
                kept.worth_nothing(rows)

    def long_rows(self) -> None:
        """Take down cells too many."""
        for row in (row for rows in self.long for row in rows.tolist()):
            for fault in self.read.rows.extra_faults(self.table.row(row)):
                self.ledger.add(fault, [row])

    # Columns and rows among each other

    def checks(self) -> None:
        """Run the custom checks of rows, and add up columns."""
        rows = np.arange(len(self.table))
        if self.unchecked:
            rows = np.delete(rows, np.concatenate(self.unchecked))
        for place, one in self.read.checks:
            columns = [self.columns[name] for name in one.columns]
            for fault, found in check_rows(one, place, columns=columns, rows=rows):
                self.ledger.add(fault, found)
        for place, total in self.totals:
            column = self.columns[total.column]
            added = total_of_file(column) if len(self.table) else Decimal(0)
            if added != total.equals:
                self.ledger.add_whole(total_fault(total, added, place=place))

    def ties(self) -> None:
        """Compare keys, unique columns and references of all rows."""
        if not len(self.table):
            return
        for code, names in self.unique:
            columns = [self.columns[name] for name in names]
            for fault, rows in relations.duplicates(code, names, columns):
                self.ledger.add(fault, rows)
        keys = [one for one in self.resource.schema.foreign_keys if self._followed(one)]
        for key in sorted(keys, key=self._itself):
            for fault, rows in self._dangling(key):
                self.ledger.add(fault, rows)

    def _followed(self, key: ForeignKey) -> bool:
        return self._known(key) and all(name in self.columns for name in key.fields)

    def _dangling(self, key: ForeignKey) -> relations.Found:
        columns = [self.columns[name] for name in key.fields]
        if not self._itself(key):
            return relations.dangling_references(key, self.neighbours[key.resource], columns)
        referred = [self.columns.get(name) for name in key.reference_fields]
        known = [one for one in referred if one is not None]
        whole = known if len(known) == len(referred) else []
        return relations.dangling_within(key, self.resource.name, columns, whole)

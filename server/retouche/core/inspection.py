"""A whole file checked with the same readers, checks and words as a proposal's rows.

Goes through the file once, in chunks: each distinct text of a column is judged once a chunk.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, Protocol, TypeAlias

from retouche.core.changes import RowReader, check_faults, located, table_error
from retouche.core.checks import checks_of
from retouche.core.checks.check import RowCheck
from retouche.core.checks.numbers import number
from retouche.core.faults import Fault
from retouche.core.headers import header_faults, schema_faults
from retouche.core.integrity import unique_groups
from retouche.core.operations import Cell
from retouche.core.package import Resource
from retouche.core.relations import Reference, Uniqueness
from retouche.core.report import CellError, Report
from retouche.core.rows import Records, Rows
from retouche.core.totals import total_fault

CHUNK = 20_000
Progress: TypeAlias = Callable[[int, int], None]
"""Told how many rows are done, of how many."""


class File(Records, Protocol):
    """A table that also knows its lines."""

    @property
    def blank_lines(self) -> Sequence[int]: ...

    def line(self, position: int, /) -> int: ...


def check(
    resource: Resource,
    table: File,
    *,
    neighbours: Mapping[str, Rows],
    progress: Progress | None = None,
    limit: int | None = None,
) -> Report:
    """Everything that is wrong with a file. `limit` bounds the errors of one kind and column."""
    found = _Inspection(resource, table, neighbours=neighbours, limit=limit)
    found.header()
    rows, done = iter(table.rows()), 0
    while chunk := list(islice(rows, CHUNK)):
        found.chunk(chunk, done)
        done += len(chunk)
        if progress is not None:
            progress(done, len(table))
    found.whole()
    return found.report()


class _Inspection:
    """What is known of a file while it is gone through."""

    def __init__(
        self,
        resource: Resource,
        table: File,
        *,
        neighbours: Mapping[str, Rows],
        limit: int | None,
    ) -> None:
        self.resource = resource
        self.table = table
        self.neighbours = neighbours
        self.limit = limit
        self.read = RowReader(resource, table.header)
        self.places = self.read.rows.places
        self.errors: list[tuple[int, CellError]] = []
        self.counts: Counter[tuple[object, ...]] = Counter()
        self.unique = [
            Uniqueness(code, columns)
            for code, columns in unique_groups(resource.schema, table.header)
        ]
        self.references = [
            Reference(key, resource, target=neighbours.get(key.resource))
            for key in resource.schema.foreign_keys
            if all(name in self.places for name in key.fields) and self._known(key.resource)
        ]
        self.totals = [
            (place, one)
            for place, one in enumerate(checks_of(resource).totals)
            if one.column in self.places
        ]
        self.sums: defaultdict[str, Decimal] = defaultdict(Decimal)
        self.ties: tuple[Uniqueness | Reference, ...] = (*self.unique, *self.references)
        columns = [name for one in self.ties for name in one.columns]
        columns += [one.column for _, one in self.totals]
        self.typed = {name for name in columns if name in self.places}

    # Faults

    def add(self, fault: Fault, position: int | None = None, *, line: int | None = None) -> None:
        """Take down a fault of a row, or of the whole file."""
        kind = (fault.code, fault.rule, fault.field, fault.check)
        self.counts[kind] += 1
        if self.limit is not None and self.counts[kind] > self.limit:
            return
        if position is None:
            error = table_error(fault, self.resource)
        else:
            error = located(
                fault,
                resource=self.resource,
                header=self.table.header,
                texts=self.table.row(position),
                position=position,
                line=self.table.line,
            )
        self.errors.append((-1 if position is None else position, error))

    def header(self) -> None:
        for fault in (
            *schema_faults(self.resource),
            *header_faults(self.resource.schema, self.table.header),
        ):
            self.add(fault)
        for key in self.resource.schema.foreign_keys:
            if not self._known(key.resource):
                values = {"columns": key.fields, "reference": key.resource}
                code = "unchecked-reference"
                self.add(
                    Fault(code=code, rule=code, field=key.fields[0], values=values, level="warning")
                )
        for line in self.table.blank_lines:
            fault = Fault(code="blank-row", rule="blank-line", level="warning")
            self.counts["blank-line",] += 1
            if self.limit is None or self.counts["blank-line",] <= self.limit:
                self.errors.append((-1, table_error(fault, self.resource, line=line)))

    def _known(self, target: str) -> bool:
        return target in ("", self.resource.name) or target in self.neighbours

    def report(self) -> Report:
        self.errors.sort(key=lambda one: one[0])
        found = [error for _, error in self.errors]
        return Report(
            errors=tuple(one for one in found if one.level == "error"),
            warnings=tuple(one for one in found if one.level == "warning"),
        )

    # Rows

    def chunk(self, rows: Sequence[tuple[str, ...]], start: int) -> None:
        """Judge rows of the usual shape by columns, the others one by one."""
        width = len(self.table.header)
        first = self.read.rows.readers[0].missing
        regular: list[tuple[str, ...]] = []
        places: list[int] = []
        for offset, row in enumerate(rows):
            if len(row) != width or (row[0] in first and self._blank(row)):
                self._alone(row, start + offset)
            else:
                regular.append(row)
                places.append(start + offset)
        if regular:
            self._together(regular, places)

    def _blank(self, row: Sequence[str]) -> bool:
        pairs = zip(row, self.read.rows.readers, strict=True)
        return all(text in reader.missing for text, reader in pairs)

    def _alone(self, row: tuple[str, ...], position: int) -> None:
        state = self.read(row)
        for fault in state.faults:
            self.add(fault, position)
        values = {name: [state.judged.values[self.places[name]]] for name in self.typed}
        self._tie(values, [position])

    def _together(self, rows: Sequence[tuple[str, ...]], positions: Sequence[int]) -> None:
        columns = list(zip(*rows, strict=True))
        checked = {name for _, one in self.read.checks for name in one.columns}
        values: dict[str, list[Any]] = {}
        for name, texts, reader in zip(
            self.table.header, columns, self.read.rows.readers, strict=True
        ):
            judged = {text: reader(text) for text in set(texts)}
            if name in self.typed or name in checked:
                values[name] = [judged[text][0] for text in texts]
            faulty = {text: faults for text, (_, faults) in judged.items() if faults}
            if faulty:
                for text, position in zip(texts, positions, strict=True):
                    for fault in faulty.get(text, ()):
                        self.add(fault, position)
        for place, one in self.read.checks:
            self._check(one, place, columns=columns, values=values, positions=positions)
        self._tie(values, positions)

    def _check(
        self,
        check: RowCheck,
        place: int,
        *,
        columns: Sequence[Sequence[str]],
        values: Mapping[str, Sequence[Any]],
        positions: Sequence[int],
    ) -> None:
        """Run a custom check, once for all rows that have the same texts."""
        numbers = [self.places[name] for name in check.columns]
        missing = [self.read.rows.readers[at].missing for at in numbers]
        known: dict[tuple[str, ...], tuple[Fault, ...]] = {}
        texts_of_rows = zip(*(columns[at] for at in numbers), strict=True)
        values_of_rows = zip(*(values[name] for name in check.columns), strict=True)
        for texts, worth, position in zip(texts_of_rows, values_of_rows, positions, strict=True):
            faults = known.get(texts)
            if faults is None:
                cells: list[Cell] = [
                    None if text in none else text
                    for text, none in zip(texts, missing, strict=True)
                ]
                faults = tuple(check_faults(check, place, cells=cells, values=worth))
                known[texts] = faults
            for fault in faults:
                self.add(fault, position)

    # Rows among each other

    def _tie(self, values: Mapping[str, Sequence[Any]], positions: Sequence[int]) -> None:
        for tie in self.ties:
            for fault, position in tie.faults(values, positions, texts=self._texts):
                self.add(fault, position)
        for _, total in self.totals:
            found = map(number, values[total.column])
            self.sums[total.column] += sum((one for one in found if one is not None), Decimal(0))

    def whole(self) -> None:
        """What only the end of the file tells."""
        for reference in self.references:
            for fault, position in reference.rest(texts=self._texts):
                self.add(fault, position)
        for place, total in self.totals:
            if self.sums[total.column] != total.equals:
                self.add(total_fault(total, self.sums[total.column], place=place))

    def _texts(self, position: int, columns: Sequence[str]) -> list[str]:
        texts = self.table.row(position)
        return [self.read.cell(self.places[name], texts) or "" for name in columns]

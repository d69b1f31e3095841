"""The rows that a patch changes, as they were and as they will be, both judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from retouche.core.judging.checks import checks_of
from retouche.core.judging.checks.check import RowCheck
from retouche.core.judging.faults import Fault
from retouche.core.judging.judge import Judge, judge
from retouche.core.judging.rowjudge import Judged, RowJudge
from retouche.core.operations import Cell, Insert, Key, Operation, Update
from retouche.core.package import Resource
from retouche.core.report import CellError
from retouche.core.rows import Rows, cells_of


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A row before or after: its texts, what they are worth, and what is wrong with them."""

    texts: tuple[str, ...]
    judged: Judged
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one operation does to one row. `touched` are the columns it writes."""

    number: int
    operation: Operation
    position: int | None
    before: State | None
    after: State | None
    touched: frozenset[str]


class RowReader:
    """Judges whole rows of one file: cells, shape and custom checks."""

    def __init__(self, resource: Resource, header: Sequence[str]) -> None:
        self.resource = resource
        self.judge: Judge = judge(resource.schema)
        self.rows: RowJudge = self.judge.rows(header)
        found = [(place, one.within(header)) for place, one in enumerate(checks_of(resource).rows)]
        self.checks = tuple((place, one) for place, one in found if one is not None)

    def __call__(self, texts: Sequence[str]) -> State:
        judged = self.rows(texts)
        faults = list(judged.faults)
        if not judged.blank:
            for place, check in self.checks:
                columns = [self.rows.places[name] for name in check.columns]
                cells = [self.cell(column, texts) for column in columns]
                values = [judged.values[column] for column in columns]
                faults.extend(check_faults(check, place, cells=cells, values=values))
        return State(texts=tuple(texts), judged=judged, faults=tuple(faults))

    def cell(self, column: int, texts: Sequence[str]) -> Cell:
        """The text of a cell, None when it is missing or the row is too short for it."""
        if column >= len(texts) or texts[column] in self.rows.readers[column].missing:
            return None
        return texts[column]


def check_faults(
    check: RowCheck, place: int, *, cells: Sequence[Cell], values: Sequence[object]
) -> Iterable[Fault]:
    """What a custom check, the `place`th of its resource, says of a row."""
    finding = check.test(cells, values)
    if finding is not None:
        code = finding.code or check.name
        yield Fault(
            code=code,
            rule=check.name,
            field=check.columns[0],
            value=cells[0],
            columns=check.columns,
            values={
                "reason": finding.reason,
                "columns": check.columns,
                **finding.values,
                **({"message": check.message} if check.message else {}),
            },
            level=check.level,
            check=place,
        )


class Sheet:
    """The changes of one resource, on its rows as they are."""

    def __init__(self, resource: Resource, rows: Rows) -> None:
        self.resource = resource
        self.rows = rows
        self.header = rows.table.header
        self.read = RowReader(resource, self.header)
        self.judge = self.read.judge
        self.changes: list[Change] = []

    def add(self, number: int, operation: Operation) -> None:
        """Work out what an operation changes. Raises `NotFound` and `AmbiguousRow`."""
        position = None
        before = after = None
        if not isinstance(operation, Insert):
            position = self.rows.index.find(operation.key)
            before = self.read(self.rows.table.row(position))
        if isinstance(operation, Insert):
            to_text, row = self.resource.schema.to_text, operation.row
            after = self.read([to_text(row.get(name)) for name in self.header])
            touched = frozenset(self.header)
        elif isinstance(operation, Update):
            assert before is not None
            after = self.read(self._updated(before.texts, operation.new))
            touched = frozenset(operation.new)
        else:
            touched = frozenset()
        self.changes.append(
            Change(
                number=number,
                operation=operation,
                position=position,
                before=before,
                after=after,
                touched=touched,
            )
        )

    def _updated(self, texts: Sequence[str], new: Mapping[str, Cell]) -> Sequence[str]:
        """The record as splicing writes it: nothing where the cell says the same already."""
        schema = self.resource.schema
        updated = list(texts)
        for name, cell in new.items():
            place = self.read.rows.places.get(name)
            if place is None:
                continue
            present = schema.to_cell(texts[place]) if place < len(texts) else None
            if (None if cell is None else schema.to_cell(cell)) == present:
                continue
            updated.extend([""] * (place + 1 - len(updated)))
            updated[place] = schema.to_text(cell)
        return updated

    def error(self, change: Change, fault: Fault, *, already: bool = False) -> CellError:
        """A fault in its place. One that was there already is only a warning."""
        # A row is called what readers know it by, as long as it has been published.
        state = change.before or change.after
        assert state is not None
        texts = state.texts
        return located(
            fault,
            resource=self.resource,
            texts=texts,
            header=self.header,
            key=change.operation.key if not isinstance(change.operation, Insert) else None,
            operation=change.number,
            already=already,
        )


def located(
    fault: Fault,
    *,
    resource: Resource,
    header: Sequence[str],
    texts: Sequence[str],
    key: Key | None = None,
    operation: int | None = None,
    position: int | None = None,
    line: Callable[[int], int] | None = None,
    already: bool = False,
) -> CellError:
    """A fault as an error of a row, which is named by its key and label."""
    found, label = name_of(resource, header, texts, key=key)
    return named_error(
        fault,
        resource=resource,
        key=found,
        label=label,
        operation=operation,
        row_number=None if position is None else position + 1,
        line=None if position is None or line is None else line(position),
        already=already,
    )


def name_of(
    resource: Resource, header: Sequence[str], texts: Sequence[str], *, key: Key | None = None
) -> tuple[Key | None, str]:
    """The key and the label of a row, from the columns that they are made of."""
    schema = resource.schema
    cells = cells_of(header, texts, missing=frozenset(schema.missing_values))
    found = key or schema.key_of(cells)
    return found, resource.row_label(cells, found or ())


def named_error(
    fault: Fault,
    *,
    resource: Resource,
    key: Key | None,
    label: str,
    operation: int | None = None,
    row_number: int | None = None,
    line: int | None = None,
    already: bool = False,
) -> CellError:
    """A fault as an error of a row with this key and label."""
    field = resource.schema.by_name.get(fault.field) if fault.field else None
    return CellError(
        code=fault.code,
        resource=resource.name,
        row_key=key,
        field=fault.field,
        value=None if field is not None and field.personal else fault.value,
        rule=fault.rule,
        operation=operation,
        row_number=row_number,
        line=line,
        values={
            **fault.values,
            **({"label": label} if label else {}),
            **({"already": True} if already else {}),
        },
        level="warning" if already else fault.level,
    )


def table_error(
    fault: Fault,
    resource: Resource,
    *,
    operation: int | None = None,
    line: int | None = None,
    already: bool = False,
) -> CellError:
    """A fault of a whole column, of the header or of a blank line, which no row bears."""
    return CellError(
        code=fault.code,
        resource=resource.name,
        field=fault.field,
        value=fault.value,
        rule=fault.rule,
        operation=operation,
        line=line,
        values={**fault.values, **({"already": True} if already else {})},
        level="warning" if already else fault.level,
    )

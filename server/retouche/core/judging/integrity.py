"""Rules that tie rows together, judged for the edited rows alone: keys, unique columns, references.

Each function answers how the errors of the whole dataset change, from counts before the patch
and what the patch adds and removes; nothing is read but what the patch touches.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from retouche.core.judging.changes import Change, Sheet, State
from retouche.core.judging.faults import Fault
from retouche.core.judging.judge import Judge, judge
from retouche.core.judging.occurrences import Occurrences, Value, hashable
from retouche.core.package import Package, Resource
from retouche.core.rows import Neighbours, Rows
from retouche.core.schema import ForeignKey, Schema

MOST = 1_000
"""At most so many orphaned rows are listed for one lost value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """A fault of an edited row that comes from other rows; `new` when the patch brings it."""

    change: Change
    fault: Fault
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphan:
    """A row that is not edited and whose reference the patch takes away."""

    change: Change
    resource: str
    position: int
    fault: Fault


def unique_groups(schema: Schema, header: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The code and the columns of every uniqueness rule that applies to a file."""
    for field in schema.fields:
        if field.constraints.get("unique") and field.name in header:
            yield "unique-error", (field.name,)
    if schema.primary_key and all(name in header for name in schema.primary_key):
        yield "primary-key", schema.primary_key


def duplicates(sheet: Sheet) -> Iterator[Tie]:
    """Values that must be unique and, through the patch, stand in more rows than before.

    As in frictionless, `n` equal rows are `n - 1` errors; they are put on the rows that join.
    """
    schema = sheet.resource.schema
    for code, columns in unique_groups(schema, sheet.header):
        held = Occurrences(sheet.rows, sheet.judge, columns, primary_key=schema.primary_key)
        removed: Counter[Value] = Counter()
        added: defaultdict[Value, list[Change]] = defaultdict(list)
        stayed: list[tuple[Value, Change]] = []
        for change in sheet.changes:
            before = value_of(change.before, sheet, columns)
            after = value_of(change.after, sheet, columns)
            if code == "primary-key" and after is not None and not _any(after):
                yield Tie(
                    change=change,
                    fault=key_missing(columns),
                    new=before is None or _any(before),
                )
            if before == after and _any(after):
                stayed.append((after or (), change))
                continue
            if _any(before):
                removed[before or ()] += 1
            if _any(after):
                added[after or ()].append(change)
        for value, changes in added.items():
            earlier = held.count(value)
            later = earlier - removed[value] + len(changes)
            fresh = max(later - 1, 0) - max(earlier - 1, 0)
            for place, change in enumerate(changes):
                new = place >= len(changes) - fresh
                if new or later > 1:
                    yield Tie(change=change, fault=duplicate(code, columns, change, sheet), new=new)
        for value, change in stayed:
            if held.count(value) - removed[value] > 1:
                fault = duplicate(code, columns, change, sheet)
                yield Tie(change=change, fault=fault, new=False)


def duplicate(code: str, columns: tuple[str, ...], change: Change, sheet: Sheet) -> Fault:
    assert change.after is not None
    return duplicate_fault(code, columns, texts_of(change.after, sheet, columns))


def duplicate_fault(code: str, columns: tuple[str, ...], texts: Sequence[str]) -> Fault:
    return Fault(
        code=code,
        rule="unique",
        field=columns[0],
        value=", ".join(texts),
        columns=columns,
        values={"columns": columns},
    )


def key_missing(columns: tuple[str, ...]) -> Fault:
    return Fault(
        code="primary-key",
        rule="required",
        field=columns[0],
        columns=columns,
        values={"columns": columns},
    )


class References:
    """One foreign key: who refers to whom, before and after the patch."""

    def __init__(
        self, key: ForeignKey, resource: Resource, *, package: Package, before: Neighbours
    ) -> None:
        self.key = key
        self.resource = resource
        self.target = package.resource(key.resource or resource.name)
        self.before = before
        self.removed: Counter[Value] = Counter()
        self.added: Counter[Value] = Counter()
        self.culprits: dict[Value, Change] = {}

    @cached_property
    def rows(self) -> Rows:
        """The rows that refer; read only if the patch concerns them."""
        return self.before[self.resource.name]

    @cached_property
    def referred(self) -> Occurrences:
        """The rows that are referred to; read only if a reference must be followed."""
        return Occurrences(
            self.before[self.target.name],
            judge(self.target.schema),
            self.key.reference_fields,
            primary_key=self.target.schema.primary_key,
        )

    def applies(self) -> bool:
        return all(name in self.rows.table.header for name in self.key.fields)

    def note(self, sheet: Sheet) -> None:
        """Take in the changes of the table that is referred to."""
        for change in sheet.changes:
            before = value_of(change.before, sheet, self.key.reference_fields)
            after = value_of(change.after, sheet, self.key.reference_fields)
            if before == after:
                continue
            if before is not None and _any(before):
                self.removed[before] += 1
                self.culprits[before] = change
            if after is not None and _any(after):
                self.added[after] += 1

    def broken(self, value: Value | None, *, after: bool) -> bool:
        """Whether a row with this reference is at fault, before or after the patch."""
        if value is None or not _any(value):
            return False
        count = self.referred.count(value)
        if after:
            count += self.added[value] - self.removed[value]
        return count == 0

    def own(self, sheet: Sheet) -> Iterator[Tie]:
        """Edited rows that refer to nothing."""
        for change in sheet.changes:
            value = value_of(change.after, sheet, self.key.fields)
            former = value_of(change.before, sheet, self.key.fields)
            idle = value == former and not change.touched.intersection(self.key.fields)
            if value is None or change.after is None or (idle and not self.removed[value]):
                continue
            if self.broken(value, after=True):
                texts = texts_of(change.after, sheet, self.key.fields)
                yield Tie(
                    change=change,
                    fault=dangling(self.key, self.target.name, texts),
                    new=not self.broken(former, after=False),
                )

    def orphans(self, sheet: Sheet | None) -> Iterator[Orphan]:
        """Rows, not edited themselves, whose reference the patch removes or renames."""
        edited = {change.position for change in sheet.changes} if sheet else set()
        lost = [value for value in self.removed if self.broken(value, after=True)]
        if not lost:
            return
        reading: Judge = judge(self.resource.schema)
        primary_key = self.resource.schema.primary_key
        referring = Occurrences(self.rows, reading, self.key.fields, primary_key=primary_key)
        for value in lost:
            positions = [one for one in referring.positions(value) if one not in edited]
            for position in positions[:MOST]:
                texts = _texts(self.rows.table.header, self.rows.table.row(position), self.key)
                fault = dangling(self.key, self.target.name, texts, orphans=len(positions))
                yield Orphan(
                    change=self.culprits[value],
                    resource=self.resource.name,
                    position=position,
                    fault=fault,
                )


def dangling(
    key: ForeignKey, target: str, texts: Sequence[str], *, orphans: int | None = None
) -> Fault:
    """A reference to a row that does not exist, or, for an orphan, exists no more."""
    values: dict[str, object] = {
        "columns": key.fields,
        "reference": target,
        "reference_columns": key.reference_fields,
    }
    if orphans is not None:
        values["orphans"] = orphans
    return Fault(
        code="foreign-key",
        rule="foreign-key",
        field=key.fields[0],
        value=", ".join(texts),
        columns=key.fields,
        values=values,
    )


def references(
    package: Package, *, sheets: Mapping[str, Sheet], before: Neighbours
) -> Iterator[Tie | Orphan]:
    """The foreign keys of all edited tables and of all tables that refer to them."""
    for resource in package.resources.values():
        for key in resource.schema.foreign_keys:
            own = sheets.get(resource.name)
            target = sheets.get(key.resource or resource.name)
            if own is None and target is None:
                continue
            found = References(key, resource, package=package, before=before)
            if target is not None:
                found.note(target)
            if (own is None and not found.removed) or not found.applies():
                continue
            if own is not None:
                yield from found.own(own)
            yield from found.orphans(own)


def value_of(state: State | None, sheet: Sheet, columns: Sequence[str]) -> Value | None:
    """What a row is worth in some columns, None when there is no row."""
    if state is None:
        return None
    places = sheet.read.rows.places
    values: list[Hashable] = []
    for name in columns:
        place = places.get(name)
        values.append(None if place is None else hashable(state.judged.values[place]))
    return tuple(values)


def texts_of(state: State, sheet: Sheet, columns: Sequence[str]) -> list[str]:
    cells = (sheet.read.rows.places[name] for name in columns)
    return [sheet.read.cell(place, state.texts) or "" for place in cells]


def _texts(header: Sequence[str], texts: Sequence[str], key: ForeignKey) -> list[str]:
    cells = dict(zip(header, texts, strict=False))
    return [cells.get(name, "") for name in key.fields]


def _any(value: Value | None) -> bool:
    return value is not None and any(part is not None for part in value)

"""Check whole data packages, alone or against an earlier revision of themselves (law 3).

Reads through functions it is given; knows no disk and no git.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from retouche.core.diff import diff
from retouche.core.errors import RetoucheError, UnreadableFile
from retouche.core.gate import expect_header
from retouche.core.judging.privacy import CODE, findings
from retouche.core.judging.verdict import check, verdict
from retouche.core.operations import Cell, Delete, Operation, Update
from retouche.core.package import Package, Resource
from retouche.core.reading.snapshot import Snapshot
from retouche.core.report import CellError
from retouche.core.rows import Rows

Data = Callable[[Resource], bytes]
Progress = Callable[[str], Callable[[int, int], None]]
"""Gives the follower of the work on a resource, by its name."""
STEP = "step-error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """The verdict on one resource. `unreadable` is set where the file fails the gate."""

    resource: Resource
    rows: int = 0
    errors: tuple[CellError, ...] = ()
    warnings: tuple[CellError, ...] = ()
    unreadable: UnreadableFile | None = None

    @property
    def valid(self) -> bool:
        return self.unreadable is None and not self.errors


class Version:
    """A data package at one moment: its files, each read and parsed once."""

    def __init__(self, package: Package, data: Data) -> None:
        self.package = package
        self.snapshots: dict[str, Snapshot] = {}
        self.unreadable: dict[str, UnreadableFile] = {}
        for name, resource in package.resources.items():
            snapshot = Snapshot(resource, data(resource))
            try:
                expect_header(snapshot.table, resource.schema)
            except UnreadableFile as error:
                self.unreadable[name] = error
            else:
                self.snapshots[name] = snapshot

    def same(self, other: Version, name: str) -> bool:
        """Whether nothing that the verdict on a resource depends on differs."""
        here, there = self.snapshots.get(name), other.snapshots.get(name)
        if here is None or there is None or here.data != there.data:
            return False
        if here.resource.descriptor != there.resource.descriptor:
            return False
        if here.resource.schema.descriptor != there.resource.schema.descriptor:
            return False
        targets = {key.resource for key in here.resource.schema.foreign_keys} - {"", name}
        return all(
            one in self.snapshots
            and one in other.snapshots
            and self.snapshots[one].data == other.snapshots[one].data
            for one in targets
        )


def check_package(version: Version, *, progress: Progress | None = None) -> list[Checked]:
    """Everything that is wrong with every resource."""
    return [_check(version, name, progress) for name in version.package.resources]


def check_changes(
    after: Version, before: Version, *, progress: Progress | None = None
) -> list[Checked]:
    """What the changes since an earlier version answer for.

    Faults that were there are left out; a cell that was wrong and still is, with another value,
    is a warning.
    """
    found = []
    for name, resource in after.package.resources.items():
        if after.same(before, name):
            found.append(Checked(resource=resource, rows=len(after.snapshots[name])))
            continue
        now = _check(after, name, progress)
        if now.unreadable is None and name in before.snapshots:
            now = _less(now, _check(before, name, progress))
            seen = [*_seen_in_changes(after, before, name)]
            steps = [one for one in seen if one.code == STEP]
            private = [one for one in seen if one.code == CODE]
            now = replace(now, errors=(*now.errors, *steps), warnings=(*now.warnings, *private))
        found.append(now)
    return found


def _check(version: Version, name: str, progress: Progress | None) -> Checked:
    resource = version.package.resources[name]
    if name in version.unreadable:
        return Checked(resource=resource, unreadable=version.unreadable[name])
    snapshot = version.snapshots[name]
    neighbours: Mapping[str, Rows] = {
        one: other for one, other in version.snapshots.items() if one != name
    }
    follow = progress(name) if progress else None
    report = check(resource, snapshot.table, neighbours=neighbours, progress=follow)
    return Checked(
        resource=resource,
        rows=len(snapshot),
        errors=report.errors,
        warnings=report.warnings,
    )


def _less(now: Checked, then: Checked) -> Checked:
    """Take away what was there: first the same faults of the same values, then of others."""
    errors, known = _without(now.errors, then.errors)
    warnings, _ = _without(now.warnings, then.warnings)
    old = {"already": True}
    kept = [
        *warnings,
        *(replace(one, level="warning", values={**one.values, **old}) for one in known),
    ]
    return replace(now, errors=tuple(errors), warnings=tuple(kept))


def _without(
    now: Sequence[CellError], then: Sequence[CellError]
) -> tuple[list[CellError], list[CellError]]:
    """What is new in `now`, and what stays wrong by the same rule with another value."""
    left: defaultdict[tuple[object, ...], list[Cell]] = defaultdict(list)
    for one in then:
        left[_identity(one)].append(one.value)
    others = []
    for one in now:
        values = left[_identity(one)]
        if one.value in values:
            values.remove(one.value)
        else:
            others.append(one)
    new, known = [], []
    for one in others:
        values = left[_identity(one)]
        if values:
            values.pop()
            known.append(one)
        else:
            new.append(one)
    return new, known


def _identity(error: CellError) -> tuple[object, ...]:
    """One fault of one row. A row without a key is known by the value at fault alone."""
    unnamed = error.value if error.row_key is None else None
    return error.code, error.rule, error.row_key, error.field, unnamed


def _seen_in_changes(after: Version, before: Version, name: str) -> Iterator[CellError]:
    """What only both versions tell: values that were not allowed to become one another, and
    persons' own numbers and addresses that were not there."""
    resource = after.package.resources[name]
    if not resource.schema.primary_key:
        return
    stepped = any(one.steps for one in resource.schema.fields)
    old, new = before.snapshots[name], after.snapshots[name]
    operations = diff(
        old.table,
        new.table,
        resource=name,
        schema=resource.schema,
        schema_a=old.resource.schema,
    ).operations
    for operation in operations:
        if not stepped and not any(findings(cell) for cell in _written(operation)):
            continue
        try:
            report = verdict((operation,), package=after.package, before=before.snapshots)
        except RetoucheError:
            continue  # a row that its key does not name alone has no state before
        for error in (*report.errors, *report.warnings):
            if error.code in (STEP, CODE):
                yield _placed(error, operation, new)


def _written(operation: Operation) -> Iterator[str]:
    """The texts that an operation puts into cells."""
    if isinstance(operation, Delete):
        return
    cells = operation.new if isinstance(operation, Update) else operation.row
    yield from (cell for cell in cells.values() if cell)


def _placed(error: CellError, operation: Operation, snapshot: Snapshot) -> CellError:
    position = snapshot.index.get(operation.key)
    if position is None:
        return replace(error, operation=None)
    line = snapshot.table.line(position)
    return replace(error, operation=None, row_number=position + 1, line=line)

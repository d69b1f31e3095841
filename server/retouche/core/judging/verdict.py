"""Law 3: what a patch answers for, judged from the rows it edits.

The errors are those of the whole dataset after the patch less those before it. What was wrong in
an edited cell and stays wrong under the same rule is a warning; other old faults are nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal

from retouche.core.cells import needs_quotes
from retouche.core.judging.changes import Change, Sheet, State, located, table_error
from retouche.core.judging.checks import checks_of
from retouche.core.judging.checks.numbers import number
from retouche.core.judging.faults import Fault
from retouche.core.judging.inspection import check as check
from retouche.core.judging.integrity import Orphan, duplicates, references, texts_of
from retouche.core.judging.privacy import private
from retouche.core.judging.totals import total_fault, total_of
from retouche.core.judging.twins import normal, spellings, twin_fault
from retouche.core.operations import Key, Patch
from retouche.core.package import Package
from retouche.core.report import CellError, Report
from retouche.core.rows import Neighbours


def verdict(patch: Patch, *, package: Package, before: Neighbours) -> Report:
    """Judge a patch against the rows it was made for.

    `before` has every resource of the package. Raises `NotFound` and `AmbiguousRow` for keys
    that name no row or several.
    """
    sheets = _sheets(patch, package=package, before=before)
    errors: list[CellError] = []
    for sheet in sheets.values():
        for change in sheet.changes:
            errors.extend(_row(sheet, change))
            errors.extend(_steps(sheet, change))
            errors.extend(_unwritable(sheet, change))
            errors.extend(private(sheet, change))
        for tie in duplicates(sheet):
            if tie.new or tie.change.touched.intersection(tie.fault.columns):
                errors.append(sheet.error(tie.change, tie.fault, already=not tie.new))
        errors.extend(_twins(sheet))
        errors.extend(_totals(sheet))
    errors.extend(_references(package, sheets=sheets, before=before))
    errors.sort(key=_place)
    return Report(
        errors=tuple(one for one in errors if one.level == "error"),
        warnings=tuple(one for one in errors if one.level == "warning"),
    )


def _sheets(patch: Patch, *, package: Package, before: Neighbours) -> dict[str, Sheet]:
    sheets: dict[str, Sheet] = {}
    for place, operation in enumerate(patch):
        name = operation.resource
        if name not in sheets:
            resource = package.resource(name)
            sheets[name] = Sheet(resource, before[name])
        sheets[name].add(place, operation)
    return sheets


def _row(sheet: Sheet, change: Change) -> Iterator[CellError]:
    """Faults within the row: those the edit brings, and those it touches and leaves."""
    if change.after is None:
        return
    known = (
        Counter(fault.identity for fault in change.before.faults) if change.before else Counter()
    )
    for fault in change.after.faults:
        if known[fault.identity]:
            known[fault.identity] -= 1
            if change.touched.intersection(fault.columns):
                yield sheet.error(change, fault, already=True)
        else:
            yield sheet.error(change, fault)


def _steps(sheet: Sheet, change: Change) -> Iterator[CellError]:
    """Values that one proposal may not turn into one another."""
    if change.after is None:
        return
    wrong = {fault.field for fault in change.after.faults}
    for name in sorted(change.touched - wrong):
        field = sheet.resource.schema.by_name.get(name)
        steps = field.steps if field is not None else None
        place = sheet.read.rows.places.get(name)
        if not steps or place is None:
            continue
        old = sheet.read.cell(place, change.before.texts) if change.before else None
        new = sheet.read.cell(place, change.after.texts)
        allowed = steps.get(old or "")
        if old == new or allowed is None or (new or "") in allowed:
            continue
        yield sheet.error(
            change,
            Fault(
                code="step-error",
                rule="steps",
                field=name,
                value=new,
                columns=(name,),
                values={"old": old, "allowed": list(allowed)},
            ),
        )


def _unwritable(sheet: Sheet, change: Change) -> Iterator[CellError]:
    """Values that the file's encoding, or a file without quoting, cannot hold."""
    if change.after is None:
        return
    dialect = sheet.resource.dialect
    for name in sorted(change.touched):
        place = sheet.read.rows.places.get(name)
        text = sheet.read.cell(place, change.after.texts) if place is not None else None
        if text is None:
            continue
        values = {"encoding": dialect.encoding}
        try:
            text.encode(dialect.encoding)
        except UnicodeEncodeError as problem:
            character = problem.object[problem.start]
            if "\ud800" <= character <= "\udfff":
                continue  # no encoding has it, and it is refused as a character already
            rule, code = "encoding", "encoding-error"
            values["character"] = character
        else:
            if dialect.quote is not None or not needs_quotes(text, dialect):
                continue
            rule, code = "quote", "dialect-error"
        fault = Fault(code=code, rule=rule, field=name, value=text, columns=(name,), values=values)
        yield sheet.error(change, fault)


def _twins(sheet: Sheet) -> Iterator[CellError]:
    """New keys that differ from another row's, or from one before them in the same patch, only in
    how their accents are written."""
    columns = sheet.resource.schema.primary_key
    if not all(name in sheet.read.rows.places for name in columns):
        return
    written: dict[Key, Key] = {}
    for change in sheet.changes:
        if change.after is None:
            continue
        key = tuple(texts_of(change.after, sheet, columns))
        if change.before is not None and key == tuple(texts_of(change.before, sheet, columns)):
            continue
        former = written.setdefault(normal(key), key)
        other = next((one for one in spellings(key) if one in sheet.rows.index), former)
        if other != key:
            yield sheet.error(change, twin_fault(columns, key, other=other))


def _totals(sheet: Sheet) -> Iterator[CellError]:
    """Columns that no longer add up, or still do not."""
    for place, one in enumerate(checks_of(sheet.resource).totals):
        column = sheet.read.rows.places.get(one.column)
        concerned = [
            change
            for change in sheet.changes
            if one.column in change.touched or change.after is None
        ]
        if column is None or not concerned:
            continue
        reader = sheet.judge.reader(one.column)
        earlier = later = total_of(sheet.rows.column(one.column), reader)
        for change in sheet.changes:
            later += _worth(change.after, column) - _worth(change.before, column)
        if later != one.equals:
            fault = total_fault(one, later, place=place)
            already = earlier != one.equals
            last = concerned[-1].number
            yield table_error(fault, sheet.resource, operation=last, already=already)


def _worth(state: State | None, column: int) -> Decimal:
    found = number(state.judged.values[column]) if state is not None else None
    return Decimal(0) if found is None else found


def _references(
    package: Package, *, sheets: Mapping[str, Sheet], before: Neighbours
) -> Iterator[CellError]:
    """References that the patch breaks, in the rows it edits and in those that it does not."""
    for found in references(package, sheets=sheets, before=before):
        if isinstance(found, Orphan):
            table = before[found.resource].table
            yield located(
                found.fault,
                resource=package.resource(found.resource),
                header=table.header,
                texts=table.row(found.position),
                position=found.position,
                operation=found.change.number,
            )
        elif found.new or found.change.touched.intersection(found.fault.columns):
            sheet = sheets[found.change.operation.resource]
            yield sheet.error(found.change, found.fault, already=not found.new)


def _place(error: CellError) -> tuple[int, str]:
    return (-1 if error.operation is None else error.operation), error.resource

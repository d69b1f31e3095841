"""Cells of the tables in merge requests: the lines that an operation makes, and their values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from retouche.core.cells import record_text
from retouche.core.neutral import alike, code, prose
from retouche.core.operations import Cell, Cells, Delete, Insert, Key, Operation
from retouche.core.package import Resource
from retouche.core.schema import Field
from retouche.services.requesting.words import words

LONG_CELL, SAME_START = 150, 40
ROW_LINE = 600
"""Code points of a whole row in one cell."""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the table: a cell, or a whole row when there is no `field`."""

    operation: Operation
    field: str | None
    old: Cell
    new: Cell


def changes_of(operation: Operation, resource: Resource) -> Iterator[Change]:
    """The lines of an operation, without personal columns."""
    public = [one for one in _cells(operation) if not field_of(resource, one).personal]
    if isinstance(operation, Delete):
        row = record_text([operation.old[one] for one in public], resource.dialect)
        yield Change(operation, None, row, None)
    elif isinstance(operation, Insert):
        for one in public:
            if operation.row[one]:
                yield Change(operation, one, None, operation.row[one])
    else:
        for one in public:
            yield Change(operation, one, operation.old.get(one), operation.new[one])


def pair(change: Change, field: Field, locale: str) -> tuple[str, str]:
    """Both values of a cell as they are written in the table."""
    old, new = change.old or "", change.new or ""
    telling = alike(old, new)
    if max(len(old), len(new)) > LONG_CELL:
        old, new = _from_difference(old, new)
    return (
        value(old, field, locale, telling=telling),
        value(new, field, locale, telling=telling),
    )


def _from_difference(old: str, new: str) -> tuple[str, str]:
    """Two long texts without most of what they begin with alike."""
    same = next(
        (at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other),
        min(len(old), len(new)),
    )
    if not old or not new or same <= 2 * SAME_START:
        return old, new
    return f"…{old[same - SAME_START :]}", f"…{new[same - SAME_START :]}"


def value(cell: Cell, field: Field, locale: str, *, telling: bool) -> str:
    """A cell, and what it means where the schema says so."""
    if not cell:
        return words("empty", locale)
    label = field.value_label(cell, locale)
    shown = code(cell, telling=telling)
    return shown if label == cell else f"{shown} ({prose(label, most=80)})"


def look_alike(values: Iterable[Cell]) -> bool:
    """Whether two of these differ and look the same."""
    texts = [one for one in values if one]
    return any(alike(one, other) for one in texts for other in texts)


def _cells(operation: Operation) -> Cells:
    if isinstance(operation, Insert):
        return operation.row
    return operation.old if isinstance(operation, Delete) else operation.new


def field_of(resource: Resource, name: str) -> Field:
    """A column as the schema has it, or one that the schema does not know."""
    return resource.schema.by_name.get(name) or Field(name=name)


def titled(resource: Resource, name: str, locale: str) -> str:
    """What a reader calls a column."""
    return field_of(resource, name).label(locale)


def joined(key: Key) -> str:
    """A row key as a person reads it."""
    return ", ".join(key)

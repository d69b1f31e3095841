"""What of an undo keeps the rules that the data has by now."""

from __future__ import annotations

from dataclasses import replace

from retouche.core.errors import AmbiguousRow, Invalid, NotFound
from retouche.core.judging.verdict import verdict
from retouche.core.operations import Operation, Patch, Update
from retouche.core.report import CellError
from retouche.core.undoing import Kept
from retouche.services.datasets import DatasetRevision

ROUNDS = 10
"""Looks at a patch that lost what breaks a rule; what breaks one then still stays out whole."""


def valid(operations: Patch, published: DatasetRevision) -> tuple[Patch, list[Kept]]:
    """The operations that keep the rules of the data, and what is left out for breaking one.

    The rules have changed since, or what stood there was a fault that somebody had mended.
    """
    kept: list[Kept] = []
    for number in range(ROUNDS + 1):
        try:
            report = verdict(operations, package=published.package, before=published.snapshots())
        except (AmbiguousRow, NotFound) as error:
            raise Invalid((), error.reason) from error
        if report.valid:
            break
        wrong: dict[int, set[str | None]] = {}
        for one in report.errors:
            wrong.setdefault(-1 if one.operation is None else one.operation, set()).add(
                _cell(one, operations) if number < ROUNDS else None
            )
        if -1 in wrong:  # nobody can say which of them it is
            wrong = {place: {None} for place in range(len(operations))}
        left: list[Operation] = []
        for place, operation in enumerate(operations):
            rest, told = _without(operation, wrong.get(place, set()))
            kept += told
            left += [rest] if rest is not None else []
        operations = tuple(left)
    return operations, kept


def _cell(error: CellError, operations: Patch) -> str | None:
    """The cell of an update that an error is at; None for a whole operation."""
    assert error.operation is not None
    operation = operations[error.operation]
    inside = isinstance(operation, Update) and error.field in operation.new
    return error.field if inside else None


def _without(operation: Operation, fields: set[str | None]) -> tuple[Operation | None, list[Kept]]:
    """An operation without some cells, or nothing of it where None is among them."""
    if not fields:
        return operation, []
    name, key = operation.resource, operation.key
    if not isinstance(operation, Update) or None in fields:
        return None, [Kept(why="invalid", resource=name, key=key)]
    told = [
        Kept(
            why="invalid",
            resource=name,
            key=key,
            field=one,
            before=operation.new[one],
            wrote=operation.old[one],
            present=operation.old[one],
        )
        for one in operation.new
        if one in fields
    ]
    new = {one: cell for one, cell in operation.new.items() if one not in fields}
    old = {one: operation.old[one] for one in new}
    return (replace(operation, old=old, new=new) if new else None), told

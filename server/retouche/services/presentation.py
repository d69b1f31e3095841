"""A proposal as a reviewer sees it: cell by cell, beside its row and what is published now."""

from __future__ import annotations

from dataclasses import dataclass

from retouche.core.errors import ForgeUnavailable, RetoucheError, StorageFull
from retouche.core.judging.verdict import verdict
from retouche.core.operations import Cell, Delete, Insert, Key, Operation, Update
from retouche.core.report import CellConflict, CellError
from retouche.ports import Proposal
from retouche.services.carrying import carry_over
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.findings import error_from_wire, renumbered
from retouche.services.patches import operations_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedCell:
    """One cell of a proposal. `published` is the value now, when it is no longer `old`."""

    field: str
    old: Cell
    new: Cell
    published: Cell = None
    moved: bool = False
    conflicted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentedOperation:
    """One operation beside the row it was made on (`row`, empty for an insertion)."""

    index: int
    op: str
    resource: str
    key: Key
    row_label: str
    cells: tuple[PresentedCell, ...]
    row: dict[str, Cell]
    gone: bool = False
    """Whether that row is no longer published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """A proposal as a reviewer sees it against what is published now."""

    operations: tuple[PresentedOperation, ...]
    conflicts: tuple[CellConflict, ...]
    errors: tuple[CellError, ...]
    warnings: tuple[CellError, ...]
    trouble: RetoucheError | None = None
    """Why it cannot be held against what is published: its table or its row's key is gone."""

    @property
    def mergeable(self) -> bool:
        return not self.conflicts and not self.errors and self.trouble is None


def present(dataset: Dataset, proposal: Proposal) -> Presented:
    """The proposal cell by cell, with what has been published since it was made."""
    parent = dataset.at(proposal.parent)
    operations = operations_of(proposal, parent.package)
    conflicts: tuple[CellConflict, ...] = ()
    errors: tuple[CellError, ...] = ()
    present: dict[int, Operation] = {}
    trouble: RetoucheError | None = None
    published = parent
    if proposal.state in ("open", "queued"):
        published = dataset.at()
        try:
            carried = carry_over(operations, base=parent, onto=published)
            conflicts = carried.conflicts
            present = dict(zip(carried.origins, carried.operations, strict=True))
            if published.commit != parent.commit:
                report = verdict(
                    carried.operations, package=published.package, before=published.snapshots()
                )
                errors = renumbered(report, carried.origins).errors
        except (ForgeUnavailable, StorageFull):
            raise
        except RetoucheError as error:  # what was proposed is shown as it was then
            trouble, published, present = error, parent, {}
    clashing = {(one.resource, one.row_key, one.field) for one in conflicts}
    return Presented(
        operations=tuple(
            _presented(index, one, present.get(index, one), parent, published, clashing)
            for index, one in enumerate(operations)
        ),
        conflicts=conflicts,
        errors=errors,
        warnings=tuple(map(error_from_wire, proposal.warnings)),
        trouble=trouble,
    )


def _presented(
    index: int,
    operation: Operation,
    carried: Operation,
    parent: DatasetRevision,
    published: DatasetRevision,
    clashing: set[tuple[str, Key, str | None]],
) -> PresentedOperation:
    resource = parent.package.resource(operation.resource)
    hidden = {one.name for one in resource.schema.fields if one.personal}
    before = _cells(parent, operation)
    now = _cells(published, carried) if published.commit != parent.commit else before
    gone = bool(before) and not now
    match operation:
        case Update():
            pairs = {name: (operation.old[name], new) for name, new in operation.new.items()}
        case Insert():
            pairs = {name: (None, new) for name, new in operation.row.items()}
        case Delete():
            pairs = {name: (old, None) for name, old in operation.old.items() if old is not None}
    cells = tuple(
        PresentedCell(
            field=name,
            old=old,
            new=new,
            published=now.get(name),
            moved=now.get(name) != old,
            conflicted=bool(
                clashing & {(operation.resource, operation.key, part) for part in (name, None)}
            ),
        )
        for name, (old, new) in pairs.items()
        if name not in hidden
    )
    row = before or (dict(operation.row) if isinstance(operation, Insert) else {})
    return PresentedOperation(
        index=index,
        op=type(operation).__name__.lower(),
        resource=operation.resource,
        key=operation.key,
        row_label=resource.row_label(row, operation.key),
        cells=cells,
        row=before,
        gone=gone,
    )


def _cells(revision: DatasetRevision, operation: Operation) -> dict[str, Cell]:
    """The row an operation is about, without personal fields; empty when there is none."""
    if operation.resource not in revision.package.resources:
        return {}
    snapshot = revision.snapshot(operation.resource)
    position = snapshot.index.get(operation.key)
    return {} if position is None else dict(snapshot.cells(position))

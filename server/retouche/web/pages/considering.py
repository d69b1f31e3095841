"""What a reviewer considers beside a proposal's cells: rules, marks, history, others' proposals."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from retouche.core.errors import RetoucheError
from retouche.core.marking import Part, look_alikes, marked
from retouche.core.operations import Cell
from retouche.core.report import CellConflict
from retouche.core.schema import Field
from retouche.ports import Proposal
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.history import RowChange
from retouche.services.patches import operations_of
from retouche.services.presentation import Presented, PresentedCell, PresentedOperation
from retouche.services.reviewing.likeness import Likeness
from retouche.services.reviewing.settlement import by_operation
from retouche.web.context import services
from retouche.web.language import locale
from retouche.web.pages.controls import bounds

MOST_CELLS = 200
"""Cells of a proposal that are accepted or refused one by one, and considered each."""
MOST_ROWS = 10
"""Rows whose history is looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """A conflict that a reviewer settles by a choice; `seen` tells what they saw."""

    place: int
    conflict: CellConflict
    label: str
    seen: str
    only_ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Both values of a cell in parts, empty when one is; and characters easily mistaken."""

    old: Sequence[Part] = ()
    new: Sequence[Part] = ()
    look_alikes: Sequence[str] = ()


NO_MARKS = Marks()


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """A cell of an operation, and what helps to judge it."""

    place: int
    cell: PresentedCell
    field: Field | None
    marks: Marks
    rules: Sequence[str] = ()
    last: RowChange | None = None
    likenesses: Sequence[Likeness] = ()
    separable: bool = False
    """Whether it can be refused by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consideration:
    """An operation with its cells, as a reviewer considers it."""

    operation: PresentedOperation
    cells: Sequence[Considered]
    clashes: Sequence[Clash] = ()
    likenesses: Sequence[Likeness] = field(default=())

    @property
    def separable(self) -> bool:
        return any(one.separable for one in self.cells)


def considered(
    dataset: Dataset, proposal: Proposal, presented: Presented, *, reviewing: bool
) -> list[Consideration]:
    """The operations of a proposal; what only reviewers see is left out for others."""
    parent = dataset.at(proposal.parent)
    clashes = _clashes(proposal, presented, parent) if reviewing else {}
    likenesses = services().likenesses.of(dataset, proposal) if reviewing else []
    few = sum(len(one.cells) for one in presented.operations) <= MOST_CELLS
    found = []
    for one in presented.operations:
        fields = _fields(parent, one.resource)
        alike = [each for each in likenesses if each.operation == one.index]
        changes = _history(dataset, one) if reviewing and one.index < MOST_ROWS else []
        keys = set(parent.package.resource(one.resource).schema.primary_key)
        clashing = {each.conflict.field for each in clashes.get(one.index, ())}
        cells = [
            Considered(
                place=place,
                cell=cell,
                field=fields.get(cell.field),
                marks=_marks(cell) if few else NO_MARKS,
                rules=_rules(fields.get(cell.field)) if few else (),
                last=next((each for each in changes if cell.field in each.cells), None),
                likenesses=[each for each in alike if each.field == cell.field],
                separable=few
                and one.op != "delete"
                and len(one.cells) > 1
                and cell.field not in keys
                and not clashing & {cell.field, None},
            )
            for place, cell in enumerate(one.cells)
        ]
        found.append(
            Consideration(
                operation=one,
                cells=cells,
                clashes=clashes.get(one.index, ()),
                likenesses=[each for each in alike if each.field is None],
            )
        )
    return found


def _clashes(
    proposal: Proposal, presented: Presented, parent: DatasetRevision
) -> dict[int, list[Clash]]:
    operations = operations_of(proposal, parent.package)
    found: dict[int, list[Clash]] = {}
    for index, conflicts in by_operation(presented.conflicts, operations, parent).items():
        resource = parent.package.resource(operations[index].resource)
        known = resource.schema.by_name
        for place, one in enumerate(conflicts):
            named = known.get(one.field or "")
            key = one.field in resource.schema.primary_key
            twice = one.kind == "insert_insert" and one.field is None
            found.setdefault(index, []).append(
                Clash(
                    place=place,
                    conflict=one,
                    label=named.label(locale()) if named else one.field or "",
                    seen=seen_as(one),
                    only_ours=key or twice,
                )
            )
    return found


def seen_as(conflict: CellConflict) -> str:
    """What was published where something clashes, as a form carries it: line ends and all."""
    text = "\x00".join([conflict.field or "", *_told(conflict.ours)])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _told(cell: Cell) -> list[str]:
    return [] if cell is None else [cell]


def _marks(cell: PresentedCell) -> Marks:
    if not cell.new:
        return NO_MARKS
    alike = look_alikes(cell.old or "", cell.new)
    old, new = marked(cell.old, cell.new) if cell.old else ((), ())
    return Marks(old=old, new=new, look_alikes=alike)


def _rules(known: Field | None) -> list[str]:
    return [] if known is None else [one for one in (known.help(locale()), bounds(known)) if one]


def _fields(revision: DatasetRevision, resource: str) -> dict[str, Field]:
    return {one.name: one for one in revision.snapshot(resource).fields}


def _history(dataset: Dataset, one: PresentedOperation) -> list[RowChange]:
    """What happened to the row; a history that cannot be read hides itself, not the page."""
    try:
        published = dataset.at().commit
        return services().history.row(dataset, published, one.resource, one.key)
    except RetoucheError:
        return []

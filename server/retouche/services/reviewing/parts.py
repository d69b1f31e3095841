"""Which part of a proposal a reviewer accepts, and why not the rest: read, and held against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from retouche.core.errors import Malformed
from retouche.core.operations import Cell, Operation, Patch
from retouche.core.package import Package
from retouche.core.settling import Take, fields_of, narrowed
from retouche.ports import Proposal
from retouche.services.reviewing.reasons import Reason, reason_named


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An operation that is not accepted, or one cell of it, by its reason's code."""

    operation: int
    field: str | None
    reason: str
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is published where a cell (or a row, when `field` is None) clashes.

    `seen` is what the reviewer saw as published.
    """

    operation: int
    field: str | None
    take: Take
    seen: Cell = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a reviewer says of the parts of a proposal; what they do not speak of is accepted."""

    operations: tuple[int, ...] | None = None
    cells: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """For some of the operations, the only fields that are accepted."""
    refused: tuple[Refusal, ...] = ()
    choices: tuple[Choice, ...] = ()


WHOLE = Parts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be published: `operations` as narrowed, each by its place in the proposal."""

    places: tuple[int, ...]
    operations: Patch
    refused: tuple[tuple[Refusal, Reason], ...]
    choices: tuple[Choice, ...]
    part: bool
    """Whether something of the proposal is left out."""
    cells: Mapping[int, tuple[str, ...]]
    """The fields of the operations that are accepted in part."""

    def as_kept(self) -> dict[str, Any]:
        """How it stands in a decision; only what says something."""
        kept: dict[str, Any] = {"operations": list(self.places)}
        if self.cells:
            kept["cells"] = [
                {"operation": one, "fields": list(names)} for one, names in self.cells.items()
            ]
        if self.refused:
            kept["refused"] = [
                {
                    "operation": one.operation,
                    "field": one.field,
                    **reason.as_kept(),
                    "message": one.message,
                }
                for one, reason in self.refused
            ]
        if self.choices:
            kept["choices"] = [
                {"operation": one.operation, "field": one.field, "take": one.take}
                for one in self.choices
            ]
        return kept


def parts_of(body: Mapping[str, Any]) -> Parts:
    """The parts of an acceptance's body, whose form is checked. Raises `Malformed`."""
    chosen = body.get("operations")
    cells: dict[int, tuple[str, ...]] = {}
    for place, one in enumerate(body.get("cells") or ()):
        index = int(one["operation"])  # to JSON Schema, 1.0 is an integer too
        if index in cells:
            raise Malformed("twice_chosen", pointer=f"/cells/{place}", operation=index)
        cells[index] = tuple(one["fields"])
    return Parts(
        operations=None if chosen is None else tuple(map(int, chosen)),
        cells=cells,
        refused=tuple(
            Refusal(
                operation=int(one["operation"]),
                field=one.get("field"),
                reason=one["reason"],
                message=one.get("message") or None,
            )
            for one in body.get("refused") or ()
        ),
        choices=tuple(
            Choice(
                operation=int(one["operation"]),
                field=one.get("field"),
                take=one["take"],
                seen=one.get("seen"),
            )
            for one in body.get("choices") or ()
        ),
    )


def wanted_of(parts: Parts, operations: Patch, *, package: Package, now: Package) -> Wanted:
    """What of a proposal's operations is accepted.

    `package` is that of the proposal's parent, `now` the published one, which has the reasons.
    Raises `Malformed` for what is not there, is said twice, or is accepted and refused.
    """
    places = _places(parts.operations, len(operations))
    _known(parts, operations)
    refusals = tuple(
        (one, reason_named(now, one.reason, pointer=f"/refused/{place}/reason"))
        for place, one in enumerate(parts.refused)
    )
    _contradictions(parts)
    whole = {one.operation for one in parts.refused if one.field is None}
    narrow: dict[int, tuple[str, ...]] = {}
    found: dict[int, Operation] = {}
    for place in places:
        if place in whole:
            continue
        operation = operations[place]
        fields = _fields(parts, place, operation)
        try:
            schema = package.resource(operation.resource).schema
            kept = narrowed(operation, fields, schema)
        except Malformed as error:
            error.pointer = "/cells"
            raise
        if kept is None:
            continue
        found[place] = kept
        if kept is not operation:
            narrow[place] = fields
    if not found:
        raise Malformed("nothing_chosen", pointer="/operations")
    for number, choice in enumerate(parts.choices):
        left_out = choice.operation not in found or (
            choice.operation in narrow
            and choice.field is not None
            and choice.field not in narrow[choice.operation]
        )
        if left_out:
            raise Malformed("choice_left_out", pointer=f"/choices/{number}")
    return Wanted(
        places=tuple(found),
        operations=tuple(found.values()),
        refused=refusals,
        choices=parts.choices,
        part=bool(narrow) or len(found) < len(operations),
        cells=narrow,
    )


def _places(chosen: Sequence[int] | None, count: int) -> tuple[int, ...]:
    if chosen is None:
        return tuple(range(count))
    places = tuple(sorted(set(chosen)))
    if len(places) < len(chosen) or not places or places[0] < 0 or places[-1] >= count:
        raise Malformed("bad_operations_index", pointer="/operations", count=count)
    return places


def _known(parts: Parts, operations: Patch) -> None:
    """Raises `Malformed` for an operation or a cell that the proposal has not."""
    for pointer, index, fields in _named(parts):
        if not 0 <= index < len(operations):
            raise Malformed("no_such_operation", pointer=pointer, count=len(operations))
        known = set(fields_of(operations[index]))
        unknown = next((one for one in fields if one not in known), None)
        if unknown is not None:
            raise Malformed("no_such_cell", pointer=pointer, field=unknown[:80])


def _named(parts: Parts) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """The operations and fields that are spoken of, and where."""
    for index, fields in parts.cells.items():
        yield "/cells", index, fields
    for place, refusal in enumerate(parts.refused):
        field = () if refusal.field is None else (refusal.field,)
        yield f"/refused/{place}", refusal.operation, field
    for place, choice in enumerate(parts.choices):
        # A key may clash in a field that the operation leaves as it is: what clashes tells.
        yield f"/choices/{place}", choice.operation, ()


def _contradictions(parts: Parts) -> None:
    """Raises `Malformed` for what is said twice, or accepted and refused."""
    _once("refused", [(one.operation, one.field) for one in parts.refused])
    _once("choices", [(one.operation, one.field) for one in parts.choices])
    for place, refusal in enumerate(parts.refused):
        named = parts.cells.get(refusal.operation)
        accepted = (
            refusal.operation in (parts.operations or ()) or named is not None
            if refusal.field is None
            else refusal.field in (named or ())
        )
        if accepted:
            raise Malformed("accepted_and_refused", pointer=f"/refused/{place}")


def _once(name: str, places: Sequence[tuple[int, str | None]]) -> None:
    seen: set[tuple[int, str | None]] = set()
    for number, place in enumerate(places):
        if place in seen:
            raise Malformed("twice_chosen", pointer=f"/{name}/{number}", operation=place[0])
        seen.add(place)


def _fields(parts: Parts, place: int, operation: Operation) -> tuple[str, ...]:
    """The fields of an operation that are accepted."""
    present = parts.cells.get(place, fields_of(operation))
    refused = {one.field for one in parts.refused if one.operation == place}
    return tuple(one for one in present if one not in refused)


def published_of(proposal: Proposal) -> tuple[int, int]:
    """How much of an accepted proposal was published, and of how much: cells where some of them
    were left out, else operations."""
    decision = proposal.decision or {}
    chosen = decision.get("operations") or []
    cells = {one["operation"]: len(one["fields"]) for one in decision.get("cells") or ()}
    if not cells:
        return len(chosen), len(proposal.operations)
    sizes = [
        len(one.get("new") or one.get("row") or one.get("old") or ()) for one in proposal.operations
    ]
    return sum(cells.get(one, sizes[one]) for one in chosen), sum(sizes)

"""What is left to publish of a proposal once a reviewer has chosen where it clashes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from retouche.core.diff import new_keys
from retouche.core.errors import Conflict, Malformed
from retouche.core.operations import Cells, Key, Operation, Update
from retouche.core.report import CellConflict
from retouche.core.settling import settled
from retouche.services.carrying import Carried, carry_over
from retouche.services.datasets import DatasetRevision
from retouche.services.reviewing.parts import Choice, Wanted


def settle(wanted: Wanted, *, parent: DatasetRevision, published: DatasetRevision) -> Carried:
    """Carry what is wanted over to what is published, by the reviewer's choices.

    Raises `Conflict` with all that clashes as long as something clashes for which nothing was
    chosen, or of which the reviewer saw another value; and `Malformed` for a choice that cannot
    be made.
    """
    carried = carry_over(wanted.operations, base=parent, onto=published)
    if not wanted.choices:
        if carried.conflicts:
            raise Conflict(carried.conflicts)
        return carried
    clashes = by_operation(carried.conflicts, wanted.operations, parent)
    chosen = _chosen(wanted, clashes, carried.conflicts)
    left: list[tuple[int, Operation]] = []
    made: list[tuple[int, Operation]] = []
    for place, operation in enumerate(wanted.operations):
        if place not in clashes:
            left.append((place, operation))
            continue
        found = settled(
            operation,
            clashes[place],
            {one.field: one.take for one in chosen[place]},
            base=_row(parent, operation.resource, operation.key),
            ours=_present_row(parent, published, operation.resource, operation.key),
            schema=published.package.resource(operation.resource).schema,
        )
        if found.base is not None:
            left.append((place, found.base))
        if found.ours is not None:
            made.append((place, found.ours))
    again = carry_over(tuple(one for _, one in left), base=parent, onto=published)
    if again.conflicts:
        raise Conflict(again.conflicts)
    pairs = [
        (left[one][0], each) for one, each in zip(again.origins, again.operations, strict=True)
    ]
    pairs = sorted(pairs + made, key=lambda pair: pair[0])
    if not pairs:
        raise Malformed("nothing_left", pointer="/choices")
    return Carried(
        operations=tuple(one for _, one in pairs),
        origins=tuple(place for place, _ in pairs),
        conflicts=(),
    )


def by_operation(
    conflicts: Sequence[CellConflict], operations: Sequence[Operation], base: DatasetRevision
) -> dict[int, list[CellConflict]]:
    """The conflicts of each operation that has some, by its place."""
    places: dict[tuple[str, Key], int] = {}
    for place, one in enumerate(operations):
        if isinstance(one, Update):  # the key that it gives its row may be taken
            schema = base.package.resource(one.resource).schema
            places.setdefault((one.resource, schema.key_after(one.key, one.new) or one.key), place)
    for place, one in enumerate(operations):
        places[one.resource, one.key] = place
    found: dict[int, list[CellConflict]] = {}
    for conflict in conflicts:
        found.setdefault(places[conflict.resource, conflict.row_key], []).append(conflict)
    return found


def _chosen(
    wanted: Wanted, clashes: Mapping[int, Sequence[CellConflict]], all_: Sequence[CellConflict]
) -> dict[int, list[Choice]]:
    """The choices of each operation that clashes. Raises `Conflict` when one does not fit."""
    place_of = {index: place for place, index in enumerate(wanted.places)}
    chosen: dict[int, list[Choice]] = {}
    for one in wanted.choices:
        chosen.setdefault(place_of[one.operation], []).append(one)
    for place in {*clashes, *chosen}:
        present = {one.field: one.ours for one in clashes.get(place, ())}
        seen = {one.field: one.seen for one in chosen.get(place, ())}
        if present != seen:
            raise Conflict(all_, "choices_stale" if seen else None)
    return chosen


def _row(revision: DatasetRevision, resource: str, key: Key) -> Cells:
    snapshot = revision.snapshot(resource)
    position = snapshot.index.get(key)
    return {} if position is None else snapshot.cells(position, personal=True)


def _present_row(
    parent: DatasetRevision, published: DatasetRevision, resource: str, key: Key
) -> Cells:
    """A row of the parent as it is published, under its own key or one that it got since."""
    found = _row(published, resource, key)
    if found or key not in parent.snapshot(resource).index:
        return found
    tables = parent.snapshot(resource).table, published.snapshot(resource).table
    named = new_keys(*tables, schema=published.package.resource(resource).schema).get(key)
    return {} if named is None else _row(published, resource, named)

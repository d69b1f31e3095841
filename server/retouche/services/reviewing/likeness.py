"""Who else proposed something for the same cells: what waits, and what was accepted lately."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from retouche.core.operations import Cell
from retouche.ports import Clock, Filters, Journal, Proposal
from retouche.services.datasets import Dataset

LATELY = timedelta(days=30)
LOOKED_AT = 200
"""Accepted proposals that are looked at."""
MOST_OPERATIONS = 20
"""Operations of a proposal for which others are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Another proposal for the same cell (or row, when `field` is None) and what it wants."""

    proposal: Proposal
    operation: int
    field: str | None
    value: Cell
    same: bool
    """Whether it wants the same."""


class Likenesses:
    """Looks for proposals like one."""

    def __init__(self, journal: Journal, clock: Clock) -> None:
        self._journal = journal
        self._clock = clock

    def of(self, dataset: Dataset, proposal: Proposal) -> list[Likeness]:
        """Those for the same cells, undecided ones first; none for very large proposals."""
        if len(proposal.operations) > MOST_OPERATIONS:
            return []
        accepted, _ = self._journal.page(
            dataset.name,
            Filters(states=("accepted",), since=self._clock() - LATELY),
            limit=LOOKED_AT,
        )
        found: list[Likeness] = []
        for place, operation in enumerate(proposal.operations):
            key = tuple((operation.get("key") or {}).values())
            resource = str(operation.get("resource"))
            waiting = self._journal.touching(dataset.name, resource, key)
            for other in (*waiting, *accepted):
                if other.id != proposal.id:
                    found += _alike(place, operation, other)
        return found


def _alike(place: int, operation: Mapping[str, Any], other: Proposal) -> Iterator[Likeness]:
    for theirs in other.operations:
        if theirs.get("resource") != operation.get("resource"):
            continue
        if list((theirs.get("key") or {}).values()) != list((operation.get("key") or {}).values()):
            continue
        mine, others = _written(operation), _written(theirs)
        if operation["op"] != theirs["op"] or operation["op"] == "delete":
            same = operation["op"] == theirs["op"]
            yield Likeness(proposal=other, operation=place, field=None, value=None, same=same)
            continue
        for name in mine.keys() & others.keys():
            value = others[name]
            yield Likeness(
                proposal=other, operation=place, field=name, value=value, same=value == mine[name]
            )


def _written(operation: Mapping[str, Any]) -> Mapping[str, Cell]:
    found: Mapping[str, Cell] = operation.get("new") or operation.get("row") or {}
    return found

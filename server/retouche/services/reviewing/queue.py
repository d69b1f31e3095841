"""The queue of proposals over some datasets: a page of it, and what stands beside one of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from retouche.ports import Filters, Journal, Proposal, State

UNDECIDED: tuple[State, ...] = ("queued", "open")


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The neighbours of a proposal in a queue, oldest first, and how many are in it."""

    previous: Proposal | None
    next: Proposal | None
    total: int


class ReviewQueue:
    """What waits for a reviewer, by the same filters in every list."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def page(
        self,
        datasets: Sequence[str],
        filters: Filters,
        *,
        oldest_first: bool = True,
        page: int = 1,
        page_size: int = 20,
    ) -> tuple[Sequence[Proposal], int]:
        """One page of the proposals that the filters want, and how many there are."""
        return self._journal.page(
            datasets,
            filters,
            oldest_first=oldest_first,
            offset=(page - 1) * page_size,
            limit=page_size,
        )

    def beside(self, datasets: Sequence[str], filters: Filters, proposal: Proposal) -> Beside:
        """What comes before and after a proposal, whether it is still in the queue or not."""
        later = replace(filters, after=proposal.sequence)
        earlier = replace(filters, before=proposal.sequence)
        after, rest = self._journal.page(datasets, later, oldest_first=True, limit=1)
        before, gone = self._journal.page(datasets, earlier, limit=1)
        present, _ = self._journal.page(
            datasets,
            replace(filters, after=proposal.sequence - 1, before=proposal.sequence + 1),
            limit=1,
        )
        return Beside(
            previous=before[0] if before else None,
            next=after[0] if after else None,
            total=rest + gone + len(present),
        )

    def next(
        self, datasets: Sequence[str], filters: Filters, proposal: Proposal
    ) -> Proposal | None:
        """The next undecided one of a queue after one that was decided; the oldest at its end."""
        wanted = replace(filters, states=UNDECIDED)
        for one in (replace(wanted, after=proposal.sequence), wanted):
            found, _ = self._journal.page(datasets, one, oldest_first=True, limit=2)
            others = [each for each in found if each.sequence != proposal.sequence]
            if others:
                return others[0]
        return None

    def count(self, datasets: Sequence[str], filters: Filters) -> int:
        """How many proposals the filters want."""
        return self._journal.page(datasets, filters, limit=1)[1]

"""Open proposals on their way from the embedded forge to one elsewhere.

What is asked of the forge is asked before anything is written here, and may all be repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from retouche.ports import Clock, Event, Journal, Opened, Proposal
from retouche.services.datasets import Dataset
from retouche.services.decisions import undecided
from retouche.services.requesting.opening import open_request
from retouche.settings import Settings

Told = Callable[[int, int], None]


class Moving:
    """What becomes of a dataset's proposals. No server runs meanwhile."""

    def __init__(self, journal: Journal, clock: Clock, settings: Settings) -> None:
        self._journal = journal
        self._clock = clock
        self._settings = settings

    def open(self, dataset: str) -> list[Proposal]:
        """The open proposals, oldest first."""
        return [one for one in undecided(self._journal, dataset) if one.state == "open"]

    def unmoved(self, dataset: str) -> list[Proposal]:
        """The open proposals whose merge request is still noted as one of the embedded forge."""
        return [one for one in self.open(dataset) if one.merge_request_url is None]

    def carry(
        self, dataset: Dataset, proposals: Sequence[Proposal], *, told: Told
    ) -> dict[str, Opened]:
        """Give each proposal its merge request there, by its id. Nothing is written here.

        Merge requests of proposals that were decided since an earlier try are closed. Raises
        `ForgeUnavailable`.
        """
        remote = dataset.remote
        assert remote is not None  # it was built over a project
        made = {}
        for number, one in enumerate(proposals):
            told(number, len(proposals))
            made[one.id] = open_request(dataset, one, self._settings)
        told(len(proposals), len(proposals))
        for state in list(remote.requests()):
            if state.state == "opened" and state.proposal not in made:
                remote.close(state.proposal)
        return made

    def repoint(self, proposals: Sequence[Proposal], made: Mapping[str, Opened]) -> None:
        """Write down where each proposal is from now on."""
        for one in proposals:
            opened = made[one.id]
            request = opened.merge_request
            if one.merge_request_url == request.url and one.number == request.number:
                continue
            moved = replace(
                one,
                head=opened.head,
                number=request.number,
                merge_request_url=request.url,
                updated_at=self._clock(),
            )
            event = Event(
                proposal=one.id,
                time=moved.updated_at,
                kind="moved",
                detail={"number": request.number, "url": request.url, "before": one.number},
            )
            self._journal.update(moved, event)

"""What became of one proposal at its forge: its merge request and its branch, and whose that is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from retouche.core.errors import NotFound
from retouche.ports import Clock, Journal, Proposal, RequestState
from retouche.services.following.remaking import Remaking
from retouche.services.following.rounds import Round
from retouche.services.following.transitions import Sight, Step, steps
from retouche.settings import Settings

SETTLING = timedelta(minutes=1)
"""Time in which a decision whose answer was lost may still be carried out there."""


class Sightings:
    """Tells a head that we made from one that somebody else wrote."""

    def __init__(
        self, journal: Journal, remaking: Remaking, clock: Clock, settings: Settings
    ) -> None:
        self._journal = journal
        self._remaking = remaking
        self._clock = clock
        self._settings = settings

    def steps(self, here: Round, proposal: Proposal, state: RequestState) -> Iterator[Step]:
        """All that has become of a proposal, in order; writes nothing.

        A head of ours that holds a part of it only is noted in the round. Raises
        `ForgeUnavailable`.
        """
        if proposal.is_begun and state.state in ("opened", "locked"):
            since = self._clock() - proposal.updated_at
            if timedelta(0) <= since < SETTLING:
                return
        made = frozenset[str]()
        if state.head not in (None, proposal.head):
            made = self._made(here, proposal)
        part, head = None, here.fetched.heads.get(proposal.id)
        moved = proposal.state == "open" and head not in (None, proposal.head)
        if moved and state.state == "opened" and head is not None and head == state.head:
            anew = self._unknown(here, proposal, head)
            if anew is proposal:
                part = here.parts[proposal.id] = head
            elif anew is not None:
                yield Step(proposal=anew, kind="remade", detail={"head": head})
                proposal = anew
        if state.state == "merged":
            here.astray.add(proposal.id)
        sight = Sight(
            dataset=here.dataset,
            state=state,
            fetched=here.fetched,
            branch=here.branch,
            published=here.published,
            made=made,
            part=part,
            astray=proposal.id in here.memory.astray,
            most=self._settings.max_operations,
        )
        yield from steps(proposal, sight)

    def _unknown(self, here: Round, proposal: Proposal, head: str) -> Proposal | None:
        """See `Remaking.recognise`; None also for a head that the journal knows."""
        if head in self._told(proposal):
            return None
        made = head == self._last_made(here, proposal)
        return self._remaking.recognise(here.dataset, proposal, head, made=made)

    def _made(self, here: Round, proposal: Proposal) -> frozenset[str]:
        """The heads that are known to be ours."""
        last = self._last_made(here, proposal)
        return self._told(proposal) | ({last} if last else frozenset())

    def _told(self, proposal: Proposal) -> frozenset[str]:
        """The heads that the journal knows we made for a proposal."""
        events = self._journal.events(proposal.dataset, proposal.id)
        found = (one.detail.get("head") for one in events if one.kind in ("opened", "remade"))
        return frozenset(one for one in found if isinstance(one, str))

    def _last_made(self, here: Round, proposal: Proposal) -> str | None:
        """The head that we made last, as the mirror knows it."""
        try:
            return here.remote.resolve(f"proposals/{here.dataset.name}/{proposal.id}")
        except NotFound:
            return None

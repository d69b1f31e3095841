"""How a decision on a proposal is written down: begun before the forge is asked, ended after it.

What a kill or a failure left between the two is ended before anything else is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from retouche.core.errors import Conflict, NotFound
from retouche.ports import Clock, Event, Journal, Proposal, State
from retouche.services.datasets import Dataset

Carry = Callable[[Dataset, Proposal], Proposal]


class Decisions:
    """What is written of proposals after they were received. The dataset's lock is held."""

    def __init__(self, journal: Journal, clock: Clock, carry: Carry) -> None:
        """`carry` puts a queued proposal on the forge."""
        self._journal = journal
        self._clock = clock
        self._carry = carry

    def settled(self, dataset: Dataset, proposal: Proposal) -> Proposal:
        """The proposal, on the forge, and without a decision that is only begun."""
        if proposal.state == "queued":
            return self._carry(dataset, proposal)
        decision = dict(proposal.decision or {})
        if not decision.pop("pending", False):
            return proposal
        if "ends" in decision:
            return self._closed(dataset, proposal, decision)
        if _is_published(dataset, decision["revision"]):
            dataset.forge.close(proposal.id)  # a kill may have left the branch behind
            return self.accepted(proposal, decision)
        # The published branch has not moved: the proposal is as it was.
        return self.record(replace(proposal, decision=None))

    def begin(self, proposal: Proposal, decision: Mapping[str, Any]) -> Proposal:
        """Write down what is about to be done."""
        return self.record(replace(proposal, decision={**decision, "pending": True}))

    def accepted(self, proposal: Proposal, decision: Mapping[str, Any]) -> Proposal:
        """Write down that a proposal is published."""
        detail = {name: decision[name] for name in ("message", "operations", "revision")}
        return self.record(
            replace(proposal, state="accepted", conflicted=False, decision=dict(decision)),
            "accepted",
            actor=str(decision["by"]),
            **detail,
        )

    def close(
        self,
        dataset: Dataset,
        proposal: Proposal,
        state: State,
        *,
        actor: str,
        decision: Mapping[str, Any],
    ) -> Proposal:
        """End an undecided proposal without publishing it; its commit stays reachable.

        Raises `Conflict("already_decided")`.
        """
        proposal = self.settled(dataset, proposal)
        if proposal.state != "open":
            raise Conflict((), "already_decided", state=proposal.state)
        begun = {**decision, "ends": state, "actor": actor}
        return self._closed(dataset, self.begin(proposal, begun), begun)

    def record(self, proposal: Proposal, kind: str | None = None, **detail: Any) -> Proposal:
        """Write a changed proposal to the journal, with an event when it is one."""
        changed = replace(proposal, updated_at=self._clock())
        event = self._event(changed, kind, **detail) if kind else None
        self._journal.update(changed, event)
        return changed

    def now(self) -> datetime:
        return self._clock()

    def _closed(self, dataset: Dataset, proposal: Proposal, begun: Mapping[str, Any]) -> Proposal:
        dataset.forge.close(proposal.id)
        decision = {name: begun[name] for name in begun if name not in ("ends", "actor")}
        state: State = begun["ends"]
        ended = replace(proposal, state=state, decision=decision)
        return self.record(ended, state, actor=begun["actor"], **decision)

    def _event(
        self, proposal: Proposal, kind: str, *, actor: str | None = None, **detail: Any
    ) -> Event:
        return Event(
            proposal=proposal.id, time=self._clock(), kind=kind, actor=actor, detail=detail
        )


def _is_published(dataset: Dataset, commit: str) -> bool:
    try:
        dataset.forge.resolve(commit)
    except NotFound:  # git drops in time what was never published
        return False
    return dataset.forge.contains(commit, dataset.forge.published())

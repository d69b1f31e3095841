"""How a decision on a proposal is written down: begun before the forge is asked, ended after it.

What a kill or a failure left between the two is ended before anything else is decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

from retouche.core.errors import (
    Conflict,
    ForgeRefused,
    ForgeUnavailable,
    NotFound,
    RetoucheError,
    StorageFull,
)
from retouche.ports import Clock, Event, Journal, Locks, Opened, Proposal, State
from retouche.services.datasets import Dataset

Carry = Callable[[Dataset, Proposal], Proposal]
MARKS = frozenset({"pending", "ends", "actor"})
"""What stands in a decision only until it is ended."""
BUSY = 5.0
"""Longest wait, in seconds, for another decision that is on its way to a forge elsewhere."""


class Decisions:
    """What is written of proposals after they were received. The dataset's lock is held."""

    def __init__(self, journal: Journal, locks: Locks, clock: Clock, carry: Carry) -> None:
        """`carry` puts a queued proposal on a forge of ours."""
        self._journal = journal
        self._locks = locks
        self._clock = clock
        self._carry = carry

    @contextmanager
    def turn(self, dataset: Dataset) -> Iterator[None]:
        """Hold the dataset's lock: one decision at a time.

        A decision at a forge elsewhere may take long: who would wait for it longer than a moment
        is told so by `ForgeUnavailable`.
        """
        if dataset.remote is None:
            with self._locks.hold(dataset.name):
                yield
            return
        with self._locks.attempt(dataset.name, seconds=BUSY) as held:
            if not held:
                raise ForgeUnavailable("being_decided", retry_after=BUSY)
            yield

    def settled(self, dataset: Dataset, proposal: Proposal) -> Proposal:
        """The proposal, on a forge of ours, and without a decision that is only begun."""
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

    def opened(self, proposal: Proposal, opened: Opened) -> Proposal:
        """Write down where a queued proposal is at the forge."""
        number, head = opened.merge_request.number, opened.head
        upstream = replace(
            proposal.upstream, refused=None, refused_detail=None, retry_at=None, attempts=0
        )
        found = replace(
            proposal,
            head=head,
            number=number,
            merge_request_url=opened.merge_request.url,
            upstream=upstream,
        )
        if proposal.state != "queued":  # it was withdrawn meanwhile, and is closed yet
            return self.record(found)
        return self.record(replace(found, state="open"), "opened", number=number, head=head)

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

    def withdrawn(self, proposal: Proposal) -> Proposal:
        """Write down that a proposal at a forge elsewhere is taken back, before it is there."""
        begun = {"ends": "withdrawn", "actor": "contributor", "pending": True}
        ended = replace(proposal, state="withdrawn", decision=begun)
        return self.record(ended, "withdrawn", actor="contributor")

    def ended(self, proposal: Proposal, state: State, begun: Mapping[str, Any]) -> Proposal:
        """Write down that a proposal is closed at the forge, as it was begun."""
        decision = without_marks(begun)
        ended = replace(proposal, state=state, decision=decision)
        if proposal.state == state:  # it was written before it was there
            return self.record(ended)
        return self.record(ended, state, actor=begun["actor"], **decision)

    @contextmanager
    def asking(self, proposal: Proposal) -> Iterator[None]:
        """Ask a forge elsewhere to carry a decision out.

        What is begun inside is dropped when the forge refuses; as long as it is not known whether
        it was done, it stays begun, and is settled by following.
        """
        try:
            yield
        except RetoucheError as error:
            unknown = isinstance(error, ForgeUnavailable | StorageFull)
            if not unknown or isinstance(error, ForgeRefused):
                present = self._journal.get(proposal.dataset, proposal.id)
                if present.is_begun:
                    self.record(replace(present, decision=None))
            raise

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
        return self.ended(proposal, begun["ends"], begun)

    def _event(
        self, proposal: Proposal, kind: str, *, actor: str | None = None, **detail: Any
    ) -> Event:
        return Event(
            proposal=proposal.id, time=self._clock(), kind=kind, actor=actor, detail=detail
        )


def without_marks(begun: Mapping[str, Any]) -> dict[str, Any]:
    """A decision that was begun, as it is kept once it is ended."""
    return {name: value for name, value in begun.items() if name not in MARKS}


def undecided(journal: Journal, dataset: str) -> Iterator[Proposal]:
    """All queued and open proposals, oldest first."""
    after = 0
    while batch := journal.undecided(dataset, after=after):
        yield from batch
        after = batch[-1].sequence


def _is_published(dataset: Dataset, commit: str) -> bool:
    try:
        dataset.forge.resolve(commit)
    except NotFound:  # git drops in time what was never published
        return False
    return dataset.forge.contains(commit, dataset.forge.published())

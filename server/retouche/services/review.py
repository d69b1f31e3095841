"""Review: accept a proposal, whole or in part, or refuse it with a reason.

One decision at a time per dataset; the published branch moves by compare-and-swap.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from retouche.core.errors import (
    Conflict,
    ForgeRefused,
    ForgeUnavailable,
    HeadMoved,
    RetoucheError,
)
from retouche.ports import Journal, Proposal, Reviewer, Watch
from retouche.services.clashes import flag_others
from retouche.services.courier.breaker import Breaker
from retouche.services.courier.call import Caller
from retouche.services.datasets import Dataset
from retouche.services.proposals import Proposals
from retouche.services.restoring import restore
from retouche.services.reviewing.parts import WHOLE, Parts
from retouche.services.reviewing.publishing import Publishing
from retouche.services.reviewing.reasons import reason_named
from retouche.settings import Settings

# Only another accept can move the branch, and accepts queue on a lock: a retry is for pushes
# made by hand, which do not come in bursts.
ATTEMPTS = 5
LONGEST_REST = 0.05
"""Longest time, in seconds, for which others have a dataset between two recoveries."""


class Review:
    """What a reviewer does."""

    def __init__(
        self,
        proposals: Proposals,
        journal: Journal,
        settings: Settings,
        *,
        watch: Watch,
        breaker: Breaker,
        bell: Caller,
    ) -> None:
        self._proposals = proposals
        self._decisions = proposals.decisions
        self._journal = journal
        self._settings = settings
        self._watch = watch
        self._breaker = breaker
        self._bell = bell
        self._publishing = Publishing(self._decisions, settings)

    def accept(
        self,
        dataset: Dataset,
        proposal: str,
        *,
        head: str,
        operations: Sequence[int] | None = None,
        parts: Parts = WHOLE,
        message: str | None = None,
        reviewer: Reviewer,
    ) -> Proposal:
        """Publish a proposal, or only `parts` of it; `operations` are those of these indexes.

        Raises `HeadMoved` when `head` is not what the proposal is now, `Conflict` when its
        cells were changed meanwhile without a choice that was made in view of it, or when it is
        already decided, `Invalid` when it breaks rules of the published schema, and `Malformed`
        for parts that it has not. At a forge elsewhere `NotAllowed` when the reviewer may not merge
        there, and `ForgeUnavailable`: what became of it is then found by following.
        """
        with self._decisions.turn(dataset):
            present = self._undecided(dataset, proposal)
            if head != present.head:
                raise HeadMoved(head=head, present=present.head)
            if operations is not None:
                parts = replace(parts, operations=tuple(operations))
            if dataset.remote is not None:
                return self._accept_elsewhere(dataset, present, parts, message, reviewer)
            for _ in range(ATTEMPTS):
                try:
                    accepted = self._publishing.publish(dataset, present, parts, message, reviewer)
                    break
                except HeadMoved:
                    continue
            else:
                raise HeadMoved("published_moved")
            flag_others(dataset, accepted, self._journal, self._decisions)
            return accepted

    def reject(
        self,
        dataset: Dataset,
        proposal: str,
        *,
        reason: str,
        message: str | None = None,
        reviewer: Reviewer,
    ) -> Proposal:
        """Refuse a proposal; its commit stays reachable. Raises `Conflict` when decided.

        `reason` is the code of a general reason or of one that the dataset declares; raises
        `Malformed` for any other. At a forge elsewhere also what `accept` raises there.
        """
        why = reason_named(dataset.at().package, reason)
        decision = {**why.as_kept(), "message": message or None}
        with self._decisions.turn(dataset):
            present = self._undecided(dataset, proposal)
            if dataset.remote is not None:
                return self._reject_elsewhere(dataset, present, decision, reviewer)
            return self._decisions.close(
                dataset, present, "rejected", actor=reviewer.name, decision=decision
            )

    def recover(self, dataset: Dataset) -> list[str]:
        """Finish what a killed process began. One bad proposal never stops the others.

        Gives a line for each proposal that could not be finished. The dataset is held for one of
        them at a time, so that others go on. What is to be finished at a forge elsewhere is the
        courier's.
        """
        failures: list[str] = []
        if dataset.remote is not None:
            return failures
        for proposal in self._journal.unfinished(dataset.name):
            began = time.monotonic()
            try:
                self._finish(dataset, proposal.id)
            except Exception as error:  # each proposal stands alone; the reason is reported
                failures.append(f"{dataset.name} {proposal.id}: {error!r}")
            # Whoever waits for the dataset has it as long as we had.
            time.sleep(min(LONGEST_REST, time.monotonic() - began))
        return failures

    def restore(self, dataset: Dataset) -> list[str]:
        """Make anew what a power cut took from a forge of ours; gives what `restoring` does."""
        with self._decisions.turn(dataset):
            return restore(dataset, self._journal, self._settings)

    def _finish(self, dataset: Dataset, proposal: str) -> None:
        with self._decisions.turn(dataset):
            self._decisions.settled(dataset, self._journal.get(dataset.name, proposal))

    def _undecided(self, dataset: Dataset, proposal: str) -> Proposal:
        present = self._proposals.get(dataset, proposal)
        if dataset.remote is None:
            present = self._decisions.settled(dataset, present)
        else:
            self._check_decidable(dataset, present)
        if present.state != "open":
            raise Conflict((), "already_decided", state=present.state)
        return present

    def _check_decidable(self, dataset: Dataset, proposal: Proposal) -> None:
        """Raises `ForgeUnavailable` while nothing can be decided at a forge elsewhere."""
        if proposal.state == "queued":
            raise ForgeUnavailable("not_at_forge_yet")
        if proposal.state == "open" and proposal.is_begun:
            self._bell.ring(dataset.name, look=True)
            raise ForgeUnavailable("decision_unsettled")
        self._breaker.check(dataset.name)

    def _accept_elsewhere(
        self,
        dataset: Dataset,
        proposal: Proposal,
        parts: Parts,
        message: str | None,
        reviewer: Reviewer,
    ) -> Proposal:
        outlook = self._watch.outlook(dataset.name)
        if outlook.held_reason is not None:
            raise ForgeUnavailable("published_held")
        if proposal.upstream.edited:
            wanted = self._publishing.wanted(dataset, proposal, parts)
            if wanted.part or wanted.choices:
                raise Conflict((), "edited_upstream")
        if proposal.upstream.other_files or not proposal.operations:
            raise ForgeRefused("not_mergeable", status="other_files")  # nobody here saw it
        if proposal.head is not None:
            dataset.have(proposal.head)
        before = dataset.forge.published()
        try:
            with self._decisions.asking(proposal):
                return self._publishing.publish(dataset, proposal, parts, message, reviewer)
        finally:
            with suppress(RetoucheError):  # else whoever follows finds it
                published = dataset.forge.published()
                if published != before:  # all other servers serve it too
                    self._watch.note_served(dataset.name, published, seen=outlook.served)
            self._bell.ring(dataset.name, look=True)

    def _reject_elsewhere(
        self,
        dataset: Dataset,
        proposal: Proposal,
        decision: Mapping[str, Any],
        reviewer: Reviewer,
    ) -> Proposal:
        begun = {**decision, "ends": "rejected", "actor": reviewer.name}
        try:
            with self._decisions.asking(proposal):
                present = self._decisions.begin(proposal, begun)
                dataset.forge.close(proposal.id, reviewer=reviewer)
                return self._decisions.ended(present, "rejected", begun)
        finally:
            self._bell.ring(dataset.name, look=True)

"""Review: accept a proposal, whole or in part, or refuse it with a reason.

One decision at a time per dataset; the published branch moves by compare-and-swap.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from retouche.core.errors import (
    Conflict,
    ForgeRefused,
    ForgeUnavailable,
    HeadMoved,
    Invalid,
    Malformed,
    RetoucheError,
)
from retouche.core.judging.verdict import verdict
from retouche.core.operations import Patch
from retouche.ports import Journal, Proposal, Reviewer, Watch
from retouche.services.carrying import Carried, carry_over, files_after
from retouche.services.clashes import flag_others
from retouche.services.courier.breaker import Breaker
from retouche.services.courier.call import Caller
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.findings import renumbered
from retouche.services.messages import acceptance_message, proposal_message
from retouche.services.patches import from_wire
from retouche.services.proposals import Proposals
from retouche.services.restoring import restore
from retouche.settings import Settings

REASONS = (
    "not_verified",
    "wrong",
    "duplicate",
    "already_fixed",
    "spam",
    "out_of_scope",
    "other",
)
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

    def accept(
        self,
        dataset: Dataset,
        proposal: str,
        *,
        head: str,
        operations: Sequence[int] | None = None,
        message: str | None = None,
        reviewer: Reviewer,
    ) -> Proposal:
        """Publish a proposal, or only its operations of the given indexes.

        Raises `HeadMoved` when `head` is not what the proposal is now, `Conflict` when its
        cells were changed meanwhile or it is already decided, `Invalid` when it breaks rules of
        the published schema. At a forge elsewhere `NotAllowed` when the reviewer may not merge
        there, and `ForgeUnavailable`: what became of it is then found by following.
        """
        with self._decisions.turn(dataset):
            present = self._undecided(dataset, proposal)
            if head != present.head:
                raise HeadMoved(head=head, present=present.head)
            chosen = _chosen(operations, len(present.operations))
            if dataset.remote is not None:
                return self._accept_elsewhere(dataset, present, chosen, message, reviewer)
            for _ in range(ATTEMPTS):
                try:
                    accepted = self._publish(dataset, present, chosen, message, reviewer)
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

        At a forge elsewhere also what `accept` raises there.
        """
        if reason not in REASONS:
            raise Malformed("bad_choice", pointer="/reason", allowed=", ".join(REASONS))
        decision = {"reason": reason, "message": message or None}
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
        chosen: tuple[int, ...],
        message: str | None,
        reviewer: Reviewer,
    ) -> Proposal:
        outlook = self._watch.outlook(dataset.name)
        if outlook.held_reason is not None:
            raise ForgeUnavailable("published_held")
        if proposal.upstream.edited and len(chosen) < len(proposal.operations):
            raise Conflict((), "edited_upstream")
        if proposal.upstream.other_files or not proposal.operations:
            raise ForgeRefused("not_mergeable", status="other_files")  # nobody here saw it
        if proposal.head is not None:
            dataset.have(proposal.head)
        before = dataset.forge.published()
        try:
            with self._decisions.asking(proposal):
                return self._publish(dataset, proposal, chosen, message, reviewer)
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

    def _publish(
        self,
        dataset: Dataset,
        proposal: Proposal,
        chosen: tuple[int, ...],
        message: str | None,
        reviewer: Reviewer,
    ) -> Proposal:
        parent, published = dataset.at(proposal.parent), dataset.at()
        wanted = tuple(from_wire(proposal.operations[one], parent.package) for one in chosen)
        carried = carry_over(wanted, base=parent, onto=published)
        self._check(proposal, carried, chosen, published)
        now = self._decisions.now()
        decision = {
            "by": reviewer.name,
            "message": message or None,
            "operations": list(chosen),
            "previous": published.commit,
        }

        begun: list[str] = []

        def prepared(commit: str) -> None:
            begun.append(commit)
            self._decisions.begin(proposal, {**decision, "revision": commit})

        files = files_after(carried.operations, published, limit=self._settings.max_file)
        merge: Callable[..., str] = dataset.forge.merge
        if dataset.remote is not None and proposal.upstream.edited:
            merge = partial(dataset.remote.merge, as_it_is=True)
        revision = merge(
            proposal.id,
            published=published.commit,
            head=self._head(dataset, proposal, wanted, parent, now),
            files=files,
            message=acceptance_message(
                proposal.id, proposal.number, accepted=len(wanted), of=len(proposal.operations)
            ),
            time=now,
            prepared=prepared,
            reviewer=reviewer,
        )
        if dataset.remote is not None and not begun:  # somebody merged it there before
            raise Conflict((), "already_decided", state="accepted")
        for content in files.values():
            published.succeeded(content)
        return self._decisions.accepted(proposal, {**decision, "revision": revision})

    def _check(
        self,
        proposal: Proposal,
        carried: Carried,
        chosen: Sequence[int],
        published: DatasetRevision,
    ) -> None:
        """Raises `Conflict`, which is written down too, and `Invalid`."""
        if carried.conflicts:
            self._decisions.record(replace(proposal, conflicted=True))
            raise Conflict(carried.conflicts)
        report = verdict(
            carried.operations, package=published.package, before=published.snapshots()
        )
        if not report.valid:
            places = [chosen[one] for one in carried.origins]
            raise Invalid(renumbered(report, places).errors)

    def _head(
        self,
        dataset: Dataset,
        proposal: Proposal,
        wanted: Patch,
        parent: DatasetRevision,
        time: datetime,
    ) -> str:
        """The commit that is merged: the proposal's, or one of a part of it."""
        assert proposal.head is not None  # an open proposal has its commit
        if len(wanted) == len(proposal.operations):
            return proposal.head
        return dataset.forge.commit(
            parent=proposal.parent,
            files=files_after(wanted, parent, limit=self._settings.max_file),
            message=proposal_message(proposal.id, wanted),
            time=time,
        )


def _chosen(operations: Sequence[int] | None, count: int) -> tuple[int, ...]:
    if operations is None:
        return tuple(range(count))
    chosen = tuple(sorted(set(operations)))
    if len(chosen) < len(operations) or not chosen or chosen[0] < 0 or chosen[-1] >= count:
        raise Malformed("bad_operations_index", pointer="/operations", count=count)
    return chosen

"""Review: accept a proposal, whole or in part, or refuse it with a reason.

One decision at a time per dataset; the published branch moves by compare-and-swap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from retouche.core.errors import Conflict, HeadMoved, Invalid, Malformed, RetoucheError
from retouche.core.judging.verdict import verdict
from retouche.core.operations import Update
from retouche.ports import Journal, Locks, Proposal
from retouche.services.carrying import carry_over, files_after
from retouche.services.datasets import Dataset
from retouche.services.findings import renumbered
from retouche.services.messages import acceptance_message, proposal_message
from retouche.services.patches import from_wire
from retouche.services.proposals import Proposals
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


class Review:
    """What a reviewer does."""

    def __init__(
        self, proposals: Proposals, journal: Journal, locks: Locks, settings: Settings
    ) -> None:
        self._proposals = proposals
        self._decisions = proposals.decisions
        self._journal = journal
        self._locks = locks
        self._settings = settings

    def accept(
        self,
        dataset: Dataset,
        proposal: str,
        *,
        head: str,
        operations: Sequence[int] | None = None,
        message: str | None = None,
        reviewer: str,
    ) -> Proposal:
        """Publish a proposal, or only its operations of the given indexes.

        Raises `HeadMoved` when `head` is not what the proposal is now, `Conflict` when its
        cells were changed meanwhile or it is already decided, `Invalid` when it breaks rules of
        the published schema.
        """
        with self._locks.hold(dataset.name):
            present = self._undecided(dataset, proposal)
            if head != present.head:
                raise HeadMoved(head=head, present=present.head)
            chosen = _chosen(operations, len(present.operations))
            for _ in range(ATTEMPTS):
                try:
                    accepted = self._publish(dataset, present, chosen, message, reviewer)
                    break
                except HeadMoved:
                    continue
            else:
                raise HeadMoved("published_moved")
            self._flag_others(dataset, accepted)
            return accepted

    def reject(
        self,
        dataset: Dataset,
        proposal: str,
        *,
        reason: str,
        message: str | None = None,
        reviewer: str,
    ) -> Proposal:
        """Refuse a proposal; its commit stays reachable. Raises `Conflict` when decided."""
        if reason not in REASONS:
            raise Malformed("bad_choice", pointer="/reason", allowed=", ".join(REASONS))
        decision = {"reason": reason, "message": message or None}
        with self._locks.hold(dataset.name):
            present = self._undecided(dataset, proposal)
            return self._decisions.close(
                dataset, present, "rejected", actor=reviewer, decision=decision
            )

    def recover(self, dataset: Dataset) -> list[str]:
        """Finish what a killed process began. One bad proposal never stops the others.

        Gives a line for each proposal that could not be finished.
        """
        failures = []
        with self._locks.hold(dataset.name):
            for proposal in self._journal.unfinished(dataset.name):
                try:
                    self._decisions.settled(dataset, proposal)
                except Exception as error:  # each proposal stands alone; the reason is reported
                    failures.append(f"{dataset.name} {proposal.id}: {error!r}")
        return failures

    def _undecided(self, dataset: Dataset, proposal: str) -> Proposal:
        present = self._decisions.settled(dataset, self._proposals.get(dataset, proposal))
        if present.state != "open":
            raise Conflict((), "already_decided", state=present.state)
        return present

    def _publish(
        self,
        dataset: Dataset,
        proposal: Proposal,
        chosen: tuple[int, ...],
        message: str | None,
        reviewer: str,
    ) -> Proposal:
        parent, published = dataset.at(proposal.parent), dataset.at()
        wanted = tuple(from_wire(proposal.operations[one], parent.package) for one in chosen)
        carried = carry_over(wanted, base=parent, onto=published)
        if carried.conflicts:
            self._decisions.record(replace(proposal, conflicted=True))
            raise Conflict(carried.conflicts)
        report = verdict(
            carried.operations, package=published.package, before=published.snapshots()
        )
        if not report.valid:
            places = [chosen[one] for one in carried.origins]
            raise Invalid(renumbered(report, places).errors)
        now = self._decisions.now()
        assert proposal.head is not None  # an open proposal has its commit
        head, limit = proposal.head, self._settings.max_file
        if len(wanted) < len(proposal.operations):
            head = dataset.forge.commit(
                parent=proposal.parent,
                files=files_after(wanted, parent, limit=limit),
                message=proposal_message(proposal.id, wanted),
                time=now,
            )
        decision = {
            "by": reviewer,
            "message": message or None,
            "operations": list(chosen),
            "previous": published.commit,
        }

        def prepared(commit: str) -> None:
            self._decisions.begin(proposal, {**decision, "revision": commit})

        files = files_after(carried.operations, published, limit=limit)
        revision = dataset.forge.merge(
            proposal.id,
            published=published.commit,
            head=head,
            files=files,
            message=acceptance_message(
                proposal.id, proposal.number, accepted=len(wanted), of=len(proposal.operations)
            ),
            time=now,
            prepared=prepared,
        )
        for content in files.values():
            published.succeeded(content)
        return self._decisions.accepted(proposal, {**decision, "revision": revision})

    def _flag_others(self, dataset: Dataset, accepted: Proposal) -> None:
        """Mark the open proposals that now clash with what was just published."""
        published = dataset.at()
        parent = dataset.at(accepted.parent)
        others: dict[str, Proposal] = {}
        for item in accepted.operations:
            one = from_wire(item, parent.package)
            keys = {one.key}
            if isinstance(one, Update):
                schema = parent.package.resource(one.resource).schema
                keys.add(schema.key_after(one.key, one.new) or one.key)
            for key in keys:
                for other in self._proposals.touching(dataset, one.resource, key):
                    others[other.id] = other
        for other in others.values():
            base = dataset.at(other.parent)
            operations = tuple(from_wire(one, base.package) for one in other.operations)
            try:
                clash = bool(carry_over(operations, base=base, onto=published).conflicts)
            except RetoucheError:  # its row or resource is gone: what was published stays so
                clash = True
            if clash != other.conflicted:
                self._decisions.record(replace(other, conflicted=clash), "conflicted")


def _chosen(operations: Sequence[int] | None, count: int) -> tuple[int, ...]:
    if operations is None:
        return tuple(range(count))
    chosen = tuple(sorted(set(operations)))
    if len(chosen) < len(operations) or not chosen or chosen[0] < 0 or chosen[-1] >= count:
        raise Malformed("bad_operations_index", pointer="/operations", count=count)
    return chosen

"""How an open proposal stands to what is published, and what is to be written of that.

Looks and compares; must not write and must not tell anybody.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TypeAlias

from retouche.core.errors import ForgeUnavailable, RetoucheError, StorageFull
from retouche.core.judging.verdict import verdict
from retouche.core.operations import Patch
from retouche.core.report import CellConflict, Report
from retouche.ports import Proposal
from retouche.services.carrying import Carried, carry_over
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.patches import operations_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a proposal stands to what is published. `carried` None: its resource or rows are gone."""

    published: DatasetRevision
    carried: Carried | None
    report: Report | None = None
    """The verdict; None when it need not be asked again."""

    @property
    def clashes(self) -> bool:
        return self.carried is None or bool(self.carried.conflicts)

    @property
    def conflicts(self) -> tuple[CellConflict, ...]:
        return self.carried.conflicts if self.carried else ()

    @property
    def left(self) -> Patch:
        """The operations that are still to be published."""
        return self.carried.operations if self.carried else ()

    @property
    def base_gone(self) -> bool:
        return self.carried is None or any(one.kind == "delete_edit" for one in self.conflicts)

    @property
    def digest(self) -> str | None:
        """Names a conflict; None when there is none."""
        if not self.clashes:
            return None
        told = [
            [one.resource, one.row_key, one.field, one.base, one.ours, one.theirs, one.kind]
            for one in self.conflicts
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def standing_of(dataset: Dataset, proposal: Proposal, *, onto: str | None = None) -> Standing:
    """Hold a proposal against a commit, the published one when none is given.

    Raises `ForgeUnavailable` and `StorageFull`.
    """
    published = dataset.at(onto)
    try:
        parent = dataset.at(proposal.parent)
        operations = operations_of(proposal, parent.package)
        carried = carry_over(operations, base=parent, onto=published)
        report = None
        if _rules_may_differ(proposal, parent, published):
            report = verdict(
                carried.operations, package=published.package, before=published.snapshots()
            )
    except (ForgeUnavailable, StorageFull):
        raise
    except (RetoucheError, KeyError):
        return Standing(published=published, carried=None)
    return Standing(published=published, carried=carried, report=report)


Mark: TypeAlias = tuple[Proposal, str | None]
"""What a proposal is next, and the kind of the event that tells it; None for what was told."""


def marks_of(proposal: Proposal, standing: Standing) -> list[Mark]:
    """What is to be written of how a proposal stands, step by step."""
    marks: list[Mark] = []
    for look in (_clash, _done, _rules):
        changed, kind = look(proposal, standing)
        if changed != proposal:
            marks.append((changed, kind))
            proposal = changed
    return marks


def _clash(proposal: Proposal, standing: Standing) -> Mark:
    seen = proposal.upstream
    changed = replace(
        proposal,
        conflicted=standing.clashes,
        upstream=replace(seen, told=standing.digest),
    )
    if not standing.clashes:
        return changed, "conflict_gone" if proposal.conflicted else None
    if standing.base_gone:
        return changed, "base_gone"
    # An acceptance here marks what it clashes with at once: that is an event already.
    return changed, None if proposal.conflicted and seen.told is None else "conflicted"


def _done(proposal: Proposal, standing: Standing) -> Mark:
    done = not standing.clashes and not standing.left
    changed = replace(proposal, upstream=replace(proposal.upstream, already_published=done))
    return changed, "already_published" if done else None


def _rules(proposal: Proposal, standing: Standing) -> Mark:
    if standing.report is None:
        return proposal, None
    invalid = not standing.report.valid
    changed = replace(proposal, upstream=replace(proposal.upstream, invalid=invalid))
    return changed, "invalid_now" if invalid else "valid_again"


def _rules_may_differ(
    proposal: Proposal, parent: DatasetRevision, published: DatasetRevision
) -> bool:
    """Whether rules may judge a proposal in another way than when it was sent."""
    seen = proposal.upstream
    return seen.edited or seen.invalid or parent.package is not published.package

"""What a merge request, as it stands at the forge, makes of its proposal: step by step.

Must not write: each step says what the proposal is then, and the event that tells it. Taking the
same look twice gives no second step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any

from retouche.core.errors import NotFound
from retouche.ports import Fetched, Proposal, RequestState
from retouche.services.datasets import Dataset
from retouche.services.decisions import without_marks
from retouche.services.following.edits import Rereading, reread, without_operations

CLOSED = "closed_upstream"
"""The reason of a proposal whose merge request was closed at the forge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A proposal as it is next, and the event of it; None for what was told before."""

    proposal: Proposal
    kind: str | None
    actor: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A proposal's merge request, and the repository around it, as they were just seen."""

    dataset: Dataset
    state: RequestState
    fetched: Fetched
    branch: str
    """The name of the published branch."""
    published: str
    """The commit that is served."""
    made: Set[str]
    """The heads that we are known to have made for this proposal."""
    part: str | None
    """A head of ours that holds only a part of the proposal: it is about to be put back."""
    astray: bool
    """Whether it was merged before the published branch was fetched."""
    most: int
    """Operations that a branch may have to be read."""

    @property
    def head(self) -> str | None:
        """The head of the proposal's branch; None when that is gone, or not surely known."""
        found = self.fetched.heads.get(self.state.proposal)
        return found if self.state.head in (None, found) else None


def steps(proposal: Proposal, sight: Sight) -> Iterator[Step]:
    """All that has become of a proposal, in order. Raises `ForgeUnavailable`."""
    for look in LOOKS:
        found = look(proposal, sight)
        if found is not None:
            proposal = found.proposal
            yield found


def _merged(proposal: Proposal, sight: Sight) -> Step | None:
    state, pending = sight.state, proposal.is_begun
    if state.state != "merged" or (proposal.state == "accepted" and not pending):
        return None
    revision = state.revision
    if revision is None or not is_within(sight.dataset, revision, sight.published):
        return None  # what was published is held back, or it was merged into another branch
    begun = dict(proposal.decision or {})
    if pending and state.head is not None and begun.get("revision") == state.head:
        decision = without_marks(begun)
        decision |= {"revision": revision, "previous": _previous(sight, revision)}
        return _accepted(proposal, decision, "accepted")
    edited = proposal.upstream.edited
    previous = _previous(sight, revision)
    if state.head not in (None, proposal.head):
        edited = state.head not in sight.made
        forward = revision == state.head
        found = _merged_rows(proposal, sight, proposal.parent if forward else previous)
        previous = found.parent if forward and found.complete else previous
        upstream = replace(
            proposal.upstream, edited=edited, other_files=edited and not found.complete
        )
        proposal = _reread(replace(proposal, upstream=upstream), found)
    decision = {
        "by": state.by,
        "message": None,
        "operations": list(range(len(proposal.operations))),
        "previous": previous,
        "revision": revision,
    }
    return _accepted(proposal, decision, "accepted_edited" if edited else "accepted")


def _astray(proposal: Proposal, sight: Sight) -> Step | None:
    """A decision begun here that comes to nothing: what was merged is not in what is published,
    because it was merged into another branch, or its history was rewritten."""
    if sight.state.state != "merged" or not _is_ours(proposal, sight):
        return None
    if proposal.state != "open" or not proposal.is_begun:
        return None
    served = sight.fetched.tip == sight.published
    if sight.state.target == sight.branch and not (sight.astray and served):
        return None
    return Step(proposal=replace(proposal, decision=None), kind=None)


def _accepted(proposal: Proposal, decision: Mapping[str, Any], kind: str) -> Step:
    upstream = replace(
        proposal.upstream,
        target=None,
        invalid=False,
        already_published=False,
        branch_deleted=False,
    )
    return Step(
        proposal=replace(
            proposal,
            state="accepted",
            conflicted=False,
            decision=dict(decision),
            upstream=upstream,
        ),
        kind=kind,
        actor=decision["by"],
        detail={name: decision[name] for name in ("message", "operations", "revision")},
    )


def _merged_rows(proposal: Proposal, sight: Sight, published: str) -> Rereading:
    """What was merged, where that is not what was proposed."""
    head = sight.state.head
    assert head is not None  # asked by the caller
    found = reread(sight.dataset, head, published=published, most=sight.most)
    # What was squashed is gone when the forge does not keep it: pages show what we had then.
    return found or without_operations(proposal, proposal.head or head)


def _previous(sight: Sight, revision: str) -> str:
    """What was published before a commit was."""
    found = next(iter(sight.dataset.forge.revisions(revision)))
    return found.parents[0] if found.parents else revision


def _closed(proposal: Proposal, sight: Sight) -> Step | None:
    if sight.state.state != "closed" or not _is_ours(proposal, sight):
        return None
    decision = dict(proposal.decision or {})
    if proposal.is_begun and "ends" in decision:
        left = without_marks(decision)
        return Step(
            proposal=replace(proposal, state=decision["ends"], decision=left),
            kind=None if proposal.state == decision["ends"] else decision["ends"],
            actor=decision.get("actor"),
            detail=left,
        )
    if proposal.state != "open":
        return None
    gone = sight.state.proposal not in sight.fetched.heads
    return Step(
        proposal=replace(
            proposal,
            state="rejected",
            decision={"reason": CLOSED, "message": None, "by": sight.state.by},
            upstream=replace(proposal.upstream, branch_deleted=gone),
        ),
        kind=CLOSED,
        actor=sight.state.by,
        detail={"branch_deleted": gone},
    )


def _late(proposal: Proposal, sight: Sight) -> Step | None:
    """A merge request that came to be after its proposal was taken back, and closed in vain: the
    answer to a call may be lost long before the call is carried out. It is to be closed again."""
    if proposal.state != "withdrawn" or proposal.number is not None:
        return None
    found = replace(proposal, number=sight.state.number, merge_request_url=sight.state.url)
    if sight.state.state == "opened":
        begun = {"ends": "withdrawn", "actor": "contributor", "pending": True}
        found = replace(found, decision=begun)
    return Step(proposal=found, kind=None)


def _opened(proposal: Proposal, sight: Sight) -> Step | None:
    """A merge request that was opened again, or that a decision begun here did not reach."""
    if sight.state.state != "opened" or not _is_ours(proposal, sight):
        return None
    if proposal.is_begun:
        if proposal.state != "open":
            return None  # it is still to be closed there by us
        return Step(proposal=replace(proposal, decision=None), kind=None)
    if proposal.state not in ("rejected", "withdrawn"):
        return None
    return Step(
        proposal=replace(proposal, state="open", decision=None),
        kind="reopened",
        detail={"was": proposal.state},
    )


def _retargeted(proposal: Proposal, sight: Sight) -> Step | None:
    state = sight.state
    if proposal.state != "open" or state.state == "closed" or not _is_ours(proposal, sight):
        return None
    target = None if state.target == sight.branch else state.target
    if target == proposal.upstream.target:
        return None
    return Step(
        proposal=replace(proposal, upstream=replace(proposal.upstream, target=target)),
        kind="retargeted",
        detail={"target": state.target, "merged": state.state == "merged"},
    )


def _branch(proposal: Proposal, sight: Sight) -> Step | None:
    if not _is_followed(proposal, sight):
        return None
    gone = proposal.id not in sight.fetched.heads
    if gone == proposal.upstream.branch_deleted:
        return None
    return Step(
        proposal=replace(proposal, upstream=replace(proposal.upstream, branch_deleted=gone)),
        kind="branch_deleted" if gone else "branch_restored",
    )


def _edited(proposal: Proposal, sight: Sight) -> Step | None:
    head = sight.head
    if not _is_followed(proposal, sight) or head in (None, proposal.head, sight.part):
        return None
    assert head is not None  # asked above
    ours = head in sight.made
    tip = sight.fetched.tip or sight.published
    found = reread(sight.dataset, head, published=tip, most=sight.most)
    found = found or without_operations(proposal, head)
    upstream = replace(
        proposal.upstream,
        edited=not ours,
        other_files=not found.complete and not ours,
        already_published=False,
    )
    return Step(
        proposal=_reread(replace(proposal, upstream=upstream), found),
        kind="edit_undone" if ours else "edited_upstream",
        detail={"head": head, "other_files": upstream.other_files},
    )


def _reread(proposal: Proposal, found: Rereading) -> Proposal:
    """A proposal that does what its branch does. Its warnings were about what it did before."""
    return replace(
        proposal,
        head=found.head,
        parent=found.parent,
        operations=found.operations,
        warnings=proposal.warnings if found.operations == proposal.operations else (),
    )


def _is_ours(proposal: Proposal, sight: Sight) -> bool:
    """Whether it is the merge request that we opened: others may be made of one branch."""
    return proposal.number == sight.state.number


def _is_followed(proposal: Proposal, sight: Sight) -> bool:
    """Whether a branch is looked at: nothing is decided, and we are not about to."""
    open_there = sight.state.state == "opened" and _is_ours(proposal, sight)
    return proposal.state == "open" and open_there and not proposal.is_begun


def is_within(dataset: Dataset, commit: str, published: str) -> bool:
    """Whether a commit is in the published history; what nobody has is not."""
    try:
        return dataset.forge.contains(commit, published)
    except NotFound:
        return False


LOOKS: Sequence[Callable[[Proposal, Sight], Step | None]] = (
    _late,
    _merged,
    _astray,
    _closed,
    _opened,
    _retargeted,
    _branch,
    _edited,
)

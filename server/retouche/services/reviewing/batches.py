"""Many decisions at one look: each is taken on its own, and one that fails keeps no other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from retouche.core.errors import Conflict, RetoucheError
from retouche.ports import Proposal, Reviewer
from retouche.services.datasets import Dataset
from retouche.services.moderating.choices import Listed
from retouche.services.moderating.undoing import Undoing
from retouche.services.presentation import present
from retouche.services.proposals import Proposals
from retouche.services.review import Review
from retouche.services.reviewing.safety import is_safe

MOST = 100
"""Proposals that one batch decides."""
LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """A proposal as the reviewer saw it; `reviewer` is who they are to its dataset."""

    dataset: Dataset
    proposal: str
    head: str
    reviewer: Reviewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one; `error` says why it was not done."""

    dataset: Dataset
    proposal: str
    error: RetoucheError | None = None


class Batches:
    """What is decided together, one after the other."""

    def __init__(self, proposals: Proposals, review: Review, undoing: Undoing) -> None:
        self._proposals = proposals
        self._review = review
        self._undoing = undoing

    def accept(self, picks: Sequence[Pick]) -> list[Outcome]:
        """Accept those that are safe still, each with the head that was seen."""

        def decide(pick: Pick) -> None:
            found = self._proposals.get(pick.dataset, pick.proposal)
            if found.state == "open" and not self.is_safe(pick.dataset, found):
                raise Conflict((), "not_safe")
            self._review.accept(pick.dataset, pick.proposal, head=pick.head, reviewer=pick.reviewer)

        return [_tried(one, decide) for one in picks]

    def reject(
        self, picks: Sequence[Pick], *, reason: str, message: str | None = None
    ) -> list[Outcome]:
        """Refuse them all for one reason."""

        def decide(pick: Pick) -> None:
            self._review.reject(
                pick.dataset, pick.proposal, reason=reason, message=message, reviewer=pick.reviewer
            )

        return [_tried(one, decide) for one in picks]

    def is_safe(self, dataset: Dataset, proposal: Proposal) -> bool:
        """Whether a proposal may be accepted beside others."""
        return is_safe(proposal, present(dataset, proposal), dataset.at().package)

    def take_back(
        self, dataset: Dataset, proposals: Sequence[str], reviewer: Reviewer, *, locale: str
    ) -> Proposal:
        """Undo accepted proposals by one that sets back what they wrote, where it still stands.

        At a forge of ours it is accepted at once, else it waits like any other. Raises `NoChange`
        when nothing is left to set back, and what `Undoing.propose` and `Review.accept` do.
        """
        made = self._undoing.propose(
            dataset, Listed(proposals=tuple(proposals)), reviewer, locale=locale
        )
        if dataset.remote is not None or made.state != "open":
            return made
        return self._review.accept(dataset, made.id, head=made.head or "", reviewer=reviewer)


def _tried(pick: Pick, decide: Callable[[Pick], None]) -> Outcome:
    error: RetoucheError | None = None
    try:
        decide(pick)
    except RetoucheError as refusal:
        error = refusal
    except Exception:  # a fault of ours with one of them
        LOG.exception("not_decided", dataset=pick.dataset.name, proposal=pick.proposal)
        error = RetoucheError("internal")
    return Outcome(dataset=pick.dataset, proposal=pick.proposal, error=error)

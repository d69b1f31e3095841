"""What reviewers do against harm: block a source, pause a dataset, reject all of a source."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from retouche.core.errors import Malformed, NotFound, RetoucheError, TooLarge
from retouche.ports import (
    Block,
    Clock,
    Journal,
    Moderation,
    Pause,
    Proposal,
    Reviewer,
    Sender,
)
from retouche.services.datasets import Dataset
from retouche.services.decisions import undecided
from retouche.services.moderating.choices import By, part
from retouche.services.review import Review
from retouche.services.reviewing.reasons import reason_named

WAITING = ("queued", "open")
MANY = 10
"""Undecided proposals of one source from which on reviewers are told of it."""
MOST_OF_A_SOURCE = 10_000
LONGEST = 500
"""Characters of a reason or a message."""
LOG = structlog.get_logger()
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a proposal came from, and what else did: never what tells it."""

    has_address: bool
    has_contact: bool
    counts: Mapping[str, int]
    """How many proposals it sent, this one too, by state."""
    blocked: bool

    @property
    def known(self) -> bool:
        return self.has_address or self.has_contact

    @property
    def waiting(self) -> int:
        return sum(self.counts.get(one, 0) for one in WAITING)

    @property
    def total(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """What became of one proposal; `error` says why it could not be rejected."""

    proposal: str
    error: RetoucheError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """What became of all of them; `left` were not tried."""

    results: tuple[Rejected, ...]
    left: int = 0

    @property
    def done(self) -> int:
        return sum(one.error is None for one in self.results)


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """A source of which many proposals wait; `proposal` is the newest of them."""

    proposal: str
    waiting: int


class Moderating:
    """Blocks, pauses, and refusing all that came from one source."""

    def __init__(
        self, moderation: Moderation, journal: Journal, review: Review, clock: Clock
    ) -> None:
        self._moderation = moderation
        self._journal = journal
        self._review = review
        self._clock = clock

    # -- Sources ----------------------------------------------------------------------------

    def source(self, proposal: Proposal) -> Source:
        """What is known of where a proposal came from."""
        sent = self.of_source(proposal)
        return Source(
            has_address=proposal.sender.address is not None,
            has_contact=proposal.sender.contact is not None,
            counts=Counter(one.state for one in sent),
            blocked=self._moderation.is_blocked(
                proposal.dataset, proposal.sender, now=self._clock()
            ),
        )

    def of_source(
        self, proposal: Proposal, by: By = "any", *, limit: int = MOST_OF_A_SOURCE
    ) -> Sequence[Proposal]:
        """What came from where a proposal came from, newest first; nothing if that is unknown."""
        sender = part(proposal.sender, by)
        if sender.address is None and sender.contact is None:
            return ()
        return self._moderation.sent_by(proposal.dataset, sender, limit=limit)

    def busy(self, dataset: Dataset) -> list[Busy]:
        """The sources of which many proposals wait, most first."""
        newest: dict[str, str] = {}
        counts: Counter[str] = Counter()
        for one in undecided(self._journal, dataset.name):
            told = one.sender.address or one.sender.contact
            if told is not None:
                counts[told] += 1
                newest[told] = one.id
        return [
            Busy(proposal=newest[told], waiting=count)
            for told, count in counts.most_common()
            if count >= MANY
        ]

    # -- Blocks -----------------------------------------------------------------------------

    def blocks(self, dataset: Dataset) -> list[Block]:
        """Those that last, newest first."""
        now = self._clock()
        return [
            one
            for one in self._moderation.blocks(dataset.name)
            if one.until is None or one.until > now
        ]

    def block(
        self,
        proposal: Proposal,
        *,
        by: By = "any",
        until: datetime | None = None,
        reason: str | None = None,
        reviewer: str,
    ) -> list[Block]:
        """Take nothing more from where a proposal came from: one block for each thing that tells.

        Raises `NotFound` when nothing does, `Malformed` for an end in the past, `TooLarge`.
        """
        sender, now = part(proposal.sender, by), self._clock()
        self._check(until, reason)
        found = [
            Sender(**{name: value})
            for name, value in (("address", sender.address), ("contact", sender.contact))
            if value is not None
        ]
        if not found:
            raise NotFound("source_not_known", proposal=proposal.id)
        made = []
        for one in found:
            block = Block(
                id=secrets.token_hex(8),
                dataset=proposal.dataset,
                sender=one,
                by=reviewer,
                created_at=now,
                until=until,
                reason=reason or None,
            )
            self._moderation.block(block)
            made.append(block)
        return made

    def unblock(self, dataset: Dataset, block: str) -> None:
        """Raises `NotFound`."""
        if block not in {one.id for one in self._moderation.blocks(dataset.name)}:
            raise NotFound("no_such_block", block=block[:40])
        self._moderation.unblock(dataset.name, block)

    # -- Pauses -----------------------------------------------------------------------------

    def pause_of(self, dataset: Dataset) -> Pause | None:
        """The pause that a dataset is in."""
        return self._moderation.pause(dataset.name, now=self._clock())

    def pause(
        self,
        dataset: Dataset,
        *,
        until: datetime | None = None,
        message: str | None = None,
        reviewer: str,
    ) -> Pause:
        """Take no contributions, until a time or until it is ended. Raises as `block`."""
        self._check(until, message)
        pause = Pause(
            dataset=dataset.name,
            by=reviewer,
            since=self._clock(),
            until=until,
            message=message or None,
        )
        self._moderation.set_pause(pause)
        return pause

    def resume(self, dataset: Dataset) -> None:
        """Take contributions again."""
        self._moderation.resume(dataset.name)

    # -- Rejecting --------------------------------------------------------------------------

    def reject_all(
        self,
        dataset: Dataset,
        proposal: Proposal,
        *,
        by: By = "any",
        reason: str,
        message: str | None = None,
        reviewer: Reviewer,
        block: bool = False,
        most: int | None = None,
        progress: Progress | None = None,
    ) -> Rejection:
        """Reject every undecided proposal of a proposal's source, itself too, oldest first.

        With `block`, the source is blocked before. One that cannot be rejected never keeps the
        others; at most `most` are tried. Raises `NotFound` when the source is not known, and
        `Malformed` for a reason that is not one.
        """
        reason_named(dataset.at().package, reason)
        if part(proposal.sender, by) == Sender():
            raise NotFound("source_not_known", proposal=proposal.id)
        if block:
            self.block(proposal, by=by, reviewer=reviewer.name)
        waiting = [one for one in self.of_source(proposal, by) if one.state in WAITING][::-1]
        tried = waiting[:most]
        results = []
        for number, one in enumerate(tried, 1):
            results.append(self._rejected(dataset, one, reason, message, reviewer))
            if progress is not None:
                progress(number, len(tried))
        return Rejection(results=tuple(results), left=len(waiting) - len(tried))

    def _rejected(
        self,
        dataset: Dataset,
        proposal: Proposal,
        reason: str,
        message: str | None,
        reviewer: Reviewer,
    ) -> Rejected:
        try:
            self._review.reject(
                dataset, proposal.id, reason=reason, message=message, reviewer=reviewer
            )
        except RetoucheError as error:
            return Rejected(proposal=proposal.id, error=error)
        except Exception:  # a fault of ours with one of them
            LOG.exception("not_rejected", dataset=dataset.name, proposal=proposal.id)
            return Rejected(proposal=proposal.id, error=RetoucheError("internal"))
        return Rejected(proposal=proposal.id)

    def _check(self, until: datetime | None, text: str | None) -> None:
        if until is not None and until <= self._clock():
            raise Malformed("ends_in_the_past", pointer="until")
        if text and len(text) > LONGEST:
            raise TooLarge("moderation_text_too_long", limit=LONGEST)

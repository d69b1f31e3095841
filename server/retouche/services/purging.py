"""Erasing what is kept of persons: after a time, when somebody asks, or with a proposal's content.

What was proposed and how it was decided stays in the journal, as states and counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from retouche.core.errors import Conflict
from retouche.ports import (
    Clock,
    Erased,
    Journal,
    Locks,
    Moderation,
    Outbox,
    People,
    Proposal,
    Scenarios,
)
from retouche.services.datasets import Catalogue, Dataset
from retouche.services.guarding.identity import contact_hash

ENDED = ("rejected", "withdrawn")
PAGE = 500
EVER = timedelta(days=366_000)
MOST_WAITING = 100_000
LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a purge concerns, before it is done: nothing of it names anybody."""

    proposals: Sequence[tuple[str, str]]
    """Dataset and id of each."""


class Purging:
    """What `retouche purge` and the daily chore do."""

    def __init__(
        self,
        people: People,
        journal: Journal,
        outbox: Outbox,
        moderation: Moderation,
        catalogue: Catalogue,
        locks: Locks,
        clock: Clock,
        *,
        scenarios: Scenarios,
        secret_key: str,
        retention_days: int,
        drop: Callable[[Dataset, Proposal], None],
    ) -> None:
        """`retention_days` 0 keeps all; `drop` takes a proposal's content out of a repository of
        ours and out of the caches."""
        self._people = people
        self._journal = journal
        self._outbox = outbox
        self._moderation = moderation
        self._catalogue = catalogue
        self._locks = locks
        self._clock = clock
        self._scenarios = scenarios
        self._secret_key = secret_key
        self._retention_days = retention_days
        self._drop = drop

    def run(self) -> None:
        """Erase what is older than the retention period; the daily chore."""
        if self._retention_days:
            erased = self.older(self._retention_days)
            if erased != NOTHING:
                LOG.info("purged", proposals=erased.proposals, remarks=erased.remarks)

    def older(self, days: int, *, dataset: str | None = None) -> Erased:
        """Erase names, addresses and hashes where nothing happened for so many days, and whole
        scenarios that nobody wrote for as long.

        Raises `NotFound` for a dataset that is not there.
        """
        if dataset is not None:
            self._catalogue.get(dataset)
        # First: erasing people leaves the files without what was deleted.
        dropped = self._scenarios.drop(before=self._before(days), dataset=dataset)
        if dropped:
            LOG.info("scenarios_dropped", scenarios=dropped)
        return self._people.erase(before=self._before(days), dataset=dataset)

    def person(
        self, address: str, *, dataset: str | None = None, days: int | None = None
    ) -> Erased:
        """Erase all that came with a mail address, comments and sources too."""
        self._drop_mails(address, dataset)
        total = NOTHING
        for one in self._datasets(dataset):
            contact = self._contact(one, address)
            for proposal in self._of_person(one, address, days):
                self._blank(proposal)
                if proposal.sender.contact != contact:  # it is older than the hashes
                    total = _sum(total, self._people.erase(dataset=one.name, proposal=proposal.id))
            before = None if days is None else self._before(days)
            found = self._people.erase(
                before=before, dataset=one.name, contact=contact, address=address
            )
            total = _sum(total, found)
        return total

    def proposal(self, dataset: Dataset, identifier: str) -> Erased:
        """Erase what a proposal holds of a person, comment and source too. Raises `NotFound`."""
        self._blank(self._journal.get(dataset.name, identifier))
        return self._people.erase(dataset=dataset.name, proposal=identifier)

    def content(self, dataset: Dataset, identifier: str) -> Proposal:
        """Erase also what a proposal that was never published says, in git and in the journal.

        No server runs. At a forge elsewhere its merge request is closed and its branch removed;
        what only that forge can erase stays there. Raises `NotFound`, `Conflict` for a proposal
        that awaits a decision or was accepted, `NotEditable` when its commit is published.
        """
        with self._locks.hold(dataset.name):
            present = self._journal.get(dataset.name, identifier)
            if present.state not in ENDED or present.is_begun:
                accepted = present.state == "accepted"
                reason = "content_is_published" if accepted else "still_undecided"
                raise Conflict((), reason)
            dataset.forge.close(identifier)
            self._scenarios.drop(dataset=dataset.name, proposal=identifier)
            self._drop(dataset, present)
            erased = replace(
                present, operations=(), warnings=(), comment=None, source=None, head=None
            )
            self._journal.update(erased)
        self._people.erase(dataset=dataset.name, proposal=identifier)
        return self._journal.get(dataset.name, identifier)

    # -- What would be erased -----------------------------------------------------------------

    def found(
        self,
        *,
        dataset: str | None = None,
        days: int | None = None,
        address: str | None = None,
        proposal: str | None = None,
    ) -> Found:
        """The proposals that a purge with these conditions concerns. Erases nothing."""
        before = None if days is None else self._before(days)
        concerned = []
        for one in self._datasets(dataset):
            contact = None if address is None else self._contact(one, address)
            for each in self._all(one):
                if before is not None and each.updated_at >= before:
                    continue
                if address is not None and not _is_of(each, address, contact):
                    continue
                if proposal is not None and each.id != proposal:
                    continue
                if proposal is not None or _holds(each):
                    concerned.append((one.name, each.id))
        return Found(proposals=concerned)

    # -- Parts ----------------------------------------------------------------------------------

    def _datasets(self, dataset: str | None) -> Sequence[Dataset]:
        return [self._catalogue.get(dataset)] if dataset is not None else list(self._catalogue)

    def _before(self, days: int) -> datetime:
        return self._clock() - timedelta(days=days)

    def _contact(self, dataset: Dataset, address: str) -> str:
        return contact_hash(self._secret_key, dataset.name, address)

    def _all(self, dataset: Dataset) -> Iterator[Proposal]:
        offset = 0
        while True:
            listed, total = self._journal.page(dataset.name, offset=offset, limit=PAGE)
            yield from listed
            offset += PAGE
            if offset >= total:
                return

    def _of_person(self, dataset: Dataset, address: str, days: int | None) -> list[Proposal]:
        contact = self._contact(dataset, address)
        before = None if days is None else self._before(days)
        return [
            one
            for one in self._all(dataset)
            if _is_of(one, address, contact) and (before is None or one.updated_at < before)
        ]

    def _blank(self, proposal: Proposal) -> None:
        """What people wrote freely: before the rest, so that no file keeps it afterwards."""
        with self._locks.hold(proposal.dataset):
            present = self._journal.get(proposal.dataset, proposal.id)
            if present.comment is not None or present.source is not None:
                self._journal.update(replace(present, comment=None, source=None))

    def _drop_mails(self, address: str, dataset: str | None) -> None:
        """Those to an address that hang on no proposal: links that it asked for."""
        wanted = address.strip().lower()
        for mail in self._outbox.due(now=self._clock() + EVER, limit=MOST_WAITING):
            if mail.recipient.lower() == wanted and dataset in (None, mail.dataset):
                self._outbox.sent(mail.id)


NOTHING = Erased(proposals=0, remarks=0, confirmations=0, mails=0, notes=0, accounts=0, blocks=0)


def _is_of(proposal: Proposal, address: str, contact: str | None) -> bool:
    given = str((proposal.contributor or {}).get("email") or "")
    same = given.strip().lower() == address.strip().lower()
    return same or (contact is not None and proposal.sender.contact == contact)


def _holds(proposal: Proposal) -> bool:
    sender = proposal.sender
    return bool(proposal.contributor or sender.address or sender.contact)


def _sum(one: Erased, other: Erased) -> Erased:
    return Erased(
        proposals=one.proposals + other.proposals,
        remarks=one.remarks + other.remarks,
        confirmations=one.confirmations + other.confirmations,
        mails=one.mails + other.mails,
        notes=one.notes + other.notes,
        accounts=one.accounts + other.accounts,
        blocks=one.blocks + other.blocks,
    )

"""The durable memory of proposals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol

from retouche.ports.upstream import NOTHING_SEEN, Upstream

State = Literal["queued", "open", "accepted", "rejected", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sent something, as far as one may know: keyed hashes, never what they were made of."""

    address: str | None = None
    """Of the prefix of the network address (/24 or /64) and the dataset."""
    contact: str | None = None
    """Of the mail address that was given, in lower case."""


UNKNOWN_SENDER = Sender()


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A row of the journal. Everything erasable about a person is here and never in git."""

    id: str
    dataset: str
    state: State
    base_revision: str
    parent: str
    operations: tuple[Mapping[str, Any], ...]
    warnings: tuple[Mapping[str, Any], ...] = ()
    created_at: datetime
    updated_at: datetime
    sequence: int = 0
    conflicted: bool = False
    head: str | None = None
    number: int | None = None
    merge_request_url: str | None = None
    comment: str | None = None
    source: str | None = None
    contributor: Mapping[str, str] | None = None
    locale: str = "fr"
    decision: Mapping[str, Any] | None = None
    """How it ended: who, when a reviewer did, and what they said. While `pending` is in it, a
    decision was begun, and nobody knows yet whether the forge carried it out."""
    upstream: Upstream = NOTHING_SEEN
    sender: Sender = UNKNOWN_SENDER
    signs: tuple[str, ...] = ()
    """What made it look unusual when it came: codes of `services.guarding`, for reviewers."""
    erased: bool = False
    """Whether what it held of a person was erased."""
    project: bool = False
    """Whether it is a project: something to be weighed by its impact before it is done."""
    title: str | None = None
    """What a project is called."""
    territories: tuple[str, ...] = ()
    """Codes of the territories that it touches, said when it is added; empty when it is read."""

    @property
    def is_begun(self) -> bool:
        """Whether a decision on it was begun and is not ended."""
        return bool(self.decision and self.decision.get("pending"))

    @property
    def is_to_be_closed(self) -> bool:
        """Whether it has ended here, and its merge request is still to be closed."""
        return self.is_begun and (self.decision or {}).get("ends") == self.state


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which proposals of a list are wanted: those for which all that is given holds."""

    states: Sequence[State] = ()
    flagged: bool = False
    """Only those with signs."""
    conflicted: bool = False
    kinds: Sequence[str] = ()
    """What their operations do: `insert`, `update`, `delete` or `mixed`, never a project."""
    project: bool | None = None
    """Only projects, or none of them."""
    territory: str | None = None
    """The code of a territory that they touch."""
    resource: str | None = None
    """The name of a resource that they touch."""
    since: datetime | None = None
    until: datetime | None = None
    """They came at `since` or later, and before `until`."""
    after: int | None = None
    before: int | None = None
    """Their `sequence` is higher than `after`, and lower than `before`."""


EVERYTHING = Filters()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened to a proposal."""

    proposal: str
    time: datetime
    kind: str
    actor: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """An operation of a queued or open proposal on a row."""

    key: tuple[str, ...]
    proposal: Proposal
    operation: Mapping[str, Any]


class Journal(Protocol):
    """The durable memory of proposals: what it has acknowledged survives any kill."""

    def add(self, proposal: Proposal, *, idempotency_key: str | None, body_hash: str) -> Proposal:
        """Write a new proposal durably, with its `received` event, and give it back.

        With an idempotency key already used in this dataset: gives the first proposal back, or
        raises `IdempotencyMismatch` when the body was another. Raises `StorageFull`.
        """
        ...

    def get(self, dataset: str, proposal: str) -> Proposal:
        """Raises `NotFound`."""
        ...

    def find(self, dataset: str, idempotency_key: str, body_hash: str) -> Proposal | None:
        """The proposal of an idempotency key. Raises `IdempotencyMismatch`."""
        ...

    def update(self, proposal: Proposal, event: Event | None = None) -> None:
        """Replace the row of a proposal, durably, and add an event in the same transaction."""
        ...

    def page(
        self,
        datasets: str | Sequence[str],
        filters: Filters = EVERYTHING,
        *,
        oldest_first: bool = False,
        offset: int = 0,
        limit: int = 20,
    ) -> tuple[Sequence[Proposal], int]:
        """Proposals of one or several datasets in the order of arrival, and how many there are.

        Newest first unless said otherwise.
        """
        ...

    def touching(
        self, dataset: str, resource: str, key: Sequence[str] | None = None
    ) -> Sequence[Proposal]:
        """Queued and open proposals with an operation on a row (or anywhere in a resource)."""
        ...

    def pending(
        self, dataset: str, resource: str, keys: Sequence[Sequence[str]] | None, *, limit: int
    ) -> Sequence[Pending]:
        """What queued and open proposals do to some rows, oldest first.

        Without keys, to any rows, but to `limit` of them at most. With keys, the time it takes
        does not depend on how many proposals are open.
        """
        ...

    def unfinished(self, dataset: str) -> Sequence[Proposal]:
        """Proposals that recovery must look at: queued, or with a decision not carried out.

        In the order of arrival, whatever their state: a withdrawn proposal whose merge request
        is not closed yet is one of them.
        """
        ...

    def undecided(self, dataset: str, *, after: int = 0, limit: int = 500) -> Sequence[Proposal]:
        """Queued and open proposals in the order of arrival, at most `limit` of them.

        The next ones are those `after` the `sequence` of the last one: a page takes no longer
        because others were read before it, and none is left out when some are decided meanwhile.
        """
        ...

    def events(self, dataset: str, proposal: str) -> Sequence[Event]:
        """Oldest first."""
        ...

    def counts(self, dataset: str) -> Mapping[str, int]:
        """How many proposals per state."""
        ...

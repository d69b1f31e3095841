"""The doors to the outside, as small Protocols. Adapters live in `forges/` and `journals/`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, TypeAlias

from retouche.core.edited import Data, Edit, Edited
from retouche.core.parts import Drawer

State = Literal["queued", "open", "accepted", "rejected", "withdrawn"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One published commit, newest parent first (`parents[0]` is the published one before)."""

    id: str
    parents: tuple[str, ...]
    time: datetime
    message: str
    proposal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRequest:
    number: int
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A proposal that reached the forge: its commit and its merge request."""

    head: str
    merge_request: MergeRequest


class Forge(Protocol):
    """Where one dataset's repository and its merge requests live. All calls may be repeated."""

    def published(self) -> str:
        """The commit id at the tip of the default branch. Raises `ForgeUnavailable`."""
        ...

    def resolve(self, revision: str) -> str:
        """The commit id of a full commit id or branch name. Raises `NotFound`."""
        ...

    def read(self, commit: str, path: str) -> bytes:
        """The bytes of a regular file at a commit. Raises `NotFound`."""
        ...

    def blob(self, commit: str, path: str) -> str:
        """The blob id of a regular file at a commit. Raises `NotFound`."""
        ...

    def blobs(self, commit: str, paths: Iterable[str]) -> Mapping[str, str]:
        """The blob ids of regular files at a commit by path; of other paths nothing.

        Raises `NotFound` for a commit that is not there.
        """
        ...

    def files(self, commit: str, folder: str = "") -> Sequence[str]:
        """Paths of the regular files directly in a folder, sorted; empty if there is none."""
        ...

    def revisions(self, start: str, *, stop: str | None = None) -> Iterator[Revision]:
        """First-parent history from `start`, newest first, up to and without `stop`."""
        ...

    def contains(self, ancestor: str, descendant: str) -> bool:
        """Whether `descendant` has `ancestor` in its history (or is it)."""
        ...

    def edits(self, old: str, new: str) -> tuple[Edit, ...] | None:
        """The edits that make one blob of another, by their ids; None when that is not known.

        Never slow: no file is read for it.
        """
        ...

    def open(
        self,
        proposal: str,
        *,
        parent: str,
        files: Mapping[str, bytes | Edited],
        message: str,
        time: datetime,
    ) -> Opened:
        """Commit `files` on `parent`, on the proposal's branch, with a merge request.

        A file given as edits is stored as edits.

        Deterministic: the same arguments give the same commit id; repeating adopts what exists.
        """
        ...

    def commit(
        self, *, parent: str, files: Mapping[str, bytes | Edited], message: str, time: datetime
    ) -> str:
        """Write a commit of `files` on `parent` that no branch shows yet; give its id."""
        ...

    def merge(
        self,
        proposal: str,
        *,
        published: str,
        head: str,
        files: Mapping[str, bytes | Edited],
        message: str,
        time: datetime,
        prepared: Prepared,
    ) -> str:
        """Publish `files` as a merge of `head` into `published`; give the new commit's id.

        `prepared(commit)` is called once the commit exists and before the branch moves, so
        that the caller can write down what it is about to do. Raises `HeadMoved` when the
        default branch is no longer at `published`; the branch is moved by compare-and-swap.
        The proposal's branch is removed, its merge request keeps the head reachable.
        """
        ...

    def close(self, proposal: str) -> None:
        """Remove the proposal's branch; its merge request keeps the head reachable."""
        ...


class Prepared(Protocol):
    def __call__(self, commit: str, /) -> None: ...


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
        self, dataset: str, *, states: Sequence[State] = (), offset: int = 0, limit: int = 20
    ) -> tuple[Sequence[Proposal], int]:
        """Proposals newest first, and how many there are in all."""
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
        """Proposals that recovery must look at: queued, or with a decision not carried out."""
        ...

    def events(self, dataset: str, proposal: str) -> Sequence[Event]:
        """Oldest first."""
        ...

    def counts(self, dataset: str) -> Mapping[str, int]:
        """How many proposals per state."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a dataset, by its key."""

    dataset: str
    resource: str
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmations:
    """How often a row was said to be still correct, and when last."""

    count: int
    last: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Somebody who looked at a row at a revision says that it is still correct."""

    row: Row
    time: datetime
    revision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A free comment on a row, without a change. `closed_by` is the reviewer who dealt with it."""

    id: str
    row: Row
    time: datetime
    comment: str
    contributor: Mapping[str, str] | None = None
    state: Literal["open", "closed"] = "open"
    closed_at: datetime | None = None
    closed_by: str | None = None


class Voices(Protocol):
    """The durable memory of what people say of rows without changing them.

    What is written with an idempotency key is written once; with another body, the same key
    raises `IdempotencyMismatch`.
    """

    def confirm(
        self,
        confirmation: Confirmation,
        remark: Remark | None,
        *,
        idempotency_key: str | None,
        body_hash: str,
    ) -> None:
        """Write a confirmation durably, and what was said with it. Raises `StorageFull`."""
        ...

    def was_confirmed(self, dataset: str, idempotency_key: str, body_hash: str) -> bool:
        """Whether a confirmation was written with an idempotency key."""
        ...

    def confirmations(self, row: Row, *, since: datetime | None = None) -> Confirmations:
        """Those of a row, all or since a moment."""
        ...

    def add_remark(self, remark: Remark, *, idempotency_key: str | None, body_hash: str) -> Remark:
        """Write a remark durably and give it back. Raises `StorageFull`."""
        ...

    def find_remark(self, dataset: str, idempotency_key: str, body_hash: str) -> Remark | None:
        """The remark of an idempotency key."""
        ...

    def remark(self, dataset: str, remark: str) -> Remark:
        """Raises `NotFound`."""
        ...

    def remarks(
        self, dataset: str, *, state: str, offset: int = 0, limit: int = 20
    ) -> tuple[Sequence[Remark], int]:
        """Remarks in a state, newest first, and how many there are in all."""
        ...

    def close_remark(self, remark: Remark, *, by: str, time: datetime) -> None:
        """Say durably that a reviewer has dealt with a remark; the first to say so stands."""
        ...


class Clock(Protocol):
    def __call__(self) -> datetime:
        """Now, in UTC."""
        ...


class CloneSource(Protocol):
    """A repository that git clients may clone from this server, and never push to."""

    def advertise(self, *, protocol: str | None = None) -> bytes:
        """The answer to `GET info/refs?service=git-upload-pack`."""
        ...

    def serve(self, body: bytes, *, protocol: str | None = None) -> Iterable[bytes]:
        """The answer to `POST git-upload-pack`. Raises `Malformed`."""
        ...


class Locks(Protocol):
    def hold(self, name: str) -> AbstractContextManager[None]:
        """Hold an exclusive lock: one decision at a time per dataset."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RowEntry:
    """What a commit did to one row: `cells` maps fields to (old, new).

    A commit that gave a row a new key has an entry under each of the two, both with `old_key`.
    """

    resource: str
    key: tuple[str, ...]
    op: Literal["insert", "update", "delete"]
    cells: Mapping[str, tuple[str | None, str | None]]
    old_key: tuple[str, ...] | None = None


Counted: TypeAlias = tuple[int, int, int, bool]
"""Rows of a resource that a commit inserted, updated and deleted; whether it was unreadable."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitChanges:
    """A commit, what it did to each resource, and to which rows."""

    revision: Revision
    counts: Mapping[str, Counted]
    entries: Sequence[RowEntry] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowEvent:
    """A change of a row in a history. `generation` is how many first parents the commit has."""

    generation: int
    revision: Revision
    entry: RowEntry


class ChangeIndex(Protocol):
    """Commits with their first parents, and which rows each changed.

    Derived: it may be thrown away at any time. Other histories than the one asked for (of
    proposals, of a branch that was moved) may be indexed beside it and never show in an answer.
    """

    def missing(self, dataset: str, commits: Sequence[str]) -> set[str]:
        """Those of the commits that are not indexed yet."""
        ...

    def add(
        self, dataset: str, changes: Sequence[CommitChanges], *, published: str | None = None
    ) -> None:
        """Index commits, each after its first parent, all or none; known ones are left out.

        `published` is the published commit when these are not on the way to it.
        """
        ...

    def length(self, dataset: str, commit: str) -> int | None:
        """How many commits the first-parent history of a commit has; None while not indexed."""
        ...

    def revisions(
        self, dataset: str, commit: str, *, offset: int, limit: int
    ) -> Sequence[CommitChanges]:
        """A page of the first-parent history of an indexed commit, newest first, without rows."""
        ...

    def row(
        self,
        dataset: str,
        commit: str,
        resource: str,
        key: Sequence[str],
        *,
        before: int | None = None,
    ) -> Sequence[RowEvent]:
        """What happened to a row up to an indexed commit, newest first, as it was indexed.

        With `before`, only in commits with a smaller generation.
        """
        ...


class Cabinet(Protocol):
    """Keeps files by their blob id and what is derived from them, for all processes.

    Derived: it may forget anything at any time, and no call fails.
    """

    def file(self, identifier: str, /) -> Data | None:
        """The bytes of a file, None when they are not kept."""
        ...

    def keep_file(self, identifier: str, content: bytes | Edited, /) -> Data | None:
        """Keep a file whose blob id this is; give its bytes as they are now held."""
        ...

    def making(self, identifier: str, /) -> AbstractContextManager[None]:
        """Wait until nobody else makes this file, and keep others waiting."""
        ...

    def drawer(self, key: str, /) -> Drawer:
        """Where the parts of one version are kept."""
        ...

    def use(self, identifier: str, key: str, /) -> None:
        """Note that a file and the parts of a version are in use. Cheap; may be called often."""
        ...

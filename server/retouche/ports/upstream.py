"""What is known of proposals and datasets at a forge that lives elsewhere and has its own users."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, Protocol

from retouche.core.edited import Edited
from retouche.ports.forge import Forge, Prepared, Reviewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Upstream:
    """What was found of a proposal at its forge, beside its state. Kept with it in the journal."""

    edited: bool = False
    """Somebody else wrote to its branch: it is never re-made."""
    other_files: bool = False
    """What was written there changes more than rows, so the operations do not tell all."""
    branch_deleted: bool = False
    target: str | None = None
    """The branch that its merge request aims at, when that is not the published one."""
    invalid: bool = False
    """It breaks rules of the schema as it is published now."""
    already_published: bool = False
    """All that it changes stands in the published data by now."""
    refused: str | None = None
    """Why the forge does not take it, as the `reason` of an error; it stays queued."""
    refused_detail: str | None = None
    """What the forge said to that, as plain text."""
    retry_at: str | None = None
    """When it is tried again, as ISO 8601; None: as soon as the forge answers."""
    attempts: int = 0
    """How often it was tried in vain."""
    notes: int = 0
    """How many notes its merge request had when they were last read."""
    told: str | None = None
    """Digest of the conflict that was last written into its merge request."""


NOTHING_SEEN = Upstream()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A remote repository as it was just fetched. Nothing of it is published by that."""

    tip: str | None
    """The head of the published branch; None: it is gone."""
    default_branch: str | None
    heads: Mapping[str, str]
    """The heads of this dataset's proposals there, by proposal id."""
    branch: str | None = None
    """The name of the published branch there; None when it is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestState:
    """A merge request of a proposal as the forge shows it now."""

    number: int
    proposal: str
    url: str | None
    state: Literal["opened", "closed", "merged", "locked"]
    head: str | None
    """The commit at the head of its source branch."""
    target: str
    revision: str | None = None
    """The commit that it was merged as."""
    by: str | None = None
    """The user name of who merged or closed it."""
    at: datetime | None = None
    """When it was merged or closed."""
    notes: int = 0
    """How many notes people wrote there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a person wrote in a merge request, as plain text. Internal notes are never here."""

    id: int
    author: str
    body: str
    time: datetime


class RemoteForge(Forge, Protocol):
    """A forge that other people write to as well.

    Every call over the network raises `ForgeUnavailable` with `retry_after` (seconds, or None)
    when the forge cannot be reached or its answer is not known, and `ForgeRefused` when it
    refuses for good; none takes longer than a deadline.
    """

    def fetch(self) -> Fetched:
        """Bring what is there into the mirror; what is published stays."""
        ...

    def publish(self, commit: str, *, before: str | None = None) -> None:
        """Serve a fetched commit from now on: `published()` gives it.

        With `before`, only where that is what is served until now.
        """
        ...

    def bring(self, commit: str) -> None:
        """Fetch a commit that another server has seen there, with all that leads to it."""
        ...

    def merge_base(self, one: str, other: str) -> str | None:
        """The newest commit that two histories in the mirror share; None when there is none."""
        ...

    def changed(self, old: str, new: str) -> Sequence[str]:
        """The paths that differ between two commits in the mirror, whatever stands there."""
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
        reviewer: Reviewer | None = None,
        as_it_is: bool = False,
    ) -> str:
        """As `Forge.merge`; gives the commit that brought it.

        The branch is made such that its line merge gives just `files`, unless it is to be merged
        `as_it_is`, because somebody wrote to it: then `head` is the branch's, and is not touched.
        """
        ...

    def recall(self, number: int) -> str | None:
        """Fetch the head that a merge request keeps; its commit, None when there is none."""
        ...

    def requests(self, *, since: datetime | None = None) -> Iterator[RequestState]:
        """The merge requests of this dataset's proposals that changed since, or all."""
        ...

    def request(self, number: int) -> RequestState:
        """One of them. Raises `NotFound`."""
        ...

    def merges_alike(
        self, *, published: str, head: str, files: Mapping[str, bytes | Edited]
    ) -> bool:
        """Whether git's line merge of `head` into `published` gives just these files."""
        ...

    def remake(
        self,
        proposal: str,
        *,
        replaces: str,
        parent: str,
        files: Mapping[str, bytes | Edited],
        message: str,
        time: datetime,
    ) -> str:
        """Put a new commit of `files` on `parent` in the place of `replaces`; give its id.

        Raises `HeadMoved` when the branch is not at `replaces`: somebody wrote to it.
        """
        ...

    def notes(self, number: int) -> Sequence[Note]:
        """What people wrote in a merge request, oldest first: not the bot, not internally."""
        ...

    def say(self, number: int, body: str) -> None:
        """Write a note, made by `services.requesting.text`, in the name of the bot."""
        ...

    def label(self, number: int, *, add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """Change the labels of a merge request."""
        ...

    def token_end(self) -> date | None:
        """The day from which our own token is refused; None: never, or it is not told."""
        ...

    def role(self, token: str) -> Role:
        """What the owner of a token may do with this repository."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A person at a forge, and what they may do with one repository."""

    name: str
    """The user name."""
    decides: bool
    """May merge into the published branch, as far as that is told; the forge has the last word.

    Who may sees what is not public of proposals."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How the forge of a dataset was last met."""

    dataset: str
    fault: str | None = None
    """The `reason` of the error that keeps us from it; None: it answers."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What fills the sentence of the fault."""
    since: datetime | None = None
    failures: int = 0
    retry_at: datetime | None = None
    """No call before this moment."""
    polled_at: datetime | None = None
    """When its merge requests were last read."""
    swept_at: datetime | None = None
    """When all of them were."""
    token_ends: str | None = None
    """The day from which our token is refused, as ISO 8601; None: never, or not known."""
    served: str | None = None
    """The commit that the servers serve as published; None: not known."""
    held: str | None = None
    """A commit at the tip of the branch that cannot be served; what was published before is."""
    held_reason: str | None = None
    held_values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A webhook that was received: a hint to look, never believed. `number` None: look at all."""

    id: str
    dataset: str
    kind: Literal["merge_request", "push", "note"]
    time: datetime
    number: int | None = None


class Watch(Protocol):
    """The durable memory of what was seen at forges."""

    def outlook(self, dataset: str) -> Outlook:
        """How the forge was last met; an empty one when never."""
        ...

    def note_outlook(self, outlook: Outlook) -> None:
        """Write all of it but what is served."""
        ...

    def note_served(self, dataset: str, commit: str, *, seen: str | None) -> bool:
        """Write which commit all servers serve; False where it is no longer the one `seen`."""
        ...

    def receive(self, delivery: Delivery) -> bool:
        """Write a delivery durably; False when one of this id was written before."""
        ...

    def deliveries(self, dataset: str) -> Sequence[Delivery]:
        """Those not dealt with, oldest first, at most 1,000."""
        ...

    def settle(self, dataset: str, deliveries: Sequence[str]) -> None:
        """Deliveries, by id, are dealt with. Old ones are forgotten."""
        ...

    def keep_notes(self, dataset: str, proposal: str, notes: Sequence[Note]) -> None:
        """Replace what is known of the notes of a proposal."""
        ...

    def notes(self, dataset: str, proposal: str) -> Sequence[Note]:
        """Oldest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person who signed in with an account of a forge. Tokens never leave the server."""

    dataset: str
    """The dataset at whose forge they signed in."""
    name: str
    access_token: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    expires_at: datetime | None = None


class Accounts(Protocol):
    """Who is signed in with an account of a forge, by the hash of their session's secret."""

    def account(self, session_hash: str, dataset: str) -> Account | None: ...

    def keep_account(self, session_hash: str, account: Account) -> None:
        """Write an account, or its new pair of tokens, in one transaction."""
        ...

    def forget_account(self, session_hash: str) -> None:
        """Sign out everywhere this session is signed in."""
        ...

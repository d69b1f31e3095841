"""What protects a dataset from floods, and people from being kept: blocks, pauses, erasure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from retouche.ports.journal import Proposal, Sender


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A sender whose contributions to a dataset are not taken; `sender` has one hash alone."""

    id: str
    dataset: str
    sender: Sender
    by: str
    created_at: datetime
    until: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A dataset takes no contributions; `message` is what its reviewers say to that."""

    dataset: str
    by: str
    since: datetime
    until: datetime | None = None
    message: str | None = None


class Moderation(Protocol):
    """Whose contributions are not taken, and when none are."""

    def blocks(self, dataset: str) -> Sequence[Block]:
        """All, newest first."""
        ...

    def block(self, block: Block) -> None: ...

    def unblock(self, dataset: str, block: str) -> None:
        """Take a block back; does nothing when there is none."""
        ...

    def is_blocked(self, dataset: str, sender: Sender, *, now: datetime) -> bool: ...

    def pause(self, dataset: str, *, now: datetime) -> Pause | None:
        """The pause that a dataset is in, None when it takes contributions."""
        ...

    def set_pause(self, pause: Pause) -> None:
        """Replaces the pause before it."""
        ...

    def resume(self, dataset: str) -> None: ...

    def sent_by(self, dataset: str, sender: Sender, *, limit: int = 1_000) -> Sequence[Proposal]:
        """Proposals of the same network prefix or of the same mail address, newest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """How much was erased."""

    proposals: int
    remarks: int
    confirmations: int
    mails: int
    notes: int
    accounts: int
    blocks: int


class People(Protocol):
    """What the database holds of persons. What is erased here cannot be read from its files."""

    def erase(
        self,
        *,
        before: datetime | None = None,
        dataset: str | None = None,
        proposal: str | None = None,
        contact: str | None = None,
        address: str | None = None,
    ) -> Erased:
        """Erase names, addresses and hashes of what all the given conditions hold for.

        `before`: when it was last changed. `contact`: hash of a mail address; then comments go
        too, which may say who wrote them; `address`, that address itself, finds remarks from before
        there were hashes. What proposals change and how they were decided stays.
        """
        ...

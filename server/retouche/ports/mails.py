"""Mails that are to be sent, and what sends them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from retouche.ports.journal import Event, Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail that waits to be sent: its text is made of `kind`, `locale` and `detail`."""

    id: str
    """Made of what it tells, so that the same is never told twice; also its Message-ID."""
    dataset: str
    proposal: str | None
    kind: str
    recipient: str
    locale: str
    created_at: datetime
    detail: Mapping[str, Any] = field(default_factory=dict)
    attempts: int = 0
    retry_at: datetime | None = None
    fault: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """An event that nobody was told of by mail yet, and its proposal."""

    sequence: int
    event: Event
    proposal: Proposal


class Outbox(Protocol):
    """The durable memory of mails. A mail may be sent twice after a kill, and is never lost."""

    def untold(self, *, limit: int = 100) -> Sequence[Untold]:
        """Events that were not looked at yet, oldest first."""
        ...

    def tell(self, events: Sequence[int], mails: Sequence[Mail]) -> None:
        """Note in one transaction that events were looked at, and the mails that tell of them."""
        ...

    def due(self, *, now: datetime, limit: int = 20) -> Sequence[Mail]:
        """Mails that may be tried now, oldest first."""
        ...

    def sent(self, mail: str) -> None:
        """Forget a mail that is sent, or given up."""
        ...

    def failed(self, mail: str, *, fault: str, retry_at: datetime) -> None: ...

    def waiting(self) -> int:
        """How many mails wait."""
        ...


class Post(Protocol):
    """What sends mails."""

    def send(
        self,
        *,
        recipient: str,
        subject: str,
        text: str,
        identifier: str,
        locale: str = "en",
        unsubscribe: str | None = None,
    ) -> None:
        """Send a plain text; `unsubscribe` is the address that ends such mails by a POST.

        Raises `ForgeUnavailable` with a reason `mail_*`, `ForgeRefused` when it never will.
        """
        ...

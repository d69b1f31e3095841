"""The durable memory of what people say of rows without changing them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from retouche.ports.journal import UNKNOWN_SENDER, Sender


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
class Confirmed:
    """When a row was last said to be still correct."""

    key: tuple[str, ...]
    last: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """Somebody who looked at a row at a revision says that it is still correct."""

    row: Row
    time: datetime
    revision: str
    sender: Sender = UNKNOWN_SENDER


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
    sender: Sender = UNKNOWN_SENDER


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

    def confirmed(self, dataset: str, resource: str, *, limit: int) -> Sequence[Confirmed]:
        """The rows of a resource that were confirmed, those confirmed last first.

        Without those whose keys are too long to be kept whole.
        """
        ...

    def confirmed_by_month(
        self, dataset: str, resource: str | None, *, since: datetime
    ) -> Mapping[str, int]:
        """How many confirmations there were in each month (`2026-11`, in UTC) that has some."""
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

"""What people say of a row without changing it: that it is still correct, or a free remark.

Kept in the journal alone: names, addresses and comments never reach git.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from retouche.core.errors import Malformed, RateLimited
from retouche.core.operations import Key
from retouche.formats import check_body
from retouche.ports import (
    UNKNOWN_SENDER,
    Clock,
    Confirmation,
    Confirmations,
    Remark,
    Row,
    Sender,
)
from retouche.ports import Voices as Memory
from retouche.services.datasets import Dataset
from retouche.services.guarding.guard import Door, without_door
from retouche.services.mailing.addresses import check_contributor
from retouche.settings import Settings

DAY = timedelta(days=1)
MOST_A_DAY = 100
"""Confirmations of one row in a day; more come from no readers."""


class Voices:
    """Confirmations and remarks."""

    def __init__(self, memory: Memory, clock: Clock, settings: Settings) -> None:
        self._memory = memory
        self._clock = clock
        self._settings = settings

    def confirm(
        self,
        dataset: Dataset,
        resource: str,
        key: Key,
        body: Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        door: Door | None = None,
    ) -> Confirmations:
        """Say that a published row is still correct; give all confirmations of the row.

        What is said with it is a remark of its own, for the reviewers. Raises `Malformed`,
        `NotFound` for a row or revision that does not exist, `IdempotencyMismatch`,
        `RateLimited`, and the refusals of `Door.admit`.
        """
        check_body("confirmation", body)
        row = Row(dataset=dataset.name, resource=resource, key=key)
        digest = _digest(row, body)
        if idempotency_key is None or not self._memory.was_confirmed(
            dataset.name, idempotency_key, digest
        ):
            if door is not None:
                door.admit(dataset)
            sender = door.sender if door else UNKNOWN_SENDER
            commit = _published(dataset, row)
            seen = dataset.at(body["revision"]).commit if body.get("revision") else commit
            now = self._clock()
            self._check_day(row, now)
            said = _said(body.get("comment"))
            remark = self._remark(dataset, row, said, None, now, sender) if said else None
            confirmation = Confirmation(row=row, time=now, revision=seen, sender=sender)
            self._memory.confirm(
                confirmation, remark, idempotency_key=idempotency_key, body_hash=digest
            )
        return self._memory.confirmations(row)

    def _check_day(self, row: Row, now: datetime) -> None:
        if self._memory.confirmations(row, since=now - DAY).count >= MOST_A_DAY:
            raise RateLimited("too_many_confirmations", limit=MOST_A_DAY, retry_after=3600)

    def confirmations(self, dataset: Dataset, resource: str, key: Key) -> Confirmations:
        """How often a row was confirmed, and when last."""
        return self._memory.confirmations(Row(dataset=dataset.name, resource=resource, key=key))

    def remark(
        self,
        dataset: Dataset,
        resource: str,
        key: Key,
        body: Mapping[str, Any],
        *,
        idempotency_key: str | None = None,
        door: Door | None = None,
    ) -> Remark:
        """Leave a comment on a published row for the reviewers.

        Raises `Malformed`, `TooLarge`, `NotFound`, `IdempotencyMismatch`, `RateLimited` when too
        many are open, and the refusals of `Door.admit`.
        """
        check_body("remark", body)
        check_contributor(body.get("contributor"))
        comment = _said(body["comment"])
        if comment is None:
            raise Malformed("empty_value", pointer="/comment")
        row = Row(dataset=dataset.name, resource=resource, key=key)
        digest = _digest(row, body)
        if idempotency_key is not None:
            known = self._memory.find_remark(dataset.name, idempotency_key, digest)
            if known is not None:
                return known
        if door is not None:
            door.admit(dataset)
        _published(dataset, row)
        given = body.get("contributor") or {}
        contributor = {name: text for name, text in given.items() if text}
        sender = door.sender if door else UNKNOWN_SENDER
        now = self._clock()
        remark = self._remark(dataset, row, comment, contributor or None, now, sender)
        return self._memory.add_remark(remark, idempotency_key=idempotency_key, body_hash=digest)

    def _remark(
        self,
        dataset: Dataset,
        row: Row,
        comment: str,
        contributor: Mapping[str, str] | None,
        time: datetime,
        sender: Sender,
    ) -> Remark:
        """A remark that may be added. Raises `RateLimited`."""
        limit = self._settings.max_open_proposals
        if self.open_remarks(dataset) >= limit:
            raise RateLimited("too_many_remarks", limit=limit, retry_after=3600)
        return Remark(
            id=secrets.token_hex(8),
            row=row,
            time=time,
            comment=comment,
            contributor=contributor,
            sender=sender,
        )

    def remarks(
        self, dataset: Dataset, *, state: str, page: int = 1, page_size: int = 20
    ) -> tuple[Sequence[Remark], int]:
        """One page of remarks in a state, newest first, and how many there are."""
        offset = (page - 1) * page_size
        return self._memory.remarks(dataset.name, state=state, offset=offset, limit=page_size)

    def open_remarks(self, dataset: Dataset) -> int:
        return self._memory.remarks(dataset.name, state="open", limit=0)[1]

    def close(self, dataset: Dataset, remark: str, *, reviewer: str) -> None:
        """Mark a remark as dealt with; closing it again changes nothing. Raises `NotFound`."""
        found = self._memory.remark(dataset.name, remark)
        self._memory.close_remark(found, by=reviewer, time=self._clock())


def _published(dataset: Dataset, row: Row) -> str:
    """The published commit. Raises `NotFound`, `AmbiguousRow` where the row is not in it once."""
    published = dataset.at()
    published.package.resource(row.resource)
    published.snapshot(row.resource).index.find(row.key)
    return published.commit


def _said(text: str | None) -> str | None:
    """A comment without the white space around it; None when nothing is left."""
    return (text or "").strip() or None


def _digest(row: Row, body: Mapping[str, Any]) -> str:
    """The same for the same body about the same row."""
    said = [row.resource, list(row.key), without_door(body)]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()

"""The digest for reviewers: once in each period what awaits them, if something new does."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from retouche.core.errors import RetoucheError
from retouche.ports import Clock, Installation, Journal, Mail, Outbox
from retouche.services.datasets import Catalogue, Dataset
from retouche.services.decisions import undecided

MORNING = timedelta(hours=5)
"""Time of the day, in UTC, at which a period of whole days begins."""
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
KIND = "digest"
NONE = "-"
"""Stands for the time of a digest that was not written."""


class Digest:
    """Writes the digest into the outbox, for one of all workers of a database.

    A kill between the agreement on who writes it and the writing costs that digest; what waits is
    in the next one.
    """

    def __init__(
        self,
        outbox: Outbox,
        journal: Journal,
        catalogue: Catalogue,
        installation: Installation,
        clock: Clock,
        *,
        recipients: Sequence[str],
        hours: float,
    ) -> None:
        """`recipients`: checked mail addresses; none, or 0 `hours`, is no digest."""
        self._outbox = outbox
        self._journal = journal
        self._catalogue = catalogue
        self._installation = installation
        self._clock = clock
        self._recipients = recipients
        self._period = timedelta(hours=hours)

    def run(self) -> None:
        """Write the digest of this period, unless it is written already or nothing is new."""
        if not self._recipients or not self._period:
            return
        now = self._clock()
        period = (now - BEGINNING - MORNING) // self._period
        last = self._installation.agree(_name(period - 1), NONE).partition(" ")[0]
        since = now - 2 * self._period if last == NONE else datetime.fromisoformat(last)
        waiting = [one for each in self._catalogue for one in self._waiting(each, since)]
        if not any(one["new"] for one in waiting):
            return
        token = f"{now.isoformat()} {secrets.token_hex(8)}"
        if self._installation.agree(_name(period), token) != token:
            return
        locale = next((one.locale for one in self._catalogue), "fr")
        mails = [self._mail(one, waiting, locale, period, now) for one in self._recipients]
        self._outbox.tell([], mails)

    def _waiting(self, dataset: Dataset, since: datetime) -> Iterator[dict[str, Any]]:
        """What awaits review in a dataset: numbers alone, and the title; nothing for none."""
        found = list(undecided(self._journal, dataset.name))
        if not found:
            return
        try:
            title = dataset.at().package.title(dataset.locale)
        except RetoucheError:  # its forge does not answer: its name is known
            title = dataset.name
        yield {
            "dataset": dataset.name,
            "title": title,
            "waiting": len(found),
            "new": sum(1 for one in found if one.created_at > since),
            "oldest": min(one.created_at for one in found).isoformat(),
            "unusual": sum(1 for one in found if one.signs),
            "clashing": sum(1 for one in found if one.conflicted),
        }

    def _mail(
        self,
        address: str,
        waiting: list[dict[str, Any]],
        locale: str,
        period: int,
        now: datetime,
    ) -> Mail:
        named = hashlib.sha256(f"{_name(period)} {address}".encode()).hexdigest()[:32]
        return Mail(
            id=named,
            dataset="",
            proposal=None,
            kind=KIND,
            recipient=address,
            locale=locale,
            created_at=now,
            detail={"datasets": waiting},
        )


def _name(period: int) -> str:
    """What the workers agree under on who writes the digest of a period, and when."""
    return f"{KIND} {period}"

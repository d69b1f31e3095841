"""The weekly digest for reviewers: what was published, what waits, how good the data is by now."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from retouche.core.errors import RetoucheError
from retouche.core.keys import format_key
from retouche.ports import Clock, Installation, Journal, Mail, Outbox
from retouche.services.datasets import Catalogue, Dataset, DatasetRevision
from retouche.services.decisions import undecided
from retouche.services.history import History
from retouche.services.mailing.digest import MORNING
from retouche.services.quality.course import Course
from retouche.services.quality.freshness import Freshness
from retouche.services.quality.portrait import can_be_confirmed, portrait
from retouche.services.quality.quality import Quality
from retouche.services.voices import Voices
from retouche.settings import DAYS

WEEK = timedelta(days=7)
FIRST = datetime(2020, 1, 6, tzinfo=UTC)
"""A Monday."""
KIND = "weekly"
OLDEST = 5
"""Rows that were not looked at for longest, that a digest names per dataset."""
AT_ONCE = 200
MOST_REVISIONS = 2_000
"""Revisions of a week that are counted at most."""


class Weekly:
    """Writes the weekly digest into the outbox, for one of all workers of a database.

    A kill between the agreement on who writes it and the writing costs that digest.
    """

    def __init__(
        self,
        outbox: Outbox,
        journal: Journal,
        catalogue: Catalogue,
        installation: Installation,
        clock: Clock,
        *,
        history: History,
        quality: Quality,
        freshness: Freshness,
        course: Course,
        voices: Voices,
        recipients: Sequence[str],
        day: str,
    ) -> None:
        """`recipients`: checked mail addresses; none, or `never` as the `day`, is no digest."""
        self._outbox = outbox
        self._journal = journal
        self._catalogue = catalogue
        self._installation = installation
        self._clock = clock
        self._history = history
        self._quality = quality
        self._freshness = freshness
        self._course = course
        self._voices = voices
        self._recipients = recipients
        self._day = day

    def run(self) -> None:
        """Write the digest of the week that has ended, unless it is written, or nothing is told."""
        if not self._recipients or self._day not in DAYS:
            return
        now = self._clock()
        begin = FIRST + timedelta(days=DAYS.index(self._day)) + MORNING
        name = f"{KIND} {begin + (now - begin) // WEEK * WEEK:%Y-%m-%d}"
        token = secrets.token_hex(8)
        # Asked before the work is done, so that one worker alone does it.
        if self._installation.agree(name, token) != token:
            return
        told = [one for each in self._catalogue if (one := self._dataset(each, now)) is not None]
        if not any(one["published"] or one["waiting"] or one["remarks"] for one in told):
            return
        locale = next((one.locale for one in self._catalogue), "fr")
        mails = [_mail(name, one, told, locale, now) for one in self._recipients]
        self._outbox.tell([], mails)

    def _dataset(self, dataset: Dataset, now: datetime) -> dict[str, Any] | None:
        """What is told of a dataset; nothing of one that cannot be read."""
        try:
            revision = dataset.at()
            return {
                "dataset": dataset.name,
                "title": revision.package.title(dataset.locale),
                **self._published(revision, now - WEEK),
                "waiting": sum(1 for _ in undecided(self._journal, dataset.name)),
                "remarks": self._voices.open_remarks(dataset),
                **self._figures(revision, now - WEEK),
                "oldest": self._oldest(revision),
            }
        except RetoucheError:
            return None

    def _published(self, revision: DatasetRevision, since: datetime) -> dict[str, int]:
        """How many proposals and other changes were published, and the rows they changed."""
        counts = dict.fromkeys(("published", "accepted", "inserted", "updated", "deleted"), 0)
        for page in range(1, MOST_REVISIONS // AT_ONCE + 1):
            views, _ = self._history.revisions(
                revision.dataset, revision.commit, page=page, page_size=AT_ONCE
            )
            for view in views:
                if view.revision.time <= since or not view.revision.parents:
                    return counts
                counts["published"] += 1
                counts["accepted"] += view.revision.proposal is not None
                for one in view.changes.values():
                    counts["inserted"] += one.inserted
                    counts["updated"] += one.updated
                    counts["deleted"] += one.deleted
            if len(views) < AT_ONCE:
                break
        return counts

    def _figures(self, revision: DatasetRevision, before: datetime) -> dict[str, float | None]:
        """The share of cells that are filled and valid, now and then, and those looked at."""
        told = portrait(self._quality, self._freshness, revision)
        then = self._course.before(revision, before)
        return {
            "sound": told.overall.sound_share if told.overall.cells else None,
            "sound_before": self._sound(revision.dataset, then.id) if then is not None else None,
            "confirmed": told.confirmed_share,
            "months": told.months,
        }

    def _sound(self, dataset: Dataset, commit: str) -> float | None:
        try:
            overall = self._quality.overall(dataset.at(commit))
        except RetoucheError:  # what stood there cannot be read
            return None
        return overall.sound_share if overall.cells else None

    def _oldest(self, revision: DatasetRevision) -> list[dict[str, str | None]]:
        """The rows that were not looked at for longest, of the first table where that is asked."""
        resources = revision.package.resources.values()
        resource = next((one for one in resources if can_be_confirmed(one)), None)
        if resource is None:
            return []
        due, _ = self._freshness.todo(revision, resource.name, page_size=OLDEST)
        return [
            {
                "label": one.label,
                "path": f"/{revision.dataset.name}/{resource.name}/{format_key(one.key)}",
                "looked": one.looked.isoformat() if one.looked else None,
            }
            for one in due
        ]


def _mail(
    name: str, address: str, told: Sequence[dict[str, Any]], locale: str, now: datetime
) -> Mail:
    return Mail(
        id=hashlib.sha256(f"{name} {address}".encode()).hexdigest()[:32],
        dataset="",
        proposal=None,
        kind=KIND,
        recipient=address,
        locale=locale,
        created_at=now,
        detail={"datasets": list(told)},
    )

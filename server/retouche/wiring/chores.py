"""What a worker does beside requests, and how often."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from retouche.ports import Chore, Clock
from retouche.services.datasets import Catalogue
from retouche.services.history import History
from retouche.services.mailing.addresses import recipients
from retouche.services.mailing.digest import Digest
from retouche.services.mailing.mailing import Mailing
from retouche.services.mailing.weekly import Weekly
from retouche.services.purging import Purging
from retouche.services.quality.course import Course
from retouche.services.quality.freshness import Freshness
from retouche.services.quality.preparing import prepare
from retouche.services.quality.quality import Quality
from retouche.services.review import Review
from retouche.services.voices import Voices
from retouche.settings import Settings
from retouche.wiring.recovery import sweep
from retouche.wiring.stores import Stores

SWEEP = timedelta(minutes=5)
"""Time between two looks at what killed processes left, though none was started since."""
MAILS = timedelta(seconds=10)
"""Time between two looks at what is to be told by mail, and at what waits to be sent."""
FIGURES = timedelta(minutes=1)
"""Time between two looks at whether figures of the quality are missing."""
HOURLY = timedelta(hours=1)
DAILY = timedelta(hours=24)


def chores_of(
    settings: Settings,
    stores: Stores,
    catalogue: Catalogue,
    clock: Clock,
    *,
    review: Review,
    mailing: Mailing,
    purging: Purging,
    history: History,
    quality: Quality,
    freshness: Freshness,
    course: Course,
    voices: Voices,
) -> Sequence[Chore]:
    """All of them; no mail is written where nothing sends it."""
    reviewers = recipients(settings.mail_reviewers) if mailing.is_on else ()
    digest = Digest(
        stores.outbox,
        stores.journal,
        catalogue,
        stores.installation,
        clock,
        recipients=reviewers,
        hours=settings.digest_hours,
    )
    weekly = Weekly(
        stores.outbox,
        stores.journal,
        catalogue,
        stores.installation,
        clock,
        history=history,
        quality=quality,
        freshness=freshness,
        course=course,
        voices=voices,
        recipients=reviewers,
        day=settings.weekly_day,
    )
    return (
        Chore(name="sweep", every=SWEEP, run=partial(sweep, catalogue, review)),
        Chore(name="mail", every=MAILS, run=mailing.run),
        Chore(name="digest", every=HOURLY, run=digest.run),
        Chore(name="quality", every=FIGURES, run=partial(prepare, catalogue, course)),
        Chore(name="weekly", every=HOURLY, run=weekly.run),
        Chore(name="purge", every=DAILY, run=purging.run),
    )

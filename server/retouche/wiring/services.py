"""What the web and the command line call, made once in each process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from retouche.connection import Connection
from retouche.ports import (
    Accounts,
    Chore,
    Clock,
    Inbox,
    Installation,
    Locks,
    Moderation,
    Outbox,
    People,
    Queue,
    Signs,
    Watch,
)
from retouche.services.courier.call import Caller
from retouche.services.courier.courier import Courier
from retouche.services.datasets import Catalogue
from retouche.services.derived import Derived
from retouche.services.following.keeping import Keeping
from retouche.services.guarding.guard import Guard
from retouche.services.history import History
from retouche.services.impact.impact import Impact
from retouche.services.indicators.indicators import Indicators
from retouche.services.mailing.mailing import Mailing
from retouche.services.moderating.moderating import Moderating
from retouche.services.moderating.undoing import Undoing
from retouche.services.moving import Moving
from retouche.services.proposals import Proposals
from retouche.services.purging import Purging
from retouche.services.quality.course import Course
from retouche.services.quality.freshness import Freshness
from retouche.services.quality.quality import Quality
from retouche.services.review import Review
from retouche.services.reviewers import Reviewers
from retouche.services.reviewing.batches import Batches
from retouche.services.reviewing.likeness import Likenesses
from retouche.services.reviewing.queue import ReviewQueue
from retouche.services.scenarios import Drafting
from retouche.services.voices import Voices
from retouche.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the web and the command line call."""

    settings: Settings
    catalogue: Catalogue
    proposals: Proposals
    review: Review
    history: History
    indicators: Indicators
    impact: Impact
    derived: Derived
    quality: Quality
    freshness: Freshness
    course: Course
    reviewers: Reviewers
    voices: Voices
    scenarios: Drafting
    moderation: Moderation
    moderating: Moderating
    undoing: Undoing
    reviewing: ReviewQueue
    """What waits for reviewers."""
    likenesses: Likenesses
    batches: Batches
    guard: Guard
    watch: Watch
    accounts: Accounts
    locks: Locks
    moving: Moving
    courier: Courier
    """Works for the datasets that live elsewhere, once it is started in a process."""
    bell: Caller
    """Calls the courier, wherever it works."""
    keeping: Keeping
    """Keeps mirrors at what all servers serve, once it is started in a process."""
    queue: Queue
    inbox: Inbox
    chores: tuple[Chore, ...]
    """What a worker does beside requests."""
    signs: Signs
    """When each chore was last done, by any worker."""
    installation: Installation
    people: People
    outbox: Outbox
    mailing: Mailing
    purging: Purging
    connections: Mapping[str, Connection]
    """How the datasets that live elsewhere are reached, by name."""
    clock: Clock
    secret_key: str
    close: Callable[[], None]
    """Ends the reading processes and the connections; the services stay usable."""

"""The services over the adapters that the settings ask for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial

from retouche.connection import Connection
from retouche.forges.repository import BareRepository
from retouche.journals.accounts import SqlAccounts
from retouche.journals.changes import SqlChangeIndex
from retouche.journals.database import Database
from retouche.journals.installation import SqlInstallation
from retouche.journals.locks import locks_for
from retouche.journals.moderation import SqlModeration
from retouche.journals.outbox import SqlOutbox
from retouche.journals.people import SqlPeople
from retouche.journals.scenarios import SqlScenarios
from retouche.journals.signs import SqlSigns
from retouche.journals.sql import SqlJournal
from retouche.journals.voices import SqlVoices
from retouche.journals.watch import SqlWatch
from retouche.limiting.tallies import SharedTallies
from retouche.locks import FileLocks
from retouche.ports import Chore, Clock
from retouche.services.attesting import attested
from retouche.services.courier.bell import Bell
from retouche.services.courier.breaker import Breaker
from retouche.services.courier.call import Call, Caller
from retouche.services.courier.carriage import Carriage
from retouche.services.courier.courier import Courier
from retouche.services.datasets import Catalogue
from retouche.services.derived import Derived
from retouche.services.following.following import Following
from retouche.services.following.keeping import Keeping
from retouche.services.guarding.guard import Guard
from retouche.services.history import History
from retouche.services.impact.impact import Impact
from retouche.services.indicators.indicators import Indicators
from retouche.services.mailing.addresses import recipients
from retouche.services.mailing.allowance import Allowance
from retouche.services.mailing.digest import Digest
from retouche.services.mailing.links import Links
from retouche.services.mailing.mailing import Mailing
from retouche.services.mailing.weekly import Weekly
from retouche.services.moderating.moderating import Moderating
from retouche.services.moderating.undoing import Undoing
from retouche.services.moving import Moving
from retouche.services.proposals import Proposals
from retouche.services.purging import Purging
from retouche.services.quality.course import Course
from retouche.services.quality.freshness import Freshness
from retouche.services.quality.preparing import prepare
from retouche.services.quality.quality import Quality
from retouche.services.review import Review
from retouche.services.reviewers import Reviewers
from retouche.services.reviewing.batches import Batches
from retouche.services.reviewing.likeness import Likenesses
from retouche.services.reviewing.queue import ReviewQueue
from retouche.services.scenarios import Drafting
from retouche.services.shelf import Shelf
from retouche.services.voices import Voices
from retouche.settings import Settings
from retouche.shelves.folder import FolderCabinet
from retouche.wiring.adapters import calls_of, dataset_of, drop, identity_of, post_of
from retouche.wiring.places import journal_url, kept_secret, repository_path
from retouche.wiring.recovery import fold, sweep
from retouche.wiring.services import Services

SWEEP = timedelta(minutes=5)
"""Time between two looks at what killed processes left, though none was started since."""
MAILS = timedelta(seconds=10)
"""Time between two looks at what is to be told by mail, and at what waits to be sent."""
FIGURES = timedelta(minutes=1)
"""Time between two looks at whether figures of the quality are missing."""
DAILY = timedelta(hours=24)


def build(
    settings: Settings,
    served: Mapping[str, str | Connection],
    *,
    clock: Clock | None = None,
    works: bool = True,
) -> Services:
    """Serve datasets of the home folder by name: a branch of an embedded one, or how the project
    is reached whose mirror is there.

    `works` tells that a courier will work in this process, if in any; else it is called through
    the queue.
    """
    home = settings.home
    home.mkdir(parents=True, exist_ok=True)
    clock = clock or (lambda: datetime.now(UTC))
    secret_key = settings.secret_key or kept_secret(home / "secret")
    database = Database(journal_url(settings))
    journal = SqlJournal(database)
    home_locks = FileLocks(home / "locks")
    locks = locks_for(database, home / "locks")
    cabinet = FolderCabinet(home / "cache", capacity=settings.cache_size)
    shelf = Shelf(settings.snapshot_cache, cabinet)
    connections = {name: one for name, one in served.items() if isinstance(one, Connection)}
    repositories = {
        name: BareRepository(repository_path(home, name), identity=identity_of(one))
        for name, one in served.items()
    }
    indicators = Indicators()
    impact = Impact(indicators)
    catalogue = Catalogue(
        {
            name: dataset_of(name, one, repositories[name], journal, shelf)
            for name, one in served.items()
        }
    )
    moderation = SqlModeration(database)
    tallies = SharedTallies(home / "limits.sqlite", settings.redis_url)
    watch = SqlWatch(database)
    own_bell, breaker = Bell(settings.patience), Breaker(watch, clock)
    calls = calls_of(settings)
    bell: Caller = own_bell
    if not works:
        bell = Call(calls, journal, watch, breaker, patience=settings.patience)
    proposals = Proposals(journal, locks, clock, settings, secret_key=secret_key, bell=bell)
    drafts = SqlScenarios(database)
    scenarios = Drafting(drafts, proposals, clock, settings)
    review = Review(proposals, journal, settings, watch=watch, breaker=breaker, bell=bell)
    courier = Courier(
        catalogue,
        Carriage(journal, proposals.decisions, locks, clock, settings, weigh=impact.of),
        Following(journal, watch, proposals.decisions, locks, clock, settings),
        journal=journal,
        watch=watch,
        locks=locks,
        clock=clock,
        bell=own_bell,
        breaker=breaker,
        poll=settings.poll,
    )
    keeping = Keeping(
        catalogue, watch=watch, locks=locks, home=home_locks, breaker=breaker, fold=fold
    )
    for dataset in catalogue:
        dataset.find = keeping.find
        dataset.draft = scenarios.commit
    installation, outbox = SqlInstallation(database), SqlOutbox(database)
    people = SqlPeople(database, clock=clock)
    mailing = Mailing(
        outbox,
        journal,
        catalogue,
        locks,
        clock,
        post=post_of(settings, clock),
        links=Links(settings.base_url, proposals.secret),
        allowance=Allowance(moderation, tallies, secret_key=secret_key),
    )
    history = History(SqlChangeIndex(home / "changes.sqlite"), home_locks)
    quality, spoken = Quality(cabinet), SqlVoices(database)
    freshness, course = Freshness(history, spoken, clock), Course(quality, history, clock)
    voices = Voices(spoken, clock, settings)
    reviewers = recipients(settings.mail_reviewers) if mailing.is_on else ()
    digest = Digest(
        outbox,
        journal,
        catalogue,
        installation,
        clock,
        recipients=reviewers,
        hours=settings.digest_hours,
    )
    weekly = Weekly(
        outbox,
        journal,
        catalogue,
        installation,
        clock,
        history=history,
        quality=quality,
        freshness=freshness,
        course=course,
        voices=voices,
        recipients=reviewers,
        day=settings.weekly_day,
    )
    purging = Purging(
        people,
        journal,
        outbox,
        moderation,
        catalogue,
        locks,
        clock,
        scenarios=drafts,
        secret_key=secret_key,
        retention_days=settings.retention_days,
        drop=partial(drop, home, repositories),
    )
    signs = SqlSigns(database)
    chores = (
        Chore(name="sweep", every=SWEEP, run=partial(sweep, catalogue, review)),
        Chore(name="mail", every=MAILS, run=mailing.run),
        Chore(name="digest", every=timedelta(hours=1), run=digest.run),
        Chore(name="quality", every=FIGURES, run=partial(prepare, catalogue, course)),
        Chore(name="weekly", every=timedelta(hours=1), run=weekly.run),
        Chore(name="purge", every=DAILY, run=purging.run),
    )

    moderating = Moderating(moderation, journal, review, clock)
    undoing = Undoing(proposals, journal, history, moderating, locks, clock, settings, bell=bell)

    def close() -> None:
        courier.stop()
        keeping.stop()
        calls.close()
        for repository in repositories.values():
            repository.close()
        journal.close()

    return Services(
        settings=settings,
        catalogue=catalogue,
        proposals=proposals,
        review=review,
        history=history,
        indicators=indicators,
        derived=Derived(indicators, capacity=settings.snapshot_cache // 4),
        quality=quality,
        freshness=freshness,
        course=course,
        reviewers=Reviewers(journal),
        voices=voices,
        scenarios=scenarios,
        impact=impact,
        moderation=moderation,
        moderating=moderating,
        undoing=undoing,
        reviewing=ReviewQueue(journal),
        likenesses=Likenesses(journal, clock),
        batches=Batches(proposals, review, undoing),
        guard=Guard(moderation, tallies, clock, settings, secret_key=secret_key),
        watch=watch,
        accounts=SqlAccounts(database, secret_key, clock=clock),
        locks=locks,
        moving=Moving(journal, clock, settings),
        courier=courier,
        bell=bell,
        keeping=keeping,
        queue=calls,
        inbox=calls,
        chores=attested(chores, signs, clock),
        signs=signs,
        installation=installation,
        people=people,
        outbox=outbox,
        mailing=mailing,
        purging=purging,
        connections=connections,
        clock=clock,
        secret_key=secret_key,
        close=close,
    )

"""The services over the adapters that the settings ask for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

from retouche.connection import Connection
from retouche.forges.repository import BareRepository
from retouche.ports import Clock
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
from retouche.services.mailing.allowance import Allowance
from retouche.services.mailing.links import Links
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
from retouche.services.shelf import Shelf
from retouche.services.voices import Voices
from retouche.settings import Settings
from retouche.wiring.adapters import calls_of, dataset_of, drop, identity_of, post_of
from retouche.wiring.chores import chores_of
from retouche.wiring.places import kept_secret, repository_path
from retouche.wiring.recovery import fold
from retouche.wiring.services import Services
from retouche.wiring.stores import stores_of


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
    stores = stores_of(settings, clock, secret_key=secret_key)
    journal, locks, watch = stores.journal, stores.locks, stores.watch
    shelf = Shelf(settings.snapshot_cache, stores.cabinet)
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
    own_bell, breaker = Bell(settings.patience), Breaker(watch, clock)
    calls = calls_of(settings)
    bell: Caller = own_bell
    if not works:
        bell = Call(calls, journal, watch, breaker, patience=settings.patience)
    proposals = Proposals(journal, locks, clock, settings, secret_key=secret_key, bell=bell)
    scenarios = Drafting(stores.scenarios, proposals, clock, settings)
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
        catalogue, watch=watch, locks=locks, home=stores.home_locks, breaker=breaker, fold=fold
    )
    for dataset in catalogue:
        dataset.find = keeping.find
        dataset.draft = scenarios.commit
    mailing = Mailing(
        stores.outbox,
        journal,
        catalogue,
        locks,
        clock,
        post=post_of(settings, clock),
        links=Links(settings.base_url, proposals.secret),
        allowance=Allowance(stores.moderation, stores.tallies, secret_key=secret_key),
    )
    history = History(stores.changes, stores.home_locks)
    quality = Quality(stores.cabinet)
    freshness, course = Freshness(history, stores.voices, clock), Course(quality, history, clock)
    voices = Voices(stores.voices, clock, settings)
    purging = Purging(
        stores.people,
        journal,
        stores.outbox,
        stores.moderation,
        catalogue,
        locks,
        clock,
        scenarios=stores.scenarios,
        secret_key=secret_key,
        retention_days=settings.retention_days,
        drop=partial(drop, home, repositories),
    )
    chores = chores_of(
        settings,
        stores,
        catalogue,
        clock,
        review=review,
        mailing=mailing,
        purging=purging,
        history=history,
        quality=quality,
        freshness=freshness,
        course=course,
        voices=voices,
    )
    moderating = Moderating(stores.moderation, journal, review, clock)
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
        moderation=stores.moderation,
        moderating=moderating,
        undoing=undoing,
        reviewing=ReviewQueue(journal),
        likenesses=Likenesses(journal, clock),
        batches=Batches(proposals, review, undoing),
        guard=Guard(stores.moderation, stores.tallies, clock, settings, secret_key=secret_key),
        watch=watch,
        accounts=stores.accounts,
        locks=locks,
        moving=Moving(journal, clock, settings),
        courier=courier,
        bell=bell,
        keeping=keeping,
        queue=calls,
        inbox=calls,
        chores=attested(chores, stores.signs, clock),
        signs=stores.signs,
        installation=stores.installation,
        people=stores.people,
        outbox=stores.outbox,
        mailing=mailing,
        purging=purging,
        connections=connections,
        clock=clock,
        secret_key=secret_key,
        close=close,
    )

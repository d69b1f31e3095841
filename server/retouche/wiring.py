"""The only place that names concrete adapters: settings in, services out."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import structlog

from retouche.connection import Connection
from retouche.core.errors import BadDataset, ForgeUnavailable, StorageFull
from retouche.forges.embedded import EmbeddedForge
from retouche.forges.repository import BOT, BareRepository
from retouche.forges.storage import Swept, sync_folder
from retouche.journals.accounts import SqlAccounts
from retouche.journals.changes import SqlChangeIndex
from retouche.journals.database import Database
from retouche.journals.installation import SqlInstallation
from retouche.journals.locks import locks_for
from retouche.journals.moderation import SqlModeration
from retouche.journals.outbox import SqlOutbox
from retouche.journals.people import SqlPeople
from retouche.journals.signs import SqlSigns
from retouche.journals.sql import SqlJournal
from retouche.journals.voices import SqlVoices
from retouche.journals.watch import SqlWatch
from retouche.limiting.tallies import SharedTallies
from retouche.locks import FileLocks
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
    Post,
    Proposal,
    Queue,
    Signs,
    Watch,
)
from retouche.queues.calls import Calls
from retouche.services.attesting import attested
from retouche.services.courier.bell import Bell
from retouche.services.courier.breaker import Breaker
from retouche.services.courier.call import Call, Caller
from retouche.services.courier.carriage import Carriage
from retouche.services.courier.courier import Courier
from retouche.services.datasets import Catalogue, Dataset
from retouche.services.following.following import Following
from retouche.services.following.keeping import Keeping
from retouche.services.guarding.guard import Guard
from retouche.services.history import History
from retouche.services.mailing.addresses import recipients
from retouche.services.mailing.allowance import Allowance
from retouche.services.mailing.digest import Digest
from retouche.services.mailing.links import Links
from retouche.services.mailing.mailing import Mailing
from retouche.services.moderating.moderating import Moderating
from retouche.services.moderating.undoing import Undoing
from retouche.services.moving import Moving
from retouche.services.proposals import Proposals
from retouche.services.purging import Purging
from retouche.services.quality import Quality
from retouche.services.review import Review
from retouche.services.reviewers import Reviewers
from retouche.services.shelf import Shelf
from retouche.services.voices import Voices
from retouche.settings import Settings
from retouche.shelves.folder import FolderCabinet

if TYPE_CHECKING:
    from retouche.queues.stores import Store

SECRET = re.compile(r"[0-9a-f]{64}")
SWEEP = timedelta(minutes=5)
"""Time between two looks at what killed processes left, though none was started since."""
MAILS = timedelta(seconds=10)
"""Time between two looks at what is to be told by mail, and at what waits to be sent."""
DAILY = timedelta(hours=24)
LOG = structlog.get_logger()


@runtime_checkable
class Kept(Protocol):
    """A forge over a repository of this home."""

    def sweep(self) -> Swept:
        """Remove what killed processes left."""
        ...

    def maintain(self) -> bool:
        """Fold files together when there are many."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """What the web and the command line call."""

    settings: Settings
    catalogue: Catalogue
    proposals: Proposals
    review: Review
    history: History
    quality: Quality
    reviewers: Reviewers
    voices: Voices
    moderation: Moderation
    moderating: Moderating
    undoing: Undoing
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


def repository_path(home: Path, dataset: str) -> Path:
    """Where a dataset's bare repository is: the only one there is, or the mirror of a project."""
    return home / "repositories" / f"{dataset}.git"


def journal_url(settings: Settings) -> str:
    """The address of the journal: the one that is set, or a file of the home."""
    return settings.database_url or f"sqlite:///{settings.home.resolve() / 'journal.sqlite'}"


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
    secret_key = settings.secret_key or _kept_secret(home / "secret")
    database = Database(journal_url(settings))
    journal = SqlJournal(database)
    home_locks = FileLocks(home / "locks")
    locks = locks_for(database, home / "locks")
    cabinet = FolderCabinet(home / "cache", capacity=settings.cache_size)
    shelf = Shelf(settings.snapshot_cache, cabinet)
    connections = {name: one for name, one in served.items() if isinstance(one, Connection)}
    repositories = {
        name: BareRepository(repository_path(home, name), identity=_identity(one))
        for name, one in served.items()
    }
    catalogue = Catalogue(
        {
            name: _dataset(name, one, repositories[name], journal, shelf)
            for name, one in served.items()
        }
    )
    moderation = SqlModeration(database)
    tallies = SharedTallies(home / "limits.sqlite", settings.redis_url)
    watch = SqlWatch(database)
    own_bell, breaker = Bell(settings.patience), Breaker(watch, clock)
    calls = _calls(settings)
    bell: Caller = own_bell
    if not works:
        bell = Call(calls, journal, watch, breaker, patience=settings.patience)
    proposals = Proposals(journal, locks, clock, settings, secret_key=secret_key, bell=bell)
    review = Review(proposals, journal, settings, watch=watch, breaker=breaker, bell=bell)
    courier = Courier(
        catalogue,
        Carriage(journal, proposals.decisions, locks, clock, settings),
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
        catalogue, watch=watch, locks=locks, home=home_locks, breaker=breaker, fold=_fold
    )
    for dataset in catalogue:
        dataset.find = keeping.find
    installation, outbox = SqlInstallation(database), SqlOutbox(database)
    people = SqlPeople(database, clock=clock)
    mailing = Mailing(
        outbox,
        journal,
        catalogue,
        locks,
        clock,
        post=_post(settings, clock),
        links=Links(settings.base_url, proposals.secret),
        allowance=Allowance(moderation, tallies, secret_key=secret_key),
    )
    digest = Digest(
        outbox,
        journal,
        catalogue,
        installation,
        clock,
        recipients=recipients(settings.mail_reviewers) if mailing.is_on else (),
        hours=settings.digest_hours,
    )
    purging = Purging(
        people,
        journal,
        outbox,
        moderation,
        catalogue,
        locks,
        clock,
        secret_key=secret_key,
        retention_days=settings.retention_days,
        drop=partial(_drop, home, repositories),
    )
    chores: tuple[Chore, ...] = (
        Chore(name="sweep", every=SWEEP, run=partial(_sweep, catalogue, review)),
        Chore(name="mail", every=MAILS, run=mailing.run),
        Chore(name="digest", every=timedelta(hours=1), run=digest.run),
        Chore(name="purge", every=DAILY, run=purging.run),
    )

    history = History(SqlChangeIndex(home / "changes.sqlite"), home_locks)
    moderating = Moderating(moderation, journal, review, clock)
    undoing = Undoing(proposals, journal, history, moderating, locks, clock, settings, bell=bell)

    signs = SqlSigns(database)
    chores = attested(chores, signs, clock)

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
        quality=Quality(),
        reviewers=Reviewers(journal),
        voices=Voices(SqlVoices(database), clock, settings),
        moderation=moderation,
        moderating=moderating,
        undoing=undoing,
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
        chores=chores,
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


def _post(settings: Settings, clock: Clock) -> Post | None:
    """What sends mails, None where no server for them is set. Raises `ValueError`."""
    if not settings.smtp_url:
        return None
    # Who sends no mails starts sooner without what sends them.
    from retouche.posts.smtp import Server, SmtpPost

    return SmtpPost(Server.of(settings.smtp_url), sender=settings.mail_from, clock=clock)


def _drop(
    home: Path, repositories: Mapping[str, BareRepository], dataset: Dataset, proposal: Proposal
) -> None:
    """Take the content of a proposal out of its repository and of what is made of it."""
    if dataset.remote is None:
        # Few commands need what drops objects.
        from retouche.forges.erasing import erase

        erase(
            repositories[dataset.name],
            dataset=dataset.name,
            proposal=proposal.id,
            head=proposal.head,
        )
    shutil.rmtree(home / "cache", ignore_errors=True)  # it is made anew


def _identity(served: str | Connection) -> str:
    author = served.author if isinstance(served, Connection) else None
    return author or BOT


def _dataset(
    name: str,
    served: str | Connection,
    repository: BareRepository,
    journal: SqlJournal,
    shelf: Shelf,
) -> Dataset:
    if isinstance(served, Connection):
        # Where no project is served, a command starts sooner without what speaks to GitLab.
        from retouche.forges.gitlab.forge import GitLabForge

        forge = GitLabForge(
            repository,
            name,
            base_url=served.base_url,
            project=served.project,
            clone_url=served.clone_url,
            token=served.token,
            branch=served.branch,
            pipelines_skipped=served.pipelines_skipped,
        )
        branch = repository.branch()
        return Dataset(name, forge, journal, shelf, branch=branch, locale=served.locale)
    embedded = EmbeddedForge(repository, name, served)
    return Dataset(name, embedded, journal, shelf, branch=served, clone=repository)


def recover(services: Services) -> list[str]:
    """Finish what a killed process began, in every dataset; give what could not be finished.

    Repositories of many files are folded together on the way.
    """
    failures = tidy(services)
    for dataset in services.catalogue:
        failures += services.review.recover(dataset)
    return failures


def tidy(services: Services) -> list[str]:
    """Remove what killed processes left in the repositories, and fold files together where there
    are many; give what could not be done. What is pending stays so."""
    failures = []
    for dataset in services.catalogue:
        try:
            failures += _swept(dataset, services.review)
            _fold(dataset)
        except (ForgeUnavailable, StorageFull) as error:  # it is as readable as before
            failures.append(f"{dataset.name} maintenance: {error!r}")
    return failures


def _fold(dataset: Dataset) -> None:
    if isinstance(dataset.forge, Kept):
        dataset.forge.maintain()


def _swept(dataset: Dataset, review: Review) -> list[str]:
    """Remove what killed processes left; make anew what a power cut took, and give what of it
    could not be."""
    if isinstance(dataset.forge, Kept) and dataset.forge.sweep().broken:
        return review.restore(dataset)
    return []


def _sweep(catalogue: Catalogue, review: Review) -> None:
    """What `recover` does, beside requests: never stops at one bad item or dataset."""
    for dataset in catalogue:
        try:
            failures = _swept(dataset, review) + review.recover(dataset)
        except (ForgeUnavailable, StorageFull) as error:
            failures = [repr(error)]
        if failures:
            LOG.warning("unfinished", dataset=dataset.name, count=len(failures), first=failures[0])


def _calls(settings: Settings) -> Calls:
    def opened(hearing: bool) -> Store:
        # Who never asks for anything starts sooner without what keeps the queue.
        from retouche.queues.stores import file_store, shared_store

        if settings.redis_url:
            return shared_store(settings.redis_url, hearing=hearing)
        return file_store(settings.home / "queue.sqlite")

    return Calls(opened)


def _kept_secret(path: Path) -> str:
    """Made once, whole or not at all, readable by the owner alone.

    Two processes that start together agree on one. Raises `BadDataset` for a file that is not
    a secret of ours: making another would break the links that were given out.
    """
    if not path.exists():
        descriptor, made = tempfile.mkstemp(dir=path.parent, prefix=".secret-")
        try:
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_hex(32))
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                os.link(made, path)
            sync_folder(path.parent)
        finally:
            os.unlink(made)
    secret = path.read_text(encoding="ascii", errors="replace")
    if not SECRET.fullmatch(secret):
        raise BadDataset("bad_secret_file", path=str(path))
    return secret

"""The only place that names concrete adapters: settings in, services out."""

from __future__ import annotations

import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from retouche.connection import Connection
from retouche.core.errors import BadDataset, ForgeUnavailable, StorageFull
from retouche.forges.embedded import EmbeddedForge
from retouche.forges.repository import BOT, BareRepository
from retouche.forges.storage import sync_folder
from retouche.journals.accounts import SqlAccounts
from retouche.journals.changes import SqlChangeIndex
from retouche.journals.database import Database
from retouche.journals.sql import SqlJournal
from retouche.journals.voices import SqlVoices
from retouche.journals.watch import SqlWatch
from retouche.locks import FileLocks
from retouche.ports import Accounts, Clock, Locks, Watch
from retouche.services.courier.bell import Bell
from retouche.services.courier.breaker import Breaker
from retouche.services.courier.carriage import Carriage
from retouche.services.courier.courier import Courier
from retouche.services.datasets import Catalogue, Dataset
from retouche.services.following.following import Following
from retouche.services.history import History
from retouche.services.moving import Moving
from retouche.services.proposals import Proposals
from retouche.services.quality import Quality
from retouche.services.review import Review
from retouche.services.reviewers import Reviewers
from retouche.services.shelf import Shelf
from retouche.services.voices import Voices
from retouche.settings import Settings
from retouche.shelves.folder import FolderCabinet

SECRET = re.compile(r"[0-9a-f]{64}")


@runtime_checkable
class Kept(Protocol):
    """A forge over a repository of this home."""

    def sweep(self) -> object:
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
    watch: Watch
    accounts: Accounts
    locks: Locks
    moving: Moving
    courier: Courier
    """Works for the datasets that live elsewhere, once it is started in a process."""
    connections: Mapping[str, Connection]
    """How the datasets that live elsewhere are reached, by name."""
    clock: Clock
    secret_key: str
    close: Callable[[], None]
    """Ends the reading processes and the connections; the services stay usable."""


def repository_path(home: Path, dataset: str) -> Path:
    """Where a dataset's bare repository is: the only one there is, or the mirror of a project."""
    return home / "repositories" / f"{dataset}.git"


def build(
    settings: Settings, served: Mapping[str, str | Connection], *, clock: Clock | None = None
) -> Services:
    """Serve datasets of the home folder by name: a branch of an embedded one, or how the project
    is reached whose mirror is there."""
    home = settings.home
    home.mkdir(parents=True, exist_ok=True)
    clock = clock or (lambda: datetime.now(UTC))
    secret_key = settings.secret_key or _kept_secret(home / "secret")
    database = Database(settings.database_url or f"sqlite:///{home.resolve() / 'journal.sqlite'}")
    journal = SqlJournal(database)
    locks = FileLocks(home / "locks")
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
    watch = SqlWatch(database)
    bell, breaker = Bell(settings.patience), Breaker(watch, clock)
    proposals = Proposals(journal, locks, clock, settings, secret_key=secret_key, bell=bell)
    courier = Courier(
        catalogue,
        Carriage(journal, proposals.decisions, locks, clock, settings),
        Following(journal, watch, proposals.decisions, locks, clock, settings),
        journal=journal,
        watch=watch,
        locks=locks,
        clock=clock,
        bell=bell,
        breaker=breaker,
        poll=settings.poll,
    )

    def close() -> None:
        courier.stop()
        for repository in repositories.values():
            repository.close()
        journal.close()

    return Services(
        settings=settings,
        catalogue=catalogue,
        proposals=proposals,
        review=Review(proposals, journal, settings, watch=watch, breaker=breaker, bell=bell),
        history=History(SqlChangeIndex(home / "changes.sqlite"), locks),
        quality=Quality(),
        reviewers=Reviewers(journal),
        voices=Voices(SqlVoices(database), clock, settings),
        watch=watch,
        accounts=SqlAccounts(database, secret_key, clock=clock),
        locks=locks,
        moving=Moving(journal, clock, settings),
        courier=courier,
        connections=connections,
        clock=clock,
        secret_key=secret_key,
        close=close,
    )


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
    failures = []
    for dataset in services.catalogue:
        kept = dataset.forge if isinstance(dataset.forge, Kept) else None
        if kept:
            kept.sweep()
        failures += services.review.recover(dataset)
        if kept:
            try:
                kept.maintain()
            except (ForgeUnavailable, StorageFull) as error:  # it is as readable as before
                failures.append(f"{dataset.name} maintenance: {error!r}")
    return failures


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

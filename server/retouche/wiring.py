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

from retouche.core.errors import BadDataset, ForgeUnavailable, StorageFull
from retouche.forges.embedded import EmbeddedForge
from retouche.forges.repository import BareRepository
from retouche.forges.storage import sync_folder
from retouche.journals.changes import SqlChangeIndex
from retouche.journals.database import Database
from retouche.journals.sql import SqlJournal
from retouche.journals.voices import SqlVoices
from retouche.locks import FileLocks
from retouche.ports import Clock
from retouche.services.datasets import Catalogue, Dataset
from retouche.services.history import History
from retouche.services.proposals import Proposals
from retouche.services.quality import Quality
from retouche.services.review import Review
from retouche.services.reviewers import Reviewers
from retouche.services.shelf import Shelf
from retouche.services.voices import Voices
from retouche.settings import Settings
from retouche.shelves.folder import FolderCabinet

SECRET = re.compile(r"[0-9a-f]{64}")


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
    clock: Clock
    secret_key: str
    close: Callable[[], None]
    """Ends the reading processes and the connections; the services stay usable."""


def repository_path(home: Path, dataset: str) -> Path:
    """Where the embedded forge keeps a dataset's bare repository."""
    return home / "repositories" / f"{dataset}.git"


def build(
    settings: Settings, branches: Mapping[str, str], *, clock: Clock | None = None
) -> Services:
    """Serve the embedded datasets of the home folder: `branches` maps names to branches."""
    home = settings.home
    home.mkdir(parents=True, exist_ok=True)
    clock = clock or (lambda: datetime.now(UTC))
    secret_key = settings.secret_key or _kept_secret(home / "secret")
    database = Database(settings.database_url or f"sqlite:///{home.resolve() / 'journal.sqlite'}")
    journal = SqlJournal(database)
    locks = FileLocks(home / "locks")
    cabinet = FolderCabinet(home / "cache", capacity=settings.cache_size)
    shelf = Shelf(settings.snapshot_cache, cabinet)
    repositories = {name: BareRepository(repository_path(home, name)) for name in branches}
    catalogue = Catalogue(
        {
            name: Dataset(
                name,
                EmbeddedForge(repository, name, branches[name]),
                journal,
                shelf,
                branch=branches[name],
                clone=repository,
            )
            for name, repository in repositories.items()
        }
    )

    def close() -> None:
        for repository in repositories.values():
            repository.close()
        journal.close()

    proposals = Proposals(journal, locks, clock, settings, secret_key=secret_key)
    return Services(
        settings=settings,
        catalogue=catalogue,
        proposals=proposals,
        review=Review(proposals, journal, locks, settings),
        history=History(SqlChangeIndex(home / "changes.sqlite"), locks),
        quality=Quality(),
        reviewers=Reviewers(journal),
        voices=Voices(SqlVoices(database), clock, settings),
        clock=clock,
        secret_key=secret_key,
        close=close,
    )


def recover(services: Services) -> list[str]:
    """Finish what a killed process began, in every dataset; give what could not be finished.

    Repositories of many files are folded together on the way.
    """
    failures = []
    for dataset in services.catalogue:
        embedded = dataset.forge if isinstance(dataset.forge, EmbeddedForge) else None
        if embedded:
            embedded.sweep()
        failures += services.review.recover(dataset)
        if embedded:
            try:
                embedded.maintain()
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

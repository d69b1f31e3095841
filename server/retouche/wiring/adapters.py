"""Adapters that depend on what is set or served; what only some servers need is read late."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from retouche.connection import Connection
from retouche.forges.embedded import EmbeddedForge
from retouche.forges.repository import BOT, BareRepository
from retouche.journals.sql import SqlJournal
from retouche.ports import Clock, Post, Proposal
from retouche.queues.calls import Calls
from retouche.services.datasets import Dataset
from retouche.services.mailing.addresses import recipients
from retouche.services.shelf import Shelf
from retouche.settings import Settings

if TYPE_CHECKING:
    from retouche.queues.stores import Store


def check_mails(settings: Settings) -> None:
    """Raises `ValueError` for addresses of servers and people that are none."""
    recipients(settings.mail_reviewers)
    post_of(settings, lambda: datetime.now(UTC))


def post_of(settings: Settings, clock: Clock) -> Post | None:
    """What sends mails, None where no server for them is set. Raises `ValueError`."""
    if not settings.smtp_url:
        return None
    # Who sends no mails starts sooner without what sends them.
    from retouche.posts.smtp import Server, SmtpPost

    return SmtpPost(Server.of(settings.smtp_url), sender=settings.mail_from, clock=clock)


def drop(
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


def identity_of(served: str | Connection) -> str:
    """The author of commits, as git writes one."""
    author = served.author if isinstance(served, Connection) else None
    return author or BOT


def dataset_of(
    name: str,
    served: str | Connection,
    repository: BareRepository,
    journal: SqlJournal,
    shelf: Shelf,
) -> Dataset:
    """A dataset over its own repository, or over the mirror of a project."""
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


def calls_of(settings: Settings) -> Calls:
    """The queue, in a Redis when one is set, else in a file of the home."""

    def opened(hearing: bool) -> Store:
        # Who never asks for anything starts sooner without what keeps the queue.
        from retouche.queues.stores import file_store, shared_store

        if settings.redis_url:
            return shared_store(settings.redis_url, hearing=hearing)
        return file_store(settings.home / "queue.sqlite")

    return Calls(opened)

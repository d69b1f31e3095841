"""Where the services remember things: the database, the home folder, Redis where there is one."""

from __future__ import annotations

from dataclasses import dataclass

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
from retouche.ports import Clock, Locks
from retouche.settings import Settings
from retouche.shelves.folder import FolderCabinet
from retouche.wiring.places import journal_url


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """All of them over one database; made once in each process."""

    journal: SqlJournal
    accounts: SqlAccounts
    installation: SqlInstallation
    moderation: SqlModeration
    outbox: SqlOutbox
    people: SqlPeople
    scenarios: SqlScenarios
    signs: SqlSigns
    voices: SqlVoices
    watch: SqlWatch
    changes: SqlChangeIndex
    locks: Locks
    home_locks: FileLocks
    """Of this machine alone."""
    tallies: SharedTallies
    cabinet: FolderCabinet


def stores_of(settings: Settings, clock: Clock, *, secret_key: str) -> Stores:
    """Those that the settings ask for. Its home folder must be there."""
    home, database = settings.home, Database(journal_url(settings))
    return Stores(
        journal=SqlJournal(database),
        accounts=SqlAccounts(database, secret_key, clock=clock),
        installation=SqlInstallation(database),
        moderation=SqlModeration(database),
        outbox=SqlOutbox(database),
        people=SqlPeople(database, clock=clock),
        scenarios=SqlScenarios(database),
        signs=SqlSigns(database),
        voices=SqlVoices(database),
        watch=SqlWatch(database),
        changes=SqlChangeIndex(home / "changes.sqlite"),
        locks=locks_for(database, home / "locks"),
        home_locks=FileLocks(home / "locks"),
        tallies=SharedTallies(home / "limits.sqlite", settings.redis_url),
        cabinet=FolderCabinet(home / "cache", capacity=settings.cache_size),
    )

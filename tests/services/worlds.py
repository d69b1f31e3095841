"""A dataset at a forge elsewhere, followed; and what people do there, by one word each."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from retouche.core.operations import Cell
from retouche.forges.importer import import_folder
from retouche.journals.database import Database
from retouche.journals.sql import SqlJournal
from retouche.journals.watch import SqlWatch
from retouche.locks import FileLocks
from retouche.ports import Opened, Proposal, RemoteForge
from retouche.services.carrying import files_after
from retouche.services.datasets import Dataset
from retouche.services.decisions import Decisions
from retouche.services.following.following import Following
from retouche.services.messages import proposal_message
from retouche.services.patches import from_wire, read_patch, to_journal
from retouche.services.shelf import Shelf
from retouche.settings import Settings
from tests.datasets import Ticking
from tests.services.two_repositories import commit_on

NAME = "desks"
MakeForge = Callable[[Path], tuple[Any, RemoteForge]]
"""Gives the project of a folder, and the forge of its dataset."""


class World:
    """One dataset, as a server with one process has it."""

    def __init__(self, home: Path, project: Any, forge: RemoteForge, clock: Ticking) -> None:
        self.home = home
        self.project = project
        self.forge = forge
        self.settings = Settings(home=home, base_url="https://data.example.org")
        self.clock = clock
        self.journal = SqlJournal(Database(f"sqlite:///{home / 'journal.sqlite'}"))
        self.watch = SqlWatch(Database(f"sqlite:///{home / 'journal.sqlite'}"))
        self.dataset = Dataset(NAME, forge, self.journal, Shelf(10**8))
        self.locks = FileLocks(home / "locks")
        self.decisions = Decisions(self.journal, self.locks, self.clock, _never)
        self.start()

    def start(self) -> None:
        """Begin to follow, as a process that has just started."""
        self.following = Following(
            self.journal, self.watch, self.decisions, self.locks, self.clock, self.settings
        )

    def follow(self, *, full: bool = False) -> None:
        self.following.follow(self.dataset, full=full)

    # -- Proposals --------------------------------------------------------------------------

    def propose(self, *wanted: dict[str, Any], opened: bool = True) -> Proposal:
        """What a contributor sends, and, unless it stays queued, the courier carries."""
        base, now = self.dataset.at(), self.clock()
        operations = read_patch(wanted, base, max_cell=1_000).operations
        queued = self.journal.add(
            Proposal(
                id=secrets.token_hex(8),
                dataset=NAME,
                state="queued",
                base_revision=base.commit,
                parent=base.commit,
                operations=tuple(to_journal(one, base.package) for one in operations),
                created_at=now,
                updated_at=now,
            ),
            idempotency_key=None,
            body_hash="",
        )
        return self.open(queued) if opened else queued

    def open(self, queued: Proposal) -> Proposal:
        return self.decisions.opened(queued, self.carry(queued))

    def carry(self, queued: Proposal) -> Opened:
        """What the courier does at the forge, without a word in the journal."""
        parent = self.dataset.at(queued.parent)
        operations = tuple(from_wire(one, parent.package) for one in queued.operations)
        return self.forge.open(
            queued.id,
            parent=queued.parent,
            files=files_after(operations, parent, limit=10**6),
            message=proposal_message(queued.id, operations),
            time=queued.created_at,
        )

    def get(self, proposal: Proposal) -> Proposal:
        return self.journal.get(NAME, proposal.id)

    def kinds(self, proposal: Proposal) -> list[str]:
        """What the events of a proposal tell, after it was opened."""
        return [one.kind for one in self.journal.events(NAME, proposal.id)][2:]

    def begin(self, proposal: Proposal, **decision: Any) -> Proposal:
        """Leave a decision begun, long enough ago for it not to be under way."""
        begun = self.decisions.begin(proposal, decision)
        self.clock.now += timedelta(minutes=10)
        return begun

    def branch(self, proposal: Proposal) -> str:
        return f"proposals/{NAME}/{proposal.id}"

    # -- What stands where ------------------------------------------------------------------

    @property
    def published(self) -> str:
        return self.forge.published()

    def row(self, key: str, revision: str | None = None) -> dict[str, Cell]:
        snapshot = self.dataset.at(revision).snapshot("desks")
        return snapshot.cells(snapshot.index.find((key,)), personal=True)

    def there(self, path: str = "desks.csv", branch: str = "main") -> bytes:
        """A file as it is there."""
        self.forge.fetch()
        head = self.project.head(branch)
        return self.forge.read(str(head), path)

    # -- What people do there ---------------------------------------------------------------

    def correct(self, *wanted: dict[str, Any], branch: str = "main") -> str:
        """Somebody commits corrections of rows to a branch there."""
        self.forge.fetch()
        base = self.dataset.at(str(self.project.head(branch)))
        operations = read_patch(wanted, base, max_cell=1_000).operations
        files = files_after(operations, base, limit=10**6)
        data: dict[str, bytes | None] = {path: bytes(one) for path, one in files.items()}
        return str(self.project.push(branch, data, by="maintainer"))

    def describe(self, change: Callable[[dict[str, Any]], None]) -> str:
        """Somebody changes the descriptor there."""
        descriptor = json.loads(self.there("datapackage.json"))
        change(descriptor)
        data = json.dumps(descriptor).encode()
        return str(self.project.push("main", {"datapackage.json": data}, by="maintainer"))

    def link(self, path: str, target: bytes) -> None:
        """Somebody puts a symbolic link in the place of a file."""
        commit = commit_on(
            self.project.path, self.project.head("main"), {path: target}, mode="120000"
        )
        self.project.move("main", commit)


def make_world(home: Path, package: Path, make: MakeForge, clock: Ticking | None = None) -> World:
    """Publish a package there, and serve it."""
    clock = clock or Ticking()
    seed = home / "seed.git"
    import_folder(package, seed, message="Import\n", time=clock())
    project, forge = make(seed)
    world = World(home, project, forge, clock)
    world.follow()
    return world


def _never(_: Dataset, proposal: Proposal) -> Proposal:
    raise AssertionError("nothing is carried here")

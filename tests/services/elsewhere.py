"""A forge elsewhere that does as it is told, fails where it is told, and a server over it."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from retouche.core.edited import Edited
from retouche.core.errors import NotAllowed
from retouche.forges.embedded import EmbeddedForge
from retouche.forges.importer import import_folder
from retouche.forges.repository import BareRepository
from retouche.journals.database import Database
from retouche.journals.sql import SqlJournal
from retouche.journals.watch import SqlWatch
from retouche.locks import FileLocks
from retouche.ports import (
    MergeRequest,
    Opened,
    Prepared,
    Proposal,
    RequestText,
    Reviewer,
)
from retouche.services.courier.bell import Bell
from retouche.services.courier.breaker import Breaker
from retouche.services.courier.carriage import Carriage
from retouche.services.courier.courier import Courier
from retouche.services.datasets import Dataset
from retouche.services.proposals import Proposals
from retouche.services.review import Review
from retouche.services.shelf import Shelf
from retouche.settings import Settings
from retouche.shelves.folder import FolderCabinet
from tests.datasets import update, write_desks

OPENING = ("look", "push", "pushed", "create", "created")
"""The steps of opening a merge request: before and after each effect."""


class Killed(BaseException):
    """What a kill looks like from inside: nothing after it runs."""


class Hands:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(slots=True)
class Request:
    """A merge request there."""

    proposal: str
    head: str
    state: str = "opened"


@dataclass(slots=True)
class Place:
    """What the forge has, whichever process asks it; and what goes wrong there.

    `faults` gives for each step what is raised the next times it is reached; `gates` what a step
    waits for.
    """

    branches: dict[str, str] = field(default_factory=dict)
    requests: dict[int, Request] = field(default_factory=dict)
    steps: list[tuple[str, str]] = field(default_factory=list)
    faults: defaultdict[str, list[BaseException | None]] = field(
        default_factory=lambda: defaultdict(list)
    )
    gates: dict[str, threading.Event] = field(default_factory=dict)
    hooks: dict[str, Any] = field(default_factory=dict)
    as_they_are: list[str] = field(default_factory=list)
    """The proposals that were asked to be merged untouched."""
    broken: dict[str, BaseException] = field(default_factory=dict)
    """What is raised whenever this proposal is opened."""

    def step(self, name: str, proposal: str = "") -> None:
        self.steps.append((name, proposal))
        if name in self.hooks:
            self.hooks[name]()
        if name in self.gates:
            assert self.gates[name].wait(10)
        if self.faults[name]:
            fault = self.faults[name].pop(0)
            if fault is not None:
                raise fault

    def of(self, proposal: str) -> list[Request]:
        return [one for one in self.requests.values() if one.proposal == proposal]

    def count(self, name: str) -> int:
        return sum(step == name for step, _ in self.steps)


class Elsewhere(EmbeddedForge):
    """A forge over a network, as far as carrying and deciding go."""

    def __init__(self, repository: BareRepository, dataset: str, place: Place) -> None:
        super().__init__(repository, dataset, "main")
        self.place = place

    @property
    def is_remote(self) -> bool:
        return True

    def open(
        self,
        proposal: str,
        *,
        parent: str,
        files: Mapping[str, bytes | Edited],
        message: str,
        time: datetime,
        text: RequestText | None = None,
    ) -> Opened:
        assert text is not None
        place = self.place
        head = self.commit(parent=parent, files=files, message=message, time=time)
        if proposal in place.broken:
            raise place.broken[proposal]
        place.step("look", proposal)
        if not place.of(proposal):
            place.step("push", proposal)
            assert place.branches.setdefault(proposal, head) == head
            place.step("pushed", proposal)
            place.step("create", proposal)
            place.requests[len(place.requests) + 1] = Request(proposal, head)
            place.step("created", proposal)
        (number,) = (n for n, one in place.requests.items() if one.proposal == proposal)
        url = f"https://gitlab.example/{number}"
        return Opened(head=head, merge_request=MergeRequest(number=number, url=url))

    def close(self, proposal: str, *, reviewer: Reviewer | None = None) -> None:
        self.place.step("close", proposal)
        self._check(reviewer)
        for one in self.place.of(proposal):
            if one.state == "opened":
                one.state = "closed"
        self.place.branches.pop(proposal, None)
        self.place.step("closed", proposal)

    def merge(
        self,
        proposal: str,
        *,
        published: str,
        head: str,
        files: Mapping[str, bytes | Edited],
        message: str,
        time: datetime,
        prepared: Prepared,
        reviewer: Reviewer | None = None,
        as_it_is: bool = False,
    ) -> str:
        (request,) = self.place.of(proposal)
        self.place.as_they_are += [proposal] * as_it_is
        if request.state != "merged":
            prepared(head)
        self.place.step("merge", proposal)
        self._check(reviewer)
        request.state = "merged"
        self.place.step("merged", proposal)
        made, _ = self.repository.commit(published, head, files=files, message=message, time=time)
        return made

    def _check(self, reviewer: Reviewer | None) -> None:
        if reviewer is not None and reviewer.token != "may":
            raise NotAllowed("forge_not_allowed")


@dataclass(slots=True)
class Looks:
    """Following that only counts: `fulls` says of each look whether it was at all there is."""

    server: Server
    fulls: list[bool] = field(default_factory=list)

    def follow(self, dataset: Dataset, *, full: bool) -> None:
        now = self.server.clock()
        self.server.place.step("fetch")
        self.fulls.append(full)
        outlook = self.server.watch.outlook(dataset.name)
        swept = now if full else outlook.swept_at
        self.server.watch.note_outlook(replace(outlook, polled_at=now, swept_at=swept))


class Server:
    """The services of one process over one home."""

    def __init__(
        self,
        home: Path,
        place: Place,
        clock: Hands,
        *,
        names: tuple[str, ...] = ("desks",),
        places: Mapping[str, Place] | None = None,
        lot: float = 1.0,
        **settings: Any,
    ) -> None:
        self.place, self.clock = place, clock
        self.settings = Settings(home=home, secret_key="a secret", **settings)
        database = Database(f"sqlite:///{home.resolve() / 'journal.sqlite'}")
        self.journal = SqlJournal(database)
        self.watch = SqlWatch(database)
        self.locks = FileLocks(home / "locks")
        self.bell = Bell(self.settings.patience)
        self.breaker = Breaker(self.watch, clock, lot=lambda: lot)
        self.proposals = Proposals(
            self.journal, self.locks, clock, self.settings, secret_key="a", bell=self.bell
        )
        self.review = Review(
            self.proposals,
            self.journal,
            self.settings,
            watch=self.watch,
            breaker=self.breaker,
            bell=self.bell,
        )
        shelf = Shelf(10_000_000, FolderCabinet(home / "cache", capacity=10_000_000))
        self.repositories = [BareRepository(home / f"{name}.git") for name in names]
        self.datasets = {
            name: Dataset(
                name,
                Elsewhere(repository, name, (places or {}).get(name, place)),
                self.journal,
                shelf,
            )
            for name, repository in zip(names, self.repositories, strict=True)
        }
        self.looks = Looks(self)
        self.courier = Courier(
            self.datasets.values(),
            Carriage(self.journal, self.proposals.decisions, self.locks, clock, self.settings),
            self.looks,
            journal=self.journal,
            watch=self.watch,
            locks=self.locks,
            clock=clock,
            bell=self.bell,
            breaker=self.breaker,
            poll=self.settings.poll,
        )

    @property
    def desks(self) -> Dataset:
        return self.datasets["desks"]

    def submit(self, agents: int = 5, *, dataset: str = "desks", **others: Any) -> Proposal:
        body = {"operations": [update("01", agents=str(agents))], **others}
        return self.proposals.submit(self.datasets[dataset], body)

    def withdraw(self, proposal: Proposal) -> Proposal:
        secret = self.proposals.secret(proposal)
        return self.proposals.withdraw(self.datasets[proposal.dataset], proposal.id, secret=secret)

    def get(self, proposal: Proposal) -> Proposal:
        return self.journal.get(proposal.dataset, proposal.id)

    def kinds(self, proposal: Proposal) -> list[str]:
        return [one.kind for one in self.journal.events(proposal.dataset, proposal.id)]

    def round(self, dataset: str = "desks") -> None:
        self.courier.round(self.datasets[dataset])

    def close(self) -> None:
        self.courier.stop()
        for one in self.repositories:
            one.close()
        self.journal.close()


def make_home(home: Path, *names: str) -> Path:
    """The mirrors of a home, as they are once they were fetched."""
    for name in names or ("desks",):
        folder = write_desks(home / f"package-{name}")
        time = datetime(2025, 1, 1, tzinfo=UTC)
        import_folder(folder, home / f"{name}.git", message="Import\n", time=time)
    return home

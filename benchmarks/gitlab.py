"""A GitLab project: what carrying a proposal there costs, following it, and re-making proposals.

GitLab itself cannot be installed here: the project is one of `tests/gitlab_double`, in this
process, for us and for the peers.
"""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import gitlab as peer
from tests.datasets import Movable
from tests.forges.gitlab_live import authorised
from tests.forges.plain_git import git
from tests.gitlab_double import GitLab, Project, staffed

from benchmarks.edits import body, corrected, key_of
from benchmarks.figures import Figure, Unit
from benchmarks.ground import Ground, dataset_name
from retouche.connection import Connection
from retouche.forges.gitlab.mirror import make_mirror
from retouche.forges.importer import import_folder
from retouche.ports import Delivery
from retouche.services.datasets import Dataset
from retouche.settings import Settings
from retouche.wiring import Services, build, repository_path

SIZE = "S"
PATH = "open-data/table"
REMADE = 50
LATER = timedelta(minutes=15)
"""Until what was just opened is no longer asked for again."""
REST = "python-gitlab, whole file"


def measure(ground: Ground) -> Iterator[Figure]:
    with GitLab() as gitlab, placed(ground, gitlab) as place:
        yield from _carried(ground, place)
    counts = (10, 100) if ground.quick else (10, 100, 300)
    with GitLab() as gitlab, placed(ground, gitlab) as place:
        for count in counts:
            yield from _followed(ground, place, count)
    with GitLab() as gitlab, placed(ground, gitlab) as place:
        yield from _remade(ground, place)


@dataclass(slots=True)
class Cost:
    """What a piece of work took: seconds, requests over HTTP, and bytes sent in them."""

    seconds: float
    calls: int
    sent: int


@dataclass(slots=True)
class Place:
    """A project of the double and a server over it."""

    gitlab: GitLab
    project: Project
    services: Services
    token: str
    clock: Movable
    open: int = 0
    _deliveries: Iterator[int] = field(default_factory=itertools.count)

    @property
    def dataset(self) -> Dataset:
        return self.services.catalogue.get(dataset_name(SIZE))

    def submit(self) -> None:
        """Send the next correction; it stays queued."""
        self.services.proposals.submit(self.dataset, body(self.open, SIZE))
        self.open += 1

    def round(self) -> None:
        """Let the courier do what is due. Raises RuntimeError when it was not done."""
        self.services.courier.round(self.dataset)
        if fault := self.services.watch.outlook(self.dataset.name).fault:
            raise RuntimeError(f"the double was not reached: {fault}")

    def news(self) -> None:
        """A webhook that tells of a push."""
        self.services.watch.receive(
            Delivery(
                id=str(next(self._deliveries)),
                dataset=self.dataset.name,
                kind="push",
                time=datetime.now(UTC),
            )
        )

    def cost(self, work: Callable[[], object]) -> Cost:
        before = len(self.gitlab.calls)
        start = time.perf_counter()
        work()
        seconds = time.perf_counter() - start
        calls = self.gitlab.calls[before:]
        return Cost(seconds, len(calls), sum(len(one.body) for one in calls))

    def client(self) -> Any:
        """The project as python-gitlab has it."""
        connected = peer.Gitlab(self.gitlab.url, oauth_token=self.token, keep_base_url=True)
        return connected.projects.get(PATH, lazy=True)


@contextmanager
def placed(ground: Ground, gitlab: GitLab) -> Iterator[Place]:
    """The table as a project, with a bot, fetched and served."""
    folder = ground.new_folder("gitlab")
    name, seed, home = dataset_name(SIZE), folder / "seed.git", folder / "home"
    import_folder(ground.package(SIZE), seed, message="Import\n", time=datetime.now(UTC))
    project = staffed(gitlab, PATH, seed=seed)
    token = gitlab.token("bot")
    connection = Connection(
        base_url=gitlab.url, project=PATH, clone_url=project.clone_url, token=lambda: token
    )
    make_mirror(repository_path(home, name))
    settings = Settings(home=home, patience=0.0, poll=86_400.0)
    clock = Movable()
    services = build(settings, {name: connection}, clock=clock)
    place = Place(gitlab, project, services, token, clock)
    try:
        place.round()
        yield place
    finally:
        services.close()


def _carried(ground: Ground, place: Place) -> Iterator[Figure]:
    """One proposal after the other; the peer makes its merge requests in turns with us."""
    ground.tell("carrying proposals to GitLab")
    project, ours, theirs = place.client(), [], []
    for number in range(ground.runs(20, 5)):
        place.submit()
        ours.append(place.cost(place.round))
        branch = f"peer-{number}"
        theirs.append(place.cost(partial(_by_rest, project, branch, number)))
    if len(place.project.requests) != 2 * len(ours):
        raise RuntimeError("a merge request is missing")
    yield from _figures("one proposal carried to a project", SIZE, ours, theirs, REST)


def _by_rest(project: Any, branch: str, number: int) -> None:
    """What tools do that know files alone: read the file, send it whole, ask for a merge."""
    data = project.files.raw("table.csv", ref="main")
    action = {
        "action": "update",
        "file_path": "table.csv",
        "content": corrected(bytes(data), number + 1_000, SIZE).decode(),
    }
    project.commits.create(
        {
            "branch": branch,
            "start_branch": "main",
            "commit_message": "Correct",
            "actions": [action],
        }
    )
    project.mergerequests.create(
        {"source_branch": branch, "target_branch": "main", "title": "Correct"}
    )


def _followed(ground: Ground, place: Place, count: int) -> Iterator[Figure]:
    """A round that finds nothing new while so many proposals are open."""
    ground.tell(f"following {count:,} open proposals")
    while place.open < count:
        place.submit()
    while len(place.project.requests) < count:
        place.round()
    project, ours, theirs = place.client(), [], []
    place.clock.ahead += LATER
    place.news()
    place.round()
    for _ in range(ground.runs(7, 3)):
        place.news()
        ours.append(place.cost(place.round))
        theirs.append(place.cost(lambda: project.mergerequests.list(state="opened", get_all=True)))
    work, against = "a round that finds nothing new", "a list of all open ones"
    yield from _figures(work, f"{count:,} open", ours, theirs, against, sent=False)


def _remade(ground: Ground, place: Place) -> Iterator[Figure]:
    """Somebody corrects another cell of every row that a proposal changes: git refuses all."""
    ground.tell(f"re-making {REMADE} proposals")
    for _ in range(REMADE):
        place.submit()
    while len(place.project.requests) < REMADE:
        place.round()
    data = ground.data(SIZE)
    for number in range(REMADE):
        data = _elsewhere_in_row(data, number)
    place.project.push("main", {"table.csv": data}, by="maintainer")
    before = {one: request.head for one, request in place.project.requests.items()}
    place.news()
    ours = place.cost(place.round)
    moved = sum(before[one] != request.head for one, request in place.project.requests.items())
    if moved != REMADE:
        raise RuntimeError(f"{moved} of {REMADE} were made anew")
    theirs = place.cost(lambda: _pushes(ground, place))
    work = f"{REMADE} proposals of one push made anew"
    yield from _figures(work, SIZE, [ours], [theirs], f"{REMADE} plain git pushes")


def _elsewhere_in_row(data: bytes, number: int) -> bytes:
    """The file with another cell of the row changed that the nth correction changes."""
    start = data.index(b"\n" + key_of(number, SIZE).encode() + b",") + 1
    stop = data.index(b"\n", start)
    cells = data[start:stop].split(b",", 2)
    cells[1] = b"99999"
    return data[:start] + b",".join(cells) + data[stop:]


def _pushes(ground: Ground, place: Place) -> None:
    """The least it can take: as many commits, each pushed alone over HTTP."""
    path, address = ground.new_folder("pushes"), place.project.clone_url
    git(path, "init", "--quiet", "--bare")
    authorised(place.token, path, "fetch", "--quiet", address, "main")
    for number in range(REMADE):
        made = git(path, "commit-tree", "FETCH_HEAD^{tree}", "-p", "FETCH_HEAD", "-m", f"{number}")
        authorised(place.token, path, "push", "--quiet", address, f"{made}:refs/heads/p-{number}")


def _figures(
    work: str,
    size: str,
    ours: list[Cost],
    theirs: list[Cost],
    against: str,
    *,
    sent: bool = True,
) -> Iterator[Figure]:
    """The medians of seconds, requests and, where it tells something, bytes sent."""

    def figure(what: str, unit: Unit, of: Callable[[Cost], float]) -> Figure:
        return Figure(
            work=f"{work}{what}",
            size=size,
            ours=statistics.median(map(of, ours)),
            peer=statistics.median(map(of, theirs)),
            against=against,
            unit=unit,
        )

    yield figure("", "s", lambda one: one.seconds)
    yield figure(", requests", "", lambda one: one.calls)
    if sent:
        yield figure(", bytes sent", "B", lambda one: one.sent)

"""Reading over HTTP beside Datasette: pages, facets, search and deep pages, in requests a second;
and a row by its key beside SQLite, in process."""

from __future__ import annotations

import itertools
import random
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing

from benchmarks import questions
from benchmarks.datasette import TABLE, database, serving
from benchmarks.figures import Aim, Figure
from benchmarks.ground import RESOURCE, Ground, dataset_name
from benchmarks.load import Answered, load
from benchmarks.peers import PeerMissing
from benchmarks.questions import Question, numbered
from benchmarks.serving import Serving, retouche
from benchmarks.tables import SIZES
from benchmarks.timing import interleaved
from retouche.settings import Settings
from retouche.wiring import build

PEER = "Datasette"
BY_NUMBER = "Datasette, SQL offset"
BY_KEY = "Datasette, keyset (needs the key)"
WARM_UP = 0.2
LOOK_UPS = 200
Side = tuple[Serving, Iterator[str]]


def measure(ground: Ground) -> Iterator[Figure]:
    """Requests a second of each question, and the look-up by key."""
    with ExitStack() as stack:
        target, home = ground.target(*ground.sizes), ground.home(*ground.sizes)
        peer, missing = None, ""
        try:
            peer = stack.enter_context(serving(ground, ground.sizes))
        except PeerMissing as error:
            ground.tell(missing := str(error))
        ground.tell("starting Retouche")
        one = stack.enter_context(retouche(target, home, workers=1))
        contest = Contest(ground, one, peer, missing=missing)
        for size in ground.sizes:
            yield from contest.questions(size)
        two = stack.enter_context(retouche(target, home, workers=2))
        for size in ground.sizes:
            yield contest.with_two_workers(two, size)
    for size in ground.sizes:
        yield _row_by_key(ground, size)


class Contest:
    """Both servers, asked in turns. Only M and L have aims: S shows the growth."""

    def __init__(
        self, ground: Ground, ours: Serving, peer: Serving | None, *, missing: str
    ) -> None:
        self._ground = ground
        self._ours = ours
        self._peer = peer
        self._missing = missing
        # No question is put twice, whichever server it goes to; the first ten are for checks.
        self._numbers = itertools.count(10)

    def questions(self, size: str) -> Iterator[Figure]:
        rare = questions.rare(self._ground.package(size) / "table.csv")
        page = questions.page(size)
        yield self._asked("page of 50, two filters + sort, uncached", size, page, aim=20)
        yield self._repeated("page of 50, two filters + sort, repeated", size, page, aim=200)
        yield self._asked("two facets", size, questions.two_facets(size), aim=30)
        for work, words in (
            ("text search, frequent words", questions.frequent),
            ("text search, a rare word", rare),
        ):
            yield self._asked(work, size, questions.search(size, words), aim=8)
        if size == "L":
            deep = questions.deep(size, by_key=False)
            yield self._asked("deep page, row 900,000", size, deep, aim=100, against=BY_NUMBER)
            deep = questions.deep(size, by_key=True)
            yield self._asked("deep page, row 900,000", size, deep, against=BY_KEY)

    def with_two_workers(self, two: Serving, size: str) -> Figure:
        """What a second process adds, on a machine where the clients need some of it too."""
        work = "page of 50, two filters + sort, uncached, two workers"
        self._ground.tell(f"{work}, {size}")
        ours = questions.page(size).ours
        rates = self._rates(
            {
                one: (server, numbered(ours, self._numbers))
                for one, server in (("peer", self._ours), ("ours", two))
            }
        )
        return self._figure(work, size, rates, against="one worker")

    def _asked(
        self, work: str, size: str, question: Question, *, aim: float = 0, against: str = PEER
    ) -> Figure:
        """Each request another question."""
        self._ground.tell(f"{work}, {size}")
        sides = {"ours": (self._ours, numbered(question.ours, self._numbers))}
        if self._peer is not None:
            if difference := question.difference(self._ours, self._peer):
                note = f"not asked further: two answers to {difference}"
                return Figure(work=work, size=size, ours=None, against=against, note=note)
            sides["peer"] = (self._peer, numbered(question.peer, self._numbers))
        return self._figure(work, size, self._rates(sides), aim=aim, against=against)

    def _repeated(self, work: str, size: str, question: Question, *, aim: float) -> Figure:
        """Each request the same question."""
        self._ground.tell(f"{work}, {size}")
        sides = {"ours": (self._ours, itertools.repeat(question.ours(0)))}
        if self._peer is not None:
            sides["peer"] = (self._peer, itertools.repeat(question.peer(0)))
        return self._figure(work, size, self._rates(sides), aim=aim, against=PEER)

    def _rates(self, sides: Mapping[str, Side]) -> dict[str, float]:
        """Requests a second of each side, in spells of equal duration that take turns."""
        duration = 0.5 if self._ground.quick else 1.5
        found = {name: Answered() for name in sides}
        for server, paths in sides.values():
            load(server, paths, duration=WARM_UP)
        for _ in range(self._ground.runs(3, 2)):
            for name, (server, paths) in sides.items():
                found[name].add(load(server, paths, duration=duration))
        return {name: one.rate for name, one in found.items()}

    def _figure(
        self, work: str, size: str, rates: Mapping[str, float], *, aim: float = 0, against: str
    ) -> Figure:
        return Figure(
            work=work,
            size=size,
            ours=rates["ours"],
            peer=rates.get("peer"),
            against=against,
            unit="/s",
            aim=Aim("at least", aim) if aim and size in "ML" else None,
            note="" if "peer" in rates else self._missing,
        )


def _row_by_key(ground: Ground, size: str) -> Figure:
    """The cells of a row by name, of keys at random, with everything opened before."""
    ground.tell(f"row by key, {size}")
    services = build(Settings(home=ground.home(size)), {dataset_name(size): "main"})
    snapshot = services.catalogue.get(dataset_name(size)).at().snapshot(RESOURCE)
    chance, count = random.Random(11), SIZES[size][0]
    runs = ground.runs(21, 7)
    # The first keys are for warming up.
    keys = [[f"{chance.randrange(count):07d}" for _ in range(LOOK_UPS)] for _ in range(runs + 1)]
    with closing(sqlite3.connect(f"file:{database(ground, size)}?mode=ro", uri=True)) as opened:
        names = [one[1] for one in opened.execute(f"pragma table_info({TABLE})")]

        def ours(run: int) -> None:
            for key in keys[run]:
                snapshot.row((key,))

        def peer(run: int) -> None:
            for key in keys[run]:
                found = opened.execute(f"select * from {TABLE} where id = ?", (key,))
                dict(zip(names, found.fetchone(), strict=True))

        ours(runs)
        peer(runs)
        mine, theirs = interleaved(ours, peer, runs=runs)
    services.close()
    return Figure(
        work="row by key, in process",
        size=size,
        ours=mine / LOOK_UPS,
        peer=theirs / LOOK_UPS,
        against="SQLite primary key",
        aim=Aim("at most", 1.5) if size == "L" else None,
    )

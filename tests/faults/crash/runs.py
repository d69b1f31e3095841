"""Homes, lived in by processes that are killed one after the other, and checked in the end."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from retouche.journals.database import Database
from retouche.journals.sql import SqlJournal
from retouche.ports import Proposal
from retouche.wiring import repository_path
from tests.datasets import serve, update, write_desks
from tests.faults.crash.book import Book, Found, Task, first_file
from tests.faults.crash.checks import check_home
from tests.faults.crash.lives import Life, live, live_together, moments, services_of
from tests.faults.crash.points import ANSWERED, POINTS, Point

Entry: TypeAlias = Point | str
"""A point to be killed at, or one of these."""
GROUP = "the whole group at random"
BY_HAND = "by hand"
PER_HOME = 60
ATTEMPTS = 6
"""Lives that may pass by a point without being killed there."""
BROKEN = "f" * 16
"""A proposal on a commit that does not exist: nothing can finish it, and it stops no other."""
OLD = 10.0
"""Seconds by which locks are made older, to spare the wait until they are stale."""


@dataclass(slots=True)
class Figures:
    """What a run did, and what it found."""

    acknowledged: int = 0
    decided: int = 0
    by_hand: int = 0
    homes: int = 0
    lives: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    server_kills: int = 0
    server_acknowledged: int = 0
    findings: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def at_points(self) -> int:
        return sum(count for name, count in self.kills.items() if name != GROUP)

    @property
    def at_random(self) -> int:
        return self.kills[GROUP]

    def add(self, other: Figures) -> None:
        for name in ("acknowledged", "decided", "by_hand", "homes", "lives"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.server_kills += other.server_kills
        self.server_acknowledged += other.server_acknowledged
        self.kills.update(other.kills)
        self.findings += other.findings

    def entry(self) -> dict[str, Any]:
        return asdict(self) | {"kills": dict(self.kills)}

    @classmethod
    def of(cls, entry: dict[str, Any]) -> Figures:
        return cls(**entry | {"kills": Counter(entry["kills"])})


def plan(*, each: int, groups: int, lot: random.Random) -> list[Entry]:
    """Every point so many times, groups killed at random, and some commits made by hand."""
    entries: list[Entry] = [*POINTS, ANSWERED] * each
    entries += [GROUP] * groups + [BY_HAND] * max(1, groups // 10)
    lot.shuffle(entries)
    return entries


def run(
    entries: list[Entry],
    folder: Path,
    *,
    seed: int,
    progress: Callable[[Figures], None] = lambda _: None,
) -> Figures:
    """Live through all entries. What is found ends the run, and is in the figures."""
    figures, lot = Figures(), random.Random(seed)
    begun = time.monotonic()
    template = _template(folder)
    left = iter(entries)
    try:
        for chunk in iter(lambda: [one for _, one in zip(range(PER_HOME), left, strict=False)], []):
            home = folder / f"home-{figures.homes}"
            shutil.copytree(template, home)
            _Home(home, lot, figures, progress).live_through(chunk)
            shutil.rmtree(home)
            figures.homes += 1
    except Found as found:
        figures.findings.append(str(found))
    figures.seconds = time.monotonic() - begun
    progress(figures)
    return figures


def _template(folder: Path) -> Path:
    """A home with the dataset and with a proposal that nothing can finish."""
    package = write_desks(folder / "package", desks=first_file())
    template = folder / "template"
    served = serve(template, {"desks": package})
    # What is loaded at the first correction is then there in all that are forked from here.
    desks = served.catalogue.get("desks")
    served.proposals.validate(desks, {"operations": [update("0001", note="x")]})
    served.close()
    database = Database(f"sqlite:///{(template / 'journal.sqlite').resolve()}")
    journal, now = SqlJournal(database), datetime.now(UTC)
    journal.add(
        Proposal(
            id=BROKEN,
            dataset="desks",
            state="queued",
            base_revision="1" * 40,
            parent="1" * 40,
            operations=({**update("0001", note="x")},),
            warnings=(),
            created_at=now,
            updated_at=now,
        ),
        idempotency_key=None,
        body_hash="",
    )
    journal.close()
    return template


class _Home:
    """One home, and the people around it."""

    def __init__(
        self,
        path: Path,
        lot: random.Random,
        figures: Figures,
        progress: Callable[[Figures], None],
    ) -> None:
        self._path = path
        self._lot = lot
        self._figures = figures
        self._progress = progress
        self._book = Book(lot)
        self._usual = 0.0
        self._told: set[str] = set()

    def live_through(self, entries: Iterable[Entry]) -> None:
        # One undisturbed life tells how long one takes on this machine, as loaded as it is.
        self._absorb(live_together(self._path, self._shares(), moment=60.0))
        for entry in entries:
            if entry == GROUP:
                self._kill_group()
            elif entry == BY_HAND:
                self._age_locks()
                self._take(live(self._path, self._tasks("accept", 2), BY_HAND, 1))
            else:
                self._kill_at(entry)
            self._progress(self._figures)
        self._end()

    def _kill_at(self, point: Entry) -> None:
        """Lives with fewer and fewer passings, until one is killed."""
        passings = point.passings if isinstance(point, Point) else 2
        for attempt in range(ATTEMPTS):
            passing = self._lot.randint(1, passings) if attempt < 2 else 1
            act = self._lot.choice(point.acts) if isinstance(point, Point) else "send"
            life = live(self._path, self._tasks(act, 3), point, passing)
            self._take(life)
            if life.killed:
                self._figures.kills[_name(point)] += 1
                self._age_locks()
                return
        raise Found(f"nothing passes the point: {_name(point)}")

    def _kill_group(self) -> None:
        for _ in range(ATTEMPTS):
            life = live_together(self._path, self._shares(), moment=moments(self._lot, self._usual))
            self._take(life)
            if life.killed:
                self._figures.kills[GROUP] += 1
                return
            self._usual *= 0.8  # it was done before its time

    def _end(self) -> None:
        """Everybody gets their answer, and nothing is in the way any more."""
        self._age_locks()  # also those of a group that was killed just now
        for _ in range(ATTEMPTS):
            tasks = [*self._book.sends(0), *self._book.decisions(0, "accept")]
            life = live(self._path, tasks, None, 1)
            self._take(life)
            if not tasks:
                break
        services = services_of(self._path)
        try:
            check_home(self._path, services, self._book, broken=BROKEN)
        finally:
            services.close()
        if not any(BROKEN in line for line in self._told):
            raise Found("no start told what it could not finish")
        self._figures.acknowledged += len(self._book.intents)
        self._figures.decided += sum(one.decided is not None for one in self._book.intents)
        self._figures.by_hand += len(self._book.hands)

    def _tasks(self, act: Any, count: int) -> list[Task]:
        if act == "send":
            return self._book.sends(count)
        tasks = self._book.decisions(count, act)
        while sum(one.act == act for one in tasks) < count:
            fresh = self._book.sends(count + 2)
            if not fresh:
                break
            self._take(live(self._path, fresh, None, 1))
            tasks = self._book.decisions(count, act)
        return tasks

    def _shares(self) -> list[list[Task]]:
        """Two people at once; one correction is sent by both, as by a double click."""
        sends = self._book.sends(5)
        decisions = self._book.decisions(2, "accept")
        return [sends[:1] + decisions[::2] + sends[1::2], sends[:1] + sends[2::2] + decisions[1::2]]

    def _absorb(self, life: Life) -> None:
        self._usual = life.seconds
        self._take(life)

    def _take(self, life: Life) -> None:
        self._figures.lives += 1
        for line in life.lines:
            self._book.told(line)
        if life.faults:
            raise Found(life.faults[0])
        told, waiting = life.unfinished or ([], [])
        if set(waiting) - {BROKEN} or len(told) > 1:
            raise Found(f"a start left unfinished: {waiting}, and told: {told}")
        self._told.update(told)

    def _age_locks(self) -> None:
        path = repository_path(self._path, "desks")
        places = (path / "packed-refs.lock", path / "HEAD.lock")
        for one in (*places, *(path / "refs").rglob("*.lock")):
            if one.exists():
                then = time.time() - OLD
                os.utime(one, (then, then))


def _name(entry: Entry) -> str:
    return entry.name if isinstance(entry, Point) else entry


def shares(entries: list[Entry], count: int) -> Iterator[list[Entry]]:
    for place in range(count):
        yield entries[place::count]

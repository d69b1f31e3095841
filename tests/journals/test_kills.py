"""A real PostgreSQL server: writers are killed, the server is too, and nothing told is lost."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from itertools import count

import pytest

from retouche.core.errors import ForgeUnavailable
from retouche.journals.database import Database
from retouche.journals.sql import SqlJournal
from tests.journals.test_sql import add, make
from tests.machines.postgres import Postgres, running

WRITERS = 3
KILLS = 12
CRASHES = 3
ENOUGH = 150
"""Proposals that are acknowledged at least."""
LONGEST = 120.0


class Writer:
    """A process that adds proposals, one after the other, and tells of each that it has added."""

    def __init__(self, url: str, number: int) -> None:
        self.told: list[str] = []
        self._more = threading.Condition()
        reading, writing = os.pipe()
        self._process = os.fork()
        if self._process == 0:
            try:
                _write(url, number, writing)
            finally:
                os._exit(1)
        os.close(writing)
        self._listener = threading.Thread(target=self._listen, args=(reading,))
        self._listener.start()

    def wait_for(self, most: int) -> None:
        with self._more:
            assert self._more.wait_for(lambda: len(self.told) >= most, LONGEST)

    def kill(self) -> list[str]:
        """What it told before."""
        os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        self._listener.join()
        return self.told

    def _listen(self, pipe: int) -> None:
        with os.fdopen(pipe, "rb") as told:
            while len(one := told.read(8)) == 8:  # a part of one was not told
                with self._more:
                    self.told.append(one.hex())
                    self._more.notify_all()


def _write(url: str, start: int, told: int) -> None:
    journal: SqlJournal | None = None
    for number in count(start):
        stored = None
        while stored is None:
            try:
                journal = journal or SqlJournal(Database(url))
                stored = add(journal, make(number), f"key-{number}")
            except ForgeUnavailable:  # sent again with the same key, as clients do
                time.sleep(0.01)
        os.write(told, bytes.fromhex(stored.id))


def test_every_acknowledged_proposal_is_there_once() -> None:
    chance = random.Random(6)
    with running(durable=True) as server:
        writers = _Writers(server)
        for turn in range(KILLS):
            writers.any(chance).wait_for(chance.randrange(1, 12))
            if turn % (KILLS // CRASHES) == 1:
                server.stop(signal.SIGQUIT)  # `pg_ctl stop -m immediate`
                server.start()
            writers.replace(chance)
        while len(writers.told) + writers.telling() < ENOUGH:
            one = writers.any(chance)
            one.wait_for(len(one.told) + 5)
        told = writers.end()
        journal = SqlJournal(Database(server.url()))
        found, total = journal.page("centres", limit=100_000)
        present = [one.id for one in found]
        assert len(told) >= ENOUGH
        assert set(told) <= set(present)
        assert len(present) == len(set(present)) == total
        for acknowledged in told:
            assert len(journal.events("centres", acknowledged)) == 1
        journal.close()


class _Writers:
    """Some of them, each replaced when it was killed."""

    def __init__(self, server: Postgres) -> None:
        self._server = server
        self._started = 0
        self.told: list[str] = []
        self.running = [self._start() for _ in range(WRITERS)]

    def _start(self) -> Writer:
        self._started += 1
        return Writer(self._server.url(), self._started * 1_000_000)

    def any(self, chance: random.Random) -> Writer:
        return chance.choice(self.running)

    def replace(self, chance: random.Random) -> None:
        place = chance.randrange(WRITERS)
        self.told += self.running[place].kill()
        self.running[place] = self._start()

    def telling(self) -> int:
        return sum(len(one.told) for one in self.running)

    def end(self) -> list[str]:
        for one in self.running:
            self.told += one.kill()
        return self.told


def test_a_server_that_is_down_is_told_and_used_again_once_it_is_up() -> None:
    with running(durable=True) as server:
        database = Database(server.url())
        journal = SqlJournal(database)
        assert journal.counts("centres") == {}
        server.stop(signal.SIGINT)
        for _ in range(2):
            with pytest.raises(ForgeUnavailable):
                journal.counts("centres")
        server.start()
        assert journal.counts("centres") == {}
        journal.close()

"""A real PostgreSQL server for tests, in a folder of its own."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from psycopg import sql

from tests.machines.processes import begin, folder_of_its_own, free_port

USER = "retouche"
FAST = {"fsync": "off", "full_page_writes": "off"}
"""For all but what shows that a crash of the machine loses nothing."""
SMALL = {"shared_buffers": "16MB", "max_wal_size": "256MB", "autovacuum": "off"}
LONGEST_START = 60.0


def binary(name: str) -> str:
    """Where a program of PostgreSQL is; the test is skipped when it is not there."""
    found = shutil.which(name)
    if found is None:
        installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
        found = str(installed[-1]) if installed else None
    if found is None:
        pytest.skip(f"{name} is not in PATH nor in /usr/lib/postgresql/*/bin: install postgresql")
    return found


class Postgres:
    """A server that may be stopped, killed and started again. Its databases are named by number.

    It is reached by a socket in its folder, and at `host` and `port` when it has an address.
    """

    def __init__(self, folder: Path, *, durable: bool = False, host: str = "") -> None:
        self.folder = folder
        self.host = host
        self.port = free_port(host) if host else 5432
        self._settings = {**SMALL, **({} if durable else FAST)}
        self._numbers = count(1)
        self._process: subprocess.Popen[bytes] | None = None
        made = begin(
            [
                binary("initdb"),
                f"--pgdata={folder / 'data'}",
                f"--username={USER}",
                "--auth=trust",
                "--encoding=UTF8",
                # Not by bytes: what compares texts must not depend on the server.
                "--locale=C.UTF-8",
                "--locale-provider=icu",
                "--icu-locale=fr",
                "--no-sync",
            ],
            folder / "initdb.log",
        ).wait()
        assert made == 0, (folder / "initdb.log").read_text()
        if host:  # also for other hosts of its network
            with (folder / "data" / "pg_hba.conf").open("a") as rules:
                rules.write(f"host all all {host}/24 trust\n")

    def url(self, database: str = "postgres") -> str:
        """The address that `RETOUCHE_DATABASE_URL` takes."""
        if self.host:
            return f"postgresql://{USER}@{self.host}:{self.port}/{database}"
        return f"postgresql://{USER}@/{database}?host={quote(str(self.folder))}"

    def start(self) -> None:
        """Start and wait until it takes connections."""
        values = {"listen_addresses": self.host, "unix_socket_directories": str(self.folder)}
        settings = {**self._settings, **values, "port": str(self.port)}
        options = [f"--{name}={value}" for name, value in settings.items()]
        command = [binary("postgres"), "-D", str(self.folder / "data"), *options]
        self._process = begin(command, self.folder / "server.log")
        end = time.monotonic() + LONGEST_START
        while True:
            try:
                psycopg.connect(self.url(), connect_timeout=5).close()
            except psycopg.OperationalError:
                log = (self.folder / "server.log").read_text()
                assert self._process.poll() is None, log
                assert time.monotonic() < end, log
                time.sleep(0.02)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGQUIT) -> None:
        """End it: at once as if the machine had lost power (`pg_ctl stop -m immediate`), or with
        SIGINT after it has sent its clients away."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(LONGEST_START)
            self._process = None

    def execute(self, statement: sql.Composed | str, *values: object) -> list[tuple[object, ...]]:
        """Run a statement as the owner of all; give its rows."""
        query = statement.encode() if isinstance(statement, str) else statement
        with psycopg.connect(self.url(), autocommit=True) as connection:
            cursor = connection.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def database(self, *, template: str = "template0") -> Iterator[str]:
        """A new database, by its address; dropped afterwards."""
        name = f"test_{next(self._numbers)}"
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        self.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield self.url(name)
        finally:
            drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            self.execute(drop.format(sql.Identifier(name)))


@contextmanager
def running(*, durable: bool = False, host: str = "") -> Iterator[Postgres]:
    """A server that has started; skips where PostgreSQL is not installed.

    `durable` writes to the disk before it answers; `host` is an address to listen at.
    """
    binary("initdb")
    with folder_of_its_own("postgres") as folder:
        server = Postgres(folder, durable=durable, host=host)
        try:
            server.start()
            yield server
        finally:
            server.stop()

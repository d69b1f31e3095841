"""A real Redis server (or Valkey) for tests, in a folder of its own."""

from __future__ import annotations

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as NoConnection

from tests.machines.processes import begin, folder_of_its_own, free_port

PROGRAMS = ("redis-server", "valkey-server")
LONGEST_START = 60.0


def binary() -> str:
    """Where the server is; the test is skipped when there is none."""
    for name in PROGRAMS:
        if found := shutil.which(name):
            return found
    pytest.skip("neither redis-server nor valkey-server is in PATH: install one of them")


class RedisServer:
    """A server that may be stopped, killed and started again; with `host`, at an address."""

    def __init__(self, folder: Path, *, host: str = "") -> None:
        self.folder = folder
        self.host = host
        self.port = free_port(host) if host else 0
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """The address that `RETOUCHE_REDIS_URL` takes."""
        if self.host:
            return f"redis://{self.host}:{self.port}/0"
        return f"unix://{quote(str(self.folder / 'redis.sock'))}?db=0"

    def start(self) -> None:
        """Start and wait until it answers. It remembers what it had when it was stopped kindly."""
        command = [binary(), "--dir", str(self.folder), "--port", str(self.port)]
        command += ["--unixsocket", str(self.folder / "redis.sock"), "--unixsocketperm", "700"]
        command += ["--bind", self.host or "127.0.0.1", "--protected-mode", "no"]
        command += ["--appendonly", "yes", "--appendfsync", "always"]
        self._process = begin(command, self.folder / "server.log")
        end = time.monotonic() + LONGEST_START
        with Redis.from_url(self.url) as client:
            while True:
                try:
                    client.ping()
                except NoConnection:
                    log = (self.folder / "server.log").read_text()
                    assert self._process.poll() is None, log
                    assert time.monotonic() < end, log
                    time.sleep(0.02)
                else:
                    return

    def stop(self, how: signal.Signals = signal.SIGKILL) -> None:
        """Kill it, or ask it to end with SIGTERM."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(LONGEST_START)
            self._process = None


@contextmanager
def running(*, host: str = "") -> Iterator[RedisServer]:
    """A server that has started; skips where none is installed."""
    binary()
    with folder_of_its_own("redis") as folder:
        server = RedisServer(folder, host=host)
        try:
            server.start()
            yield server
        finally:
            server.stop()

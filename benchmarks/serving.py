"""Servers as processes of their own: Retouche as `retouche serve` runs it, or a peer's."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

READY = re.compile(r"ready at http://([^:/]+):(\d+)")
START = 600.0
"""Longest wait for a server to be ready, in seconds: it may have a file to import first."""


@dataclass(frozen=True, slots=True)
class Serving:
    """A running server, and the process that heads it."""

    host: str
    port: int
    pid: int


@contextmanager
def retouche(
    target: Path, home: Path, *, workers: int = 1, settings: Mapping[str, str] | None = None
) -> Iterator[Serving]:
    """`retouche serve` on a free port, until the block ends. `settings`: `RETOUCHE_*`."""
    log = home.with_suffix(".log")
    command = [
        *(sys.executable, "-m", "retouche", "serve", str(target), "--home", str(home)),
        *("--port", "0", "--workers", str(workers)),
    ]
    # What is set for another server here must not change this one.
    environment = {name: one for name, one in os.environ.items() if "RETOUCHE" not in name}
    # Who installs Retouche has its modules compiled; without that, a start takes twice as long.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    environment |= settings or {}
    with log.open("a") as errors:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=environment,
            start_new_session=True,
        )
    assert process.stdout is not None
    try:
        found = READY.search(process.stdout.readline())
        if found is None:
            raise RuntimeError(f"retouche serve did not start: {log.read_text()[-2000:]}")
        yield Serving(found[1], int(found[2]), process.pid)
    finally:
        _end(process)
        process.stdout.close()


@contextmanager
def peer(command: Sequence[str], *, log: Path) -> Iterator[Serving]:
    """A peer's server, started with `--port` and a free one added, until the block ends."""
    port = _free_port()
    with log.open("a") as output:
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait(port, process)
        yield Serving("127.0.0.1", port, process.pid)
    finally:
        _end(process)


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            waiting += map(int, children.read_text().split())
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError("the peer's server did not start")


def _end(process: subprocess.Popen[str] | subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

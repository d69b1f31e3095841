"""Told to stop in the middle of work: what is begun is answered, and nothing is lost."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from retouche.settings import Settings
from retouche.wiring import build, recover
from tests.datasets import DESKS, Browser, update, write_desks

API = "/api/v1/datasets/desks"
SLOWLY = """
import time, os
from pathlib import Path
from retouche.forges.embedded import EmbeddedForge
usual = EmbeddedForge.open
def slowly(self, *arguments, **named):
    Path({mark!r}).touch()
    time.sleep({seconds})
    return usual(self, *arguments, **named)
EmbeddedForge.open = slowly
"""


class Running:
    """A server on a port of its own, with something changed in it."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port

    def post(self, body: Any, key: str) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": "application/json", "Idempotency-Key": key}
        connection.request("POST", f"{API}/proposals", json.dumps(body), headers)
        answer = connection.getresponse()
        found = json.loads(answer.read())
        connection.close()
        return answer.status, found

    def stop(self) -> None:
        self.process.send_signal(signal.SIGTERM)


@contextmanager
def running(tmp_path: Path, change: str = "", *, rows: str = "") -> Iterator[Running]:
    package = tmp_path / "package"
    if not package.exists():
        write_desks(package, desks=DESKS + rows)
    code = f"{change}\nfrom retouche.cli import main\nmain()"
    with (tmp_path / "log").open("a") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-c", code, "serve", str(package)),
                *("--home", str(tmp_path / "home"), "--port", "0", "--workers", "1"),
            ],
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    assert process.stdout is not None
    ready = process.stdout.readline()
    assert ready.startswith("Retouche is ready"), (tmp_path / "log").read_text()
    try:
        yield Running(process, int(ready.strip().rpartition(":")[2]))
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


@contextmanager
def started_again(tmp_path: Path) -> Iterator[Browser]:
    """What the server left, served in this process, once a start has finished what waited."""
    services = build(Settings(home=tmp_path / "home"), {"desks": "main"})
    assert recover(services) == []
    yield Browser(services)
    services.close()


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class Sending(threading.Thread):
    """A client that sends a proposal and waits for what becomes of it."""

    def __init__(self, server: Running, body: Any) -> None:
        super().__init__()
        self._server, self._body = server, body
        self.got: tuple[int, Any] | None = None

    def run(self) -> None:
        try:
            self.got = self._server.post(self._body, "the-key")
        except (OSError, http.client.HTTPException, ValueError):
            self.got = None


BODY = {"operations": [update("01", agents="9")]}


def test_a_proposal_that_is_being_written_is_answered_before_the_end(tmp_path: Path) -> None:
    mark = tmp_path / "begun"
    with running(tmp_path, SLOWLY.format(mark=str(mark), seconds=2)) as server:
        client = Sending(server, BODY)
        client.start()
        wait_for(mark)
        server.stop()
        client.join()
        assert server.process.wait(timeout=40) == 0
    assert client.got is not None
    status, sent = client.got
    assert (status, sent["state"]) == (201, "open")
    with started_again(tmp_path) as desks:
        (kept,) = desks.get("/proposals").json["data"]
        assert (kept["id"], kept["head"]) == (sent["id"], sent["head"])


def test_told_twice_it_ends_at_once_and_loses_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "begun"
    with running(tmp_path, SLOWLY.format(mark=str(mark), seconds=60)) as server:
        client = Sending(server, BODY)
        client.start()
        wait_for(mark)  # the journal has it: only its branch is missing
        server.stop()
        # One word may be heard as two, or two as one: the second comes when the first is obeyed.
        deadline = time.monotonic() + 30
        while _accepts(server.port) and time.monotonic() < deadline:
            time.sleep(0.05)
        begun = time.monotonic()
        server.stop()
        server.process.wait(timeout=40)
        assert time.monotonic() - begun < 15  # far from the minute that the request takes
        client.join()
    assert client.got is None
    with started_again(tmp_path) as desks:
        again = desks.post("/proposals", BODY, headers={"Idempotency-Key": "the-key"})
        assert again.status_code == 201
        (found,) = desks.get("/proposals").json["data"]
        assert (found["id"], found["state"]) == (again.json["id"], "open")


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_long_download_is_finished(tmp_path: Path) -> None:
    rows = "".join(f"x{n},Desk {n} {'of Apt ' * 20},84003,,2,,,,\n" for n in range(40_000))
    with running(tmp_path, rows=rows) as server:
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
            client.settimeout(60)
            client.connect(("127.0.0.1", server.port))
            path = f"{API}/resources/desks/data.csv"
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
            got = client.recv(1_000)
            server.stop()
            deadline = time.monotonic() + 30
            while _accepts(server.port) and time.monotonic() < deadline:
                time.sleep(0.05)
            while part := client.recv(1 << 18):
                got += part
        assert server.process.wait(timeout=40) == 0
    body = got.partition(b"\r\n\r\n")[2]
    expected = (DESKS + rows).encode()
    assert expected[-2_000:-10] in body
    assert len(body) >= len(expected)


def test_an_idle_connection_delays_nothing(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        connection.request("GET", "/ready")
        assert connection.getresponse().read()
        begun = time.monotonic()
        server.stop()
        assert server.process.wait(timeout=40) == 0
        assert time.monotonic() - begun < 20
        connection.close()

"""`retouche serve` as a process: ready line, reviewer's link, draining, and edits that stay."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest

from tests.cli.commands import run
from tests.realdata import real_data

LIST = "id;nom;code_postal\r\n1;Gap;05000\r\n2;Apt;84400\r\n3;Déols;36130\r\n"
COMMAND = [sys.executable, "-c", "from retouche.cli import main; main()"]
READY = re.compile(r"Retouche is ready at (http://127\.0\.0\.1:(\d+))\n")
LINK = re.compile(r"Sign in as reviewer: (http://127\.0\.0\.1:\d+/sign-in\?token=\S+)\n")


class Serving:
    """A server that runs beside the test; `said` is what it wrote to standard output."""

    def __init__(self, process: subprocess.Popen[str], errors: Path) -> None:
        assert process.stdout is not None
        self.process = process
        self.stdout = process.stdout
        self.errors = errors
        self.url = ""
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line)
            ready = READY.fullmatch(line)
            if ready:
                self.url = ready.group(1)
                break
        self.lines = lines

    def get(self, path: str) -> Any:
        with urlopen(self.url + path, timeout=20) as response:
            return json.loads(response.read())

    def post(self, path: str, body: Any) -> Any:
        request = Request(
            self.url + path,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urlopen(request, timeout=20) as response:
            return json.loads(response.read())

    def stop(self) -> tuple[str, str]:
        """Ask it to stop; what it had written in all, on its two outputs."""
        self.process.send_signal(signal.SIGTERM)
        out = "".join(self.lines) + self.stdout.read()
        errors = self.errors.read_text()
        assert self.process.wait(timeout=40) == 0, errors
        return out, errors


@contextmanager
def serving(target: Path, home: Path) -> Iterator[Serving]:
    errors = home.with_name("errors.txt")
    with (
        errors.open("w") as stderr,
        subprocess.Popen(
            [*COMMAND, "serve", str(target), "--home", str(home), "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env={**os.environ, "RETOUCHE_LANG": "en"},
        ) as process,
    ):
        try:
            yield Serving(process, errors)
        finally:
            if process.poll() is None:
                process.terminate()


def test_csv_is_corrected_reviewed_and_kept_over_a_restart(tmp_path: Path) -> None:
    path, home = tmp_path / "liste.csv", tmp_path / "home"
    path.write_bytes(LIST.encode())
    with serving(path, home) as server:
        api = "/api/v1/datasets/liste"
        new = {"nom": "Gap-centre"}
        operation = {"op": "update", "resource": "liste", "key": {"id": "1"}, "new": new}
        sent = server.post(f"{api}/proposals", {"operations": [operation]})
        assert sent["state"] == "open"
        accepted = run("proposals", "accept", "liste", sent["id"], "--home", home, "--as", "Ann")
        assert accepted.exit_code == 0, accepted.output
        row = server.get(f"{api}/resources/liste/rows/1")
        assert row["data"]["nom"] == "Gap-centre"
        out, errors = server.stop()
    assert len(READY.findall(out)) == 1
    assert len(LINK.findall(out)) == 1
    assert out.count("\n") == 2
    lines = [json.loads(one) for one in errors.splitlines()]
    assert [(one["event"], one["method"], one["status"]) for one in lines] == [
        ("request", "POST", 201)
    ]

    path.write_bytes(LIST.replace("Apt", "Sault").encode())
    with serving(path, home) as server:
        with urlopen(f"{server.url}{api}/resources/liste/data.csv", timeout=20) as response:
            assert response.read() == LIST.replace(";Gap;", ";Gap-centre;").encode()
        out, errors = server.stop()
    assert len(READY.findall(out)) == 1
    assert "Sign in" not in out
    assert errors.count("\n") == 1
    assert "has changed since it was imported" in errors


@pytest.mark.fault(46)
def test_request_that_was_begun_is_answered_after_sigterm(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(LIST.encode())
    with serving(path, tmp_path / "home") as server:
        host, port = server.url.removeprefix("http://").split(":")
        body = b'{"operations": [{"op": "delete", "key": {"id": "2"}}]}'
        head = (
            f"POST /api/v1/datasets/liste/validate HTTP/1.1\r\nHost: {host}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            "Connection: close\r\n\r\n"
        )
        with socket.create_connection((host, int(port)), timeout=20) as connection:
            connection.sendall(head.encode() + body[:10])
            threading.Event().wait(0.5)
            server.process.send_signal(signal.SIGTERM)
            threading.Event().wait(0.5)
            connection.sendall(body[10:])
            answer = b""
            while part := connection.recv(65536):
                answer += part
        assert answer.startswith(b"HTTP/1.1 200"), answer[:300]
        assert b'"valid":true' in answer
        assert server.process.wait(timeout=40) == 0


@pytest.mark.real_data
def test_real_list_is_ready_within_ten_seconds(tmp_path: Path) -> None:
    path = real_data("france-services-lists/liste-fs-20240801.csv")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with serving(path, tmp_path / "home") as server:
        found = server.get("/api/v1/datasets/liste-fs-20240801/resources/liste-fs-20240801")
        assert found["row_count"] == 2845
        types = {one["name"]: one["type"] for one in found["schema"]["fields"]}
        assert {types[one] for one in ("insee_com", "code_postal", "insee_dep")} == {"string"}
        assert found["schema"]["primaryKey"] == ["id_fs"]
        server.stop()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Time of the processor: what a clock says depends on who else uses the machine.
    assert (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime) < 10

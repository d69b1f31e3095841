"""Machines of one installation: each a `retouche serve` of a role, with a home of its own."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SECRET = "one secret for all machines of these tests"
API = "/api/v1/datasets/desks"
START = 90.0
"""Longest time, in seconds, for a machine to be there, on a busy computer."""


class Machine:
    """A server that may be killed with all its processes, and started again."""

    def __init__(
        self,
        name: str,
        folder: Path,
        target: Path,
        *,
        role: str,
        environment: Mapping[str, str],
        inside: Sequence[str] = (),
        host: str = "127.0.0.1",
    ) -> None:
        """`inside` begins a command such that it runs on this machine."""
        self.name, self.role = name, role
        self.home = folder / name
        self.log = folder / f"{name}.log"
        self.url = ""
        self.process: subprocess.Popen[str] | None = None
        self._host = host
        self._inside = list(inside)
        self._environment = {**os.environ, "RETOUCHE_LANG": "en", **environment}
        self._target = target

    def start(self) -> Machine:
        with self.log.open("a") as errors:
            self.process = subprocess.Popen(
                [
                    *(*self._inside, sys.executable, "-m", "retouche", "serve", str(self._target)),
                    *("--home", str(self.home), "--role", self.role),
                    *("--host", self._host, "--port", "0", "--workers", "1"),
                ],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
                env=self._environment,
            )
        return self

    def wait(self) -> Machine:
        """Until it says that it is there."""
        assert self.process is not None
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        wanted = "Retouche works for desks" if self.role == "worker" else "Retouche is ready at "
        assert line.startswith(wanted), self.log.read_text()
        self.url = line.removeprefix(wanted).strip()
        return self

    def run(self, *arguments: str) -> None:
        """A command on this machine."""
        subprocess.run(
            [*self._inside, sys.executable, "-m", "retouche", *arguments, "--home", str(self.home)],
            env=self._environment,
            check=True,
            capture_output=True,
            timeout=START,
        )

    def kill(self) -> None:
        """All of it, at once."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self._forget()

    def stop(self) -> None:
        """Kindly."""
        assert self.process is not None
        self.process.terminate()
        assert self.process.wait(START) == 0, self.log.read_text()
        self._forget()

    def _forget(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.wait(START)
        self.process.stdout.close()
        self.process = None

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """Status and JSON of an answer. Raises `OSError` or `HTTPException` without one."""
        parts = urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            data = None if body is None else json.dumps(body).encode()
            connection.request(method, path, data, {"Content-Type": "application/json", **named})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def get(self, path: str) -> Any:
        status, found = self.ask("GET", path)
        assert status == 200, (status, found)
        return found

    def cell(self, key: str, field: str, **query: str) -> str:
        """A cell of the published version, or of another."""
        at = "".join(f"?{name}={value}" for name, value in query.items())
        found: str = self.get(f"{API}/resources/desks/rows/{key}{at}")["data"][field]
        return found

    def state(self, proposal: str) -> str:
        found: str = self.get(f"{API}/proposals/{proposal}")["state"]
        return found


def until(look: Callable[[], Any], *, seconds: float = 120.0, what: str = "it did not come") -> Any:
    """What `look` gives once it is true. What it raises without an answer is no answer."""
    end = time.monotonic() + seconds
    while True:
        try:
            found = look()
        except (OSError, http.client.HTTPException):
            found = None
        if found:
            return found
        assert time.monotonic() < end, what
        time.sleep(0.05)

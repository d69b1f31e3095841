"""The real server, started from the command line on a port of its own."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any


class Server:
    """A process group of its own, so that a kill takes the workers too."""

    def __init__(self, home: Path, *target: str, workers: int = 2) -> None:
        self.home, self.target, self.workers = home, target, workers
        self.log = home.with_suffix(".log")
        self.sign_in: str | None = None
        self.environment: dict[str, str] = {}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        with self.log.open("a") as errors:
            self.process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "retouche", "serve", *self.target),
                    *("--home", str(self.home), "--port", str(self.port)),
                    *("--workers", str(self.workers)),
                ],
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                env={**os.environ, **self.environment},
                start_new_session=True,
            )
        ready = self.line()
        if not ready.startswith("Retouche is ready at"):
            raise AssertionError(f"the server did not start:\n{self.log.read_text()}")

    def line(self) -> str:
        """The next line that the server prints."""
        assert self.process is not None
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def kill(self, number: int = signal.SIGKILL) -> None:
        assert self.process is not None
        if number == signal.SIGKILL:
            os.killpg(self.process.pid, number)
        else:
            self.process.send_signal(number)
        self.process.wait(timeout=30)
        assert self.process.stdout is not None
        self.process.stdout.close()

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(self.url + path, timeout=20) as answer:
            return json.load(answer)

    def post(self, path: str, body: Any, *, key: str) -> Any:
        request = urllib.request.Request(
            self.url + path,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Idempotency-Key": key},
        )
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

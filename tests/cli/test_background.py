"""What works beside requests ends when a part of it does, so that another takes its place."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from retouche.cli.background import Background
from retouche.ports import Chore
from tests.datasets import serve, write_desks


def _breaks() -> None:
    raise SystemExit(3)  # not an Exception: it ends the thread


def test_a_thread_that_ends_ends_the_process(tmp_path: Path) -> None:
    services = serve(tmp_path / "home", {"desks": write_desks(tmp_path / "package")})
    broken = Chore(name="broken", every=timedelta(hours=1), run=_breaks)
    alive, held = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(held)
            Background(
                replace(services, chores=(*services.chores, broken)),
                lifeline=alive,
                ready=lambda: None,
                beat=lambda _: None,
            ).run()
        finally:
            os._exit(0)
    os.close(alive)
    end = time.monotonic() + 30
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        if time.monotonic() > end:
            os.close(held)  # it ends with us
            os.waitpid(child, 0)
            raise AssertionError("it went on without one of its threads")
        time.sleep(0.05)
    os.close(held)
    services.close()

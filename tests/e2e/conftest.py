"""A real server, started as its users start it, and a real browser that looks at it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browsers import PATIENCE
from tests.e2e.looking import HEIGHT, Looker

READY = re.compile(r"Retouche is ready at (http://\S+)")
SIGN_IN = re.compile(r"(http://\S+/sign-in\?token=\S+)")
SCREENSHOTS = Path(__file__).parent / "screenshots"


@dataclass(frozen=True)
class Served:
    """A running server: its address and the reviewer's sign-in link."""

    url: str
    sign_in: str


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that all tests share."""
    with serving(tmp_path_factory.mktemp("home")) as found:
        yield found


@contextmanager
def serving(home: Path, *target: Path, **settings: str) -> Iterator[Served]:
    """`retouche serve` on a target, the bundled dataset if none, from an empty home.

    `settings` are variables of its environment.
    """
    command = [Path(sys.executable).parent / "retouche", "serve", *target, "--home", home]
    with subprocess.Popen(
        [*map(str, command), "--port", "0", "--workers", "1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **settings},
    ) as process:
        assert process.stdout is not None
        found: dict[re.Pattern[str], str] = {}
        for line in process.stdout:
            found |= {one: match[1] for one in (READY, SIGN_IN) if (match := one.search(line))}
            if len(found) == 2:
                break
        assert len(found) == 2, f"the server did not start: {process.poll()}"
        try:
            yield Served(found[READY], found[SIGN_IN])
        finally:  # a test that fails must not wait for a server that goes on
            process.terminate()


@pytest.fixture
def look(chromium: Browser, served: Served) -> Iterator[Callable[..., Looker]]:
    """Open a browser window of its own, of a width, a language and a colour scheme."""
    contexts: list[BrowserContext] = []

    def open_window(
        width: int, *, locale: str = "fr-FR", scripts: bool = True, url: str = "", **more: Any
    ) -> Looker:
        context = chromium.new_context(
            base_url=url or served.url,
            viewport={"width": width, "height": HEIGHT},
            locale=locale,
            java_script_enabled=scripts,
            **more,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return Looker(context, width, SCREENSHOTS, scripts=scripts)

    yield open_window
    for context in contexts:
        context.close()

"""Host pages on another origin than the server, and visitors of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browsers import PATIENCE
from tests.e2e.conftest import SCREENSHOTS, Served
from tests.e2e.looking import HEIGHT
from tests.e2e.widgets.desk import Desk, open_desk
from tests.e2e.widgets.visiting import Host, Visitor


@pytest.fixture(scope="session")
def host(served: Served) -> Iterator[Host]:
    site = Host(served.url)
    yield site
    site.close()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A server that the tests of a module may change."""
    with open_desk(tmp_path_factory.mktemp("desk")) as found:
        yield found


@pytest.fixture
def visit(chromium: Browser, host: Host) -> Iterator[Callable[..., Visitor]]:
    """Open a window of its own, of a width and a language; all of them are honest at the end."""
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def open_window(
        width: int = 1280, *, locale: str = "fr-FR", site: Host | None = None, **more: Any
    ) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": HEIGHT}, locale=locale, **more
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        visitors.append(Visitor(context, site or host, width, Path(SCREENSHOTS) / "widgets"))
        return visitors[-1]

    yield open_window
    for visitor in visitors:
        visitor.honest()
    for context in contexts:
        context.close()

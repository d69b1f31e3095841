"""A static copy in a real browser: under any path, with a strict policy, and read-only."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from retouche.web.elements import STATIC
from tests.cli.commands import run

pytestmark = pytest.mark.browser


class Quiet(SimpleHTTPRequestHandler):
    """Plain files, and not a word about them."""

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A static host with a copy of the bundled dataset under a path of its own."""
    if not (STATIC / "widgets.js").is_file():
        pytest.skip("needs the built elements: make setup")
    folder = tmp_path / "public" / "some" / "path"
    result = run("export", "france-services", folder, "--home", tmp_path / "none")
    assert result.exit_code == 0, result.output
    handler = partial(Quiet, directory=str(tmp_path / "public"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/some/path"
        server.shutdown()


def test_rows_are_shown_found_and_not_edited(chromium: Browser, site: str) -> None:
    context = chromium.new_context(locale="fr-FR")
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/index.html")
    page.get_by_role("link", name="Table des France services").click()
    page.get_by_text("France services de", exact=False).first.wait_for(timeout=20_000)
    page.get_by_role("searchbox").first.fill("briancon")
    page.get_by_text("Briançon", exact=False).first.wait_for(timeout=20_000)
    assert page.get_by_role("button", name="Proposer").count() == 0
    assert said == []
    assert all(one.startswith((site, "data:")) for one in asked)
    assert context.cookies() == []
    context.close()

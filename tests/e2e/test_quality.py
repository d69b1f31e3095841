"""The quality page in a browser: it fits, shuts nobody out, and a row is confirmed from it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from tests.e2e.conftest import Served
from tests.e2e.looking import Looker

pytestmark = pytest.mark.browser
Look = Callable[..., Looker]
PAGE = "/quality/france-services"


@pytest.mark.parametrize(
    ("width", "locale", "scheme"),
    [(360, "fr-FR", "light"), (768, "en-GB", "light"), (1280, "fr-FR", "dark")],
)
def test_the_page_fits_and_is_sound(look: Look, width: int, locale: str, scheme: str) -> None:
    window = look(width, locale=locale, color_scheme=scheme)
    page = window.go(PAGE)
    expect(page.locator("h1")).to_be_visible()
    badge = page.locator("aside img")
    expect(badge).to_be_visible()
    assert badge.evaluate("one => one.complete && one.naturalWidth > 40")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    window.check("quality")


def test_the_dataset_leads_there_and_a_row_is_confirmed_without_a_script(look: Look) -> None:
    window = look(768, locale="en-GB", scripts=False)
    page = window.go("/france-services")
    window.check("dataset-quality")
    page.get_by_role("link", name="More on the quality").click()
    expect(page.get_by_role("heading", level=1, name="Quality of the data")).to_be_visible()
    first = page.locator(".todo h3").first
    label = first.inner_text()
    page.get_by_role("button", name="Still correct").first.click()
    expect(page.get_by_text("your confirmation is kept")).to_be_visible()
    expect(page.locator(".todo h3").first).not_to_have_text(label)
    window.check("quality-confirmed")


@pytest.fixture
def elsewhere(served: Served) -> Iterator[str]:
    """Another site, which shows the badge."""
    source = f"{served.url}/quality/france-services.svg"
    body = f'<!doctype html><html lang="fr"><title>x</title><img alt="" src="{source}"></html>'

    def application(_: object, start: Callable[..., object]) -> list[bytes]:
        # As a site that asks to be isolated: what it shows must say that it may be shown.
        policy = ("Cross-Origin-Embedder-Policy", "require-corp")
        start("200 OK", [("Content-Type", "text/html"), policy])
        return [body.encode()]

    server = make_server("127.0.0.1", 0, application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_badge_is_shown_by_another_site(look: Look, elsewhere: str) -> None:
    page = look(360).go(elsewhere)
    page.wait_for_function("document.images[0].complete")
    assert page.evaluate("document.images[0].naturalHeight") == 20

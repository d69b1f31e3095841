"""The page that makes the code of an embed, and the card element on a row's own page."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from retouche.web.app import create_app
from tests.datasets import DESKS, serve, write_desks
from tests.e2e.looking import Looker

pytestmark = pytest.mark.browser
Look = Callable[..., Looker]
CARD = "/france-services/structures/13"


def previewed(page: Page) -> None:
    frame = page.frame_locator("#preview")
    expect(frame.locator("retouche-cards article").first).to_contain_text("France services")


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_that_makes_the_code_is_sound(look: Look, width: int, language: str) -> None:
    window = look(width, locale="fr-FR", color_scheme="dark" if width == 768 else "light")
    page = window.go(f"/embed/france-services?lang={language}")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    previewed(page)
    window.check(f"builder-{language}")


def test_code_and_preview_follow_the_choices_and_are_copied(look: Look) -> None:
    window = look(1280, permissions=["clipboard-read", "clipboard-write"])
    page = window.go("/embed/france-services?lang=en")
    page.evaluate("window.stays = true")
    previewed(page)
    code = page.locator("#code-element")
    page.get_by_label("Colours", exact=True).select_option("dark")
    expect(code).to_contain_text('theme="dark"')
    page.get_by_label("The colour").fill("#a01040")
    expect(code).to_contain_text('accent="#a01040"')
    expect(page.get_by_label("A colour of your own")).to_be_checked()
    page.get_by_text("Show only some rows").click()
    page.get_by_role("checkbox", name="Nord").check()
    expect(code).to_contain_text('filters="dep_lib=Nord"')
    page.get_by_text("Hide parts of it").click()
    page.get_by_role("checkbox", name="Credits").check()
    page.get_by_label("Height in pixels").fill("500")
    page.keyboard.press("Tab")
    expect(page.locator("#code-frame")).to_contain_text('height="500"')
    expect(page.locator("#code-frame")).not_to_contain_text("frames.js")

    frame = page.frame_locator("#preview")
    expect(frame.locator("retouche-widget")).to_have_attribute("theme", "dark")
    expect(frame.locator("retouche-widget")).to_have_attribute("hide", "credits")
    expect(frame.get_by_text("114").first).to_be_visible()
    assert page.evaluate("window.stays"), "the page was not loaded again"
    assert "lang=en" in page.url

    page.locator("[data-copy=code-element]").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == code.text_content()
    page.get_by_label("Widget", exact=True).select_option("carte")
    expect(code).to_contain_text("widgets/carte")
    assert not page.evaluate("window.stays")


def test_the_code_is_made_without_javascript(look: Look) -> None:
    window = look(360, scripts=False, locale="en-GB")
    page = window.go("/embed/france-services")
    page.get_by_label("Colours", exact=True).select_option("auto")
    page.get_by_role("button", name="Make the code").click()
    expect(page.locator("#code-element")).to_contain_text('theme="auto"')
    expect(page.get_by_role("button", name="Copy")).to_have_count(0)
    window.check("builder-plain")


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (768, "dark"), (1280, "light")])
def test_a_row_s_page_shows_the_card_with_its_charts(look: Look, width: int, scheme: str) -> None:
    window = look(width, color_scheme=scheme)
    page = window.go(f"{CARD}?lang=en")
    card = page.locator("retouche-card")
    article = card.locator("article")
    expect(article.get_by_text("Number of counters within 30 km").first).to_be_visible()
    expect(article.locator("retouche-chart").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bus France services de Guillestre")
    expect(card.locator("> section").first).to_be_hidden()
    expect(page.get_by_role("link", name="Correct this").first).to_be_visible()
    expect(article.get_by_role("button", name="Correct this card")).to_have_count(0)
    page.wait_for_load_state("networkidle")
    window.check(f"row-{scheme}")
    assert page.url.endswith("?lang=en"), "the card leaves the address alone"
    page.emulate_media(media="print")
    assert page.pdf().startswith(b"%PDF")


def test_a_row_s_page_stays_as_it_was_sent_without_javascript(look: Look) -> None:
    page = look(1280, scripts=False, locale="en-GB").go(CARD)
    expect(page.locator("retouche-card > section").first).to_be_visible()
    expect(page.locator("retouche-card .titled a").first).to_be_visible()


def test_a_card_that_cannot_be_read_leaves_the_page_as_it_was_sent(look: Look) -> None:
    window = look(1280, locale="en-GB")
    window.page.route("**/widgets/fiches", lambda route: route.fulfill(status=503))
    page = window.go(CARD)
    page.wait_for_load_state("networkidle")
    expect(page.locator("retouche-card > section").first).to_be_visible()


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A dataset with a row key that an address must quote, shown as cards."""
    folder = tmp_path_factory.mktemp("odd")
    package = write_desks(folder / "package", desks=DESKS.replace("\n03,", '\n"a,b/c %2F",'))
    described(package)
    services = serve(folder / "home", {"desks": package})
    server = make_server("127.0.0.1", 0, create_app(services), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def described(package: Path) -> None:
    cards = {"type": "cards", "mini": {"title": "{name}"}, "detail": {"title": "{name}"}}
    cards["detail"]["blocks"] = [{"type": "fields", "fields": ["agents"]}]  # type: ignore[index]
    widget = {"title": {"fr": "Fiches", "en": "Cards"}, "resource": "desks", "views": [cards]}
    (package / "widgets" / "cards.json").write_text(json.dumps(widget))


@pytest.mark.parametrize("where", ["page", "frame"])
def test_a_key_that_must_be_quoted_finds_its_row(look: Look, odd: str, where: str) -> None:
    window = look(1280, url=odd, locale="en-GB")
    page = window.page
    if where == "page":
        window.go("/desks/desks/a%2Cb%2Fc%20%252F")
        page.wait_for_load_state("networkidle")
        expect(page.locator("retouche-card > section").first).to_be_hidden()
    else:
        window.go("/embed/desks/cards?row=a%252Cb%252Fc%2520%25252F")
    card = page.locator("retouche-card article")
    expect(card.get_by_text("Nombre d’agents").first).to_be_visible()
    window.check(f"odd-key-{where}")

"""Sending where a proof of work is asked for, over a limit, and while a dataset is paused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from retouche.journals.database import Database
from retouche.journals.moderation import SqlModeration
from retouche.ports import Pause
from tests.browsers import PATIENCE
from tests.datasets import write_desks
from tests.e2e.conftest import SCREENSHOTS, Served, serving
from tests.e2e.looking import HEIGHT

pytestmark = pytest.mark.browser
PROPOSALS = "**/api/v1/datasets/desks/proposals"
CHALLENGE = "**/api/v1/datasets/desks/challenge"
EDIT = "document.querySelector('retouche-widget').session.edit({resource: 'desks', key: '01'})"
Open = Callable[..., Page]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("guarded")


@pytest.fixture(scope="module")
def guarded(home: Path) -> Iterator[Served]:
    """A server whose dataset always asks for a proof, and that takes a few things a minute."""
    folder = write_desks(home / "package")
    path = folder / "datapackage.json"
    described = json.loads(path.read_text())
    described["retouche"] = {"contributions": {"proof": "always"}}
    path.write_text(json.dumps(described))
    with serving(home / "home", folder, RETOUCHE_LIMIT_MINUTE="40") as served:
        yield served


@pytest.fixture
def look(chromium: Browser, guarded: Served) -> Iterator[Open]:
    """Open the frame of the widget, with its strict policy, in a window of a width."""
    pages: list[Page] = []
    complaints: list[str] = []

    def open_window(width: int = 1280, *, locale: str = "fr-FR", scripts: bool = True) -> Page:
        context = chromium.new_context(
            base_url=guarded.url,
            viewport={"width": width, "height": HEIGHT},
            locale=locale,
            java_script_enabled=scripts,
        )
        context.set_default_timeout(PATIENCE)
        pages.append(context.new_page())
        pages[-1].on(
            "console",
            lambda one: complaints.append(one.text) if "Content Security" in one.text else None,
        )
        return pages[-1]

    yield open_window
    for page in pages:
        page.context.close()
    assert not complaints


def form_of(page: Page) -> Locator:
    page.goto("/embed/desks/desks")
    page.locator("retouche-table").first.wait_for()  # the session is there by then
    page.evaluate(EDIT)
    form = page.locator("retouche-editor")
    form.get_by_role("textbox", name="Téléphone").wait_for()
    return form


def review_of(page: Page, phone: str) -> Locator:
    form = form_of(page)
    form.get_by_role("textbox", name="Téléphone").fill(phone)
    form.get_by_role("button", name="Vérifier et envoyer").click()
    review = page.locator("retouche-review")
    review.locator("ins").first.wait_for()
    return review


def shown(page: Page, name: str) -> None:
    SCREENSHOTS.joinpath("widgets").mkdir(parents=True, exist_ok=True)
    assert page.viewport_size is not None
    width = page.viewport_size["width"]
    page.screenshot(path=SCREENSHOTS / "widgets" / f"guarded-{name}-{width}.png")


def test_a_proof_is_made_while_one_types_and_sent_along(look: Open) -> None:
    page = look()
    review = review_of(page, "04 65 71 10 01")
    with page.expect_request(PROPOSALS) as asked:
        review.get_by_role("button", name="Envoyer").click()
    body = json.loads(asked.value.post_data or "{}")
    assert body["proof"]
    assert body["opened"]
    expect(review.get_by_text("Merci")).to_be_visible()


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_a_proof_that_turns_out_to_be_needed_is_made_and_sent_by_itself(
    look: Open, width: int
) -> None:
    page = look(width)
    # What is asked when the form is opened says nothing of a proof: load came afterwards.
    terms = {"paused": None, "required": False, "opened": "", "challenge": None}
    page.route(CHALLENGE, lambda route: route.fulfill(json=terms), times=1)
    # So slow that one sees what goes on.
    page.add_init_script(
        "const derive = SubtleCrypto.prototype.deriveBits; let held = [];"
        "window.goOn = () => { held.forEach((one) => one()); held = null; };"
        "SubtleCrypto.prototype.deriveBits = async function (...all) {"
        "  if (held) await new Promise((done) => held.push(done));"
        "  return derive.apply(this, all); };"
    )
    review = review_of(page, f"04 65 71 20 {width % 100:02}")
    review.get_by_role("button", name="Envoyer").click()
    expect(review.get_by_text("Vérification en cours… 0 %")).to_be_visible()
    expect(review.get_by_role("button", name="Envoyer")).to_have_attribute("aria-disabled", "true")
    shown(page, "checking")
    page.evaluate("window.goOn()")
    expect(review.get_by_text("Merci")).to_be_visible()


def test_without_the_browsers_own_means_it_is_done_all_the_same(look: Open) -> None:
    page = look()
    # As on a page that came over plain HTTP.
    page.add_init_script("Object.defineProperty(crypto, 'subtle', {value: undefined})")
    review = review_of(page, "04 65 71 30 01")
    review.get_by_role("button", name="Envoyer").click()
    expect(review.get_by_text("Merci")).to_be_visible()


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_over_a_limit_one_hears_when_to_try_again_and_keeps_the_draft(
    look: Open, width: int
) -> None:
    page = look(width)
    problem = {"code": "rate_limited", "title": "", "status": 429, "detail": "30 par minute"}
    page.route(
        PROPOSALS,
        lambda route: route.fulfill(
            status=429,
            json=problem,
            headers={
                "Retry-After": "42",
                "Access-Control-Allow-Origin": "*",
                "Access-Control-Expose-Headers": "Retry-After",
            },
        ),
    )
    review = review_of(page, "04 65 71 40 01")
    review.get_by_role("button", name="Envoyer").click()
    expect(review.get_by_text("Réessayez dans 42 secondes")).to_be_visible()
    expect(review.locator("ins").first).to_be_visible()
    shown(page, "limited")
    page.unroute(PROPOSALS)
    review.get_by_role("button", name="Envoyer à nouveau").click()
    expect(review.get_by_text("Merci")).to_be_visible()


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_a_pause_is_told_before_anybody_types_and_nothing_is_sent(
    look: Open, home: Path, width: int
) -> None:
    database = Database(f"sqlite:///{home / 'home' / 'journal.sqlite'}")
    moderation = SqlModeration(database)
    sent: list[str] = []
    page = look(width)
    page.on("request", lambda one: sent.append(one.method) if "/proposals" in one.url else None)
    moderation.set_pause(
        Pause(dataset="desks", by="r", since=datetime.now(UTC), message="Retour lundi.")
    )
    try:
        form = form_of(page)
        expect(form.get_by_role("status").filter(has_text="Retour lundi.")).to_be_visible()
        shown(page, "paused-form")
        right = form.get_by_role("button", name="exact")
        expect(right).to_have_attribute("aria-disabled", "true")
        form.get_by_role("textbox", name="Téléphone").fill("04 65 71 50 01")
        form.get_by_role("button", name="Vérifier et envoyer").click()
        review = page.locator("retouche-review")
        button = review.get_by_role("button", name="Envoyer")
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(button).to_have_accessible_description(
            "Les relecteurs ne prennent pas de corrections pour l’instant. Retour lundi."
        )
        shown(page, "paused-review")
        button.focus()
        page.keyboard.press("Enter")
        button.click(force=True)
        assert "POST" not in sent
    finally:
        moderation.resume("desks")


def test_a_page_without_widgets_does_it_too(look: Open) -> None:
    page = look(locale="en-GB")
    page.goto("/desks/desks/02?edit=1")
    page.get_by_label("Téléphone").fill("04 65 71 60 01")
    page.get_by_role("button", name="See the difference").click()
    expect(page.get_by_text("The calculation is done")).to_be_visible()
    shown(page, "page")
    page.get_by_role("button", name="Send to the reviewers").click()
    expect(page.get_by_text("Thank you").first).to_be_visible()


def test_without_javascript_a_page_says_so_plainly_and_keeps_what_was_typed(look: Open) -> None:
    page = look(360, locale="en-GB", scripts=False)
    page.goto("/desks/desks/02?edit=1")
    page.get_by_label("Téléphone").fill("04 65 71 61 01")
    page.get_by_role("button", name="See the difference").click()
    page.get_by_role("button", name="Send to the reviewers").click()
    expect(page.get_by_role("alert")).to_contain_text("short calculation")
    expect(page.get_by_text("only a browser with JavaScript")).to_be_visible()
    expect(page.get_by_text("04 65 71 61 01").first).to_be_visible()
    shown(page, "no-script")

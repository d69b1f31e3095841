"""How a widget says that something is not there, keeps up to date, and tells its host page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.widgets.visiting import Visitor

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]
ALL = "200 France services"


def refuse(page: Page, pattern: str, how: str = "failed") -> None:
    page.route(re.compile(pattern), lambda route: route.abort(how))


def test_a_server_out_of_reach_is_said_and_can_be_tried_again(visit: Visit) -> None:
    visitor = visit()
    visitor.expected = lambda text: "net::ERR_FAILED" in text
    refuse(visitor.page, "/widgets/fiches$")
    page = visitor.widget("fiches", lang="en")
    expect(page.get_by_role("alert")).to_contain_text("does not answer")
    visitor.check("shell-unreachable")
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".count")).to_have_text("200 Counters")


def test_a_widget_that_is_not_there_is_said(visit: Visit) -> None:
    visitor = visit()
    visitor.expected = lambda text: "404" in text
    page = visitor.widget("nothing")
    expect(page.get_by_role("alert")).to_contain_text("pas, ou plus, à cette adresse")


def test_a_part_of_an_older_version_offers_to_reload(visit: Visit) -> None:
    visitor = visit()
    visitor.expected = lambda text: "ERR_FAILED" in text or "Failed to fetch" in text
    refuse(visitor.page, r"/widgets/cards-[^/]+\.js$")
    page = visitor.widget("fiches")
    expect(page.get_by_role("alert")).to_contain_text("rechargez la page")
    page.unroute_all()
    page.get_by_role("button", name="Recharger la page").click()
    expect(page.locator("retouche-cards")).to_be_visible()


def test_offline_keeps_what_is_shown_and_says_so(visit: Visit) -> None:
    visitor = visit()
    visitor.expected = lambda text: "ERR_INTERNET_DISCONNECTED" in text
    page = visitor.widget("fiches")
    expect(page.locator(".count")).to_have_text(ALL)
    visitor.context.set_offline(True)
    expect(page.get_by_text("Vous êtes hors connexion")).to_be_visible()
    expect(page.locator(".count")).to_have_text(ALL)
    visitor.context.set_offline(False)
    expect(page.get_by_text("Vous êtes hors connexion")).to_have_count(0)


def test_a_page_seen_again_after_a_while_shows_newer_data(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    page.clock.install()
    visitor.widget("fiches")
    expect(page.locator(".count")).to_have_text(ALL)

    def newer(route: Route) -> None:
        descriptor = json.loads(route.fetch().body())
        descriptor["revision"] = "0" * 40
        descriptor["title"] = {"fr": "Plus récent", "en": "Newer"}
        route.fulfill(json=descriptor)

    page.route(re.compile("/widgets/fiches$"), newer)
    look = """(state) => { Object.defineProperty(document, 'visibilityState',
      { value: state, configurable: true });
      document.dispatchEvent(new Event('visibilitychange')); }"""
    for minutes, title in ((1, "Fiches d'identité"), (6, "Plus récent")):
        page.evaluate(look, "hidden")
        page.clock.fast_forward(minutes * 60_000)
        page.evaluate(look, "visible")
        page.wait_for_timeout(300)
        expect(page.get_by_role("heading", level=2)).to_contain_text(title)


def test_the_host_page_hears_what_happens(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    page.add_init_script(
        "window.heard = []; for (const name of ['ready', 'change', 'open'])"
        " addEventListener(`retouche-${name}`, (event) =>"
        " window.heard.push([name, event.target.localName, event.detail?.words ?? event.detail]));"
    )
    visitor.widget("fiches")
    page.get_by_role("searchbox").fill("maubeuge")
    expect(page.locator(".count")).to_have_text(re.compile(" sur 200 "))
    page.locator("retouche-widget").evaluate("(one) => one.session.open('1')")
    page.get_by_role("dialog").wait_for()
    assert page.evaluate("window.heard") == [
        ["ready", "retouche-widget", None],
        ["change", "retouche-widget", "maubeuge"],
        ["change", "retouche-widget", "maubeuge"],
        ["open", "retouche-widget", "1"],
    ]


def test_a_view_alone_opens_cards_and_forms(visit: Visit) -> None:
    visitor = visit()
    page = visitor.widget("fiches", element="retouche-cards", query="?fiches.row=1")
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Corriger").first.click()
    page.get_by_role("dialog").wait_for()
    page.keyboard.press("Escape")
    visitor.check("shell-cards-alone", axe=False)

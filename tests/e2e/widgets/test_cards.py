"""Cards of rows: in a grid, whole, alone on a page, on paper."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.widgets.odd_cards import serve_odd_cards
from tests.e2e.widgets.visiting import Host, Visitor

pytestmark = pytest.mark.browser

MONDAY = "2026-11-23T09:10:00Z"
Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """A host page beside a server of a dataset whose cells are hostile."""
    with serve_odd_cards(tmp_path_factory.mktemp("odd")) as url:
        site = Host(url)
        yield site
        site.close()


def opened(visitor: Visitor, row: str = "13", *, at: str = MONDAY, **more: str) -> Page:
    """The whole card of a row of the bundled dataset, at a fixed time."""
    visitor.page.clock.set_fixed_time(at)
    page = visitor.widget("fiches", query=f"?fiches.row={row}", **more)
    page.locator("retouche-card article[aria-busy=false]").wait_for()
    return page


def settled(page: Page) -> None:
    """All parts of the card that are loaded later are there."""
    page.locator("retouche-card .waiting").first.wait_for(state="detached")
    page.locator("retouche-related .waiting").first.wait_for(state="detached")


# The grid


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_cards_show_each_row_in_short(visit: Visit, width: int) -> None:
    visitor = visit(width)
    page = visitor.widget("fiches", query="?fiches.q=Ancelle")
    card = page.locator("retouche-cards article").first
    expect(card.get_by_role("heading", level=3)).to_have_text("France services d'Ancelle")
    expect(card.locator("address")).to_contain_text("57 Grande Rue, Ancelle, Hautes-Alpes")
    expect(card.get_by_role("link", name="04 65 71 01 38")).to_have_attribute(
        "href", "tel:0465710138"
    )
    expect(card.locator(".tag-list")).to_contain_text("Santé")
    expect(card.locator(".value").first).to_contain_text("19 France services")
    visitor.check("cards")


def test_cards_are_beside_each_other_as_far_as_there_is_room(visit: Visit) -> None:
    for width, columns in ((360, 1), (768, 2), (1280, 3)):
        page = visit(width).widget("fiches")
        page.locator("retouche-cards article").first.wait_for()
        lefts = page.locator("retouche-cards article").evaluate_all(
            "cards => new Set(cards.map(one => Math.round(one.getBoundingClientRect().x))).size"
        )
        assert lefts == columns, width


def test_pages_are_turned_by_keyboard_and_kept_in_the_address(visit: Visit) -> None:
    visitor = visit()
    page = visitor.widget("fiches", query="?host=1")
    pager = page.get_by_role("navigation", name="Pages de fiches")
    expect(pager).to_contain_text("Page 1 sur 17")
    first = page.locator("retouche-cards article h3").first.inner_text()
    pager.get_by_role("button", name="Page suivante").press("Enter")
    expect(page.get_by_role("group", name="Fiches, page 2 sur 17")).to_be_focused()
    assert "host=1" in page.url
    assert "fiches.page=2" in page.url
    assert page.locator("retouche-cards article h3").first.inner_text() != first
    page.reload()
    expect(pager).to_contain_text("Page 2 sur 17")
    page.go_back()
    expect(pager).to_contain_text("Page 1 sur 17")
    expect(page.locator("retouche-cards article h3").first).to_have_text(first)


def test_a_page_past_the_end_is_the_last_one(visit: Visit) -> None:
    page = visit().widget("fiches", query="?fiches.page=99")
    expect(page.get_by_role("navigation", name="Pages de fiches")).to_contain_text("Page 17 sur 17")
    expect(page.get_by_role("button", name="Page suivante")).to_have_attribute(
        "aria-disabled", "true"
    )


def test_no_match_says_so_and_how_to_get_out(visit: Visit) -> None:
    visitor = visit(360)
    page = visitor.widget("fiches", query="?fiches.q=zzzz")
    cards = page.locator("retouche-cards")
    expect(cards.get_by_text("Aucune fiche ne correspond")).to_be_visible()
    visitor.check("cards-empty")
    cards.get_by_role("button", name="Effacer la recherche et les filtres").click()
    expect(cards.locator("article")).to_have_count(12)


def test_rows_that_cannot_be_read_are_asked_for_again(visit: Visit) -> None:
    visitor = visit()
    visitor.expected = lambda text: "Failed to load resource" in text
    refused = re.compile(r"/rows\?")
    visitor.page.route(refused, lambda route: route.abort())
    page = visitor.widget("fiches")
    cards = page.locator("retouche-cards")
    expect(cards.get_by_role("alert")).to_contain_text("Connexion perdue")
    visitor.check("cards-offline")
    page.unroute(refused)
    cards.get_by_role("button", name="Réessayer").click()
    expect(cards.locator("article")).to_have_count(12)


def test_the_place_of_cards_is_kept_while_they_load(visit: Visit) -> None:
    visitor = visit()
    held: list[Route] = []
    visitor.page.route(re.compile(r"/rows\?"), lambda route: held.append(route))
    page = visitor.widget("fiches")
    expect(page.locator("retouche-cards .ghost")).to_have_count(12)
    visitor.check("cards-loading")
    for route in held:
        route.continue_()
    expect(page.locator("retouche-cards article")).to_have_count(12)


def test_a_plain_click_opens_the_card_and_others_open_the_page(visit: Visit) -> None:
    visitor = visit()
    page = visitor.widget("fiches", query="?fiches.q=Ancelle")
    title = page.get_by_role("link", name="France services d'Ancelle").first
    expect(title).to_have_attribute("href", f"{visitor.host.server}/france-services/structures/1")
    with page.context.expect_page() as tab:
        title.click(modifiers=["Control"])
    assert tab.value.url.endswith("/france-services/structures/1")
    tab.value.close()
    expect(page.get_by_role("dialog")).to_have_count(0)
    title.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(page.locator("retouche-card h3")).to_have_text("France services d'Ancelle")
    assert "fiches.row=1" in page.url
    page.go_back()
    expect(dialog).to_have_count(0)
    assert "fiches.row" not in page.url


def test_a_correction_under_way_is_marked(visit: Visit) -> None:
    visitor = visit()
    address = f"{visitor.host.server}/france-services/proposals/p1"
    change = {
        "proposal": "p1",
        "state": "open",
        "op": "update",
        "fields": ["fs_telephone"],
        "url": address,
    }
    body = json.dumps({"data": {"1": [change]}})
    headers = {"Access-Control-Allow-Origin": "*"}
    visitor.page.route(
        re.compile(r"/pending\?"),
        lambda route: route.fulfill(body=body, content_type="application/json", headers=headers),
    )
    page = visitor.widget("fiches", query="?fiches.q=Ancelle")
    card = page.locator("retouche-cards article").first
    expect(card.locator(".mark")).to_have_text("1 correction en attente")
    visitor.check("cards-pending")
    card.get_by_role("link", name="France services d'Ancelle").click()
    told = page.locator("retouche-card .proposals")
    expect(told).to_contain_text("Correction en attente : Téléphone")
    expect(told.get_by_role("link", name="La suivre")).to_have_attribute("href", address)


# The whole card


@pytest.mark.parametrize(("width", "lang"), [(360, "fr"), (768, "en"), (1280, "fr")])
def test_the_whole_card_of_a_counter(visit: Visit, width: int, lang: str) -> None:
    visitor = visit(width)
    page = opened(visitor, lang=lang)
    card = page.locator("retouche-card")
    settled(page)
    expect(card.get_by_role("heading", level=3)).to_have_text("Bus France services de Guillestre")
    told = {
        "fr": ["Code postal :", "Horaires d'ouverture", "Prochains passages", "Usagers par sexe"],
        "en": ["Postcode:", "Opening hours", "Next stops", "Users by sex"],
    }
    for text in told[lang]:
        expect(card.get_by_text(text).first).to_be_attached()
    expect(card.locator(".sentences")).to_contain_text("2\u202f295" if lang == "fr" else "2,295")
    visitor.check(f"card-{lang}")


def test_hours_are_a_week_with_today_and_what_is_open_now(visit: Visit) -> None:
    visitor = visit()
    page = opened(visitor, "1", at="2026-11-24T14:10:00Z")
    hours = page.locator("retouche-hours")
    expect(hours.locator(".status")).to_have_text("Ouvert, ferme à 16:00")
    expect(hours.locator("tr[aria-current=date]")).to_contain_text("mardi")
    expect(hours.locator("tr").first).to_contain_text("13:30 – 18:30")
    expect(hours.locator("tr").last).to_contain_text("Fermé")
    for at, text in {
        "2026-11-24T11:30:00Z": "Fermé, ouvre à 14:00",
        "2026-11-27T17:00:00Z": "Fermé, ouvre lundi à 13:30",
    }.items():
        opened(visitor, "1", at=at)
        expect(hours.locator(".status")).to_have_text(text)
    opened(visitor, "1", at="2026-07-14T08:00:00Z")
    expect(hours).to_contain_text("C’est un jour férié")


def test_what_is_open_is_told_anew_each_minute(visit: Visit) -> None:
    visitor = visit()
    visitor.page.clock.install(time="2026-11-24T14:59:30Z")
    page = visitor.widget("fiches", query="?fiches.row=1")
    status = page.locator("retouche-hours .status")
    expect(status).to_have_text("Ouvert, ferme à 16:00")
    page.clock.run_for(61_000)
    expect(status).to_have_text("Fermé, ouvre demain à 09:00")


def test_a_bus_has_its_next_passages(visit: Visit) -> None:
    page = opened(visit())
    passages = page.locator("retouche-related li")
    expect(passages).to_have_count(8)
    expect(passages.nth(0)).to_contain_text("lundi 23 novembre")
    expect(passages.nth(0)).to_contain_text("aujourd’hui")
    expect(passages.nth(0)).to_contain_text("09:00 – 12:30, 13:30 – 15:30")
    # Even weeks only: week 48 is one, week 49 is not.
    expect(passages.nth(1)).to_contain_text("Arvieux")
    expect(passages.nth(6)).to_contain_text("Molines-en-Queyras")
    expect(passages.nth(6)).to_contain_text("dans 8 jours")
    opened_later = opened(visit(), at="2026-12-24T09:00:00Z")
    days = opened_later.locator("retouche-related time")
    expect(days.first).to_be_visible()
    dates = days.evaluate_all("all => all.map(one => one.dateTime)")
    assert "2026-12-25" not in dates
    assert "2027-01-01" not in dates
    assert dates == sorted(dates)


def test_a_counter_without_passages_has_no_such_block(visit: Visit) -> None:
    page = opened(visit(), "1")
    page.locator("retouche-hours .status").wait_for()
    expect(page.locator("retouche-related")).to_be_hidden()


def test_one_goes_from_card_to_card_by_keyboard(visit: Visit) -> None:
    visitor = visit()
    page = opened(visitor)
    expect(page.get_by_text("4 sur 200")).to_be_visible()
    following = page.get_by_role("button", name="Fiche suivante")
    following.press("Enter")
    heading = page.locator("retouche-card h3")
    expect(heading).to_have_text("Bus France services de La Châtre")
    expect(following).to_be_focused()
    expect(page.get_by_text("5 sur 200")).to_be_visible()
    page.get_by_role("button", name="Fiche précédente").press("Enter")
    expect(heading).to_have_text("Bus France services de Guillestre")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_row_that_is_not_there_is_told_with_a_way_back(visit: Visit) -> None:
    visitor = visit(360)
    visitor.expected = lambda text: "404" in text
    page = visitor.widget("fiches", query="?fiches.row=99999")
    card = page.locator("retouche-card")
    expect(card.get_by_role("alert")).to_contain_text("n’existe pas, ou plus")
    visitor.check("card-gone")
    card.get_by_role("button", name="Revenir aux fiches").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("retouche-cards article").first).to_be_visible()


def test_a_card_leads_to_its_history_and_gives_its_link(visit: Visit) -> None:
    visitor = visit()
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = opened(visitor)
    address = f"{visitor.host.server}/france-services/structures/13"
    expect(page.get_by_role("link", name="Son historique")).to_have_attribute(
        "href", f"{address}#history"
    )
    page.get_by_role("button", name="Copier le lien").click()
    expect(page.get_by_text("Lien copié.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address


def test_a_link_is_copied_by_hand_where_the_page_may_not(visit: Visit) -> None:
    visitor = visit(360)
    visitor.page.add_init_script("navigator.clipboard.writeText = () => Promise.reject()")
    page = opened(visitor, "1")
    page.get_by_role("button", name="Copier le lien").click()
    field = page.get_by_label("Copiez ce lien :")
    expect(field).to_be_focused()
    expect(field).to_have_value(f"{visitor.host.server}/france-services/structures/1")
    visitor.check("card-link")


def test_what_is_corrected_but_not_sent_is_marked(visit: Visit) -> None:
    visitor = visit()
    page = visitor.widget("fiches", query="?fiches.q=Ancelle")
    card = page.locator("retouche-cards article").first
    card.wait_for()
    page.evaluate(
        """() => {
          const { session } = document.querySelector("retouche-widget");
          const { resource } = session;
          const row = { id_fs: "1", fs_adresse: "57 Grande Rue" };
          session.draft.set(resource, row, "fs_adresse", "2 rue Neuve");
        }"""
    )
    expect(card.locator(".mark")).to_have_text("Corrigée, pas encore envoyée")
    expect(card.locator("address .changed")).to_contain_text("2 rue Neuve")
    visitor.check("cards-draft")


def test_a_reader_says_that_a_card_is_still_correct(visit: Visit) -> None:
    visitor = visit()
    page = opened(visitor, "20")
    about = page.locator("retouche-about")
    about.get_by_role("button", name="Ces informations sont encore exactes").click()
    expect(about.get_by_role("status")).to_have_text("Merci, c’est noté.")
    expect(about).to_contain_text("Confirmée 1 fois, la dernière le")
    visitor.check("card-confirmed")


def test_a_card_is_alone_on_a_page(visit: Visit) -> None:
    visitor = visit(768)
    page = visitor.widget("fiches", element="retouche-card", attributes='row="13" locale="en"')
    card = page.locator("retouche-card")
    expect(card.get_by_role("heading", level=2)).to_have_text("Bus France services de Guillestre")
    expect(card.get_by_role("link", name="Its history")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    settled(page)
    visitor.check("card-alone")
    assert "?" not in page.url


def test_a_card_prints_without_its_buttons(visit: Visit) -> None:
    visitor = visit()
    page = visitor.widget("fiches", element="retouche-card", attributes='row="13"')
    page.get_by_role("button", name="Corriger cette fiche").wait_for()
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Corriger cette fiche")).to_be_hidden()
    expect(page.locator("retouche-about")).to_be_hidden()
    expect(page.get_by_text("Bus France services de Guillestre").first).to_be_visible()
    assert page.pdf().startswith(b"%PDF")


def test_a_card_in_a_dialog_prints_whole(visit: Visit) -> None:
    visitor = visit()
    page = opened(visitor, at=MONDAY)
    settled(page)
    page.emulate_media(media="print")
    dialog = page.locator("dialog[open]")
    heights = dialog.evaluate("one => [one.scrollHeight, one.clientHeight, innerHeight]")
    assert heights[0] == heights[1] > heights[2]
    expect(page.get_by_role("button", name="Fermer")).to_be_hidden()
    page.emulate_media(media="screen")


def test_dark_cards_can_be_read(visit: Visit) -> None:
    visitor = visit()
    page = opened(visitor, attributes='theme="dark"')
    settled(page)
    visitor.check("card-dark")
    page.keyboard.press("Escape")
    visitor.check("cards-dark")


# Cells that mean harm


@pytest.mark.parametrize("width", [360, 1280])
def test_hostile_cells_are_text(visit: Visit, odd: Host, width: int) -> None:
    visitor = visit(width, site=odd)
    page = visitor.widget("odd", dataset="odd")
    card = page.locator("retouche-cards article").first
    expect(card.get_by_role("heading", level=3)).to_have_text("<img src=x onerror=alert(1)>")
    expect(card).to_contain_text("javascript:alert(1)")
    expect(card).to_contain_text("{{constructor.constructor('alert(1)')()}}")
    assert page.locator("retouche-cards img").count() == 0
    assert page.locator("retouche-cards a[href^=javascript]").count() == 0
    visitor.check("cards-hostile")
    card.get_by_role("link", name="<img src=x onerror=alert(1)>").click()
    whole = page.locator("retouche-card article[aria-busy=false]")
    expect(whole).to_contain_text("Mo-Fr <b>midi</b>")
    expect(whole.locator("retouche-related")).to_contain_text("<script>alert(2)</script>")
    assert page.locator("retouche-card a[href^=javascript]").count() == 0
    visitor.check("card-hostile")


def test_every_block_has_its_place_in_a_small_card(visit: Visit, odd: Host) -> None:
    visitor = visit(site=odd)
    visitor.page.clock.set_fixed_time(MONDAY)
    page = visitor.widget("odd", dataset="odd")
    card = page.locator("retouche-cards article").nth(1)
    expect(card.locator("retouche-hours .status")).to_have_text("Ouvert, ferme à 12:00")
    expect(card).to_contain_text("Site : Désert.")
    expect(card.get_by_role("link", name="Son site")).to_have_attribute(
        "href", "https://example.org/a?b=c"
    )
    expect(card.get_by_role("button", name="Afficher l’image")).to_be_visible()
    visitor.check("cards-blocks")


def test_a_row_with_nothing_but_its_key_is_a_card_still(visit: Visit, odd: Host) -> None:
    visitor = visit(site=odd)
    page = visitor.widget("odd", dataset="odd", query="?odd.row=c%252Fd%252Cx")
    expect(page.locator("retouche-card h3")).to_have_text("c/d,x")
    page.locator("retouche-card article[aria-busy=false]").wait_for()
    expect(page.locator("retouche-card .labelled")).to_have_count(0)
    visitor.check("card-bare")

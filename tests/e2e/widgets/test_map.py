"""The map view on a page of another site: layers, list, search around a place, base map."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.widgets.visiting import Host, Visitor

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]
GAP = {"latitude": 44.5594, "longitude": 6.0786}
MOVED = re.compile(r"carte\.map=")
BASE_HOST = "data.geopf.fr"
LAYERS = (
    "France services",
    "Passages des bus",
    "Regroupements",
    "Densité des demandes traitées",
    "Offre par département",
    "Offre par intercommunalité",
    "Offre par commune",
)
BASE_STYLE = {
    "version": 8,
    "sources": {
        "plan": {
            "type": "vector",
            "tiles": [f"https://{BASE_HOST}/tiles/{{z}}/{{x}}/{{y}}.pbf"],
            "maxzoom": 14,
        }
    },
    "layers": [
        {"id": "sea", "type": "background", "paint": {"background-color": "#aaccee"}},
        {"id": "roads", "type": "line", "source": "plan", "source-layer": "roads"},
    ],
}


def opened(visitor: Visitor, **more: str) -> Page:
    """The map widget, drawn, with all its results in the list."""
    # The browser of the tests draws without a graphics card, and says that this is slow.
    visitor.expected = lambda text: "GPU stall due to ReadPixels" in text
    page = visitor.widget("carte", **more)
    page.locator(".maplibregl-canvas").wait_for()
    entries(page).first.wait_for()
    return page


def entries(page: Page) -> Locator:
    return page.locator("retouche-map-list .entry")


def state(page: Page, name: str) -> str | None:
    return parse_qs(urlsplit(page.url).query).get(f"carte.{name}", [None])[0]


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_map_is_drawn_within_a_strict_policy_at_any_width(visit: Visit, width: int) -> None:
    visitor = visit(width)
    page = opened(visitor)
    expect(
        page.get_by_text(re.compile(r"\d+ résultats sur la carte visible, 200 en"))
    ).to_be_visible()
    assert state(page, "map") is None, "the reader has not moved the map yet"
    visitor.check("map")


def test_maplibre_is_asked_for_only_by_a_map_and_once(visit: Visit) -> None:
    visitor = visit()
    visitor.widget("fiches").get_by_role("heading", level=2).first.wait_for()
    assert not [one.url for one in visitor.requests if "maplibre" in one.url]
    opened(visitor)
    asked = [one.url for one in visitor.requests if "maplibre" in one.url]
    assert len(asked) == len(set(asked)) == 2, asked
    assert any(one.url.startswith("blob:") for one in visitor.requests), "no worker was started"


@pytest.mark.parametrize("locale", ["fr-FR", "en-GB"])
def test_every_layer_is_drawn_with_a_legend_and_a_list_of_the_same(
    visit: Visit, locale: str
) -> None:
    visitor = visit(locale=locale)
    page = opened(visitor, lang=locale[:2])
    for number, _ in enumerate(LAYERS):
        page.locator(".layers input").nth(number).check()
        page.locator(".rows[aria-busy=false]").wait_for()
        entries(page).first.wait_for()
        expect(page.locator(".legend-part")).to_have_count(1)
        visitor.check(f"map-layer-{number}-{locale[:2]}")


def test_areas_are_counted_by_inhabitants_and_named_in_the_list(visit: Visit) -> None:
    page = opened(visit())
    page.get_by_role("radio", name="Offre par département").check()
    first = entries(page).first
    expect(first).to_contain_text("Hautes-Alpes")
    expect(first).to_contain_text("2,44")
    expect(page.locator(".legend-part")).to_contain_text("remplit les contours")
    first.click()
    card = page.locator("retouche-map-popup")
    expect(card).to_contain_text("Habitants")
    page.get_by_role("radio", name="Offre par intercommunalité").check()
    expect(entries(page).first).to_contain_text(re.compile("^CC|^CA|^CU|^Métropole|CC "))
    expect(page.locator(".legend-part")).to_contain_text("Un cercle par territoire")


def test_an_entry_of_the_list_opens_its_mini_card_and_the_whole_card_by_keyboard(
    visit: Visit,
) -> None:
    page = opened(visit())
    entry = entries(page).filter(has_text="France services de Gap").first
    page.get_by_label("Seulement ce que montre la carte").uncheck()
    while not entry.is_visible():
        page.get_by_role("button", name="En afficher").click()
    entry.focus()
    page.keyboard.press("Enter")
    card = page.locator("retouche-map-popup")
    expect(card.get_by_text("Commune")).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_have_count(0)
    assert entry.evaluate("one => one.getRootNode().activeElement === one")
    page.keyboard.press("Enter")
    card.get_by_role("button", name="Voir la fiche").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert state(page, "row")


def test_a_click_on_a_point_shows_its_card_and_a_cluster_comes_apart(visit: Visit) -> None:
    page = opened(visit(), query="?carte.map=44.55900,6.07900,12")
    page.wait_for_timeout(1200)
    box = page.locator(".maplibregl-canvas").bounding_box()
    assert box
    x, y = box["width"] / 2, box["height"] / 2
    page.locator(".maplibregl-canvas").hover(position={"x": x, "y": y})
    expect(page.locator(".hover")).to_contain_text("Gap")
    page.locator(".maplibregl-canvas").click(position={"x": x, "y": y})
    expect(page.locator("retouche-map-popup")).to_contain_text("Gap")


def test_a_click_on_a_cluster_comes_closer(visit: Visit) -> None:
    page = opened(visit(), query="?carte.map=44.55900,6.07900,8")
    page.get_by_role("radio", name="Regroupements").check()
    page.locator(".rows[aria-busy=false]").wait_for()
    canvas = page.locator(".maplibregl-canvas")
    box = canvas.bounding_box()
    assert box
    middle = {"x": box["width"] / 2, "y": box["height"] / 2}
    before = state(page, "map")
    page.wait_for_timeout(800)  # the worker makes the clusters
    for across in range(0, 160, 20):
        canvas.click(position={"x": middle["x"] + across, "y": middle["y"]})
        page.wait_for_timeout(700)
        if state(page, "map") != before:
            break
    zoom = float((state(page, "map") or "").rpartition(",")[2])
    assert zoom > 8


def test_moving_the_map_by_keyboard_is_kept_in_the_address_and_read_from_it(visit: Visit) -> None:
    visitor = visit()
    page = opened(visitor)
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowUp")
    expect(page).to_have_url(MOVED)
    kept = state(page, "map")
    page.reload()
    entries(page).first.wait_for()
    page.wait_for_timeout(1000)
    assert state(page, "map") == kept
    page.get_by_role("button", name="Revoir tous les résultats").click()
    expect(page).not_to_have_url(MOVED)


def test_the_search_around_a_place_gives_distances_and_is_shared(visit: Visit) -> None:
    visitor = visit()
    page = opened(visitor)
    place = page.get_by_role("combobox", name="Autour d’un lieu")
    place.fill("gap")
    page.get_by_role("option", name="Gap (05)").wait_for()
    visitor.check("map-places")
    place.press("ArrowDown")
    place.press("Enter")
    first = entries(page).first
    expect(first).to_contain_text(re.compile(r"\d+ m|0,\d km"))
    near = state(page, "near")
    assert near is not None
    assert near.endswith("20000~Gap (05)")
    page.get_by_label("Rayon").select_option("5")
    expect(entries(page)).to_have_count(1)
    visitor.check("map-near")
    page.get_by_role("button", name="Ne plus chercher autour de Gap (05)").click()
    expect(page.get_by_text(re.compile("200 en"))).to_be_visible()


def test_the_position_of_the_browser_is_sent_roughly(visit: Visit) -> None:
    visitor = visit(geolocation=GAP, permissions=["geolocation"])
    page = opened(visitor)
    page.get_by_role("button", name="Autour de moi").click()
    expect(entries(page).first).to_contain_text("Gap")
    sent = [one.url for one in visitor.requests if "near=" in one.url and "/api/" in one.url]
    assert sent
    assert all("near=44.559%2C6.079" in one for one in sent), sent


def test_a_refused_position_is_told_and_a_place_can_be_typed_instead(visit: Visit) -> None:
    visitor = visit(permissions=[])
    page = opened(visitor)
    page.get_by_role("button", name="Autour de moi").click()
    expect(page.get_by_text("écrivez le nom d’une commune", exact=False)).to_be_visible()
    visitor.check("map-refused")


def test_the_map_follows_the_words_that_are_searched(visit: Visit) -> None:
    page = opened(visit(), query="?carte.q=Gap")
    expect(entries(page).first).to_contain_text("Gap")
    assert entries(page).count() < 20


def test_the_base_map_is_asked_for_when_the_reader_wants_it_and_from_its_host_alone(
    visit: Visit, host: Host
) -> None:
    site = Host(host.server)
    assert site.policy
    site.policy = site.policy.replace("connect-src", f"connect-src https://{BASE_HOST}")
    visitor = visit(site=site)
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(route.request.url)
        cors = {"Access-Control-Allow-Origin": "*"}
        if route.request.url.endswith(".json"):
            route.fulfill(
                body=json.dumps(BASE_STYLE), content_type="application/json", headers=cors
            )
        else:
            route.fulfill(body=b"", content_type="application/x-protobuf", headers=cors)

    visitor.context.route(f"https://{BASE_HOST}/**", answer)
    page = opened(visitor)
    assert not asked
    page.get_by_role("button", name="Afficher le fond de carte").click()
    expect(page.get_by_text("© IGN")).to_be_visible()
    visitor.shoot("map-base")
    assert asked
    assert {urlsplit(one).netloc for one in asked} == {BASE_HOST}
    expect(page.get_by_role("button", name="Masquer le fond de carte")).to_be_visible()
    entries(page).first.click()
    expect(page.locator("retouche-map-popup")).to_be_visible()
    visitor.requests = [one for one in visitor.requests if BASE_HOST not in one.url]
    site.close()


def test_a_base_map_that_does_not_answer_leaves_the_outlines(visit: Visit) -> None:
    visitor = visit()
    visitor.context.route(f"https://{BASE_HOST}/**", lambda route: route.abort())
    page = opened(visitor)
    visitor.expected = lambda text: BASE_HOST in text or "ReadPixels" in text
    page.get_by_role("button", name="Afficher le fond de carte").click()
    expect(page.get_by_text("Le fond de carte ne répond pas")).to_be_visible()
    visitor.requests = [one for one in visitor.requests if BASE_HOST not in one.url]
    visitor.check("map-base-failed")


def test_a_page_can_take_the_base_map_away(visit: Visit) -> None:
    page = opened(visit(), attributes='basemap="none"')
    expect(page.get_by_role("button", name="Afficher le fond de carte")).to_have_count(0)


def test_where_maps_cannot_be_drawn_the_list_says_the_same(visit: Visit) -> None:
    visitor = visit()
    visitor.page.add_init_script(
        "const get = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...more) {"
        " return kind.startsWith('webgl') ? null : get.call(this, kind, ...more); };"
    )
    page = visitor.widget("carte")
    expect(page.get_by_text("Ce navigateur ne peut pas dessiner la carte")).to_be_visible()
    expect(entries(page)).to_have_count(20)
    visitor.check("map-without")
    entries(page).first.click()
    expect(page.get_by_role("dialog")).to_be_visible()


def test_the_map_wears_a_dark_theme(visit: Visit) -> None:
    visitor = visit()
    opened(visitor, attributes='theme="dark"')
    visitor.check("map-dark")


def test_a_card_holds_a_small_map_drawn_when_it_comes_into_sight(visit: Visit) -> None:
    visitor = visit()
    visitor.expected = lambda text: "ReadPixels" in text
    page = visitor.widget("fiches", query="?fiches.row=1")
    small = page.locator("retouche-minimap")
    small.scroll_into_view_if_needed()
    small.locator(".maplibregl-canvas").wait_for()
    expect(small.locator(".pin")).to_be_visible()
    link = small.get_by_role("link")
    assert (link.get_attribute("href") or "").startswith("geo:")
    small.get_by_role("button", name="Zoomer", exact=True).click()
    visitor.check("map-mini")


def test_a_position_is_chosen_by_keyboard_by_click_and_by_dragging(visit: Visit) -> None:
    visitor = visit()
    page = opened(visitor)
    entries(page).first.click()
    page.locator("retouche-map-popup").get_by_role("button", name="Corriger").click()
    page.get_by_role("button", name=re.compile("carte$")).first.click()
    chosen = page.locator("retouche-position")
    pin = chosen.locator("button.pin")
    pin.wait_for()

    def told() -> str:
        return chosen.locator("#told").inner_text()

    seen = [told()]
    for move in ("ArrowRight", "Shift+ArrowDown"):
        pin.press(move)
        seen.append(told())
    box = chosen.locator(".canvas").bounding_box()
    assert box
    page.mouse.click(box["x"] + 60, box["y"] + 60)
    seen.append(told())
    pin.hover()
    page.mouse.down()
    page.mouse.move(box["x"] + 200, box["y"] + 150, steps=4)
    page.mouse.up()
    seen.append(told())
    assert len(set(seen)) == 5, seen
    assert all(
        re.fullmatch(r"Latitude\s: -?\d+(\.\d{1,5})? · Longitude\s: -?\d+(\.\d{1,5})?", one)
        for one in seen
    ), seen
    visitor.check("map-position")

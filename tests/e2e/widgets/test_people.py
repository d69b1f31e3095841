"""People who do not use the elements as their makers do: without a mouse, with a screen reader,
with large letters, without motion, on a small screen, or where a connection fails."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.looking import OVERFLOW
from tests.e2e.widgets.desk import Desk
from tests.e2e.widgets.visiting import Visitor

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]
VIEWS = ("cards", "table", "map", "dataviz")
READY = {
    "cards": "retouche-cards h3",
    "table": "retouche-table [role=grid][aria-busy=false]",
    "map": ".maplibregl-canvas",
    "dataviz": "retouche-chart",
}
DEEPEST = """() => { let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return found; }"""
FOCUSED = f"""() => {{ const found = ({DEEPEST})();
  const label = found?.labels?.[0]?.textContent;
  return (found?.getAttribute('aria-label') || label || found?.textContent || '').trim(); }}"""
LOST = f"() => {{ const found = ({DEEPEST})(); return !found || found === document.body; }}"
ALL = """const every = (root) => [...root.querySelectorAll('*')].flatMap(
  (one) => [one, ...(one.shadowRoot ? every(one.shadowRoot) : [])]);"""
MOVING = f"""() => {{ {ALL}
  return every(document).flatMap((one) => {{
    const worn = getComputedStyle(one);
    const seconds = (text) => Math.max(...text.split(',').map(parseFloat));
    const moves = worn.animationName !== 'none' && seconds(worn.animationDuration) > 0.01
      || seconds(worn.transitionDuration) + seconds(worn.transitionDelay) > 0.01;
    return moves ? [one.tagName + '.' + one.className] : [];
  }}); }}"""
SMALL = f"""() => {{ {ALL}
  return every(document).flatMap((one) => {{
    if (!one.matches('button, select, [role=tab], [role=button], summary')) return [];
    const {{ width, height }} = one.getBoundingClientRect();
    const there = width && height && one.checkVisibility({{ visibilityProperty: true }});
    return there && (width < 24 || height < 24) ? [one.outerHTML.slice(0, 120)] : [];
  }}); }}"""
CUT = f"""() => {{ {ALL}
  return every(document).flatMap((one) => {{
    if (!one.matches('button:not(.maplibregl-ctrl button)')) return [];
    const cut = one.scrollWidth - one.clientWidth > 1 || one.scrollHeight - one.clientHeight > 1;
    return cut && one.checkVisibility() ? [one.outerHTML.slice(0, 120)] : [];
  }}); }}"""
EDIT = """request => document.querySelector('retouche-widget').session.edit(
  {resource: 'structures', ...request})"""


def shown(visitor: Visitor, view: str, lang: str = "fr", **more: str) -> Page:
    """A view with its rows."""
    visitor.expected = lambda text: "GPU stall due to ReadPixels" in text
    page = visitor.widget("fiches", query=f"?fiches.view={view}", lang=lang, **more)
    page.locator(READY[view]).first.wait_for()
    expect(page.locator(".count").first).to_contain_text("200")
    return page


def press(page: Page, *keys: str) -> None:
    """Press keys; whatever they do, the focus is somewhere afterwards."""
    for key in keys:
        page.keyboard.press(key)
        page.wait_for_function(f"() => !({LOST})()", timeout=3000)


def reach(page: Page, name: str, key: str = "Tab") -> None:
    """Walk to a control of this name, as somebody without a mouse does."""
    for _ in range(200):
        page.keyboard.press(key)
        if page.evaluate(FOCUSED).startswith(name):
            return
    raise AssertionError(f"{name} is out of reach")


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("view", VIEWS)
def test_each_view_is_accessible_and_its_targets_are_large_enough(
    visit: Visit, view: str, width: int, lang: str
) -> None:
    visitor = visit(width, locale="fr-FR" if lang == "fr" else "en-GB")
    page = shown(visitor, view, lang)
    visitor.check(f"people-{view}-{lang}")
    assert page.evaluate(SMALL) == []


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("width", [360, 1280])
def test_each_dialog_is_accessible_and_its_targets_are_large_enough(
    visit: Visit, desk: Desk, width: int, lang: str
) -> None:
    visitor = visit(width, site=desk.host, locale="fr-FR" if lang == "fr" else "en-GB")
    page = visitor.widget("fiches", query="?fiches.row=30", lang=lang)
    page.locator("retouche-card h3, retouche-card h4").first.wait_for()
    visitor.check(f"people-card-{lang}")
    assert page.evaluate(SMALL) == []
    page.keyboard.press("Escape")
    names = ("Partager", "Télécharger", "Intégrer") if lang == "fr" else ("Share", "Download")
    for name in names:
        page.get_by_role("button", name=name, exact=True).click()
        page.get_by_role("dialog").wait_for()
        visitor.check(f"people-{name}-{lang}")
        assert page.evaluate(SMALL) == []
        page.keyboard.press("Escape")
        assert page.evaluate(FOCUSED) == name
    page.evaluate(EDIT, {"key": None})
    page.locator("retouche-editor retouche-input").first.wait_for()
    visitor.check(f"people-adding-{lang}")
    assert page.evaluate(SMALL) == []
    page.keyboard.press("Escape")
    page.locator("retouche-editor").wait_for(state="detached")
    page.evaluate("document.querySelector('retouche-widget').session.upload()")
    page.locator("retouche-upload textarea").wait_for()
    visitor.check(f"people-upload-{lang}")
    assert page.evaluate(SMALL) == []


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_moves_for_who_wants_no_motion(visit: Visit, view: str) -> None:
    visitor = visit(reduced_motion="reduce")
    page = visitor.page
    page.route("**/rows?*", lambda route: None)  # rows that never come: the skeletons stay
    visitor.expected = lambda text: "GPU stall" in text
    visitor.widget("fiches", query=f"?fiches.view={view}")
    page.locator("retouche-widget h2").first.wait_for()
    page.wait_for_timeout(600)
    assert page.evaluate(MOVING) == []
    page.unroute("**/rows?*")
    shown(visitor, view)
    assert page.evaluate(MOVING) == []


@pytest.mark.parametrize("width", [360, 640])
@pytest.mark.parametrize("view", VIEWS)
def test_letters_of_twice_the_size_fit(visit: Visit, view: str, width: int) -> None:
    visitor = visit(width)
    visitor.host.pages["/host.css"] = ("text/css", "html{font-size:32px}body{margin:8px}")
    try:
        page = shown(visitor, view)
        assert page.evaluate(OVERFLOW) == 0
        assert page.evaluate(CUT) == []
        size = "one => parseFloat(getComputedStyle(one).fontSize)"
        assert page.locator("retouche-widget .count").first.evaluate(size) == 32
        if view == "table":
            row = page.locator("retouche-table [role=row]").nth(1).bounding_box()
            assert row
            assert row["height"] >= 72
    finally:
        visitor.host.pages["/host.css"] = ("text/css", "body{margin:8px}main{max-width:1240px}")


def test_a_host_page_with_a_small_rem_makes_no_small_letters(visit: Visit) -> None:
    visitor = visit()
    visitor.host.pages["/small.css"] = ("text/css", "html{font-size:62.5%}")
    src = f"{visitor.host.server}/api/v1/datasets/france-services/widgets/fiches"
    sheet = '<link rel="stylesheet" href="/small.css">'
    page = visitor.page
    page.goto(visitor.host.put(f'{sheet}<retouche-widget src="{src}"></retouche-widget>'))
    page.locator(READY["cards"]).first.wait_for()
    smallest = f"""() => {{ {ALL}
      return Math.min(...every(document.querySelector('retouche-widget').shadowRoot)
        .filter((one) => one.matches('p, button, dt, dd, h2, h3, a, li'))
        .map((one) => parseFloat(getComputedStyle(one).fontSize))); }}"""
    assert page.evaluate(smallest) >= 12


@pytest.mark.parametrize("view", ["cards", "table"])
def test_a_window_zoomed_to_200_percent_is_enough_for_a_correction(
    visit: Visit, desk: Desk, view: str
) -> None:
    visitor = visit(640, site=desk.host, device_scale_factor=2)
    page = visitor.page
    page.set_viewport_size({"width": 640, "height": 450})
    shown(visitor, view)
    assert page.evaluate(OVERFLOW) == 0
    page.evaluate(EDIT, {"key": "31"})
    form = page.locator("retouche-editor")
    form.get_by_role("textbox", name="Adresse").fill("3 rue du Zoom")
    form.get_by_role("button", name="Vérifier et envoyer").click()
    send = page.locator("retouche-review").get_by_role("button", name="Envoyer 1 correction")
    box = send.bounding_box()
    assert box
    assert box["y"] + box["height"] <= 450
    page.keyboard.press("Escape")
    page.locator("retouche-draft-bar").get_by_role("button", name="Abandonner").click()


def test_a_cell_is_corrected_and_sent_without_a_mouse(visit: Visit, desk: Desk) -> None:
    page = shown(visit(site=desk.host), "table")
    reach(page, "Colonnes")
    press(page, "Tab")
    for _ in range(3):
        press(page, "ArrowDown")
    while page.evaluate(f"() => ({DEEPEST})().getAttribute('aria-colindex')") != "7":
        press(page, "ArrowRight")
    press(page, "Enter", "ControlOrMeta+a")
    page.keyboard.type("5 rue du Clavier")
    press(page, "Enter")
    expect(page.locator("retouche-draft-bar")).to_contain_text("1 ligne corrigée")
    reach(page, "Vérifier et envoyer")
    press(page, "Enter")
    expect(page.locator("retouche-review ins").first).to_be_visible()
    reach(page, "Envoyer 1 correction")
    press(page, "Enter")
    expect(page.locator("retouche-review").get_by_text("Merci !")).to_be_focused()
    press(page, "Escape")
    expect(page.locator("retouche-review")).to_have_count(0)
    page.wait_for_function(f"() => !({LOST})()", timeout=3000)


def test_a_card_is_corrected_and_sent_without_a_mouse(visit: Visit, desk: Desk) -> None:
    page = shown(visit(site=desk.host), "cards")
    reach(page, "Bus France services de Cambrai")
    press(page, "Enter")
    page.locator("retouche-card").get_by_role("button", name="Corriger").first.wait_for()
    reach(page, "Corriger")
    press(page, "Enter")
    page.locator("retouche-editor retouche-input").first.wait_for()
    reach(page, "Agents formés")
    press(page, "ControlOrMeta+a")
    page.keyboard.type("7")
    reach(page, "Vérifier et envoyer")
    press(page, "Enter")
    page.locator("retouche-review ins").first.wait_for()
    reach(page, "Envoyer 1 correction")
    press(page, "Enter")
    expect(page.locator("retouche-review").get_by_text("Merci !")).to_be_focused()
    press(page, "Escape")
    expect(page.locator("retouche-review")).to_have_count(0)
    expect(page.locator("retouche-card")).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.evaluate(FOCUSED).startswith("Bus France services de Cambrai")


def test_the_number_of_results_is_told_once(visit: Visit) -> None:
    page = shown(visit(), "cards")
    page.evaluate(
        f"""() => {{ {ALL} window.told = [];
        for (const one of every(document)) {{
          if (!one.matches('[role=status], [role=alert], [aria-live]')) continue;
          let last = one.textContent.trim();
          new MutationObserver(() => {{
            const now = one.textContent.trim();
            if (now && now !== last) window.told.push(now);
            last = now;
          }}).observe(one, {{ subtree: true, childList: true, characterData: true }});
        }} }}"""
    )
    page.get_by_role("searchbox").press_sequentially("maubeuge", delay=30)
    expect(page.locator(".count").first).to_contain_text(" sur 200 ")
    page.wait_for_timeout(900)
    told = [one for one in page.evaluate("window.told") if "200" in one or "résultat" in one]
    assert len(told) == 1, told


def test_the_panel_of_columns_closes_when_something_else_is_clicked(visit: Visit) -> None:
    page = shown(visit(), "table")
    columns = page.get_by_role("button", name="Colonnes")
    columns.click()
    page.locator(".chooser label").first.wait_for()
    page.locator("retouche-widget h2").first.click()
    expect(columns).to_have_attribute("aria-expanded", "false")
    columns.click()
    page.locator(".chooser input").first.uncheck()
    expect(columns).to_have_attribute("aria-expanded", "true")


def test_a_map_fills_the_height_that_a_page_gives(visit: Visit) -> None:
    visitor = visit()
    page = shown(visitor, "map", attributes='height="900"')
    over = "one => one.scrollHeight - one.clientHeight"
    assert page.locator("retouche-widget .body").first.evaluate(over) <= 1
    frame = page.locator("retouche-map .frame").bounding_box()
    body = page.locator("retouche-widget .body").first.bounding_box()
    assert frame
    assert body
    assert body["y"] + body["height"] - frame["y"] - frame["height"] < 80


def test_all_that_lies_on_one_spot_of_the_map_is_reached(visit: Visit) -> None:
    visitor = visit()
    page = visitor.page
    spot = {"latitude": "44.55900", "longitude": "6.07900"}

    def together(route: Route) -> None:
        answer = json.loads(route.fetch().body())
        for row in answer["data"]:
            row.update({name: text for name, text in spot.items() if name in row})
        route.fulfill(json=answer)

    page.route("**/structures/rows?*", together)
    visitor.expected = lambda text: "GPU stall due to ReadPixels" in text
    visitor.widget("carte", query="?carte.map=44.55900,6.07900,12&carte.f.dep_lib=Hautes-Alpes")
    page.locator("retouche-map-list .entry").first.wait_for()
    page.wait_for_timeout(1000)
    page.locator(".maplibregl-canvas").click()
    card = page.locator("retouche-map-popup")
    expect(card.get_by_text(" sur ")).to_be_visible()
    first = card.locator(".title").inner_text()
    card.get_by_role("button", name="Suivant").focus()
    press(page, "Enter")
    expect(card.locator(".title")).not_to_have_text(first)
    assert page.evaluate(FOCUSED) == "Suivant"
    visitor.check("people-spot")
    press(page, "Escape")
    expect(card).to_have_count(0)


def test_a_connection_lost_on_the_way_is_told_and_the_draft_is_kept(
    visit: Visit, desk: Desk
) -> None:
    visitor = visit(site=desk.host)
    visitor.expected = lambda text: "ERR_INTERNET_DISCONNECTED" in text
    page = visitor.widget("fiches", query="?fiches.row=32")
    page.locator("retouche-card").get_by_role("button", name="Corriger").first.click()
    form = page.locator("retouche-editor")
    form.get_by_role("textbox", name="Adresse").fill("4 rue du Tunnel")
    form.get_by_role("button", name="Vérifier et envoyer").click()
    review = page.locator("retouche-review")
    expect(review.locator("ins").first).to_be_visible()
    visitor.context.set_offline(True)
    review.get_by_role("button", name="Envoyer 1 correction").click()
    expect(review.get_by_text("Rien n’est perdu")).to_be_visible()
    visitor.check("people-offline")
    visitor.context.set_offline(False)
    review.get_by_role("button", name="Envoyer").click()
    expect(review.get_by_text("Merci !")).to_be_focused()


def test_a_map_keeps_its_outlines_where_the_system_forces_its_colours(visit: Visit) -> None:
    page = shown(visit(forced_colors="active"), "map")
    colours = """async () => { const { map } = document.querySelector('retouche-widget').shadowRoot
      .querySelector('retouche-map').screen.ground;
      return [map.getPaintProperty('ground', 'background-color'),
        map.getPaintProperty('areas', 'fill-color'), map.getPaintProperty('borders', 'line-color')];
    }"""
    assert len(set(page.evaluate(colours))) == 3

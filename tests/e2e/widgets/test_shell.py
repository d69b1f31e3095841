"""All that stands around the views: filters, search, sort, address, sharing, languages, states."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.widgets.visiting import Host, Visitor

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]
FOCUSED = """() => { let found = document.activeElement;
  while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
  return (found?.getAttribute('aria-label') || found?.textContent || '').trim(); }"""
ALL = "200 France services"
NO_ROWS = {"data": [], "meta": {"page": 1, "page_size": 1, "total": 200, "revision": ""}}


def parameters(page: Page) -> list[tuple[str, str]]:
    return parse_qsl(urlsplit(page.url).query, keep_blank_values=True)


def test_a_filter_narrows_the_rows_and_keeps_its_own_choices(visit: Visit) -> None:
    page = visit().widget("fiches", query="?a=1&a=2")
    expect(page.locator(".count")).to_have_text(ALL)
    page.get_by_role("button", name="Filtrer").click()
    page.get_by_role("checkbox", name="Nord 114").check()
    expect(page.locator(".count")).to_have_text("114 sur 200 France services")
    expect(page.get_by_role("checkbox", name="Indre 48")).to_be_visible()
    page.get_by_role("checkbox", name="Indre 48").check()
    expect(page.locator(".count")).to_have_text("162 sur 200 France services")
    assert parameters(page) == [
        ("a", "1"),
        ("a", "2"),
        ("fiches.f.dep_lib", "Nord"),
        ("fiches.f.dep_lib", "Indre"),
    ]
    page.get_by_role("radio", name="Oui").check()
    expect(page.get_by_role("button", name="Retirer : Zone de revitalisation")).to_be_visible()
    page.get_by_role("button", name="Retirer : Département : Nord").click()
    page.get_by_role("button", name="Tout effacer").first.click()
    expect(page.locator(".count")).to_have_text(ALL)
    assert parameters(page) == [("a", "1"), ("a", "2")]


def test_filters_survive_a_reload_and_name_missing_values(visit: Visit) -> None:
    page = visit().widget("calendrier", query="?calendrier.f.jour=&calendrier.f.jour=lundi")
    expect(page.locator(".count")).to_have_text("16 sur 64 Passages des bus")
    expect(page.get_by_role("button", name="(vide)")).to_be_visible()
    page.reload()
    expect(page.locator(".count")).to_have_text("16 sur 64 Passages des bus")


def test_the_values_of_a_foreign_key_are_called_by_their_rows(visit: Visit) -> None:
    page = visit().widget("calendrier")
    page.get_by_role("button", name="Filtrer").click()
    box = page.get_by_role("checkbox", name=re.compile(r"^Bus France services de Cambrai \d+$"))
    box.check()
    chip = page.get_by_role("button", name=re.compile("Retirer : .*Bus France services de Cambrai"))
    expect(chip).to_be_visible()


def test_the_search_waits_for_a_pause_and_can_be_cleared(visit: Visit) -> None:
    visitor = visit()
    page = visitor.widget("fiches")
    expect(page.locator(".count")).to_have_text(ALL)
    before = len(visitor.requests)
    page.get_by_role("searchbox", name="Rechercher").press_sequentially("maubeuge", delay=20)
    expect(page.locator(".count")).to_have_text(re.compile(r"\b\d+ sur 200 France"))
    asked = [one.url for one in visitor.requests[before:] if "q=" in urlsplit(one.url).query]
    assert {dict(parse_qsl(urlsplit(one).query))["q"] for one in asked} == {"maubeuge"}
    assert parameters(page) == [("fiches.q", "maubeuge")]
    page.keyboard.press("Escape")
    expect(page.locator(".count")).to_have_text(ALL)
    assert parameters(page) == []


def test_no_result_says_so(visit: Visit) -> None:
    page = visit().widget("fiches", query="?fiches.q=zzzz")
    expect(page.locator(".count")).to_have_text("Aucun résultat sur 200 France services")


def test_rows_are_sorted_by_several_fields(visit: Visit) -> None:
    page = visit().widget("fiches")
    page.get_by_role("button", name="Trier").click()
    page.get_by_role("combobox", name="Trier par").select_option("fs_satisfaction")
    page.get_by_role("button", name=re.compile("Croissant")).click()
    page.get_by_role("combobox", name="puis par").last.select_option("dep_lib")
    assert parameters(page) == [
        ("fiches.sort", "-fs_satisfaction"),
        ("fiches.sort", "dep_lib"),
    ]
    page.get_by_role("button", name="Ordre de départ").click()
    assert parameters(page) == []


def test_the_back_button_undoes_steps(visit: Visit) -> None:
    page = visit().widget("fiches")
    page.get_by_role("button", name="Table", exact=True).click()
    expect(page.locator("retouche-table")).to_be_visible()
    assert parameters(page) == [("fiches.view", "table")]
    page.go_back()
    expect(page.locator("retouche-cards")).to_be_visible()
    page.go_forward()
    expect(page.locator("retouche-table")).to_be_visible()


def test_an_address_opens_a_card_and_closing_it_leaves_the_rest(visit: Visit) -> None:
    page = visit().widget("fiches", query="?x=%20&fiches.row=1&fiches.view=table")
    page.get_by_role("heading", name="France services d'Ancelle").wait_for()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"\?x=%20&fiches\.view=table$"))


def test_two_widgets_on_a_page_do_not_clash(visit: Visit) -> None:
    visitor = visit()
    src = f"{visitor.host.server}/api/v1/datasets/france-services/widgets/fiches"
    one = f'<retouche-widget src="{src}"></retouche-widget>'
    page = visitor.page
    page.goto(visitor.host.put(one + one) + "?fiches-2.q=maubeuge")
    first, second = page.locator("retouche-widget").first, page.locator("retouche-widget").last
    expect(first.locator(".count")).to_have_text(ALL)
    expect(second.locator(".count")).to_have_text(re.compile(" sur 200 "))
    first.get_by_role("searchbox").fill("cambrai")
    expect(first.locator(".count")).to_have_text(re.compile(" sur 200 "))
    assert parameters(page) == [("fiches-2.q", "maubeuge"), ("fiches.q", "cambrai")]
    # Who leaves gives the prefix back, who is only moved keeps it.
    page.evaluate(
        "() => { const [one, other] = document.querySelectorAll('retouche-widget');"
        " other.remove(); one.parentElement.prepend(one); one.insertAdjacentHTML('afterend',"
        " other.outerHTML); }"
    )
    expect(page.locator("retouche-widget").last.locator(".count")).to_have_text(
        re.compile(" sur 200 ")
    )
    assert page.evaluate(
        "() => [...document.querySelectorAll('retouche-widget')].map((one) => one.session.prefix)"
    ) == ["fiches", "fiches-2"]


def test_a_prefix_may_be_chosen_or_none(visit: Visit) -> None:
    visitor = visit()
    page = visitor.widget("fiches", attributes='prefix="mine"', query="?mine.q=maubeuge")
    expect(page.locator(".count")).to_have_text(re.compile(" sur 200 "))
    page = visitor.widget("fiches", attributes='prefix="none"', query="?fiches.q=maubeuge")
    expect(page.locator(".count")).to_have_text(ALL)
    page.get_by_role("searchbox").fill("cambrai")
    expect(page.locator(".count")).to_have_text(re.compile(" sur 200 "))
    assert parameters(page) == [("fiches.q", "maubeuge")]


def test_tabs_are_walked_with_arrows_and_each_begins_anew(visit: Visit) -> None:
    page = visit().widget("dataviz", query="?dataviz.q=2020")
    page.get_by_role("tab", name="Déploiement").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Porteurs")).to_be_focused()
    expect(page.get_by_role("tab", name="Porteurs")).to_have_attribute("aria-selected", "true")
    assert parameters(page) == [("dataviz.tab", "portage")]
    page.keyboard.press("End")
    expect(page.get_by_role("tab").last).to_be_focused()
    page.go_back()
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("2020")


def test_a_page_may_fix_filters_hide_parts_and_choose_the_view(visit: Visit) -> None:
    page = visit().widget(
        "fiches",
        attributes='filters="dep_lib=Nord&from.com_population=5000" view="table" readonly'
        ' hide="title toolbar sort" height="640"',
    )
    expect(page.locator("retouche-table")).to_be_visible()
    expect(page.locator(".count")).to_have_text(re.compile(r"^\s*\d+ France services\s*$"))
    assert int(page.locator(".count").inner_text().split()[0]) < 114
    for name in ("Trier", "Partager", "Ajouter une ligne"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    assert page.get_by_role("heading", level=2).count() == 0
    assert page.locator("retouche-widget").bounding_box()["height"] == 640  # type: ignore[index]
    page.get_by_role("button", name="Filtrer").click()
    expect(page.get_by_role("checkbox", name=re.compile("^Indre"))).to_have_count(0)


def test_the_language_is_that_of_the_page_and_can_be_changed(visit: Visit) -> None:
    page = visit().widget("fiches", lang="en")
    expect(page.locator(".count")).to_have_text("200 Counters")
    page.get_by_role("button", name="FR – Français").click()
    expect(page.locator(".count")).to_have_text(ALL)
    expect(page.get_by_role("button", name="Filtrer")).to_be_visible()
    page.locator("retouche-widget").evaluate("(one) => one.setAttribute('locale', 'en')")
    expect(page.locator(".count")).to_have_text("200 Counters")


def test_full_screen_and_out_of_it(visit: Visit) -> None:
    page = visit().widget("fiches")
    page.evaluate("() => { Element.prototype.requestFullscreen = () => Promise.reject(); }")
    page.get_by_role("button", name="Plein écran").click()
    expect(page.locator("retouche-widget")).to_have_attribute("data-full", "")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Plein écran")).to_be_visible()


def test_the_address_is_shared_and_selected_where_copying_is_refused(visit: Visit) -> None:
    page = visit().widget("fiches", query="?fiches.q=maubeuge")
    page.evaluate(
        "() => { Object.defineProperty(navigator, 'clipboard', { value: undefined });"
        " document.execCommand = () => false; }"
    )
    page.get_by_role("button", name="Partager").click()
    dialog = page.locator("retouche-dialog")
    expect(dialog.get_by_label("Adresse", exact=True)).to_have_value(page.url)
    dialog.get_by_role("button", name="Copier").click()
    expect(dialog.get_by_role("status")).to_contain_text("sélectionné")
    assert page.evaluate("() => getSelection().toString()") == page.url
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED) == "Partager"


def test_filtered_rows_or_all_of_them_can_be_downloaded(visit: Visit) -> None:
    page = visit().widget("fiches", query="?fiches.f.dep_lib=Nord")
    expect(page.locator(".count")).to_have_text("114 sur 200 France services")
    page.get_by_role("button", name="Télécharger").click()
    dialog = page.locator("retouche-dialog")
    expect(dialog.get_by_role("radio", name="Lignes filtrées (114)")).to_be_checked()
    address = str(dialog.get_by_role("link", name=re.compile("^CSV")).get_attribute("href"))
    lines = page.request.get(address).text().strip().splitlines()
    assert len(lines) == 115
    dialog.get_by_role("radio", name="Toutes les lignes (200)").check()
    address = str(dialog.get_by_role("link", name=re.compile("^GeoJSON")).get_attribute("href"))
    assert len(page.request.get(address).json()["features"]) == 200


def test_the_code_to_embed_works_when_pasted(visit: Visit) -> None:
    visitor = visit()
    page = visitor.widget("fiches")
    page.get_by_role("button", name="Intégrer").click()
    code = page.get_by_label("Élément", exact=True).input_value()
    assert '<script type="module"' in code
    page.goto(visitor.host.put(code.split("\n", 1)[1], path="/pasted"))
    expect(page.locator(".count")).to_have_text(ALL)


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_everything_around_the_views_is_accessible(visit: Visit, width: int, lang: str) -> None:
    visitor = visit(width)
    query = "?fiches.f.dep_lib=Nord&fiches.q=france"
    page = visitor.widget("fiches", lang=lang, query=query)
    french = lang == "fr"
    page.locator("retouche-chips").get_by_role("listitem").first.wait_for()
    page.get_by_role("button", name="Trier" if french else "Sort").click()
    page.locator("retouche-sort").wait_for()
    visitor.check(f"shell-{lang}")
    page.get_by_role("button", name="Trier" if french else "Sort").click()
    page.get_by_role("button", name="Filtrer" if french else "Filter").click()
    page.get_by_role("checkbox").first.wait_for()
    visitor.check(f"shell-filters-{lang}")
    page.keyboard.press("Escape")
    names = ("Partager", "Télécharger", "Intégrer") if french else ("Share", "Download", "Embed")
    for name in names:
        page.get_by_role("button", name=name, exact=True).click()
        page.get_by_role("dialog").wait_for()
        visitor.check(f"shell-{name}-{lang}")
        page.keyboard.press("Escape")


@pytest.mark.parametrize("theme", ["dark", "auto"])
def test_a_dark_theme_is_accessible_and_goes_down_to_dialogs(visit: Visit, theme: str) -> None:
    visitor = visit(768, color_scheme="dark")
    page = visitor.widget("fiches", attributes=f'theme="{theme}"', query="?fiches.q=maubeuge")
    page.locator("retouche-chips").get_by_role("listitem").first.wait_for()
    page.get_by_role("button", name="Filtrer").click()
    page.get_by_role("checkbox").first.wait_for()
    visitor.check(f"shell-{theme}")
    page.get_by_role("button", name="Intégrer").click()
    page.get_by_role("dialog").wait_for()
    visitor.check(f"shell-dialog-{theme}")
    background = "(one) => getComputedStyle(one).backgroundColor"
    assert page.locator("retouche-dialog dialog").evaluate(background) == "rgb(23, 25, 30)"


def test_filtering_needs_no_mouse(visit: Visit) -> None:
    page = visit().widget("fiches")
    expect(page.locator(".count")).to_have_text(ALL)
    page.get_by_role("button", name="Filtrer").focus()
    page.keyboard.press("Enter")
    page.get_by_role("checkbox", name="Nord 114").wait_for()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == "" and page.get_by_role("checkbox", name="Nord").evaluate(
            "(one) => one.getRootNode().activeElement === one"
        ):
            break
    page.keyboard.press("Space")
    expect(page.locator(".count")).to_have_text("114 sur 200 France services")
    page.keyboard.press("Escape")
    assert page.evaluate(FOCUSED).startswith("Filtrer")
    page.get_by_role("button", name="Retirer : Département : Nord").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".count")).to_have_text(ALL)
    assert page.evaluate(FOCUSED).startswith("Filtrer")


def test_a_narrow_column_of_a_wide_page_is_enough(visit: Visit) -> None:
    visitor = visit(1280)
    visitor.host.pages["/narrow.css"] = ("text/css", "#box{width:300px}")
    src = f"{visitor.host.server}/api/v1/datasets/france-services/widgets/fiches"
    page = visitor.page
    page.goto(
        visitor.host.put(
            '<link rel="stylesheet" href="/narrow.css">'
            f'<div id="box"><retouche-widget src="{src}"></retouche-widget></div>'
        )
    )
    expect(page.locator(".count")).to_have_text(ALL)
    over = "(one) => one.scrollWidth - one.clientWidth"
    assert page.locator("#box").evaluate(over) == 0
    page.get_by_role("button", name="Filtrer").click()
    page.get_by_role("dialog").wait_for()
    visitor.check("shell-narrow")


def test_ranges_and_dates_are_bounded_by_what_is_typed(visit: Visit) -> None:
    visitor = visit(768)
    page = visitor.page
    fields = (("com_population", "range"), ("maj", "dates"), ("id_fs", "any"))

    def ranged(route: Route) -> None:
        descriptor = json.loads(route.fetch().body())
        schema = descriptor["resources"]["structures"]["schema"]
        schema["fields"].append({"name": "maj", "type": "date"})
        descriptor["filters"] = [{"field": name, "mode": mode} for name, mode in fields]
        route.fulfill(json=descriptor)

    page.route(re.compile("/widgets/fiches$"), ranged)
    # The dates are no field of the data: its limits cannot be asked for.
    page.route(re.compile("columns=maj"), lambda route: route.fulfill(json=NO_ROWS))
    visitor.widget("fiches", query="?fiches.from.com_population=x&fiches.from.gone=1")
    expect(page.locator(".count")).to_have_text(ALL)
    page.get_by_role("button", name="Filtrer").click()
    least = page.get_by_label("Minimum").first
    expect(least).to_have_attribute("placeholder", re.compile(r"\d"))
    least.fill("10 000,5")
    expect(page.locator(".count")).to_have_text(re.compile(" sur 200 "))
    assert parameters(page)[-1] == ("fiches.from.com_population", "10000.5")
    page.get_by_label("Maximum").first.fill("12")
    expect(page.get_by_text("Le minimum est plus grand que le maximum.")).to_be_visible()
    page.get_by_label("Maximum").first.fill("douze")
    expect(page.get_by_text("Écrivez un nombre.")).to_be_visible()
    visitor.check("shell-ranges")
    page.get_by_role("button", name=re.compile("^Retirer : .*à partir de")).click()
    expect(page.locator(".count")).to_have_text(ALL)
    expect(least).to_have_value("")


def test_a_long_list_of_values_has_a_search_of_its_own(visit: Visit) -> None:
    visitor = visit(768)
    page = visitor.page

    def longer(route: Route) -> None:
        descriptor = json.loads(route.fetch().body())
        descriptor["filters"] = [{"field": "lib_com", "label": {"fr": "Où", "en": "Where"}}]
        route.fulfill(json=descriptor)

    page.route(re.compile("/widgets/fiches$"), longer)
    visitor.widget("fiches")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.get_by_role("checkbox")).to_have_count(8)
    page.get_by_role("button", name=re.compile(r"Afficher \d+ de plus")).click()
    page.get_by_role("searchbox", name="Chercher dans « Où »").fill("EVRY maub")
    expect(page.get_by_text("Aucune valeur ne correspond.")).to_be_visible()
    page.get_by_role("searchbox", name="Chercher dans « Où »").fill("MAUB")
    page.get_by_role("checkbox", name=re.compile("^Maubeuge")).check()
    expect(page.get_by_role("button", name="Retirer : Où : Maubeuge")).to_be_visible()
    visitor.check("shell-long-filter")


def test_a_site_reaches_the_parts_of_a_view_through_the_widget(visit: Visit, host: Host) -> None:
    plain = host.pages["/host.css"]
    rule = "retouche-widget::part(card) { outline: 3px solid rgb(1, 2, 3) }"
    host.pages["/host.css"] = ("text/css", f"{plain[1]}{rule}")
    try:
        page = visit().widget()
        card = page.locator("retouche-cards [part~=card]").first
        expect(card).to_have_css("outline-color", "rgb(1, 2, 3)")
    finally:
        host.pages["/host.css"] = plain

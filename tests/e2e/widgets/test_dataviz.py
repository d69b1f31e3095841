"""Charts of a widget: drawn, read as tables, filtering by a click or by keys, taken away."""

from __future__ import annotations

import json
import re
import struct
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.widgets.visiting import Visitor

pytestmark = pytest.mark.browser

ACTIVITY = "?dataviz.tab=activite"
DEPARTMENTS = "France services par département"


def chart(page: Page, title: str) -> Locator:
    return page.locator("retouche-chart").filter(has_text=title).first


def drawn(page: Page, charts: int) -> None:
    """Wait until so many charts are drawn, and none is waited for."""
    expect(page.locator("retouche-chart svg[role=img]")).to_have_count(charts)
    expect(page.locator("retouche-dataviz [aria-busy=true]")).to_have_count(0)


def aggregate(server: str, resource: str, query: str) -> list[dict[str, Any]]:
    url = f"{server}/api/v1/datasets/france-services/resources/{resource}/aggregate?{query}"
    with urllib.request.urlopen(url) as answer:
        found: list[dict[str, Any]] = json.load(answer)["data"]
    return found


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_charts_are_drawn_and_readable_at_every_width(
    visit: Callable[..., Visitor], width: int
) -> None:
    visitor = visit(width)
    page = visitor.widget("dataviz", query=ACTIVITY)
    drawn(page, 6)
    expect(page.locator("retouche-chart .figure")).to_have_count(4)
    visitor.check("dataviz")


def test_the_charts_speak_english_and_are_readable_in_the_dark(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit(768, locale="en-GB")
    page = visitor.widget("dataviz", query=ACTIVITY, lang="en", attributes='theme="dark"')
    drawn(page, 6)
    told = (
        chart(page, "Counters by department").locator("svg[role=img]").get_attribute("aria-label")
    )
    assert (
        told == "Bar chart, 3 values. Largest: Nord, 114; smallest: Hautes-Alpes, 38. Total: 200."
    )
    visitor.check("dataviz-dark")


def test_a_line_shows_its_aims(visit: Callable[..., Visitor]) -> None:
    visitor = visit(360)
    page = visitor.widget("dataviz", query="?dataviz.tab=deploiement")
    drawn(page, 1)
    line = chart(page, "France services labellisées et objectifs")
    told = line.locator("svg[role=img]").get_attribute("aria-label") or ""
    assert "460" in told
    assert "2\u202f379" in told
    assert "Repère\u00a0: Objectif : au moins 2 000 en 2022" in told
    expect(line.locator("svg path[stroke-dasharray]")).to_have_count(2)
    visitor.check("dataviz-line")


def test_a_click_on_a_bar_filters_all_charts_and_the_address(
    visit: Callable[..., Visitor],
) -> None:
    page = visit().widget("dataviz", query=ACTIVITY)
    drawn(page, 6)
    bars = chart(page, DEPARTMENTS)
    figure = page.locator("retouche-chart .figure").first
    expect(figure).to_contain_text("200")
    bars.locator("path[data-mark='1']").last.click()
    expect(figure).to_contain_text("48")
    expect(page).to_have_url(re.compile(r"dataviz\.f\.dep_lib=Indre"))
    # Its own bars stay, those that are not chosen step back.
    expect(bars.locator("[role=option]")).to_have_count(3)
    expect(bars.locator("[role=option][aria-selected=true]")).to_have_text("Indre : 48")
    assert bars.locator("path[opacity]").count() == 2
    bars.locator("path[data-mark='0']").last.click()
    expect(figure).to_contain_text("162")
    for mark in ("0", "1"):
        bars.locator(f"path[data-mark='{mark}']").last.click()
    expect(figure).to_contain_text("200")
    assert "dep_lib" not in page.url


def test_a_chart_is_walked_through_and_filters_by_keyboard(visit: Callable[..., Visitor]) -> None:
    page = visit().widget("dataviz", query=ACTIVITY)
    drawn(page, 6)
    bars = chart(page, DEPARTMENTS)
    marks = bars.locator("[role=listbox]")
    marks.focus()
    expect(bars.locator(".tip")).to_contain_text("Nord")
    page.keyboard.press("End")
    expect(bars.locator(".tip")).to_contain_text("Hautes-Alpes")
    expect(marks).to_have_attribute("aria-activedescendant", "mark-2")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("retouche-chart .figure").first).to_contain_text("48")
    expect(marks).to_be_focused()
    expect(bars.locator(".tip")).to_contain_text("Retirer le filtre")
    page.keyboard.press("Escape")
    expect(bars.locator(".tip")).to_have_count(0)


@pytest.mark.parametrize(
    ("title", "field", "measure"),
    [
        (DEPARTMENTS, "dep_lib", "count"),
        ("Thématique principale des associations", "asso_thematique_principale", "count"),
        ("Demandes traitées par type de structure", "fs_statut", "sum_fs_nombre_total_services"),
    ],
)
def test_the_table_of_a_chart_has_the_figures_of_the_api(
    visit: Callable[..., Visitor], title: str, field: str, measure: str
) -> None:
    visitor = visit(768)
    page = visitor.widget("dataviz", query=ACTIVITY + "&dataviz.f.dep_lib=Nord")
    drawn(page, 6)
    figures = chart(page, title)
    figures.get_by_role("button", name="Tableau").click()
    rows = figures.locator("tbody tr").all()
    shown = [int(re.sub(r"\D", "", row.locator("td").first.inner_text())) for row in rows]
    asked = f"by={field}" + ("" if field == "dep_lib" else "&dep_lib__in=Nord")
    if measure != "count":
        asked += f"&sum={measure.removeprefix('sum_')}"
    groups = aggregate(visitor.host.server, "structures", asked)
    present = [group[measure] for group in groups if group[field] is not None]
    missing = [group[measure] for group in groups if group[field] is None]
    assert shown == sorted(present, reverse=True) + missing
    visitor.check("dataviz-table")


def test_a_chart_is_taken_away_as_svg_and_as_png(
    visit: Callable[..., Visitor], tmp_path: Path
) -> None:
    page = visit().widget("dataviz", query=ACTIVITY)
    drawn(page, 6)
    donut = chart(page, "Étape de labellisation")
    with page.expect_download() as vector:
        donut.get_by_role("button", name="SVG").click()
    assert vector.value.suggested_filename == "etape-de-labellisation.svg"
    vector.value.save_as(tmp_path / "chart.svg")
    root = ElementTree.parse(tmp_path / "chart.svg").getroot()
    text = " ".join(root.itertext())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "Étape de labellisation" in text
    assert "Labellisée" in text
    assert "Source\u00a0: " in text
    assert "var(" not in ElementTree.tostring(root, encoding="unicode")
    with page.expect_download() as pixels:
        donut.get_by_role("button", name="PNG").click()
    pixels.value.save_as(tmp_path / "chart.png")
    content = (tmp_path / "chart.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    size = struct.unpack(">II", content[16:24])
    assert size == (2 * int(root.attrib["width"]), 2 * round(float(root.attrib["height"])))


def test_a_chart_that_cannot_be_read_says_so_alone_and_is_read_again(
    visit: Callable[..., Visitor],
) -> None:
    visitor = visit()
    visitor.expected = lambda text: "Failed to load resource" in text
    # The host page is first shown without the answer to one of the charts.
    failing = re.compile(r"/aggregate\?.*by=dep_lib")
    visitor.page.route(failing, lambda route: route.abort())
    page = visitor.widget("dataviz", query=ACTIVITY)
    expect(page.locator("retouche-dataviz").get_by_role("alert")).to_have_count(1)
    expect(page.locator("retouche-chart svg[role=img]")).to_have_count(5)
    visitor.check("dataviz-failed")
    page.unroute(failing)
    page.locator("retouche-dataviz").get_by_role("button", name="Réessayer").click()
    drawn(page, 6)


def test_charts_without_rows_tell_how_to_get_out(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = visitor.widget("dataviz", query=ACTIVITY + "&dataviz.q=introuvable")
    empty = page.locator("retouche-dataviz").get_by_text("Aucune donnée avec ces filtres.")
    expect(empty).to_have_count(6)
    visitor.check("dataviz-empty")
    page.locator("retouche-dataviz").get_by_role("button", name="Effacer les filtres").first.click()
    drawn(page, 6)

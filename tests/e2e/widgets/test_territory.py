"""The territory widget of the bundled dataset: supply, tension and access by area."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.widgets.visiting import Visitor

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]
WIDTHS = [360, 768, 1280]


def opened(visitor: Visitor, view: str, tab: str = "departements") -> Page:
    query = f"?territoire.tab={tab}&territoire.view={view}"
    return visitor.widget("territoire", query=query)


@pytest.mark.parametrize("width", WIDTHS)
def test_departments_by_supply_and_by_tension(visit: Visit, width: int) -> None:
    visitor = visit(width)
    page = opened(visitor, "map")
    areas = page.locator("retouche-map").get_by_role("list").filter(has_text="Hautes-Alpes")
    expect(areas).to_contain_text("2,33")
    expect(areas).to_contain_text("Nord")
    page.locator(".maplibregl-canvas").wait_for()
    visitor.check("territory-supply")
    if width > 768:
        page.get_by_role("radio", name="Tension par département").check()
        expect(areas.get_by_role("listitem").first).to_contain_text("Nord")
        visitor.check("territory-tension")


@pytest.mark.parametrize(
    ("tab", "view", "told"),
    [
        ("departements", "table", "Hautes-Alpes"),
        ("departements", "dataviz", "Habitants à moins de 20 km (%)"),
        ("epci", "table", "Métropole Européenne de Lille"),
        ("communes", "table", "Abriès-Ristolas"),
        ("communes", "dataviz", "Tension moyenne par typologie"),
        ("permanences", "table", "Semaines paires"),
    ],
)
def test_the_same_as_table_and_charts(visit: Visit, tab: str, view: str, told: str) -> None:
    visitor = visit(1280)
    page = opened(visitor, view, tab)
    expect(page.get_by_text(told).first).to_be_visible()
    visitor.check(f"territory-{tab}-{view}")


def test_stops_tell_where_and_when(visit: Visit) -> None:
    visitor = visit(1280)
    page = opened(visitor, "map", "permanences")
    page.get_by_role("button", name="Aiguilles - salle des fêtes").click()
    expect(page.get_by_text("mercredi", exact=False).first).to_be_visible()
    visitor.check("territory-stops")

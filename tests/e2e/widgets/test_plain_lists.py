"""Lists as they come, without a key and with odd headings: the widgets made for them work."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import serving
from tests.e2e.widgets.visiting import Host, Visitor

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]

LIST = '''"nom, ""usuel""",count,latitude,longitude
Gap,fixe,44.56,6.08
Gap,mobile,44.90,6.64
Embrun,fixe,44.56,6.50
Gap,fixe,44.56,6.08
Embrun,mobile,44.10,6.20
Veynes,fixe,44.53,5.82
'''


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """A host page beside a server of one CSV, in which nothing tells all rows apart."""
    folder = tmp_path_factory.mktemp("plain")
    (folder / "liste.csv").write_text(LIST, encoding="utf-8")
    with serving(folder / "home", folder / "liste.csv") as served:
        site = Host(served.url)
        yield site
        site.close()


def test_rows_without_a_key_are_all_in_the_table_and_open_nothing(
    visit: Visit, plain: Host
) -> None:
    visitor = visit(site=plain)
    page = visitor.widget("table", dataset="liste")
    expect(page.locator("[role=grid]")).to_have_attribute("aria-rowcount", "7")
    cell = page.locator("[data-row='0'][data-column='0']")
    expect(cell).to_have_text("Embrun")
    expect(page.locator("[data-open]")).to_have_count(0)
    cell.click()
    page.keyboard.press("Space")
    expect(page.locator("retouche-dialog")).to_have_count(0)
    assert "row=" not in page.url
    visitor.check("plain-table")


def test_rows_without_a_key_are_cards_that_lead_nowhere(visit: Visit, plain: Host) -> None:
    visitor = visit(site=plain)
    page = visitor.widget("cards", dataset="liste", query="?cards.row=1")
    expect(page.locator("retouche-cards article h3")).to_have_text(
        ["Embrun", "Embrun", "Gap", "Gap", "Gap", "Veynes"]
    )
    expect(page.locator("retouche-cards article :is(a, button)")).to_have_count(0)
    expect(page.locator("retouche-dialog")).to_have_count(0)
    visitor.check("plain-cards")


def test_rows_without_a_key_are_all_on_the_map(visit: Visit, plain: Host) -> None:
    visitor = visit(site=plain)
    page = visitor.widget("map", dataset="liste")
    entries = page.locator("retouche-map-list .entry")
    expect(entries).to_have_count(6)
    entries.first.click()
    popup = page.locator("retouche-map-popup")
    expect(popup.locator(".title")).to_have_text("Embrun")
    expect(popup.locator(".actions")).to_have_count(0)


def test_charts_made_for_a_list_can_be_drawn(visit: Visit, plain: Host) -> None:
    visitor = visit(site=plain)
    page = visitor.widget("dataviz", dataset="liste")
    expect(page.locator("retouche-chart").first).to_contain_text("6")
    expect(page.locator("retouche-dataviz [role=alert]")).to_have_count(0)

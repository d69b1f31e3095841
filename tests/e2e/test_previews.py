"""Widgets at a proposal: what changes is marked in every view, and before is a key away."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browsers import PATIENCE
from tests.e2e.conftest import SCREENSHOTS, Served, serving
from tests.e2e.looking import HEIGHT, Looker
from tests.e2e.widgets.visiting import Host, Visitor

pytestmark = pytest.mark.browser

WIDTHS = (360, 768, 1280)
NUMBER = "04 65 71 99 99"
NAME = "France services du Col"
Open = Callable[..., tuple[Visitor, Page]]


class Proposed:
    """A server with one proposal: a row corrected and moved, one added, one removed."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.moved, self.removed = self.row("1"), self.row("2")
        fields = self.ask("resources/structures")["schema"]["fields"]
        kept = {one["name"] for one in fields if not set(one.get("retouche", {})) & {"derived"}}
        new = {name: cell for name, cell in self.moved.items() if name in kept and cell}
        new |= {"id_fs": "9001", "lib_fs": NAME, "latitude": "44.7", "longitude": "6.3"}
        operations = [
            self.operation("update", "1", new={"fs_telephone": NUMBER, "latitude": "44.64"}),
            {"op": "insert", "resource": "structures", "row": new},
            self.operation("delete", "2"),
        ]
        sent = self.ask("proposals", {"operations": operations})
        self.id, self.head = sent["id"], sent["head"]

    @staticmethod
    def operation(op: str, counter: str, **more: Any) -> dict[str, Any]:
        return {"op": op, "resource": "structures", "key": {"id_fs": counter}, **more}

    def row(self, counter: str) -> dict[str, str | None]:
        found: dict[str, str | None] = self.ask(f"resources/structures/rows/{counter}")["data"]
        return found

    def ask(self, path: str, body: Any = None, **headers: str) -> Any:
        request = Request(
            f"{self.served.url}/api/v1/datasets/france-services/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", **headers},
        )
        with urlopen(request) as answer:
            return json.load(answer)

    def accept(self) -> None:
        token = parse_qs(urlsplit(self.served.sign_in).query)["token"][0]
        bearer = {"Authorization": f"Bearer {token}"}
        self.ask(f"proposals/{self.id}/accept", {"head": self.head}, **bearer)


@pytest.fixture(scope="module")
def proposed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proposed]:
    with serving(tmp_path_factory.mktemp("home")) as served:
        yield Proposed(served)


@pytest.fixture(scope="module")
def site(proposed: Proposed) -> Iterator[Host]:
    """A page of another site that embeds the widgets."""
    found = Host(proposed.served.url)
    yield found
    found.close()


@pytest.fixture
def open_at(chromium: Browser, proposed: Proposed, site: Host) -> Iterator[Open]:
    """Open a widget at the proposal (or another revision), in a window of its own."""
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def opened(
        width: int, widget: str = "fiches", revision: str | None = None, **state: str
    ) -> tuple[Visitor, Page]:
        context = chromium.new_context(viewport={"width": width, "height": HEIGHT}, locale="fr-FR")
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        visitor = Visitor(context, site, width, SCREENSHOTS)
        # The browser of the tests draws without a graphics card, and says that this is slow.
        visitor.expected = lambda text: "GPU stall due to ReadPixels" in text
        visitors.append(visitor)
        asked = f"?revision=proposal:{proposed.id}" if revision is None else revision
        query = "&".join(f"{widget}.{name}={value}" for name, value in state.items())
        return visitor, visitor.widget(widget + asked, query=f"?{query}")

    yield opened
    for visitor in visitors:
        visitor.honest()
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_table_marks_cells_and_rows(open_at: Open, proposed: Proposed, width: int) -> None:
    visitor, page = open_at(width, view="table", changes="only")
    rows = page.locator("retouche-table .row:not([aria-busy])")
    expect(rows).to_have_count(3)
    removed = page.locator("retouche-table .row.removed")
    expect(removed).to_contain_text(str(proposed.removed["lib_fs"]))
    expect(removed).to_contain_text("Supprimée")
    expect(page.locator("retouche-table .row.added")).to_contain_text(NAME)
    expect(page.locator("retouche-table .row.added")).to_contain_text("Nouvelle")
    visitor.check("preview-table")
    changed = page.locator("retouche-table .row", has_text=str(proposed.moved["lib_fs"]))
    expect(changed).to_contain_text("Modifiée")


@pytest.mark.parametrize("width", WIDTHS)
def test_cards_say_what_changes(open_at: Open, proposed: Proposed, width: int) -> None:
    visitor, page = open_at(width, changes="only")
    cards = page.locator("retouche-cards article")
    expect(cards).to_have_count(3)
    gone = cards.filter(has_text=str(proposed.removed["lib_fs"]))
    expect(gone.locator("retouche-preview-changes")).to_contain_text("Supprimée")
    changed = cards.filter(has_text=str(proposed.moved["lib_fs"]))
    expect(changed.locator("del").first).to_have_text(str(proposed.moved["fs_telephone"]))
    expect(changed.locator("ins").first).to_have_text(NUMBER)
    expect(page.get_by_text("Corriger", exact=True)).to_have_count(0)
    visitor.check("preview-cards")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_card_says_it_field_by_field(open_at: Open, proposed: Proposed, width: int) -> None:
    visitor, page = open_at(width, row="1")
    note = page.locator("retouche-card retouche-preview-changes")
    expect(note).to_contain_text("Déplacée de 2 km vers le nord")
    expect(note.locator("ins").first).to_have_text(NUMBER)
    visitor.check("preview-card")


def test_the_card_of_a_removed_row_is_still_there(open_at: Open, proposed: Proposed) -> None:
    _, page = open_at(1280, row="2")
    expect(page.locator("retouche-card retouche-preview-changes")).to_contain_text("Supprimée")
    expect(page.locator("retouche-card h3").first).to_have_text(str(proposed.removed["lib_fs"]))


@pytest.mark.parametrize("width", WIDTHS)
def test_the_map_shows_where_rows_come_go_and_move(open_at: Open, width: int) -> None:
    visitor, page = open_at(width, "carte")
    page.locator(".maplibregl-canvas").wait_for()
    entries = page.locator("retouche-map-list .entry")
    expect(entries.filter(has_text="Supprimée")).to_have_count(1)
    expect(entries.filter(has_text="Nouvelle")).to_have_count(1)
    expect(entries.filter(has_text="Déplacée de 2 km vers le nord")).to_have_count(1)
    expect(page.locator("retouche-map .busy")).to_have_count(0)
    visitor.check("preview-map")
    entries.filter(has_text="Supprimée").click()
    expect(page.locator("retouche-map-popup retouche-preview-changes")).to_contain_text("Supprimée")


@pytest.mark.parametrize("width", WIDTHS)
def test_charts_say_what_changes(open_at: Open, width: int) -> None:
    visitor, page = open_at(width, view="dataviz")
    compared = page.locator("retouche-dataviz .compared").first
    expect(compared).to_contain_text("Ce qui change dans ce graphique")
    expect(page.locator("retouche-dataviz [aria-busy=true]")).to_have_count(0)
    visitor.check("preview-charts")


def test_before_and_after_are_switched_by_keyboard(open_at: Open, proposed: Proposed) -> None:
    visitor, page = open_at(1280, view="table", changes="only")
    expect(page.locator("retouche-table .row.added")).to_have_count(1)
    before = page.locator("retouche-preview button[data-side=before]")
    before.focus()
    page.keyboard.press("Enter")
    expect(before).to_have_attribute("aria-pressed", "true")
    expect(page.locator("retouche-preview [role=status]")).to_contain_text("avant")
    rows = page.locator("retouche-table .row:not([aria-busy])")
    expect(rows.filter(has_text="Sera supprimée")).to_have_count(1)
    expect(rows.filter(has_text="Sera modifiée")).to_have_count(1)
    expect(rows.filter(has_text=NAME)).to_have_count(0)
    expect(page).to_have_url(re.compile(r"fiches\.side=before"))
    visitor.check("preview-before")
    page.reload()
    expect(page.locator("retouche-preview button[data-side=before]")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(rows.filter(has_text="Sera supprimée")).to_have_count(1)
    page.locator("retouche-preview button[data-side=after]").press("Space")
    expect(page.locator("retouche-table .row.added")).to_have_count(1)


def test_what_is_asked_for_stays_on_the_other_side(open_at: Open, proposed: Proposed) -> None:
    _, page = open_at(1280, "carte", map="44.70000,6.20000,9.00", row="1")
    page.locator("retouche-map .frame .maplibregl-canvas").first.wait_for()
    card = page.locator("retouche-card retouche-preview-changes")
    expect(card).to_contain_text("Modifiée")
    page.get_by_role("button", name="Fermer").first.click()
    page.locator("retouche-preview button[data-side=before]").press("Enter")
    expect(page.locator("retouche-map-list .entry").first).to_be_visible()
    assert "carte.map=44.70000,6.20000,9.00" in page.url


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_of_the_proposal_leads_there(
    chromium: Browser, proposed: Proposed, width: int
) -> None:
    context = chromium.new_context(
        base_url=proposed.served.url,
        viewport={"width": width, "height": HEIGHT},
        locale="fr-FR",
    )
    context.set_default_timeout(PATIENCE)
    looker = Looker(context, width, SCREENSHOTS, scripts=True)
    page = looker.go(f"/france-services/proposals/{proposed.id}")
    places = page.locator(".previews tbody tr")
    expect(places).to_have_count(3)
    expect(places.filter(has_text="Déplacé de 2 km vers le nord")).to_have_count(1)
    page.locator(".previews iframe").scroll_into_view_if_needed()
    frame = page.frame_locator(".previews iframe")
    expect(frame.locator("retouche-preview")).to_be_visible()
    expect(frame.locator("retouche-map-list .entry").first).to_be_visible()
    looker.check("preview-page")
    link = page.locator(".previews li a", has_text="Table").first
    link.click()
    rows = page.locator("retouche-table .row:not([aria-busy])")
    expect(rows).to_have_count(3)
    context.close()


def test_a_published_widget_pays_nothing_and_shows_it_once_accepted(
    open_at: Open, proposed: Proposed
) -> None:
    """The last test of the module: it publishes what the others look at."""
    _, page = open_at(1280, revision="", q="Ancelle")
    first = page.locator("retouche-cards article").first
    expect(first).to_contain_text(str(proposed.moved["fs_telephone"]))
    expect(page.locator("retouche-preview")).to_have_count(0)
    asked = page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    assert asked
    assert not [one for one in asked if "/preview-" in one or "/static-" in one]
    proposed.accept()
    page.reload()
    expect(first).to_contain_text(NUMBER)
    _, page = open_at(1280)
    expect(page.locator("retouche-preview")).to_contain_text("Acceptée")

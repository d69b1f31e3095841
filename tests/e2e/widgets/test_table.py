"""The table: moved in by keyboard, sorted, resized, scrolled over many rows, and written in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.widgets.long_table import IMAGE, ROWS, serve_long_table
from tests.e2e.widgets.visiting import Host, Visitor

pytestmark = pytest.mark.browser

Visit = Callable[..., Visitor]
SCROLL = "(box, top) => { box.scrollTop = top }"


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """A host page beside a server of 20,000 rows."""
    with serve_long_table(tmp_path_factory.mktemp("long")) as url:
        site = Host(url)
        yield site
        site.close()


@pytest.fixture
def opened(visit: Visit, long: Host) -> Callable[..., tuple[Visitor, Page]]:
    def open_table(width: int = 1280, query: str = "", **more: str) -> tuple[Visitor, Page]:
        visitor = visit(width, site=long)
        page = visitor.widget("table", dataset="long", query=query, **more)
        page.locator("[role=grid][aria-busy=false]").wait_for()
        return visitor, page

    return open_table


Opened = Callable[..., tuple[Visitor, Page]]


def cell(page: Page, row: int, column: str) -> Locator:
    """The cell of a row as drawn (0 is the first) in a column by its title."""
    heading = page.locator("[role=columnheader]", has_text=re.compile(rf"^\s*{column}"))
    number = heading.first.get_attribute("data-column")
    return page.locator(f'[data-row="{row}"][data-column="{number}"]')


def focused(page: Page) -> tuple[str, str]:
    """Row and column of the cell in focus."""
    spot = page.evaluate(
        """() => { let one = document.activeElement;
        while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
        return [one?.dataset?.row ?? "", one?.dataset?.column ?? ""]; }"""
    )
    return spot[0], spot[1]


# What cells show


def test_cells_are_shown_by_their_kind(opened: Opened) -> None:
    _, page = opened(width=3000)
    assert cell(page, 4, "Amount").inner_text() == "7\u202f919\xa0€"
    assert cell(page, 4, "Rate").inner_text() == "4\xa0%"
    expect(cell(page, 4, "Opened").locator("time")).to_have_attribute("datetime", "2004-05-14")
    assert cell(page, 4, "Opened").inner_text() == "14 mai 2004"
    site = cell(page, 4, "Site").get_by_role("link")
    expect(site).to_have_text("example.org/rows/4 (autre site, nouvel onglet)")
    assert site.get_attribute("rel") == "noopener noreferrer external nofollow"
    expect(cell(page, 4, "Mail").get_by_role("link")).to_have_attribute(
        "href", "mailto:row4@example.org"
    )
    expect(cell(page, 4, "Phone").get_by_role("link")).to_have_attribute("href", "tel:0100000004")
    expect(cell(page, 4, "Free")).to_have_text("Oui")
    expect(cell(page, 4, "Kind")).to_have_text("Pâle")
    expect(cell(page, 5, "Kind").locator("li")).to_have_text(["Rouge", "Pâle"])
    expect(cell(page, 4, "Place")).to_contain_text("Place 4")
    assert cell(page, 4, "Empty").inner_text() == "–\npas de valeur"


def test_tags_have_their_colours_and_can_be_read_on_them(opened: Opened) -> None:
    _, page = opened()
    look = "tag => [getComputedStyle(tag).backgroundColor, getComputedStyle(tag).color]"
    assert cell(page, 3, "Kind").locator(".cell-tag").evaluate(look) == [
        "rgb(139, 0, 0)",
        "rgb(255, 255, 255)",
    ]
    assert cell(page, 4, "Kind").locator(".cell-tag").evaluate(look)[1] == "rgb(0, 0, 0)"


def test_a_long_text_is_cut_and_can_be_read_whole(opened: Opened) -> None:
    _, page = opened(width=2600)
    cell(page, 8, "Note").get_by_role("button").click()
    whole = page.get_by_role("dialog", name="Note")
    expect(whole).to_contain_text("A sentence that goes on. " * 7)
    page.keyboard.press("Escape")
    expect(whole).to_be_hidden()


def test_a_picture_of_another_site_is_fetched_only_when_asked_for(opened: Opened) -> None:
    visitor, page = opened(width=3000)
    visitor.expected = lambda text: "pictures.example.org" in text
    page.wait_for_timeout(300)
    assert not any("pictures" in one.url for one in visitor.requests)
    cell(page, 4, "Picture").get_by_role("button").click()
    dialog = page.get_by_role("dialog", name="Picture")
    expect(dialog).to_contain_text("pictures.example.org")
    visitor.requests[:] = [one for one in visitor.requests if "pictures" not in one.url]


def test_hostile_cells_are_texts(opened: Opened) -> None:
    visitor, page = opened(width=3000)
    expect(cell(page, 0, "Name")).to_contain_text(IMAGE)
    expect(cell(page, 0, "Kind")).to_contain_text("{{constructor")
    expect(cell(page, 0, "Rate")).to_contain_text("<svg/onload")
    expect(cell(page, 0, "Site")).to_contain_text("javascript:alert(4)")
    expect(cell(page, 0, "Opened")).to_contain_text("2026-02-30")
    expect(cell(page, 0, "Free")).to_contain_text("perhaps")
    expect(cell(page, 0, "Place")).to_contain_text("<script>")
    expect(cell(page, 0, "Fixed")).to_contain_text("safe[U+202E]gnp.exe")
    row = page.locator('[role=row][aria-rowindex="2"]')
    assert row.locator("a").count() == 0
    assert row.locator("img, script, iframe").count() == 0
    assert row.bounding_box()["height"] == 36  # type: ignore[index]
    visitor.check("table-hostile", axe=False)


# Moving


def test_the_keyboard_reaches_every_cell(opened: Opened) -> None:
    _, page = opened()
    cell(page, 0, "Name").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert focused(page) == ("1", "1")
    page.keyboard.press("End")
    assert focused(page) == ("1", "14")
    expect(cell(page, 1, "Empty")).to_be_in_viewport()
    page.keyboard.press("Control+End")
    assert focused(page) == (str(ROWS - 1), "14")
    expect(cell(page, ROWS - 1, "Fixed")).to_have_text(str(ROWS - 1))
    page.keyboard.press("PageUp")
    assert int(focused(page)[0]) < ROWS - 10
    page.keyboard.press("Control+Home")
    assert focused(page) == ("0", "-1")
    page.keyboard.press("ArrowUp")
    assert focused(page) == ("-1", "-1")


def test_the_grid_is_one_stop_of_the_tab_key(opened: Opened) -> None:
    _, page = opened()
    page.get_by_role("button", name="Colonnes").focus()
    page.keyboard.press("Tab")
    assert focused(page) == ("0", "-1")
    page.keyboard.press("Tab")
    assert focused(page) == ("", "")


def test_the_focus_stays_on_its_cell_while_others_are_scrolled_by(opened: Opened) -> None:
    _, page = opened()
    cell(page, 3, "Name").focus()
    page.locator(".scroller").evaluate(SCROLL, 200_000)
    expect(page.locator('[data-row="5560"]').first).to_be_visible()
    assert focused(page) == ("3", "0")
    page.keyboard.press("ArrowDown")
    assert focused(page) == ("4", "0")
    expect(cell(page, 4, "Name")).to_be_in_viewport()


def test_space_opens_the_card_of_a_row(opened: Opened) -> None:
    _, page = opened()
    cell(page, 2, "Kind").focus()
    page.keyboard.press(" ")
    page.wait_for_url("**/*table.row=00002*")
    assert page.locator('[role=row][aria-selected="true"]').get_attribute("aria-rowindex") == "4"


def test_the_button_of_a_row_opens_its_card(opened: Opened) -> None:
    _, page = opened()
    page.get_by_role("button", name="Ouvrir la fiche : Row 3", exact=True).click()
    page.wait_for_url("**/*table.row=00003*")


# Order and width


def test_headings_sort_in_three_steps(opened: Opened) -> None:
    _, page = opened()
    heading = page.get_by_role("columnheader", name="Amount")
    expect(heading).to_have_attribute("aria-sort", "none")
    heading.click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    expect(cell(page, 0, "Amount")).to_have_text("3,3\xa0€")
    heading.click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    expect(cell(page, 1, "Amount")).to_have_text("25\u202f000,3\xa0€")
    heading.click()
    expect(heading).to_have_attribute("aria-sort", "none")
    expect(cell(page, 1, "Name")).to_have_text("Row 1")


def test_keys_sort_by_several_columns(opened: Opened) -> None:
    _, page = opened()
    page.get_by_role("columnheader", name="Kind").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+Enter")
    expect(page.get_by_role("columnheader", name="Amount")).to_have_attribute(
        "aria-sort", "ascending"
    )
    expect(page.get_by_role("columnheader", name="Kind")).to_have_text(re.compile("1"))
    page.wait_for_url("**/*table.sort=kind*table.sort=amount*")
    assert focused(page) == ("-1", "3")


def test_columns_are_resized_by_pointer_by_keys_and_by_their_cells(opened: Opened) -> None:
    _, page = opened()
    heading = page.get_by_role("columnheader", name="Amount")
    before = heading.bounding_box()["width"]  # type: ignore[index]
    heading.focus()
    page.keyboard.press("Alt+ArrowRight")
    width = heading.bounding_box()["width"]  # type: ignore[index]
    assert width == before + 20
    grip = heading.locator(".grip").bounding_box()
    assert grip
    page.mouse.move(grip["x"] + 6, grip["y"] + 20)
    page.mouse.down()
    page.mouse.move(grip["x"] + 66, grip["y"] + 20, steps=4)
    page.mouse.up()
    assert heading.bounding_box()["width"] == width + 60  # type: ignore[index]
    assert heading.get_attribute("aria-sort") == "none"
    heading.locator(".grip").dblclick()
    assert heading.bounding_box()["width"] < width  # type: ignore[index]


def test_columns_are_hidden_and_shown(opened: Opened) -> None:
    _, page = opened()
    page.get_by_role("button", name="Colonnes").click()
    page.get_by_role("checkbox", name="Amount").uncheck()
    expect(page.get_by_role("columnheader", name="Amount")).to_have_count(0)
    expect(page.locator("[role=grid]")).to_have_attribute("aria-colcount", "15")
    page.get_by_role("button", name="Tout afficher").click()
    expect(page.get_by_role("columnheader", name="Amount")).to_have_count(1)
    page.get_by_role("checkbox", name="Name").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("group", name="Colonnes affichées")).to_be_hidden()
    expect(page.get_by_role("button", name="Colonnes")).to_be_focused()


# Many rows


def test_only_rows_in_sight_are_in_the_page_and_each_can_be_reached(opened: Opened) -> None:
    visitor, page = opened()
    box = page.locator(".scroller")
    assert page.locator("[role=row]").count() < 40
    expect(page.locator("[role=grid]")).to_have_attribute("aria-rowcount", str(ROWS + 1))
    box.evaluate("box => { box.scrollTop = box.scrollHeight }")
    expect(cell(page, ROWS - 1, "Name")).to_have_text(f"Row {ROWS - 1}")
    visitor.requests.clear()
    for at in range(1, 30):
        box.evaluate(SCROLL, at * 20_000)
    expect(cell(page, 16_120, "Name")).to_have_text("Row 16120")
    asked = [one for one in visitor.requests if "page=" in one.url]
    assert len(asked) <= 6, [one.url for one in asked]


def a_page_of(route: Route, rows: int) -> dict[str, Any]:
    """What the server would answer if the table had so many rows."""
    asked = parse_qs(urlsplit(route.request.url).query)
    page, size = int(asked.get("page", ["1"])[0]), int(asked["page_size"][0])
    first = (page - 1) * size
    data = [{"id": str(one), "name": f"Row {one}"} for one in range(first, first + size)]
    meta = {"page": page, "page_size": size, "total": rows, "revision": "0" * 40}
    body = {"data": data, "meta": meta, "links": {}}
    return {"json": body, "headers": {"Access-Control-Allow-Origin": "*"}}


def test_a_table_taller_than_any_box_is_scrolled_to_its_last_row(visit: Visit, long: Host) -> None:
    rows = 2_000_000
    visitor = visit(site=long)
    visitor.page.route("**/rows?*", lambda route: route.fulfill(**a_page_of(route, rows)))
    page = visitor.widget("table", dataset="long")
    page.locator("[role=grid][aria-busy=false]").wait_for()
    box = page.locator(".scroller")
    assert box.evaluate("box => box.scrollHeight") < 10_000_000
    box.evaluate("box => { box.scrollTop = box.scrollHeight }")
    expect(cell(page, rows - 1, "Name")).to_have_text("Row 1999999")
    expect(cell(page, rows - 1, "Name")).to_be_in_viewport()
    cell(page, rows - 1, "Name").focus()
    page.keyboard.press("Control+Home")
    expect(cell(page, 0, "Name")).to_be_in_viewport()
    box.evaluate(SCROLL, 4_000_000)
    middle = page.locator("[role=rowheader]").nth(10)
    expect(middle).to_have_text(re.compile(r"Row (99|100)\d{4}"))
    number = int(middle.get_attribute("data-row") or 0)
    page.wait_for_timeout(300)
    cell(page, number, "Name").focus()
    for _ in range(30):
        page.keyboard.press("ArrowDown")
    expect(cell(page, number + 30, "Name")).to_have_text(f"Row {number + 30}")
    expect(cell(page, number + 30, "Name")).to_be_in_viewport()


def test_a_step_that_is_not_told_yet_is_not_undone_by_a_rest(visit: Visit, long: Host) -> None:
    """On a busy page the timer of the rest before fires when the step is not told yet."""
    visitor = visit(site=long)
    visitor.page.route("**/rows?*", lambda route: route.fulfill(**a_page_of(route, 2_000_000)))
    page = visitor.widget("table", dataset="long")
    page.locator("[role=grid][aria-busy=false]").wait_for()
    box = page.locator(".scroller")
    box.evaluate(SCROLL, 1_000_000)
    page.wait_for_timeout(100)
    box.evaluate("box => { box.scrollTop = 4_000_000; box.getRootNode().host.scrolling.settle() }")
    expect(page.locator("[role=rowheader]").nth(10)).to_have_text(re.compile(r"Row (99|100)\d{4}"))


def test_rows_that_cannot_be_read_are_asked_for_again(opened: Opened) -> None:
    visitor, page = opened()
    visitor.expected = lambda text: "ERR_" in text or "Failed to load" in text
    page.route("**/rows?*page=*", lambda route: route.abort())
    page.locator(".scroller").evaluate(SCROLL, 300_000)
    alert = page.get_by_role("alert").filter(has_text="lignes")
    expect(alert).to_be_visible()
    page.unroute("**/rows?*page=*")
    alert.get_by_role("button").click()
    expect(alert).to_be_hidden()
    expect(cell(page, 8340, "Name")).to_have_text("Row 8340")


def test_nothing_found_says_how_to_find_more(opened: Opened) -> None:
    visitor, page = opened(query="?table.q=unfindable")
    visitor.check("table-empty")
    page.locator("retouche-table").get_by_role("button", name="Tout effacer").click()
    expect(cell(page, 1, "Name")).to_have_text("Row 1")


# Writing


def test_a_cell_is_written_and_the_next_one_is_below(opened: Opened) -> None:
    visitor, page = opened()
    cell(page, 2, "Name").focus()
    page.keyboard.press("Enter")
    page.locator("retouche-input input").fill("Other")
    page.keyboard.press("Enter")
    assert focused(page) == ("3", "0")
    changed = cell(page, 2, "Name")
    expect(changed).to_contain_text("Other")
    expect(changed).to_have_attribute("title", "Modifié ici. Avant\u00a0: Row 2")
    expect(changed).to_contain_text("(Modifié ici. Avant : Row 2)")
    visitor.check("table-draft")


def test_typing_replaces_a_cell_tab_goes_right_and_escape_takes_back(opened: Opened) -> None:
    _, page = opened()
    cell(page, 2, "Name").click()
    page.keyboard.type("New")
    page.keyboard.press("Tab")
    expect(cell(page, 2, "Name")).to_contain_text("New")
    assert focused(page) == ("2", "1")
    page.keyboard.press("Shift+Tab")
    cell(page, 3, "Name").dblclick()
    page.locator("retouche-input input").fill("Gone")
    page.keyboard.press("Escape")
    expect(cell(page, 3, "Name")).to_have_text("Row 3")
    assert focused(page) == ("3", "0")
    assert page.locator("retouche-input").count() == 0


def test_a_click_elsewhere_keeps_what_was_written(opened: Opened) -> None:
    _, page = opened()
    cell(page, 3, "Name").dblclick()
    page.locator("retouche-input input").fill("Kept")
    cell(page, 6, "Amount").click()
    expect(cell(page, 3, "Name")).to_contain_text("Kept")
    assert focused(page) == ("6", "3")


def test_errors_are_at_the_cell(opened: Opened) -> None:
    visitor, page = opened()
    wrong = cell(page, 4, "Amount")
    wrong.focus()
    page.keyboard.press("F2")
    page.locator("retouche-input input").fill("many")
    expect(page.locator("retouche-input .error")).to_be_visible()
    page.keyboard.press("Enter")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("ArrowUp")
    expect(wrong).to_have_accessible_description(re.compile("many"))
    visitor.check("table-error")


def test_cells_that_cannot_be_written_say_why(opened: Opened) -> None:
    visitor, page = opened(width=3000)
    expect(cell(page, 4, "Fixed")).to_have_attribute("aria-readonly", "true")
    for column in ("Fixed", "Id"):
        cell(page, 4, column).focus()
        page.keyboard.press("Enter")
        expect(page.locator("#hint")).to_be_visible()
        assert cell(page, 4, column).get_attribute("aria-describedby") == "hint"
    assert page.locator("retouche-input").count() == 0
    visitor.check("table-locked")


def test_a_block_of_cells_is_pasted(opened: Opened) -> None:
    _, page = opened()
    cell(page, 1, "Name").focus()
    paste = """text => { let one = document.activeElement;
        while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/plain", text);
        one.dispatchEvent(new ClipboardEvent("paste",
            { clipboardData, bubbles: true, composed: true, cancelable: true })); }"""
    page.evaluate(paste, "A\tlocked\tred\nB\tlocked\tpale\n")
    expect(cell(page, 1, "Name")).to_contain_text("A")
    expect(cell(page, 2, "Name")).to_contain_text("B")
    expect(cell(page, 1, "Kind")).to_contain_text("Rouge")
    expect(page.locator("retouche-table").get_by_role("status").first).to_contain_text("2 laissées")


def test_rows_to_add_stand_first_and_rows_to_delete_are_struck_through(opened: Opened) -> None:
    visitor, page = opened()
    page.locator("retouche-table").evaluate(
        """({ session, lines }) => {
        session.draft.remove(session.resource, lines.at(2).row);
        session.draft.add(session.resource, { id: "new", name: "To add" });
    }"""
    )
    expect(cell(page, 0, "Name")).to_have_text("To add")
    expect(page.locator("[role=grid]")).to_have_attribute("aria-rowcount", str(ROWS + 2))
    first, struck = (page.locator(f'[data-row="{row}"][data-column="-1"]') for row in (0, 3))
    expect(first).to_contain_text("À ajouter, pas encore envoyée")
    expect(struck).to_contain_text("À supprimer, pas encore envoyé")
    expect(cell(page, 3, "Name")).to_have_css("text-decoration-line", "line-through")
    cell(page, 3, "Name").dblclick()
    expect(page.locator("#hint")).to_have_text(re.compile("à supprimer"))
    cell(page, 0, "Name").dblclick()
    page.locator("retouche-input input").fill("Added")
    page.keyboard.press("Enter")
    expect(cell(page, 0, "Name")).to_have_text("Added")
    visitor.check("table-rows")


def test_a_correction_that_waits_is_marked_for_everybody(opened: Opened, long: Host) -> None:
    body = {
        "operations": [
            {
                "op": "update",
                "resource": "long",
                "key": {"id": "00007"},
                "old": {"name": "Row 7"},
                "new": {"name": "Row seven"},
            }
        ]
    }
    request = Request(
        f"{long.server}/api/v1/datasets/long/proposals",
        json.dumps(body).encode(),
        {"Content-Type": "application/json"},
    )
    with urlopen(request, timeout=20) as answer:
        proposal = json.load(answer)
    visitor, page = opened()
    mark = page.get_by_role("link", name="Correction en attente")
    expect(mark).to_have_attribute("href", re.compile(re.escape(proposal["id"])))
    expect(cell(page, 7, "Name")).to_contain_text("(correction en attente)")
    visitor.check("table-pending")


# Everybody


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_table_is_whole_at_every_width_in_both_languages(
    opened: Opened, width: int, lang: str
) -> None:
    visitor, page = opened(width=width, lang=lang)
    page.wait_for_timeout(300)
    visitor.check(f"table-{lang}")
    box = page.locator(".scroller").bounding_box()
    first = cell(page, 3, "Name").bounding_box()
    assert box
    assert first
    if width == 360:
        assert first["x"] + first["width"] - box["x"] <= 0.46 * box["width"]
    page.locator(".scroller").evaluate("box => { box.scrollLeft = 800 }")
    assert cell(page, 3, "Name").bounding_box()["x"] == first["x"]  # type: ignore[index]


def test_a_table_alone_on_a_page_shows_its_rows(visit: Visit, long: Host) -> None:
    visitor = visit(site=long)
    page = visitor.widget("table", dataset="long", element="retouche-table")
    page.locator("[role=grid][aria-busy=false]").wait_for()
    expect(cell(page, 1, "Name")).to_have_text("Row 1")

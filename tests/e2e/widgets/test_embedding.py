"""Widgets in frames of other sites: their height, sandboxes, oEmbed, colours, single cards."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Frame, FrameLocator, Page, expect

from retouche.web.embedding.choices import Choices, frame_code
from tests.e2e.conftest import Served
from tests.e2e.looking import HEIGHT
from tests.e2e.widgets.visiting import Host, Visitor

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]
STILL = """async () => {
  const frame = document.querySelector("iframe");
  let [height, since] = [0, performance.now()];
  while (performance.now() - since < 700) {
    await new Promise((done) => setTimeout(done, 50));
    const now = frame.getBoundingClientRect().height;
    if (now !== height) [height, since] = [now, performance.now()];
  }
  return height;
}"""
HEARD = """window.heard = [];
addEventListener("message", ({ data, origin }) => window.heard.push({ data, origin }));"""


@pytest.fixture
def lenient(served: Served) -> Iterator[Host]:
    """A site that sends no policy."""
    site = Host(served.url)
    site.policy = None
    site.pages["/favicon.ico"] = ("image/svg+xml", "<svg xmlns='http://www.w3.org/2000/svg'/>")
    yield site
    site.close()


def framed(
    visitor: Visitor, *, widget: str = "fiches", row: str = "", more: str = "", **choices: str
) -> Page:
    """Open a page with the code that the server gives out for a frame."""
    given = Choices.read({"row": row, **choices})
    code = frame_code(visitor.host.server, "france-services", widget, given, title="Fiches")
    body = str(code).replace("<iframe", f"<iframe {more}")
    visitor.page.goto(visitor.host.put(f"<p>Before</p>{body}<p>After</p>"))
    return visitor.page


def first_card(frame: FrameLocator) -> None:
    expect(frame.locator("retouche-cards article").first).to_contain_text("France services")


def inside(page: Page) -> Frame:
    return next(one for one in page.frames if "/embed/" in one.url)


def as_high_as_its_content(page: Page) -> float:
    """The height of the frame once it is still: nothing in it scrolls, and no room is left."""
    height = float(page.evaluate(STILL))
    frame = inside(page)
    content = float(frame.evaluate("document.body.getBoundingClientRect().height"))
    assert content <= height < content + 1
    assert frame.evaluate("document.documentElement.scrollHeight <= innerHeight")
    return height


# Height


@pytest.mark.parametrize("width", [360, 1280])
def test_a_frame_is_as_high_as_its_content(visit: Visit, width: int) -> None:
    visitor = visit(width)
    page = framed(visitor)
    frame = page.frame_locator("iframe")
    first_card(frame)
    cards = as_high_as_its_content(page)
    visitor.check("frame-cards")

    frame.get_by_role("button", name="Table").click()
    frame.get_by_role("grid").first.wait_for()
    table = as_high_as_its_content(page)
    assert table != cards

    frame.get_by_role("button", name="Fiches").click()
    first_card(frame)
    frame.get_by_role("searchbox").fill("Guillestre")
    expect(frame.locator("retouche-cards article")).to_have_count(2)
    assert as_high_as_its_content(page) < cards


def test_a_frame_does_not_grow_for_ever_with_what_is_as_high_as_the_window(visit: Visit) -> None:
    page = framed(visit())
    first_card(page.frame_locator("iframe"))
    before = as_high_as_its_content(page)
    inside(page).evaluate("""() => {
      const tall = document.createElement("div");
      tall.style.height = "calc(100vh + 10px)";
      document.body.append(tall);
    }""")
    page.wait_for_timeout(3000)
    height = page.evaluate(STILL)
    page.wait_for_timeout(1000)
    assert page.evaluate(STILL) == height
    assert height < 2 * before + 22 * (before + 10)


def test_a_map_in_a_frame_comes_to_rest(visit: Visit) -> None:
    page = framed(visit(), widget="carte")
    page.frame_locator("iframe").locator("retouche-map canvas").first.wait_for()
    as_high_as_its_content(page)


def test_without_its_script_a_frame_keeps_the_height_that_is_written(visit: Visit) -> None:
    page = framed(visit(), height="500")
    frame = page.frame_locator("iframe")
    first_card(frame)
    assert page.evaluate(STILL) == 500
    assert inside(page).evaluate("document.documentElement.scrollHeight > innerHeight")


def test_a_frame_tells_its_height_as_datawrapper_and_amp_do(visit: Visit) -> None:
    visitor = visit()
    visitor.page.add_init_script(HEARD)
    page = framed(visitor)
    first_card(page.frame_locator("iframe"))
    height = as_high_as_its_content(page)
    heard = page.evaluate("window.heard")
    assert {one["origin"] for one in heard} == {visitor.host.server}
    told: list[dict[str, Any]] = [one["data"] for one in heard]
    datawrapper = [one["datawrapper-height"] for one in told if "datawrapper-height" in one]
    # Hosts look for a frame whose address holds the name that stands before the height.
    assert datawrapper[-1] == {"/embed/france-services/fiches": height}
    amp = [one for one in told if "sentinel" in one]
    assert amp[-1] == {"sentinel": "amp", "type": "embed-size", "height": height}


def test_a_frame_lets_its_host_measure_it(served: Served) -> None:
    with urlopen(f"{served.url}/embed/france-services/fiches") as answer:
        head = answer.read().decode().partition("<body>")[0]
    assert '<meta name="responsive-embedded-sizing" content="allow-origins=*">' in head


@pytest.mark.attack("frame-messages")
def test_only_our_frame_and_our_origin_are_believed(visit: Visit, lenient: Host) -> None:
    visitor = visit(site=lenient)
    words = '{"datawrapper-height": {"/embed/france-services/fiches": 4321}}'
    script = f"<script>setInterval(() => parent.postMessage({words}, '*'), 50)</script>"
    lenient.pages["/stranger"] = ("text/html", script)
    lenient.pages["/sandboxed"] = ("text/html", script)
    code = frame_code(lenient.server, "france-services", "fiches", Choices(), title="Fiches")
    address = lenient.put(
        f'{code}<iframe id="stranger" src="/stranger"></iframe>'
        '<iframe id="sandboxed" sandbox="allow-scripts" src="/sandboxed"></iframe>'
    )
    page = visitor.page
    page.goto(address)
    first_card(page.frame_locator("iframe").first)
    page.evaluate(f"window.postMessage({words}, '*')")
    as_high_as_its_content(page)
    for one in ("#stranger", "#sandboxed"):
        assert page.locator(one).evaluate("(frame) => frame.style.height") == ""


# Sandboxes


def test_a_widget_works_in_a_sandbox_without_origin_and_storage(visit: Visit) -> None:
    visitor = visit()
    page = framed(visitor, more='sandbox="allow-scripts"')
    frame = page.frame_locator("iframe")
    first_card(frame)
    assert inside(page).evaluate("origin") == "null"
    as_high_as_its_content(page)
    frame.get_by_role("searchbox").fill("Guillestre")
    expect(frame.locator("retouche-cards article")).to_have_count(2)
    frame.get_by_role("link", name="France services de Guillestre").first.click()
    expect(frame.locator("retouche-card").get_by_text("Usagers par sexe").first).to_be_visible()
    frame.get_by_role("button", name="Fermer").click()
    frame.get_by_role("button", name="Carte").click()
    frame.locator("retouche-map canvas").first.wait_for()
    visitor.check("frame-sandboxed")


# One card


def test_an_address_opens_one_card_in_the_frame(visit: Visit) -> None:
    visitor = visit()
    page = framed(visitor, row="13")
    frame = page.frame_locator("iframe")
    card = frame.locator("retouche-card")
    expect(card.get_by_role("heading", name="Bus France services de Guillestre")).to_be_visible()
    frame.get_by_role("dialog").get_by_role("button", name="Fermer").click()
    expect(card).to_have_count(0)


def test_a_card_opened_far_down_in_a_frame_is_where_the_reader_is(visit: Visit) -> None:
    page = framed(visit(360))
    frame = page.frame_locator("iframe")
    first_card(frame)
    as_high_as_its_content(page)
    for number in (0, 11):
        link = frame.locator("retouche-cards article .title").nth(number)
        link.click()
        heading = frame.get_by_role("dialog").get_by_role("heading", level=2)
        expect(heading).to_be_visible()
        page.wait_for_timeout(500)
        box = heading.bounding_box()
        assert box is not None
        assert 0 <= box["y"] < HEIGHT, f"card {number} is out of sight"
        frame.get_by_role("button", name="Fermer").click()


# oEmbed


@pytest.mark.parametrize(
    "path", ["/france-services", "/france-services/structures/13", "/embed/france-services/carte"]
)
def test_a_page_leads_to_the_code_that_embeds_it(visit: Visit, lenient: Host, path: str) -> None:
    with urlopen(lenient.server + path) as answer:
        html = answer.read().decode()
    link = re.search(r'<link rel="alternate" type="application/json\+oembed"[^>]*>', html)
    assert link is not None
    address = re.search(r'href="([^"]+)"', link[0])
    assert address is not None
    with urlopen(unescape(address[1])) as answer:
        found = json.load(answer)
    assert found["type"] == "rich"
    page = visit(360, site=lenient).page
    page.goto(lenient.put(found["html"]))
    shown = page.frame_locator("iframe")
    expect(shown.get_by_role("heading", level=2).first).to_be_visible()
    if "structures" in path:
        name = "Bus France services de Guillestre"
        expect(shown.locator("retouche-card").get_by_role("heading", name=name)).to_be_visible()
    assert page.locator("iframe").evaluate("(one) => one.offsetWidth") <= 360


# Colours


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
@pytest.mark.parametrize("accent", ["#ffdd00", "#203040"])
def test_a_colour_of_the_site_can_be_read(visit: Visit, theme: str, accent: str) -> None:
    visitor = visit(768, color_scheme="dark")
    attributes = f'accent="{accent}" theme="{theme}" hide="toolbar"'
    page = visitor.widget("fiches", attributes=attributes)
    expect(page.locator("retouche-cards article").first).to_contain_text("France services")
    visitor.check(f"accent-{accent[1:]}-{theme}")
    page.get_by_role("button", name="Filtrer").click()
    page.locator("retouche-filters").get_by_role("checkbox").first.check()
    visitor.check(f"accent-{accent[1:]}-{theme}-filters")


def test_what_is_no_colour_changes_nothing(visit: Visit) -> None:
    page = visit().widget("fiches", attributes='accent="red;}body{display:none"')
    widget = page.locator("retouche-widget")
    widget.get_by_role("heading").first.wait_for()
    assert widget.evaluate("(one) => one.getAttribute('style')") is None
    widget.evaluate("(one) => one.setAttribute('accent', '#A01040')")
    accent = "(one) => one.style.getPropertyValue('--retouche-accent')"
    expect(widget).to_have_attribute("style", re.compile("#a01040"))
    widget.evaluate("(one) => one.removeAttribute('accent')")
    page.wait_for_timeout(100)
    assert widget.evaluate(accent) == ""


# After an upgrade


def test_a_part_that_is_gone_asks_to_load_the_page_again(visit: Visit) -> None:
    visitor = visit()
    visitor.expected = lambda text: "cards-" in text or "Failed to load resource" in text
    visitor.page.route("**/widgets/cards-*.js", lambda route: route.fulfill(status=404))
    page = framed(visitor)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("alert")).to_contain_text("rechargez la page")
    visitor.page.unroute("**/widgets/cards-*.js")
    frame.get_by_role("button", name="Recharger la page").click()
    first_card(frame)

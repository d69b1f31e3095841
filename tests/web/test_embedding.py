"""Widgets on other sites: the frame, oEmbed, the page that makes the code, the scripts."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

from retouche.web.elements import STATIC
from tests.datasets import DESKS, Browser, serve, update, write_desks
from tests.web.pages import Element, Page, visit

needs_elements = pytest.mark.skipif(
    not (STATIC / "widgets.js").is_file(), reason="the elements are not built"
)


@pytest.mark.attack("framing")
def test_any_site_may_frame_a_widget(desks: Browser) -> None:
    answer = desks.client.get("/embed/desks/desks?theme=dark&hide=title+nonsense")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "Set-Cookie" not in answer.headers
    assert '<retouche-widget src="/api/v1/datasets/desks/widgets/desks"' in answer.text
    assert 'theme="dark"' in answer.text
    assert 'hide="title"' in answer.text
    assert 'type="application/json+oembed"' in answer.text


@pytest.mark.parametrize(
    "query",
    [
        'theme="><script>alert(1)</script>',
        "accent=red;}body{display:none",
        "view=<b>",
        'filters="onload=alert(1) x="',
        'row="><img src=x>',
        "height=-5",
        "height=99999999999999999999",
        "locale=xx",
    ],
)
def test_choices_that_mean_nothing_do_not_reach_the_frame(desks: Browser, query: str) -> None:
    name, _, value = query.partition("=")
    answer = desks.client.get(f"/embed/desks/desks?{name}={quote(value)}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<img" not in answer.text
    assert re.search(r'<retouche-widget( [a-z-]+="[^"<>]*")*></retouche-widget>', answer.text)


def test_a_frame_of_nothing_is_not_found(desks: Browser) -> None:
    assert desks.client.get("/embed/desks/none").status_code == 404
    assert desks.client.get("/embed/none/desks").status_code == 404


def test_oembed_gives_a_frame_for_a_widget_and_a_dataset(desks: Browser) -> None:
    for url in ("http://localhost/embed/desks/desks?theme=dark", "http://localhost/desks"):
        answer = desks.client.get(f"/oembed?url={quote(url)}&maxwidth=500&maxheight=400")
        assert answer.status_code == 200, answer.text
        found = answer.get_json()
        assert (found["version"], found["type"]) == ("1.0", "rich")
        assert (found["width"], found["height"]) == (500, 400)
        assert '<iframe src="http://localhost/embed/desks/desks' in found["html"]
        assert 'height="400"' in found["html"]
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "http://elsewhere.example/desks",
        "javascript:alert(1)",
        "http://localhost/api/v1/datasets",
        "http://localhost/embed/desks/none",
        "http://localhost/desks/proposals/1",
        "http://localhost/desks/desks/01",  # no widget shows these rows as cards
        "http://[bad",
    ],
)
def test_oembed_of_what_cannot_be_embedded_is_not_found(desks: Browser, url: str) -> None:
    assert desks.client.get(f"/oembed?url={quote(url)}").status_code == 404


def test_oembed_speaks_json_alone_and_refuses_bad_sizes(desks: Browser) -> None:
    url = quote("http://localhost/desks")
    assert desks.client.get(f"/oembed?url={url}&format=xml").status_code == 501
    for size in ("0", "-1", "abc", "9" * 30, "0" * 8 + "1" + "9" * 5_000):
        assert desks.client.get(f"/oembed?url={url}&maxwidth={size}").status_code == 400


def test_the_page_that_makes_the_code_needs_no_script(desks: Browser) -> None:
    assert desks.client.get("/embed").headers["Location"] == "/embed/desks"
    page = desks.client.get(
        "/embed/desks?theme=dark&height=500&own_colour=1&accent=%23a01040&hide=title&hide=credits"
    )
    assert page.status_code == 200
    code = unescape(page.text)
    assert '<script type="module" src="http://localhost/widgets.js"></script>' in code
    assert 'hide="title credits"' in code
    assert 'accent="#a01040"' in code
    assert 'style="' not in code, "a strict policy refuses style attributes"
    assert 'height="500"' in code
    assert "frames.js" not in code, "a fixed height follows nothing"
    assert "frames.js" in unescape(desks.client.get("/embed/desks").text)


@needs_elements
def test_scripts_may_be_loaded_by_any_page_and_parts_are_kept_for_ever(desks: Browser) -> None:
    for entry in ("/widgets.js", "/frames.js"):
        answer = desks.client.get(entry)
        assert answer.status_code == 200
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Content-Type"].startswith("text/javascript")
        assert "immutable" not in answer.headers["Cache-Control"]
        again = desks.client.get(entry, headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
    part = next((STATIC / "widgets").iterdir()).name
    assert "immutable" in desks.client.get(f"/widgets/{part}").headers["Cache-Control"]


@pytest.mark.parametrize("name", ["../manifest.json", "%2e%2e/manifest.json", "none.js", "x"])
def test_no_other_file_is_given_out(desks: Browser, name: str) -> None:
    assert desks.client.get(f"/widgets/{name}").status_code == 404


# The card on a row's own page

KEY = "a%2Cb%2Fc"


@pytest.fixture
def carded(tmp_path: Path) -> Browser:
    """The small dataset with a widget of cards, and a row key that an address must quote."""
    folder = write_desks(tmp_path / "package", desks=DESKS.replace("\n03,", '\n"a,b/c",'))
    base = {"style": "https://tiles.example.org/style.json"}
    cards = {"type": "cards", "mini": {"title": "{name}"}, "detail": {"title": "{name}"}}
    ground = {"type": "map", "layers": [{"type": "points", "name": "all"}], "basemap": base}
    widget = {"resource": "desks", "views": [cards, ground]}
    (folder / "widgets" / "cards.json").write_text(json.dumps(widget))
    return Browser(serve(tmp_path / "home", {"desks": folder}))


def card_in(page: Page) -> Element | None:
    return next(iter(page.all("retouche-card")), None)


@needs_elements
def test_a_row_s_page_holds_the_card_around_what_it_says_without_it(carded: Browser) -> None:
    page = visit(carded.client, f"/desks/desks/{KEY}?lang=fr")
    card = card_in(page)
    assert card is not None
    assert card["src"] == "/api/v1/datasets/desks/widgets/cards"
    assert card["row"] == KEY
    assert card["locale"] == "fr"
    facts = next(one for one in page.all("dl"))
    assert facts.inside(card)
    assert not next(one for one in page.all("aside")).inside(card)
    answer = carded.get(f"/resources/desks/rows/{card['row']}")
    assert answer.get_json()["data"]["name"] == "Desk of Gordes"


@needs_elements
def test_the_policy_of_a_row_s_page_lets_the_card_in_and_no_more(carded: Browser) -> None:
    policy = visit(carded.client, "/desks/desks/01").headers["Content-Security-Policy"]
    directives = dict(one.split(" ", 1) for one in policy.split("; "))
    assert directives["script-src"] == "'self'"
    assert directives["connect-src"] == "'self' https://tiles.example.org"
    assert directives["worker-src"] == "'self' blob:"
    assert directives["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy
    plain = visit(carded.client, "/desks/cities/84123")
    assert card_in(plain) is None
    assert "script-src" not in plain.headers["Content-Security-Policy"]


@needs_elements
def test_a_card_stays_at_the_revision_looked_at(carded: Browser) -> None:
    first = carded.published
    carded.accept(carded.propose(update("01", name="Desk of Apt!")).json)
    card = card_in(visit(carded.client, f"/desks/desks/01?revision={first}"))
    assert card is not None
    assert card["src"] == f"/api/v1/datasets/desks/widgets/cards?revision={first}"


@needs_elements
def test_a_row_s_page_leads_to_a_frame_of_its_card(carded: Browser) -> None:
    page = visit(carded.client, f"/desks/desks/{KEY}?lang=en")
    link = next(one for one in page.all("link") if "oembed" in (one.get("type") or ""))
    found = carded.client.get(link["href"]).get_json()
    address = re.search(r'src="([^"]+)"', found["html"])
    assert address is not None
    frame = carded.client.get(unescape(address[1]))
    assert f'row="{KEY}"' in frame.text
    missing = quote("http://localhost/desks/desks/99")
    assert carded.client.get(f"/oembed?url={missing}").status_code == 404

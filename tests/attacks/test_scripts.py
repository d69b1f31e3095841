"""Scripts in cells, labels and comments, shown by a real browser: none runs, nothing is asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page

from tests.browsers import PATIENCE
from tests.datasets import write_desks
from tests.server import Server

CALL = "parent.__ran=top.__ran=window.__ran=1"
PAYLOADS = [
    f"<script>{CALL}</script>",
    f"</script><script>{CALL}</script>",
    f"<img src=x onerror={CALL}>",
    f"<img src=//evil.example/x.png onerror='{CALL}'>",
    f"<svg onload={CALL}>",
    f"<svg><script>{CALL}</script></svg>",
    f"<svg><animate onbegin={CALL} attributeName=x dur=1s>",
    f"<body onload={CALL}>",
    f"<iframe srcdoc='<script>{CALL}</script>'>",
    f"<iframe src='javascript:{CALL}'>",
    f"<details open ontoggle={CALL}>",
    f"<video><source onerror={CALL}></video>",
    f"<input autofocus onfocus={CALL}>",
    f"<math><mtext><table><mglyph><style><img src=x onerror={CALL}>",
    f"<noscript><p title='</noscript><img src=x onerror={CALL}>'>",
    f"<template><script>{CALL}</script></template>",
    f"<object data='javascript:{CALL}'>",
    f"<embed src='data:text/html,<script>{CALL}</script>'>",
    f"<form><button formaction='javascript:{CALL}'>x",
    f"<a href='javascript:{CALL}'>x</a>",
    f"javascript:{CALL}",
    f"data:text/html,<script>{CALL}</script>",
    f"'\"><img src=x onerror={CALL}>",
    f'" onmouseover={CALL} autofocus onfocus={CALL} x="',
    f"`${{{CALL}}}`",
    f"{{{{constructor.constructor('{CALL}')()}}}}",
    f"[x](javascript:{CALL})",
    "![x](https://evil.example/pixel.png)",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example/'>",
    "<base href=//evil.example/>",
    "<style>@import '//evil.example/x.css';*{background:url(//evil.example/x)}</style>",
    f"<!--><img src=x onerror={CALL}>-->",
    f"<x onclick={CALL} tabindex=1 id=x>",
]
WHOLE = ("javascript:", "data:", "[x]", "![x]", "`", "{")
"""What can only do harm where it is the whole of a cell."""
ROWS = [
    *(one for one in PAYLOADS if one.startswith(WHOLE)),
    *(" ".join([one for one in PAYLOADS if not one.startswith(WHOLE)][n::3]) for n in range(3)),
]
"""The cells: a row for each."""
LAYER = {"type": "points", "name": "all", "popup": {"fields": ["note", "phone"]}}
CARD = {"title": "{name}"}
VIEWS = {
    "table": {"type": "table"},
    "cards": {"type": "cards", "mini": CARD, "detail": CARD},
    "map": {"type": "map", "layers": [LAYER]},
}


def package(folder: Path) -> Path:
    """The payloads in the name, a note and the telephone of rows that have a place."""
    rows = "".join(
        f'{number + 10},"{text}","84003","{text}",2,2020-01-02,44.{number:02},5.{number:02},'
        f'"{text}"\n'
        for number, text in enumerate(one.replace('"', '""') for one in ROWS)
    )
    header = "id,name,city_code,phone,agents,opened,latitude,longitude,note\n"
    write_desks(folder, desks=header + rows)
    for name, view in VIEWS.items():
        widget = {"title": {"fr": PAYLOADS[0], "en": PAYLOADS[2]}, "resource": "desks",
                  "views": [view], "search": True}  # fmt: skip
        (folder / "widgets" / f"{name}.json").write_text(json.dumps(widget))
    descriptor = json.loads((folder / "datapackage.json").read_text())
    descriptor["title"] = PAYLOADS[1]
    for field in descriptor["resources"][0]["schema"]["fields"]:
        field["description"] = PAYLOADS[22]
    (folder / "datapackage.json").write_text(json.dumps(descriptor))
    return folder


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, str]]:
    folder = tmp_path_factory.mktemp("scripts")
    server = Server(folder / "home", str(package(folder / "package")), workers=1)
    try:
        server.start()
        yield server, server.line().strip().partition("token=")[2]
    finally:
        server.kill()


@pytest.fixture(scope="module")
def window(served: tuple[Server, str], chromium: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A window that notes whatever is asked of any other server."""
    left: list[str] = []
    host = urlsplit(served[0].url).netloc
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE)

    def note(route: Any) -> None:
        left.append(route.request.url)
        route.abort()

    # Our own server is not asked through the test: that would take most of the time.
    context.route(lambda address: _is_elsewhere(address, host), note)
    context.on("dialog", lambda one: left.append(f"dialog {one.message}"))
    yield context.new_page(), left
    context.close()


def _is_elsewhere(address: str, host: str) -> bool:
    return urlsplit(address).netloc != host and not address.startswith(("data:", "blob:", "about:"))


def visit(window: tuple[Page, list[str]], address: str, waits_for: str) -> Page:
    page, left = window
    page.goto(address)
    page.wait_for_function(waits_for)
    harmless(page, left)
    return page


def harmless(page: Page, left: list[str]) -> None:
    """Nothing has run, nothing would when it is clicked, and nobody else was asked for anything."""
    for element in page.locator("[onclick], [onmouseover], iframe[srcdoc], object, embed").all():
        raise AssertionError(element.evaluate("one => one.outerHTML"))
    assert page.evaluate("window.__ran") is None, page.url
    assert page.locator("a[href^='javascript:' i]").count() == 0
    assert left == [], page.url


SHOWN = (
    "() => { const seen = root => [...root.querySelectorAll('*')].some(one => one.shadowRoot ?"
    " one.shadowRoot.textContent.includes('__ran') || seen(one.shadowRoot) : false);"
    " return document.body.textContent.includes('__ran') || seen(document); }"
)


@pytest.mark.browser
@pytest.mark.attack("scripts")
@pytest.mark.parametrize("view", VIEWS)
def test_no_script_of_a_cell_runs_in_a_widget(
    served: tuple[Server, str], window: tuple[Page, list[str]], view: str
) -> None:
    assert len(PAYLOADS) >= 30
    visit(window, f"{served[0].url}/embed/desks/{view}", SHOWN)


@pytest.mark.browser
@pytest.mark.attack("scripts")
def test_no_script_of_a_cell_runs_in_the_card_of_a_point(
    served: tuple[Server, str], window: tuple[Page, list[str]]
) -> None:
    page = visit(window, f"{served[0].url}/embed/desks/map", SHOWN)
    entries = page.locator("retouche-map-list .entry")
    # The map comes closer to what is picked; the list keeps all of them.
    page.get_by_label(re.compile("ce que montre la carte|the map shows", re.I)).uncheck()
    entries.nth(len(ROWS) - 1).wait_for()
    for number in range(len(ROWS)):
        entry = entries.nth(number)
        text = next(one for one in ROWS if one in (entry.text_content() or ""))
        entry.click()
        page.locator("retouche-map-popup").get_by_text(text).first.wait_for()
        harmless(page, window[1])


@pytest.mark.browser
@pytest.mark.attack("scripts")
def test_no_script_of_a_cell_runs_in_a_page(
    served: tuple[Server, str], window: tuple[Page, list[str]]
) -> None:
    server, _ = served
    visit(window, f"{server.url}/desks/desks?page_size=100", SHOWN)
    visit(window, f"{server.url}/desks", SHOWN)
    for number in range(len(ROWS)):
        visit(window, f"{server.url}/desks/desks/{number + 10}", "() => document.body")


@pytest.mark.browser
@pytest.mark.attack("scripts")
def test_no_script_of_a_proposal_runs_for_its_reviewer(
    served: tuple[Server, str], window: tuple[Page, list[str]]
) -> None:
    server, token = served
    operations = [
        {"op": "update", "resource": "desks", "key": {"id": str(number + 10)},
         "new": {"note": f"{text} again", "name": f"Desk {text}"}}
        for number, text in enumerate(ROWS)
    ]  # fmt: skip
    body = {"operations": operations, "comment": "\n".join(PAYLOADS)[:5_000],
            "source": f"https://here.example/{PAYLOADS[23]}",
            "contributor": {"name": PAYLOADS[2], "email": "a@b.example"}}  # fmt: skip
    sent = server.post("/api/v1/datasets/desks/proposals", body, key="scripts")
    visit(window, f"{server.url}/sign-in?token={quote(token)}", "() => document.body")
    visit(window, f"{server.url}/desks/proposals/{sent['id']}", SHOWN)
    visit(window, f"{server.url}/desks/proposals", "() => document.body")
    visit(window, f"{server.url}/desks/moderation", "() => document.body")

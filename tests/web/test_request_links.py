"""The addresses in a merge request lead to pages that show the data as it would be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from retouche.services.patches import from_wire
from retouche.services.requesting.text import request_text
from tests.datasets import Browser, delete, insert, serve, update, write_desks

SITE = "https://retouche.example"
ADDRESS = re.compile(r"\]\((https://[^)]+)\)")


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    services = serve(tmp_path / "home", {"desks": write_desks(tmp_path / "desks")}, base_url=SITE)
    yield Browser(services)
    services.close()


def addresses(browser: Browser, proposal: str) -> list[str]:
    """The addresses in the text of a proposal's merge request, as path and query."""
    services = browser.services
    found = services.catalogue.get("desks")
    kept = services.proposals.get(found, proposal)
    parent = found.at(kept.parent)
    operations = tuple(from_wire(one, parent.package) for one in kept.operations)
    sent = request_text(kept, operations, parent, base_url=SITE, locale="en")
    parts = [urlsplit(one) for one in ADDRESS.findall(sent.description)]
    assert {one.netloc for one in parts} == {urlsplit(SITE).netloc}
    return [f"{one.path}?{one.query}" if one.query else one.path for one in parts]


def test_every_address_shows_what_it_promises(browser: Browser) -> None:
    sent = browser.propose(
        update("01", name="Desk of Buoux"),
        update("02", id="02/b, ~c"),
        insert(id="05 ?#&", name="Desk of Lacoste"),
        delete("03"),
    )
    proposal = sent.get_json()["id"]
    found = addresses(browser, proposal)
    pages = {one: browser.client.get(one) for one in found}
    assert {page.status_code for page in pages.values()} == {200}
    rows = [pages[one].text for one in found if "/desks/desks/" in one and "embed" not in one]
    names = ["Desk of Buoux", "Desk of &#34;Sault&#34;", "Desk of Gordes", "Desk of Lacoste"]
    for name in names:
        assert any(name in page for page in rows), name
    frames = [one for one in found if one.startswith("/embed/")]
    assert frames == [f"/embed/desks/desks?revision=proposal:{proposal}&view=table"]
    source = re.search(r'src="([^"]*/widgets/desks[^"]*)"', pages[frames[0]].text)
    assert source is not None
    assert f"proposal%3A{proposal}" in source[1]
    assert browser.client.get(source[1].replace("&amp;", "&")).status_code == 200
    (dataset,) = [one for one in found if one.startswith("/desks?")]
    assert "Desk of Buoux" in browser.client.get(f"/desks/desks?{dataset.partition('?')[2]}").text


def test_a_row_that_browsers_cannot_ask_for_has_no_address(browser: Browser) -> None:
    proposal = browser.propose(insert(id="..", name="Desk of X")).get_json()["id"]
    assert not [one for one in addresses(browser, proposal) if one.startswith("/desks/desks/")]

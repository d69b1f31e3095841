"""The impact of a proposal on its page: sentences, tables, with and without JavaScript."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import SCREENSHOTS, serving
from tests.e2e.looking import Looker
from tests.territory import write_territory

OPERATIONS = [
    {"op": "delete", "resource": "structures", "key": {"id_fs": "3"}},
    {
        "op": "insert",
        "resource": "structures",
        "row": {
            "id_fs": "90",
            "lib_fs": "France services de la Plaine",
            "statut": "labellisée",
            "departement": "36",
            "latitude": "46.91",
            "longitude": "1.9",
        },
    },
]

OPEN = "document.querySelectorAll('section.impact details').forEach(one => one.open = true)"


@pytest.fixture(scope="module")
def proposal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A proposal that opens one counter and closes another, on a server of its own."""
    folder = write_territory(tmp_path_factory.mktemp("impact") / "territoire")
    with serving(tmp_path_factory.mktemp("home"), folder) as served:
        body = {"operations": OPERATIONS, "project": {"title": "Un accueil dans la plaine"}}
        request = urllib.request.Request(
            f"{served.url}/api/v1/datasets/territoire/proposals",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            yield served.url, json.load(answer)["id"]


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_the_page_says_what_a_proposal_does_to_the_territory(
    look: Callable[..., Looker], proposal: Any, width: int
) -> None:
    url, identifier = proposal
    looker = look(width, url=url)
    page = looker.go(f"/territoire/proposals/{identifier}")
    part = page.locator("section.impact")
    expect(part.locator("li").first).to_contain_text("habitants passent à moins de 10 km")
    expect(part.get_by_role("table").first).to_contain_text("10 km")
    page.evaluate(OPEN)
    part.scroll_into_view_if_needed()
    expect(part.get_by_role("link", name="Pierrelune-36").first).to_be_visible()
    looker.check("impact")
    part.screenshot(path=SCREENSHOTS / f"impact-part-{width}.png")


def test_the_impact_needs_no_script(look: Callable[..., Looker], proposal: Any) -> None:
    url, identifier = proposal
    looker = look(360, url=url, scripts=False, locale="en-GB")
    page = looker.go(f"/territoire/proposals/{identifier}")
    part = page.locator("section.impact")
    expect(part.locator("li").first).to_contain_text("inhabitants come within 10 km")
    part.locator("details > summary").first.click()
    expect(part.locator("details table").first).to_be_visible()
    looker.check("impact-plain")

"""A page of Datami, imported and served: its cards, with their charts, in a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests import datami
from tests.cli.commands import run
from tests.e2e.conftest import serving
from tests.e2e.looking import OVERFLOW, RULES, Looker

pytestmark = pytest.mark.browser
WIDGET = "fiches-d-identite-des-france-services"


def test_imported_cards_are_shown_with_their_charts(
    tmp_path: Path, look: Callable[..., Looker]
) -> None:
    page, files = datami.write_page(tmp_path)
    package = tmp_path / "fiches"
    assert run("import-datami", page, "-o", package, "--files", files).exit_code == 0
    with serving(tmp_path / "home", package) as served:
        for width in (360, 1280):
            looker = look(width, url=served.url)
            shown = looker.go(f"/embed/fiches/{WIDGET}")
            card = shown.get_by_role("heading", name="Guichet du Val 1", exact=True)
            expect(card.first).to_be_visible()
            hold(looker, "imported-cards")
            card.first.click()
            expect(shown.get_by_text("Coordonnées de la France services")).to_be_visible()
            expect(shown.get_by_text("Guichet du Val 1 se trouve à Val 1 (01).")).to_be_visible()
            expect(shown.get_by_text("Usagers par sexe").first).to_be_visible()
            hold(looker, "imported-card")


def hold(looker: Looker, name: str) -> None:
    """As every page, but for the heading that the page around a frame has."""
    looker.shoot(name)
    assert looker.page.evaluate(OVERFLOW) == 0, f"{name} is wider than the window"
    rules = {**RULES, "rules": {"page-has-heading-one": {"enabled": False}}}
    found = Axe().run(looker.page, options=rules)
    assert found.violations_count == 0, found.generate_report()

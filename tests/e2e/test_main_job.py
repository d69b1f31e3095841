"""The main job in a real browser: from a table to a published correction, on every width."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Served
from tests.e2e.looking import Looker

pytestmark = pytest.mark.browser
Look = Callable[..., Looker]
TABLE = "/france-services/structures"


@pytest.mark.parametrize(
    ("width", "name", "phone", "scripts"),
    [
        (360, "Chorges", "04 65 71 03 60", False),
        (768, "Embrun", "04 65 71 07 68", True),
        (1280, "Briançon", "04 65 71 12 80", True),
    ],
)
def test_a_correction_is_made_reviewed_and_published(
    look: Look, served: Served, width: int, name: str, phone: str, scripts: bool
) -> None:
    contributor = look(width, scripts=scripts)
    page = contributor.go(TABLE)
    page.get_by_label("Rechercher").fill(name)
    page.get_by_role("button", name="Afficher les lignes").click()
    page.get_by_role("link", name=f"France services de {name}").or_(
        page.get_by_role("link", name=f"France services d'{name}")
    ).first.click()
    page.get_by_role("link", name="Corriger cette fiche").click()
    page.get_by_label("Téléphone").fill("123")
    page.get_by_role("button", name="Voir la différence").click()
    expect(page.get_by_label("Téléphone")).to_have_attribute("aria-invalid", "true")
    contributor.check("faults")

    page.get_by_label("Téléphone").fill(phone)
    page.get_by_label("Commentaire").fill("Vérifié par téléphone.\nHoraires inchangés.")
    page.get_by_label("Adresse électronique").fill("adresse@contact.example")
    page.get_by_role("button", name="Voir la différence").click()
    expect(page.get_by_role("row").filter(has_text=phone)).to_have_count(1)
    contributor.check("difference")
    page.get_by_role("button", name="Envoyer").click()
    expect(page.get_by_role("heading", name="Merci")).to_be_visible()
    expect(page.get_by_text("adresse@contact.example")).to_be_visible()
    contributor.check("followed")
    assert contributor.context.cookies() == []
    proposal = re.sub(r"\?.*", "", page.url).removeprefix(served.url)

    reviewer = look(width, scripts=scripts)
    page = reviewer.go(f"{served.sign_in}&next={proposal}")
    expect(page.get_by_text("Relecture : reviewer")).to_be_visible()
    reviewer.check("review")
    page.get_by_role("button", name="Accepter et publier").click()
    expect(page.locator(".note[role=status]")).to_contain_text("acceptée")
    reviewer.check("accepted")
    page.get_by_role("link", name="France services d").first.click()
    expect(page.get_by_role("link", name=phone)).to_be_visible()
    expect(page.get_by_role("heading", name="Historique")).to_be_visible()
    reviewer.check("card-corrected")


def test_the_whole_job_is_done_with_the_keyboard_alone(look: Look) -> None:
    window = look(1280, locale="en-GB")
    page = window.go(TABLE)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    reach(page, "Search in all columns")
    page.keyboard.type("Guillestre")
    page.keyboard.press("Enter")
    reach(page, "France services de Guillestre")
    page.keyboard.press("Enter")
    reach(page, "Correct this")
    page.keyboard.press("Enter")
    reach(page, "Trained agents", field="cell.nb_agents")
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(page.locator("#faults")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    reach(page, "Trained agents", field="cell.nb_agents", already=True)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    reach(page, "Send to the reviewers")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def reach(page: Page, name: str, *, field: str = "", already: bool = False) -> None:
    """Press Tab until the control is in focus, as somebody without a mouse would."""
    wanted = (
        page.locator(f"[name='{field}']")
        if field
        else page.get_by_role("link", name=name)
        .or_(page.get_by_role("button", name=name))
        .or_(page.get_by_role("searchbox", name=name))
        .first
    )
    expect(wanted).to_be_visible()
    for _ in range(60):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Shift+Tab" if already else "Tab")
    raise AssertionError(f"{name} is out of reach")

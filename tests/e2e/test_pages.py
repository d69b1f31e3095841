"""Every page, narrow and light, wide and dark: it fits, is silent and shuts nobody out."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from retouche.web.app import create_app
from tests.datasets import DESKS, delete, serve, update, write_desks
from tests.datasets import Browser as Client
from tests.e2e.conftest import Served
from tests.e2e.looking import Looker

pytestmark = pytest.mark.browser
Look = Callable[..., Looker]
CARD = "/france-services/structures/2"
PAGES = {
    "catalogue": "/",
    "dataset": "/france-services",
    "table": "/france-services/structures",
    "table-all": "/france-services/structures?view=all&page_size=4&nb_agents__greater=3",
    "table-empty": "/france-services/structures?q=nothing+at+all",
    "card": CARD,
    "card-stop": "/france-services/permanences/P0001",
    "correct": f"{CARD}?edit=1",
    "add": "/france-services/structures?add=1",
    "remove": f"{CARD}?delete=1",
    "proposals": "/france-services/proposals",
    "sign-in": "/sign-in",
    "not-found": "/france-services/structures/0",
    "errors": "/errors",
}
ALIKE = ("add", "remove", "table-empty", "table-all", "card-stop", "errors")
"""Pages made of parts that others show too."""


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A small dataset with awkward cells, served from this process."""
    folder = tmp_path_factory.mktemp("desks")
    odd = DESKS.replace("two\nlines", "two\r\n\r\nlines\n ").replace("2020-01-02", "02/01/2020")
    odd = odd.replace(",2,2022", ",1_000,2022").replace("04 65 71 00 04", " é@ex.fr ")
    services = serve(folder / "home", {"desks": write_desks(folder / "package", desks=odd)})
    server = make_server("127.0.0.1", 0, create_app(services), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    client = Client(services)
    client.url = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    yield client
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_sound_narrow_and_light(look: Look, name: str) -> None:
    window = look(360)
    page = window.go(PAGES[name])
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    window.check(name)


@pytest.mark.parametrize("name", [one for one in PAGES if one not in ALIKE])
def test_a_page_is_sound_wide_and_dark(look: Look, name: str) -> None:
    window = look(1280, locale="en-GB", color_scheme="dark")
    window.go(PAGES[name])
    window.check(f"{name}-dark")


def test_conflicts_are_shown_to_author_and_reviewer(look: Look, desks: Client) -> None:
    url = desks.url  # type: ignore[attr-defined]
    window = look(360, url=url, locale="en-GB")
    page = window.go("/desks/desks/04?edit=1")
    both = desks.propose(update("04", agents="8", note="new"), delete("02"))
    desks.accept(desks.propose(update("04", agents="6")).json)
    page.get_by_label("Nombre d’agents").fill("9")
    page.get_by_role("button", name="See the difference").click()
    expect(page.get_by_role("radio")).to_have_count(3)
    window.check("conflict")

    reviewer = look(1280, url=url, locale="en-GB")
    page = reviewer.go(f"/sign-in?token={desks.token}&next=/desks/proposals/{both.json['id']}")
    expect(page.get_by_text("In conflict").first).to_be_visible()
    reviewer.check("review-conflict")
    page.locator("fieldset.choice input[type=radio]").nth(1).check()
    desks.accept(desks.propose(update("04", agents="7")).json)  # while the reviewer looks
    page.get_by_role("button", name="Accept and publish").click()
    expect(page.get_by_role("alert")).to_be_focused()
    reviewer.check("review-refused")


def test_a_row_is_confirmed_and_a_remark_is_dealt_with(look: Look, desks: Client) -> None:
    url = desks.url  # type: ignore[attr-defined]
    window = look(360, url=url, locale="en-GB")
    page = window.go("/desks/desks/01")
    page.get_by_role("button", name="This information is still correct").click()
    expect(page.get_by_role("status")).to_contain_text("Thank you")
    expect(page.get_by_text("Confirmed 1 time")).to_be_visible()
    window.check("confirmed")

    said = {"comment": "Moved to the\ntown hall. " + "x" * 200, "contributor": {"name": "Ann"}}
    desks.post("/resources/desks/rows/01/remarks", said)
    reviewer = look(360, url=url, locale="fr-FR")
    page = reviewer.go(f"/sign-in?token={desks.token}&next=/desks/proposals")
    page.get_by_role("link", name="Remarques").click()
    reviewer.check("remarks")
    page.get_by_role("button", name="Marquer comme traitée").click()
    expect(page.get_by_role("status")).to_be_visible()
    expect(page.get_by_text("town hall")).to_have_count(0)


def test_a_form_sent_untouched_gives_every_cell_back_whole(look: Look, desks: Client) -> None:
    window = look(768, url=desks.url, locale="en-GB")  # type: ignore[attr-defined]
    for key in ("01", "02", "03"):
        page = window.go(f"/desks/desks/{key}?edit=1")
        page.get_by_role("button", name="See the difference").click()
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.get_by_role("button", name="Send")).to_have_count(0)


def test_an_old_revision_is_marked_as_such(look: Look, desks: Client) -> None:
    first = desks.published
    desks.accept(desks.propose(update("03", note="changed")).json)
    window = look(360, url=desks.url)  # type: ignore[attr-defined]
    page = window.go(f"/desks/desks/03?revision={first}")
    expect(page.get_by_role("note")).to_be_visible()
    window.check("old-revision")


def test_a_card_is_printed_without_what_only_a_screen_can_do(look: Look) -> None:
    window = look(768)
    page = window.go(CARD)
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Corriger cette fiche")).to_be_hidden()
    expect(page.get_by_role("navigation").first).to_be_hidden()
    window.shoot("card-print")


def test_a_refused_sign_in_is_a_page(look: Look, served: Served) -> None:
    window = look(360)
    page = window.go("/sign-in?token=wrong")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    window.check("sign-in-refused")

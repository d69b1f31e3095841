"""A spammer's twelve proposals, three of them accepted by mistake: blocked, refused, undone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from retouche.web.app import create_app
from tests.datasets import DESKS, delete, insert, serve, update, write_desks
from tests.datasets import Browser as Client
from tests.e2e.looking import Looker

pytestmark = pytest.mark.browser
Look = Callable[..., Looker]
EVE = {"contributor": {"email": "eve@spam.example"}, "comment": "See www.casino.example"}


@pytest.fixture
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A small dataset, served from this process."""
    folder = tmp_path_factory.mktemp("desks")
    services = serve(folder / "home", {"desks": write_desks(folder / "package")})
    server = make_server("127.0.0.1", 0, create_app(services), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    client = Client(services)
    client.url = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    yield client
    server.shutdown()
    server.server_close()
    thread.join()
    services.close()


def spam(desks: Client) -> list[dict[str, Any]]:
    """Twelve proposals; the first three are accepted."""
    wanted = [
        [update("01", name="Buy, now", phone=None)],
        [update("03", note='The "casino"'), update("02", name="Casino", note="plain")],
        [insert(id="99", name="A casino")],
        *([update("04", note=f"casino {number}")] for number in range(8)),
        [delete("01"), update("02", agents="9")],
    ]
    found = []
    for number, operations in enumerate(wanted):
        answer = desks.propose(*operations, **EVE)
        assert answer.status_code == 201, answer.text
        found.append(answer.json)
        if number < 3:
            assert desks.accept(answer.json).status_code == 200
    return found


def press(page: Page, name: str) -> None:
    """By keyboard alone."""
    button = page.get_by_role("button", name=name, exact=True)
    button.focus()
    page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("width", "more"),
    [
        (360, {"locale": "en-GB"}),
        (768, {"locale": "en-GB", "scripts": False}),
        (1280, {"locale": "en-GB", "color_scheme": "dark"}),
    ],
)
def test_a_spammer_is_stopped_and_undone(
    look: Look, desks: Client, width: int, more: dict[str, Any]
) -> None:
    sent = spam(desks)
    assert desks.file() != DESKS.encode()
    window = look(width, url=desks.url, **more)  # type: ignore[attr-defined]
    last = sent[-1]["id"]
    page = window.go(f"/sign-in?token={desks.token}&next=/desks/proposals?flagged=1")
    expect(page.get_by_text("Unusual").first).to_be_visible()
    window.check("moderation-list")
    page.goto(f"/desks/proposals/{last}")
    expect(page.get_by_text("Its comment holds a link.")).to_be_visible()
    expect(page.get_by_role("link", name="11 other proposals")).to_be_visible()
    for words in ("Block this source", "Reject all 9 open ones"):
        page.locator("summary", has_text=words).press("Enter")
    window.check("moderation-source")

    block = page.locator("details", has_text="For how long")
    block.get_by_label("Why, for the other reviewers").fill("Casino")
    press(page, "Block")
    expect(page.get_by_role("status")).to_contain_text("The source is blocked.")
    window.check("moderation-blocked")
    assert desks.propose(update("01", agents="5"), **EVE).status_code == 403

    page.goto(f"/desks/proposals/{last}")
    page.locator("summary", has_text="Reject all 9 open ones").press("Enter")
    press(page, "Reject all")
    expect(page.get_by_role("status")).to_contain_text("9 proposals were rejected.")
    window.check("moderation-rejected")

    page.goto(f"/desks/proposals/{last}")
    page.get_by_role("link", name="Undo what this source changed…").press("Enter")
    expect(page.get_by_role("heading", name="4 rows are set back")).to_be_visible()
    window.check("moderation-undo")
    press(page, "Make the proposal")
    expect(page.locator(".note[role=status]")).to_contain_text("once it is accepted")
    window.check("moderation-undo-proposal")
    press(page, "Accept and publish")
    expect(page.locator(".note[role=status]")).to_contain_text("the data is published")
    assert desks.file() == DESKS.encode()


def test_what_stays_is_shown_beside_what_goes_back(look: Look, desks: Client) -> None:
    sent = spam(desks)
    # From nowhere that is known, so not from the same source.
    body = {"operations": [update("01", name="Desk of Apt, mended")]}
    dataset = desks.services.catalogue.get("desks")
    mended = desks.services.proposals.submit(dataset, body)
    desks.accept({"id": mended.id, "head": mended.head})
    window = look(360, url=desks.url)  # type: ignore[attr-defined]
    page = window.go(
        f"/sign-in?token={desks.token}&next=/desks/moderation/undo?source_of={sent[0]['id']}"
    )
    expect(page.get_by_text("La cellule a encore été modifiée depuis.")).to_be_visible()
    window.check("moderation-kept")


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_corrections_are_paused(look: Look, desks: Client, width: int) -> None:
    window = look(width, url=desks.url)  # type: ignore[attr-defined]
    page = window.go(f"/sign-in?token={desks.token}&next=/desks/moderation")
    window.check("moderation")
    page.get_by_label("Ce qui est dit aux contributeurs").fill("Retour lundi")
    press(page, "Suspendre les corrections")
    expect(page.get_by_role("status")).to_contain_text("suspendues")
    window.check("moderation-paused")
    press(page, "Reprendre les corrections")
    expect(page.get_by_role("status")).to_contain_text("reprises")

"""A reviewer decides by keyboard alone, or by forms where no script runs."""

from __future__ import annotations

import json
import subprocess
import threading
import time
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
ROWS = 20
OWN = {
    "code": "ask_the_desk",
    "kind": "not_verified",
    "label": {"fr": "À vérifier auprès de l’accueil", "en": "To be checked with the desk"},
}
LONG = "Open every morning from nine to twelve and on the market days of the village"


@pytest.fixture
def desks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A list of twenty desks and more, with a reason of its own, served from this process."""
    folder = tmp_path_factory.mktemp("desks")
    more = "".join(
        f"{number},Desk number {number},84003,,{number},,,,{LONG}\n" for number in range(10, 35)
    )
    package = write_desks(folder / "package", desks=DESKS + more)
    path = package / "datapackage.json"
    descriptor = json.loads(path.read_text(encoding="utf-8"))
    descriptor["retouche"] = {"reasons": [OWN]}
    path.write_text(json.dumps(descriptor), encoding="utf-8")
    services = serve(folder / "home", {"desks": package})
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


def state(desks: Client, proposal: dict[str, Any]) -> str:
    return desks.services.proposals.get(desks.services.catalogue.get("desks"), proposal["id"]).state


def lines_changed(desks: Client, proposal: dict[str, Any]) -> list[str]:
    """The lines that its commit took away and brought, as git tells them."""
    found = desks.services.proposals.get(desks.services.catalogue.get("desks"), proposal["id"])
    revision = str((found.decision or {})["revision"])
    path = desks.services.settings.home / "repositories" / "desks.git"
    command = ["git", "-C", str(path), "diff", "-U0", f"{revision}^1", revision]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [one for one in text.splitlines() if one[:1] in "+-" and one[:3] not in ("+++", "---")]


def sent(desks: Client, *operations: dict[str, Any], **others: Any) -> dict[str, Any]:
    answer = desks.propose(*operations, **others)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


def queue(desks: Client) -> list[tuple[str, dict[str, Any]]]:
    """Twenty proposals, oldest first, each with what the reviewer is to do with it."""
    found = []
    for number in range(10, 10 + ROWS):
        key, place = str(number), number - 10
        if place == 6:
            found.append(("refuse_cell", sent(desks, update(key, agents="7", name="Casino desk"))))
        elif place == 11:
            first = sent(desks, update(key, agents="50"))
            desks.accept(sent(desks, update(key, agents="60")))
            found.append(("theirs", first))
        elif place == 13:
            found.append(("look", sent(desks, delete(key))))
        elif place == 16:
            found.append(("own_reason", sent(desks, update(key, note="Closed"))))
        elif place % 4 == 3:
            found.append(("wrong", sent(desks, update(key, agents="99"))))
        else:
            found.append(("accept", sent(desks, update(key, agents=str(number + 40)))))
    return found


def at(page: Page, proposal: dict[str, Any]) -> None:
    """The page is that of a proposal, loaded."""
    expect(page.get_by_text(f"Proposal {proposal['id'][:8]}", exact=True)).to_be_visible()
    expect(page.locator("[data-keys][data-ready]")).to_be_visible()


def test_twenty_proposals_are_decided_by_keyboard(look: Look, desks: Client) -> None:
    wanted = queue(desks)
    window = look(1280, url=desks.url, locale="en-GB")  # type: ignore[attr-defined]
    page = window.go(f"/sign-in?token={desks.token}&next=/review")
    expect(page.get_by_role("heading", name="20 proposals")).to_be_visible()
    expect(page.locator("[data-keys]")).to_be_visible()
    window.check("review-queue")
    keys = page.keyboard
    keys.press("j")
    keys.press("j")
    keys.press("k")
    expect(page.locator("[data-queue] h3 a").first).to_be_focused()
    keys.press("Enter")
    seconds: dict[str, list[float]] = {}
    for place, (what, proposal) in enumerate(wanted):
        at(page, proposal)
        if place:
            expect(page.locator("h1")).to_be_focused()
        began = time.perf_counter()
        if what in ("wrong", "own_reason"):
            keys.press("r")
            expect(page.get_by_role("dialog")).to_be_visible()
            if place == 3:
                window.check("review-reasons")
            keys.press("1" if what == "own_reason" else "3")
        elif what == "refuse_cell":
            window.check("review-cells")
            keys.press("c")
            keys.press("Tab")
            expect(page.get_by_role("checkbox", name="Accept Nom", exact=True)).to_be_focused()
            keys.press("Space")
            expect(page.get_by_label("Why not “Nom”")).to_be_visible()
            keys.press("a")
        elif what == "theirs":
            window.check("review-conflict")
            keys.press("c")
            keys.press("Space")
            keys.press("ArrowDown")
            keys.press("a")
            keys.press("a")
        elif what == "look":
            keys.press("a")
            expect(page.get_by_role("button", name="Accept and publish")).to_be_focused()
            keys.press("Enter")
        else:
            keys.press("a")
        following = wanted[place + 1][1] if place + 1 < len(wanted) else None
        if following:
            at(page, following)
            expect(page.locator("[data-decided]")).to_contain_text(proposal["id"][:8])
        else:
            expect(page.get_by_text("Nothing waits here")).to_be_visible()
        seconds.setdefault(what, []).append(time.perf_counter() - began)
    for what, taken in seconds.items():
        print(f"{what}: {len(taken)} at {1000 * sum(taken) / len(taken):.0f} ms a decision")
    for what, proposal in wanted:
        key = proposal["operations"][0]["key"]["id"]
        refused = what in ("wrong", "own_reason")
        assert state(desks, proposal) == ("rejected" if refused else "accepted"), (what, key)
        if refused:
            continue
        changed = lines_changed(desks, proposal)
        if what == "look":
            assert [one[0] for one in changed] == ["-"]
            continue
        assert [one[0] for one in changed] == ["-", "+"], key
        agents = {"refuse_cell": "7", "theirs": "50"}.get(what, str(int(key) + 40))
        assert changed[1] == f"+{key},Desk number {key},84003,,{agents},,,,{LONG}"


def test_shortcuts_can_be_switched_off_and_stay_out_of_what_is_written(
    look: Look, desks: Client
) -> None:
    proposal = sent(desks, update("10", agents="50"))
    address = f"/desks/proposals/{proposal['id']}"
    window = look(768, url=desks.url, locale="en-GB")  # type: ignore[attr-defined]
    page = window.go(f"/sign-in?token={desks.token}&next={address}")
    at(page, proposal)
    message = page.get_by_label("Message to the author").first
    message.focus()
    page.keyboard.type("a rather unusual answer?")
    expect(message).to_have_value("a rather unusual answer?")
    page.get_by_role("button", name="Shortcuts").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    window.check("review-help")
    page.get_by_label("Shortcuts of one key").press("Space")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("a")
    page.keyboard.press("r")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.reload()
    at(page, proposal)
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Accept and publish")).to_be_visible()
    assert state(desks, proposal) == "open"


def test_a_key_that_is_held_decides_once(look: Look, desks: Client) -> None:
    first, second = (sent(desks, update(key, agents="50")) for key in ("10", "11"))
    address = f"/desks/proposals/{first['id']}?queue=state%3Dwaiting"
    window = look(768, url=desks.url, locale="en-GB")  # type: ignore[attr-defined]
    window.go(f"/sign-in?token={desks.token}")
    page = window.go(address)
    at(page, first)
    page.keyboard.down("a")
    at(page, second)
    page.keyboard.down("a")
    page.keyboard.down("a")
    page.keyboard.up("a")
    page.keyboard.press("c")  # answered after the others
    expect(page.locator("[data-live]")).to_contain_text("nothing to do")
    assert state(desks, first) == "accepted"
    assert state(desks, second) == "open"
    page.keyboard.press("a")
    expect(page.get_by_text("Nothing waits here")).to_be_visible()
    assert state(desks, second) == "accepted"


@pytest.mark.parametrize(
    ("width", "more"),
    [
        (360, {"locale": "en-GB"}),
        (768, {"locale": "en-GB", "scripts": False}),
        (1280, {"locale": "en-GB", "color_scheme": "dark"}),
    ],
)
def test_a_batch_is_accepted_and_taken_back(
    look: Look, desks: Client, width: int, more: dict[str, Any]
) -> None:
    before = desks.file()
    plain = [sent(desks, update(str(key), agents="50")) for key in (10, 11, 12)]
    odd = sent(desks, insert(id="99", name="A new desk"), comment="https://casino.example")
    window = look(width, url=desks.url, **more)  # type: ignore[attr-defined]
    page = window.go(f"/sign-in?token={desks.token}&next=/review")
    expect(page.get_by_role("heading", name="4 proposals")).to_be_visible()
    window.check("review-list")
    for box in page.get_by_role("checkbox", name="Choose").all():
        box.press("Space")
    page.get_by_role("button", name="Accept together…").press("Enter")
    expect(page.get_by_role("heading", name="with 3 proposals")).to_be_visible()
    expect(page.get_by_role("heading", name="one by one")).to_be_visible()
    window.check("review-batch")
    late = desks.accept(plain[0])
    assert late.status_code == 200
    page.get_by_role("button", name="Accept and publish 3 proposals").press("Enter")
    expect(page.locator(".note[role=status]")).to_contain_text("2 proposals were accepted")
    expect(page.get_by_text("decided already")).to_be_visible()
    window.check("review-done")
    page.get_by_role("button", name="Undo these 2 acceptances").press("Enter")
    expect(page.locator(".note[role=status]")).to_contain_text("set back")
    window.check("review-undone")
    assert desks.file() == before.replace(
        b"Desk number 10,84003,,10,", b"Desk number 10,84003,,50,"
    )
    assert state(desks, odd) == "open"


@pytest.mark.parametrize(
    ("width", "more"),
    [
        (360, {"locale": "fr-FR"}),
        (768, {"locale": "en-GB", "scripts": False}),
        (1280, {"locale": "fr-FR"}),
    ],
)
def test_cells_and_conflicts_are_decided_by_a_form(
    look: Look, desks: Client, width: int, more: dict[str, Any]
) -> None:
    mine = sent(
        desks,
        update("10", note=LONG.replace("twelve", "noon"), agents="50", name="Desk numb\u0435r 10"),
    )
    sent(desks, update("10", agents="50"))
    desks.accept(sent(desks, update("10", agents="60")))
    window = look(width, url=desks.url, **more)  # type: ignore[attr-defined]
    page = window.go(f"/sign-in?token={desks.token}&next=/desks/proposals/{mine['id']}")
    expect(page.get_by_text("U+0435")).to_be_visible()
    expect(page.locator("ins mark", has_text="noon")).to_be_visible()
    window.check("review-form")
    page.locator("fieldset.choice input[type=radio]").nth(1).check()
    page.locator("[name=cell]").nth(0).uncheck()
    page.locator("#accept button.main").press("Enter")
    expect(page.locator("#accept")).to_have_count(0)
    window.check("review-form-done")
    row = f"10,Desk number 10,84003,,50,,,,{LONG.replace('twelve', 'noon')}\n"
    assert row in desks.file().decode().splitlines(keepends=True)

"""Links sent again, mails ended, and what is kept: the pages that persons have for that."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.datasets import Browser, serve, update, write_desks
from tests.mail_server import MailServer, mail_server
from tests.web.pages import visit

SOMEONE = {"name": "Canary Person", "email": "someone@there.example"}
BASE = "https://host.example"


def browser(tmp_path: Path, server: MailServer | None = None, **settings: Any) -> Browser:
    if server is not None:
        settings |= {
            "smtp_url": f"smtp://127.0.0.1:{server.port}",
            "mail_from": "bot@host.example",
            "base_url": BASE,
        }
    folder = write_desks(tmp_path / "package")
    return Browser(serve(tmp_path / "home", {"desks": folder}, **settings))


def work(one: Browser) -> None:
    """What the worker does."""
    next(chore for chore in one.services.chores if chore.name == "mail").run()


def ask(one: Browser, address: str) -> Any:
    return one.client.post("/desks/follow-up?lang=en", data={"email": address})


def test_the_links_come_by_mail_and_the_answer_is_the_same_for_everybody(tmp_path: Path) -> None:
    with mail_server() as server:
        one = browser(tmp_path, server)
        proposal = one.propose(update("01", note="x"), contributor=SOMEONE).json
        work(one)
        server.taken.clear()
        known, unknown = ask(one, SOMEONE["email"]), ask(one, "nobody@there.example")
        assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
        assert known.data == unknown.data
        work(one)
        ((_, to, raw),) = server.taken
    assert to == SOMEONE["email"]
    assert proposal["id"].encode() in raw
    page = one.client.get(known.location.removeprefix(BASE))
    assert "is on its way" in page.text


@pytest.mark.attack("guessed-status")
def test_no_more_is_read_for_an_address_that_sent_something(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time tells nothing when the same is done: no proposal is looked for before the answer."""
    with mail_server() as server:
        one = browser(tmp_path, server)
        one.propose(update("01", note="x"), contributor=SOMEONE)

        def never(*_: Any, **__: Any) -> None:
            raise AssertionError("a proposal was looked for")

        monkeypatch.setattr(type(one.services.moderation), "sent_by", never)
        for address in (SOMEONE["email"], "nobody@there.example"):
            assert ask(one, address).status_code == 303


@pytest.mark.parametrize("address", ["", "x", "a@b.example\r\nBcc: c@d.example", "a" * 400])
def test_what_is_no_address_is_said_so(tmp_path: Path, address: str) -> None:
    with mail_server() as server:
        one = browser(tmp_path, server)
        answer = ask(one, address)
        assert answer.status_code == 400
        assert "This is not a mail address" in answer.text
        french = one.client.post("/desks/follow-up?lang=fr", data={"email": address})
        assert "pas une adresse électronique" in french.text
        work(one)
        assert server.taken == []


def test_who_asks_too_often_is_told_to_wait(tmp_path: Path) -> None:
    with mail_server() as server:
        one = browser(tmp_path, server, limit_minute=2)
        answers = [ask(one, f"a{number}@there.example").status_code for number in range(4)]
    assert answers == [303, 303, 429, 429]


def test_without_mails_the_page_says_so(tmp_path: Path) -> None:
    one = browser(tmp_path)
    page = one.client.get("/desks/follow-up?lang=en")
    assert "This server sends no mails" in page.text
    assert '<form method="post" action="/desks/follow-up' not in page.text
    assert ask(one, "someone@there.example").status_code == 303
    assert "arrived and what was decided" not in one.client.get("/desks/desks/01?lang=en").text


def stop_address(mail: Any) -> str:
    return str(mail["List-Unsubscribe"]).strip("<>").removeprefix(BASE)


def test_mails_end_with_one_click_and_the_address_is_erased(tmp_path: Path) -> None:
    with mail_server() as server:
        one = browser(tmp_path, server)
        proposal = one.propose(update("01", note="x"), contributor=SOMEONE, locale="en").json
        work(one)
        (mail,) = server.mails
        address = stop_address(mail)
        assert "No more mails for this proposal" in one.client.get(address).text
        clicked = one.client.post(address, data={"List-Unsubscribe": "One-Click"})
        assert clicked.status_code == 303
        assert "its address is erased" in one.client.get(clicked.location).text
        assert one.client.post(address).status_code == 303  # again does no harm
        one.reject(proposal)
        work(one)
        assert len(server.taken) == 1
    kept = one.services.proposals.get(one.services.catalogue.get("desks"), proposal["id"])
    assert kept.contributor == {"name": "Canary Person"}


@pytest.mark.attack("guessed-status")
def test_mails_end_by_the_secret_alone(tmp_path: Path) -> None:
    one = browser(tmp_path)
    proposal = one.propose(update("01", note="x"), contributor=SOMEONE).json
    path = f"/desks/proposals/{proposal['id']}/mails"
    for secret in ("", "?secret=", "?secret=" + "0" * 32, "?secret=%C3%A9"):
        assert one.client.get(path + secret).status_code == 403
        assert one.client.post(path + secret).status_code == 403
    assert one.client.get(f"/desks/proposals/{'0' * 16}/mails").status_code == 404
    kept = one.services.proposals.get(one.services.catalogue.get("desks"), proposal["id"])
    assert kept.contributor == SOMEONE


def test_pages_of_one_person_are_stored_nowhere(tmp_path: Path) -> None:
    one = browser(tmp_path)
    proposal = one.propose(update("01", note="x"), contributor=SOMEONE).json
    secret = proposal["follow_up_url"].partition("secret=")[2]
    answer = one.client.get(f"/desks/proposals/{proposal['id']}/mails?secret={secret}")
    assert "no-store" in answer.headers["Cache-Control"]
    assert SOMEONE["email"] not in answer.text


def test_without_secret_or_role_no_contact_and_no_comment(tmp_path: Path) -> None:
    one = browser(tmp_path)
    said = {"comment": "canary comment", "source": "canary source", "contributor": SOMEONE}
    proposal = one.propose(update("01", note="x"), **said).json
    one.reject(proposal, message="canary message")
    paths = [
        *("/desks/proposals", f"/desks/proposals/{proposal['id']}", "/desks", "/desks/desks/01"),
        *(f"{one.api}/proposals", f"{one.api}/proposals/{proposal['id']}"),
        *(f"{one.api}/proposals/{proposal['id']}/diff", "/feed/desks.atom", "/metrics", "/health"),
        f"/desks/proposals/{proposal['id']}?secret={'0' * 32}",
    ]
    for path in paths:
        answer = one.client.get(path)
        assert answer.status_code in (200, 404), path
        assert not re.search("canary|someone@", answer.text, re.I), path


def test_what_is_kept_is_told_where_an_address_is_asked_for(tmp_path: Path) -> None:
    one = browser(tmp_path, retention_days=30)
    form = one.client.get("/desks/desks/01?edit=1&lang=fr")
    assert form.status_code == 200
    assert "/desks/personal-data" in form.text
    page = one.client.get("/desks/personal-data?lang=fr").text
    assert "effacés 30 jours après" in page
    forever = browser(tmp_path / "other", retention_days=0)
    assert "until the operator" in forever.client.get("/desks/personal-data?lang=en").text


@pytest.mark.parametrize("address", ["Canarisk", "a@b", "a b@there.example", "a@there.example,"])
def test_what_is_no_address_is_not_taken_as_one(tmp_path: Path, address: str) -> None:
    one = browser(tmp_path)
    contributor = {"email": address}
    refused = one.propose(update("01", note="new"), contributor=contributor, locale="fr")
    assert (refused.status_code, refused.json["code"]) == (400, "malformed")
    assert refused.json["pointer"] == "/contributor/email"
    assert "pas une adresse électronique" in refused.json["detail"]
    rows = "/resources/desks/rows"
    remark = one.post(f"{rows}/01/remarks", {"comment": "hm", "contributor": contributor})
    assert (remark.status_code, remark.json["pointer"]) == (400, "/contributor/email")
    assert not list(one.services.proposals.page(one.services.catalogue.get("desks"))[0])


def test_a_form_says_at_the_field_that_an_address_is_none(tmp_path: Path) -> None:
    one = browser(tmp_path, min_seconds=0)
    form = visit(one.client, "/desks/desks/03").follow("Correct this")
    back = form.submit("See the difference", cell_agents="9", email="Canarisk", source="ftp://x")
    assert back.status == 400
    assert back.one("input", id="source")["aria-invalid"] == "true"
    back = form.submit("See the difference", cell_agents="9", email="Canarisk")
    told = back.one("input", id="email")
    assert (told["value"], told["aria-invalid"]) == ("Canarisk", "true")
    assert "email-fault" in told["aria-describedby"]
    assert "not a mail address" in back.one("p", id="email-fault").text
    assert "not a mail address" in back.one("div", id="faults").text
    assert back.one("input", name="cell.agents")["value"] == "9"


def test_a_receipt_is_asked_for_as_soon_as_something_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server() as server:
        one = browser(tmp_path, server, min_seconds=0)
        asked: list[str] = []
        monkeypatch.setattr(one.services.queue, "ask", asked.append)
        one.propose(update("01", note="new"), contributor=SOMEONE)
        assert asked == ["mail"]
        page = visit(one.client, "/desks/desks/03").follow("Correct this")
        page = page.submit("See the difference", cell_agents="9", email=SOMEONE["email"])
        sent = page.submit("Send to the reviewers")
        assert asked == ["mail", "mail"]
        assert "A mail tells you when it is decided" in sent.text
        assert one.get("/challenge").json["mails"] is True
    silent = browser(tmp_path / "silent")
    monkeypatch.setattr(silent.services.queue, "ask", asked.append)
    silent.propose(update("01", note="new"), contributor=SOMEONE)
    assert len(asked) == 2
    assert silent.get("/challenge").json["mails"] is False

"""What people say of a row: pending proposals, confirmations and remarks, and who sees them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.datasets import Browser, delete, insert, serve, update, write_desks
from tests.web.pages import visit

ROWS = "/resources/desks/rows"
SAID = "The door is in the yard."


def confirm(desks: Browser, key: str = "01", body: Any = None, **options: Any) -> Any:
    return desks.post(f"{ROWS}/{key}/confirmations", {} if body is None else body, **options)


def remark(desks: Browser, key: str = "01", **options: Any) -> Any:
    body = {"comment": SAID, "contributor": {"name": "Ann", "email": "ann@example.org"}}
    return desks.post(f"{ROWS}/{key}/remarks", body, **options)


def review(desks: Browser) -> Any:
    """The page of remarks, as the reviewer sees it."""
    desks.client.get(f"/sign-in?token={desks.token}")
    return visit(desks.client, "/desks/proposals/remarks")


# -- Pending --------------------------------------------------------------------------------


def test_pending_proposals_are_told_by_row(desks: Browser) -> None:
    first = desks.propose(update("01", agents="5"), delete("03")).json
    desks.propose(insert(id="a,b", name="New desk", city_code="84003", agents="2"))
    refused = desks.propose(update("02", agents="9")).json
    desks.reject(refused)
    answer = desks.get("/resources/desks/pending?key=01&key=02&key=99")
    assert answer.json == {
        "data": {
            "01": [
                {
                    "proposal": first["id"],
                    "state": "open",
                    "op": "update",
                    "fields": ["agents"],
                    "url": first["url"],
                }
            ]
        }
    }
    every = desks.get("/resources/desks/pending").json["data"]
    assert set(every) == {"01", "03", "a%2Cb"}
    assert every["03"][0]["fields"] == []
    asked = desks.get("/resources/desks/pending", query_string={"key": "a%2Cb"}).json["data"]
    assert set(asked["a%2Cb"][0]["fields"]) == {"id", "name", "city_code", "agents"}


def test_pending_is_known_by_its_tag_until_something_is_decided(desks: Browser) -> None:
    address = "/resources/desks/pending?key=01"
    empty = desks.get(address)
    assert empty.json == {"data": {}}
    proposal = desks.propose(update("01", agents="5")).json
    tagged = {"If-None-Match": empty.headers["ETag"]}
    after = desks.get(address, headers=tagged)
    assert after.status_code == 200
    tagged = {"If-None-Match": after.headers["ETag"]}
    assert desks.get(address, headers=tagged).status_code == 304
    desks.accept(proposal)
    assert desks.get(address, headers=tagged).json == {"data": {}}


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/resources/nope/pending", 404),
        ("/resources/desks/pending?keys=01", 400),
        ("/resources/desks/pending?key=%25ff", 400),
        ("/resources/desks/pending?" + "&".join(["key=1"] * 1001), 413),
    ],
)
def test_what_is_asked_wrongly_is_refused(desks: Browser, path: str, status: int) -> None:
    assert desks.get(path).status_code == status


# -- Confirmations --------------------------------------------------------------------------


def test_a_row_is_confirmed(desks: Browser) -> None:
    assert desks.get(f"{ROWS}/01").json["confirmations"] == {"count": 0, "last": None}
    before = desks.get(f"{ROWS}/01").headers["ETag"]
    answer = confirm(desks, body={"revision": desks.published})
    assert answer.status_code == 201
    assert answer.json["count"] == 1
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert confirm(desks).json["count"] == 2
    row = desks.get(f"{ROWS}/01", headers={"If-None-Match": before})
    assert row.json["confirmations"]["count"] == 2
    assert re.fullmatch(r"2026-01-01T00:.*\+00:00", row.json["confirmations"]["last"])
    assert "confirmations" not in desks.get(f"{ROWS}/01?revision={desks.published}").json
    assert desks.get(f"{ROWS}/02").json["confirmations"]["count"] == 0


def test_a_confirmation_sent_twice_counts_once(desks: Browser) -> None:
    key = {"Idempotency-Key": "once"}
    assert confirm(desks, headers=key).json == confirm(desks, headers=key).json
    assert desks.get(f"{ROWS}/01").json["confirmations"]["count"] == 1
    other = confirm(desks, key="02", headers=key)
    assert (other.status_code, other.json["code"]) == (422, "idempotency_mismatch")
    assert confirm(desks, headers={"Idempotency-Key": "é"}).status_code == 400


def test_a_row_cannot_be_confirmed_without_end(desks: Browser) -> None:
    last = [confirm(desks).status_code for _ in range(101)]
    assert last == [201] * 100 + [429]
    assert confirm(desks, key="02").status_code == 201


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (f"{ROWS}/99/confirmations", {}, 404),
        ("/resources/nope/rows/01/confirmations", {}, 404),
        (f"{ROWS}/01/confirmations", {"revision": "0" * 40}, 404),
        (f"{ROWS}/01/confirmations", {"revision": "main"}, 400),
        (f"{ROWS}/01/confirmations", {"comment": "x" * 5001}, 413),
        (f"{ROWS}/01/confirmations", {"why": "x"}, 400),
        (f"{ROWS}/01/confirmations", [], 400),
        (f"{ROWS}/99/remarks", {"comment": "x"}, 404),
        (f"{ROWS}/01/remarks", {}, 400),
        (f"{ROWS}/01/remarks", {"comment": "  \n"}, 400),
        (f"{ROWS}/01/remarks", {"comment": None}, 400),
        (f"{ROWS}/01/remarks", {"comment": "\u0000"}, 400),
        (f"{ROWS}/01/remarks", {"comment": "x" * 5001}, 413),
        (f"{ROWS}/01/remarks", {"comment": "x", "contributor": {"name": "x" * 201}}, 413),
    ],
)
def test_what_cannot_be_said_is_refused(desks: Browser, path: str, body: Any, status: int) -> None:
    answer = desks.post(path, body)
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"


# -- Remarks --------------------------------------------------------------------------------


def test_a_remark_is_seen_by_reviewers_alone(desks: Browser) -> None:
    answer = remark(desks)
    assert answer.status_code == 201
    assert answer.json["state"] == "open"
    confirm(desks, key="02", body={"comment": "Seen yesterday."})
    git = desks.services.catalogue.get("desks").forge
    assert [one.message for one in git.revisions(git.published())] == ["Import desks\n"]
    for path in (
        "/desks/proposals",
        "/desks/desks/01",
        "/desks/desks/02",
        f"/api/v1/datasets/desks{ROWS}/01",
        "/api/v1/datasets/desks/resources/desks/pending",
    ):
        shown = desks.client.get(path).get_data(as_text=True)
        assert not re.search(rf"{SAID}|ann@example|Seen yesterday|remarks", shown), path
    assert desks.client.get("/desks/proposals/remarks").status_code == 401
    page = review(desks)
    assert page.status == 200
    assert "private" in page.headers["Cache-Control"]
    for text in (SAID, "Desk of Apt", "ann@example.org", "Seen yesterday.", "2 remarks"):
        assert text in page.text
    assert "Remarks (2)" in visit(desks.client, "/desks/proposals").text


def test_a_reviewer_marks_a_remark_as_dealt_with(desks: Browser) -> None:
    remark(desks)
    done = review(desks).submit("Mark as dealt with")
    assert "marked as dealt with" in done.text
    assert SAID not in done.text
    closed = visit(desks.client, "/desks/proposals/remarks?state=closed")
    assert SAID in closed.text
    assert "dealt with by reviewer" in closed.text


def test_a_remark_is_closed_only_by_a_form_of_ours(desks: Browser) -> None:
    made = remark(desks).json
    address = f"/desks/proposals/remarks/{made['id']}/close"
    assert desks.client.post(address).status_code == 401
    page = review(desks)
    assert desks.client.post(address, data={"csrf": "x"}).status_code == 403
    csrf = page.form(button="Mark as dealt with")["csrf"]
    missing = desks.client.post("/desks/proposals/remarks/0/close", data={"csrf": csrf})
    assert missing.status_code == 404
    assert review(desks).text.count(SAID) == 1


def test_a_remark_on_a_row_that_is_gone_is_still_shown(desks: Browser) -> None:
    remark(desks, key="03")
    desks.accept(desks.propose(delete("03")).json)
    assert "not published any more" in review(desks).text


def test_a_remark_sent_twice_is_one(desks: Browser) -> None:
    key = {"Idempotency-Key": "once"}
    assert remark(desks, headers=key).json == remark(desks, headers=key).json
    assert review(desks).text.count(SAID) == 1


def test_remarks_do_not_pile_up_without_end(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package")
    desks = Browser(serve(tmp_path / "home", {"desks": folder}, max_open_proposals=2))
    assert [remark(desks).status_code for _ in range(3)] == [201, 201, 429]


def test_what_is_said_is_shown_as_text(desks: Browser) -> None:
    desks.post(f"{ROWS}/01/remarks", {"comment": "<img src=x onerror=alert(1)>"})
    assert "<img src=x" not in review(desks).html


# -- The page of a row ----------------------------------------------------------------------


def test_a_row_is_confirmed_without_javascript(desks: Browser) -> None:
    page = visit(desks.client, "/desks/desks/01")
    assert "Confirmed" not in page.text
    thanks = page.submit("This information is still correct")
    assert "Thank you" in thanks.text
    assert "Confirmed 1 time, on" in thanks.text
    again = thanks.submit("This information is still correct")
    assert "Confirmed 2 times, last on" in again.text
    french = visit(desks.client, "/desks/desks/01", language="fr")
    assert "Ces informations sont encore exactes" in french.text
    assert "Confirmé 2 fois" in french.text


def test_what_only_a_program_would_fill_in_is_not_taken(desks: Browser) -> None:
    page = visit(desks.client, "/desks/desks/01")
    trapped = page.submit("This information is still correct", website="x")
    assert trapped.status == 422
    assert "hidden field" in trapped.text
    assert desks.get(f"{ROWS}/01").json["confirmations"]["count"] == 0


def test_an_earlier_version_is_not_confirmed(desks: Browser) -> None:
    page = visit(desks.client, f"/desks/desks/01?revision={desks.published}")
    assert "still correct" not in page.text

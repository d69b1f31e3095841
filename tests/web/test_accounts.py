"""Signing in with one's own GitLab account: the whole way, and every way in which it goes wrong."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from retouche.core.errors import Malformed
from retouche.web.accounts.begun import begin, finish
from retouche.web.app import create_app
from tests.gitlab_double import Fault
from tests.gitlab_double.exchange import Answer
from tests.web.gitlab_server import BACK, HERE, SIGN_IN, World, asked, world
from tests.web.pages import Page, visit

HALF = 3600.0
"""Seconds after which nothing is near its end."""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path) as found:
        yield found


def accept(client: FlaskClient, proposal: dict[str, Any], **headers: str) -> Any:
    address = f"/api/v1/datasets/desks/proposals/{proposal['id']}/accept"
    return client.post(address, json={"head": proposal["head"]}, headers=headers)


def page_of(client: FlaskClient, proposal: dict[str, Any], language: str = "en") -> Page:
    return visit(client, f"/desks/proposals/{proposal['id']}", language=language)


def cookie(client: FlaskClient) -> str | None:
    found = client.get_cookie("retouche")
    return None if found is None else found.value


# The whole way


def test_a_maintainer_signs_in_with_gitlab_and_merges_in_their_own_name(here: World) -> None:
    proposal = here.propose(comment="I called")
    page = page_of(here.client, proposal)
    assert "I called" not in page.text
    begun = here.client.get(page.link("Sign in with GitLab").removeprefix(HERE))
    back = here.client.get(here.grant(begun.headers["Location"]))
    assert (back.status_code, back.headers["Location"]) == (
        303,
        f"/desks/proposals/{proposal['id']}",
    )
    page = page_of(here.client, proposal)
    assert "Reviewer: maintainer" in page.html
    assert "I called" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in page.headers["Vary"]
    done = page.submit("Accept and publish", message="Thanks")
    assert "accepted and the data is published" in done.text
    request = here.project.requests[1]
    assert request.state == "merged"
    merges = here.gitlab.step_calls("mr-merge")
    bearers = {one.headers["authorization"].removeprefix("Bearer ") for one in merges}
    assert {here.gitlab.accounts.tokens[one].user.name for one in bearers} == {"maintainer"}
    assert b"03,Desk of Gordes,84050,,7," in (here.project.file("desks.csv") or b"")


@pytest.mark.attack("redirects")
def test_the_request_for_a_right_is_as_gitlab_wants_it(here: World) -> None:
    answer = here.client.get(SIGN_IN)
    address = answer.headers["Location"]
    assert address.startswith(f"{here.gitlab.url}/oauth/authorize?")
    params = asked(address)
    assert params["redirect_uri"] == f"{HERE}{BACK}"
    assert (params["response_type"], params["scope"]) == ("code", "api")
    assert params["code_challenge_method"] == "S256"
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", params["code_challenge"])
    assert len(params["state"]) >= 32
    assert answer.headers["Cache-Control"] == "private, no-store"
    exchange = here.gitlab.step_calls("oauth-token")
    here.client.get(here.grant(address))
    (sent,) = here.gitlab.step_calls("oauth-token")[len(exchange) :]
    assert b"client_secret=" in sent.body
    assert b"code_verifier=" in sent.body
    assert sent.query == ""


def test_nothing_that_leaves_the_server_holds_a_token(here: World) -> None:
    proposal = here.propose()
    answers = [here.sign_in(), page_of(here.client, proposal)]
    told = [answers[0].get_data(as_text=True), str(answers[0].headers), str(cookie(here.client))]
    told += [answers[1].html, str(answers[1].headers)]
    for path in (
        "/desks",
        f"/api/v1/datasets/desks/proposals/{proposal['id']}",
        "/health",
        "/metrics",
        "/sign-in",
        BACK,
    ):
        answer = here.client.get(path)
        told += [answer.get_data(as_text=True), str(answer.headers)]
    files = [one.read_bytes() for one in here.home.rglob("*") if one.is_file()]
    secrets = [*here.tokens(), here.connection.oauth_client_secret or ""]
    for secret in secrets:
        assert not any(secret in one for one in told)
        assert not any(secret.encode() in one for one in files)
    assert not any(secret in repr(here.connection) for secret in secrets)


def test_the_sign_in_page_leads_to_gitlab(here: World) -> None:
    page = visit(here.client, "/sign-in?next=/desks/proposals")
    address = page.link("Sign in with GitLab for “Accueils”")
    assert address == f"{HERE}{SIGN_IN}?next=/desks/proposals"
    french = visit(here.client, "/sign-in", language="fr")
    assert "Se connecter avec GitLab pour" in french.text


# State


@pytest.mark.attack("redirects")
def test_a_way_back_that_was_not_begun_here_leads_nowhere(here: World) -> None:
    begun = here.client.get(SIGN_IN)
    way = here.grant(begun.headers["Location"])
    code = asked(way)["code"]
    other = here.newcomer()
    assert other.get(way).status_code == 400
    for state in ("", "foreign", "é", "x" * 5_000):
        answer = here.client.get(BACK, query_string={"code": code, "state": state})
        assert answer.status_code == 400
        assert "Set-Cookie" not in answer.headers
    assert here.client.get(BACK).status_code == 400
    assert here.calls("oauth-token") == 0
    # A stranger's way back did not spoil the one that was begun.
    assert here.client.get(way).status_code == 303


@pytest.mark.attack("redirects")
def test_a_way_back_leads_in_once(here: World) -> None:
    begun = here.client.get(SIGN_IN)
    before = cookie(here.client)
    assert before is not None
    way = here.grant(begun.headers["Location"])
    assert here.client.get(way).status_code == 303
    assert here.client.get(way).status_code == 400
    replayed = here.newcomer()
    replayed.set_cookie("retouche", before)
    answer = replayed.get(way, headers={"Accept": "text/html", "Accept-Language": "en"})
    assert answer.status_code == 401
    assert "GitLab did not sign you in" in answer.get_data(as_text=True)


def test_a_second_begin_takes_the_place_of_the_first(here: World) -> None:
    first = here.grant(here.client.get(SIGN_IN).headers["Location"])
    second = here.grant(here.client.get(SIGN_IN).headers["Location"])
    assert here.client.get(first).status_code == 400
    assert here.client.get(second).status_code == 303


@pytest.mark.attack("redirects")
def test_a_way_back_is_of_one_dataset(here: World) -> None:
    with here.browser.app.test_request_context("/"):
        state = begin("desks", "/desks")
        with pytest.raises(Malformed):
            finish("cities", state)
        assert finish("desks", state) == "/desks"


@pytest.mark.parametrize("minutes", [11.0, -5.0])
def test_a_way_back_is_open_for_ten_minutes(here: World, minutes: float) -> None:
    way = here.grant(here.client.get(SIGN_IN).headers["Location"])
    here.clock.move(minutes=minutes)
    answer = here.client.get(way, headers={"Accept": "text/html", "Accept-Language": "en"})
    assert answer.status_code == 400
    assert "more than ten minutes ago" in answer.get_data(as_text=True)
    assert here.calls("oauth-token") == 0


@pytest.mark.attack("redirects")
@pytest.mark.parametrize(
    "wanted", ["//evil.example", "/\\evil.example", "https://evil.example", "evil", "/\t/evil", ""]
)
def test_nobody_is_led_outside(here: World, wanted: str) -> None:
    answer = here.sign_in(to=wanted)
    assert answer.headers["Location"] == "/desks"


def test_a_session_that_somebody_planted_is_of_no_use_to_them(here: World) -> None:
    planted = here.newcomer()
    planted.get(SIGN_IN)
    value = cookie(planted)
    assert value is not None
    here.client.set_cookie("retouche", value)
    here.sign_in()
    assert cookie(here.client) != value
    assert "Reviewer:" not in visit(planted, "/desks").html
    again = cookie(here.client)
    here.sign_in()
    thief = here.newcomer()
    thief.set_cookie("retouche", str(again))
    proposal = here.propose()
    assert accept(thief, proposal).status_code == 401


# Refusals of GitLab


@pytest.mark.parametrize(("language", "words"), [("en", "you refused"), ("fr", "vous avez refusé")])
def test_who_says_no_at_gitlab_is_told_so(here: World, language: str, words: str) -> None:
    begun = here.client.get(SIGN_IN)
    way = here.grant(begun.headers["Location"], deny="1") + "&error_description=%3Cb%3Eboo"
    page = visit(here.client, way, language=language)
    assert page.status == 401
    assert words in page.text
    assert "boo" not in page.text
    assert "Reviewer:" not in visit(here.client, "/desks").html


@pytest.mark.parametrize(
    ("error", "status"),
    [("invalid_scope", 409), ("temporarily_unavailable", 503), ("<script>", 409)],
)
def test_a_fault_of_the_application_is_not_the_persons(
    here: World, error: str, status: int
) -> None:
    state = asked(here.client.get(SIGN_IN).headers["Location"])["state"]
    answer = here.client.get(BACK, query_string={"error": error, "state": state})
    assert answer.status_code == status
    assert error not in answer.get_data(as_text=True)


def test_a_code_that_is_none_is_refused_by_gitlab(here: World) -> None:
    state = asked(here.client.get(SIGN_IN).headers["Location"])["state"]
    wanted = {"code": "made-up", "state": state}
    answer = here.client.get(BACK, query_string=wanted)
    assert answer.status_code == 401
    assert answer.json["code"] == "not_signed_in"
    assert here.client.get(BACK, query_string=wanted).status_code == 400


def test_an_application_with_a_wrong_secret_is_the_operators_to_mend(here: World) -> None:
    way = here.grant(here.client.get(SIGN_IN).headers["Location"])
    grants = here.gitlab.grants.applications
    identifier = here.connection.oauth_client_id or ""
    made = grants[identifier]
    grants[identifier] = type(made)(made.id, "another", made.redirect_uri, made.scopes)
    page = visit(here.client, way)
    assert page.status == 409
    assert "The operator must check" in page.text


@pytest.mark.parametrize(
    "kind", ["reset", "error", "html", "truncated", "short", "redirect", "too_many"]
)
def test_a_gitlab_that_fails_lets_nobody_in_and_sends_nothing_elsewhere(
    here: World, kind: Any
) -> None:
    way = here.grant(here.client.get(SIGN_IN).headers["Location"])
    short = kind == "short"
    kind = "truncated" if short else kind
    here.gitlab.fault(Fault(on="oauth-token", kind=kind, times=5, short=short))
    page = visit(here.client, way)
    assert page.status == 503
    assert "GitLab does not answer" in page.text
    assert here.gitlab.foreign.calls == []
    here.gitlab.faults.clear()
    assert here.sign_in().status_code == 303


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"null",
        b'{"access_token": 5}',
        b'{"access_token": "a", "expires_in": 1e999}',
        b'{"access_token": "a", "expires_in": [1]}',
        b"[" * 30_000,
    ],
)
def test_an_answer_that_holds_no_tokens_lets_nobody_in(
    here: World, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    way = here.grant(here.client.get(SIGN_IN).headers["Location"])
    answer = Answer(200, body, {"Content-Type": "application/json"})
    monkeypatch.setattr("tests.gitlab_double.gateway.broken", lambda *_, **__: answer)
    here.gitlab.fault(Fault(on="oauth-token", kind="error"))
    page = visit(here.client, way)
    assert (page.status, "GitLab does not answer" in page.text) == (503, True)


def test_a_dataset_of_our_own_has_no_such_sign_in(here: World) -> None:
    assert here.client.get("/sign-in/gitlab/nothing").status_code == 404
    assert here.client.get("/sign-in/gitlab/nothing/callback").status_code == 404


def test_without_a_public_address_the_operator_is_told(tmp_path: Path) -> None:
    with world(tmp_path, base_url="") as here:
        page = visit(here.client, SIGN_IN)
        assert page.status == 404
        assert "RETOUCHE_BASE_URL" in page.text
        proposal = here.propose()
        assert "Sign in with GitLab" not in page_of(here.client, proposal).text


# Rights


def test_who_may_not_merge_sees_why(here: World) -> None:
    proposal = here.propose(comment="I called")
    here.sign_in(person="guest")
    for language, words in (("en", "may not merge"), ("fr", "ne peut pas fusionner")):
        page = page_of(here.client, proposal, language)
        assert words in page.text
        assert "guest" in page.text
        assert "I called" not in page.text
        assert not page.all("button", class_="main")
    refused = accept(here.client, proposal)
    assert refused.status_code == 403
    assert here.project.requests[1].state == "opened"


def test_a_reviewer_by_link_sees_all_and_is_offered_to_sign_in(here: World) -> None:
    proposal = here.propose(comment="I called")
    here.client.get(f"/sign-in?token={here.browser.token}")
    page = page_of(here.client, proposal)
    assert "I called" in page.text
    assert "Sign in with it" in page.text
    assert not page.all("button", class_="main")
    for answer in (
        here.browser.accept(proposal),
        here.browser.reject(proposal),
        accept(here.client, proposal),
    ):
        assert answer.status_code == 403
        assert answer.json["code"] == "not_allowed"
    here.client.get(here.grant(here.client.get(SIGN_IN).headers["Location"]))
    page = page_of(here.client, proposal)
    assert page.all("button", class_="main")
    assert visit(here.client, "/desks/proposals/remarks").status == 200


def test_a_role_is_asked_once_a_minute(here: World) -> None:
    proposal = here.propose()
    here.sign_in()
    before = here.calls("user-get")
    for _ in range(5):
        page_of(here.client, proposal)
    assert here.calls("user-get") <= before + 1


def test_a_right_that_was_taken_is_refused_by_gitlab_and_then_known(here: World) -> None:
    proposal = here.propose()
    here.sign_in()
    page = page_of(here.client, proposal)
    here.project.member("maintainer", 10)
    refused = page.submit("Accept and publish")
    assert refused.status == 403
    assert "This could not be done" in refused.text
    assert here.project.requests[1].state == "opened"
    assert not page_of(here.client, proposal).all("button", class_="main")


@pytest.mark.attack("cross-site-forms")
def test_a_form_from_elsewhere_decides_nothing(here: World) -> None:
    proposal = here.propose()
    here.sign_in()
    fields = {"head": proposal["head"], "whole": "1", "reason": "wrong"}
    address = f"/desks/proposals/{proposal['id']}"
    for forged in ({}, {"csrf": "wrong"}, {"csrf": "é"}):
        for way in ("accept", "reject"):
            answer = here.client.post(f"{address}/{way}", data={**fields, **forged})
            assert answer.status_code == 403
    assert accept(here.client, proposal, Origin="https://evil.example").status_code == 403
    assert accept(here.client, proposal, **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    answer = accept(here.client, proposal, Origin="https://evil.example")
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert here.project.requests[1].state == "opened"


# Tokens that end


def test_a_token_is_renewed_before_it_ends(here: World) -> None:
    proposal = here.propose()
    here.sign_in()
    before = here.calls("oauth-token")
    here.clock.move(seconds=HALF)
    page_of(here.client, proposal)
    assert here.calls("oauth-token") == before
    here.clock.move(seconds=HALF)
    page = page_of(here.client, proposal)
    assert here.calls("oauth-token") == before + 1
    assert "accepted" in page.submit("Accept and publish").text
    assert here.calls("oauth-token") == before + 1


def test_many_requests_at_once_renew_once_in_all_processes(here: World) -> None:
    proposal = here.propose()
    here.sign_in()
    value = str(cookie(here.client))
    here.clock.move(seconds=2 * HALF)
    before = here.calls("oauth-token")
    here.gitlab.fault(Fault(on="oauth-token", kind="slow", seconds=0.3))
    others = [here.other_process() for _ in range(2)]
    apps = [create_app(one) for one in (here.services, *others)]

    def look(number: int) -> int:
        client = apps[number % len(apps)].test_client()
        client.set_cookie("retouche", value)
        return len(page_of(client, proposal).all("button", class_="main"))

    try:
        with ThreadPoolExecutor(9) as threads:
            assert list(threads.map(look, range(9))) == [1] * 9
    finally:
        for one in others:
            one.close()
    assert here.calls("oauth-token") == before + 1
    assert "accepted" in page_of(here.client, proposal).submit("Accept and publish").text


def test_who_was_signed_out_at_gitlab_is_asked_to_sign_in_again(here: World) -> None:
    proposal = here.propose(comment="I called")
    here.sign_in()
    for token in here.gitlab.accounts.tokens.values():
        if token.oauth:
            token.revoked = True
    here.clock.move(seconds=2 * HALF)
    page = page_of(here.client, proposal)
    assert "Your session at GitLab has ended" in page.text
    assert "I called" not in page.text
    assert page.link("Sign in with GitLab")
    before = here.calls("oauth-token")
    assert accept(here.client, proposal).status_code == 401
    page_of(here.client, proposal)
    assert here.calls("oauth-token") == before
    here.sign_in()
    assert page_of(here.client, proposal).all("button", class_="main")


def test_a_token_that_gitlab_revoked_early_ends_the_session_too(here: World) -> None:
    proposal = here.propose()
    here.sign_in()
    page = page_of(here.client, proposal)
    for token in here.gitlab.accounts.tokens.values():
        if token.oauth:
            token.revoked = True
    refused = page.submit("Accept and publish")
    assert refused.status == 401
    assert "has ended" in page_of(here.client, proposal).text


def test_a_silent_gitlab_signs_nobody_out(here: World) -> None:
    proposal = here.propose()
    here.sign_in()
    page_of(here.client, proposal)
    here.clock.move(seconds=2 * HALF - 60)
    here.gitlab.stop()
    begun = time.perf_counter()
    page = page_of(here.client, proposal)
    assert page.status == 200
    refused = accept(here.client, proposal)
    assert refused.status_code == 503
    assert "Retry-After" in refused.headers
    here.clock.move(seconds=HALF)
    page = page_of(here.client, proposal)
    assert page.status == 200
    assert "GitLab does not answer" in page.text
    assert visit(here.client, "/desks").status == 200
    assert time.perf_counter() - begun < 5
    here.gitlab.start()
    here.services.watch.note_outlook(type(here.services.watch.outlook("desks"))(dataset="desks"))
    assert page_of(here.newcomer(), proposal).status == 200
    client = here.newcomer()
    client.set_cookie("retouche", str(cookie(here.client)))
    assert page_of(client, proposal).all("button", class_="main")


# Out


def test_signing_out_forgets_and_revokes(here: World) -> None:
    proposal = here.propose()
    here.sign_in()
    value = str(cookie(here.client))
    out = page_of(here.client, proposal).submit("Sign out")
    assert "Reviewer:" not in out.html
    assert all(one.revoked for one in here.gitlab.accounts.tokens.values() if one.oauth)
    thief = here.newcomer()
    thief.set_cookie("retouche", value)
    assert accept(thief, proposal).status_code == 401


def test_signing_out_works_while_gitlab_is_silent(here: World) -> None:
    proposal = here.propose()
    here.sign_in()
    page = page_of(here.client, proposal)
    here.gitlab.stop()
    value = str(cookie(here.client))
    assert "Reviewer:" not in page.submit("Sign out").html
    here.gitlab.start()
    thief = here.newcomer()
    thief.set_cookie("retouche", value)
    for client in (here.client, thief):
        assert accept(client, proposal).status_code == 401


def test_signing_in_again_revokes_what_it_replaces(here: World) -> None:
    here.sign_in()
    here.sign_in(person="other_maintainer")
    held = {one.user.name: one.revoked for one in here.gitlab.accounts.tokens.values() if one.oauth}
    assert held == {"maintainer": True, "other_maintainer": False}
    assert "Reviewer: other_maintainer" in visit(here.client, "/desks").html

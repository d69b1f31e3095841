"""The headers of every route: who may frame it, keep it, read it from elsewhere, and send to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from retouche.web.app import create_app
from tests.datasets import Browser, serve, update, write_desks

HERE = "https://data.example.org"
FRAMABLE = {"frames.show_frame"}
WITHOUT_POLICY = {"elements.entry", "elements.part"}
OPEN = ("api_", "elements.", "oembed.", "badges.", "feeds.", "dcat.")
"""What pages of other sites may read."""
DECIDING = {"api_decisions.accept", "api_decisions.reject"}
SESSION_FREE = {
    # Contributions and what an author does with a secret: nobody's right is used for them.
    "pages.resources.add_row",
    "pages.rows.contribute",
    "pages.rows.confirm",
    "pages.quality.confirm",
    "pages.follow_up.send_links",
    "pages.follow_up.stop",
    "pages.proposals.withdraw",
    # Who has the address of a scenario has the scenario, session or not.
    "pages.projects.create",
    "pages.projects.change",
}


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    folder = tmp_path_factory.mktemp("headers")
    package = write_desks(folder / "package")
    return Browser(serve(folder / "home", {"desks": package}, base_url=HERE))


@pytest.fixture(scope="module")
def values(desks: Browser) -> dict[str, str]:
    made = desks.propose(update("01", agents="7")).json
    return {
        "name": "desks", "resource": "desks", "key": "01", "widget": "desks", "kind": "csv",
        "proposal": made["id"], "outlines": "none", "remark": "0" * 16, "block": "0" * 16,
        "scenario": "0" * 32, "indicator": "none", "mapping": "none", "batch": "0" * 16,
    }  # fmt: skip


def rules(desks: Browser, method: str) -> Iterator[Rule]:
    for rule in desks.app.url_map.iter_rules():
        if method in (rule.methods or ()):
            yield rule


def address(rule: Rule, values: dict[str, str]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: values[found[1]], rule.rule)


def visitor(desks: Browser, *, signed_in: bool) -> FlaskClient:
    client = create_app(desks.services).test_client()
    if signed_in:
        answer = client.get(f"/sign-in?token={desks.token}", base_url=HERE)
        assert answer.status_code == 303
    return client


def ask(client: FlaskClient, rule: Rule, values: dict[str, str], method: str) -> TestResponse:
    headers = {"Accept": "text/html", "Origin": "https://evil.example"}
    if method == "GET" and rule.endpoint.startswith("pages."):
        headers.pop("Origin")
    return client.open(address(rule, values), method=method, headers=headers, base_url=HERE)


@pytest.mark.parametrize("signed_in", [False, True])
def test_who_may_frame_and_run_what(
    desks: Browser, values: dict[str, str], signed_in: bool
) -> None:
    client = visitor(desks, signed_in=signed_in)
    seen = set()
    for method in ("GET", "POST"):
        for rule in rules(desks, method):
            answer = ask(client, rule, values, method)
            assert answer.status_code < 500, rule
            headers, endpoint = answer.headers, rule.endpoint
            policy = headers.get("Content-Security-Policy", "")
            if endpoint in FRAMABLE and answer.status_code == 200:
                assert "frame-ancestors *" in policy
                seen.add(endpoint)
            elif endpoint in WITHOUT_POLICY:
                pass
            elif policy != "default-src 'none'; sandbox":
                assert "frame-ancestors 'none'" in policy, rule
            if endpoint not in WITHOUT_POLICY:
                assert "default-src 'none'" in policy, rule
                assert "unsafe" not in policy.replace("'wasm-unsafe-eval'", ""), rule
            assert headers["X-Content-Type-Options"] == "nosniff", rule
            assert headers["Referrer-Policy"] in ("same-origin", "no-referrer"), rule
            if method == "POST" and endpoint == "pages.sessions.sign_out":
                client = visitor(desks, signed_in=signed_in)
    assert seen == FRAMABLE


@pytest.mark.parametrize("signed_in", [False, True])
def test_who_may_read_it_from_elsewhere(
    desks: Browser, values: dict[str, str], signed_in: bool
) -> None:
    client = visitor(desks, signed_in=signed_in)
    for method in ("GET", "POST", "OPTIONS"):
        for rule in rules(desks, method):
            answer = ask(client, rule, values, method)
            allowed = answer.headers.get("Access-Control-Allow-Origin")
            assert "Access-Control-Allow-Credentials" not in answer.headers, rule
            is_open = rule.endpoint.startswith(OPEN) and rule.endpoint not in DECIDING
            assert allowed is None or (is_open and allowed == "*"), rule


def test_what_a_session_shows_is_kept_by_nobody(desks: Browser, values: dict[str, str]) -> None:
    client = visitor(desks, signed_in=True)
    for rule in rules(desks, "GET"):
        if rule.endpoint.startswith("pages."):
            answer = ask(client, rule, values, "GET")
            assert answer.headers["Cache-Control"] == "private, no-store", rule
            assert "Cookie" in answer.headers["Vary"], rule
    bearer = {"Authorization": f"Bearer {desks.token}"}
    path = f"/api/v1/datasets/desks/proposals/{values['proposal']}"
    private = client.get(path, headers=bearer, base_url=HERE)
    assert private.headers["Cache-Control"] == "private, no-store"


def test_readers_get_no_cookie(desks: Browser, values: dict[str, str]) -> None:
    client = visitor(desks, signed_in=False)
    for rule in rules(desks, "GET"):
        if not rule.endpoint.startswith("pages.accounts."):
            assert "Set-Cookie" not in ask(client, rule, values, "GET").headers, rule


def test_the_cookie_is_for_this_host_over_tls_and_no_script(desks: Browser) -> None:
    client = create_app(desks.services).test_client()
    answer = client.get(f"/sign-in?token={desks.token}", base_url=HERE)
    cookie = SimpleCookie(answer.headers["Set-Cookie"])
    assert set(cookie) == {"__Host-retouche"}
    found = cookie["__Host-retouche"]
    assert (found["secure"], found["httponly"]) == (True, True)
    assert (found["samesite"], found["path"], found["domain"]) == ("Lax", "/", "")


def test_every_form_of_a_session_carries_its_proof(desks: Browser, values: dict[str, str]) -> None:
    """A form of another site, with the cookie that a browser would add, does nothing."""
    client = visitor(desks, signed_in=True)
    before = desks.services.proposals.counts(desks.services.catalogue.get("desks"))
    checked = set()
    for rule in rules(desks, "POST"):
        endpoint = rule.endpoint
        if not endpoint.startswith(("pages.", "api_decisions.")) or endpoint in SESSION_FREE:
            continue
        for headers in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
            body = {"csrf": "guessed", "head": "0" * 40, "reason": "spam"}
            json = endpoint.startswith("api_")
            if json and not headers:
                continue  # no other site can send JSON with a cookie without asking first
            answer = client.post(
                address(rule, values),
                headers=headers,
                base_url=HERE,
                **({"json": body} if json else {"data": body}),
            )
            assert answer.status_code in (401, 403), (rule, headers, answer.status_code)
        checked.add(endpoint)
    assert {"pages.decisions.accept", "pages.review.confirm", "pages.sessions.sign_out"} <= checked
    assert desks.services.proposals.counts(desks.services.catalogue.get("desks")) == before


def test_over_plain_http_the_cookie_still_is_for_no_script(tmp_path: Path) -> None:
    package = write_desks(tmp_path / "package")
    desks = Browser(serve(tmp_path / "home", {"desks": package}))
    answer = desks.client.get(f"/sign-in?token={desks.token}")
    found = SimpleCookie(answer.headers["Set-Cookie"])["retouche"]
    assert (found["httponly"], found["samesite"]) == (True, "Lax")

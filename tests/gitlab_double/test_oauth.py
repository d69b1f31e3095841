"""The OAuth door of the double: codes bound by PKCE, pairs that replace each other."""

from __future__ import annotations

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests

from tests.gitlab_double import GitLab, Project

BACK = "http://127.0.0.1:1/account/back"
VERIFIER = "v" * 64
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)


@pytest.fixture
def app(double: GitLab) -> tuple[str, str]:
    return double.app(BACK, scopes=("api", "read_user"))


def authorize(double: GitLab, client: str, **more: str) -> dict[str, str]:
    """What is sent back to the application."""
    wishes = {
        "client_id": client,
        "redirect_uri": BACK,
        "response_type": "code",
        "scope": "api",
        "state": "s",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        "as": "maintainer",
        **more,
    }
    url = f"{double.url}/oauth/authorize"
    answer = requests.get(url, params=wishes, allow_redirects=False, timeout=5)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(BACK)
    return dict(parse_qsl(urlsplit(answer.headers["Location"]).query))


def exchange(double: GitLab, app: tuple[str, str], **params: str) -> tuple[int, Any]:
    wishes = {
        "client_id": app[0],
        "client_secret": app[1],
        "redirect_uri": BACK,
        "grant_type": "authorization_code",
        "code_verifier": VERIFIER,
        **params,
    }
    answer = requests.post(f"{double.url}/oauth/token", data=wishes, timeout=5)
    return answer.status_code, answer.json()


def myself(double: GitLab, token: str) -> requests.Response:
    header = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{double.url}/api/v4/user", headers=header, timeout=5)


def test_a_code_gives_a_pair_that_acts_as_the_user(
    double: GitLab, project: Project, app: tuple[str, str]
) -> None:
    back = authorize(double, app[0])
    assert back["state"] == "s"
    status, pair = exchange(double, app, code=back["code"])
    assert status == 200
    assert (pair["token_type"], pair["expires_in"], pair["scope"]) == ("Bearer", 7200, "api")
    assert myself(double, pair["access_token"]).json()["username"] == "maintainer"


def test_a_code_is_worth_nothing_twice_or_without_its_verifier(
    double: GitLab, app: tuple[str, str]
) -> None:
    code = authorize(double, app[0])["code"]
    status, said = exchange(double, app, code=code, code_verifier="w" * 64)
    assert (status, said["error"]) == (400, "invalid_grant")
    assert exchange(double, app, code=code)[0] == 400
    code = authorize(double, app[0])["code"]
    assert exchange(double, app, code=code)[0] == 200
    assert exchange(double, app, code=code)[0] == 400
    status, said = exchange(double, (app[0], "wrong"), code="x")
    assert (status, said["error"]) == (401, "invalid_client")


def test_a_refresh_ends_both_old_tokens(double: GitLab, app: tuple[str, str]) -> None:
    _, old = exchange(double, app, code=authorize(double, app[0])["code"])
    wishes = {"grant_type": "refresh_token", "refresh_token": old["refresh_token"]}
    status, new = exchange(double, app, **wishes)
    assert status == 200
    assert myself(double, old["access_token"]).status_code == 401
    assert myself(double, new["access_token"]).status_code == 200
    assert exchange(double, app, **wishes)[0] == 400


def test_a_revoked_token_is_unauthorized(double: GitLab, app: tuple[str, str]) -> None:
    _, pair = exchange(double, app, code=authorize(double, app[0])["code"])
    wishes = {"token": pair["access_token"]}
    url = f"{double.url}/oauth/revoke"
    assert requests.post(url, data=wishes, auth=app, timeout=5).status_code == 200
    assert myself(double, pair["access_token"]).status_code == 401


def test_the_page_has_a_button_for_each_user_and_may_be_denied(
    double: GitLab, app: tuple[str, str]
) -> None:
    wishes = {"client_id": app[0], "redirect_uri": BACK, "response_type": "code"}
    url = f"{double.url}/oauth/authorize"
    page = requests.get(url, params=wishes, timeout=5)
    assert 'value="maintainer"' in page.text
    wrong = requests.get(url, params={**wishes, "redirect_uri": BACK + "/x"}, timeout=5)
    assert wrong.status_code == 401
    assert authorize(double, app[0], deny="1")["error"] == "access_denied"
    assert authorize(double, app[0], scope="sudo")["error"] == "invalid_scope"


def test_a_token_tells_about_itself(double: GitLab, app: tuple[str, str]) -> None:
    _, pair = exchange(double, app, code=authorize(double, app[0])["code"])
    header = {"Authorization": f"Bearer {pair['access_token']}"}
    info = requests.get(f"{double.url}/oauth/token/info", headers=header, timeout=5).json()
    assert (info["scope"], info["application"]["uid"]) == (["api"], app[0])

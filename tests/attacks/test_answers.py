"""What leaves the server: files, headers of every page, forms and sessions, links of proposals."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

from tests.attacks.requests import LEAKS
from tests.datasets import Browser, serve, update, write_desks

LOCK = Path(__file__).resolve().parents[2] / "uv.lock"
FORMULAS = [
    '=HYPERLINK("http://evil.example","x")', "=cmd|' /C calc'!A0", "=1+1", "+1+1", "-1+1",
    "@SUM(1)",
    "\t=1+1", "\r=1+1", "\n=1+1", "＝1+1", "＋1", "－1+1", "＠x", "=IMPORTXML(A1)",
    "-2+3+cmd|' '!A",
    "+33 1 23 45 67 89", "@", "=", "-", "=DDE('x')", "=\u200b1",
]  # fmt: skip
NUMBERS = ["-1", "+1", "-1.5", "+1,5", "-1e3", "0", "1"]
READ = ("/", "/desks", "/desks/desks", "/desks/desks/01", "/desks/proposals", "/sign-in", "/embed",
        "/errors")  # fmt: skip
DECIDING = ("accept", "reject")
ELSEWHERE: list[dict[str, str]] = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost.evil.example"},
    {"Origin": "http://localhost:81"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]
NEXT = [
    "//evil.example", "/\\evil.example", "https://evil.example", "http:evil.example", "///evil",
    "\\\\evil.example", "/\t/evil.example", "/\n/evil.example", "javascript:alert(1)", "evil",
    "data:text/html,x", "/%09/evil.example\n", "", " //evil.example", "/\x00//evil", "\ud800",
]  # fmt: skip


@pytest.fixture(scope="module")
def signed_in(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    """A reviewer's browser, with its cookie, and one open proposal."""
    folder = tmp_path_factory.mktemp("reviewed")
    browser = Browser(serve(folder / "home", {"desks": write_desks(folder / "package")}))
    browser.propose(update("04", agents="6"))
    answer = browser.client.get(f"/sign-in?token={browser.token}")
    assert answer.status_code == 303
    return browser


@pytest.mark.attack("formulas")
@pytest.mark.parametrize("text", FORMULAS + NUMBERS, ids=ascii)
def test_a_spreadsheet_gets_no_formula_and_git_gets_the_text(tmp_path: Path, text: str) -> None:
    quoted = text.replace('"', '""')
    file = (
        f'id,name,city_code,phone,agents,opened,latitude,longitude,note\n01,Desk,,,,,,,"{quoted}"\n'
    )
    browser = Browser(
        serve(tmp_path / "home", {"desks": write_desks(tmp_path / "package", desks=file)})
    )
    plain = browser.get("/resources/desks/data.csv")
    assert plain.data == file.encode()
    guarded = browser.get("/resources/desks/data.csv?spreadsheet=1").data.decode("utf-8-sig")
    cell = list(csv.reader(io.StringIO(guarded, newline="")))[1][-1]
    assert cell == (text if text in NUMBERS else f"'{text}")


@pytest.mark.attack("data-as-page")
@pytest.mark.parametrize("kind", ["csv", "json", "geojson", "xlsx"])
def test_a_file_is_never_a_page(signed_in: Browser, kind: str) -> None:
    answer = signed_in.get(f"/resources/desks/data.{kind}", headers={"Accept": "text/html"})
    assert not answer.content_type.startswith("text/html")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.attack("framing", "scripts")
@pytest.mark.parametrize("path", READ)
def test_no_page_but_a_widget_may_be_framed(signed_in: Browser, path: str) -> None:
    policy = signed_in.client.get(path).headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe-eval" not in policy
    assert not re.search(r"script-src[^;]*'unsafe-inline'", policy)
    framed = signed_in.client.get("/embed/desks/desks").headers["Content-Security-Policy"]
    assert "frame-ancestors *" in framed


@pytest.mark.attack("shared-caches")
@pytest.mark.parametrize("path", ["/desks/proposals", "/sign-in", "/desks"])
def test_what_a_session_sees_is_kept_by_nobody(signed_in: Browser, path: str) -> None:
    answer = signed_in.client.get(path)
    assert "public" not in answer.headers.get("Cache-Control", "")
    assert {"no-store", "private"} & set(answer.headers["Cache-Control"].split(", "))


@pytest.mark.attack("cross-site-forms", "other-origins")
@pytest.mark.parametrize("headers", ELSEWHERE, ids=str)
@pytest.mark.parametrize("deed", DECIDING)
def test_another_site_decides_nothing_in_a_reviewer_s_name(
    signed_in: Browser, deed: str, headers: dict[str, str]
) -> None:
    proposal = signed_in.get("/proposals").json["data"][0]
    body = {"head": proposal["head"], "reason": "wrong"}
    for address in (f"{signed_in.api}/proposals", "/desks/proposals"):
        path = f"{address}/{proposal['id']}/{deed}"
        for options in ({"json": body}, {"data": body}):
            answer: Any = signed_in.client.post(path, headers=headers, **options)
            assert answer.status_code in {400, 403, 415}, path
            assert answer.headers.get("Access-Control-Allow-Credentials") is None
            assert "evil" not in str(answer.headers)
    assert signed_in.get("/proposals").json["data"][0]["state"] == "open"


@pytest.mark.attack("other-origins")
@pytest.mark.parametrize("path", ["resources/desks/rows", "proposals", "validate"])
def test_no_origin_is_told_that_a_session_would_count(signed_in: Browser, path: str) -> None:
    for method in ("GET", "OPTIONS"):
        answer = signed_in.client.open(
            f"{signed_in.api}/{path}", method=method, headers={"Origin": "https://evil.example"}
        )
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers


@pytest.mark.attack("redirects")
@pytest.mark.parametrize("wanted", NEXT, ids=ascii)
def test_a_way_back_stays_here(signed_in: Browser, wanted: str) -> None:
    query = {"token": signed_in.token, "next": wanted.encode("utf-8", "replace").decode()}
    answer = signed_in.app.test_client().get("/sign-in", query_string=query)
    assert answer.status_code in {303, 400}
    if answer.status_code == 303:
        assert re.fullmatch(r"/(?![/\\]).*", answer.headers["Location"])
        assert "evil" not in answer.headers["Location"].split("?")[0].partition("/")[0]


@pytest.mark.attack("other-origins", "shared-caches")
def test_the_cookie_of_a_session_is_for_this_site_alone(tmp_path: Path) -> None:
    package = write_desks(tmp_path / "package")
    home = tmp_path / "home"
    browser = Browser(serve(home, {"desks": package}, base_url="https://data.example"))
    answer = browser.client.get(f"/sign-in?token={browser.token}", base_url="https://data.example")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-retouche=")
    for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert part in cookie
    assert "Domain" not in cookie


@pytest.mark.attack("guessed-status", "people-in-history")
@pytest.mark.parametrize("secret", ["", "0" * 32, "x", "\u00e9", "a" * 5_000, "' OR 1=1--"])
def test_nobody_guesses_what_a_sender_wrote(tmp_path: Path, secret: str) -> None:
    browser = Browser(serve(tmp_path / "home", {"desks": write_desks(tmp_path / "package")}))
    person = {"name": "Canary Person", "email": "canary@person.example"}
    sent = browser.propose(update("04", agents="6"), comment="canary", contributor=person).json
    for path in (f"/proposals/{sent['id']}", "/proposals", f"/proposals/{sent['id']}/diff"):
        answer = browser.client.get(browser.api + path, query_string={"secret": secret})
        assert "canary" not in answer.get_data(as_text=True).lower()
    taken = browser.post(f"/proposals/{sent['id']}/withdraw", {"secret": secret})
    assert taken.status_code in {400, 401, 403, 413}


@pytest.mark.attack("traces")
def test_a_defect_of_ours_tells_nothing_of_the_inside(
    signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret in /srv/retouche/x.py")

    monkeypatch.setattr(type(signed_in.services.catalogue), "get", broken)
    answer: Any = signed_in.client.get(f"{signed_in.api}/resources/cities")  # none is kept of it
    assert (answer.status_code, answer.json["code"]) == (500, "internal")
    assert not [leak for leak in (*LEAKS, "secret", "x.py") if leak in answer.text]
    assert not signed_in.app.debug


@pytest.mark.attack("floods")
def test_a_flood_is_taken_up_to_its_quota(tmp_path: Path) -> None:
    folder = write_desks(tmp_path / "package")
    browser = Browser(serve(tmp_path / "home", {"desks": folder}, max_open_proposals=5))
    answers = [browser.propose(update("04", agents=str(10 + one))) for one in range(12)]
    assert [one.status_code for one in answers].count(201) <= 5
    refused = [one for one in answers if one.status_code == 429]
    assert len(refused) >= 7
    assert all(int(one.headers["Retry-After"]) > 0 for one in refused)


@pytest.mark.attack("supply-chain")
def test_each_package_is_pinned_by_its_hash() -> None:
    packages = LOCK.read_text(encoding="utf-8").split("[[package]]")[1:]
    assert len(packages) > 50
    for one in packages:
        if re.search(r"^source = \{ registry", one, re.M):
            files = re.findall(r"\{ url = [^}]*\}", one)
            assert files
            assert all(re.search(r'hash = "sha256:[0-9a-f]{64}"', file) for file in files)

"""Headers of every length and form, of hosts and proxies, and of keys that a sender makes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.attacks.requests import Ask, check, send, table, written
from tests.datasets import Browser, serve, update, write_desks

LONG = 60_000
"""Letters of one header: a head of 64 kB is the longest that the server reads."""
ODD: list[tuple[str, str, str]] = [
    (f"{header}: {name}", header, text)
    for header, forms in {
        "Accept-Language": {
            "many": ",".join(["fr;q=0.1"] * (LONG // 9)), "long": "a" * LONG, "empty": "",
            "no quality": "fr;q=", "not a quality": "fr;q=x,en;q=1e9", "a path": "../../etc",
            "NaN": "fr;q=nan", "dashes": "-" * LONG, "not ASCII": "é",
        },
        "Accept": {
            "many": ",".join(f"text/x{one}" for one in range(6_000)), "semicolons": ";" * LONG,
            "quotes": 'a;b="' + '\\"' * 20_000, "slashes": "/" * LONG, "empty": "", "odd": "text",
        },
        "Accept-Encoding": {
            "many": ",".join(f"gzip;q=0.{one % 10}" for one in range(6_000)), "odd": "gzip;q=-1",
            "bomb": "identity;q=0, *;q=0", "not ASCII": "gzip\u00e9",
        },
        "If-None-Match": {
            "many": ",".join(f'"{one}"' for one in range(8_000)), "quotes": '"' * LONG,
            "weak": "W/" * (LONG // 2), "odd": 'W/"x', "a backslash": '"\\' * 1_000,
        },
        "If-Modified-Since": {"long": "x" * LONG, "odd": "Thu, 32 Foo 99999 25:61:61 GMT"},
        "If-Match": {"odd": '"x"'},
        "Range": {
            "many": "bytes=" + ",".join(["0-"] * 10_000), "odd": "bytes=-", "huge":
            "bytes=" + "9" * 5_000 + "-", "another unit": "rows=0-1", "backwards": "bytes=9-1",
        },
        "Cookie": {
            "long": "retouche=" + "." * LONG, "many": ";".join(["a=b"] * 12_000),
            "backslashes": 'retouche="' + "\\" * LONG, "packed": "retouche=.eJx" + "A" * 50_000,
            "a JSON": 'retouche={"link":"x"}', "a token": "retouche=eyJsaW5rIjoieCJ9.Zm9v.YmFy",
            "host": "__Host-retouche=x", "not ASCII": "retouche=é", "NUL": "retouche=%00",
        },
        "Authorization": {
            "not ASCII": "Bearer é", "long": "Bearer " + "é" * 20_000, "basic": "Basic ====",
            "digest": "Digest " + 'a="b",' * 5_000, "odd": "Bearer a=b=c", "alone": "Bearer",
            "negotiate": "Negotiate x", "a surrogate": "Bearer \ud800",
        },
        "Content-Type": {
            "quotes": "application/json;" + ' a="' * 10_000, "long": "a/" + "b" * LONG,
            "charset": "application/json; charset=utf-7", "odd": "application/json; charset=../x",
        },
        "Content-Length": {"odd": "x", "negative": "-1", "huge": "9" * 30, "not ASCII": "٣"},
        "Origin": {"odd": "http://[", "null": "null", "long": "http://" + "a" * LONG},
        "Referer": {"odd": "javascript:alert(1)", "long": "x" * LONG},
        "User-Agent": {"escapes": "\x1b]0;x\x07", "jndi": "${jndi:ldap://x}", "long": "x" * LONG},
        "X-Request-Id": {"a line end": "a b", "long": "x" * LONG},
        "Git-Protocol": {"odd": "version=2:--upload-pack=x", "long": "x" * LONG},
        "Expect": {"odd": "200-ok"},
        "Upgrade": {"websocket": "websocket", "h2c": "h2c"},
        "X-HTTP-Method-Override": {"delete": "DELETE"},
        "X-Original-Url": {"admin": "/admin"},
        "X-Rewrite-Url": {"admin": "/admin"},
    }.items()
    for name, text in forms.items()
]  # fmt: skip
PLACES = ("resources/desks/rows", "/desks", "/desks/desks/01", "proposals", "/sign-in")

HOSTS: list[tuple[str, dict[str, str]]] = [
    ("X-Forwarded-Host", {"X-Forwarded-Host": "evil.example"}),
    ("X-Forwarded-Proto", {"X-Forwarded-Proto": "evil"}),
    ("X-Forwarded-Prefix", {"X-Forwarded-Prefix": "/evil.example"}),
    ("X-Forwarded-Port", {"X-Forwarded-Port": "6666"}),
    ("X-Forwarded-Server", {"X-Forwarded-Server": "evil.example"}),
    ("X-Host", {"X-Host": "evil.example"}),
    ("Forwarded", {"Forwarded": "host=evil.example;proto=evil"}),
    ("X-Original-Host", {"X-Original-Host": "evil.example"}),
    ("X-Forwarded-For", {"X-Forwarded-For": "evil.example"}),
    ("Host", {"Host": "evil.example"}),
    ("Host with a user", {"Host": "localhost@evil.example"}),
    ("Host with a path", {"Host": "evil.example/x?y#z"}),
    ("Host with a port", {"Host": "evil.example:1"}),
]
BAD_HOSTS = ["a b", "<script>", "evil.example\t", '"', "a" * LONG, "[::1", "é.example", "\\"]
KEYS = ["é", "x" * 201, " ", "", "a b", "\x7f", "a\tb", "\u202e", "x" * LONG]


@pytest.mark.attack("headers", "terminal-escapes")
@pytest.mark.parametrize(("header", "text"), [one[1:] for one in ODD], ids=[one[0] for one in ODD])
def test_a_header_of_any_form_is_read_in_bounded_time(
    target: Browser, header: str, text: str
) -> None:
    before = written(target)
    for place in PLACES:
        answer = send(target, Ask(header, place, 0, None, "GET", {header: text}))
        assert answer.status_code in {200, 206, 304, 400, 401, 412, 413, 416}, answer.text[:200]
        assert "\x1b" not in str(answer.headers)
    sent = Ask(header, "validate", 0, None, "POST", {header: text}, b'{"operations": []}')
    assert send(target, sent).status_code in {400, 408, 413, 415, 417}
    assert written(target) == before


@pytest.mark.attack("hosts", "shared-caches")
@pytest.mark.parametrize(("name", "headers"), HOSTS, ids=[one[0] for one in HOSTS])
def test_with_a_public_address_no_header_makes_links(
    public: Browser, name: str, headers: dict[str, str]
) -> None:
    for place in (*PLACES, "", "widgets/desks", "/embed", "/catalog.jsonld", "/feed/desks.atom"):
        path = f"{place}?page_size=1" if place.endswith("rows") else place
        answer = send(public, Ask(name, path or "/api/v1/datasets/desks", 0, None, "GET", headers))
        assert "evil" not in answer.get_data(as_text=True), place
        assert "evil" not in str(answer.headers), place


@pytest.fixture(scope="module")
def public(tmp_path_factory: pytest.TempPathFactory) -> Browser:
    folder = tmp_path_factory.mktemp("public")
    package = write_desks(folder / "package")
    return Browser(serve(folder / "home", {"desks": package}, base_url="https://data.example"))


@pytest.mark.attack("hosts")
@pytest.mark.parametrize("host", BAD_HOSTS, ids=[ascii(one)[:20] for one in BAD_HOSTS])
def test_a_host_that_is_none_breaks_nothing(target: Browser, host: str) -> None:
    for place in PLACES:
        answer = send(target, Ask("host", place, 0, None, "GET", {"Host": host}))
        assert answer.status_code in {200, 400}
        assert "<script>" not in answer.get_data(as_text=True).replace("<script>\n", "")[:20]


@pytest.mark.attack("idempotency-keys")
@table(
    Ask(f"{len(key)} {ascii(key)[:20]}", "proposals", 400, "malformed", "POST",
        {"Idempotency-Key": key},
        {"operations": [update("01", agents="9")]})
    for key in KEYS
)  # fmt: skip
def test_a_key_of_odd_form_is_refused(target: Browser, ask: Ask) -> None:
    check(target, ask)


@pytest.mark.attack("idempotency-keys")
def test_a_key_is_of_one_body_and_one_answer(desks: Browser) -> None:
    headers = {"Idempotency-Key": "k'; DROP TABLE proposals;--".replace(" ", "_")}
    body = {"operations": [update("01", agents="9")]}
    answers: list[Any] = [desks.post("/proposals", body, headers=headers) for _ in range(3)]
    assert len({one.json["id"] for one in answers}) == 1
    other = {"operations": [update("01", agents="8")]}
    refused = desks.post("/proposals", other, headers=headers)
    assert (refused.status_code, refused.json["code"]) == (422, "idempotency_mismatch")
    assert desks.get("/proposals").json["meta"]["total"] == 1

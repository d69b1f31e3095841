"""Every parameter of every address of the application, taken from its own map of them."""

from __future__ import annotations

import subprocess
from urllib.parse import quote

import pytest
from werkzeug.routing import Rule

from retouche.wiring import repository_path
from tests.attacks.requests import Ask, check, send, table, written
from tests.datasets import Browser

KNOWN = {
    "name": "desks", "dataset": "desks", "resource": "desks", "key": "01", "widget": "desks",
    "kind": "csv", "outlines": "x", "proposal": "0" * 16, "remark": "0" * 16,
}  # fmt: skip
HOSTILE = [
    "..", "../..", "../../../etc/passwd", "..%2f..%2f..%2fetc%2fpasswd", "%2e%2e", "%2e%2e%2f",
    "..%5c..%5c", "....//", "..;/", "%252e%252e%252f", "%c0%ae%c0%ae%c0%af", "/etc/passwd",
    "file:///etc/passwd", "http://127.0.0.1/", "desks.csv", "datapackage.json", ".git", "config",
    "HEAD", "desks.git", "a%00b", "desks%00", "CON", "NUL.txt", "é", "%ff%fe", "%ed%a0%80",
    "\u202eskse\u0064", "DESKS", "desks ", "desks%0a", "desks%0d%0aX-Evil:1", "-x", "--output=x",
    "__class__", "{0.__class__}", "%s%s%n", "${jndi:ldap://x}", "{{7*7}}", "<script>alert(1)",
    "' OR 1=1--", "\";--", "1;DROP TABLE proposals", "*", "a" * 5_000, "%", "%zz", ",", ",,,,",
    "~", "~root", "$HOME", "`id`", "|id", "0", "-1", "null", "None", "undefined", "proposals",
]  # fmt: skip
OPEN = {"GET", "POST"}
ANSWERS = {200, 303, 308, 400, 401, 403, 404, 405, 415, 422}

IDS = [
    ("/api/v1/datasets/..%2f..%2fx", 404),
    ("/api/v1/datasets/a%00b", 404),
    ("/api/v1/datasets/CON", 404),
    ("/api/v1/datasets/é", 404),
    ("/api/v1/datasets/DESKS", 404),
    ("/api/v1/datasets/desks.", 404),
    ("/api/v1/datasets/desks%20", 404),
    ("/api/v1/datasets/desks%0a", 404),
    ("/api/v1/datasets/desks/widgets/..%2fdesks", 404),
    ("/api/v1/datasets/desks/widgets/desks.json", 404),
    ("/api/v1/datasets/desks/resources/desks.csv", 404),
    ("/api/v1/datasets/desks/resources/..%2fcities", 404),
    ("/api/v1/datasets/desks/outlines/..%2f..%2fdatapackage.geojson", 404),
    ("/api/v1/datasets/desks/proposals/1", 404),
    ("/api/v1/datasets/desks/proposals/2", 404),
    ("/api/v1/datasets/desks/proposals/0000000000000001", 404),
    ("/api/v1/datasets/desks/proposals/..%2f..", 404),
    ("/api/v1/datasets/desks/proposals/' OR '1'='1", 404),
    ("/api/v1/datasets/desks/resources/desks/rows/nope", 404),
    ("/api/v1/datasets/desks/resources/desks/rows/01,02", 404),
    ("/api/v1/datasets/desks/resources/desks/rows/%ff", 404),
    ("/api/v1/datasets/desks/resources/desks/rows/" + "a" * 60_000, 404),
    ("/api/v1/datasets/desks/resources/desks/rows/" + "," * 60_000, 404),
    ("/git/..%2fdesks.git/info/refs?service=git-upload-pack", 404),
    ("/git/desks.git/../../etc/passwd", 404),
    ("/git/desks.git/objects/info/packs", 404),
    ("/git/desks.git/config", 404),
    ("/git/desks.git/HEAD", 404),
    ("/git/desks/info/refs?service=git-upload-pack", 404),
    ("/widgets/..%2fapp.py", 404),
    ("/widgets/.hidden", 404),
    ("/widgets/" + "a" * 200, 404),
    ("/assets/..%2f..%2fapp.py", 404),
    ("/assets/%2e%2e%2fapp.py", 404),
    ("/assets/.env", 404),
    ("/embed/desks/..%2fdesks", 404),
    ("/.git/config", 404),
    ("/.env", 404),
    ("/server-status", 404),
    ("/console", 404),
    ("/wp-login.php", 404),
]
OEMBED = [
    "", "x", "//", "http://[", "http://[::1", "http://localhost:99999999/desks",
    "https://evil.example/desks", "http://evil.example@localhost/x/y/z/w",
    "http://localhost@evil.example/desks", "http://localhost.evil.example/desks",
    "http://localhost:80/desks", "//localhost/desks", "ftp://localhost/desks",
    "file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "gopher://localhost/desks",
    "http://localhost/../etc/passwd", "http://localhost/nope", "http://localhost/api/v1/datasets",
    "http://localhost/desks/desks/nope", "http://localhost/desks/desks/%ff",
    "http://localhost/embed/desks/nope", "http://localhost/embed/../desks",
    "http://localhost/desks\r\nX: y", "http://localhost\\@evil.example/desks",
    "http://169.254.169.254/latest/meta-data", "http://127.0.0.1/desks", "http://[::1]/desks",
    "http://ｌocalhost/desks", "a" * 60_000, "http://localhost/" + "%2e" * 10_000,
]  # fmt: skip


def rules(browser: Browser) -> list[Rule]:
    return [rule for rule in browser.app.url_map.iter_rules() if rule.arguments]


@pytest.mark.attack("address-parameters", "ref-traversal", "descriptor-reads")
@pytest.mark.parametrize("value", HOSTILE, ids=[ascii(one)[:40] for one in HOSTILE])
def test_no_parameter_of_any_address_is_a_path(target: Browser, value: str) -> None:
    before = written(target)
    for rule in rules(target):
        for argument in rule.arguments:
            path = rule.rule
            for name in rule.arguments:
                filled = value if name == argument else KNOWN.get(name, "x")
                for form in (f"<{name}>", f"<dataset:{name}>", f"<key:{name}>"):
                    path = path.replace(form, quote(filled, safe="/%,;:@&=+$!*'()~?"))
            for method in sorted((rule.methods or set()) & OPEN):
                body: dict[str, str] | None = {} if method == "POST" else None
                answer = send(target, Ask(value, path, 0, None, method, {}, body))
                text = answer.get_data()
                assert answer.status_code in ANSWERS, (method, path, answer.status_code)
                assert b"root:x:" not in text
                assert b"[core]" not in text
                assert "X-Evil" not in answer.headers
                if 300 <= answer.status_code < 400:
                    assert not answer.headers["Location"].startswith(("//", "/\\")), path
    assert written(target) == before


@pytest.mark.attack("address-parameters", "guessed-status")
@table(Ask(path[:80], path, status) for path, status in IDS)
def test_what_has_no_such_name_is_not_found(target: Browser, ask: Ask) -> None:
    check(target, ask)


@pytest.mark.attack("oembed-addresses", "redirects")
@table(Ask(ascii(one)[:60], "", 404, "not_found", "GET", {}, None, one) for one in OEMBED)
def test_only_addresses_of_ours_are_embedded(target: Browser, ask: Ask) -> None:
    path = f"/oembed?url={quote(ask.media, safe='')}"
    check(target, Ask(ask.name, path, ask.status, ask.code))


@pytest.mark.attack("ref-destroys", "ref-clash", "ref-option")
def test_the_repository_is_sound_after_all_of_them(target: Browser) -> None:
    path = repository_path(target.services.settings.home, "desks")
    command = ["git", "-C", str(path), "fsck", "--full", "--strict", "--no-dangling"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")

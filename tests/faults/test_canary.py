"""A person goes through everything a server does: where they are found, and where after a purge."""

from __future__ import annotations

import json
import re
import signal
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from retouche.wiring import repository_path
from tests.cli.commands import run
from tests.datasets import update, write_desks
from tests.faults.gitlab_home import make_home
from tests.gitlab_double import GitLab
from tests.mail_server import MailServer, mail_server
from tests.plain import spellings, stored_objects, traces
from tests.server import Server

CANARY = "Canarisk"
ADDRESS = "198.51.100.77"
PERSON = {"name": f"Zoe {CANARY}", "email": "zoe.canarisk@there.example"}
SAID = {
    "comment": f"Call {CANARY} at home",
    "source": f"{CANARY} works there",
    "contributor": PERSON,
    "locale": "fr",
}
API = "/api/v1/datasets/desks"
TOKENS = (CANARY, ADDRESS, "198.51.100.0")


@contextmanager
def served(
    folder: Path, mails: MailServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Server, str]]:
    """A real server with everything on, and the token of its reviewer."""
    for name, value in {
        "LOG_LEVEL": "debug",
        "SMTP_URL": f"smtp://127.0.0.1:{mails.port}",
        "MAIL_FROM": "bot@host.example",
        "MAIL_REVIEWERS": "reviewer@host.example",
        "BASE_URL": "https://host.example",
        "TRUSTED_PROXIES": "1",
        "MIN_SECONDS": "0",
        "DIGEST_HOURS": "24",
    }.items():
        monkeypatch.setenv(f"RETOUCHE_{name}", value)
    server = Server(folder / "home", str(write_desks(folder / "package")))
    server.start()
    token = server.line().partition("token=")[2].strip()
    assert token
    try:
        yield server, token
    finally:
        assert server.process is not None
        if server.process.poll() is None:
            server.kill(signal.SIGKILL)


def call(
    server: Server,
    path: str,
    body: Any = None,
    *,
    headers: Mapping[str, str] | None = None,
    raw: bytes | None = None,
) -> tuple[int, str]:
    """Ask as the canary's browser does, through a proxy."""
    data = raw if raw is not None else None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        server.url + path,
        data=data,
        headers={
            "X-Forwarded-For": ADDRESS,
            "User-Agent": f"{CANARY}/1.0",
            "Referer": f"https://{CANARY.lower()}.example/",
            **({"Content-Type": "application/json"} if raw is None else {}),
            **(headers or {}),
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode(errors="replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(errors="replace")


def propose(server: Server, note: str, key: str = "01") -> dict[str, Any]:
    status, text = call(
        server,
        f"{API}/proposals",
        {"operations": [update(key, note=note)], **SAID},
        headers={"Idempotency-Key": f"key-{note}"},
    )
    assert status == 201, text
    found: dict[str, Any] = json.loads(text)
    return found


def live(server: Server, token: str) -> list[dict[str, Any]]:
    """All that a contributor and a reviewer do; gives the proposals."""
    reviewer = {"Authorization": f"Bearer {token}"}
    taken, refused, withdrawn, clashing = (
        propose(server, "accepted"),
        propose(server, "refused", "02"),
        propose(server, "withdrawn", "03"),
        propose(server, "clashing"),
    )
    propose(server, "waiting", "04")
    assert (
        call(
            server,
            f"{API}/proposals/{taken['id']}/accept",
            {"head": taken["head"]},
            headers=reviewer,
        )[0]
        == 200
    )
    assert (
        call(
            server,
            f"{API}/proposals/{refused['id']}/reject",
            {"reason": "wrong", "message": f"Dear {PERSON['name']}, no."},
            headers=reviewer,
        )[0]
        == 200
    )
    secret = withdrawn["follow_up_url"].partition("secret=")[2]
    own = {"Authorization": f"Bearer {secret}"}
    assert call(server, f"{API}/proposals/{withdrawn['id']}/withdraw", {}, headers=own)[0] == 200
    assert (
        call(
            server,
            f"{API}/resources/desks/rows/01/remarks",
            {"comment": f"{CANARY}!", "contributor": PERSON},
        )[0]
        == 201
    )
    assert call(server, f"{API}/resources/desks/rows/01/confirmations", {})[0] in (200, 201)
    assert (
        call(server, f"{API}/validate", {"operations": [update("01", note="v")], **SAID})[0] == 200
    )
    follow_up = urllib.parse.urlencode({"email": PERSON["email"]}).encode()
    assert call(server, "/desks/follow-up", raw=follow_up)[0] in (200, 303, 404)
    _refusals(server)
    return [taken, refused, withdrawn, clashing]


def _refusals(server: Server) -> None:
    """Bodies and addresses that are refused, with the person in them."""
    bad = [update("01", agents=CANARY)]
    for body in (
        {"operations": bad, **SAID},
        {"operations": [update("99", note="x")], **SAID},
        {"operations": [update("01", **{CANARY: "x"})], **SAID},
        {**SAID, CANARY: 1},
        {"operations": [update("01", note="x")], "source": f"javascript://{CANARY}"},
        {"operations": CANARY},
        [PERSON],
        {"operations": [update("01", note=CANARY * 9_000)], **SAID},
    ):
        status, _ = call(server, f"{API}/proposals", body)
        assert 400 <= status < 500, (status, body)
    broken = json.dumps(SAID).encode()[:-5]
    assert call(server, f"{API}/proposals", raw=broken)[0] in (400, 415)
    for path in (
        f"/{CANARY}",
        f"/desks/desks/{CANARY}",
        f"/desks?q={CANARY}&mail={PERSON['email']}",
        f"{API}/resources/desks/rows?q={CANARY}",
        f"{API}/resources/desks/rows?{CANARY}__exact=1",
        f"{API}/resources/desks/rows/{PERSON['email']}",
        f"{API}/proposals/{CANARY}",
        f"{API}/proposals?state={CANARY}",
        f"/sign-in?token={CANARY}",
        f"/desks/proposals/0123456789abcdef?secret={CANARY}",
    ):
        assert call(server, path)[0] < 500, path


PUBLIC = (
    *("/", "/desks", "/desks/proposals", "/desks/desks/01", "/metrics", "/health", "/ready"),
    *("/feed/desks.atom", "/catalogue.jsonld", "/catalog.jsonld", f"{API}", f"{API}/proposals"),
    *(f"{API}/revisions", f"{API}/resources/desks/rows", f"{API}/resources/desks/rows/01"),
    *(f"{API}/resources/desks/rows/01/history", f"{API}/pending?resource=desks", f"{API}/widgets"),
    *(f"{API}/resources/desks/data.{kind}" for kind in ("csv", "json", "xlsx", "geojson")),
)


def holds(text: str | bytes) -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    low = data.lower()
    return [token for token in TOKENS if any(one in data or one in low for one in spellings(token))]


def wait_for_mails(mails: MailServer, count: int) -> None:
    """The worker sends them every few seconds."""
    import time

    end = time.monotonic() + 60
    while len(mails.taken) < count:
        assert time.monotonic() < end, [one[1] for one in mails.taken]
        time.sleep(0.05)


def test_a_person_is_in_the_database_alone_and_nowhere_after_a_purge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server() as mails, served(tmp_path, mails, monkeypatch) as (server, token):
        proposals = live(server, token)
        wait_for_mails(mails, 1)
        for path in (*PUBLIC, *(f"/desks/proposals/{one['id']}" for one in proposals)):
            status, text = call(server, path)
            assert status in (200, 404), path
            assert holds(text) == [], path
        for one in proposals:
            for part in ("", "/diff", "/impact"):
                assert holds(call(server, f"{API}/proposals/{one['id']}{part}")[1]) == []
        home = server.home
        _check_files(home)
        assert holds(server.log.read_bytes()) == []
        for sender, recipient, written in mails.taken:
            assert sender == "bot@host.example"
            body = written.partition(b"\r\n\r\n")[2]
            # A reviewer may call a person by name; what the person wrote is in no mail.
            assert b"works there" not in body
            assert b"at home" not in body
            assert recipient in (PERSON["email"], "reviewer@host.example")
        for name in list(monkeypatch_names()):
            monkeypatch.delenv(name, raising=False)
        done = run("purge", "--home", home, "--contact", PERSON["email"])
        assert done.exit_code == 0, done.output
        assert CANARY not in done.output
        assert [traces(home, one) for one in TOKENS] == [[], [], []]
        server.kill(signal.SIGTERM)
        assert [traces(home, one) for one in TOKENS] == [[], [], []]
        assert holds(server.log.read_bytes()) == []


def monkeypatch_names() -> Iterator[str]:
    """The settings of the server, which the command has no need of."""
    for name in ("SMTP_URL", "MAIL_FROM", "MAIL_REVIEWERS", "BASE_URL", "LOG_LEVEL"):
        yield f"RETOUCHE_{name}"


def _check_files(home: Path) -> None:
    """The database has the person; git, the caches and the counts have not."""
    found = {name for one in TOKENS for name in traces(home, one)}
    assert found, "the person was kept nowhere: the test sees nothing"
    assert all(re.fullmatch(r"journal\.sqlite(-wal|-shm)?", name) for name in found), found
    assert not traces(home, ADDRESS)
    objects = b"".join(stored_objects(home / "repositories" / "desks.git").values())
    assert b"Proposal: " in objects
    assert holds(objects) == []


def test_a_person_is_in_no_text_of_a_merge_request(tmp_path: Path) -> None:
    with GitLab() as gitlab:
        place = make_home(gitlab, tmp_path)
        one = place.browser()
        try:
            body = {"operations": [update("001", note="public")], **SAID}
            answer = one.post("/proposals", body)
            assert answer.status_code in (201, 202), answer.json
            dataset = one.services.catalogue.get("desks")
            one.services.courier.round(dataset)
            proposal = one.services.proposals.get(dataset, answer.json["id"])
            (request,) = place.requests(proposal.id)
            assert holds(repr(request)) == []
            assert holds(f"{request.title} {request.description}") == []
        finally:
            one.services.close()
        repository = repository_path(place.path, "desks")
        assert holds(b"".join(stored_objects(repository).values())) == []
        found = {name for token in TOKENS for name in traces(place.path, token)}
        assert all(name.startswith("journal.sqlite") for name in found), found
        assert found

"""What lies in the home may be damaged: what is derived is made again, the rest is told."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import structlog

from retouche import logs
from retouche.core.errors import BadDataset
from retouche.settings import Settings
from retouche.wiring import build, recover, repository_path
from tests.datasets import Browser, Ticking, serve, update, write_desks
from tests.server import Server

pytestmark = pytest.mark.faults


@pytest.mark.parametrize("damage", ["random bytes", "truncated", "empty", "gone", "in use"])
@pytest.mark.fault(19)
def test_a_damaged_index_of_changes_is_made_again(desks: Browser, damage: str) -> None:
    desks.accept(desks.propose(update("01", agents="5")).json)
    before = desks.get("/revisions").json
    home = desks.services.settings.home
    index = home / "changes.sqlite"
    if damage == "in use":  # the server that wrote it goes on with it
        browser = desks
        index.write_bytes(b"not a database" * 500)
        desks.get("/revisions")  # may be refused once, while the damage is found
    else:
        content = index.read_bytes()
        for suffix in ("-wal", "-shm"):
            index.with_name(index.name + suffix).unlink(missing_ok=True)
        if damage == "gone":
            index.unlink()
        else:
            kept = {"random bytes": bytes(range(256)) * 40, "truncated": content[:5000]}
            index.write_bytes(kept.get(damage, b""))
        settings = Settings(home=home, secret_key="a secret for tests")
        browser = Browser(build(settings, {"desks": "main"}, clock=Ticking()))
    after = browser.get("/revisions")
    assert after.status_code == 200, after.json
    assert after.json == before


@pytest.mark.parametrize("content", ["", "short", "g" * 64, "0" * 63, "é" * 64])
def test_a_secret_that_is_none_is_refused_and_not_replaced(tmp_path: Path, content: str) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "secret").write_text(content, encoding="utf-8")
    with pytest.raises(BadDataset) as caught:
        build(Settings(home=home), {})
    assert caught.value.reason == "bad_secret_file"
    assert (home / "secret").read_text(encoding="utf-8") == content


def test_a_secret_is_made_once_for_all_processes(tmp_path: Path) -> None:
    made: list[str] = []
    start = threading.Barrier(8)

    def make() -> None:
        start.wait()
        made.append(build(Settings(home=tmp_path / "home"), {}).secret_key)

    threads = [threading.Thread(target=make) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(made) == 8
    assert len(set(made)) == 1
    assert (tmp_path / "home" / "secret").stat().st_mode & 0o077 == 0
    assert [one.name for one in (tmp_path / "home").glob(".secret-*")] == []


@pytest.mark.fault(13)
def test_an_emptied_published_ref_is_restored_at_start(tmp_path: Path) -> None:
    desks = Browser(serve(tmp_path / "home", {"desks": write_desks(tmp_path / "package")}))
    desks.accept(desks.propose(update("01", agents="5")).json)
    published = desks.published
    desks.services.close()
    ref = repository_path(tmp_path / "home", "desks") / "refs" / "heads" / "main"
    ref.write_bytes(b"")
    services = build(
        Settings(home=tmp_path / "home", secret_key="a secret for tests"), {"desks": "main"}
    )
    assert recover(services) == []
    assert services.catalogue.get("desks").forge.published() == published


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    found = Server(tmp_path / "home", str(write_desks(tmp_path / "package")))
    found.start()
    yield found
    found.kill()


@pytest.mark.fault(46)
def test_clients_that_send_nothing_or_stop_in_the_middle_do_not_hold_the_others(
    server: Server,
) -> None:
    head = b"POST /api/v1/datasets/desks/validate HTTP/1.1\r\nHost: x\r\n"
    head += b"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
    with ExitStack() as opened:
        for number in range(80):
            slow = opened.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            if number % 4 == 0:
                slow.sendall(head)
        start = time.monotonic()
        assert server.get("/ready")["ready"] is True
        assert time.monotonic() - start < 8


@pytest.mark.attack("traces", "terminal-escapes")
def test_a_fault_is_logged_as_one_line_without_what_the_request_held(
    desks: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.configure()
    try:
        desks.app.add_url_rule("/api/v1/broken", view_func=broken, methods=["POST"])
        answer = desks.client.post("/api/v1/broken", json={"email": "canary@contact.example"})
    finally:
        structlog.reset_defaults()
    assert answer.status_code == 500
    assert answer.json is not None
    assert answer.json["code"] == "internal"
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert "ZeroDivisionError" in line
    for canary in ("canary", desks.services.secret_key):
        assert canary not in line
        assert canary not in answer.text


def broken() -> str:
    address = "canary@contact.example"
    return f"{address}{1 // 0}"

"""The running server, as clients and operators see it: connections, limits, ends, new workers."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.datasets import DESKS, update, write_desks
from tests.server import Server

AWKWARD = ["a/b", "a,b", "a%b", "é ü", "%2F", "x/history"]
PROCESSES = 3
"""Two that answer requests, and one that works beside them."""
API = "/api/v1/datasets/desks"
ROWS = f"{API}/resources/desks/rows"


def package(folder: Path) -> Path:
    rows = "".join(f'"{key}",Desk,84003,,2,,,,\n' for key in AWKWARD)
    return write_desks(folder, desks=DESKS + rows)


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    server = Server(folder / "home", str(package(folder / "package")))
    server.start()
    try:
        yield server
    finally:
        assert server.process is not None
        if server.process.poll() is None:
            server.kill()
        elif server.process.stdout is not None:
            server.process.stdout.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One for all tests that change nothing."""
    with running(tmp_path_factory.mktemp("server")) as found:
        yield found


def ask(
    server: Server, path: str, *, method: str = "GET", body: Any = None, **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body=body, headers=named)
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer, content


def raw(server: Server, data: bytes) -> bytes:
    """All that is answered to bytes as they are, until the connection is closed."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as connection:
        connection.sendall(data)
        answer = b""
        while part := connection.recv(65536):
            answer += part
    return answer


def workers_of(server: Server) -> set[int]:
    assert server.process is not None
    children = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children")
    return {int(one) for one in children.read_text().split()}


def until(holds: Any, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.05)


def refuses(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.parametrize("key", AWKWARD)
def test_separators_in_a_key_reach_the_row_that_they_name(server: Server, key: str) -> None:
    path = f"{ROWS}/{quote(key, safe='')}"
    commit = server.get(path)["revision"]
    for address in (path, f"{path}?revision={commit}", f"{path}?revision={commit}"):
        assert server.get(address)["data"]["id"] == key


def test_head_gives_what_get_gives_but_the_body(server: Server) -> None:
    for path in (ROWS, f"{API}/resources/desks/data.csv", "/ready", "/desks"):
        whole, content = ask(server, path)
        for _ in range(2):
            head, nothing = ask(server, path, method="HEAD")
            assert nothing == b""
            assert head.status == whole.status
            names = {name for name, _ in whole.getheaders()} - {"date", "x-request-id"}
            for name in names:
                assert head.getheader(name) == whole.getheader(name), name
        assert content


def test_a_connection_serves_request_after_request(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    seen = set()
    for path in (ROWS, "/health", ROWS, f"{API}/nope", ROWS):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        seen.add(connection.sock.getsockname() if connection.sock else None)
    connection.request("GET", ROWS, headers={"If-None-Match": "*"})
    assert connection.getresponse().status == 304
    connection.close()
    assert len(seen) == 1
    assert None not in seen


def test_a_body_over_the_limit_is_too_large_however_it_is_sent(server: Server) -> None:
    body = b'{"operations": "' + b"x" * 1_200_000 + b'"}'

    def pieces() -> Iterator[bytes]:
        yield from (body[at : at + 65536] for at in range(0, len(body), 65536))

    for sent in (body, pieces()):
        answer, content = ask(
            server,
            f"{API}/validate",
            method="POST",
            body=sent,
            Content_Type="application/json",
        )
        assert answer.status == 413
        assert json.loads(content)["code"] == "too_large"
    # Announced, and never sent: the answer comes first.
    head = (
        f"POST {API}/validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        "Content-Length: 900000000\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"
    )
    assert raw(server, head.encode()).startswith(b"HTTP/1.1 413")


@pytest.mark.attack("request-shapes")
def test_long_addresses_are_answered_up_to_a_limit(server: Server) -> None:
    values = ",".join(str(number) for number in range(2_000))
    path = f"{ROWS}?id__in={values}"[:8190]
    assert ask(server, path)[0].status == 200
    for far_too_long in (b"/" + b"a" * 66_000, b"/?" + b"a" * 1_000_000):
        answer = b""
        try:
            answer = raw(server, b"GET " + far_too_long + b" HTTP/1.1\r\nHost: x\r\n\r\n")
        except ConnectionError:
            continue  # it was cut while it was being sent
        assert not answer or answer[9:12] in (b"400", b"414", b"431"), answer[:100]


@pytest.mark.attack("request-shapes")
@pytest.mark.parametrize(
    "data",
    [
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET /\xff\xfe HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /%ff%fe HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n",
        b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_no_proper_request_is_refused_and_breaks_nothing(
    server: Server, data: bytes
) -> None:
    answer = raw(server, data)
    assert not answer or (answer[:5] == b"HTTP/" and answer[9:10] in b"234"), answer[:200]
    assert server.get("/ready")["ready"] is True


@pytest.mark.attack("request-shapes")
def test_a_request_that_stops_is_answered_so(server: Server) -> None:
    head = (
        f"POST {API}/validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        'Content-Length: 100\r\n\r\n{"'
    )
    start = time.monotonic()
    answer = raw(server, head.encode())
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"application/problem+json" in answer
    assert 3 < time.monotonic() - start < 15


@pytest.mark.fault(46)
def test_silent_and_slow_clients_keep_nobody_waiting(server: Server) -> None:
    stalled = (
        f"POST {API}/validate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        "Content-Length: 1000\r\n\r\n{"
    ).encode()
    unread = f"GET {API}/resources/desks/data.xlsx HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with ExitStack() as opened:
        for number in range(300):
            address = ("127.0.0.1", server.port)
            slow = opened.enter_context(socket.create_connection(address))
            slow.sendall((b"", b"GET / HT", stalled, unread)[number % 4])
        start = time.monotonic()
        assert server.get("/ready")["ready"] is True
        assert time.monotonic() - start < 4


def test_a_silent_connection_is_closed_after_a_while(server: Server) -> None:
    start = time.monotonic()
    assert raw(server, b"") == b""
    assert 3 < time.monotonic() - start < 15


@pytest.mark.attack("hosts")
def test_headers_of_a_proxy_are_not_believed(server: Server) -> None:
    _, content = ask(
        server,
        f"{ROWS}?page_size=1",
        X_Forwarded_Host="evil.example",
        X_Forwarded_Proto="https",
        Forwarded="host=evil.example;proto=https",
        X_Forwarded_Prefix="/evil",
    )
    assert json.loads(content)["links"]["next"].startswith(f"{server.url}/api/")


def test_the_server_names_no_library(server: Server) -> None:
    for path in (ROWS, ROWS, f"{API}/nope", "/nope", "/desks"):
        answer, _ = ask(server, path)
        assert answer.getheader("Server") == "retouche"


def test_every_worker_gives_the_new_rows_after_an_accept(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        token = server.line().strip().partition("token=")[2]
        connections = [
            http.client.HTTPConnection("127.0.0.1", server.port, timeout=30) for _ in range(8)
        ]

        def seen() -> set[str]:
            found = set()
            for one in connections:
                one.request("GET", f"{ROWS}?id__exact=01")
                found.add(json.loads(one.getresponse().read())["data"][0]["agents"])
            return found

        for agents in range(5, 15):
            body = {"operations": [update("01", agents=str(agents))]}
            sent = server.post(f"{API}/proposals", body, key=f"change-{agents}")
            answer, _ = ask(
                server,
                f"{API}/proposals/{sent['id']}/accept",
                method="POST",
                body=json.dumps({"head": sent["head"]}),
                Content_Type="application/json",
                Authorization=f"Bearer {token}",
            )
            assert answer.status == 200
            assert seen() == {str(agents)}
            assert seen() == {str(agents)}
        for one in connections:
            one.close()


def test_a_worker_that_dies_is_replaced_while_the_other_answers(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        before = workers_of(server)
        assert len(before) == PROCESSES
        time.sleep(1.2)  # one that has lasted is replaced at once
        os.kill(min(before), signal.SIGKILL)
        until(lambda: len(workers_of(server)) == PROCESSES and workers_of(server) != before)
        for _ in range(20):
            assert server.get("/ready")["ready"] is True
        for one in workers_of(server):  # again, and all of them
            os.kill(one, signal.SIGKILL)
        until(lambda: len(workers_of(server)) == PROCESSES)
        assert server.get("/ready")["ready"] is True


def test_nothing_answers_once_the_first_process_is_killed(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        assert server.process is not None
        server.process.kill()
        server.process.wait()
        until(lambda: refuses(server.port))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.fault(46)
def test_a_server_that_is_told_to_stop_does_so_soon_and_well(
    tmp_path: Path, number: signal.Signals
) -> None:
    with running(tmp_path) as server:
        assert server.process is not None
        workers = workers_of(server)
        with ExitStack() as opened:
            for sent in (b"", b"GET / HT", f"GET {ROWS} HTTP/1.1\r\nHost: x\r\n\r\n".encode()):
                address = ("127.0.0.1", server.port)
                idle = opened.enter_context(socket.create_connection(address))
                idle.sendall(sent)
            time.sleep(0.3)
            start = time.monotonic()
            os.killpg(server.process.pid, number)  # as a terminal and a service manager do
            assert server.process.wait(timeout=30) == 0
            assert time.monotonic() - start < 12
        assert refuses(server.port)
        assert not any(Path(f"/proc/{one}").exists() for one in workers)
        assert server.log.read_text() == ""
        assert not (server.home / "journal.sqlite-wal").exists()


def patched(tmp_path: Path, change: str) -> subprocess.Popen[str]:
    """The server with something changed, on a port of its own."""
    code = f"{change}\nfrom retouche.cli import main\nmain()"
    return subprocess.Popen(
        [
            *(sys.executable, "-c", code, "serve", str(package(tmp_path / "package"))),
            *("--home", str(tmp_path / "home"), "--port", "0"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_a_server_whose_workers_cannot_start_says_so_and_ends(tmp_path: Path) -> None:
    change = "import retouche.web.app as app\napp.create_gateway = lambda services: 1 / 0"
    with patched(tmp_path, change) as process:
        out, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "Retouche is ready" not in out
    assert "ZeroDivisionError" in errors


def test_a_worker_that_is_stuck_is_replaced(tmp_path: Path) -> None:
    change = "import retouche.cli.server as server\nserver.PATIENCE = 2.5"
    with patched(tmp_path, change) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith("Retouche is ready")
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
            before = set(children.read_text().split())
            os.kill(int(min(before)), signal.SIGSTOP)
            until(lambda: min(before) not in children.read_text().split())
            until(lambda: len(children.read_text().split()) == PROCESSES)
        finally:
            process.terminate()
            process.communicate(timeout=60)
    assert process.returncode == 0

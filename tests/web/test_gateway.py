"""The gateway: requests read whole, answers sent as they are taken, no thread for who is slow."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from retouche.web import gateway, lane
from retouche.web.gateway import STALLED, Gateway, environment
from retouche.web.kept import Kept

GONE = {"type": "http.disconnect"}
LONGEST = 20.0


def in_a_loop(work: Coroutine[Any, Any, None]) -> None:
    """Run it to its end in a thread: this one may have the loop of a browser."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(asyncio.wait_for(work, LONGEST))).result()


class Client:
    """What is at the other end: sends a body, takes pieces as long as `takes` says."""

    def __init__(self, *body: bytes, stops: bool = False, takes: int | None = None) -> None:
        self._body, self._stops, self._takes = list(body), stops, takes
        self.left = asyncio.Event()
        self.status = 0
        self.headers: dict[str, str] = {}
        self.got: list[bytes] = []
        self.ended = False

    async def receive(self) -> dict[str, Any]:
        if self._body:
            part = self._body.pop(0)
            more = bool(self._body) or self._stops
            return {"type": "http.request", "body": part, "more_body": more}
        await self.left.wait()
        return GONE

    async def send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            return
        if self._takes is not None and len(self.got) >= self._takes:
            await asyncio.sleep(3600)
        self.got.append(message["body"])
        self.ended = not message.get("more_body")


def scope(path: str = "/x", method: str = "GET", **headers: str) -> dict[str, Any]:
    raw, _, query = path.partition("?")
    named = [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "raw_path": raw.encode("latin-1"),
        "query_string": query.encode(),
        "server": ("127.0.0.1", 80),
        "client": ("127.0.0.1", 5000),
        "headers": [(b"host", b"here.example"), *named],
    }


class Parts(Iterator[bytes]):
    """A long answer; counts what was made of it and notes that it was closed."""

    def __init__(self, number: int, size: int = 1000, fails_at: int | None = None) -> None:
        self._number, self._size, self._fails_at = number, size, fails_at
        self.made = 0
        self.closed = threading.Event()

    def __next__(self) -> bytes:
        if self.made == self._fails_at:
            raise OSError("the disk")
        if self.made == self._number:
            raise StopIteration
        self.made += 1
        return b"x" * self._size

    def close(self) -> None:
        self.closed.set()


def answering(parts: Any, **headers: str) -> tuple[Gateway, list[Any]]:
    seen: list[Any] = []

    def app(environ: Any, start_response: Any) -> Any:
        seen.append((environ, environ["wsgi.input"].read()))
        start_response("200 OK", [(name.replace("_", "-"), text) for name, text in headers.items()])
        return parts

    return Gateway(Kept(app), largest_body=100, close=lambda: None), seen


def ask(served: Gateway, client: Client, asked: dict[str, Any], *, leaves: bool = False) -> None:
    async def run() -> None:
        task = asyncio.ensure_future(served(asked, client.receive, client.send))
        if leaves:
            while not client.got and not task.done():
                await asyncio.sleep(0.01)
            client.left.set()
        await task

    in_a_loop(run())


def test_an_answer_is_sent_in_bearable_pieces_to_its_end() -> None:
    body = bytes(range(256)) * 10_000
    for parts in ([body[:100], body[100:]], iter([b"", body[:9], body[9:]])):
        served, _ = answering(parts)
        client = Client()
        ask(served, client, scope())
        assert b"".join(client.got) == body
        assert client.ended
    assert max(map(len, client.got)) <= gateway.PIECE


def test_an_answer_is_made_only_as_fast_as_it_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "TAKES_NOTHING", 0.3)
    parts = Parts(10_000)
    served, _ = answering(parts)
    client = Client(takes=3)
    ask(served, client, scope())
    assert parts.made <= 5
    assert parts.closed.is_set()
    assert not client.ended


def test_an_answer_that_nobody_waits_for_is_closed() -> None:
    parts = Parts(10**9)
    served, _ = answering(parts)
    client = Client()
    ask(served, client, scope(), leaves=True)
    assert parts.closed.is_set()
    assert not client.ended


def test_an_answer_that_fails_half_way_is_never_ended() -> None:
    parts = Parts(10, fails_at=4)
    served, _ = answering(parts)
    client = Client()
    ask(served, client, scope())
    assert len(client.got) == 4
    assert parts.closed.is_set()
    assert not client.ended


def test_a_body_comes_whole_whatever_its_pieces() -> None:
    served, seen = answering([b"ok"])
    client = Client(b"ab", b"", b"cd")
    ask(served, client, scope(method="POST", content_length="4"))
    assert seen[0][1] == b"abcd"
    assert (client.status, client.got, client.ended) == (200, [b"ok"], True)
    assert client.headers["server"] == "retouche"


def test_a_body_over_the_limit_is_read_to_its_end_and_handed_over_cut() -> None:
    served, seen = answering([b"ok"])
    client = Client(*[b"x" * 60] * 5)
    ask(served, client, scope(method="POST", transfer_encoding="chunked"))
    assert seen[0][1] == b"x" * 101
    assert client._body == []
    ask(served, Client(), scope(method="POST", content_length="1000", expect="100-continue"))
    assert seen[1][1] == b""


def test_a_request_that_stops_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "NEXT_BYTES", 0.1)
    served, seen = answering([b"ok"])
    ask(served, Client(b"ab", stops=True), scope(method="POST", content_length="4"))
    assert STALLED in seen[0][0]


def test_a_client_that_leaves_in_the_middle_of_its_request_reaches_nobody() -> None:
    served, seen = answering([b"ok"])
    client = Client(b"ab", stops=True)
    client.left.set()
    ask(served, client, scope(method="POST", content_length="4"))
    assert seen == []
    assert client.status == 0


@pytest.mark.fault(46)
def test_slow_clients_hold_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "THREADS", 1)
    served, _ = answering([b"ok"])

    async def run() -> None:
        slow = [Client(b"ab", stops=True) for _ in range(50)]
        asked = scope(method="POST", content_length="4")
        tasks = [asyncio.ensure_future(served(asked, one.receive, one.send)) for one in slow]
        taking = [Client(takes=0) for _ in range(50)]
        tasks += [asyncio.ensure_future(served(scope(), one.receive, one.send)) for one in taking]
        quick = Client()
        await asyncio.wait_for(served(scope(), quick.receive, quick.send), 3)
        assert quick.ended
        for one in tasks:
            one.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    in_a_loop(run())


def test_the_environment_keeps_what_the_router_needs() -> None:
    found = environment(
        scope("/a%2Fb%2cc%25d/%C3%A9%20e?x=%2F&y", x_forwarded_host="evil", cookie="a=1")
        | {"headers": [
            (b"host", b"here.example"), (b"cookie", b"a=1"), (b"cookie", b"b=2"),
            (b"accept", b"a"), (b"accept", b"b"), (b"x_real", b"no"), (b"x-real", "é".encode()),
        ]}
    )  # fmt: skip
    assert found["PATH_INFO"] == "/a%2Fb%2cc%25d/é e".encode().decode("latin-1")
    assert found["QUERY_STRING"] == "x=%2F&y"
    assert found["HTTP_COOKIE"] == "a=1; b=2"
    assert found["HTTP_ACCEPT"] == "a,b"
    assert found["HTTP_X_REAL"] == "é".encode().decode("latin-1")
    assert found["wsgi.url_scheme"] == "http"


def test_an_address_may_take_more_than_the_others() -> None:
    seen: list[int] = []

    def app(environ: Any, start_response: Any) -> Any:
        seen.append(len(environ["wsgi.input"].read()))
        start_response("200 OK", [])
        return []

    served = Gateway(
        Kept(app),
        largest_body=100,
        larger_bodies={re.compile(r"/files/[^/]+"): 20_000_000},
        close=lambda: None,
    )
    for path in ("/files/a", "/files/a/b", "/x"):
        # More than what is read of a body that is refused, in pieces and of unknown length.
        client = Client(*[b"x" * 1_000_000] * 18)
        ask(served, client, scope(path, "POST", transfer_encoding="chunked"))
    assert seen == [18_000_000, 101, 101]


def answers_together(served: Gateway, *clients: tuple[Client, dict[str, Any]]) -> None:
    async def run() -> None:
        await asyncio.gather(*(served(asked, one.receive, one.send) for one, asked in clients))

    in_a_loop(run())


def test_what_takes_long_goes_one_after_the_other_beside_all_else() -> None:
    begun, at_once, most = threading.Event(), 0, 0

    def app(environ: Any, start_response: Any) -> Any:
        nonlocal at_once, most
        if environ["PATH_INFO"] == "/long":
            at_once += 1
            most = max(most, at_once)
            assert begun.wait(LONGEST)  # a short one is answered while this one works
            at_once -= 1
        else:
            begun.set()
        start_response("200 OK", [])
        return [b"x"]

    served = Gateway(
        Kept(app),
        largest_body=100,
        is_costly=lambda address, size: address == "/long?a=1",
        close=lambda: None,
    )
    clients = [(Client(), scope("/long?a=1")) for _ in range(4)] + [(Client(), scope("/short"))]
    answers_together(served, *clients)
    assert [one.status for one, _ in clients] == [200] * 5
    assert most == 1


def test_when_too_many_wait_for_their_turn_more_are_sent_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lane, "WAITING", 2)
    crowded, all_here = [], threading.Event()

    def app(environ: Any, start_response: Any) -> Any:
        if lane.CROWDED in environ:
            crowded.append(environ)
            if len(crowded) == 3:
                all_here.set()
        else:
            assert all_here.wait(LONGEST)
        start_response("200 OK", [])
        return []

    served = Gateway(
        Kept(app), largest_body=100, is_costly=lambda address, size: True, close=lambda: None
    )
    answers_together(served, *[(Client(), scope()) for _ in range(5)])
    answers_together(served, (Client(), scope()))
    assert len(crowded) == 3, "there is room again"


def test_no_more_of_bodies_is_held_than_there_is_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lane, "HELD", 1_000_000)
    seen: list[tuple[int, bool]] = []
    held = threading.Barrier(2)

    def app(environ: Any, start_response: Any) -> Any:
        body = environ["wsgi.input"].read()
        seen.append((len(body), lane.CROWDED in environ))
        held.wait(LONGEST)  # both are held at the same time
        start_response("200 OK", [])
        return []

    served = Gateway(Kept(app), largest_body=900_000, close=lambda: None)
    clients = [Client(*[b"x" * 100_000] * 9), Client(*[b"y" * 100_000] * 9)]
    asked = scope("/x", "POST", transfer_encoding="chunked")
    answers_together(served, *[(one, asked) for one in clients])
    assert sorted(crowded for _, crowded in seen) == [False, True]
    assert max(seen)[0] == 900_000
    assert sum(size for size, _ in seen) <= 1_000_000
    held = threading.Barrier(1)
    answers_together(served, (Client(*[b"z" * 100_000] * 9), asked))
    assert seen[-1] == (900_000, False), "what was held is let go of"


def test_a_body_that_trickles_in_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "WHOLE_BODY", 0.0)
    monkeypatch.setattr(gateway, "SLOWEST", 1e12)
    served, seen = answering([b"x"])
    client = Client(b"a", b"b", stops=True)
    ask(served, client, scope("/x", "POST", transfer_encoding="chunked"))
    assert STALLED in seen[0][0]

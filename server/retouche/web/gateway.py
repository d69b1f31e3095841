"""ASGI in front, WSGI behind: requests are read whole and answers sent without holding a thread.

Kept answers are sent at once. What the application answers, it answers in a thread; a client that
is slow, silent or gone costs none. What takes long goes one after the other in a thread of its own
(`lane.py`), so that it keeps nobody else waiting. Knows no address and no dataset.
"""

from __future__ import annotations

import asyncio
import io
import re
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import structlog

from retouche.web.kept import SHORT, Answer, Kept
from retouche.web.lane import CROWDED, Lane
from retouche.web.paths import routed

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

THREADS = 32
NEXT_BYTES = 5.0
"""Seconds that a client may take to send the next bytes of a request that it began."""
WHOLE_BODY = 30.0
"""Seconds that a client may take for a whole body, and more for a long one: see `SLOWEST`."""
SLOWEST = 8_000
"""Bytes of a body for which it may take one second more."""
TAKES_NOTHING = 30.0
"""Seconds after which a client that takes nothing of its answer is left."""
PIECE = 1 << 18
"""Bytes of an answer that are handed over at a time."""
WHOLE = 1 << 20
"""Bytes up to which an answer is made whole before it is sent."""
DISCARDED = 1 << 24
"""Bytes of a body over the limit that are read all the same, so that its sender hears why."""
STALLED = "retouche.stalled"
"""In the environment of a request whose body stopped coming."""
SERVER = (b"server", b"retouche")


class Observer(Protocol):
    """Is told of every answer and of how long it took to make, in seconds."""

    def kept(self, environ: WSGIEnvironment, answer: Answer, seconds: float, /) -> None: ...

    def made(self, environ: WSGIEnvironment, answer: Answer, seconds: float, /) -> None: ...


Message: TypeAlias = dict[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
LOG = structlog.get_logger()


class ClientLeft(Exception):
    """Nobody waits for the answer any more."""


class Gateway:
    """An ASGI application over a WSGI one."""

    def __init__(
        self,
        front: Kept,
        *,
        largest_body: int,
        larger_bodies: Mapping[re.Pattern[str], int] | None = None,
        is_costly: Callable[[str, int], bool] = lambda address, size: False,
        close: Callable[[], None],
        observer: Observer | None = None,
    ) -> None:
        """`larger_bodies` are the limits of the paths that take more than others; `is_costly`
        tells of an address with its query, and of the length of a body, whether the answer takes
        long. `close` is called once no request is left. `observer` is told of every answer."""
        self._front = front
        self._largest_body = largest_body
        self._larger_bodies = larger_bodies or {}
        self._close = close
        self._observer = observer
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")
        self._lane = Lane(is_costly)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        began = perf_counter()
        environ = environment(scope)
        found = self._front.find(environ)
        if found is not None:
            if self._observer is not None:
                self._observer.kept(environ, found, perf_counter() - began)
            await _begin(send, found.status, found.headers)
            await send({"type": "http.response.body", "body": found.body})
            return
        try:
            with self._lane.body() as body:
                environ["wsgi.input"] = await self._body(environ, receive, body.add)
                slow = self._lane.takes(environ, body.size)
                threads = self._lane.threads if slow else self._threads
                began = perf_counter()  # how long a client takes is not our time
                with self._lane.turn(slow):
                    answer, rest = await _in_thread(threads, self._answer, environ)
            if self._observer is not None:
                self._observer.made(environ, answer, perf_counter() - began)
            await _begin(send, answer.status, answer.headers)
            if rest is not None:
                await _stream(threads, rest, receive, send)
        except ClientLeft:
            return
        except Exception as error:
            LOG.error("fault", exc_info=error)
            raise
        await send({"type": "http.response.body", "body": answer.body})

    def close(self) -> None:
        """End the threads and what the application has open."""
        self._threads.shutdown(wait=False)
        self._lane.threads.shutdown(wait=False)
        self._close()

    async def _body(
        self, environ: WSGIEnvironment, receive: Receive, keep: Callable[[int], bool]
    ) -> io.BytesIO:
        """The body of a request, cut when it is over the limit. Raises `ClientLeft`.

        `keep` is asked before so many bytes more are kept.
        """
        length = int(environ.get("CONTENT_LENGTH") or 0)
        largest = self._largest(environ["PATH_INFO"])
        over, discarded = length > largest, max(DISCARDED, largest)
        if not (length or "HTTP_TRANSFER_ENCODING" in environ):
            return io.BytesIO()
        if over and ("HTTP_EXPECT" in environ or length > discarded):
            return io.BytesIO()
        kept, read = io.BytesIO(), 0
        more, began = True, perf_counter()
        while more and read <= discarded:
            try:
                async with asyncio.timeout(NEXT_BYTES):
                    message = await receive()
            except TimeoutError:
                environ[STALLED] = True
                break
            if message["type"] == "http.disconnect":
                raise ClientLeft
            part, more = message.get("body", b""), message.get("more_body", False)
            read += len(part)
            if perf_counter() - began > WHOLE_BODY + read / SLOWEST:
                environ[STALLED] = True
                break
            part = part[: largest + 1 - kept.tell()]
            if CROWDED in environ or not keep(len(part)):
                environ[CROWDED] = True
                continue
            kept.write(part)
        kept.seek(0)
        return kept

    def _largest(self, path: str) -> int:
        """How many bytes of a body are taken at an address."""
        larger = (limit for form, limit in self._larger_bodies.items() if form.fullmatch(path))
        return max(self._largest_body, *larger, 0)

    def _answer(self, environ: WSGIEnvironment) -> tuple[Answer, Pieces | None]:
        """The application's answer: whole, or begun, with the pieces to come."""
        started: list[Any] = []

        def start(status: str, headers: Any, *_: object) -> Callable[[bytes], object]:
            started[:] = [status, headers]
            return _no_writing

        parts = self._front.make(environ, start)
        status, headers = started
        answer = Answer(status=status, headers=headers)
        if not isinstance(parts, list) and _is_long(status, headers):
            return answer, Pieces(parts)
        with Pieces(parts) as pieces:
            return Answer(status=status, headers=headers, body=b"".join(pieces)), None


class Pieces(Iterator[bytes]):
    """What the application answers, in pieces of a bearable size. Close it, also half-way."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = parts
        self._iterator = iter(parts)
        self._part = memoryview(b"")

    def __next__(self) -> bytes:
        while not self._part:
            self._part = memoryview(next(self._iterator))
        piece, self._part = bytes(self._part[:PIECE]), self._part[PIECE:]
        return piece

    def __enter__(self) -> Pieces:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._part = memoryview(b"")
        close = getattr(self._parts, "close", None)
        if close is not None:
            close()


def environment(scope: Message) -> WSGIEnvironment:
    """The WSGI environment of a request, but for its body."""
    path = scope["raw_path"].decode("latin-1")
    server = scope["server"] or ("", 0)
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": routed(path),
        "RAW_URI": path,
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "REMOTE_ADDR": scope["client"][0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        "wsgi.input": io.BytesIO(),
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope["headers"]:
        read = _variable if len(name) <= SHORT else _variable.__wrapped__
        variable, text = read(name), value.decode("latin-1")
        if variable is not None:
            separator = "; " if variable == "HTTP_COOKIE" else ","
            before = environ.get(variable)
            environ[variable] = text if before is None else f"{before}{separator}{text}"
    return environ


@lru_cache(maxsize=1024)
def _variable(name: bytes) -> str | None:
    text = name.decode("latin-1").upper()
    if "_" in text:
        return None  # would pass for the header with a hyphen
    text = text.replace("-", "_")
    return text if text in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{text}"


def _is_long(status: str, headers: Iterable[tuple[str, str]]) -> bool:
    length = next((int(value) for name, value in headers if name == "Content-Length"), None)
    return not status.startswith(("204", "304")) and (length is None or length > WHOLE)


async def _stream(
    threads: ThreadPoolExecutor, pieces: Pieces, receive: Receive, send: Send
) -> None:
    """Send an answer as it is made and taken. Raises `ClientLeft`."""
    leaving = asyncio.ensure_future(_left(receive))
    try:
        while (piece := await _in_thread(threads, next, pieces, None)) is not None:
            async with asyncio.timeout(TAKES_NOTHING):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            if leaving.done():
                raise ClientLeft
    except TimeoutError:
        raise ClientLeft
    except Exception as error:  # the client is told by the end that never comes
        LOG.error("cut", exc_info=error)
        raise ClientLeft
    finally:
        leaving.cancel()
        await _in_thread(threads, pieces.close)


def _in_thread(
    threads: ThreadPoolExecutor, work: Callable[..., Any], *arguments: object
) -> Awaitable[Any]:
    return asyncio.get_running_loop().run_in_executor(threads, work, *arguments)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _begin(send: Send, status: str, headers: Iterable[tuple[str, str]]) -> None:
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    code = int(status[:3])
    await send({"type": "http.response.start", "status": code, "headers": [SERVER, *encoded]})


def _no_writing(_: bytes) -> None:
    raise NotImplementedError("answers are iterables")

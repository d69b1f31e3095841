"""Finished answers, kept in front of the application. Makes none; keeps only what is marked.

A view marks an answer that rests on nothing but a commit, the address and, when it says so, the
language. What follows the published commit is compared with it each time, so it is never stale.
Its form in gzip is kept as an answer of its own, so that none is packed twice.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias

from werkzeug.http import parse_etags
from werkzeug.wsgi import ClosingIterator

from retouche.core.errors import RetoucheError
from retouche.web.compression import wants_gzip

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

GROUND = "retouche.ground"
"""Where in the environment of its request a view leaves what its answer rests on."""
ROUTE = "retouche.route"
"""In the environment of a request: the rule that its address fits, which names no row."""
REQUEST_ID = "X-Request-Id"
UNDER = "/api/v1/datasets/"
CAPACITY = 64_000_000
"""Bytes of answers that each worker keeps."""
LARGEST = 1_000_000
"""Bytes of the largest answer that is kept."""
SHORT = 200
"""Letters of the longest header that is remembered with what it means: clients choose it."""
OVERHEAD = 2_000
"""Bytes that an answer takes beside its body, about."""

Headers: TypeAlias = list[tuple[str, str]]
Address: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What an answer rests on. `published` asks for the commit that must still be the same;
    None for an address that names its commit."""

    commit: str
    tag: str
    localised: bool
    published: Callable[[], str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer ready to be sent."""

    status: str
    headers: Headers
    body: bytes = b""
    route: str = ""

    def again(self) -> Answer:
        """The same for another request."""
        fresh = [
            (name, new_request_id() if name == REQUEST_ID else value)
            for name, value in self.headers
        ]
        return replace(self, headers=fresh)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is kept for an address: its answer, the one to who has it already, or both."""

    ground: Ground
    whole: Answer | None = None
    unchanged: Answer | None = None

    @property
    def size(self) -> int:
        return OVERHEAD + (len(self.whole.body) if self.whole else 0)

    @property
    def stands(self) -> bool:
        published = self.ground.published
        return published is None or published() == self.ground.commit


class Answers:
    """The answers used last, up to a total size; safe for threads."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._kept: OrderedDict[Address, Known] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, address: Address) -> Known | None:
        with self._lock:
            found = self._kept.get(address)
            if found is not None:
                self._kept.move_to_end(address)
            return found

    def put(self, address: Address, known: Known) -> None:
        """Keep what is known; what was known before of the same commit stays."""
        with self._lock:
            before = self._kept.pop(address, None)
            if before is not None:
                self._size -= _weight(address, before)
                if before.ground.commit == known.ground.commit:
                    known = replace(
                        known,
                        whole=known.whole or before.whole,
                        unchanged=known.unchanged or before.unchanged,
                    )
            self._kept[address] = known
            self._size += _weight(address, known)
            while self._size > self._capacity:
                self._size -= _weight(*self._kept.popitem(last=False))

    def __len__(self) -> int:
        return len(self._kept)


class Kept:
    """WSGI middleware: answer from what is kept, else ask the application and keep its answer."""

    def __init__(self, app: WSGIApplication, answers: Answers | None = None) -> None:
        self._app = app
        self.answers = answers or Answers()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        found = self.find(environ)
        if found is None:
            return self.make(environ, start_response)
        start_response(found.status, found.headers)
        return [found.body]

    def find(self, environ: WSGIEnvironment) -> Answer | None:
        """The kept answer to a request, if there is one that still holds."""
        address = _address(environ)
        if address is None:
            return None
        known = self.answers.get(address) or self.answers.get((*address, _language(environ)))
        if known is None:
            return None
        has = environ.get("HTTP_IF_NONE_MATCH")
        unchanged = has is not None and matches(has, known.ground.tag)
        answer = known.unchanged if unchanged else known.whole
        try:
            if answer is None or not known.stands:
                return None
        except RetoucheError:
            return None  # the application says what is wrong
        answer = answer.again()
        return replace(answer, body=b"") if environ["REQUEST_METHOD"] == "HEAD" else answer

    def make(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application's answer, which is kept if it may be."""
        started: list[Any] = []

        def start(status: str, headers: Headers, *others: Any) -> Callable[[bytes], object]:
            started[:] = [status, headers]
            return start_response(status, headers, *others)

        parts = self._app(environ, start)
        ground = environ.pop(GROUND, None)
        address = _address(environ)
        if ground is None or address is None:
            return parts
        route = environ.get(ROUTE, "")
        answer = Answer(status=started[0], headers=list(started[1]), route=route)
        if answer.status.startswith("304"):
            self._keep(environ, address, Known(ground=ground, unchanged=answer))
        elif answer.status.startswith("200") and environ["REQUEST_METHOD"] == "GET":
            parts = _gathered(parts)
            if isinstance(parts, list):
                whole = replace(answer, body=b"".join(parts))
                self._keep(environ, address, Known(ground=ground, whole=whole))
        return parts

    def _keep(self, environ: WSGIEnvironment, address: Address, known: Known) -> None:
        if known.ground.localised:
            address = (*address, _language(environ))
        self.answers.put(address, known)


def new_request_id() -> str:
    return secrets.token_hex(8)


def matches(header: str, tag: str) -> bool:
    """Whether an `If-None-Match` names a tag, weakly compared."""
    return _matches(header, tag) if len(header) <= SHORT else _matches.__wrapped__(header, tag)


@lru_cache(maxsize=4096)
def _matches(header: str, tag: str) -> bool:
    return parse_etags(header).contains_weak(tag)


def _address(environ: WSGIEnvironment) -> Address | None:
    """What of a request names its answer, None when nothing of the kind is kept."""
    path = environ["PATH_INFO"]
    host = environ.get("HTTP_HOST")
    if (
        not path.startswith(UNDER)
        or not host
        or environ["REQUEST_METHOD"] not in ("GET", "HEAD")
        or "HTTP_RANGE" in environ
    ):
        return None
    query, root = environ.get("QUERY_STRING", ""), environ.get("SCRIPT_NAME", "")
    form = "gzip" if wants_gzip(environ) else ""
    return environ["wsgi.url_scheme"], host, root, path, query, form


def _language(environ: WSGIEnvironment) -> str:
    return str(environ.get("HTTP_ACCEPT_LANGUAGE", ""))


def _weight(address: Address, known: Known) -> int:
    return known.size + sum(map(len, address))


def _gathered(parts: Iterable[bytes]) -> Iterable[bytes]:
    """A list of all parts when they are small enough to keep, else the parts as they come."""
    begun, size, iterator = list[bytes](), 0, iter(parts)
    close: Callable[[], None] = getattr(parts, "close", lambda: None)
    try:
        for part in iterator:
            begun.append(part)
            size += len(part)
            if size > LARGEST:
                return ClosingIterator(chain(begun, iterator), close)
    except BaseException:
        close()
        raise
    close()
    return begun

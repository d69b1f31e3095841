"""Answers in gzip for who takes it. Keeps none; never packs what one person alone may see."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from werkzeug.http import parse_etags

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers: TypeAlias = list[tuple[str, str]]

SMALLEST = 1_000
"""Bytes from which on an answer is packed; a smaller one takes one packet of the network anyway."""
WHOLE = 1 << 20
"""Bytes up to which a body is packed whole, so that its length is known."""
LEVEL = 4
"""Half the time of zlib's own choice for a tenth more bytes."""
BEST = 9
GZIP = 31
"""What zlib calls a gzip container with the largest window."""
LONGEST_REMEMBERED = 200
"""Letters of the longest `Accept-Encoding` that is remembered: clients choose it."""
PACKED = re.compile(
    r"(text/[\w.+-]+|application/(json|javascript|xml)|[\w.-]+/[\w.-]+\+(json|xml))(\s*;.*)?", re.I
)
OWN = ("text/javascript", "application/javascript", "text/css", "image/svg+xml")
"""What only the server's own files are: few, asked for often, and worth the best packing."""
WEIGHT = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.I)


class Compressed:
    """WSGI middleware: the application's answers, in gzip where that is wanted and allowed."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        started: list[Any] = []

        def start(*arguments: Any) -> Callable[[bytes], object]:
            started[:] = arguments
            return _no_writing

        parts = self._app(environ, start)
        status, headers, *others = started
        if status.startswith("304"):
            headers = varying(_with_tag_asked_for(headers, environ.get("HTTP_IF_NONE_MATCH", "")))
        elif may_be_packed(status, headers):
            headers = varying(headers)
            if wants_gzip(environ):
                is_head = environ["REQUEST_METHOD"] == "HEAD"
                headers, parts = (
                    _without_body(headers, parts) if is_head else _packed(headers, parts)
                )
        start_response(status, headers, *others)
        return parts


def wants_gzip(environ: WSGIEnvironment) -> bool:
    """Whether a request is to be answered in gzip.

    Who asks for a part asks for bytes of the file as it is, and gets those.
    """
    return "HTTP_RANGE" not in environ and takes_gzip(environ.get("HTTP_ACCEPT_ENCODING"))


def takes_gzip(header: str | None) -> bool:
    """Whether an `Accept-Encoding` allows gzip, and not less than no packing at all."""
    if not header:
        return False
    read = _takes_gzip if len(header) <= LONGEST_REMEMBERED else _takes_gzip.__wrapped__
    return read(header)


@lru_cache(maxsize=1024)
def _takes_gzip(header: str) -> bool:
    weights: dict[str, float] = {}
    for part in header.split(","):
        name, *others = (one.strip() for one in part.split(";"))
        weights[name.lower()] = _weight(others)
    gzip = max((weights[one] for one in ("gzip", "x-gzip") if one in weights), default=None)
    weight = weights.get("*", 0.0) if gzip is None else gzip
    return weight > 0 and weight >= weights.get("identity", 0.0)


def _weight(parameters: Iterable[str]) -> float:
    """The `q` of an encoding, 0 when it is not readable."""
    for one in parameters:
        found = WEIGHT.fullmatch(one)
        return float(found[1]) if found else 0.0
    return 1.0


def may_be_packed(status: str, headers: Headers) -> bool:
    """Whether an answer is public, whole and of a kind that shrinks.

    A page that holds a secret (a follow-up link, the token of a form) beside what a stranger put
    into an address or a cell must not be packed: its length would give the secret away letter by
    letter (the BREACH attack). All that is so is `private` or `no-store`, or sets a cookie.
    """
    named = {name.lower(): value for name, value in headers}
    control = named.get("cache-control", "").lower()
    return (
        status.startswith("200")
        and PACKED.fullmatch(named.get("content-type", "")) is not None
        and int(named.get("content-length", SMALLEST)) >= SMALLEST
        and not any(one in control for one in ("private", "no-store", "no-transform"))
        and not {"set-cookie", "content-encoding", "content-range"} & named.keys()
    )


def varying(headers: Headers) -> Headers:
    """The headers, which now say that the answer depends on the encoding asked for."""
    before = ", ".join(value for name, value in headers if name.lower() == "vary")
    if "accept-encoding" in before.lower():
        return headers
    others = [one for one in headers if one[0].lower() != "vary"]
    return [*others, ("Vary", f"{before}, Accept-Encoding" if before else "Accept-Encoding")]


def _packed(headers: Headers, parts: Iterable[bytes]) -> tuple[Headers, Iterable[bytes]]:
    length = next((int(value) for name, value in headers if name == "Content-Length"), None)
    own = _kind(headers) in OWN
    if length is None or (length > WHOLE and not own):
        return _packed_headers(headers, None), Packing(parts)
    try:
        body = b"".join(parts)
    finally:
        _close(parts)
    body = _best(body) if own else zlib.compress(body, LEVEL, GZIP)
    return _packed_headers(headers, len(body)), [body]


def _without_body(headers: Headers, parts: Iterable[bytes]) -> tuple[Headers, Iterable[bytes]]:
    """What `HEAD` gets: of a body that is not made, nobody knows how long it is once packed."""
    return _packed_headers(headers, None), parts


def _packed_headers(headers: Headers, length: int | None) -> Headers:
    others = [one for one in _weak(headers) if one[0].lower() != "content-length"]
    sized = [] if length is None else [("Content-Length", str(length))]
    return [*others, ("Content-Encoding", "gzip"), *sized]


def _weak(headers: Headers) -> Headers:
    """The headers with the tag of the packed form.

    A strong tag promises the same bytes. The two forms share one tag, weak in the packed one, so
    that `If-None-Match` knows both.
    """
    return [
        (name, f"W/{value}" if name == "ETag" and value.startswith('"') else value)
        for name, value in headers
    ]


def _with_tag_asked_for(headers: Headers, has: str) -> Headers:
    """The headers of a 304 with the tag as the client has it: of the form it keeps."""
    tag = next(
        (value.removeprefix("W/").strip('"') for name, value in headers if name == "ETag"), ""
    )
    tags = parse_etags(has)
    return _weak(headers) if tags.is_weak(tag) and not tags.is_strong(tag) else headers


def _kind(headers: Headers) -> str:
    found = next((value for name, value in headers if name.lower() == "content-type"), "")
    return found.partition(";")[0].strip().lower()


@lru_cache(maxsize=64)
def _best(body: bytes) -> bytes:
    return zlib.compress(body, BEST, GZIP)


class Packing(Iterator[bytes]):
    """A long body in gzip, made as it is taken. Close it, also half-way."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = parts
        self._made = self._make()

    def __next__(self) -> bytes:
        return next(self._made)

    def close(self) -> None:
        _close(self._parts)

    def _make(self) -> Iterator[bytes]:
        packer = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
        for part in self._parts:
            piece = packer.compress(part)
            if piece:
                yield piece
        yield packer.flush()


def _close(parts: Iterable[bytes]) -> None:
    close: Callable[[], None] = getattr(parts, "close", lambda: None)
    close()


def _no_writing(_: bytes) -> None:
    raise NotImplementedError("answers are iterables")

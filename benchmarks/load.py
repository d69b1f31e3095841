"""A load of HTTP requests: some kept-alive connections, one request at a time on each.

Every answer is read to its end, and must have status 200.
"""

from __future__ import annotations

import re
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field

from benchmarks.serving import Serving

CONNECTIONS = 4
LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
CHUNKED = re.compile(rb"(?i)\r\ntransfer-encoding: *chunked")
LAST_CHUNK = b"0\r\n\r\n"
PIECE = 1 << 18


@dataclass(slots=True)
class Answered:
    """How many requests were answered in how many seconds; adds up over several spells."""

    requests: int = 0
    seconds: float = 0.0
    size: int = 0

    @property
    def rate(self) -> float:
        return self.requests / self.seconds if self.seconds else 0.0

    def add(self, other: Answered) -> None:
        self.requests += other.requests
        self.seconds += other.seconds
        self.size += other.size


@dataclass(slots=True)
class Connection:
    """One connection and what of the present answer has come."""

    socket: socket.socket
    head: bytes
    """The headers that every request ends with."""
    pending: bytearray = field(default_factory=bytearray)
    _expected: int = -1
    """Size of the whole answer; -1 while its headers have not come, 0 when it is chunked."""

    def close(self) -> None:
        self.socket.close()

    def send(self, path: str) -> None:
        self.pending.clear()
        self._expected = -1
        self.socket.sendall(b"GET %s %s" % (path.encode("ascii"), self.head))

    def receive(self) -> bool:
        """Take what has come; True once the answer is whole. Raises RuntimeError unless 200."""
        piece = self.socket.recv(PIECE)
        if not piece:
            raise RuntimeError("the server closed a connection in the middle")
        self.pending += piece
        if self._expected < 0:
            self._read_head()
        if self._expected == 0:
            return self.pending.endswith(LAST_CHUNK)
        return 0 < self._expected <= len(self.pending)

    def _read_head(self) -> None:
        end = self.pending.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self.pending[:end])
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(f"not answered: {bytes(self.pending[:600])!r}")
        length = LENGTH.search(head)
        if length is not None:
            self._expected = end + 4 + int(length[1])
        elif CHUNKED.search(head):
            self._expected = 0
        else:
            raise RuntimeError("an answer has neither a length nor chunks")


def load(
    server: Serving, paths: Iterator[str], *, duration: float, connections: int = CONNECTIONS
) -> Answered:
    """Ask one path after the other for some seconds; what was begun is waited for.

    The connections are opened before the clock starts: a server may close idle ones.
    Raises RuntimeError for an answer that is cut short or not 200.
    """
    with ExitStack() as stack:
        selector = stack.enter_context(selectors.DefaultSelector())
        clients = [stack.enter_context(closing(_connected(server))) for _ in range(connections)]
        for one in clients:
            selector.register(one.socket, selectors.EVENT_READ, one)
        return _run(selector, clients, paths, duration=duration)


def _connected(server: Serving) -> Connection:
    opened = socket.create_connection((server.host, server.port))
    opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    head = f"HTTP/1.1\r\nHost: {server.host}:{server.port}\r\nAccept: */*\r\n\r\n"
    return Connection(opened, head.encode())


def _run(
    selector: selectors.BaseSelector,
    clients: Sequence[Connection],
    paths: Iterator[str],
    *,
    duration: float,
) -> Answered:
    start = time.perf_counter()
    end = start + duration
    answered = Answered()
    for one in clients:
        one.send(next(paths))
    busy = len(clients)
    while busy:
        for key, _ in selector.select():
            client: Connection = key.data
            if not client.receive():
                continue
            answered.requests += 1
            answered.size += len(client.pending)
            if time.perf_counter() < end:
                client.send(next(paths))
            else:
                busy -= 1
    answered.seconds = time.perf_counter() - start
    return answered

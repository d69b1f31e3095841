"""Requests that take long, one after the other: beside them, all others find room.

A thread that calculates takes the interpreter from those that only want it for a moment. One such
thread costs them little, many cost them all. So large bodies and whole files go one at a time in
each process; when too many wait, or their bodies take too much memory, more are sent away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

SMALL = 50_000
"""Bytes of a body for which there is always room."""
WAITING = 32
"""Requests that wait for their turn at most."""
HELD = 200_000_000
"""Bytes of bodies that a process holds at most, small ones aside."""
CROWDED = "retouche.crowded"
"""In the environment of a request that is sent away: there is no room for it now."""


class Lane:
    """Whose turn it is, and what is held meanwhile. For one event loop."""

    def __init__(self, is_costly: Callable[[str, int], bool]) -> None:
        """`is_costly` tells of an address and the length of a body whether they take long."""
        self._is_costly = is_costly
        self._waiting = 0
        self._held = 0
        self.threads = ThreadPoolExecutor(1, thread_name_prefix="costly")

    @contextmanager
    def body(self) -> Iterator[Body]:
        """What is held of a body, until the request has its answer."""
        body = Body(self)
        try:
            yield body
        finally:
            self._held -= body.size

    def takes(self, environ: WSGIEnvironment, size: int) -> bool:
        """Whether a request is to wait for its turn; it is marked where too many do."""
        query = environ["QUERY_STRING"]
        address = f"{environ['PATH_INFO']}?{query}" if query else environ["PATH_INFO"]
        if CROWDED in environ or not self._is_costly(address, size):
            return False
        if self._waiting >= WAITING:
            environ[CROWDED] = True
            return False
        return True

    @contextmanager
    def turn(self, slow: bool) -> Iterator[None]:
        """Be counted among those that wait, or work."""
        self._waiting += slow
        try:
            yield
        finally:
            self._waiting -= slow

    def keep(self, body: Body, size: int) -> bool:
        """Whether there is room for so many bytes more of a body."""
        if body.size + size > SMALL and self._held + size > HELD:
            return False
        self._held += size
        body.size += size
        return True


class Body:
    """How much of one body is held."""

    def __init__(self, lane: Lane) -> None:
        self._lane = lane
        self.size = 0

    def add(self, size: int) -> bool:
        """Hold so many bytes more; False where there is no room for them."""
        return self._lane.keep(self, size)

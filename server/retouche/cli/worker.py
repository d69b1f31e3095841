"""One process that answers requests: granian on a socket that is already open."""

from __future__ import annotations

import asyncio
import ctypes
import gc
import resource
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.net import SocketHolder  # type: ignore[attr-defined]
from granian.server.embed import Server as Embedded

BACKLOG = 1024
CONNECTIONS = 8192
"""Most connections of a worker; one that is idle costs memory alone."""
WAITING = 5_000
"""Milliseconds that a client may take to send the head of a request, also of its next one."""
LONGEST_HEAD = 65_536
"""Bytes of the longest head: a filter on many values makes a long address."""
BEAT = 1.0
"""Seconds between signs of life."""
TRIM = 10
"""Beats between two times that free memory goes back to the system."""
ARENAS = 2
"""Heaps that the threads share; with one for each, what one has freed no other can use."""
SWITCH = 0.0005
"""Seconds after which a thread that calculates lets another one in. A request for a proposal asks
for the interpreter dozens of times, after each word with the disk or the database."""
M_ARENA_MAX = -8
"""The number of that option in `malloc.h`."""


class Granian(Embedded):
    """Serves an ASGI application on a socket that is bound, until it is told to stop."""

    _shd: Any  # granian declares None alone

    def __init__(self, application: Any, descriptor: int) -> None:
        super().__init__(
            application,
            interface=Interfaces.ASGINL,
            http=HTTPModes.http1,
            websockets=False,
            backlog=BACKLOG,
            backpressure=_connections(),
            http1_settings=HTTP1Settings(header_read_timeout=WAITING, max_buffer_size=LONGEST_HEAD),
            log_enabled=False,
        )
        self._descriptor = descriptor

    def _init_shared_socket(self) -> None:
        self._shd = SocketHolder(self._descriptor, False, BACKLOG)  # type: ignore[call-arg]


class Worker:
    """What one process does: serve, show that it lives, and end when told or left alone."""

    def __init__(
        self,
        application: Any,
        *,
        descriptor: int,
        lifeline: int,
        ready: Callable[[], None],
        beat: Callable[[float], None],
    ) -> None:
        """`lifeline` can be read when the process that started this one is gone."""
        self._application = application
        self._descriptor = descriptor
        self._lifeline = lifeline
        self._ready = ready
        self._beat = beat

    def run(self) -> None:
        tell_malloc("mallopt", M_ARENA_MAX, ARENAS)
        sys.setswitchinterval(SWITCH)
        gc.freeze()
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        server = Granian(self._application, self._descriptor)
        loop.add_signal_handler(signal.SIGTERM, server.stop)
        loop.add_reader(self._lifeline, self._left_alone, server)
        server.on_startup(lambda: loop.call_soon(self._ready))
        beating = asyncio.ensure_future(self._beating())
        await server.serve()
        beating.cancel()

    def _left_alone(self, server: Granian) -> None:
        asyncio.get_running_loop().remove_reader(self._lifeline)
        server.stop()  # type: ignore[no-untyped-call]

    async def _beating(self) -> None:
        for number in count():
            self._beat(time.monotonic())
            if number % TRIM == 0:
                tell_malloc("malloc_trim", 0)
            await asyncio.sleep(BEAT)


def tell_malloc(function: str, *values: int) -> None:
    """Call the allocator of the C library: it keeps what whole columns took for a moment."""
    with suppress(OSError, AttributeError):  # not the C library of GNU
        getattr(ctypes.CDLL(None), function)(*values)


def _connections() -> int:
    """As many as the system lets this process have; it needs as many descriptors for files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * CONNECTIONS
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return CONNECTIONS if soft == resource.RLIM_INFINITY else min(CONNECTIONS, soft // 2)

"""The processes of a server, started, watched, replaced when they die, and ended: those that answer
requests, and one that works beside them."""

from __future__ import annotations

import errno
import mmap
import os
import select
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NoReturn

from retouche.cli.background import Background
from retouche.cli.terminal import Refusal
from retouche.cli.worker import BACKLOG, Worker

if TYPE_CHECKING:
    from retouche.web.gateway import Gateway
    from retouche.wiring import Services

DRAIN = 30.0
"""Seconds for requests that are under way when the server is told to stop."""
PATIENCE = 120.0
"""A worker without a sign of life for so long is stuck; a big file takes seconds, not minutes."""
TAKES_NOTHING = 30_000
"""Milliseconds after which a connection that takes nothing of what is sent is ended."""
PAUSE = 1.0
"""Seconds before a worker that did not last as long is replaced."""
WATCH = 1.0
STOPPING = (signal.SIGTERM, signal.SIGINT)
COULD_NOT_RUN = 2


@dataclass(slots=True)
class Child:
    """A worker's place: its process, None while it waits to be started, and since when."""

    answers: bool
    """Whether it answers requests, or works beside them."""
    process: int | None = None
    since: float = -PAUSE


class Server:
    """Serves on a socket that is already bound, works beside that, or both, until it is told to
    stop."""

    def __init__(
        self,
        make_application: Callable[[], Gateway],
        make_services: Callable[[], Services] | None = None,
        *,
        listener: socket.socket | None,
        workers: int,
        announcement: str,
    ) -> None:
        """Both are called in the worker's process: connections must not cross a fork.

        Without `make_services` nobody works beside requests; without a listener nobody answers
        any.
        """
        self._make_application = make_application
        self._make_services = make_services
        self._listener = listener
        self._announcement = announcement.encode()
        answering = workers if listener else 0
        self._children = [Child(answers=True) for _ in range(answering)]
        if make_services is not None:
            self._children.append(Child(answers=False))
        self._stops = 0
        # Shared with the workers: when each gave its last sign of life.
        self._memory = mmap.mmap(-1, 8 * len(self._children))
        self._beats = memoryview(self._memory).cast("d")
        # One byte from each worker that is there for others; the first makes the announcement.
        self._told, self._tell = os.pipe()
        # Readable in the workers once this process is gone, however it went.
        self._lifeline, self._held = os.pipe()
        self._woken, self._wake = os.pipe()

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT. Ends the process when no worker could start."""
        os.set_blocking(self._wake, False)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        for number in STOPPING:
            signal.signal(number, self._stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        while not self._stops:
            self._start()
            self._wait(WATCH)
            if COULD_NOT_RUN in self._reap() and self._announcement:
                self._drain()
                sys.exit(COULD_NOT_RUN)
            self._end_stuck()
        self._drain()

    def _stop(self, *_: object) -> None:
        self._stops += 1

    def _wait(self, seconds: float) -> None:
        ready, _, _ = select.select([self._woken, self._told], [], [], seconds)
        if self._woken in ready:
            os.read(self._woken, 4096)
        if self._told in ready and os.read(self._told, 4096) and self._announcement:
            os.write(1, self._announcement)
            self._announcement = b""

    def _start(self) -> None:
        """Start the workers that are missing."""
        for place, child in enumerate(self._children):
            if child.process is None and time.monotonic() - child.since >= PAUSE:
                child.since = self._beats[place] = time.monotonic()
                # A stop that meets the new process before it has its own answer to signals would
                # be taken by the one it inherited, and lost: it waits until `_work` lets it in.
                before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
                child.process = os.fork()
                if not child.process:
                    self._work(place)
                signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _reap(self) -> list[int]:
        """Note which workers are gone; give how they ended."""
        ended = []
        for child in self._children:
            if child.process is None:
                continue
            process, status = os.waitpid(child.process, os.WNOHANG)
            if process:
                child.process = None
                ended.append(os.waitstatus_to_exitcode(status))
        return ended

    def _end_stuck(self) -> None:
        for place, child in enumerate(self._children):
            if child.process and time.monotonic() - self._beats[place] > PATIENCE:
                _send(child.process, signal.SIGKILL)

    def _drain(self) -> None:
        """End the workers: those that are still busy after a while, or when told twice, at once."""
        if self._listener:
            self._listener.close()
        self._signal(signal.SIGTERM)
        deadline = time.monotonic() + DRAIN
        before = self._stops
        while any(child.process for child in self._children):
            if time.monotonic() > deadline or self._stops > before:
                self._signal(signal.SIGKILL)
            self._wait(0.2)
            self._reap()

    def _signal(self, number: signal.Signals) -> None:
        for child in self._children:
            if child.process:
                _send(child.process, number)

    def _work(self, place: int) -> NoReturn:
        """Be a worker, to the end of the process."""
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the first process passes it on, as SIGTERM
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        for descriptor in (self._told, self._held, self._woken, self._wake):
            os.close(descriptor)
        code = COULD_NOT_RUN
        try:
            run = self._application(place) if self._children[place].answers else self._beside(place)
            code = 1
            run()
            code = 0
        except BaseException:
            traceback.print_exc()
        sys.stderr.flush()
        os._exit(code)  # what the first process has open is its own to end

    def _application(self, place: int) -> Callable[[], None]:
        """Make what answers requests; give what runs it."""
        assert self._listener is not None  # else there is no such place
        application = self._make_application()
        worker = Worker(
            application,
            descriptor=self._listener.fileno(),
            lifeline=self._lifeline,
            ready=self._there,
            beat=partial(self._beats.__setitem__, place),
        )

        def run() -> None:
            worker.run()
            application.close()

        return run

    def _beside(self, place: int) -> Callable[[], None]:
        """Make what works beside requests; give what runs it."""
        assert self._make_services is not None  # else there is no such place
        return Background(
            self._make_services(),
            lifeline=self._lifeline,
            # Who is told waits for answers to requests, where there are any.
            ready=_nothing if self._listener else self._there,
            beat=partial(self._beats.__setitem__, place),
        ).run

    def _there(self) -> None:
        os.write(self._tell, b".")


def _nothing() -> None:
    """Nobody waits for it."""


def _send(process: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, number)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, bound before anything else is done so that it fails early."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        # Kept by the connections: one whose other end takes nothing is ended by the system.
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, TAKES_NOTHING)
        listener.bind((host, port))
        listener.listen(BACKLOG)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise Refusal("port_in_use", host=host, port=port) from error
        detail = error.strerror or str(error)
        raise Refusal("cannot_listen", host=host, port=port, detail=detail) from error
    except OverflowError as error:
        listener.close()
        raise Refusal("cannot_listen", host=host, port=port, detail=error) from error
    return listener


def address(listener: socket.socket) -> str:
    """The address to open in a browser on this machine."""
    host, port = listener.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

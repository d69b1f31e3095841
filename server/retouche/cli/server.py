"""gunicorn, run from here: one listening socket, workers that build their own application."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import _DEFER, ThreadWorker

from retouche.cli.terminal import Refusal

BACKLOG = 1024
THREADS = 32
# Seconds that a thread waits for a request to begin, and for the rest of one that has begun.
FIRST_BYTE = 0.05
NEXT_BYTES = 5.0
DRAIN = 30
# The most that gunicorn takes: a filter on many values makes a long address.
LONGEST_LINE = 8190
# A worker that answers nothing for so long is stuck; a big file takes seconds, not minutes.
PATIENCE = 120


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """Threads for requests, none for clients that send nothing or stop in the middle."""

    def handle(self, conn: Any) -> Any:
        if not conn.initialized and not conn.data_ready and not conn.wait_for_data(FIRST_BYTE):
            return _DEFER  # waits with the idle connections, which cost no thread
        return super().handle(conn)

    def enqueue_req(self, conn: Any) -> None:
        begin = conn.init

        def begin_timed() -> None:
            begin()
            conn.sock.settimeout(NEXT_BYTES)

        conn.init = begin_timed
        super().enqueue_req(conn)


class Server(BaseApplication):  # type: ignore[misc]
    """Serves on a socket that is already bound, until it is told to stop."""

    def __init__(
        self,
        make_application: Callable[[], Any],
        *,
        listener: socket.socket,
        workers: int,
        announcement: str,
    ) -> None:
        self._make_application = make_application
        self._descriptor = listener.detach()  # gunicorn closes it
        self._workers = workers
        self._announcement = announcement.encode()
        # One byte for whichever worker is first: the announcement is made once, ever.
        self._tokens, given = os.pipe()
        os.set_blocking(self._tokens, False)
        os.write(given, b".")
        os.close(given)
        super().__init__()

    def load_config(self) -> None:
        settings = {
            "bind": f"fd://{self._descriptor}",
            "backlog": BACKLOG,
            "limit_request_line": LONGEST_LINE,
            "workers": self._workers,
            "worker_class": PatientWorker,
            "threads": THREADS,
            "graceful_timeout": DRAIN,
            "timeout": PATIENCE,
            "keepalive": 5,
            "loglevel": "warning",
            "proc_name": "retouche",
            "post_worker_init": self._announce,
        }
        for name, value in settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Called in each worker: connections must not be shared across a fork."""
        return self._make_application()

    def _announce(self, worker: Any) -> None:
        try:
            first = os.read(self._tokens, 1)
        except BlockingIOError:
            return
        if first:
            os.write(1, self._announcement)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket, bound before anything else is done so that it fails early."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(BACKLOG)
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

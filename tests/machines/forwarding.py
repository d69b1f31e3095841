"""Passes connections on to another address, as each machine of the tests has a GitLab at its own
loopback: other addresses are spoken to with TLS alone."""

from __future__ import annotations

import socket
import sys
import threading
from contextlib import suppress

TAKEN = 65_536


def forward(listener: socket.socket, host: str, port: int) -> None:
    """Pass on each connection to a listening socket, until that is closed."""
    while True:
        try:
            here, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_pass_on, args=(here, host, port), daemon=True).start()


def listen(host: str, port: int = 0) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(64)
    return listener


def _pass_on(here: socket.socket, host: str, port: int) -> None:
    with here:
        try:
            there = socket.create_connection((host, port), timeout=5)
        except OSError:
            return
        there.settimeout(None)
        with there:
            back = threading.Thread(target=_pour, args=(there, here), daemon=True)
            back.start()
            _pour(here, there)
            back.join()


def _pour(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(TAKEN):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


if __name__ == "__main__":
    forward(listen("127.0.0.1", int(sys.argv[1])), sys.argv[2], int(sys.argv[3]))

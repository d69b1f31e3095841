"""Hosts that can be cut off: network namespaces of Linux, joined by a bridge."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.machines import forwarding


class Network:
    """A bridge of this machine, and hosts at it."""

    def __init__(self, stack: ExitStack) -> None:
        number = os.getpid()
        self._stack = stack
        self._name = f"rt{number}"
        self._prefix = f"10.{number >> 8 & 127 | 64}.{number & 255}"
        self._hosts = 0
        self.address = f"{self._prefix}.1"
        """This machine, for the hosts."""
        _ip("link", "add", self._name, "type", "bridge")
        stack.callback(_ip, "link", "del", self._name, check=False)
        _ip("addr", "add", f"{self.address}/24", "dev", self._name)
        _ip("link", "set", self._name, "up")

    def host(self) -> Host:
        self._hosts += 1
        name = f"{self._name}h{self._hosts}"
        found = Host(name, f"{self._prefix}.{self._hosts + 1}")
        _ip("netns", "add", name)
        self._stack.callback(_ip, "netns", "del", name, check=False)
        _ip("link", "add", name, "type", "veth", "peer", "name", "eth0", "netns", name)
        _ip("link", "set", name, "master", self._name, "up")
        inside = ("-n", name)
        _ip(*inside, "link", "set", "lo", "up")
        _ip(*inside, "addr", "add", f"{found.address}/24", "dev", "eth0")
        _ip(*inside, "link", "set", "eth0", "up")
        return found

    def share(self, port: int) -> int:
        """Have a port of our loopback at our address on the bridge too; give that port."""
        listener = self._stack.enter_context(forwarding.listen(self.address))
        threading.Thread(
            target=forwarding.forward, args=(listener, "127.0.0.1", port), daemon=True
        ).start()
        return int(listener.getsockname()[1])

    def reach(self, host: Host, port: int, shared: int) -> None:
        """Have what we share at a port of a host's own loopback."""
        command = [sys.executable, "-m", forwarding.__name__, str(port), self.address, str(shared)]
        process = subprocess.Popen([*host.inside, *command], cwd=Path(__file__).parents[2])

        def end() -> None:
            process.kill()
            process.wait()

        self._stack.callback(end)
        probe = f"import socket; socket.create_connection(('127.0.0.1', {port})).close()"
        stop = time.monotonic() + 20
        while subprocess.run(
            [*host.inside, sys.executable, "-c", probe], capture_output=True, check=False
        ).returncode:
            assert time.monotonic() < stop, "the host cannot be reached"


class Host:
    def __init__(self, name: str, address: str) -> None:
        self.name, self.address = name, address
        self.inside = ("ip", "netns", "exec", name)

    def cut(self) -> None:
        """What is sent from here on is lost, without a word."""
        _ip("link", "set", self.name, "down")

    def heal(self) -> None:
        _ip("link", "set", self.name, "up")


@contextmanager
def network() -> Iterator[Network]:
    """Skips where nobody may make network namespaces."""
    try:
        _ip("netns", "add", f"probe{os.getpid()}")
        _ip("netns", "del", f"probe{os.getpid()}")
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("hosts that can be cut off need root, and ip netns of iproute2")
    with ExitStack() as stack:
        yield Network(stack)


def _ip(*arguments: str, check: bool = True) -> None:
    subprocess.run(["ip", *arguments], check=check, capture_output=True)

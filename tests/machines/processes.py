"""Servers of others that tests start: in folders of their own, as a user without rights."""

from __future__ import annotations

import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1


@contextmanager
def folder_of_its_own(name: str) -> Iterator[Path]:
    """A new folder that the server's user owns; not below pytest's, which others cannot enter.

    Its path is short: that of a socket may have about a hundred characters.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir="/tmp"))
    owner = unprivileged()
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def begin(command: Sequence[str], log: Path) -> subprocess.Popen[bytes]:
    """Start a process, without our rights when we have all; what it says goes to the log."""
    owner = unprivileged()
    with log.open("ab") as said:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd="/",
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
            preexec_fn=_end_with_parent,
        )


def _end_with_parent() -> None:
    """A killed test leaves no server behind."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def unprivileged() -> pwd.struct_passwd | None:
    """Who runs servers when we are root, which some refuse; None when we are not."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    return None


def free_port(host: str = "127.0.0.1") -> int:
    """A port that nobody listens at now. Somebody may soon: who starts a server tries again."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])

"""What the figures were measured on and with; names no host, person or path."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import sqlite3
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.peers import PeerMissing, Peers


def described(peers: Peers) -> dict[str, str]:
    """What a reader must know to judge the figures, in the order of the table."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": _found(r"model name\s*: (.+)", "/proc/cpuinfo") or platform.machine(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": _memory(),
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "git": _git(),
        "SQLite": sqlite3.sqlite_version,
        "frictionless": importlib.metadata.version("frictionless"),
        "Datasette": _or_missing(lambda: peers.version("datasette")),
        "daff": _or_missing(lambda: peers.version("daff")),
    }


def load() -> str:
    """How many processes were running or waiting, over the last minute."""
    return f"{os.getloadavg()[0]:.1f}"


def _found(pattern: str, file: str) -> str:
    found = re.search(pattern, Path(file).read_text()) if Path(file).exists() else None
    return found[1].strip() if found else ""


def _memory() -> str:
    kilobytes = int(_found(r"MemTotal: *(\d+)", "/proc/meminfo") or 0)
    return f"{kilobytes / 1e6:.0f} GB"


def _git() -> str:
    told = subprocess.run(["git", "--version"], capture_output=True, text=True, check=True).stdout
    return told.strip().removeprefix("git version ")


def _or_missing(version: Callable[[], str]) -> str:
    try:
        return version()
    except PeerMissing:
        return "could not be installed"

"""The peers' programs, in an environment of their own that the product never sees."""

from __future__ import annotations

import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

WANTED = ("datasette==0.65.*", "daff==1.4.2")


class PeerMissing(Exception):
    """A peer that could not be installed or run: its rows say so, the others go on."""


class Peers:
    """Datasette and daff, installed when first asked for and kept between runs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._missing: PeerMissing | None = None

    @property
    def python(self) -> Path:
        return self._installed / "bin" / "python"

    @property
    def datasette(self) -> Path:
        return self._installed / "bin" / "datasette"

    def version(self, name: str) -> str:
        """The version of an installed package. Raises `PeerMissing`."""
        code = "import sys, importlib.metadata as m; print(m.version(sys.argv[1]))"
        return run([str(self.python), "-c", code, name]).strip()

    @property
    def _installed(self) -> Path:
        """The environment, made at most once a run. Raises `PeerMissing`."""
        if self._missing is not None:
            raise self._missing
        mark = self._folder / "installed"
        if not (mark.exists() and mark.read_text() == "\n".join(WANTED)):
            try:
                self._install()
            except PeerMissing as error:
                self._missing = error
                raise
            mark.write_text("\n".join(WANTED))
        return self._folder

    def _install(self) -> None:
        print("installing the peers …", file=sys.stderr, flush=True)
        shutil.rmtree(self._folder, ignore_errors=True)
        try:
            venv.create(self._folder, with_pip=True)
        except (OSError, subprocess.CalledProcessError) as error:
            raise PeerMissing(f"no environment for the peers: {error}") from error
        pip = [str(self._folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
        run([*pip, *WANTED])


def run(command: Sequence[str], *, timeout: float = 600) -> str:
    """What a peer's command prints. Raises `PeerMissing` with its last line when it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=timeout, check=False)
    except OSError as error:
        raise PeerMissing(f"{Path(command[0]).name}: {error.strerror}") from error
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["no message"]
        raise PeerMissing(f"{Path(command[0]).name}: {lines[-1][:200]}")
    return done.stdout

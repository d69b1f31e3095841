"""git's own commands, run as a careful script would: the peer of everything that writes."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

FILE = "table.csv"
WHO = {
    f"GIT_{role}_{name}": value
    for role in ("AUTHOR", "COMMITTER")
    for name, value in (("NAME", "A"), ("EMAIL", "a@example.org"))
}


class Plumbing:
    """One bare repository, written with `hash-object`, `mktree`, `commit-tree`, `update-ref`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, path: Path, files: dict[str, bytes]) -> Plumbing:
        """A default bare repository whose branch `main` holds some files."""
        subprocess.run(["git", "init", "--quiet", "--bare", "-b", "main", str(path)], check=True)
        made = cls(path)
        blobs = {name: made.blob(data) for name, data in files.items()}
        lines = "".join(f"100644 blob {blob}\t{name}\n" for name, blob in blobs.items())
        commit = made.git("commit-tree", made.git("mktree", data=lines.encode()), "-m", "Import")
        made.git("update-ref", "refs/heads/main", commit)
        return made

    def blob(self, data: bytes) -> str:
        return self.git("hash-object", "-w", "--stdin", data=data)

    def commit(self, parent: str, data: bytes) -> str:
        """A commit on a parent with other bytes in the one file."""
        blob = self.blob(data)
        lines = self.git("ls-tree", parent).splitlines()
        kept = [one for one in lines if not one.endswith(f"\t{FILE}")]
        tree = "\n".join([*kept, f"100644 blob {blob}\t{FILE}", ""])
        made = self.git("mktree", data=tree.encode())
        return self.git("commit-tree", made, "-p", parent, "-m", "Correct a cell")

    def publish(self, commit: str, *, old: str) -> bool:
        """Move the branch if it is still where it was."""
        command = [*self._command, "update-ref", "refs/heads/main", commit, old]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def head(self) -> str:
        return self.git("rev-parse", "refs/heads/main")

    def read(self, commit: str) -> bytes:
        command = [*self._command, "cat-file", "blob", f"{commit}:{FILE}"]
        return subprocess.run(command, capture_output=True, check=True).stdout

    def size(self) -> int:
        """Bytes of all files below `objects`."""
        return sum(
            one.stat().st_size for one in (self.path / "objects").rglob("*") if one.is_file()
        )

    def git(self, *arguments: str, data: bytes = b"") -> str:
        done = subprocess.run(
            [*self._command, *arguments],
            input=data,
            env={**os.environ, **WHO},
            capture_output=True,
            check=True,
        )
        return done.stdout.decode().strip()

    @property
    def _command(self) -> list[str]:
        return ["git", f"--git-dir={self.path}"]

"""The real git as a client of the double, with its token in a header."""

from __future__ import annotations

import base64
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from tests.gitlab_double.repositories import ENVIRONMENT


def basic(token: str) -> str:
    """The header that GitLab takes from git."""
    return "Authorization: Basic " + base64.b64encode(f"oauth2:{token}".encode()).decode()


@dataclass(frozen=True, slots=True)
class Clone:
    """A working folder."""

    path: Path
    token: str | None = field(repr=False)

    @classmethod
    def made(cls, path: Path, url: str, token: str | None) -> Self:
        path.mkdir()
        clone = cls(path, token)
        clone.git("init", "--quiet", "-b", "main")
        clone.git("remote", "add", "origin", url)
        clone.git("fetch", "--quiet", "origin")
        clone.git("reset", "--quiet", "--hard", "origin/main")
        return clone

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run git here; the token goes by the environment."""
        who = {f"GIT_{one}_{two}": "bot" for one in ("AUTHOR", "COMMITTER") for two in ("NAME",)}
        who |= {f"GIT_{one}_EMAIL": "bot@example.org" for one in ("AUTHOR", "COMMITTER")}
        header = {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "http.extraHeader",
            "GIT_CONFIG_VALUE_0": basic(self.token) if self.token else "X-None: 1",
        }
        return subprocess.run(
            ["git", *arguments],
            cwd=self.path,
            capture_output=True,
            text=True,
            env={**ENVIRONMENT, **who, **header},
            check=False,
        )

    def git(self, *arguments: str) -> str:
        """The same, which must succeed."""
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def commit(self, branch: str, name: str, text: str) -> str:
        """Commit a file on a branch, made from where we are when it is new."""
        self.git("checkout", "--quiet", "-B", branch)
        (self.path / name).write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", f"Change {name}")
        return self.git("rev-parse", "HEAD")

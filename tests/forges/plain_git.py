"""git as anybody would run it, to look at repositories from outside our code."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

ENVIRONMENT = {
    "PATH": os.environ.get("PATH", ""),
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_AUTHOR_DATE": "1700000000 +0100",
    "GIT_COMMITTER_DATE": "1700000000 +0100",
    "LC_ALL": "C",
}


def git(path: Path, *arguments: str, data: bytes = b"") -> str:
    """Run git in a repository; give what it says, or fail."""
    return (
        subprocess.run(
            ["git", "-C", str(path), *arguments],
            input=data,
            env=ENVIRONMENT,
            check=True,
            capture_output=True,
        )
        .stdout.decode()
        .rstrip("\n")
    )


def is_sound(path: Path) -> bool:
    """Whether `git fsck --strict` finds nothing at all to say, but for unused objects."""
    return git(path, "fsck", "--full", "--strict", "--no-dangling", "--no-progress") == ""


def refs(path: Path, prefix: str = "refs") -> dict[str, str]:
    words = git(path, "for-each-ref", "--format=%(refname) %(objectname)", prefix).split()
    return dict(zip(words[::2], words[1::2], strict=True))

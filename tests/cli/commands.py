"""Running commands in this process, and git repositories to run them in."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner, Result

from retouche.cli import main

ALONE = {
    "GIT_AUTHOR_NAME": "Ann",
    "GIT_AUTHOR_EMAIL": "ann@example.org",
    "GIT_COMMITTER_NAME": "Ann",
    "GIT_COMMITTER_EMAIL": "ann@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


def run(*arguments: str | Path, lang: str = "en", answers: str | None = None) -> Result:
    """Run a command; a traceback fails the test that called it."""
    environment = {"RETOUCHE_LANG": lang, "RETOUCHE_HOME": None, "LANG": None, "LC_ALL": None}
    result = CliRunner(env=environment).invoke(
        main, [str(one) for one in arguments], input=answers, catch_exceptions=False
    )
    assert "Traceback" not in result.output
    return result


def refusal(result: Result) -> str:
    """The one sentence of a command that could not run."""
    assert result.exit_code == 2, result.output
    lines = result.stderr.splitlines()
    assert len(lines) == 1, lines
    return lines[0]


def git(folder: Path, *arguments: str, accept: tuple[int, ...] = (0,)) -> str:
    """Run git apart from the settings of this machine."""
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env={**os.environ, **ALONE},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in accept, done.stderr
    return done.stdout + done.stderr


def commit(folder: Path, message: str = "A change") -> str:
    """Commit everything in a folder, made a repository where it is none; give the id."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(folder, "rev-parse", "HEAD").strip()


@contextmanager
def inside(folder: Path) -> Iterator[None]:
    """Be in a folder for a while."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)

"""The commands that a newcomer and the continuous integration rely on."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TARGETS = ("run", "test", "check", "build", "coverage", "bench", "clean", "help", "setup")

needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")


def made(*arguments: str) -> str:
    # Make hands its own variables to what it runs, and these tests may run below it.
    environment = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    done = subprocess.run(
        ["make", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@needs_make
def test_help_lists_every_target() -> None:
    told = made("help")
    assert [name for name in TARGETS if f"make {name} " not in told] == []


@needs_make
def test_port_is_handed_to_the_server() -> None:
    assert "--port 8123" in made("--dry-run", "--always-make", "run", "PORT=8123")


@needs_make
def test_uv_is_installed_in_the_version_of_the_lock_file() -> None:
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    version = next(one["version"] for one in lock["package"] if one["name"] == "uv")
    assert f"uv=={version}" in made("--dry-run", "--always-make", "setup")


def test_integration_runs_what_a_developer_runs() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    text = script.read_text()
    assert "set -euo pipefail" in text
    assert text.rstrip().splitlines()[-2:] == ["make check", "make test"]
    pipeline = (ROOT / ".gitlab-ci.yml").read_text()
    assert re.search(r"^stages: \[check, test, build\]$", pipeline, re.M)
    for target in ("check", "test", "build"):
        assert f"make {target}" in pipeline

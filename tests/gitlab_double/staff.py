"""A project as docs/gitlab.md has it set up: people, and what they may do."""

from __future__ import annotations

from pathlib import Path

from tests.gitlab_double.gitlab import GitLab
from tests.gitlab_double.projects import Project


def staffed(gitlab: GitLab, name: str, *, seed: Path, branch: str = "main") -> Project:
    """A project filled by `seed`, with a bot that is a Developer, and a maintainer."""
    gitlab.user("bot", bot=True)
    gitlab.user("maintainer")
    project = gitlab.project(name, seed=seed, branch=branch)
    project.member("bot", 30)
    project.member("maintainer", 40)
    return project

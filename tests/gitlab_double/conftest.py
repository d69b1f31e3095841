"""Fixtures of the double's own tests: a project with a bot and a maintainer, and real clients."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import gitlab as python_gitlab
import pytest

from tests.gitlab_double import GitLab, Project
from tests.gitlab_double.clients import Clone


@pytest.fixture
def double() -> Iterator[GitLab]:
    with GitLab() as running:
        running.user("bot", bot=True)
        running.user("maintainer")
        running.user("guest")
        yield running


@pytest.fixture
def project(double: GitLab) -> Project:
    made = double.project("open-data/centres", files={"data.csv": b"id,name\n1,a\n2,b\n3,c\n"})
    made.member("bot", 30)
    made.member("maintainer", 40)
    return made


@pytest.fixture
def bot(double: GitLab) -> Iterator[python_gitlab.Gitlab]:
    """python-gitlab with the bot's token."""
    with client(double, double.token("bot")) as made:
        yield made


@pytest.fixture
def maintainer(double: GitLab) -> Iterator[python_gitlab.Gitlab]:
    """python-gitlab with the maintainer's token."""
    with client(double, double.token("maintainer", scopes=("api",))) as made:
        yield made


@pytest.fixture
def clone(double: GitLab, project: Project, tmp_path: Path) -> Clone:
    """A clone that the bot made with git."""
    return Clone.made(tmp_path / "clone", project.clone_url, double.token("bot"))


def client(double: GitLab, token: str) -> python_gitlab.Gitlab:
    return python_gitlab.Gitlab(double.url, oauth_token=token, keep_base_url=True, timeout=5)

"""The small dataset as a project of the double, with a bot that may do what it should."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from tests.cli.commands import commit, git
from tests.datasets import write_desks
from tests.gitlab_double import GitLab, Project, staffed

PATH = "open-data/desks"


def desks_project(gitlab: GitLab, folder: Path) -> Project:
    """A project that is set up as docs/gitlab.md says."""
    package = write_desks(folder / "package")
    commit(package, "First")
    git(folder, "clone", "--quiet", "--bare", str(package), str(folder / "seed.git"))
    project = staffed(gitlab, PATH, seed=folder / "seed.git")
    project.protect("main", push=0, merge=40)
    project.protect("proposals/*", push=["bot"], merge=40, force=True)
    project.settings.autoclose_referenced_issues = False
    return project


def people(gitlab: GitLab) -> None:
    gitlab.user("bot", bot=True)
    gitlab.user("maintainer")


def members(project: Project) -> None:
    project.member("bot", 30)
    project.member("maintainer", 40)


def bot_token(gitlab: GitLab, *, days: int = 200) -> str:
    return gitlab.token("bot", expires_at=date.today() + timedelta(days=days))


def write_toml(folder: Path, repository: str, token: str, *more: str) -> Path:
    """A retouche.toml of that project; the token is in a file beside it."""
    (folder / "token").write_text(token)
    path = folder / "retouche.toml"
    lines = [
        "[[datasets]]",
        'name = "desks"',
        'forge = "gitlab"',
        f'repository = "{repository}"',
        'token_file = "token"',
        *more,
    ]
    path.write_text("\n".join(lines) + "\n")
    return path

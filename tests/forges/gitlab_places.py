"""A GitLab forge over the double, ready to be used and broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retouche.forges.gitlab.forge import GitLabForge
from retouche.forges.gitlab.limits import Deadlines
from retouche.forges.gitlab.mirror import make_mirror
from retouche.forges.repository import BareRepository
from retouche.ports import Reviewer
from tests.forges.contract import DATASET, Place
from tests.gitlab_double import GitLab, staffed
from tests.gitlab_double.projects import Project

QUICK = Deadlines(connect=2.0, read=1.0, call=1.5, refs=3.0, fetch=10.0, mergeable=3.0)
PROJECT = "open-data/centres"


@dataclass(frozen=True, kw_only=True)
class GitLabPlace(Place):
    """The forge, and the double behind it."""

    forge: GitLabForge
    gitlab: GitLab
    project: Project
    mirror: Path
    token: str

    def again(self, **changes: Any) -> GitLabForge:
        """Another forge on the same mirror, as another process has it."""
        given = {"token": lambda: self.token, **changes}
        return make_forge(self.mirror, self.gitlab, self.project, **given)


def make_forge(
    mirror: Path,
    gitlab: GitLab,
    project: Project,
    token: Callable[[], str],
    deadlines: Deadlines = QUICK,
    **changes: Any,
) -> GitLabForge:
    make_mirror(mirror, changes.get("branch"))
    return GitLabForge(
        BareRepository(mirror),
        DATASET,
        **{
            "base_url": gitlab.url,
            "project": project.name,
            "clone_url": project.clone_url,
            "token": token,
            "deadlines": deadlines,
            **changes,
        },
    )


def make_place(folder: Path, gitlab: GitLab, seed: Path, **changes: Any) -> GitLabPlace:
    """A project filled by `seed`, with a bot and a maintainer, fetched and published."""
    project = staffed(gitlab, PROJECT, seed=seed)
    token = gitlab.token("bot")
    mirror = folder / "centres.git"
    forge = make_forge(mirror, gitlab, project, lambda: token, **changes)
    tip = forge.fetch().tip
    assert tip is not None
    forge.publish(tip)
    return GitLabPlace(
        forge=forge,
        repository=project.path,
        reviewer=Reviewer(name="maintainer", token=gitlab.token("maintainer", scopes=("api",))),
        gitlab=gitlab,
        project=project,
        mirror=mirror,
        token=token,
    )

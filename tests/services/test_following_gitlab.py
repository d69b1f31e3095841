"""The same promises end to end: the real git and the real client against the double of GitLab."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from retouche.forges.gitlab.forge import GitLabForge
from retouche.forges.gitlab.limits import Deadlines
from retouche.forges.gitlab.mirror import make_mirror
from retouche.forges.repository import BareRepository
from retouche.ports import Proposal
from tests.datasets import update, write_desks
from tests.gitlab_double import GitLab, staffed
from tests.services.following_contract import FollowingContract, settled
from tests.services.worlds import NAME, World, make_world

DEADLINES = Deadlines(connect=5.0, read=10.0, call=15.0, refs=20.0, fetch=30.0, mergeable=10.0)


@pytest.fixture
def gitlab() -> Iterator[GitLab]:
    with GitLab() as one:
        yield one


@pytest.fixture
def make(tmp_path: Path, gitlab: GitLab) -> Iterator[Callable[[], World]]:
    made: list[World] = []

    def one_more() -> World:
        made.append(gitlab_world(tmp_path / f"home-{len(made)}", gitlab, f"data/desks-{len(made)}"))
        return made[-1]

    yield one_more
    for one in made:
        forge: Any = one.forge
        forge.repository.close()


@pytest.fixture
def world(make: Callable[[], World]) -> World:
    return make()


def gitlab_world(home: Path, gitlab: GitLab, name: str) -> World:
    home.mkdir(parents=True)

    def make(seed: Path) -> tuple[Any, GitLabForge]:
        project = staffed(gitlab, name, seed=seed)
        return project, gitlab_forge(home / "mirror.git", gitlab, project, gitlab.token("bot"))

    return make_world(home, write_desks(home / "package"), make)


def gitlab_forge(
    mirror: Path, gitlab: GitLab, project: Any, token: str, *, branch: str | None = None
) -> GitLabForge:
    make_mirror(mirror, branch)
    return GitLabForge(
        BareRepository(mirror),
        NAME,
        base_url=gitlab.url,
        project=project.name,
        clone_url=project.clone_url,
        token=lambda: token,
        branch=branch,
        deadlines=DEADLINES,
    )


class TestFollowingGitLab(FollowingContract):
    closes_with_branch = True

    def names_its_branch(self, world: World) -> None:
        forge: Any = world.forge
        forge.repository.close()
        project = world.project
        token = project.gitlab.token("bot")
        world.forge = world.dataset.forge = gitlab_forge(
            world.home / "mirror.git", project.gitlab, project, token, branch="main"
        )

    def said(self, world: World, proposal: Proposal) -> list[str]:
        request = world.project.requests[proposal.number]
        return [one.body for one in request.notes if one.author.name == "bot" and not one.system]

    def test_what_people_write_internally_stays_there(self, world: World) -> None:
        one = world.propose(update("01", agents="5"))
        world.project.note(one.number, "a secret", by="maintainer", internal=True)
        world.project.note(one.number, "not a secret", by="maintainer")
        settled(world)
        assert [note.body for note in world.watch.notes(NAME, one.id)] == ["not a secret"]

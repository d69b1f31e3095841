"""What is told to be far apart is merged by plain git, without a run of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from retouche.forges.repository import BareRepository
from retouche.ports import Proposal
from retouche.services.carrying import carry_over, files_after
from retouche.services.patches import from_wire
from tests.datasets import DESKS, Ticking, delete, insert, update, write_desks
from tests.services.two_repositories import Project, TwoRepositories
from tests.services.worlds import NAME, World, make_world

ROWS = 40
CHANGES = [
    update("0010", agents="5"),
    update("0020", name='A name with "quotes", and a comma'),
    update("0030", note="two\nlines"),
    delete("0012"),
    insert(id="9001", name="New desk", agents="2", city_code="84003"),
]


@pytest.fixture
def long(tmp_path: Path) -> World:
    """A world whose file has many rows."""
    rows = "".join(f"{row:04d},Desk {row},84003,,2,,,,\n" for row in range(5, 5 + ROWS))
    clock = Ticking()

    def make(seed: Path) -> tuple[Any, TwoRepositories]:
        project = Project(seed, clock)
        BareRepository.create(tmp_path / "mirror.git", "main").close()
        return project, TwoRepositories(tmp_path / "mirror.git", project, NAME, None)

    package = write_desks(tmp_path / "package", desks=DESKS + rows)
    return make_world(tmp_path, package, make, clock)


def test_what_is_far_from_what_was_published_is_left_alone_by_git_too(long: World) -> None:
    asked: list[str] = []
    forge = cast(TwoRepositories, long.forge)
    real = forge.merges_alike
    sent: list[Proposal] = [long.propose(one) for one in CHANGES]
    long.correct(update("0011", phone="04 65 71 00 09"))

    def ask(**given: Any) -> bool:
        asked.append(given["head"])
        return real(**given)

    forge.merges_alike = ask  # type: ignore[method-assign]
    long.follow()
    near = {sent[0].head, sent[3].head}
    assert set(asked) == near
    for one in sent:
        made = "remade" in long.kinds(one)
        assert made == (one.head in near)


def test_far_is_said_of_nothing_that_git_merges_otherwise(long: World) -> None:
    distance = long.following._remaking._distance
    sent = [long.propose(one) for one in CHANGES]
    for row in (6, 11, 13, 19, 22, 29, 31, 40, 44):
        base = long.published
        long.correct(update(f"{row:04d}", phone="04 65 71 00 09"))
        forge = cast(TwoRepositories, long.forge)
        tip = str(forge.fetch().tip)
        for one in sent:
            parent, published = long.dataset.at(one.parent), long.dataset.at(tip)
            operations = operations_of(long, one)
            if not distance.is_far(operations, parent=parent, published=published):
                continue
            files = carried_files(long, operations, parent, published)
            assert forge.merges_alike(published=tip, head=str(one.head), files=files), row
        long.project.move("main", base)


def operations_of(world: World, proposal: Proposal) -> Any:
    package = world.dataset.at(proposal.parent).package
    return tuple(from_wire(one, package) for one in proposal.operations)


def carried_files(world: World, operations: Any, parent: Any, published: Any) -> Any:
    carried = carry_over(operations, base=parent, onto=published)
    return files_after(carried.operations, published, limit=10**6)

"""The contract, over the embedded forge."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from retouche.forges.embedded import EmbeddedForge
from retouche.forges.importer import import_history
from retouche.forges.repository import BareRepository
from tests.forges.contract import CSV, DATASET, FIRST, NOW, SECOND, ForgeContract, Place, seed


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("embedded")
    import_history(seed(folder / "seed.git"), folder / "imported.git", branch="main")
    return folder / "imported.git"


class TestEmbeddedForge(ForgeContract):
    @pytest.fixture
    def place(self, tmp_path: Path, imported: Path) -> Iterator[Place]:
        path = copied(imported, tmp_path / "centres.git")
        repository = BareRepository(path)
        yield Place(forge=EmbeddedForge(repository, DATASET, "main"), repository=path)
        repository.close()

    def test_what_was_closed_is_open_again_and_what_was_merged_is_not(self, place: Place) -> None:
        tip = place.forge.published()
        opened = place.open()
        place.forge.close(FIRST)
        other = place.open(SECOND, data=CSV.replace(b"01;", b"11;"))
        place.merge(other.head, SECOND)
        assert place.open(parent=tip) == opened
        assert place.open(SECOND, data=CSV.replace(b"01;", b"11;"), parent=tip) == other
        assert list(place.branches.values()) == [opened.head]

    def test_a_merge_has_the_time_that_it_was_given(self, place: Place) -> None:
        newest = next(place.forge.revisions(place.merge(place.open().head)))
        assert newest.time == NOW + timedelta(hours=1)

    def test_what_is_told_before_a_merge_is_the_commit_that_will_be_published(
        self, place: Place
    ) -> None:
        told: list[str] = []
        assert [place.merge(place.open().head, prepared=told)] == told


def copied(repository: Path, path: Path) -> Path:
    shutil.copytree(repository, path)
    return path

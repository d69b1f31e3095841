"""The contract, over the embedded forge."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from retouche.forges.embedded import EmbeddedForge
from retouche.forges.importer import import_history
from retouche.forges.repository import BareRepository
from tests.forges.contract import DATASET, ForgeContract, Place, seed


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
        yield Place(forge=EmbeddedForge(repository, DATASET, "main"), path=path)
        repository.close()


def copied(repository: Path, path: Path) -> Path:
    shutil.copytree(repository, path)
    return path

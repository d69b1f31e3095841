"""The contract, over the GitLab forge: on the double, and on a live GitLab where one is given."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.forges.contract import ForgeContract, Place, seed
from tests.forges.gitlab_live import LivePlace, make_live_place
from tests.forges.gitlab_places import make_place
from tests.gitlab_double import GitLab

LIVE = os.environ.get("RETOUCHE_TEST_GITLAB_URL"), os.environ.get("RETOUCHE_TEST_GITLAB_TOKEN")


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seed(tmp_path_factory.mktemp("gitlab") / "seed.git")


class TestGitLabForge(ForgeContract):
    @pytest.fixture
    def place(self, tmp_path: Path, filled: Path) -> Iterator[Place]:
        with GitLab() as gitlab:
            place = make_place(tmp_path, gitlab, filled)
            yield place
            place.forge.repository.close()


@pytest.mark.skipif(not all(LIVE), reason="no live GitLab is given")
class TestLiveGitLab(ForgeContract):
    @pytest.fixture
    def place(self, tmp_path: Path, filled: Path) -> Iterator[LivePlace]:
        url, token = LIVE
        assert url
        assert token
        with make_live_place(tmp_path, filled, url.rstrip("/"), token) as place:
            yield place

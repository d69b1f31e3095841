"""How a live run makes its project and removes it, tried on the double."""

from __future__ import annotations

from pathlib import Path

from tests.forges.contract import seed
from tests.forges.gitlab_live import make_live_place
from tests.gitlab_double import GitLab


def test_a_live_run_makes_its_project_and_removes_it(double: GitLab, tmp_path: Path) -> None:
    token = double.token("maintainer", scopes=("api",))
    filled = seed(tmp_path / "seed.git")
    with make_live_place(tmp_path, filled, double.url, token) as place:
        assert len(double.projects) == 1
        [project] = double.projects.values()
        assert place.forge.published() == project.head()
    assert double.projects == {}

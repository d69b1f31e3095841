"""A home whose dataset `desks` is a project of the double of GitLab, wired like a server's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from retouche.connection import Connection, addresses
from retouche.forges.gitlab.mirror import make_mirror
from retouche.forges.importer import import_folder
from retouche.ports import Proposal
from retouche.services.datasets import Dataset
from retouche.settings import Settings
from retouche.wiring import Services, build, recover, repository_path
from tests.datasets import UNLIMITED, Browser, Movable, write_desks
from tests.gitlab_double import GitLab, MergeRequest, Project, staffed

ROWS = 400


def many_desks() -> str:
    """A file with enough rows for each proposal to have its own."""
    lines = [f"{n:03d},Desk {n},84003,,2,2020-01-02,43.8765,5.3964," for n in range(ROWS)]
    header = "id,name,city_code,phone,agents,opened,latitude,longitude,note"
    return "\n".join([header, *lines]) + "\n"


@dataclass(slots=True)
class Home:
    """A project there, and the home of servers here."""

    gitlab: GitLab
    project: Project
    path: Path
    token: str
    clock: Movable

    def start(self, **settings: Any) -> Services:
        """The services of a process, as a server starts them, without its courier."""
        found = addresses(self.project.clone_url)
        assert found is not None
        connection = Connection(
            base_url=found.base_url,
            project=found.project,
            clone_url=found.clone_url,
            token=lambda: self.token,
        )
        make_mirror(repository_path(self.path, "desks"))
        given = {**UNLIMITED, "patience": 1.0, **settings}
        services = build(
            Settings(home=self.path, secret_key="a secret for tests", **given),
            {"desks": connection},
            clock=self.clock,
        )
        assert recover(services) == []
        return services

    def browser(self, **settings: Any) -> Browser:
        """A client of a server that has read the project."""
        services = self.start(**settings)
        services.courier.round(desks(services))
        assert services.watch.outlook("desks").fault is None
        return Browser(services)

    def requests(self, proposal: str) -> list[MergeRequest]:
        return [
            one
            for one in self.project.requests.values()
            if one.source_branch == f"proposals/desks/{proposal}"
        ]

    def check_opened_once(self, proposal: Proposal) -> None:
        """It is open, with one branch and one merge request that are its own."""
        assert proposal.state == "open"
        (request,) = self.requests(proposal.id)
        assert (request.state, request.iid) == ("opened", proposal.number)
        assert request.head == proposal.head == self.head(proposal.id)
        assert request.target_branch == "main"

    def head(self, proposal: str) -> str | None:
        """The commit at the branch of a proposal there."""
        return self.project.head(f"proposals/desks/{proposal}")


def make_home(gitlab: GitLab, folder: Path) -> Home:
    """A project with the dataset, a bot that is a Developer, and an empty home."""
    package = write_desks(folder / "package", desks=many_desks())
    seed = folder / "seed.git"
    import_folder(package, seed, message="Import\n", time=datetime(2025, 1, 1, tzinfo=UTC))
    project = staffed(gitlab, "open-data/desks", seed=seed)
    return Home(gitlab, project, folder / "home", gitlab.token("bot"), Movable())


def desks(services: Services) -> Dataset:
    return services.catalogue.get("desks")

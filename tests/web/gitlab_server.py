"""A server whose dataset lives in the double of GitLab, and people who come to it with browsers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests

from retouche.connection import Connection
from retouche.forges.gitlab.mirror import make_mirror
from retouche.forges.importer import import_folder
from retouche.settings import Settings
from retouche.web.app import create_app
from retouche.wiring import Services, build, repository_path
from tests.datasets import UNLIMITED, Browser, Movable, update, write_desks
from tests.gitlab_double import GitLab, Project, staffed

HERE = "http://data.example"
BACK = "/sign-in/gitlab/desks/callback"
SIGN_IN = "/sign-in/gitlab/desks"


@dataclass
class World:
    """The double, the server over it, and the people of the project."""

    gitlab: GitLab
    project: Project
    services: Services
    clock: Movable
    home: Path
    connection: Connection
    browser: Browser = field(init=False)

    def __post_init__(self) -> None:
        self.browser = Browser(self.services)

    @property
    def client(self) -> Any:
        """A browser, which keeps its cookies."""
        return self.browser.client

    def round(self) -> None:
        """Let the courier do what is due: it has no thread here."""
        self.services.courier.round(self.services.catalogue.get("desks"))

    def round_after_news(self) -> None:
        """Let the courier look at what people did in GitLab."""
        self.clock.move(minutes=5)
        self.round()

    def propose(self, *operations: dict[str, Any], **others: Any) -> dict[str, Any]:
        """A proposal that is in GitLab."""
        answer = self.browser.propose(*(operations or (update("03", agents="7"),)), **others)
        assert answer.status_code == 202, answer.text
        self.round()
        found: dict[str, Any] = self.browser.get(f"/proposals/{answer.json['id']}").json
        return found | {"follow_up_url": answer.json["follow_up_url"]}

    def other_process(self, **settings: Any) -> Services:
        """Another worker over the same home."""
        return build(
            replace(self.services.settings, **settings),
            {"desks": self.connection},
            clock=self.clock,
        )

    def newcomer(self) -> Any:
        """A browser without a cookie."""
        return create_app(self.services).test_client()

    # -- Signing in ---------------------------------------------------------------------------

    def grant(self, address: str, person: str = "maintainer", **more: str) -> str:
        """Say yes at GitLab; give the path that the browser is led back to."""
        params = {"as": person, **more}
        answer = requests.get(address, params=params, allow_redirects=False, timeout=5)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"].removeprefix(HERE)

    def sign_in(self, client: Any = None, person: str = "maintainer", to: str = "/desks") -> Any:
        """The whole way; gives the last answer."""
        client = client or self.client
        begun = client.get(SIGN_IN, query_string={"next": to})
        assert begun.status_code == 303, begun.text
        return client.get(self.grant(begun.headers["Location"], person))

    def calls(self, *steps: str) -> int:
        return len(self.gitlab.step_calls(*steps))

    def tokens(self) -> list[str]:
        """Every secret that was ever handed out."""
        found = list(self.gitlab.accounts.tokens.values())
        refreshes = [one.refresh for one in found if one.refresh]
        return [*(one.value for one in found), *refreshes]


def asked(address: str) -> dict[str, str]:
    """The parameters of an address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@contextmanager
def world(folder: Path, *, base_url: str = HERE, **settings: Any) -> Iterator[World]:
    """A project with the small dataset, a bot, a maintainer and a guest, served."""
    with GitLab() as gitlab:
        clock = Movable()
        seed = folder / "seed.git"
        import_folder(write_desks(folder / "package"), seed, message="Import\n", time=clock())
        project = staffed(gitlab, "open-data/desks", seed=seed)
        for name, role in (("other_maintainer", 40), ("guest", 10), ("stranger", None)):
            gitlab.user(name)
            if role is not None:
                project.member(name, role)
        identifier, secret = gitlab.app(f"{HERE}{BACK}")
        token = gitlab.token("bot")
        connection = Connection(
            base_url=gitlab.url,
            project="open-data/desks",
            clone_url=project.clone_url,
            token=lambda: token,
            webhook_secret="a secret",
            oauth_client_id=identifier,
            oauth_client_secret=secret,
        )
        home = folder / "home"
        make_mirror(repository_path(home, "desks"))
        values = {**UNLIMITED, "patience": 0.0, "secret_key": "a secret for tests", **settings}
        services = build(
            Settings(home=home, base_url=base_url, **values), {"desks": connection}, clock=clock
        )
        here = World(gitlab, project, services, clock, home, connection)
        here.round()
        try:
            yield here
        finally:
            services.close()

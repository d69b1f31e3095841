"""The double as tests hold it: a server with users, tokens and projects, and a foreign host."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.gitlab_double.accounts import Accounts, User
from tests.gitlab_double.exchange import Answer, Call, Request, in_json
from tests.gitlab_double.faults import Fault, Faults
from tests.gitlab_double.gateway import Gateway
from tests.gitlab_double.oauth import Application, Grants
from tests.gitlab_double.projects import Project
from tests.gitlab_double.repositories import create
from tests.gitlab_double.server import Server
from tests.gitlab_double.webhooks import Delivery, Mode, Postman


class GitLab:
    """A GitLab that is not one. Use it as a context manager; it listens from then on."""

    def __init__(self, *, prefix: str = "", version: str = "18.9.2-ee") -> None:
        """`prefix`: the path below which everything stands, such as `/gitlab`."""
        self.prefix = prefix
        self.version = version
        self.accounts = Accounts()
        self.faults = Faults()
        self.calls: list[Call] = []
        """Every request, oldest first."""
        self.postman = Postman()
        self.projects: dict[str, Project] = {}
        self.grants = Grants(self)
        self.foreign = Foreign()
        self._numbers = itertools.count(1)
        self._project_numbers = itertools.count(1)
        self._server = Server(Gateway(self).answer)
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="gitlab-double-")
        self.foreign.server.start()
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.postman.stop()
        self._server.stop()
        self.foreign.server.stop()
        if self._folder is not None:
            shutil.rmtree(self._folder.name, ignore_errors=True)
            self._folder.cleanup()

    @property
    def url(self) -> str:
        return self._server.url + self.prefix

    @property
    def delivery(self) -> Mode:
        """How webhooks arrive: normal, lost, twice, or held back until `flush` (reversed)."""
        return self.postman.mode

    @delivery.setter
    def delivery(self, mode: Mode) -> None:
        self.postman.mode = mode

    @property
    def deliveries(self) -> list[Delivery]:
        """The webhooks so far."""
        return self.postman.deliveries

    def flush(self) -> None:
        """Send the webhooks that are held back, newest first."""
        self.postman.flush()

    def settle(self, seconds: float = 10.0) -> bool:
        """Wait until all webhooks are delivered; False when it took too long."""
        return self.postman.settle(seconds)

    def stop(self) -> None:
        """Refuse connections."""
        self._server.stop()

    def start(self) -> None:
        """Listen again, on the same port."""
        self._server.start()

    def fault(self, fault: Fault) -> Fault:
        """Let something go wrong."""
        self.faults.append(fault)
        return fault

    def user(self, name: str, *, bot: bool = False, admin: bool = False) -> User:
        """The user of that name, made when there is none."""
        return self.accounts.add(name, bot=bot, admin=admin)

    def token(
        self,
        name: str,
        *,
        scopes: Iterable[str] = ("api", "write_repository"),
        expires_at: date | datetime | None = None,
    ) -> str:
        """A new personal access token of a user."""
        return self.accounts.issue(self.user(name), scopes, expires_at=expires_at).value

    def revoke(self, token: str) -> None:
        """Let a token be worth nothing from now on."""
        self.accounts.tokens[token].revoked = True

    def app(self, redirect_uri: str, *, scopes: Iterable[str] = ("api",)) -> tuple[str, str]:
        """A new OAuth application: its id and its secret."""
        made: Application = self.grants.register(redirect_uri, tuple(scopes))
        return made.id, made.secret

    def project(
        self,
        name: str,
        *,
        seed: Path | str | None = None,
        branch: str | None = None,
        files: dict[str, bytes | None] | None = None,
        visibility: str = "private",
        protected: bool = True,
    ) -> Project:
        """A project with the branches of a repository, or with `files` on its default branch.

        Without a seed, and with `files={}`, it is empty. The default branch is protected as
        GitLab does it: Maintainers push and merge.
        """
        assert self._folder is not None, "enter the double first"
        number = next(self._project_numbers)
        path = Path(self._folder.name) / f"{number}.git"
        repository, default = create(path, Path(seed) if seed is not None else None, branch)
        project = Project(self, number, name, repository, default)
        project.settings.visibility = visibility
        self.projects[name] = project
        if protected:
            project.protect(default)
        if seed is None and files != {}:
            content = files or {"README.md": b"# Data\n"}
            project.push(default, content, message="Initial commit")
        return project

    def number(self) -> int:
        """A number that nothing else here has."""
        return next(self._numbers)

    def step_calls(self, *steps: str) -> list[Call]:
        """The calls of some steps, oldest first."""
        return [call for call in list(self.calls) if call.step in steps]


@dataclass
class Foreign:
    """Another host: writes down all that is sent to it, and answers as if nothing were."""

    calls: list[Call] = field(default_factory=list)
    server: Server = field(init=False)

    def __post_init__(self) -> None:
        self.server = Server(self._answer)

    @property
    def url(self) -> str:
        return self.server.url

    def _answer(self, request: Request) -> Answer:
        call = Call(request.method, request.path, request.query, request.headers, request.body)
        call.status = 200
        self.calls.append(call)
        if request.path.rstrip("/").rpartition("/")[2] in ("merge_requests", "notes", "branches"):
            return in_json([])
        return in_json({"id": 1, "iid": 1, "username": "stranger", "state": "opened"})

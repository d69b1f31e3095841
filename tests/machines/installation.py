"""An installation of several machines: PostgreSQL, Redis, a GitLab, and servers of two roles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from retouche.forges.importer import import_folder
from tests.cli.projects import bot_token, write_toml
from tests.datasets import write_desks
from tests.gitlab_double import GitLab, Project, staffed
from tests.machines import postgres, redis
from tests.machines.postgres import Postgres
from tests.machines.redis import RedisServer
from tests.machines.senders import Senders, many_desks, phone
from tests.machines.servers import API, SECRET, Machine, until


@dataclass(slots=True, kw_only=True)
class Installation:
    """What several machines share, and the machines. All but `machines` is shared."""

    folder: Path
    database: Postgres
    redis: RedisServer
    url: str
    gitlab: GitLab
    project: Project
    machines: dict[str, Machine] = field(default_factory=dict)

    def add(self, name: str, role: str, *, inside: Sequence[str] = (), **settings: str) -> Machine:
        """One more machine, not started yet. It has nothing but the addresses of what is
        shared. `inside` begins its commands."""
        environment = {
            "RETOUCHE_DATABASE_URL": self.url,
            "RETOUCHE_REDIS_URL": self.redis.url,
            "RETOUCHE_SECRET_KEY": SECRET,
            "RETOUCHE_REVIEWER_TOKEN": self.gitlab.token("maintainer"),
            "RETOUCHE_LIMIT_MINUTE": "100000",
            "RETOUCHE_LIMIT_DAY": "100000",
            "RETOUCHE_LIMIT_DATASET": "100000",
            "RETOUCHE_PROOF_LOAD": "100000",
            "RETOUCHE_POLL": "5",
            **settings,
        }
        target = self.folder / "retouche.toml"
        machine = Machine(
            name, self.folder, target, role=role, environment=environment, inside=inside
        )
        self.machines[name] = machine
        return machine

    def start(self) -> None:
        """Start all machines at once: none is the first."""
        for one in self.machines.values():
            one.start()
        for one in self.machines.values():
            one.wait()

    @property
    def webs(self) -> list[Machine]:
        return [one for one in self.machines.values() if one.role == "web"]

    @property
    def workers(self) -> list[Machine]:
        return [one for one in self.machines.values() if one.role == "worker"]

    def requests(self) -> dict[str, list[str]]:
        """The states of the merge requests of each proposal."""
        found: dict[str, list[str]] = {}
        for one in list(self.project.requests.values()):
            found.setdefault(one.source_branch.rpartition("/")[2], []).append(one.state)
        return found


@contextmanager
def installed(folder: Path, *, host: str = "") -> Iterator[Installation]:
    """All but the machines; at an address of ours that others reach, if there is one. Skips where
    PostgreSQL or Redis is not installed."""
    with ExitStack() as stack:
        database = stack.enter_context(postgres.running(host=host))
        shared = stack.enter_context(redis.running(host=host))
        url = stack.enter_context(database.database())
        gitlab = stack.enter_context(GitLab())
        package = write_desks(folder / "package", desks=many_desks())
        seed = folder / "seed.git"
        import_folder(package, seed, message="Import\n", time=datetime(2025, 1, 1, tzinfo=UTC))
        project = staffed(gitlab, "open-data/desks", seed=seed)
        write_toml(folder, project.clone_url, bot_token(gitlab))
        found = Installation(
            folder=folder, database=database, redis=shared, url=url, gitlab=gitlab, project=project
        )
        try:
            yield found
        finally:
            for one in found.machines.values():
                one.kill()


def check_nothing_lost_or_doubled(there: Installation, senders: Senders) -> None:
    """Each acknowledged correction is open with one branch and one merge request of its own, and
    holds what was sent."""
    web = there.webs[0]
    assert senders.faults == []

    def waiting() -> int:
        found: int = web.get(f"{API}/proposals?state=queued&page_size=1")["meta"]["total"]
        return found

    # A computer with much else to do takes its time: what counts is that it goes on.
    while (left := until(lambda: waiting() + 1) - 1) > 0:
        until(lambda: waiting() < left, what=f"{left} do not leave the queue")
    requests = there.requests()
    heads = there.project.refs("refs/heads/proposals/desks/")
    for identifier, row in senders.acknowledged.items():
        present = web.get(f"{API}/proposals/{identifier}")
        assert present["state"] == "open"
        (operation,) = present["operations"]
        assert operation["key"] == {"id": row}
        assert operation["new"] == {"phone": phone(row)}
        assert requests[identifier] == ["opened"]
        assert heads[f"refs/heads/proposals/desks/{identifier}"] == present["head"]
    assert all(len(states) == 1 for states in requests.values())
    rows = list(senders.acknowledged.values())
    assert len(set(rows)) == len(rows)

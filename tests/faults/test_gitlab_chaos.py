"""Everything at once, by lot: faults, people at work in GitLab and here, servers that come and go.

In the end what plain git, csv and the double say is held against what was acknowledged.
"""

from __future__ import annotations

import csv
import io
import random
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from retouche.core.errors import RetoucheError
from retouche.ports import Proposal, Reviewer
from retouche.wiring import Services, repository_path
from tests.datasets import Browser, update
from tests.faults.gitlab_home import Home, desks, make_home
from tests.forges.plain_git import git, is_sound
from tests.gitlab_double import Fault, GitLab, MergeRequest
from tests.gitlab_double.exchange import Refusal
from tests.gitlab_double.faults import STEPS

STEPS_TAKEN = 90
ROWS = 12
FAULTS: tuple[dict[str, Any], ...] = (
    {"kind": "reset"},
    {"kind": "forbidden"},
    {"kind": "too_many", "retry_after": 3},
    {"kind": "error", "status": 502, "effect": True},
    {"kind": "error", "status": 500},
    {"kind": "html"},
    {"kind": "truncated"},
    {"kind": "lost_before"},
    {"kind": "lost_after"},
    {"kind": "redirect"},
)
STATES = {
    "open": ("opened",),
    "accepted": ("merged",),
    "rejected": ("closed",),
    "withdrawn": ("closed",),
}
Table = dict[str, dict[str, str]]


@dataclass(slots=True)
class Chaos:
    """Two servers of one home, a contributor, a reviewer and a maintainer, who act by lot."""

    home: Home
    lot: random.Random
    servers: list[Services]
    acknowledged: dict[str, str] = field(default_factory=dict)
    """The secrets of proposals, by id."""
    pushed: set[str] = field(default_factory=set)
    """What the maintainer wrote to the published branch."""
    count: int = 0

    # -- Here ---------------------------------------------------------------------------------

    def send(self) -> None:
        rows = self.lot.sample(range(ROWS), self.lot.choice((1, 1, 2)))
        body = {"operations": [update(f"{row:03d}", note=self._value()) for row in rows]}
        headers = {"Idempotency-Key": f"key-{self.count}"}
        answers = [
            Browser(one).post("/proposals", body, headers=headers)
            for one in (*self.servers, self.servers[0])
        ]
        assert {one.status_code for one in answers} <= {201, 202}
        (identifier,) = {one.json["id"] for one in answers}
        self.acknowledged[identifier] = answers[0].json["follow_up_url"].partition("secret=")[2]

    def withdraw(self) -> None:
        if self.acknowledged:
            identifier, secret = self.lot.choice(list(self.acknowledged.items()))
            with suppress(RetoucheError):
                self._server.proposals.withdraw(desks(self._server), identifier, secret=secret)

    def decide(self) -> None:
        server = self._server
        found, _ = server.proposals.page(desks(server), states=("open",), page_size=100)
        if not found:
            return
        one = self.lot.choice(found)
        reviewer = Reviewer(name="maintainer", token=self.home.gitlab.token("maintainer"))
        part = [0] if self.lot.random() < 0.5 else None
        with suppress(RetoucheError):
            if self.lot.random() < 0.2:
                server.review.reject(desks(server), one.id, reason="wrong", reviewer=reviewer)
            else:
                server.review.accept(
                    desks(server), one.id, head=str(one.head), operations=part, reviewer=reviewer
                )

    def round(self) -> None:
        self.home.clock.move(seconds=self.lot.choice((1, 130, 310)))
        server = self._server
        server.courier.round(desks(server))

    def kill(self) -> None:
        """A server is gone, and another one starts; nothing is said to the one that is gone."""
        place = self.lot.randrange(len(self.servers))
        self.servers[place].close()
        self.servers[place] = self.home.start(patience=0.0)

    # -- At GitLab ----------------------------------------------------------------------------

    def fault(self) -> None:
        on, kind = self.lot.choice(STEPS), self.lot.choice(FAULTS)
        self.home.gitlab.fault(Fault(on=on, times=self.lot.choice((1, 2)), **kind))

    def maintain(self) -> None:
        project = self.home.project
        opened = [one for one in project.requests.values() if one.state == "opened"]
        if not opened:
            return
        number, branch = (one := self.lot.choice(opened)).iid, one.source_branch
        acts: tuple[Callable[[], object], ...] = (
            lambda: project.merge(number, by="maintainer"),
            lambda: project.merge(number, by="maintainer"),
            lambda: project.close(number, by="maintainer"),
            lambda: project.note(number, "Thanks", by="maintainer"),
            lambda: project.push(branch, {"NOTES.md": b"checked\n"}, by="maintainer"),
            lambda: project.delete_branch(branch, by="maintainer"),
        )
        with suppress(Refusal):
            self.lot.choice(acts)()

    def edit(self) -> None:
        content = self.home.project.file("desks.csv") or b""
        row = f"{self.lot.randrange(ROWS):03d},".encode()
        lines = [
            line.rpartition(b",")[0] + b"," + self._value().encode()
            if line.startswith(row)
            else line
            for line in content.split(b"\n")
        ]
        self._push({"desks.csv": b"\n".join(lines)})

    def breaks(self) -> None:
        """The description breaks, is looked at or not, and is mended."""
        good = self.home.project.file("datapackage.json")
        self._push({"datapackage.json": b"{"})
        if self.lot.random() < 0.7:
            self.round()
        self._push({"datapackage.json": good})

    def rename(self) -> None:
        is_main = self.home.project.default_branch == "main"
        self.home.project.rename_default("trunk" if is_main else "main")

    # -- In the end ---------------------------------------------------------------------------

    def settle(self) -> Services:
        self.home.gitlab.faults.clear()
        server = self.servers[0]
        for _ in range(4):
            self.home.clock.move(seconds=3700)
            server.courier.round(desks(server))
        return server

    def _push(self, files: dict[str, bytes | None]) -> None:
        branch = self.home.project.default_branch
        self.pushed.add(self.home.project.push(branch, files, by="maintainer"))

    def _value(self) -> str:
        self.count += 1
        return f"v{self.count}"

    @property
    def _server(self) -> Services:
        return self.lot.choice(self.servers)


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.fault(30, 39, 43)
def test_whatever_happens_each_proposal_ends_in_one_state_and_no_edit_is_lost(
    tmp_path: Path, seed: int
) -> None:
    with GitLab() as gitlab:
        home = make_home(gitlab, tmp_path)
        servers = [home.browser(patience=0.0).services, home.start(patience=0.0)]
        chaos = Chaos(home, random.Random(seed), servers)
        acts = [
            *(chaos.send, chaos.round, chaos.maintain, chaos.decide) * 4,
            *(chaos.fault, chaos.edit, chaos.withdraw) * 2,
            *(chaos.kill, chaos.breaks, chaos.rename),
        ]
        for _ in range(STEPS_TAKEN):
            chaos.lot.choice(acts)()
        server = chaos.settle()
        found, _ = server.proposals.page(desks(server), page_size=1_000)
        assert {one.id for one in found} == set(chaos.acknowledged)
        for one in found:
            check_agrees(home, one)
        check_published(chaos, server, found)
        for other in chaos.servers:
            other.close()


def check_agrees(home: Home, one: Proposal) -> None:
    """A proposal is in one state, and its one merge request in the same."""
    assert not (one.decision or {}).get("pending")
    requests: list[MergeRequest] = home.requests(one.id)
    if one.state == "withdrawn" and not requests:
        return
    (request,) = requests
    assert request.state in STATES[one.state], (one, request)
    assert one.number in (None, request.iid)
    if one.state == "open":
        assert one.head == request.head


def check_published(chaos: Chaos, server: Services, found: Any) -> None:
    """What is served is what is there, and each commit changed its own cells and no others."""
    project, mirror = chaos.home.project, repository_path(chaos.home.path, "desks")
    assert desks(server).forge.published() == project.head()
    assert bytes(desks(server).at().data("desks")) == project.file("desks.csv")
    for path in (project.path, mirror):
        assert is_sound(path)
    with sqlite3.connect(chaos.home.path / "journal.sqlite") as journal:
        assert journal.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    accepted = {one.decision["revision"]: one for one in found if one.state == "accepted"}
    history = git(project.path, "rev-list", "--first-parent", "--parents", "HEAD").splitlines()
    steps = [line.split() for line in history]
    assert set(accepted) <= {step[0] for step in steps}
    for commit, *parents in steps[:-1]:
        if commit in chaos.pushed:
            continue
        before, after = table(project.path, parents[0]), table(project.path, commit)
        changed = {key: row["note"] for key, row in after.items() if row != before[key]}
        one = accepted[commit]
        operations = [one.operations[place] for place in one.decision["operations"]]
        assert changed == {item["key"]["id"]: item["new"]["note"] for item in operations}


def table(repository: Path, commit: str) -> Table:
    text = git(repository, "show", f"{commit}:desks.csv")
    return {row["id"]: row for row in csv.DictReader(io.StringIO(text))}

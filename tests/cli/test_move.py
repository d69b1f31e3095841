"""`retouche move`: an embedded dataset goes to GitLab with its history and open proposals."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from retouche.cli.home import Home
from retouche.cli.targets import bring, targets
from retouche.services.moving import Moving
from retouche.wiring import repository_path
from tests.cli.commands import git, refusal, run
from tests.cli.projects import bot_token, members, people
from tests.cli.test_gitlab_serve import API, correct, eventually
from tests.cli.test_serve import serving
from tests.datasets import update, write_desks
from tests.gitlab_double import Fault, GitLab, Project

STEPS = ("git-refs", "git-fetch", "git-push", "mr-list", "mr-create", "project-get", "token-get")


@pytest.fixture
def gitlab() -> Iterator[GitLab]:
    with GitLab() as started:
        people(started)
        yield started


@pytest.fixture
def project(gitlab: GitLab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty project; its default branch takes pushes by maintainers."""
    made = gitlab.project("open-data/desks", files={})
    members(made)
    made.protect("proposals/*", push=["bot"], force=True)
    monkeypatch.setenv("RETOUCHE_POLL", "0.5")
    monkeypatch.setenv("RETOUCHE_REVIEWER_TOKEN", gitlab.token("maintainer"))
    (tmp_path / "token").write_text(bot_token(gitlab))
    return made


@pytest.fixture
def home(tmp_path: Path) -> Path:
    place = Home(tmp_path / "home")
    write_desks(tmp_path / "package")
    with place.locked():
        bring(place, targets(tmp_path / "package"), max_file=10_000_000)
    return place.path


def propose(home: Path, *operations: dict[str, Any]) -> str:
    services = Home(home).services()
    dataset = services.catalogue.get("desks")
    return services.proposals.submit(dataset, {"operations": list(operations)}).id


def move(home: Path, project: Project, *more: str | Path, lang: str = "en") -> Result:
    token = home.with_name("token")
    options = ("--home", home, "--to", project.clone_url, "--token-file", token)
    return run("move", "desks", *options, *more, lang=lang)


def shown(home: Path, proposal: str) -> dict[str, Any]:
    options = ("--home", home, "--format", "json")
    found: dict[str, Any] = json.loads(run("proposals", "show", "desks", proposal, *options).stdout)
    return found


def heads(home: Path, prefix: str = "refs/heads/") -> dict[str, str]:
    listed = git(repository_path(home, "desks"), "for-each-ref", prefix)
    return {line.split()[2]: line.split()[0] for line in listed.splitlines()}


def test_history_and_open_proposals_go_along_commit_by_commit(
    home: Path, project: Project, tmp_path: Path
) -> None:
    accepted, rejected = (
        propose(home, update("02", agents="4")),
        propose(home, update("04", agents="9")),
    )
    run("proposals", "accept", "desks", accepted, "--home", home, "--as", "Ann")
    run(
        "proposals", "reject", "desks", rejected, "--home", home, "--as", "Ann", "--reason", "wrong"
    )
    waiting = [
        propose(home, update("01", phone="04 65 71 00 99")),
        propose(home, update("03", agents="5")),
    ]
    before = heads(home)
    result = move(home, project)
    assert result.exit_code == 0, result.output
    assert project.refs("refs/heads/") == before == heads(home)
    assert heads(home, "refs/remotes/gitlab/") == {
        name.replace("refs/heads/", "refs/remotes/gitlab/"): commit
        for name, commit in before.items()
    }
    for number, one in enumerate(waiting, start=1):
        found = shown(home, one)
        assert found["state"] == "open"
        assert found["number"] == number
        assert found["merge_request_url"] == f"{project.web_url}/-/merge_requests/{number}"
        assert project.requests[number].source_branch == f"proposals/desks/{one}"
    for one, state in ((accepted, "accepted"), (rejected, "rejected")):
        found = shown(home, one)
        assert (found["state"], found["merge_request_url"]) == (state, None)
    events = Home(home).services().proposals
    kinds = [
        one.kind for one in events.events(Home(home).services().catalogue.get("desks"), waiting[0])
    ]
    assert kinds[-1] == "moved"

    toml = tmp_path / "retouche.toml"
    toml.write_text(result.stdout)
    with serving(toml, home) as server:
        project.merge(1, by="maintainer")
        eventually(lambda: server.get(f"{API}/proposals/{waiting[0]}")["state"] == "accepted")
        sent = correct(server, "04", agents="7")
        eventually(lambda: server.get(f"{API}/proposals/{sent['id']}")["state"] == "open")
        server.stop()
    assert len(project.requests) == 3


def test_move_with_a_server_running_is_refused(
    home: Path, project: Project, tmp_path: Path
) -> None:
    with serving(tmp_path / "package", home) as server:
        assert "stop it first" in refusal(move(home, project))
        server.stop()
    assert not project.refs("refs/heads/")


def test_dry_run_says_what_would_be_done_and_does_nothing(home: Path, project: Project) -> None:
    propose(home, update("03", agents="5"))
    record = (home / "datasets.json").read_bytes()
    result = move(home, project, "--dry-run")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        f"The history would be pushed to {project.clone_url}, on main.",
        "1 open proposal(s) would become merge requests.",
    ]
    assert (home / "datasets.json").read_bytes() == record
    assert not project.refs("refs/heads/")
    assert not project.requests


def test_project_with_other_work_is_refused(home: Path, gitlab: GitLab, project: Project) -> None:
    other = gitlab.project("open-data/other", files={"README.md": b"# Other\n"})
    members(other)
    before = other.refs("refs/heads/")
    assert "holds other work on main" in refusal(move(home, other))
    assert "autre travail" in refusal(move(home, other, lang="fr"))
    assert "holds other work" in refusal(move(home, other, "--branch", "data"))
    assert other.refs("refs/heads/") == before
    assert Home(home).datasets()["desks"].remote is None


def test_project_with_the_beginning_of_the_history_takes_the_rest(
    home: Path, gitlab: GitLab, project: Project
) -> None:
    begun = gitlab.project("open-data/begun", seed=repository_path(home, "desks"))
    members(begun)
    one = propose(home, update("02", agents="4"))
    run("proposals", "accept", "desks", one, "--home", home, "--as", "Ann")
    assert move(home, begun).exit_code == 0
    assert begun.head("main") == heads(home)["refs/heads/main"]


def test_branch_that_cannot_be_pushed_is_said(
    home: Path, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RETOUCHE_REVIEWER_TOKEN")
    propose(home, update("03", agents="5"))
    assert "RETOUCHE_REVIEWER_TOKEN" in refusal(move(home, project))
    assert not project.requests
    assert Home(home).datasets()["desks"].remote is None


def test_project_that_is_not_ready_is_said(home: Path, project: Project) -> None:
    project.member("bot", 20)
    assert "Make it Developer" in refusal(move(home, project))
    project.member("bot", 0)
    assert "no project" in refusal(move(home, project))


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("kind", ["lost_before", "lost_after"])
def test_move_that_is_interrupted_goes_on_when_it_is_repeated(
    home: Path, project: Project, gitlab: GitLab, step: str, kind: Any
) -> None:
    waiting = [
        propose(home, update("01", phone="04 65 71 00 99")),
        propose(home, update("03", agents="5")),
    ]
    before = heads(home)
    gitlab.fault(Fault(on=step, kind=kind, times=1))
    first = move(home, project)
    if first.exit_code:
        assert "run this again" in refusal(first) or "not ready" in refusal(first)
        assert Home(home).datasets()["desks"].remote is None
        last = move(home, project)
        assert last.exit_code == 0, last.output
    assert project.refs("refs/heads/") == before
    assert sorted(project.requests) == [1, 2]
    assert [shown(home, one)["state"] for one in waiting] == ["open", "open"]
    assert all(shown(home, one)["merge_request_url"] for one in waiting)


def test_move_that_ended_before_the_journal_was_written_is_finished(
    home: Path, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = propose(home, update("03", agents="5"))

    def killed(*_: object) -> None:
        raise OSError(5, "killed")

    with monkeypatch.context() as patch:
        patch.setattr(Moving, "repoint", killed)
        assert move(home, project).exit_code == 2
    lines = ["[[datasets]]", 'name = "desks"', 'forge = "gitlab"', 'token_file = "token"']
    toml = tmp_path / "retouche.toml"
    toml.write_text("\n".join([*lines, f'repository = "{project.clone_url}"']))
    interrupted = refusal(run("serve", toml, "--home", home, "--port", "0"))
    assert "run retouche move again" in interrupted
    again = move(home, project)
    assert again.exit_code == 0, again.output
    assert shown(home, one)["number"] == 1
    assert len(project.requests) == 1


def test_move_that_is_killed_goes_on_when_it_is_repeated(home: Path, project: Project) -> None:
    waiting = [propose(home, update(one, agents="5")) for one in ("01", "03", "04")]
    before = heads(home)
    token = home.with_name("token")
    options = ["--home", home, "--to", project.clone_url, "--token-file", token]
    command = [sys.executable, "-m", "retouche", "move", "desks", *map(str, options)]
    started = time.monotonic()
    whole = subprocess.run([*command, "--dry-run"], check=True, capture_output=True)
    assert whole.returncode == 0
    least = time.monotonic() - started  # to its first call
    for kill in range(4):
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        ) as process:
            with suppress(subprocess.TimeoutExpired):
                process.wait(least * (0.7 + 0.3 * kill))
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    last = move(home, project)
    assert last.exit_code == 0, last.output
    assert project.refs("refs/heads/") == before == heads(home)
    assert sorted(project.requests) == [1, 2, 3]
    assert [shown(home, one)["state"] for one in waiting] == ["open"] * 3
    assert all(shown(home, one)["merge_request_url"] for one in waiting)


def test_proposal_decided_between_two_tries_is_closed_there(
    home: Path, project: Project, gitlab: GitLab
) -> None:
    first, second = propose(home, update("01", agents="4")), propose(home, update("03", agents="5"))
    gitlab.fault(Fault(on="mr-create", kind="lost_after", times=1))
    assert "run this again" in refusal(move(home, project))
    assert [one.state for one in project.requests.values()] == ["opened"]
    run("proposals", "reject", "desks", first, "--home", home, "--as", "Ann", "--reason", "wrong")
    assert move(home, project).exit_code == 0
    states = {one.source_branch: one.state for one in project.requests.values()}
    assert states == {f"proposals/desks/{first}": "closed", f"proposals/desks/{second}": "opened"}
    assert shown(home, first)["state"] == "rejected"


def test_moving_twice_is_harmless_and_to_another_project_refused(
    home: Path, project: Project, gitlab: GitLab
) -> None:
    assert move(home, project).exit_code == 0
    again = move(home, project)
    assert again.exit_code == 0, again.output
    other = gitlab.project("open-data/other", files={})
    members(other)
    assert "already lives in" in refusal(move(home, other))


def test_wrong_address_or_secret_is_refused(home: Path, project: Project) -> None:
    said = refusal(run("move", "desks", "--home", home, "--to", "data", "--token-env", "T"))
    assert "the address it is cloned from" in said
    said = refusal(run("move", "desks", "--home", home, "--to", project.clone_url))
    assert "token_env or token_file" in said
    options = ("--to", project.clone_url, "--token-env", "NO_SUCH_VARIABLE")
    assert "NO_SUCH_VARIABLE" in refusal(run("move", "desks", "--home", home, *options))
    options = ("--to", project.clone_url, "--token-file", str(home.with_name("token")))
    assert "no dataset" in refusal(run("move", "cities", "--home", home, *options))

"""Each fault reaches the real clients, as often as it should, with its effect or without."""

from __future__ import annotations

import time
from typing import Any

import gitlab as python_gitlab
import pytest
import requests
from gitlab.exceptions import GitlabError, GitlabHttpError, GitlabParsingError

from tests.gitlab_double import Fault, GitLab, Project
from tests.gitlab_double.clients import Clone, basic
from tests.gitlab_double.conftest import client
from tests.gitlab_double.faults import Kind

BRANCH = "proposals/centres/0123456789abcdef"
CUT = (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError)
BROKEN: list[tuple[Kind, Any, bool]] = [
    ("reset", CUT, False),
    ("lost_before", CUT, False),
    ("lost_after", CUT, True),
    ("unauthorized", GitlabError, False),
    ("forbidden", GitlabError, False),
    ("too_many", GitlabError, False),
    ("error", GitlabError, False),
    ("html", ValueError, False),
    ("truncated", GitlabParsingError, True),
    ("redirect", GitlabError, False),
]


def create(client: python_gitlab.Gitlab) -> Any:
    wishes = {"source_branch": BRANCH, "target_branch": "main", "title": "Change"}
    path = "/projects/open-data%2Fcentres/merge_requests"
    made = client.http_post(path, post_data=wishes, obey_rate_limit=False)
    if isinstance(made, requests.Response):
        raise ValueError(f"no JSON but {made.headers['Content-Type']}")
    return made


@pytest.fixture
def branch(project: Project) -> str:
    project.push(BRANCH, {"data.csv": b"id,name\n"}, by="bot", start="main")
    return BRANCH


@pytest.mark.parametrize(("kind", "error", "effect"), BROKEN, ids=[kind for kind, *_ in BROKEN])
def test_a_fault_is_seen_once_and_then_all_is_well(
    double: GitLab, project: Project, branch: str, kind: Kind, error: Any, effect: bool
) -> None:
    double.fault(Fault(on="mr-create", kind=kind))
    with client(double, double.token("bot")) as bot:
        with pytest.raises(error):
            create(bot)
        assert bool(project.requests) == effect
        if effect:
            with pytest.raises(GitlabHttpError, match="already exists"):
                create(bot)
        else:
            assert create(bot)["iid"] == 1
    assert len(project.requests) == 1
    assert [call.fault for call in double.step_calls("mr-create")] == [kind, None]


@pytest.mark.parametrize("after", [7, "Wed, 21 Oct 2037 07:28:00 GMT", None])
def test_too_many_requests_say_when_to_come_back_or_not(
    double: GitLab, project: Project, after: int | str | None
) -> None:
    double.fault(Fault(on="project-get", kind="too_many", retry_after=after, times=2))
    for code in (429, 429, 401):
        answer = requests.get(f"{double.url}/api/v4/projects/1", timeout=5)
        said = None if after is None or code != 429 else str(after)
        assert answer.headers.get("Retry-After") == said
        assert answer.status_code == code or code == 401


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_errors_come_as_pages_with_or_without_effect(
    double: GitLab, project: Project, branch: str, status: int
) -> None:
    double.fault(Fault(on="mr-create", kind="error", status=status, effect=True))
    with client(double, double.token("bot")) as bot, pytest.raises(GitlabHttpError) as error:
        create(bot)
    assert error.value.response_code == status
    assert b"<html>" in (error.value.response_body or b"")
    assert len(project.requests) == 1


def test_a_slow_body_drips_until_the_client_gives_up(double: GitLab, project: Project) -> None:
    double.fault(Fault(on="project-get", kind="slow", seconds=0.4))
    with client(double, double.token("bot")) as bot:
        start = time.monotonic()
        assert bot.projects.get(1).id == 1
    assert time.monotonic() - start > 0.3
    double.fault(Fault(on="project-get", kind="slow", seconds=30))
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        _impatient(double)


def _impatient(double: GitLab) -> None:
    """Read a body for a while, stop the double, and read on."""
    header = {"PRIVATE-TOKEN": double.token("bot")}
    url = f"{double.url}/api/v4/projects/1"
    with requests.get(url, headers=header, stream=True, timeout=5) as answer:
        next(answer.iter_content(1))
        double.stop()
        for _ in answer.iter_content(1):
            pass


def test_a_truncated_body_may_also_be_shorter_than_announced(
    double: GitLab, project: Project
) -> None:
    double.fault(Fault(on="project-get", kind="truncated", short=True))
    with client(double, double.token("bot")) as bot, pytest.raises(CUT):
        bot.projects.get(1)


def test_a_foreign_host_sees_what_a_careless_client_sends_it(
    double: GitLab, project: Project
) -> None:
    token = double.token("bot")
    double.fault(Fault(on="mr-list", kind="foreign_page"))
    double.fault(Fault(on="project-get", kind="redirect"))
    with python_gitlab.Gitlab(double.url, private_token=token) as careless:
        requests_there = careless.projects.get(1, lazy=True).mergerequests
        with pytest.warns(UserWarning, match="differs from the user-provided base URL"):
            requests_there.list(get_all=True)
        careless.projects.get(1)
    assert [token in call.text for call in double.foreign.calls] == [True, True]


def test_a_client_that_keeps_its_address_is_not_led_away(double: GitLab, project: Project) -> None:
    double.fault(Fault(on="mr-list", kind="foreign_page"))
    with client(double, double.token("bot")) as careful:
        careful.projects.get(1, lazy=True).mergerequests.list(get_all=True)
    assert double.foreign.calls == []
    assert [call.query for call in double.step_calls("mr-list")][1:] == ["page=2"]


GIT: list[tuple[str, Kind, str]] = [
    ("git-refs", "reset", ""),
    ("git-refs", "unauthorized", "could not read Username"),
    ("git-refs", "forbidden", "error: 403"),
    ("git-refs", "too_many", "error: 429"),
    ("git-refs", "error", "error: 500"),
    ("git-refs", "html", "not valid"),
    ("git-refs", "truncated", ""),
    ("git-refs", "busy", "unable to handle this request due to load"),
    ("git-push", "reset", ""),
    ("git-push", "lost_before", ""),
    ("git-push", "lost_after", ""),
    ("git-push", "truncated", ""),
    ("git-push", "error", "500"),
    ("git-push", "busy", "unable to handle this request due to load"),
]


@pytest.mark.parametrize(("step", "kind", "said"), GIT, ids=[f"{s}-{k}" for s, k, _ in GIT])
def test_git_fails_at_a_fault_and_succeeds_afterwards(
    double: GitLab, project: Project, clone: Clone, step: str, kind: Kind, said: str
) -> None:
    commit = clone.commit(BRANCH, "data.csv", "id,name\n1,A\n")
    double.fault(Fault(on=step, kind=kind))
    push = ("push", "origin", f"HEAD:refs/heads/{BRANCH}")
    done = clone.run(*push)
    assert done.returncode != 0
    assert said in done.stderr
    effect = kind in ("lost_after", "truncated") and step == "git-push"
    assert (project.head(BRANCH) == commit) == effect
    assert clone.run(*push).returncode == 0
    assert project.head(BRANCH) == commit


@pytest.mark.parametrize("kind", ["busy", "truncated", "error", "lost_after"])
def test_a_fetch_fails_at_a_fault_and_succeeds_afterwards(
    double: GitLab, project: Project, clone: Clone, kind: Kind
) -> None:
    project.push("main", {"data.csv": b"id,name\n"})
    double.fault(Fault(on="git-fetch", kind=kind))
    assert clone.run("fetch", "origin").returncode != 0
    assert clone.run("fetch", "origin").returncode == 0
    assert clone.git("rev-parse", "origin/main") == project.head()


def test_git_carries_its_token_to_another_host_unless_it_is_told_to_follow_nothing(
    double: GitLab, project: Project, clone: Clone
) -> None:
    assert clone.token is not None
    double.fault(Fault(on="git-refs", kind="redirect", times=2))
    assert clone.run("-c", "http.followRedirects=false", "fetch", "origin").returncode == 128
    assert double.foreign.calls == []
    clone.run("fetch", "origin")
    secret = basic(clone.token).rpartition(" ")[2]
    assert any(secret in call.text for call in double.foreign.calls)


def test_a_stopped_double_refuses_and_answers_again_at_the_same_address(
    double: GitLab, project: Project, clone: Clone
) -> None:
    url = double.url
    double.stop()
    with client(double, double.token("bot")) as bot:
        with pytest.raises(requests.exceptions.ConnectionError):
            bot.projects.get(1)
        assert clone.run("fetch", "origin").returncode == 128
        double.start()
        assert double.url == url
        assert bot.projects.get(1).id == 1
    assert clone.run("fetch", "origin").returncode == 0


def test_faults_may_wait_for_a_path_and_spare_the_first_calls(
    double: GitLab, project: Project
) -> None:
    fault = double.fault(Fault(on="any", kind="forbidden", path="/members", after=1, times=2))
    with client(double, double.token("bot")) as bot:
        shown = bot.projects.get(1)
        shown.members_all.list(get_all=True)
        for _ in range(2):
            with pytest.raises(GitlabError):
                shown.members_all.list(get_all=True)
        shown.members_all.list(get_all=True)
    assert fault.met == 2
    assert list(double.faults) == []

"""python-gitlab merges at the double: after a wait, by every method, or is refused in order."""

from __future__ import annotations

import threading

import pytest
from gitlab.exceptions import (
    GitlabAuthenticationError,
    GitlabCreateError,
    GitlabMRClosedError,
)

from tests.gitlab_double import GitLab, Project, Refusal
from tests.gitlab_double.conftest import client
from tests.gitlab_double.proposing import BRANCH, Client, awaited, create, fetch, push


def test_merging_waits_until_it_is_known_that_it_can_be_done(
    project: Project, bot: Client, maintainer: Client
) -> None:
    project.settings.mergeability_delay = 0.2
    push(project)
    made = create(bot)
    assert made.detailed_merge_status == "preparing"
    with pytest.raises(GitlabMRClosedError) as refused:
        fetch(maintainer).merge()
    assert refused.value.response_code == 405
    assert refused.value.error_message == "405 Method Not Allowed"
    one = awaited(maintainer)
    one.merge(sha=one.sha)
    assert one.state == "merged"
    assert one.merge_user["username"] == "maintainer"
    commit = project.repository.log("-n", "1", one.merge_commit_sha)[0]
    assert commit.title == f"Merge branch '{BRANCH}' into 'main'"
    assert "See merge request open-data/centres!1" in commit.message
    assert project.head() == one.merge_commit_sha
    assert project.file("data.csv") == b"id,name\n1,A\n2,b\n3,c\n"
    assert project.head(BRANCH) is not None


def test_the_source_branch_goes_when_asked(
    project: Project, bot: Client, maintainer: Client
) -> None:
    head = push(project)
    create(bot, remove_source_branch=True)
    awaited(maintainer).merge(merge_commit_message="Ours")
    assert project.head(BRANCH) is None
    assert project.refs("refs/merge-requests")["refs/merge-requests/1/head"] == head
    assert project.repository.log("-n", "1")[0].message == "Ours\n"
    assert project.requests[1].state == "merged"


def test_another_head_than_the_reviewed_one_is_not_merged(
    project: Project, bot: Client, maintainer: Client
) -> None:
    head = push(project)
    create(bot)
    new = push(project, line="1,B")
    one = awaited(maintainer)
    with pytest.raises(GitlabMRClosedError) as refused:
        one.merge(sha=head)
    assert refused.value.response_code == 409
    assert refused.value.error_message == f"SHA does not match HEAD of source branch: {new}"
    assert len(project.requests[1].versions) == 2


def test_refusals_of_a_merge_come_in_gitlabs_order(
    project: Project, bot: Client, maintainer: Client
) -> None:
    push(project)
    create(bot, title="Draft: change")
    awaited(bot, status="draft_status")
    with pytest.raises(GitlabAuthenticationError):
        fetch(bot).merge(sha="0" * 40)
    with pytest.raises(GitlabMRClosedError, match="SHA does not match"):
        fetch(maintainer).merge(sha="0" * 40)
    with pytest.raises(GitlabMRClosedError, match="405 Method Not Allowed"):
        fetch(maintainer).merge()


@pytest.mark.parametrize("status", ["conflict", "need_rebase", "ci_must_pass", "not_approved"])
def test_what_stands_in_the_way_is_named(project: Project, bot: Client, status: str) -> None:
    push(project)
    create(bot)
    if status == "conflict":
        project.push("main", {"data.csv": b"id,name\n1,Z\n2,b\n3,c\n"})
    elif status == "need_rebase":
        project.settings.merge_method = "ff"
        project.push("main", {"other.csv": b"x\n"})
    elif status == "ci_must_pass":
        project.settings.only_allow_merge_if_pipeline_succeeds = True
    else:
        project.settings.status_override = "not_approved"
    one = awaited(bot, status=status)
    assert one.has_conflicts == (status == "conflict")
    with pytest.raises(Refusal, match="405"):
        project.merge(1, by="maintainer")


def test_a_rebase_and_a_fast_forward_leave_no_merge_commit(
    project: Project, bot: Client, maintainer: Client
) -> None:
    project.settings.merge_method = "ff"
    push(project)
    create(bot)
    project.push("main", {"other.csv": b"x\n"})
    fetch(maintainer).rebase()
    one = awaited(maintainer)
    one.merge()
    assert one.merge_commit_sha is None
    assert project.head() == one.sha


def test_a_squash_makes_one_commit(project: Project, bot: Client) -> None:
    push(project)
    create(bot)
    push(project, line="1,B")
    merged = project.merge(1, by="maintainer", squash=True)
    assert merged.squash_commit_sha is not None
    titles = {commit.title for commit in project.repository.log("main")}
    assert titles == {f"Merge branch '{BRANCH}' into 'main'", "Change", "Initial commit"}


def test_of_two_at_once_one_is_first(double: GitLab, project: Project) -> None:
    push(project)
    codes: list[int] = []

    def attempt() -> None:
        with client(double, double.token("bot")) as bot:
            try:
                create(bot)
                codes.append(201)
            except GitlabCreateError as refused:
                codes.append(refused.response_code or 0)

    threads = [threading.Thread(target=attempt) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(codes) == [201, 409, 409, 409, 409, 409]
    assert list(project.requests) == [1]

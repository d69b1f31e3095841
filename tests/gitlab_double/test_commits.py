"""python-gitlab reads files and commits of the double, and commits without git."""

from __future__ import annotations

from typing import Any

import gitlab as python_gitlab
import pytest
from gitlab.exceptions import GitlabCreateError, GitlabGetError

from tests.gitlab_double import GitLab, Project
from tests.gitlab_double.conftest import client

Client = python_gitlab.Gitlab


def commit(client: Client, *actions: dict[str, str], **more: str) -> Any:
    wishes = {"branch": "work", "commit_message": "Change", "actions": list(actions), **more}
    return client.projects.get(1).commits.create(wishes)


def test_a_commit_is_made_on_a_new_branch(project: Project, bot: Client) -> None:
    project.unprotect("main")
    update = {"action": "update", "file_path": "data.csv", "content": "id\n"}
    made = commit(bot, update, start_branch="main")
    assert project.head("work") == made.id
    assert project.file("data.csv", "work") == b"id\n"
    moved = {"action": "move", "file_path": "b.csv", "previous_path": "data.csv"}
    commit(bot, moved)
    assert project.file("data.csv", "work") is None
    assert project.file("b.csv", "work") == b"id\n"
    compared: Any = bot.projects.get(1).repository_compare("main", "work")
    assert len(compared["commits"]) == 2
    assert {one["new_path"] for one in compared["diffs"]} == {"data.csv", "b.csv"}


@pytest.mark.parametrize(
    ("action", "branch", "code", "said"),
    [
        ({"action": "create", "file_path": "data.csv"}, "work", 400, "already exists"),
        ({"action": "update", "file_path": "none.csv"}, "work", 400, "doesn't exist"),
        ({"action": "create", "file_path": "x"}, "new", 400, "when you are on a branch"),
        ({"action": "create", "file_path": "x"}, "main", 403, "not allowed to push into"),
        (
            {"action": "update", "file_path": "data.csv", "last_commit_id": "0" * 40},
            "work",
            400,
            "The file has changed since you started editing it: data.csv",
        ),
    ],
    ids=["there", "not there", "no branch", "protected", "changed"],
)
def test_what_cannot_be_committed_is_refused(
    project: Project, bot: Client, action: dict[str, str], branch: str, code: int, said: str
) -> None:
    project.push("work", {"a": b"1"}, start="main")
    with pytest.raises(GitlabCreateError) as refused:
        commit(bot, action, branch=branch)
    assert refused.value.response_code == code
    assert said in str(refused.value.error_message)


def test_files_and_commits_are_read(project: Project, bot: Client) -> None:
    shown = bot.projects.get(1)
    found = shown.files.get("data.csv", ref="main")
    assert found.decode() == project.file("data.csv")
    assert found.last_commit_id == project.head()
    assert shown.files.raw("data.csv", ref="main") == project.file("data.csv")
    assert shown.files.head("data.csv", ref="main")["X-Gitlab-Commit-Id"] == project.head()
    assert [one.title for one in shown.commits.list(get_all=True)] == ["Initial commit"]
    with pytest.raises(GitlabGetError, match="404 File Not Found"):
        shown.files.get("none.csv", ref="main")
    with pytest.raises(GitlabGetError, match="404 Commit Not Found"):
        shown.files.get("data.csv", ref="none")


def test_a_project_token_is_a_bot_of_its_own(
    double: GitLab, project: Project, maintainer: Client
) -> None:
    made = maintainer.projects.get(1).access_tokens.create(
        {"name": "retouche", "scopes": ["api"], "access_level": 30, "expires_at": "2099-01-01"}
    )
    with client(double, made.token) as bot:
        bot.auth()
        assert bot.user is not None
        assert bot.user.username.startswith("project_1_bot_")
        mine = bot.personal_access_tokens.get("self")
        assert (mine.expires_at, mine.scopes) == ("2099-01-01", ["api"])
        role = bot.projects.get(1).permissions["project_access"]["access_level"]
        assert role == 30

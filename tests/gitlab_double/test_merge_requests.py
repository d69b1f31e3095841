"""python-gitlab opens, lists, changes and merges merge requests of the double."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import gitlab as python_gitlab
import pytest
from gitlab.exceptions import (
    GitlabAuthenticationError,
    GitlabCreateError,
    GitlabGetError,
    GitlabUpdateError,
)

from tests.gitlab_double import GitLab, Project, Refusal
from tests.gitlab_double.proposing import BRANCH, Client, create, fetch, push


def test_a_merge_request_is_numbered_labelled_and_shown(project: Project, bot: Client) -> None:
    head = push(project)
    made: Any = create(bot, labels=["retouche", "needs-review"], description="A change")
    assert (made.iid, made.state, made.sha) == (1, "opened", head)
    assert sorted(made.labels) == ["needs-review", "retouche"]
    main = project.head()
    assert made.diff_refs == {"base_sha": main, "head_sha": head, "start_sha": main}
    assert made.author["username"] == "bot"
    assert made.web_url == f"{project.web_url}/-/merge_requests/1"
    assert project.refs("refs/merge-requests") == {"refs/merge-requests/1/head": head}


def test_a_second_one_of_the_same_branch_is_refused_with_the_number_of_the_first(
    project: Project, bot: Client
) -> None:
    push(project)
    create(bot)
    with pytest.raises(GitlabCreateError) as refused:
        create(bot)
    assert refused.value.response_code == 409
    said = "Another open merge request already exists for this source branch: !1"
    message: Any = refused.value.error_message
    assert message == [said]
    project.close(1)
    assert create(bot).iid == 2


@pytest.mark.parametrize(
    ("params", "code", "said"),
    [
        ({"source_branch": "nowhere"}, 400, "source_branch"),
        ({"target_branch": "nowhere"}, 400, "target_branch"),
        ({"target_branch": BRANCH}, 422, "same project/branch"),
        ({"title": "x" * 256}, 400, "is too long (maximum is 255 characters)"),
        ({"title": " "}, 400, "can't be blank"),
        ({"description": "x" * 1_048_577}, 400, "is too long"),
    ],
    ids=["source", "target", "same", "long", "blank", "huge"],
)
def test_what_cannot_be_opened_is_refused(
    project: Project, bot: Client, params: dict[str, Any], code: int, said: str
) -> None:
    push(project)
    with pytest.raises(GitlabCreateError) as refused:
        create(bot, **params)
    assert refused.value.response_code == code
    assert said in str(refused.value.error_message)
    assert not project.requests


def test_lists_come_in_pages_and_are_filtered(project: Project, bot: Client) -> None:
    for number in range(7):
        branch = f"proposals/centres/{number:016x}"
        push(project, branch, f"1,{number}")
        create(bot, branch, labels=["odd"] if number % 2 else [])
    project.close(3)
    requests = bot.projects.get("open-data/centres").mergerequests
    found = requests.list(iterator=True, per_page=3)
    assert [one.iid for one in found] == [7, 6, 5, 4, 3, 2, 1]
    page = requests.list(page=2, per_page=3, get_all=False)
    assert [one.iid for one in page] == [4, 3, 2]
    assert [one.iid for one in requests.list(labels=["odd"], get_all=True)] == [6, 4, 2]
    assert [one.iid for one in requests.list(state="closed", get_all=True)] == [3]
    branch = f"proposals/centres/{5:016x}"
    assert [one.iid for one in requests.list(source_branch=branch, get_all=True)] == [6]
    by_time = requests.list(order_by="updated_at", sort="asc", get_all=True)
    assert by_time[-1].iid == 3


def test_pages_by_key_have_a_link_only(project: Project, bot: Client, double: GitLab) -> None:
    for number in range(5):
        project.push(f"b{number}", {"x": b"1"}, start="main")
    branches = bot.projects.get("open-data/centres").branches
    found = branches.list(iterator=True, pagination="keyset", per_page=2)
    assert [one.name for one in found] == ["b0", "b1", "b2", "b3", "b4", "main"]
    assert len(double.step_calls("branches")) == 3


def test_only_what_changed_since_is_listed(project: Project, bot: Client) -> None:
    for number in (1, 2):
        branch = f"proposals/centres/{number:016x}"
        push(project, branch, f"1,{number}")
        create(bot, branch)
    project.requests[1].updated_at = datetime.now(UTC) - timedelta(hours=1)
    since = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    found = bot.projects.get("open-data/centres").mergerequests.list(
        updated_after=since, get_all=True
    )
    assert [one.iid for one in found] == [2]


def test_closing_reopening_and_moving_leave_their_marks(
    project: Project, bot: Client, maintainer: Client
) -> None:
    push(project)
    create(bot)
    one = fetch(maintainer)
    one.state_event = "close"
    one.save()
    assert (one.state, one.closed_by["username"]) == ("closed", "maintainer")
    project.retarget(1, "elsewhere")
    assert fetch(bot).target_branch == "main"
    project.reopen(1, by="maintainer")
    project.push("elsewhere", {"x": b"1"}, start="main")
    project.retarget(1, "elsewhere", by="maintainer")
    one = fetch(bot)
    assert (one.state, one.target_branch) == ("opened", "elsewhere")
    said = [note.body for note in project.requests[1].notes]
    assert said == ["closed", "reopened", "changed target branch from `main` to `elsewhere`"]
    assert one.user_notes_count == 0


def test_a_deleted_branch_closes_its_merge_request(project: Project, bot: Client) -> None:
    push(project)
    create(bot)
    project.delete_branch(BRANCH, by="maintainer")
    assert fetch(bot).state == "closed"
    with pytest.raises(Refusal):
        project.reopen(1)


def test_a_head_pushed_to_the_target_by_hand_counts_as_merged(
    project: Project, bot: Client
) -> None:
    head = push(project)
    create(bot)
    project.move("main", head, by="maintainer")
    one = fetch(bot)
    assert (one.state, one.merge_user["username"]) == ("merged", "maintainer")


def test_labels_and_draft_change(project: Project, bot: Client) -> None:
    push(project)
    create(bot, labels=["a"])
    requests = bot.projects.get("open-data/centres").mergerequests
    requests.update(1, {"add_labels": "b", "remove_labels": "a"})
    assert fetch(bot).labels == ["b"]
    requests.update(1, {"title": "Draft: Change"})
    assert fetch(bot).draft
    requests.update(1, {"title": "Change"})
    assert not fetch(bot).draft


def test_internal_notes_are_for_members_who_may(
    double: GitLab, project: Project, bot: Client
) -> None:
    push(project)
    create(bot)
    project.note(1, "Why?", by="maintainer")
    project.note(1, "Between us", by="maintainer", internal=True)
    fetch(bot).notes.create({"body": "Because"})
    notes = fetch(bot).notes.list(get_all=True, sort="asc")
    assert [(note.body, note.internal) for note in notes] == [
        ("Why?", False),
        ("Between us", True),
        ("Because", False),
    ]
    project.settings.visibility = "public"
    with python_gitlab.Gitlab(double.url, oauth_token=double.token("guest")) as stranger:
        seen = fetch(stranger).notes.list(get_all=True, sort="asc")
    assert [note.body for note in seen] == ["Why?", "Because"]
    assert fetch(bot).user_notes_count == 3


def test_the_default_branch_is_renamed_and_requests_follow(project: Project, bot: Client) -> None:
    push(project)
    create(bot)
    project.rename_default("trunk")
    shown = bot.projects.get("open-data/centres")
    assert shown.default_branch == "trunk"
    assert fetch(bot).target_branch == "trunk"
    with pytest.raises(GitlabGetError) as refused:
        shown.branches.get("main")
    assert refused.value.error_message == "404 Branch Not Found"


def test_diffs_commits_and_versions_are_read(project: Project, bot: Client) -> None:
    head = push(project)
    create(bot)
    one = fetch(bot)
    assert [commit.id for commit in one.commits()] == [head]
    assert [diff.head_commit_sha for diff in one.diffs.list(get_all=True)] == [head]
    path = f"/projects/{project.id}/merge_requests/1/diffs"
    changed: Any = bot.http_list(path, get_all=True)
    assert [(one["new_path"], one["new_file"]) for one in changed] == [("data.csv", False)]
    assert "-1,a\n+1,A\n" in changed[0]["diff"]
    assert one.changes_count == "1"


def test_who_may_not_write_is_refused(double: GitLab, project: Project, bot: Client) -> None:
    push(project)
    create(bot)
    project.member("guest", 20)
    with python_gitlab.Gitlab(double.url, oauth_token=double.token("guest")) as reporter:
        one = fetch(reporter)
        one.title = "Mine"
        with pytest.raises(GitlabUpdateError) as refused:
            one.save()
        assert refused.value.response_code == 403
        with pytest.raises(GitlabAuthenticationError):
            one.merge()

"""The real git clones from the double and pushes to it, as far as rights go."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.gitlab_double import GitLab, Project, PushRule
from tests.gitlab_double.clients import Clone
from tests.gitlab_double.repositories import ENVIRONMENT

BRANCH = "proposals/centres/0123456789abcdef"
NEW = f"--force-with-lease=refs/heads/{BRANCH}:"


def test_a_clone_has_the_files_of_the_project(clone: Clone, project: Project) -> None:
    assert (clone.path / "data.csv").read_bytes() == project.file("data.csv")


def test_a_push_makes_a_branch_and_git_is_told_where_to_open_a_merge_request(
    clone: Clone, project: Project
) -> None:
    commit = clone.commit(BRANCH, "data.csv", "id,name\n1,A\n")
    done = clone.run("push", NEW, "-o", "ci.skip", "origin", f"HEAD:refs/heads/{BRANCH}")
    assert done.returncode == 0, done.stderr
    assert f"To create a merge request for {BRANCH}, visit:" in done.stderr
    assert project.head(BRANCH) == commit
    assert project.pushes[0].options == ["ci.skip"]


def test_a_lease_of_nothing_is_refused_when_the_branch_is_there(
    clone: Clone, project: Project
) -> None:
    project.push(BRANCH, {"data.csv": b"id,name\n"}, start="main")
    clone.commit(BRANCH, "data.csv", "id,name\n1,A\n")
    done = clone.run("push", NEW, "origin", f"HEAD:refs/heads/{BRANCH}")
    assert done.returncode == 1
    assert "stale info" in done.stderr


def test_a_protected_branch_refuses_a_developer(clone: Clone, project: Project) -> None:
    clone.commit("main", "data.csv", "id,name\n")
    done = clone.run("push", "origin", "main")
    assert done.returncode == 1
    said = "You are not allowed to push code to protected branches on this project."
    assert f"remote: GitLab: {said}" in done.stderr
    assert "[remote rejected] main -> main (pre-receive hook declined)" in done.stderr
    assert project.file("data.csv") != b"id,name\n"


def test_a_protected_branch_may_be_pushed_forward_but_not_be_rewritten(
    double: GitLab, project: Project, clone: Clone
) -> None:
    project.protect("main", push=["bot"])
    clone.commit("main", "data.csv", "id,name\n")
    clone.git("push", "origin", "main")
    clone.git("commit", "--amend", "-m", "Another text")
    done = clone.run("push", "--force", "origin", "main")
    assert "not allowed to force push code to a protected branch" in done.stderr


def test_the_most_permissive_rule_wins(clone: Clone, project: Project) -> None:
    project.protect("proposals/*", push=0)
    clone.commit(BRANCH, "data.csv", "id,name\n")
    assert clone.run("push", "origin", f"HEAD:refs/heads/{BRANCH}").returncode == 1
    project.protect("proposals/centres/*", push=["bot"])
    assert clone.run("push", "origin", f"HEAD:refs/heads/{BRANCH}").returncode == 0


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (
            PushRule(branch_name_regex="^fix/"),
            "GitLab: Branch name does not follow the pattern '^fix/'",
        ),
        (
            PushRule(max_file_size=1),
            'GitLab: File "data.csv" is larger than the allowed size of 1 MiB.',
        ),
        (
            PushRule(author_email_regex="@gitlab.example$"),
            "GitLab: Author's email 'bot@example.org' does not follow the pattern",
        ),
        (
            PushRule(commit_message_regex="^DATA-"),
            "GitLab: Commit message does not follow the pattern '^DATA-'",
        ),
    ],
    ids=["name", "size", "mail", "message"],
)
def test_a_push_rule_refuses_with_its_reason(
    clone: Clone, project: Project, rule: PushRule, said: str
) -> None:
    project.push_rule = rule
    clone.commit(BRANCH, "data.csv", "x" * (2 << 20))
    done = clone.run("push", "origin", f"HEAD:refs/heads/{BRANCH}")
    assert done.returncode == 1
    assert said in done.stderr
    assert project.head(BRANCH) is None


def test_refs_of_merge_requests_are_fetched_and_never_pushed(
    clone: Clone, project: Project
) -> None:
    project.push(BRANCH, {"data.csv": b"id,name\n"}, start="main", by="bot")
    project.open(BRANCH, by="bot")
    listed = clone.git("ls-remote", "origin")
    assert f"{project.head(BRANCH)}\trefs/merge-requests/1/head" in listed
    done = clone.run("push", "--force", "origin", "HEAD:refs/merge-requests/1/head")
    assert "deny updating a hidden ref" in done.stderr


@pytest.mark.parametrize(
    ("name", "role", "scopes", "code", "said"),
    [
        ("bot", 30, ("read_repository",), 403, "Access denied"),
        ("guest", 20, ("api",), 403, "You are not allowed to push code to this project."),
        ("guest", 0, ("api",), 404, "The project you were looking for could not be found"),
    ],
    ids=["scope", "role", "stranger"],
)
def test_a_push_needs_a_scope_and_a_role(
    double: GitLab,
    project: Project,
    clone: Clone,
    name: str,
    role: int,
    scopes: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    if role:
        project.member(name, role)
    other = Clone(clone.path, double.token(name, scopes=scopes))
    done = other.run("push", "origin", f"HEAD:refs/heads/{BRANCH}")
    assert done.returncode == 128
    assert said in done.stderr
    assert double.calls[-1].status == code


def test_without_a_token_git_is_asked_for_one(project: Project, clone: Clone) -> None:
    done = Clone(clone.path, None).run("fetch", "origin")
    assert "could not read Username" in done.stderr


def test_a_bearer_header_is_worth_nothing_to_git(
    double: GitLab, project: Project, tmp_path: Path
) -> None:
    header = f"http.extraHeader=Authorization: Bearer {double.token('bot')}"
    done = subprocess.run(
        ["git", "-c", header, "ls-remote", project.clone_url],
        env=ENVIRONMENT,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 128
    assert double.calls[-1].status == 401


def test_a_public_project_is_cloned_by_anybody(double: GitLab, tmp_path: Path) -> None:
    open_project = double.project("open-data/open", visibility="public")
    clone = Clone.made(tmp_path / "open", open_project.clone_url, None)
    assert (clone.path / "README.md").exists()


def test_a_large_push_and_a_large_fetch_arrive(
    double: GitLab, project: Project, clone: Clone, tmp_path: Path
) -> None:
    text = "".join(f"{number},{number * 7919 % 1_000_003}\n" for number in range(300_000))
    commit = clone.commit(BRANCH, "big.csv", text)
    clone.git("push", "origin", f"HEAD:refs/heads/{BRANCH}")
    assert project.head(BRANCH) == commit
    other = Clone.made(tmp_path / "other", project.clone_url, double.token("bot"))
    assert other.git("rev-parse", f"origin/{BRANCH}") == commit


def test_a_project_starts_from_another_repository(
    double: GitLab, project: Project, clone: Clone
) -> None:
    clone.commit("main", "data.csv", "id,name\n")
    seeded = double.project("open-data/copy", seed=clone.path)
    assert seeded.head() == clone.git("rev-parse", "HEAD")
    assert double.project("open-data/bare", seed=project.path).head() == project.head()


def test_an_archived_project_takes_no_push(project: Project, clone: Clone) -> None:
    project.settings.archived = True
    done = clone.run("push", "origin", f"HEAD:refs/heads/{BRANCH}")
    assert "not allowed to push code to this project" in done.stderr


def test_an_address_without_its_end_is_led_to_the_right_one(
    double: GitLab, project: Project, clone: Clone
) -> None:
    bare = project.clone_url.removesuffix(".git")
    assert "refs/heads/main" in clone.git("ls-remote", bare)
    assert double.calls[-3].status == 301

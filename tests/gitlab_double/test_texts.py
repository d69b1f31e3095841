"""Texts do at the double what they would do at GitLab, so that an injection shows."""

from __future__ import annotations

import pytest

from tests.gitlab_double import Project
from tests.gitlab_double.quick_actions import extract
from tests.gitlab_double.references import closed_issues, mentions, references

BRANCH = "proposals/centres/0123456789abcdef"


@pytest.mark.parametrize(
    "text",
    [
        "/close",
        "hello\n/close",
        "hello\n\n/close \n",
        "/CLOSE",
        "\r/close",
        "a\n\r/close",
        "```\na\n```\n/close",
        "````\n```\n/close\n````",
        "~~~\n/close\n~~~",
        "```\nopen\n/close",
        "<b>\n/close",
        "> quoted\n/close",
        "| a |\n|---|\n/close",
        "/close\x0b\n",
        "- item\n/close",
    ],
)
def test_a_quick_action_is_found(text: str) -> None:
    found = [name for name, _ in extract(text)[1]]
    assert found == ["close"], text


@pytest.mark.parametrize(
    "text",
    [
        "a /close",
        "a\r/close",
        "/close\x0b",
        "/close\u2028\n",
        " /close",
        "\t/close",
        "\N{WORD JOINER}/close",
        "```\n/close\n```",
        "`\n/close\n`",
        "/closed",
        "/close\u2028",
        "a\u2028/close",
        "a\x0b/close",
        ">>>\n/close\n>>>",
        "<pre>\n/close\n</pre>",
        "`````\n /close\n`````",
    ],
)
def test_a_quick_action_is_not_found(text: str) -> None:
    assert extract(text)[1] == [], text


def test_quick_actions_are_cut_out_of_the_text_with_their_arguments() -> None:
    left, found = extract("Hello\n/label ~a ~b\nthere\n/target_branch main")
    assert found == [("label", "~a ~b"), ("target_branch", "main")]
    assert left == "Hello\nthere"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Fixes #4, #6", [4, 6]),
        ("closes: #1 and #2", [1, 2]),
        ("`Resolves #3`", [3]),
        ("```\nImplement #5\n```", [5]),
        ("Close group/project#8", [8]),
        ("fixing issue #9", [9]),
        ("closes https://gitlab.example/g/p/-/issues/7", [7]),
        ("Fixes \N{WORD JOINER}#4", []),
        ("Fixes #\N{WORD JOINER}4", []),
        ("prefixes are #4", []),
    ],
)
def test_closing_words_are_found_in_the_raw_text(text: str, numbers: list[int]) -> None:
    assert closed_issues(text) == numbers


def test_mentions_and_references_are_found_outside_code() -> None:
    text = "@all and (@group/team) but me@example.org `@code` see !3, #4 ~label %1.0\n```\n@x\n```"
    assert mentions(text) == ["all", "group/team"]
    assert references(text) == ["!3", "#4", "~label", "%1"]
    assert mentions("@\N{WORD JOINER}all") == references("#\N{WORD JOINER}4 100 % !") == []


def test_a_description_acts_as_its_author(project: Project) -> None:
    project.push(BRANCH, {"data.csv": b"id\n"}, by="bot", start="main")
    project.push("other", {"x": b"1"}, start="main")
    text = (
        "/label ~urgent\n/assign @maintainer\n/target_branch other\n/draft\n/merge\nFixes #4 @all"
    )
    one = project.open(BRANCH, by="bot", description=text)
    assert (one.labels, one.target_branch, one.draft) == (["urgent"], "other", True)
    assert [user.name for user in one.assignees] == ["maintainer"]
    assert (one.state, one.description, one.closes) == ("opened", "Fixes #4 @all", [4])
    assert [name for name, _ in one.commands][-1] == "merge"
    assert project.mentioned == ["all"]


def test_a_note_may_merge_only_with_the_right_to(project: Project) -> None:
    project.push(BRANCH, {"data.csv": b"id\n"}, by="bot", start="main")
    one = project.open(BRANCH, by="bot")
    assert project.note(1, "/merge", by="bot") is None
    assert one.state == "opened"
    project.note(1, "/title Better\n/close", by="maintainer")
    assert (one.state, one.title) == ("closed", "Better")
    project.note(1, "/reopen\n/merge", by="maintainer")
    assert one.state == "merged"


@pytest.mark.parametrize(("closes", "issues"), [(True, [4, 7]), (False, [])])
def test_issues_are_closed_by_a_merge_when_the_project_has_that_on(
    project: Project, closes: bool, issues: list[int]
) -> None:
    project.settings.autoclose_referenced_issues = closes
    project.push(BRANCH, {"data.csv": b"id\n"}, by="bot", start="main", message="Close #7")
    project.open(BRANCH, by="bot", description="Fixes #4")
    assert project.closed_issues == []
    project.merge(1, by="maintainer")
    assert sorted(set(project.closed_issues)) == issues

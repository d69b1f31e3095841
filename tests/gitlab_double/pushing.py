"""What a push sets off once git has taken it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests.gitlab_double import events, lifecycle, merging, writing
from tests.gitlab_double.accounts import User
from tests.gitlab_double.merge_requests import MergeRequest
from tests.gitlab_double.protections import Update
from tests.gitlab_double.references import closed_issues
from tests.gitlab_double.repositories import ZERO

if TYPE_CHECKING:
    from tests.gitlab_double.projects import Project

# The last line of the merge commits that GitLab writes itself.
_OWN = re.compile(r"^See merge request \S+!\d+\n\Z", re.MULTILINE)


def received(project: Project, user: User, updates: Sequence[Update]) -> None:
    """Merge requests follow, texts of commits are read, webhooks are rung."""
    for update in updates:
        branch = update.branch
        if branch is None or update.old == update.new:
            continue
        events.push(project, user, update)
        _read_commits(project, branch, update)
        for request in list(project.requests.values()):
            if request.state == "opened":
                _follow(project, request, user, branch, update)


def _follow(
    project: Project, request: MergeRequest, user: User, branch: str, update: Update
) -> None:
    if request.source_branch == branch:
        if update.new == ZERO:
            lifecycle.close(project, request, user)
        elif update.new != request.head:
            lifecycle.repushed(project, request, update.new, user)
    elif request.target_branch == branch and update.new != ZERO:
        request.uncheck()
        if _brings(project, update, request.head):
            request.merge_commit_sha = update.new
            merging.mark_merged(project, request, user)


def _brings(project: Project, update: Update, head: str) -> bool:
    """Whether a push brought the head of a merge request into its target branch by hand."""
    repository = project.repository
    if not repository.contains(head, update.new):
        return False
    return update.old == ZERO or not repository.contains(head, update.old)


def _read_commits(project: Project, branch: str, update: Update) -> None:
    """Mentions in commits count on every branch, closing words on the default one."""
    if update.new == ZERO:
        return
    span = update.new if update.old == ZERO else f"{update.old}..{update.new}"
    known = () if update.old != ZERO else ("--not", f"--exclude=refs/heads/{branch}", "--branches")
    for commit in project.repository.log("-n", "100", span, *known):
        writing.look(project, _OWN.sub("", commit.message))
        closes = branch == project.default_branch and project.settings.autoclose_referenced_issues
        if closes and update.old != ZERO:
            numbers = closed_issues(commit.message)
            project.closed_issues += [n for n in numbers if n not in project.closed_issues]

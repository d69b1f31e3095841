"""Texts that people and programs write at the double, with all that GitLab does because of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.gitlab_double import events, lifecycle, merging
from tests.gitlab_double.accounts import User
from tests.gitlab_double.exchange import Refusal
from tests.gitlab_double.merge_requests import MergeRequest, Note, undrafted
from tests.gitlab_double.protections import DEVELOPER, REPORTER
from tests.gitlab_double.quick_actions import Commands, extract
from tests.gitlab_double.references import closed_issues, mentions, references

if TYPE_CHECKING:
    from tests.gitlab_double.projects import Project

# These work on a merge request that exists already, so not in the description it is made with.
_LATER = ("close", "reopen", "merge", "title", "approve", "rebase", "ship", "lock", "submit_review")


def describe(project: Project, request: MergeRequest, user: User, text: str, new: bool) -> None:
    """Give a description: quick actions run, closing words, mentions and references are noted."""
    left, commands = extract(text)
    request.description = left
    request.commands += commands
    perform(project, request, user, [c for c in commands if not (new and c[0] in _LATER)])
    read(project, request, left)


def add_note(
    project: Project, request: MergeRequest, user: User, text: str, internal: bool = False
) -> Note | None:
    """Write a note; None when it held nothing but quick actions."""
    left, commands = extract(text)
    request.commands += commands
    note = None
    if left.strip():
        note = lifecycle.said(project, request, user, left, system=False, internal=internal)
        read(project, request, left)
        events.note(project, request, note)
    perform(project, request, user, commands)
    return note


def read(project: Project, request: MergeRequest, text: str) -> None:
    """Note whom and what a text names."""
    request.closes += [n for n in closed_issues(text) if n not in request.closes]
    look(project, text)


def look(project: Project, text: str) -> None:
    """Note mentions and references of any text."""
    project.mentioned += mentions(text)
    project.referenced += references(text)


def perform(project: Project, request: MergeRequest, user: User, commands: Commands) -> None:
    """Carry out quick actions, as far as the author of the text may."""
    for name, argument in commands:
        if project.role(user) >= REPORTER or user is request.author:
            _perform(project, request, user, name, argument)


def _perform(project: Project, request: MergeRequest, user: User, name: str, argument: str) -> None:
    labels = [part.strip('~" ') for part in argument.split("~")[1:]]
    match name:
        case "label" | "labels":
            lifecycle.relabel(project, request, [*request.labels, *labels], user)
        case "unlabel" | "remove_label":
            kept = [label for label in request.labels if labels and label not in labels]
            lifecycle.relabel(project, request, kept, user)
        case "relabel":
            lifecycle.relabel(project, request, labels, user)
        case "assign" | "reassign":
            request.assignees = _named(project, user, argument)
        case "unassign":
            request.assignees = []
        case "assign_reviewer" | "reviewer" | "request_review" | "reassign_reviewer":
            request.reviewers = _named(project, user, argument)
        case "target_branch" if project.head(argument) is not None:
            lifecycle.retarget(project, request, argument, user)
        case "draft" | "wip" if not request.draft:
            lifecycle.retitle(project, request, f"Draft: {request.title}", user)
        case "ready":
            lifecycle.retitle(project, request, undrafted(request.title), user)
        case "title" if argument:
            lifecycle.retitle(project, request, argument, user)
        case "squash":
            request.squash = True
        case "close" if request.state == "opened":
            lifecycle.close(project, request, user)
        case "reopen" if request.state == "closed":
            lifecycle.reopen(project, request, user)
        case "merge" if project.role(user) >= DEVELOPER:
            _merge(project, request, user)


def _merge(project: Project, request: MergeRequest, user: User) -> None:
    """A `/merge` that cannot be done is passed over."""
    try:
        merging.check_now(project, request)
        merging.merge(project, request, user, {})
    except Refusal:
        return


def _named(project: Project, user: User, argument: str) -> list[User]:
    users = project.gitlab.accounts.users
    names = [user.name if name == "me" else name for name in argument.replace("@", "").split()]
    return [users[name] for name in names if name in users]

"""API calls that write merge requests, with GitLab's refusals in GitLab's order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.gitlab_double import events, lifecycle, merging, writing
from tests.gitlab_double.accounts import Token, User
from tests.gitlab_double.exchange import Answer, Refusal, Request, in_json
from tests.gitlab_double.merge_request_api import found, full
from tests.gitlab_double.merge_requests import MergeRequest
from tests.gitlab_double.opening import check_texts, flag, names, opened, users
from tests.gitlab_double.project_api import code_reached
from tests.gitlab_double.projects import Project
from tests.gitlab_double.protections import DEVELOPER, OWNER, REPORTER, may_push
from tests.gitlab_double.repositories import GitError

if TYPE_CHECKING:
    from tests.gitlab_double.gitlab import GitLab

Parts = dict[str, str]


def created(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, user = code_reached(gitlab, request, token, parts)
    assert user is not None
    params = request.params()
    for name in ("title", "source_branch", "target_branch"):
        if name not in params:
            raise Refusal(400, {"error": f"{name} is missing"})
    if project.role(user) < DEVELOPER:
        raise Refusal(403, "403 Forbidden")
    with project.lock:
        made = opened(project, user, params)
        return in_json(full(project, made, user), 201)


def updated(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, user = code_reached(gitlab, request, token, parts)
    assert user is not None
    params = request.params()
    if not params:
        raise Refusal(400, {"error": "at least one parameter must be provided"})
    with project.lock:
        one = found(project, parts)
        if project.role(user) < DEVELOPER and one.author is not user:
            raise Refusal(403, "403 Forbidden")
        check_texts(params)
        _update(project, one, user, params)
        return in_json(full(project, one, user))


def _update(project: Project, one: MergeRequest, user: User, params: dict[str, Any]) -> None:
    if "target_branch" in params:
        target = str(params["target_branch"])
        if project.head(target) is None:
            raise Refusal(400, {"target_branch": ["does not exist"]})
        lifecycle.retarget(project, one, target, user)
    if "title" in params:
        lifecycle.retitle(project, one, str(params["title"]).strip(), user)
        writing.read(project, one, one.title)
    if "description" in params:
        writing.describe(project, one, user, str(params["description"] or ""), new=False)
        lifecycle.said(project, one, user, "changed the description")
        events.merge_request(project, one, user, "update", {"description": {}})
    labels = names(params["labels"]) if "labels" in params else list(one.labels)
    labels += names(params.get("add_labels"))
    gone = names(params.get("remove_labels"))
    if project.role(user) >= REPORTER:
        kept = [label for label in labels if label not in gone]
        lifecycle.relabel(project, one, kept, user)
    if "assignee_ids" in params:
        one.assignees = users(project, params["assignee_ids"])
    if "reviewer_ids" in params:
        one.reviewers = users(project, params["reviewer_ids"])
    if "remove_source_branch" in params:
        one.remove_source = flag(params["remove_source_branch"])
    if "squash" in params:
        one.squash = bool(flag(params["squash"]))
    match params.get("state_event"):
        case "close":
            lifecycle.close(project, one, user)
        case "reopen":
            lifecycle.reopen(project, one, user)
        case None:
            pass
        case _:
            raise Refusal(400, {"error": "state_event does not have a valid value"})


def removed(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, user = code_reached(gitlab, request, token, parts)
    with project.lock:
        one = found(project, parts)
        if project.role(user) < OWNER:
            raise Refusal(403, "403 Forbidden")
        del project.requests[one.iid]
        project.repository.update(f"refs/merge-requests/{one.iid}/head", None)
    return Answer(204)


def merged(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, user = code_reached(gitlab, request, token, parts)
    assert user is not None
    with project.lock:
        one = found(project, parts)
        params = request.params()
        wishes = {**params, "squash": flag(params.get("squash"))}
        merging.merge(project, one, user, wishes)
        return in_json(full(project, one, user))


def rebased(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, user = code_reached(gitlab, request, token, parts)
    assert user is not None
    with project.lock:
        one = found(project, parts)
        if not may_push(project, user, one.source_branch):
            raise Refusal(403, "Cannot push to source branch")
        if one.state != "opened":
            raise Refusal(409, "Failed to enqueue the rebase operation")
        target = project.head(one.target_branch)
        assert target is not None
        try:
            head = project.repository.rebase(one.source_branch, target, (user.name, user.mail))
        except GitError:
            return in_json({"rebase_in_progress": True}, 202)
        project.move(one.source_branch, head, by=user.name)
    return in_json({"rebase_in_progress": True}, 202)

"""Whether a merge request can be merged, found out after a while, and the merge by real git."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.gitlab_double import events, lifecycle, pushing
from tests.gitlab_double.accounts import User
from tests.gitlab_double.exchange import Refusal
from tests.gitlab_double.merge_requests import MergeRequest, now
from tests.gitlab_double.protections import DEVELOPER, Update, is_protected, may_merge
from tests.gitlab_double.references import closed_issues
from tests.gitlab_double.repositories import ZERO, GitError

if TYPE_CHECKING:
    from tests.gitlab_double.projects import Project


def status(project: Project, request: MergeRequest, *, ask: bool = False) -> str:
    """The `detailed_merge_status`; asking for one merge request starts a check of it."""
    if request.state != "opened":
        return "not_open"
    delay = project.settings.mergeability_delay
    if ask and request.check == "unchecked":
        request.start_check(delay)
    left = request.check_due - time.monotonic()
    if request.check in ("preparing", "checking") and left <= 0:
        check_now(project, request)
    if request.check == "preparing" and left < delay / 2:
        return "checking"
    return _checked_status(project, request) if request.check == "checked" else request.check


def check_now(project: Project, request: MergeRequest) -> None:
    """Have git try the merge."""
    target = project.head(request.target_branch)
    fails = target is None or project.repository.merged_tree(target, request.head) is None
    request.check, request.conflicts = "checked", fails


def _checked_status(project: Project, request: MergeRequest) -> str:
    settings = project.settings
    if request.draft:
        return "draft_status"
    if settings.status_override:
        return settings.status_override
    if settings.only_allow_merge_if_pipeline_succeeds:
        state = project.pipelines.get(request.head)
        if state in ("created", "pending", "running"):
            return "ci_still_running"
        good = ("success", "skipped") if settings.allow_merge_on_skipped_pipeline else ("success",)
        if state not in good:
            return "ci_must_pass"
    if request.conflicts:
        return "conflict"
    target = project.head(request.target_branch)
    assert target is not None
    if project.repository.contains(request.head, target):
        return "commits_status"
    linear = settings.merge_method in ("ff", "rebase_merge")
    if linear and not project.repository.contains(target, request.head):
        return "need_rebase"
    return "mergeable"


def merge(project: Project, request: MergeRequest, user: User, wishes: Mapping[str, Any]) -> None:
    """Merge as GitLab's API does, with its refusals in their order. Raises `Refusal`."""
    if project.settings.require_sha_for_merge and not wishes.get("sha"):
        raise Refusal(400, "SHA must be provided when merging")
    if not may_merge(project, user, request.target_branch):
        raise Refusal(401, "401 Unauthorized")
    if wishes.get("sha") and wishes["sha"] != request.head:
        text = f"SHA does not match HEAD of source branch: {request.head}"
        raise Refusal(409, text)
    if status(project, request, ask=True) != "mergeable":
        raise Refusal(405, "405 Method Not Allowed")
    if wishes.get("squash") is not None:
        request.squash = bool(wishes["squash"])
    target = project.head(request.target_branch)
    assert target is not None
    try:
        merged = _merged(project, request, user, wishes, target)
        project.repository.update(f"refs/heads/{request.target_branch}", merged, target)
    except GitError:
        raise Refusal(422, "Branch cannot be merged") from None
    _finish(project, request, user, wishes, Update("", target, merged))


def _merged(
    project: Project, request: MergeRequest, user: User, wishes: Mapping[str, Any], target: str
) -> str:
    """Make the commit that the target branch moves to."""
    repository, who = project.repository, (user.name, user.mail)
    linear = project.settings.merge_method == "ff"
    source = request.head
    if _squashes(project, request):
        message = wishes.get("squash_commit_message") or request.title
        base = repository.merge_base(target, source)
        tree = repository.git("rev-parse", f"{source}^{{tree}}").decode().strip()
        source = repository.commit_tree(tree, [base] if base else [], message, who)
        request.squash_commit_sha = source
    if linear:
        return source
    tree_found = repository.merged_tree(target, source)
    if tree_found is None:
        raise GitError("conflict")
    message = wishes.get("merge_commit_message") or _message(project, request)
    merged = repository.commit_tree(tree_found, [target, source], message, who)
    request.merge_commit_sha = merged
    return merged


def _squashes(project: Project, request: MergeRequest) -> bool:
    """The project has the first word, as in MergeRequest#squash_on_merge?."""
    option = project.settings.squash_option
    return option == "always" or (request.squash and option != "never")


def _message(project: Project, request: MergeRequest) -> str:
    """GitLab's default text of a merge commit."""
    parts = [
        f"Merge branch '{request.source_branch}' into '{request.target_branch}'",
        request.title,
    ]
    if request.closes and _closes_issues(project, request):
        parts.append("Closes " + ", ".join(f"#{number}" for number in request.closes))
    return "\n\n".join([*parts, f"See merge request {project.name}!{request.iid}"])


def _closes_issues(project: Project, request: MergeRequest) -> bool:
    settings = project.settings
    return settings.autoclose_referenced_issues and request.target_branch == project.default_branch


def _finish(
    project: Project,
    request: MergeRequest,
    user: User,
    wishes: Mapping[str, Any],
    moved: Update,
) -> None:
    """The state, the issues, the other merge requests and the source branch after a merge."""
    mark_merged(project, request, user)
    pushing.received(
        project, user, [Update(f"refs/heads/{request.target_branch}", moved.old, moved.new)]
    )
    wish = wishes.get("should_remove_source_branch")
    removes = request.remove_source if wish is None else str(wish).lower() in ("true", "1")
    head = project.head(request.source_branch)
    # MergeRequest#can_remove_source_branch?: never a protected one, whoever merges.
    free = not is_protected(project, request.source_branch)
    if removes and free and head == request.head and project.role(user) >= DEVELOPER:
        project.repository.update(f"refs/heads/{request.source_branch}", None)
        pushing.received(project, user, [Update(f"refs/heads/{request.source_branch}", head, ZERO)])


def mark_merged(project: Project, request: MergeRequest, user: User) -> None:
    """It is merged; issues that it names are closed when the project has that on."""
    version = request.versions[-1]
    span = [request.head] if version.base is None else [f"{version.base}..{request.head}"]
    for commit in project.repository.log(*span):
        request.closes += [n for n in closed_issues(commit.message) if n not in request.closes]
    if _closes_issues(project, request):
        project.closed_issues += request.closes
    request.state, request.merge_user, request.merged_at = "merged", user, now()
    lifecycle.said(project, request, user, "merged")
    events.merge_request(project, request, user, "merge")

"""What webhooks say of merge requests, notes and pushes, in GitLab's shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from tests.gitlab_double.accounts import User
from tests.gitlab_double.merge_requests import MergeRequest, Note, request_url, shown_time
from tests.gitlab_double.protections import Update
from tests.gitlab_double.repositories import ZERO, Commit
from tests.gitlab_double.webhooks import prepared

if TYPE_CHECKING:
    from tests.gitlab_double.projects import Project


def merge_request(
    project: Project,
    request: MergeRequest,
    user: User,
    action: str,
    changes: Mapping[str, Any] | None = None,
    oldrev: str | None = None,
) -> None:
    """Ring the hooks for an action on a merge request."""
    attributes = {**_request(project, request), "action": action}
    if oldrev is not None:
        attributes["oldrev"] = oldrev
    payload = {
        "object_kind": "merge_request",
        "event_type": "merge_request",
        "user": _user(user),
        "project": _project(project),
        "repository": _repository(project),
        "object_attributes": attributes,
        "labels": [{"title": name} for name in request.labels],
        "changes": dict(changes or {}),
    }
    _ring(project, "Merge Request Hook", "merge_requests_events", payload)


def note(project: Project, request: MergeRequest, written: Note) -> None:
    """Ring the hooks for a note; internal ones have an event of their own."""
    payload = {
        "object_kind": "note",
        "event_type": "confidential_note" if written.internal else "note",
        "user": _user(written.author),
        "project_id": project.id,
        "project": _project(project),
        "repository": _repository(project),
        "object_attributes": {
            "id": written.id,
            "note": written.body,
            "noteable_type": "MergeRequest",
            "noteable_id": request.id,
            "author_id": written.author.id,
            "project_id": project.id,
            "system": written.system,
            "internal": written.internal,
            "action": "create",
            "created_at": shown_time(written.created_at),
            "updated_at": shown_time(written.updated_at),
            "url": f"{request_url(project, request)}#note_{written.id}",
        },
        "merge_request": _request(project, request),
    }
    if written.internal:
        _ring(project, "Confidential Note Hook", "confidential_note_events", payload)
    else:
        _ring(project, "Note Hook", "note_events", payload)


def push(project: Project, user: User, update: Update) -> None:
    """Ring the hooks for a push to a branch: at most 20 commits are named."""
    commits = _commits(project, update)
    payload = {
        "object_kind": "push",
        "event_name": "push",
        "before": update.old,
        "after": update.new,
        "ref": update.ref,
        "ref_protected": any(rule.matches(update.branch or "") for rule in project.protections),
        "checkout_sha": None if update.new == ZERO else update.new,
        "message": None,
        "user_id": user.id,
        "user_name": user.name,
        "user_username": user.name,
        "user_email": "",
        "project_id": project.id,
        "project": _project(project),
        "repository": _repository(project),
        "commits": [_commit(project, commit) for commit in commits[:20]],
        "total_commits_count": len(commits),
        "push_options": {},
    }
    _ring(project, "Push Hook", "push_events", payload)


def _ring(project: Project, event: str, wish: str, payload: dict[str, Any]) -> None:
    for hook in project.hooks:
        if getattr(hook, wish):
            project.gitlab.postman.take(prepared(hook, event, payload, project.gitlab.url))


def _commits(project: Project, update: Update) -> list[Commit]:
    if update.new == ZERO or not any(hook.push_events for hook in project.hooks):
        return []
    span = [update.new] if update.old == ZERO else [f"{update.old}..{update.new}"]
    return project.repository.log("-n", "1000", *span)


def _user(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "name": user.name,
        "username": user.name,
        "avatar_url": None,
        "email": "[REDACTED]",
    }


def _project(project: Project) -> dict[str, Any]:
    group, _, name = project.name.rpartition("/")
    return {
        "id": project.id,
        "name": name,
        "description": None,
        "web_url": project.web_url,
        "avatar_url": None,
        "git_ssh_url": f"git@gitlab.example:{project.name}.git",
        "git_http_url": project.clone_url,
        "namespace": group,
        "visibility_level": {"private": 0, "internal": 10}.get(project.settings.visibility, 20),
        "path_with_namespace": project.name,
        "default_branch": project.default_branch,
        "ci_config_path": None,
        "homepage": project.web_url,
        "url": f"git@gitlab.example:{project.name}.git",
        "http_url": project.clone_url,
    }


def _repository(project: Project) -> dict[str, Any]:
    name = project.name.rpartition("/")[2]
    url = f"git@gitlab.example:{project.name}.git"
    return {"name": name, "url": url, "description": None, "homepage": project.web_url}


def _request(project: Project, request: MergeRequest) -> dict[str, Any]:
    return {
        "id": request.id,
        "iid": request.iid,
        "author_id": request.author.id,
        "title": request.title,
        "description": request.description,
        "state": request.state,
        "draft": request.draft,
        "work_in_progress": request.draft,
        "source_branch": request.source_branch,
        "target_branch": request.target_branch,
        "source_project_id": project.id,
        "target_project_id": project.id,
        "created_at": shown_time(request.created_at),
        "updated_at": shown_time(request.updated_at),
        "merge_commit_sha": request.merge_commit_sha,
        "merge_status": request.check,
        "detailed_merge_status": request.check,
        "last_commit": {"id": request.head},
        "labels": [{"title": name} for name in request.labels],
        "source": _project(project),
        "target": _project(project),
        "url": request_url(project, request),
    }


def _commit(project: Project, commit: Commit) -> dict[str, Any]:
    return {
        "id": commit.id,
        "message": commit.message,
        "title": commit.title,
        "timestamp": commit.time.isoformat(),
        "url": f"{project.web_url}/-/commit/{commit.id}",
        "author": {"name": commit.author, "email": commit.mail},
        "added": [],
        "modified": [],
        "removed": [],
    }

"""Merge requests and their notes, as they are kept and as the API shows them."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.gitlab_double.accounts import User

if TYPE_CHECKING:
    from tests.gitlab_double.projects import Project

_DRAFT = re.compile(r"^\s*(\[draft\]|\(draft\)|draft:)\s*", re.IGNORECASE)


def now() -> datetime:
    """The time as GitLab keeps it: to the millisecond."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def shown_time(moment: datetime | None) -> str | None:
    """A time as the API writes it."""
    if moment is None:
        return None
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


@dataclass(slots=True)
class Version:
    """What a merge request proposed at some time."""

    id: int
    head: str
    base: str | None
    start: str
    created_at: datetime = field(default_factory=now)


@dataclass(slots=True)
class Note:
    """A note, of a person or (`system`) of GitLab itself."""

    id: int
    author: User
    body: str
    system: bool = False
    internal: bool = False
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)


@dataclass(eq=False, slots=True)
class MergeRequest:
    """A merge request as it stands."""

    id: int
    iid: int
    author: User
    title: str
    description: str
    source_branch: str
    target_branch: str
    head: str
    labels: list[str] = field(default_factory=list)
    assignees: list[User] = field(default_factory=list)
    reviewers: list[User] = field(default_factory=list)
    state: str = "opened"
    squash: bool = False
    remove_source: bool | None = None
    created_at: datetime = field(default_factory=now)
    updated_at: datetime = field(default_factory=now)
    merged_at: datetime | None = None
    closed_at: datetime | None = None
    merge_user: User | None = None
    closed_by: User | None = None
    merge_commit_sha: str | None = None
    squash_commit_sha: str | None = None
    versions: list[Version] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    commands: list[tuple[str, str]] = field(default_factory=list)
    """Quick actions found in its description and notes, whether they were allowed or not."""
    closes: list[int] = field(default_factory=list)
    """Issues that its title, description or commits would close."""
    check: str = "preparing"
    """How far the mergeability check is: preparing, unchecked, checking or checked."""
    check_due: float = 0.0
    """When the check in hand ends, on the monotonic clock."""
    conflicts: bool = False

    @property
    def draft(self) -> bool:
        return _DRAFT.match(self.title) is not None

    @property
    def comments(self) -> list[Note]:
        """The notes of people."""
        return [note for note in self.notes if not note.system]

    def uncheck(self) -> None:
        """Forget whether it can be merged."""
        self.check, self.conflicts = "unchecked", False

    def start_check(self, delay: float) -> None:
        """Have it found out whether it can be merged, after a while."""
        self.check, self.check_due = "checking", time.monotonic() + delay


def undrafted(title: str) -> str:
    """A title without its draft mark."""
    return _DRAFT.sub("", title)


def basic_json(project: Project, request: MergeRequest, status: str) -> dict[str, Any]:
    """A merge request as lists show it."""
    url = project.gitlab.url
    source = project.id
    merge_user = request.merge_user.brief(url) if request.merge_user else None
    return {
        "id": request.id,
        "iid": request.iid,
        "project_id": project.id,
        "title": request.title,
        "description": request.description,
        "state": request.state,
        "created_at": shown_time(request.created_at),
        "updated_at": shown_time(request.updated_at),
        "merged_by": merge_user,
        "merge_user": merge_user,
        "merged_at": shown_time(request.merged_at),
        "closed_by": request.closed_by.brief(url) if request.closed_by else None,
        "closed_at": shown_time(request.closed_at),
        "target_branch": request.target_branch,
        "source_branch": request.source_branch,
        "user_notes_count": len(request.comments),
        "upvotes": 0,
        "downvotes": 0,
        "author": request.author.brief(url),
        "assignees": [user.brief(url) for user in request.assignees],
        "assignee": request.assignees[0].brief(url) if request.assignees else None,
        "reviewers": [user.brief(url) for user in request.reviewers],
        "source_project_id": source,
        "target_project_id": source,
        "labels": sorted(request.labels),
        "draft": request.draft,
        "imported": False,
        "imported_from": "none",
        "work_in_progress": request.draft,
        "milestone": None,
        "merge_when_pipeline_succeeds": False,
        "merge_status": _old_status(request),
        "detailed_merge_status": status,
        "merge_after": None,
        "sha": request.head,
        "merge_commit_sha": request.merge_commit_sha,
        "squash_commit_sha": request.squash_commit_sha,
        "discussion_locked": None,
        "should_remove_source_branch": None,
        "force_remove_source_branch": request.remove_source,
        "prepared_at": None if request.check == "preparing" else shown_time(request.created_at),
        "reference": f"!{request.iid}",
        "references": {
            "short": f"!{request.iid}",
            "relative": f"!{request.iid}",
            "full": f"{project.name}!{request.iid}",
        },
        "web_url": request_url(project, request),
        "time_stats": {"time_estimate": 0, "total_time_spent": 0},
        "squash": request.squash,
        "squash_on_merge": request.squash,
        "task_completion_status": {"count": 0, "completed_count": 0},
        "has_conflicts": request.conflicts,
        "blocking_discussions_resolved": True,
        "approvals_before_merge": None,
    }


def full_json(
    project: Project, request: MergeRequest, status: str, user: User | None
) -> dict[str, Any]:
    """A merge request as it is shown alone."""
    version = request.versions[-1] if request.versions else None
    changed = project.repository.changed_paths(version.base, version.head) if version else []
    pipeline = project.pipelines.get(request.head)
    return {
        **basic_json(project, request, status),
        "subscribed": True,
        "changes_count": str(len(changed)) if version else None,
        "latest_build_started_at": None,
        "latest_build_finished_at": None,
        "first_deployed_to_production_at": None,
        "pipeline": None,
        "head_pipeline": {"sha": request.head, "status": pipeline} if pipeline else None,
        "diff_refs": {
            "base_sha": version.base if version else None,
            "head_sha": version.head if version else None,
            "start_sha": version.start if version else None,
        },
        "merge_error": None,
        "first_contribution": False,
        "user": {"can_merge": project.can_merge(user, request.target_branch)},
    }


def note_json(project: Project, request: MergeRequest, note: Note) -> dict[str, Any]:
    """A note as the API shows it."""
    return {
        "id": note.id,
        "type": None,
        "body": note.body,
        "author": note.author.brief(project.gitlab.url),
        "created_at": shown_time(note.created_at),
        "updated_at": shown_time(note.updated_at),
        "system": note.system,
        "noteable_id": request.id,
        "noteable_type": "MergeRequest",
        "project_id": project.id,
        "resolvable": False,
        "confidential": note.internal,
        "internal": note.internal,
        "imported": False,
        "imported_from": "none",
        "noteable_iid": request.iid,
        "commands_changes": {},
    }


def request_url(project: Project, request: MergeRequest) -> str:
    return f"{project.web_url}/-/merge_requests/{request.iid}"


def _old_status(request: MergeRequest) -> str:
    if request.check != "checked":
        return request.check
    return "cannot_be_merged" if request.conflicts else "can_be_merged"

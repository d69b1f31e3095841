"""What happens to a merge request: opened, closed, reopened, aimed elsewhere, pushed to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from tests.gitlab_double import events
from tests.gitlab_double.accounts import User
from tests.gitlab_double.exchange import Refusal
from tests.gitlab_double.merge_requests import MergeRequest, Note, Version, now, undrafted

if TYPE_CHECKING:
    from tests.gitlab_double.projects import Project


def close(project: Project, request: MergeRequest, user: User) -> None:
    """Raises `Refusal` when it is not open."""
    if request.state != "opened":
        raise Refusal(400, {"state": ['cannot transition via "close"']})
    request.state, request.closed_by, request.closed_at = "closed", user, now()
    said(project, request, user, "closed")
    events.merge_request(project, request, user, "close")


def reopen(project: Project, request: MergeRequest, user: User) -> None:
    """Raises `Refusal` when it is not closed, its branch is gone or another one took its place."""
    if request.state != "closed":
        raise Refusal(400, {"state": ['cannot transition via "reopen"']})
    refuse_twin(project, request.source_branch, request.target_branch)
    head = project.head(request.source_branch)
    if head is None:
        raise Refusal(422, [f'Source branch "{request.source_branch}" does not exist'])
    request.state, request.closed_by, request.closed_at = "opened", None, None
    if head != request.head:
        add_version(project, request, head)
    request.uncheck()
    said(project, request, user, "reopened")
    events.merge_request(project, request, user, "reopen")


def refuse_twin(project: Project, source: str, target: str) -> None:
    """GitLab's 409 when an open merge request goes from one branch to the other already."""
    for other in project.requests.values():
        if (other.state, other.source_branch, other.target_branch) == ("opened", source, target):
            text = "Another open merge request already exists for this source branch"
            raise Refusal(409, [f"{text}: !{other.iid}"])


def retarget(project: Project, request: MergeRequest, branch: str, user: User) -> None:
    """Aim at another branch. A merge request that is not open keeps its target, silently."""
    old = request.target_branch
    if request.state != "opened" or branch == old:
        return
    if branch == request.source_branch:
        raise Refusal(422, ["You can't use same project/branch for source and target"])
    refuse_twin(project, request.source_branch, branch)
    request.target_branch = branch
    request.uncheck()
    if project.head(branch) is not None:
        add_version(project, request, request.head)
    said(project, request, user, f"changed target branch from `{old}` to `{branch}`")
    changes = {"target_branch": {"previous": old, "current": branch}}
    events.merge_request(project, request, user, "update", changes)


def retitle(project: Project, request: MergeRequest, title: str, user: User) -> None:
    """Change the title, and with its mark the draft state."""
    old, was_draft = request.title, request.draft
    if title == old:
        return
    request.title = title
    if was_draft != request.draft:
        state = "draft" if request.draft else "ready"
        said(project, request, user, f"marked this merge request as **{state}**")
    if undrafted(old) != undrafted(title):
        said(project, request, user, f"changed title from **{old}** to **{title}**")
    changes = {"title": {"previous": old, "current": title}}
    events.merge_request(project, request, user, "update", changes)


def relabel(project: Project, request: MergeRequest, labels: Iterable[str], user: User) -> None:
    """Give other labels."""
    old, new = sorted(request.labels), sorted(set(labels))
    if old == new:
        return
    request.labels = new
    parts = []
    for verb, names in (("added", set(new) - set(old)), ("removed", set(old) - set(new))):
        if names:
            parts.append(f"{verb} {' '.join('~' + name for name in sorted(names))}")
    said(project, request, user, " and ".join(parts) + " labels")
    shown = [[{"title": name} for name in names] for names in (old, new)]
    changes = {"labels": {"previous": shown[0], "current": shown[1]}}
    events.merge_request(project, request, user, "update", changes)


def repushed(project: Project, request: MergeRequest, head: str, user: User) -> None:
    """Its source branch was moved."""
    old = request.head
    add_version(project, request, head)
    request.uncheck()
    said(project, request, user, f"added 1 commit\n\n* {head[:8]} - pushed")
    events.merge_request(project, request, user, "update", {}, oldrev=old)


def add_version(project: Project, request: MergeRequest, head: str) -> None:
    """Keep a new head, and the ref that makes it reachable for ever."""
    repository = project.repository
    target = project.head(request.target_branch)
    base = repository.merge_base(target, head) if target else None
    start = target or head
    request.head = head
    request.versions.append(Version(project.gitlab.number(), head, base, start))
    repository.update(f"refs/merge-requests/{request.iid}/head", head)
    repository.update(f"refs/keep-around/{head}", head)


def said(project: Project, request: MergeRequest, user: User, text: str, **kind: Any) -> Note:
    """Write a note (GitLab's own unless said otherwise) and the time."""
    system = kind.pop("system", True)
    note = Note(project.gitlab.number(), user, text, system=system, **kind)
    request.notes.append(note)
    request.updated_at = now()
    return note

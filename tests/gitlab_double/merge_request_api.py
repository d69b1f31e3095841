"""API calls that read merge requests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from tests.gitlab_double import merging
from tests.gitlab_double.accounts import Token, User
from tests.gitlab_double.commit_api import commit_json, diff_json
from tests.gitlab_double.exchange import Answer, Refusal, Request, in_json
from tests.gitlab_double.merge_requests import (
    MergeRequest,
    basic_json,
    full_json,
    shown_time,
)
from tests.gitlab_double.pagination import page
from tests.gitlab_double.project_api import code_reached
from tests.gitlab_double.projects import Project

if TYPE_CHECKING:
    from tests.gitlab_double.gitlab import GitLab

Parts = dict[str, str]
_ORDERS: dict[str, Callable[[MergeRequest], Any]] = {
    "created_at": lambda request: (request.created_at, request.id),
    "updated_at": lambda request: (request.updated_at, request.id),
    "merged_at": lambda request: (request.merged_at or request.created_at, request.id),
    "title": lambda request: (request.title, request.id),
}


def found(project: Project, parts: Parts) -> MergeRequest:
    """The merge request of a call. Raises `Refusal` 404."""
    request = project.requests.get(int(parts["iid"])) if parts["iid"].isdigit() else None
    if request is None:
        raise Refusal(404, "404 Not found")
    return request


def listed(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, user = code_reached(gitlab, request, token, parts)
    params = request.params()
    with project.lock:
        chosen = [one for one in project.requests.values() if _wanted(one, params, user)]
        order = _ORDERS.get(str(params.get("order_by", "created_at")))
        if order is None:
            raise Refusal(400, {"error": "order_by does not have a valid value"})
        chosen.sort(key=order, reverse=params.get("sort", "desc") != "asc")
        recheck = str(params.get("with_merge_status_recheck")).lower() == "true"

        def view(one: MergeRequest) -> dict[str, Any]:
            return basic_json(project, one, merging.status(project, one, ask=recheck))

        return page(request, gitlab.url, chosen, view, keyset=True)


def _wanted(one: MergeRequest, params: dict[str, Any], user: User | None) -> bool:
    labels = params.get("labels") or []
    labels = labels.split(",") if isinstance(labels, str) else labels
    iids = params.get("iids") or [one.iid]
    iids = iids if isinstance(iids, list) else str(iids).split(",")
    scope = str(params.get("scope", "all")).replace("-", "_")
    author = params.get("author_id"), params.get("author_username")
    search = str(params.get("search") or "").lower()
    times = (
        ("updated_after", one.updated_at, 1),
        ("updated_before", one.updated_at, -1),
        ("created_after", one.created_at, 1),
        ("created_before", one.created_at, -1),
    )
    return (
        params.get("state", "all") in ("all", one.state)
        and params.get("source_branch") in (None, one.source_branch)
        and params.get("target_branch") in (None, one.target_branch)
        and set(labels) <= set(one.labels)
        and str(one.iid) in map(str, iids)
        and author[0] in (None, one.author.id, str(one.author.id))
        and author[1] in (None, one.author.name)
        and (scope != "created_by_me" or one.author is user)
        and (search in one.title.lower() or search in one.description.lower())
        and all(_after(params.get(name), moment, sign) for name, moment, sign in times)
    )


def _after(bound: str | None, moment: datetime, sign: int) -> bool:
    if not bound:
        return True
    try:
        edge = datetime.fromisoformat(bound.replace(" ", "+"))
    except ValueError:
        raise Refusal(400, {"error": "updated_after is invalid"}) from None
    edge = edge if edge.tzinfo else edge.replace(tzinfo=UTC)
    return moment >= edge if sign > 0 else moment <= edge


def shown(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, user = code_reached(gitlab, request, token, parts)
    with project.lock:
        return in_json(full(project, found(project, parts), user))


def commits(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, _ = code_reached(gitlab, request, token, parts)
    version = found(project, parts).versions[-1]
    span = f"{version.base}..{version.head}" if version.base else version.head
    return page(request, gitlab.url, project.repository.log(span), partial(commit_json, project))


def versions(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, _ = code_reached(gitlab, request, token, parts)
    one = found(project, parts)
    shown_versions = [
        {
            "id": version.id,
            "head_commit_sha": version.head,
            "base_commit_sha": version.base,
            "start_commit_sha": version.start,
            "created_at": shown_time(version.created_at),
            "merge_request_id": one.id,
            "state": "collected",
        }
        for version in reversed(one.versions)
    ]
    return page(request, gitlab.url, shown_versions, lambda version: version)


def diffs(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, _ = code_reached(gitlab, request, token, parts)
    version = found(project, parts).versions[-1]
    paths = project.repository.changed_paths(version.base, version.head)

    def view(path: str) -> dict[str, Any]:
        return diff_json(project, version.base, version.head, path)

    return page(request, gitlab.url, paths, view)


def closes_issues(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, _ = code_reached(gitlab, request, token, parts)
    numbers = found(project, parts).closes
    return page(request, gitlab.url, numbers, lambda number: {"id": number, "iid": number})


def full(project: Project, one: MergeRequest, user: User | None) -> dict[str, Any]:
    """A merge request alone; asking for it starts a check of it."""
    return full_json(project, one, merging.status(project, one, ask=True), user)

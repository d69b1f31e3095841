"""Which function answers which API call, and the step that faults know it by."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tests.gitlab_double import (
    branch_api,
    commit_api,
    merge_request_api,
    merge_request_changes,
    note_api,
    project_api,
    user_api,
)
from tests.gitlab_double.accounts import Token
from tests.gitlab_double.exchange import Answer, Request

if TYPE_CHECKING:
    from tests.gitlab_double.gitlab import GitLab

ApiHandler = Callable[["GitLab", Request, Token | None, dict[str, str]], Answer]
_MR = "/projects/:id/merge_requests"


@dataclass(frozen=True, slots=True)
class Route:
    """One call of the API."""

    method: str
    pattern: re.Pattern[str]
    step: str
    handler: ApiHandler


def _route(method: str, path: str, step: str, handler: ApiHandler) -> Route:
    pattern = re.sub(r":(\w+)", r"(?P<\1>[^/]+)", "/api/v4" + path)
    return Route(method, re.compile(pattern), step, handler)


ROUTES = tuple(
    _route(*entry)
    for entry in (
        ("GET", "/version", "version", user_api.version),
        ("GET", "/metadata", "version", user_api.metadata),
        ("GET", "/user", "user-get", user_api.myself),
        ("GET", "/users", "users", user_api.users),
        ("GET", "/personal_access_tokens/self", "token-get", user_api.my_token),
        ("GET", "/projects", "projects", project_api.listed),
        ("POST", "/projects", "projects", project_api.created),
        ("DELETE", "/projects/:id", "project-delete", project_api.deleted),
        ("GET", "/projects/:id", "project-get", project_api.shown),
        ("PUT", "/projects/:id", "project-update", project_api.changed),
        ("GET", "/projects/:id/repository/branches", "branches", branch_api.branches),
        ("GET", "/projects/:id/repository/branches/:branch", "branches", branch_api.branch),
        ("DELETE", "/projects/:id/repository/branches/:branch", "branches", branch_api.removed),
        ("POST", "/projects/:id/repository/branches", "branches", branch_api.branched),
        ("GET", "/projects/:id/protected_branches", "protected", project_api.protections),
        ("GET", "/projects/:id/protected_branches/:name", "protected", project_api.protection),
        ("GET", "/projects/:id/push_rule", "push-rule", project_api.push_rule),
        ("GET", "/projects/:id/members/all/:user", "members", project_api.member),
        ("GET", "/projects/:id/members/all", "members", project_api.members),
        ("GET", "/projects/:id/repository/files/:path/raw", "files", commit_api.raw_file),
        ("GET", "/projects/:id/repository/files/:path", "files", commit_api.file),
        ("GET", "/projects/:id/repository/commits", "commits", commit_api.listed),
        ("POST", "/projects/:id/repository/commits", "commits", commit_api.created),
        ("GET", "/projects/:id/repository/compare", "compare", commit_api.compared),
        ("POST", "/projects/:id/access_tokens", "access-tokens", project_api.access_token),
        ("GET", "/projects/:id/hooks", "hooks", project_api.hooks),
        ("POST", "/projects/:id/hooks", "hooks", project_api.hooked),
        ("GET", "/projects/:id/hooks/:hook", "hooks", project_api.hook),
        ("PUT", "/projects/:id/hooks/:hook", "hooks", project_api.rehooked),
        ("DELETE", "/projects/:id/hooks/:hook", "hooks", project_api.unhooked),
        ("GET", _MR, "mr-list", merge_request_api.listed),
        ("POST", _MR, "mr-create", merge_request_changes.created),
        ("GET", _MR + "/:iid", "mr-get", merge_request_api.shown),
        ("PUT", _MR + "/:iid", "mr-update", merge_request_changes.updated),
        ("DELETE", _MR + "/:iid", "mr-delete", merge_request_changes.removed),
        ("PUT", _MR + "/:iid/merge", "mr-merge", merge_request_changes.merged),
        ("PUT", _MR + "/:iid/rebase", "mr-rebase", merge_request_changes.rebased),
        ("GET", _MR + "/:iid/commits", "mr-commits", merge_request_api.commits),
        ("GET", _MR + "/:iid/versions", "mr-versions", merge_request_api.versions),
        ("GET", _MR + "/:iid/diffs", "mr-diffs", merge_request_api.diffs),
        ("GET", _MR + "/:iid/closes_issues", "mr-issues", merge_request_api.closes_issues),
        ("GET", _MR + "/:iid/notes", "notes-list", note_api.listed),
        ("POST", _MR + "/:iid/notes", "notes-create", note_api.created),
        ("GET", _MR + "/:iid/notes/:note", "notes-list", note_api.shown),
        ("PUT", _MR + "/:iid/notes/:note", "notes-update", note_api.updated),
        ("DELETE", _MR + "/:iid/notes/:note", "notes-delete", note_api.removed),
    )
)
_OTHER = (
    (re.compile(r"/.+\.git/info/refs"), "git-refs"),
    (re.compile(r"/.+\.git/git-upload-pack"), "git-fetch"),
    (re.compile(r"/.+\.git/git-receive-pack"), "git-push"),
    (re.compile(r"/oauth/token"), "oauth-token"),
    (re.compile(r"/oauth/.*"), "oauth"),
)


def found(method: str, path: str) -> tuple[Route | None, dict[str, str]]:
    """The route of a request and the parts of its path, still encoded; for others a bare step."""
    for route in ROUTES:
        match = route.pattern.fullmatch(path)
        if match and route.method in (method, "GET" if method == "HEAD" else method):
            return route, match.groupdict()
    for pattern, step in _OTHER:
        if pattern.fullmatch(path):
            return Route(method, pattern, step, partial(_none)), {}
    return None, {}


def _none(*_: object) -> Answer:
    return Answer(404)

"""API calls about branches."""

from __future__ import annotations

import fnmatch
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tests.gitlab_double.accounts import Token, User
from tests.gitlab_double.commit_api import commit_json
from tests.gitlab_double.exchange import Answer, Refusal, Request, in_json
from tests.gitlab_double.pagination import page
from tests.gitlab_double.project_api import code_reached
from tests.gitlab_double.projects import Project
from tests.gitlab_double.protections import DEVELOPER, may_push, removal_refusal
from tests.gitlab_double.repositories import GitError

if TYPE_CHECKING:
    from tests.gitlab_double.gitlab import GitLab

Parts = dict[str, str]


def branches(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, user = code_reached(gitlab, request, token, parts)
    params = request.params()
    names = [ref.removeprefix("refs/heads/") for ref in project.refs("refs/heads/")]
    search = str(params.get("search") or "")
    if search:
        pattern = search.strip("^$")
        pattern = pattern if search.startswith("^") else f"*{pattern}"
        pattern = pattern if search.endswith("$") else f"{pattern}*"
        names = [name for name in names if fnmatch.fnmatch(name.lower(), pattern.lower())]
    if params.get("regex"):
        names = [name for name in names if re.search(str(params["regex"]), name)]
    return page(request, gitlab.url, names, lambda name: _branch(project, user, name), keyset=True)


def branch(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, user = code_reached(gitlab, request, token, parts)
    return in_json(_branch(project, user, unquote(parts["branch"])))


def branched(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, user = code_reached(gitlab, request, token, parts, DEVELOPER)
    params = request.params()
    name, start = str(params.get("branch", "")), str(params.get("ref", ""))
    if project.head(name) is not None:
        raise Refusal(400, "Branch already exists")
    commit = project.repository.knows(start)
    if commit is None:
        raise Refusal(400, f"Invalid reference name: {start}")
    try:
        project.repository.git("check-ref-format", f"refs/heads/{name}")
    except GitError:
        raise Refusal(400, "Branch name is invalid") from None
    if not may_push(project, user, name):
        raise Refusal(403, "You are not allowed to create protected branches on this project.")
    assert user is not None
    project.move(name, commit, by=user.name)
    return in_json(_branch(project, user, name), 201)


def removed(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, user = code_reached(gitlab, request, token, parts, DEVELOPER)
    name = unquote(parts["branch"])
    if project.head(name) is None:
        raise Refusal(404, "404 Branch Not Found")
    assert user is not None
    said = removal_refusal(project, user, name)
    if said:  # the words of the hook, as Branches::DeleteService passes them on
        raise Refusal(400, said)
    project.delete_branch(name, by=user.name)
    return Answer(204)


def _branch(project: Project, user: User | None, name: str) -> dict[str, Any]:
    head = project.head(name)
    if head is None:
        raise Refusal(404, "404 Branch Not Found")
    commit = project.repository.log("-n", "1", head)[0]
    matching = [rule for rule in project.protections if rule.matches(name)]
    default = project.head()
    return {
        "name": name,
        "merged": name != project.default_branch
        and default is not None
        and project.repository.contains(head, default),
        "protected": bool(matching),
        "default": name == project.default_branch,
        "developers_can_push": any(DEVELOPER in rule.push for rule in matching),
        "developers_can_merge": any(DEVELOPER in rule.merge for rule in matching),
        "can_push": may_push(project, user, name),
        "web_url": f"{project.web_url}/-/tree/{name}",
        "commit": commit_json(project, commit),
    }

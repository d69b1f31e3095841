"""API calls about projects: settings, branches, protections, members, hooks."""

from __future__ import annotations

import re
import secrets
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tests.gitlab_double import protections as rules
from tests.gitlab_double.accounts import Token, User, api_scopes, need_scope
from tests.gitlab_double.exchange import Answer, Refusal, Request, in_json
from tests.gitlab_double.merge_requests import shown_time
from tests.gitlab_double.pagination import page
from tests.gitlab_double.projects import Project
from tests.gitlab_double.protections import MAINTAINER, NO_ONE, REPORTER
from tests.gitlab_double.user_api import signed_in, token_json
from tests.gitlab_double.webhooks import Hook

if TYPE_CHECKING:
    from tests.gitlab_double.gitlab import GitLab

Parts = dict[str, str]


def reached(
    gitlab: GitLab, request: Request, token: Token | None, parts: Parts, role: int = NO_ONE
) -> tuple[Project, User | None]:
    """The project of a call and who asks. Raises `Refusal`: 404 also when it is hidden."""
    need_scope(token, api_scopes(request.method))
    user = token.user if token else None
    if user is None and request.method not in ("GET", "HEAD"):
        raise Refusal(401, "401 Unauthorized")
    wanted = unquote(parts["id"])
    for project in gitlab.projects.values():
        if wanted in (project.name, str(project.id)) and project.readable(user):
            frozen = project.settings.archived and request.method not in ("GET", "HEAD")
            if project.role(user) < role or frozen:
                raise Refusal(403, "403 Forbidden")
            return project, user
    raise Refusal(404, "404 Project Not Found")


def code_reached(
    gitlab: GitLab, request: Request, token: Token | None, parts: Parts, role: int = NO_ONE
) -> tuple[Project, User | None]:
    """The same for calls about code, which guests of a private project do not see."""
    least = REPORTER if _hides_code(gitlab, parts) else NO_ONE
    return reached(gitlab, request, token, parts, max(role, least))


def _hides_code(gitlab: GitLab, parts: Parts) -> bool:
    wanted = unquote(parts["id"])
    found = [p for p in gitlab.projects.values() if wanted in (p.name, str(p.id))]
    return bool(found) and found[0].settings.visibility == "private"


def listed(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    need_scope(token, api_scopes(request.method))
    user = token.user if token else None
    found = [project for project in gitlab.projects.values() if project.readable(user)]
    return page(request, gitlab.url, found, lambda p: _json(p, user), keyset=True)


def created(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    """An empty project of one's own."""
    user = signed_in(token, request)
    params = request.params()
    name = f"{user.name}/{params.get('path') or params['name']}"
    if name in gitlab.projects:
        raise Refusal(400, {"path": ["has already been taken"]})
    branch = str(params.get("default_branch") or "main")
    project = gitlab.project(name, branch=branch, files={})
    project.settings.visibility = str(params.get("visibility") or "private")
    project.member(user.name, rules.OWNER)
    return in_json(_json(project, user), 201)


def deleted(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, _ = reached(gitlab, request, token, parts, rules.OWNER)
    del gitlab.projects[project.name]
    return in_json({"message": "202 Accepted"}, 202)


def shown(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, user = reached(gitlab, request, token, parts)
    return in_json(_json(project, user))


def changed(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, user = reached(gitlab, request, token, parts, MAINTAINER)
    for name, value in request.params().items():
        if name in project.settings_json():
            setattr(project.settings, name, value)
    return in_json(_json(project, user))


def protections(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, _ = reached(gitlab, request, token, parts, rules.DEVELOPER)
    found = project.protections
    return page(request, gitlab.url, found, lambda rule: rules.as_json(project, rule))


def protection(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, _ = reached(gitlab, request, token, parts, rules.DEVELOPER)
    for rule in project.protections:
        if rule.name == unquote(parts["name"]):
            return in_json(rules.as_json(project, rule))
    raise Refusal(404, "404 Not found")


def push_rule(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    """404 when GitLab has no licence for them, or none is set."""
    project, _ = reached(gitlab, request, token, parts, MAINTAINER)
    if project.push_rule is None:
        raise Refusal(404, "404 Not Found")
    return in_json({"id": 1, "project_id": project.id, **asdict(project.push_rule)})


def members(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, _ = reached(gitlab, request, token, parts)
    names = list(project.members)
    return page(request, gitlab.url, names, lambda name: _member(project, name))


def member(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, _ = reached(gitlab, request, token, parts)
    for name in project.members:
        if str(gitlab.accounts.users[name].id) == parts["user"]:
            return in_json(_member(project, name))
    raise Refusal(404, "404 Not found")


def access_token(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    """A bot of the project and its token, which is told only now."""
    project, _ = reached(gitlab, request, token, parts, MAINTAINER)
    params = request.params()
    scopes = params.get("scopes") or []
    for name, wanted in (("name", params.get("name")), ("scopes", scopes)):
        if not wanted:
            raise Refusal(400, {"error": f"{name} is missing"})
    level = int(params.get("access_level") or MAINTAINER)
    bot = gitlab.user(f"project_{project.id}_bot_{secrets.token_hex(16)}", bot=True)
    project.member(bot.name, level)
    end = params.get("expires_at")
    until = date.fromisoformat(str(end)) if end else None
    made = gitlab.accounts.issue(bot, scopes, expires_at=until, name=str(params["name"]))
    shown = {**token_json(made), "access_level": level, "token": made.value}
    return in_json(shown, 201)


def hooks(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, _ = reached(gitlab, request, token, parts, MAINTAINER)
    return page(request, gitlab.url, project.hooks, lambda hook: hook.as_json(project.id))


def hook(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, _ = reached(gitlab, request, token, parts, MAINTAINER)
    return in_json(_hook(project, parts).as_json(project.id))


def hooked(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, _ = reached(gitlab, request, token, parts, MAINTAINER)
    params = request.params()
    if not re.match(r"https?://[^/]+", str(params.get("url", ""))):
        raise Refusal(422, {"error": "Invalid url given"})
    made = project.hook(str(params["url"]))
    made.push_events, made.merge_requests_events, made.note_events = True, False, False
    _fill(made, params)
    return in_json(made.as_json(project.id), 201)


def rehooked(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, _ = reached(gitlab, request, token, parts, MAINTAINER)
    found = _hook(project, parts)
    _fill(found, request.params())
    return in_json(found.as_json(project.id))


def unhooked(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, _ = reached(gitlab, request, token, parts, MAINTAINER)
    project.hooks.remove(_hook(project, parts))
    return Answer(204)


def _fill(hook: Hook, params: dict[str, Any]) -> None:
    for name in ("url", "token", "signing_token"):
        if params.get(name):
            setattr(hook, name, str(params[name]))
    for name in ("push_events", "merge_requests_events", "note_events"):
        if name in params:
            setattr(hook, name, str(params[name]).lower() in ("true", "1"))


def _hook(project: Project, parts: Parts) -> Hook:
    for found in project.hooks:
        if str(found.id) == parts["hook"]:
            return found
    raise Refusal(404, "404 Not found")


def _member(project: Project, name: str) -> dict[str, Any]:
    user = project.gitlab.accounts.users[name]
    role = project.members[name]
    return {**user.brief(project.gitlab.url), "access_level": role, "expires_at": None}


def _json(project: Project, user: User | None) -> dict[str, Any]:
    group, _, name = project.name.rpartition("/")
    empty = not project.refs("refs/heads/")
    return {
        "id": project.id,
        "description": None,
        "name": name,
        "name_with_namespace": f"{group} / {name}",
        "path": name,
        "path_with_namespace": project.name,
        "created_at": shown_time(project.created_at),
        "default_branch": None if empty else project.default_branch,
        "ssh_url_to_repo": f"git@gitlab.example:{project.name}.git",
        "http_url_to_repo": project.clone_url,
        "web_url": project.web_url,
        "empty_repo": empty,
        "namespace": {"full_path": group, "kind": "group", "path": group},
        **project.settings_json(),
        "permissions": {"project_access": _access(project, user), "group_access": None},
    }


def _access(project: Project, user: User | None) -> dict[str, int] | None:
    role = project.role(user)
    return {"access_level": role, "notification_level": 3} if role else None

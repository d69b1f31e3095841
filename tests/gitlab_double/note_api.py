"""API calls about the notes of merge requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.gitlab_double import writing
from tests.gitlab_double.accounts import Token, User
from tests.gitlab_double.exchange import Answer, Refusal, Request, in_json
from tests.gitlab_double.merge_request_api import found
from tests.gitlab_double.merge_requests import MergeRequest, Note, note_json, now
from tests.gitlab_double.pagination import page
from tests.gitlab_double.project_api import code_reached
from tests.gitlab_double.projects import Project
from tests.gitlab_double.protections import MAINTAINER, REPORTER

if TYPE_CHECKING:
    from tests.gitlab_double.gitlab import GitLab

Parts = dict[str, str]


def listed(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, user = code_reached(gitlab, request, token, parts)
    one = found(project, parts)
    params = request.params()
    by_creation = params.get("order_by", "created_at") == "created_at"
    with project.lock:
        seen = [note for note in one.notes if _sees(project, user, note)]
        seen.sort(
            key=lambda note: (note.created_at if by_creation else note.updated_at, note.id),
            reverse=params.get("sort", "desc") != "asc",
        )
        return page(request, gitlab.url, seen, lambda note: note_json(project, one, note))


def created(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, user = code_reached(gitlab, request, token, parts)
    assert user is not None
    params = request.params()
    if "body" not in params:
        raise Refusal(400, {"error": "body is missing"})
    if not str(params["body"]).strip():
        raise Refusal(400, {"note": ["can't be blank"]})
    flag = params.get("internal", params.get("confidential"))
    internal = str(flag).lower() == "true"
    if internal and project.role(user) < REPORTER:
        raise Refusal(403, "403 Forbidden")
    with project.lock:
        one = found(project, parts)
        note = writing.add_note(project, one, user, str(params["body"]), internal)
        if note is None:
            changes = {"commands_changes": {}, "summary": ["Applied the commands."]}
            return in_json(changes, 202)
        return in_json(note_json(project, one, note), 201)


def shown(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, user = code_reached(gitlab, request, token, parts)
    one = found(project, parts)
    return in_json(note_json(project, one, _note(project, one, user, parts)))


def updated(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, user = code_reached(gitlab, request, token, parts)
    one = found(project, parts)
    note = _own(project, one, user, parts)
    note.body, note.updated_at = str(request.params().get("body", note.body)), now()
    writing.read(project, one, note.body)
    return in_json(note_json(project, one, note))


def removed(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, user = code_reached(gitlab, request, token, parts)
    one = found(project, parts)
    one.notes.remove(_own(project, one, user, parts))
    return Answer(204)


def _own(project: Project, one: MergeRequest, user: User | None, parts: Parts) -> Note:
    note = _note(project, one, user, parts)
    if note.author is not user and project.role(user) < MAINTAINER:
        raise Refusal(403, "403 Forbidden")
    return note


def _note(project: Project, one: MergeRequest, user: User | None, parts: Parts) -> Note:
    for note in one.notes:
        if str(note.id) == parts["note"] and _sees(project, user, note):
            return note
    raise Refusal(404, "404 Not found")


def _sees(project: Project, user: User | None, note: Note) -> bool:
    return not note.internal or project.role(user) >= REPORTER

"""API calls about commits and files: lists, comparisons, and commits made without git."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tests.gitlab_double.accounts import Token
from tests.gitlab_double.exchange import Answer, Refusal, Request, in_json
from tests.gitlab_double.pagination import page
from tests.gitlab_double.project_api import code_reached
from tests.gitlab_double.projects import Project
from tests.gitlab_double.protections import DEVELOPER, may_push
from tests.gitlab_double.repositories import Commit

if TYPE_CHECKING:
    from tests.gitlab_double.gitlab import GitLab

Parts = dict[str, str]
_NO_BRANCH = "You can only create or edit files when you are on a branch"


def listed(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, _ = code_reached(gitlab, request, token, parts)
    params = request.params()
    start = _commit(project, str(params.get("ref_name") or "HEAD"))
    options = ["--first-parent"] if _true(params.get("first_parent")) else []
    options += [f"--{name}={params[name]}" for name in ("since", "until") if params.get(name)]
    paths = ["--", str(params["path"])] if params.get("path") else []
    found = project.repository.log(*options, start, *paths)
    return page(request, gitlab.url, found, lambda one: commit_json(project, one), keyset=True)


def compared(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, _ = code_reached(gitlab, request, token, parts)
    params, repository = request.params(), project.repository
    old, new = _commit(project, str(params.get("from"))), _commit(project, str(params.get("to")))
    base = old if _true(params.get("straight")) else repository.merge_base(old, new)
    commits = repository.log("--reverse", f"{old}..{new}")
    return in_json(
        {
            "commit": commit_json(project, commits[-1]) if commits else None,
            "commits": [commit_json(project, one) for one in commits],
            "diffs": [
                diff_json(project, base, new, path) for path in repository.changed_paths(base, new)
            ],
            "compare_timeout": False,
            "compare_same_ref": old == new,
        }
    )


def created(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    """A commit of actions on files, on a branch that may be made for it."""
    project, user = code_reached(gitlab, request, token, parts, DEVELOPER)
    assert user is not None
    params = request.params()
    for name in ("branch", "commit_message", "actions"):
        if not params.get(name):
            raise Refusal(400, {"error": f"{name} is missing"})
    branch, start = str(params["branch"]), params.get("start_branch") or params.get("start_sha")
    if not may_push(project, user, branch):
        raise Refusal(403, "You are not allowed to push into this branch")
    with project.lock:
        head = project.head(branch)
        if head is not None and start and not _true(params.get("force")):
            text = f"A branch called '{branch}' already exists. Switch to that branch in order to"
            raise Refusal(400, f"{text} make changes")
        if head is None or start:
            if not start and project.refs("refs/heads/"):
                raise Refusal(400, _NO_BRANCH)
            head = project.repository.knows(str(start)) if start else None
        files = _files(project, head, params["actions"])
        message = str(params["commit_message"])
        made = project.rewrite(branch, files, by=user.name, message=message, parent=head)
        commit = project.repository.log("-n", "1", made)[0]
    return in_json(commit_json(project, commit), 201)


def _files(project: Project, head: str | None, actions: Any) -> dict[str, bytes | None]:
    files: dict[str, bytes | None] = {}
    for action in actions:
        path = str(action["file_path"])
        old = files[path] if path in files else project.repository.file(head or "0", path)
        content = str(action.get("content") or "").encode()
        if action.get("encoding") == "base64":
            content = base64.b64decode(content)
        match action.get("action"):
            case "create" if old is not None:
                raise Refusal(400, "A file with this name already exists")
            case "create":
                files[path] = content
            case "update" | "delete" | "chmod" if old is None:
                raise Refusal(400, "A file with this name doesn't exist")
            case "update" | "delete" as kind:
                _check_last(project, head, path, action.get("last_commit_id"))
                files[path] = content if kind == "update" else None
            case "move":
                before = str(action.get("previous_path"))
                moved = project.repository.file(head or "0", before)
                if moved is None:
                    raise Refusal(400, "A file with this name doesn't exist")
                files |= {before: None, path: content if action.get("content") else moved}
            case _:
                raise Refusal(400, {"error": "actions[0][action] does not have a valid value"})
    return files


def _check_last(project: Project, head: str | None, path: str, known: str | None) -> None:
    """Raises `Refusal` when a file was changed after the commit that its editor saw."""
    last = project.repository.log("-n", "1", head or "HEAD", "--", path)
    if not known or not last or last[0].id == known:
        return
    if project.repository.knows(known) and project.repository.contains(last[0].id, known):
        return
    raise Refusal(400, f"The file has changed since you started editing it: {path}")


def file(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    """A file with what is known of it; HEAD gives the same in headers."""
    project, _ = code_reached(gitlab, request, token, parts)
    ref = request.params().get("ref")
    if not ref:
        raise Refusal(400, {"error": "ref is missing, ref is empty"})
    path, commit = unquote(parts["path"]), _commit(project, str(ref))
    content = _content(project, commit, path)
    facts = {
        "file_name": path.rpartition("/")[2],
        "file_path": path,
        "size": len(content),
        "encoding": "base64",
        "content_sha256": hashlib.sha256(content).hexdigest(),
        "ref": ref,
        "blob_id": project.repository.git("rev-parse", f"{commit}:{path}").decode().strip(),
        "commit_id": commit,
        "last_commit_id": project.repository.log("-n", "1", commit, "--", path)[0].id,
        "execute_filemode": False,
    }
    headers = {f"X-Gitlab-{name.replace('_', '-').title()}": str(facts[name]) for name in facts}
    shown = {**facts, "content": base64.b64encode(content).decode()}
    return in_json(shown, headers=headers)


def raw_file(gitlab: GitLab, request: Request, token: Token | None, parts: Parts) -> Answer:
    project, _ = code_reached(gitlab, request, token, parts)
    commit = _commit(project, str(request.params().get("ref") or "HEAD"))
    content = _content(project, commit, unquote(parts["path"]))
    return Answer(200, content, {"Content-Type": "text/plain"})


def _content(project: Project, commit: str, path: str) -> bytes:
    content = project.repository.file(commit, path)
    if content is None:
        raise Refusal(404, "404 File Not Found")
    return content


def _commit(project: Project, name: str) -> str:
    found = project.repository.knows(name)
    if found is None:
        raise Refusal(404, "404 Commit Not Found")
    return found


def commit_json(project: Project, commit: Commit) -> dict[str, Any]:
    """A commit as the API shows it."""
    return {
        "id": commit.id,
        "short_id": commit.id[:8],
        "title": commit.title,
        "message": commit.message,
        "parent_ids": list(commit.parents),
        "author_name": commit.author,
        "author_email": commit.mail,
        "authored_date": commit.time.isoformat(),
        "committer_name": commit.author,
        "committer_email": commit.mail,
        "committed_date": commit.time.isoformat(),
        "created_at": commit.time.isoformat(),
        "trailers": {},
        "extended_trailers": {},
        "web_url": f"{project.web_url}/-/commit/{commit.id}",
    }


def diff_json(project: Project, base: str | None, head: str, path: str) -> dict[str, Any]:
    """The change of one file as the API shows it; a moved file is one removed and one new."""
    old, new = (project.repository.file(name or "0", path) for name in (base, head))
    return {
        "old_path": path,
        "new_path": path,
        "a_mode": "0" if old is None else "100644",
        "b_mode": "0" if new is None else "100644",
        "new_file": old is None,
        "renamed_file": False,
        "deleted_file": new is None,
        "generated_file": False,
        "collapsed": False,
        "too_large": False,
        "diff": project.repository.diff(base, head, path),
    }


def _true(value: Any) -> bool:
    return str(value).lower() in ("true", "1")

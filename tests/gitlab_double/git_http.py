"""git over HTTP: GitLab's door before the real upload-pack and receive-pack."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

from tests.gitlab_double import protections
from tests.gitlab_double.accounts import Token, git_unauthorized
from tests.gitlab_double.exchange import Answer, Call, Refusal, Request, in_text
from tests.gitlab_double.faults import packet
from tests.gitlab_double.projects import Project
from tests.gitlab_double.protections import DEVELOPER, REPORTER, Push, Update
from tests.gitlab_double.pushing import received
from tests.gitlab_double.repositories import ENVIRONMENT, ZERO

if TYPE_CHECKING:
    from tests.gitlab_double.gitlab import GitLab

_PATH = re.compile(r"/(?P<name>.+?)\.git/(?P<call>info/refs|git-upload-pack|git-receive-pack)")
_WRITES = ("write_repository", "api")
_READS = ("read_repository", *_WRITES)
_NO_PUSH = "You are not allowed to push code to this project."
_HIDDEN = (
    "The project you were looking for could not be found or you don't have permission to view it."
)


def answer(gitlab: GitLab, request: Request, path: str, call: Call) -> Answer:
    """Answer one of git's three requests; anything else is a page that is not here."""
    match = _PATH.fullmatch(path)
    if match is None and path.endswith("/info/refs"):
        place = f"{gitlab.url}{path.removesuffix('/info/refs')}.git/info/refs?{request.query}"
        return Answer(301, b"", {"Location": place})
    if match is None:
        return in_text(404, "Not Found")
    service = request.params().get("service", "")
    if match["call"] != "info/refs":
        service = match["call"]
    if service not in ("git-upload-pack", "git-receive-pack"):
        return in_text(403, "Dumb HTTP is not supported")
    try:
        token = gitlab.accounts.git_caller(request)
        call.user = token.user.name if token else None
        project = _reached(gitlab, match["name"], token, writes=service == "git-receive-pack")
    except Refusal as refusal:
        return in_text(refusal.status, str(refusal.message), refusal.headers)
    if match["call"] == "info/refs":
        return _advertised(project, request, service)
    if service == "git-upload-pack":
        output = _run(project, service, request)
    else:
        assert token is not None
        output = _pushed(project, request, token)
    kind = f"application/x-{service}-result"
    return Answer(200, output, {"Content-Type": kind, "Cache-Control": "no-cache"})


def _reached(gitlab: GitLab, name: str, token: Token | None, *, writes: bool) -> Project:
    project = gitlab.projects.get(name)
    user = token.user if token else None
    public = project is not None and project.settings.visibility == "public"
    if token is None and (writes or not public):
        raise git_unauthorized()
    if project is None or not project.readable(user):
        raise Refusal(404, _HIDDEN)
    if token is not None and not set(_WRITES if writes else _READS) & set(token.scopes):
        raise Refusal(403, "Access denied")
    if writes and project.role(user) < DEVELOPER:
        raise Refusal(403, _NO_PUSH)
    if writes and project.settings.archived:
        raise Refusal(403, _NO_PUSH)
    if not public and project.role(user) < REPORTER:
        raise Refusal(403, "You are not allowed to download code from this project.")
    return project


def _advertised(project: Project, request: Request, service: str) -> Answer:
    refs = _run(project, service, request, "--http-backend-info-refs")
    body = refs
    if "version=2" not in request.headers.get("git-protocol", "") or "receive" in service:
        body = packet(f"# service={service}\n".encode()) + b"0000" + refs
    kind = f"application/x-{service}-advertisement"
    return Answer(200, body, {"Content-Type": kind, "Cache-Control": "no-cache"})


def _run(
    project: Project,
    service: str,
    request: Request,
    *options: str,
    environment: dict[str, str] | None = None,
) -> bytes:
    done = subprocess.run(
        ["git", service.removeprefix("git-"), "--stateless-rpc", *options, str(project.path)],
        input=b"" if options else request.body,
        capture_output=True,
        env={
            **ENVIRONMENT,
            "GIT_PROTOCOL": request.headers.get("git-protocol", ""),
            **(environment or {}),
        },
        check=False,
    )
    return done.stdout


def _pushed(project: Project, request: Request, token: Token) -> bytes:
    """Have git take a push, refuse what GitLab refuses, and do what follows from it."""
    push = read_push(request.body)
    with project.lock:
        said = protections.refusal(project, token.user, push)
        environment = protections.hook_environment(project, push)
        environment["DOUBLE_REFUSAL"] = said or ""
        environment["DOUBLE_MESSAGE"] = _invitation(project, push)
        output = _run(project, "git-receive-pack", request, environment=environment)
        refs = project.refs()
        done = [u for u in push.updates if refs.get(u.ref, ZERO) == u.new != u.old]
        project.pushes.append(push)
        if "ci.skip" in push.options:
            project.pipelines |= {update.new: "skipped" for update in done}
        received(project, token.user, done)
    return output


def _invitation(project: Project, push: Push) -> str:
    """What GitLab says after a new branch."""
    lines = []
    for update in push.updates:
        branch = update.branch
        if branch and update.old == ZERO and branch != project.default_branch:
            link = f"{project.web_url}/-/merge_requests/new?merge_request%5Bsource_branch%5D="
            lines += [
                "",
                f"To create a merge request for {branch}, visit:",
                f"  {link}{branch}",
                "",
            ]
    return "\n".join(lines)


def read_push(body: bytes) -> Push:
    """The commands and options in front of the pack of a push."""
    lines, rest = _section(body)
    updates, capabilities = [], b""
    for number, line in enumerate(lines):
        if number == 0:
            line, _, capabilities = line.partition(b"\0")
        old, new, ref = line.decode().rstrip("\n").split(" ", 2)
        updates.append(Update(ref, old, new))
    options: list[str] = []
    if b"push-options" in capabilities:
        options = [line.decode().rstrip("\n") for line in _section(rest)[0]]
    return Push(updates, options)


def _section(data: bytes) -> tuple[list[bytes], bytes]:
    """The lines of git's protocol up to a flush, and what follows."""
    lines: list[bytes] = []
    place = 0
    while place + 4 <= len(data):
        size = int(data[place : place + 4], 16)
        if size == 0:
            return lines, data[place + 4 :]
        lines.append(data[place + 4 : place + size])
        place += size
    return lines, b""

"""Faults of a server that tests ask for: at which step, how often, and what goes wrong."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from typing import Literal

from tests.gitlab_double.exchange import Answer, Request, in_html, in_json, in_text

Kind = Literal[
    "reset",
    "unauthorized",
    "forbidden",
    "too_many",
    "error",
    "html",
    "truncated",
    "lost_before",
    "lost_after",
    "slow",
    "redirect",
    "foreign_page",
    "busy",
]
STEPS = (
    "git-refs",
    "git-fetch",
    "git-push",
    "mr-list",
    "mr-create",
    "mr-get",
    "mr-update",
    "mr-merge",
    "notes-list",
    "notes-create",
    "project-get",
    "branches",
    "user-get",
    "token-get",
    "hooks",
    "oauth-token",
    "any",
)
_AFTER = ("truncated", "lost_after", "slow", "foreign_page")
_LIMITED = "This endpoint has been requested too many times. Try again later."
_BUSY = "GitLab is currently unable to handle this request due to load."


@dataclass(slots=True)
class Fault:
    """Something that goes wrong at a step, a number of times."""

    on: str
    kind: Kind
    times: int = 1
    seconds: float = 1.0
    """How long a slow body takes."""
    status: int = 500
    """The code of an "error"."""
    retry_after: int | str | None = None
    """The header of a "too_many", in seconds or as an HTTP date; None: no header."""
    effect: bool = False
    """Whether an "error", "html" or "too_many" comes after the effect was made."""
    short: bool = False
    """Whether a "truncated" body is shorter than announced, instead of announced as cut."""
    path: str = ""
    """Only for requests whose path contains this."""
    after: int = 0
    """How many requests of the step go well before."""
    met: int = 0
    """How often it struck."""

    def __post_init__(self) -> None:
        if self.on not in STEPS:
            raise ValueError(f"no such step: {self.on}")

    @property
    def spares_effect(self) -> bool:
        """Whether the request is carried out all the same."""
        return self.kind in _AFTER or self.effect


class Faults(list[Fault]):
    """The faults that still wait for their request."""

    def __init__(self) -> None:
        super().__init__()
        self._guard = threading.Lock()

    def take(self, step: str | None, path: str) -> Fault | None:
        """The fault that strikes now, with one strike used up."""
        with self._guard:
            for fault in list(self):
                if fault.on not in (step, "any") or fault.path not in path:
                    continue
                if fault.after:
                    fault.after -= 1
                    continue
                fault.times -= 1
                fault.met += 1
                if fault.times <= 0:
                    self.remove(fault)
                return fault
        return None


def broken(fault: Fault, request: Request, *, foreign: str) -> Answer:
    """What is answered in the place of the real answer."""
    git = ".git/" in request.path
    match fault.kind:
        case "reset":
            return Answer(reset=True)
        case "lost_before":
            return Answer(cut=True)
        case "unauthorized" if git:
            return in_text(401, "HTTP Basic: Access denied.", {"WWW-Authenticate": _REALM})
        case "unauthorized":
            return in_json({"message": "401 Unauthorized"}, 401)
        case "forbidden" if git:
            return in_text(403, "You are not allowed to do this on this project.")
        case "forbidden":
            return in_json({"message": "403 Forbidden"}, 403)
        case "too_many":
            return _too_many(fault, git)
        case "html":
            return in_html(200, "Please sign in")
        case "redirect":
            query = f"?{request.query}" if request.query else ""
            return Answer(302, b"", {"Location": foreign + request.path + query})
        case "busy":
            return _busy(request)
        case _:
            return in_html(fault.status, "Whoops, something went wrong on our end.")


_REALM = 'Basic realm="GitLab"'


def _too_many(fault: Fault, git: bool) -> Answer:
    headers = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    if git:
        return in_text(429, "Retry later\n", headers)
    return in_json({"message": {"error": _LIMITED}}, 429, headers)


def _busy(request: Request) -> Answer:
    """Gitaly at its limit: git is told in its own protocol, with a 200."""
    kind = "application/x-git-receive-pack-result"
    if request.path.endswith("/git-receive-pack"):
        report = b"\x01001aunpack server is busy\n0000"
        text = b"\x02" + _BUSY.encode() + b"\n"
        body = packet(report) + packet(text) + b"0000"
        return Answer(200, body, {"Content-Type": kind})
    body = packet(f"ERR {_BUSY}\n".encode())
    kind = "application/x-git-upload-pack-result"
    if request.path.endswith("/info/refs"):
        service = "git-receive-pack" if "receive" in request.query else "git-upload-pack"
        kind = f"application/x-{service}-advertisement"
        body = packet(f"# service={service}\n".encode()) + b"0000" + body
    return Answer(200, body, {"Content-Type": kind})


def packet(data: bytes) -> bytes:
    """A line of git's protocol."""
    return f"{len(data) + 4:04x}".encode() + data


def spoiled(fault: Fault, answer: Answer, request: Request, *, foreign: str) -> Answer:
    """The real answer, as it arrives with the fault."""
    match fault.kind:
        case "lost_after":
            return Answer(cut=True)
        case "slow":
            answer.drip = fault.seconds
            if not answer.body:
                answer.body = json.dumps({}).encode()
        case "truncated":
            answer.promised = len(answer.body) if fault.short else None
            answer.body = answer.body[: len(answer.body) // 2]
        case "foreign_page":
            query = f"{request.query}&page=2" if request.query else "page=2"
            answer.headers["Link"] = f'<{foreign}{request.path}?{query}>; rel="next"'
            answer.headers["X-Next-Page"] = "2"
        case _:
            return broken(fault, request, foreign=foreign)
    return answer

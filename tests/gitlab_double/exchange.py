"""One HTTP exchange: what was asked, what is answered, and what is written down of both."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it arrived. Header names are in lower case; the path is still encoded."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    def params(self) -> dict[str, Any]:
        """Query and body (JSON or form) together; names that end in `[]` give lists."""
        found: dict[str, Any] = {}
        pairs = parse_qsl(self.query, keep_blank_values=True)
        kind = self.headers.get("content-type", "").split(";")[0].strip()
        if kind == "application/x-www-form-urlencoded":
            pairs += parse_qsl(self.body.decode(), keep_blank_values=True)
        for name, value in pairs:
            if name.endswith("[]"):
                found.setdefault(name[:-2], []).append(value)
            else:
                found[name] = value
        if kind == "application/json" and self.body:
            content = json.loads(self.body)
            if isinstance(content, dict):
                found.update(content)
        return found


@dataclass(slots=True)
class Answer:
    """What is sent back, and how the connection misbehaves while it is sent."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False
    """Cut the connection instead of answering."""
    reset: bool = False
    """Cut it by a TCP reset."""
    promised: int | None = None
    """The length that is announced, when it is not the body's."""
    drip: float = 0.0
    """Seconds over which the body is sent, byte by byte."""


@dataclass(slots=True)
class Call:
    """A request in the log of a server. `status` is None while it is not answered, 0 if cut."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    step: str | None = None
    user: str | None = None
    status: int | None = None
    fault: str | None = None

    @property
    def text(self) -> str:
        """All that was sent in one text, to look for secrets in."""
        lines = [f"{self.method} {self.path}?{self.query}", unquote(self.path)]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\n".join([*lines, self.body.decode("utf-8", "replace")])


class Refusal(Exception):
    """An answer that ends a request: GitLab's code and its message."""

    def __init__(
        self, status: int, message: object, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"{status} {message}")
        self.status = status
        self.message = message
        self.headers = dict(headers or {})

    def answer(self) -> Answer:
        """As GitLab says it: `{"message": …}`, or `{"error": …}` when given as a mapping so."""
        content = self.message
        if not (isinstance(content, dict) and ("error" in content or "message" in content)):
            content = {"message": content}
        return in_json(content, self.status, self.headers)


def in_json(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer in JSON."""
    shown = {"Content-Type": "application/json", **(headers or {})}
    return Answer(status, json.dumps(content).encode(), shown)


def in_html(status: int, title: str) -> Answer:
    """A page as a proxy or GitLab's own error page has it."""
    page = (
        f"<!DOCTYPE html>\n<html>\n<head><title>{title} ({status})</title></head>\n"
        f"<body><h1>{status}</h1><h3>{title}</h3></body>\n</html>\n"
    )
    return Answer(status, page.encode(), {"Content-Type": "text/html; charset=utf-8"})


def in_text(status: int, text: str, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer in plain text."""
    shown = {"Content-Type": "text/plain; charset=utf-8", **(headers or {})}
    return Answer(status, text.encode(), shown)

"""One hostile request as a row of a table, and what is held of every answer to one."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from retouche.wiring import repository_path
from tests.datasets import Browser

LONGEST = 2.0
"""Seconds of a processor that an answer may take: not of the clock, which others share."""
LEAKS = ("Traceback", "/retouche/", "site-packages", "<class", "Error(", "/tmp/", ".sqlite", "\x1b")


@dataclass(frozen=True, slots=True)
class Ask:
    """A request, and the status and the code of the refusal; no code where it is answered."""

    name: str
    path: str
    status: int
    code: str | None = None
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    """Sent as JSON; bytes are sent as they are."""
    media: str = "application/json"


def table(*asks: Ask | Iterable[Ask]) -> pytest.MarkDecorator:
    """A test for each of the requests."""
    listed: list[Ask] = []
    for one in asks:
        listed += [one] if isinstance(one, Ask) else one
    names = [one.name for one in listed]
    assert len(names) == len(set(names)), "two rows have one name"
    return pytest.mark.parametrize("ask", listed, ids=[name[:80] for name in names])


def send(browser: Browser, ask: Ask) -> Any:
    """Send a request and hold what is true of every answer; gives the answer."""
    options: dict[str, Any] = {"headers": {k: _header(v) for k, v in ask.headers.items()}}
    if isinstance(ask.body, bytes):
        options |= {"data": ask.body, "content_type": ask.media}
    elif ask.body is not None:
        options["json"] = ask.body
    path = ask.path if ask.path.startswith("/") else f"{browser.api}/{ask.path}"
    start = time.thread_time()
    answer: Any = browser.client.open(path, method=ask.method, **options)
    text = answer.get_data().decode("utf-8", "replace")
    taken = time.thread_time() - start
    assert taken < LONGEST, f"{taken:.1f} s of a processor"
    assert answer.status_code < 500, text[:500]
    if answer.status_code >= 400:
        for leak in LEAKS:
            assert leak not in text
    return answer


def check(browser: Browser, ask: Ask) -> Any:
    """Send it: it has the status and the code that it must, and nothing was written."""
    before = written(browser)
    answer = send(browser, ask)
    assert answer.status_code == ask.status, answer.get_data(as_text=True)[:500]
    if ask.code is not None:
        assert answer.content_type == "application/problem+json"
        body = answer.json
        assert (body["code"], body["status"]) == (ask.code, ask.status)
        assert body["detail"].strip()
        assert body["request_id"]
    assert written(browser) == before
    return answer


def written(browser: Browser) -> tuple[str, Mapping[str, int], int]:
    """All that a request might have written: refs, proposals, remarks."""
    services = browser.services
    dataset = services.catalogue.get(browser.dataset)
    path = repository_path(services.settings.home, browser.dataset)
    listed = subprocess.run(
        ["git", "-C", str(path), "for-each-ref"], capture_output=True, text=True, check=True
    )
    remarks = services.voices.open_remarks(dataset)
    return listed.stdout, services.proposals.counts(dataset), remarks


def only(answer: Any, allowed: Collection[int]) -> None:
    assert answer.status_code in allowed, answer.get_data(as_text=True)[:300]


def _header(text: str) -> str:
    """As WSGI shows the bytes of a header."""
    return text.encode("utf-8", "surrogatepass").decode("latin-1")

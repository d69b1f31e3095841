"""Tokens reach the one server they are for, in a header, and nothing else whatever goes wrong."""

from __future__ import annotations

import base64
import logging
import os
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from retouche.core.errors import RetoucheError
from retouche.core.messages import problem
from retouche.forges.gitlab import answers
from retouche.forges.repository import BareRepository
from retouche.ports import Reviewer
from tests.forges.contract import FIRST, seed
from tests.forges.gitlab_places import GitLabPlace, make_place
from tests.gitlab_double import Fault, GitLab
from tests.gitlab_double.exchange import Answer, Request

KINDS: tuple[Any, ...] = (
    "unauthorized",
    "forbidden",
    "too_many",
    "error",
    "html",
    "truncated",
    "redirect",
    "foreign_page",
    "lost_after",
)
STEPS = (
    "git-refs",
    "git-fetch",
    "git-push",
    "mr-list",
    "mr-create",
    "mr-get",
    "mr-merge",
    "mr-update",
    "notes-list",
    "branches",
    "user-get",
)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return seed(tmp_path_factory.mktemp("gitlab-secrets") / "seed.git")


@pytest.fixture
def place(tmp_path: Path, filled: Path) -> Iterator[GitLabPlace]:
    with GitLab() as gitlab:
        place = make_place(tmp_path / "home", gitlab, filled)
        yield place
        place.forge.repository.close()


def forms(place: GitLabPlace) -> list[str]:
    """The tokens as they could be written down."""
    assert place.reviewer is not None
    assert place.reviewer.token is not None
    found = []
    for token in (place.token, place.reviewer.token):
        found += [token, base64.b64encode(f"oauth2:{token}".encode()).decode()[:-4]]
    return found


def texts(error: BaseException) -> str:
    """All that a log could say of an error, and of what led to it."""
    parts = [str(error), repr(error), *traceback.format_exception(error)]
    waiting, known = [error], set()
    while waiting:
        one = waiting.pop()
        known.add(id(one))
        parts += [str(one), repr(one), repr(one.args), *getattr(one, "__notes__", [])]
        parts += [repr(value) for value in vars(one).values()]
        for other in (one.__cause__, one.__context__):
            if other is not None and id(other) not in known:
                waiting.append(other)
    if isinstance(error, RetoucheError):
        parts += [*problem(error, "fr"), *problem(error, "en")]
    return "\n".join(parts)


def everything(place: GitLabPlace) -> Iterator[BaseException | None]:
    """What a server does with a project, whatever comes of it."""
    acts: tuple[Callable[[], Any], ...] = (
        place.forge.fetch,
        place.open,
        lambda: list(place.forge.requests()),
        lambda: place.forge.notes(1),
        lambda: place.forge.label(1, add=("a",)),
        lambda: place.forge.role(str(place.reviewer.token if place.reviewer else "")),
        lambda: place.merge(place.open().head),
        lambda: place.forge.close(FIRST, reviewer=place.reviewer),
    )
    for act in acts:
        try:
            act()
            yield None
        except Exception as error:  # whatever it is, it must not tell
            yield error


@pytest.mark.attack("token-exposure", "token-elsewhere")
@pytest.mark.parametrize("kind", KINDS)
def test_no_error_and_no_log_holds_a_token_and_no_other_host_gets_one(
    place: GitLabPlace, kind: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for step in STEPS:
        place.gitlab.fault(Fault(on=step, kind=kind, times=2))
    said = [texts(error) for error in everything(place) if error is not None]
    assert kind == "foreign_page" or said
    place.gitlab.faults.clear()
    written = "\n".join([*said, caplog.text, *(repr(one.__dict__) for one in caplog.records)])
    for form in forms(place):
        assert form not in written
    assert place.gitlab.foreign.calls == []
    assert "127.0.0.1" in caplog.text  # something was logged at all


def test_a_server_that_quotes_the_token_back_is_not_quoted(
    place: GitLabPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def echo(fault: Fault, request: Request, *, foreign: str) -> Answer:
        text = " ".join(f"{name}: {value}" for name, value in request.headers.items())
        return Answer(403, text.encode(), {"Content-Type": "text/plain"})

    monkeypatch.setattr("tests.gitlab_double.gateway.broken", echo)
    for step in STEPS:
        place.gitlab.fault(Fault(on=step, kind="forbidden", times=3))
    said = [texts(error) for error in everything(place) if error is not None]
    assert said
    for form in forms(place):
        assert form not in "\n".join(said)


@pytest.mark.attack("token-exposure")
def test_no_command_line_and_no_file_holds_a_token(
    place: GitLabPlace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started: list[str] = []
    process = BareRepository.process

    @contextmanager
    def recorded(repository: BareRepository, *arguments: str, **options: Any) -> Iterator[Any]:
        started.append(" ".join(arguments))
        with process(repository, *arguments, **options) as running:
            yield running

    monkeypatch.setattr(BareRepository, "process", recorded)
    with sampled() as seen:
        for fault in (None, Fault(on="git-push", kind="forbidden")):
            if fault is not None:
                place.gitlab.fault(fault)
            list(everything(place))
    assert any(one.startswith("push ") for one in started)
    assert any("git-remote-http" in one for one in seen)
    lines = "\n".join([*started, *seen])
    for form in forms(place):
        assert form not in lines
        for path in (one for one in tmp_path.rglob("*") if one.is_file()):
            assert form.encode() not in path.read_bytes(), path


@contextmanager
def sampled() -> Iterator[set[str]]:
    """The command lines of all processes of this machine, looked at again and again."""
    seen: set[str] = set()
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.001):
            for name in os.listdir("/proc"):
                if name.isdigit():
                    with suppress(OSError):
                        line = Path("/proc", name, "cmdline").read_bytes()
                        seen.add(line.replace(b"\0", b" ").decode("utf-8", "replace"))

    watch = threading.Thread(target=look)
    watch.start()
    try:
        yield seen
    finally:
        ended.set()
        watch.join()


@pytest.mark.attack("token-exposure")
def test_a_token_is_in_a_header_and_never_in_an_address(place: GitLabPlace) -> None:
    list(everything(place))
    assert len(place.gitlab.calls) > 10
    for call in place.gitlab.calls:
        address = f"{call.path}?{call.query}"
        assert not any(form in address for form in forms(place))
        assert not any(form in call.body.decode("utf-8", "replace") for form in forms(place))
        # Sent at once: many tries without one would shut us out.
        assert call.headers["authorization"].startswith(("Bearer ", "Basic "))
        assert "cookie" not in call.headers
        assert "private-token" not in call.headers


def test_no_netrc_no_proxy_and_no_credential_helper_is_asked(
    place: GitLabPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "somebody"
    home.mkdir()
    (home / ".netrc").write_text("machine 127.0.0.1 login somebody password hunter2\n")
    (home / ".git-credentials").write_text(f"http://a:hunter2@{place.gitlab.url[7:]}\n")
    (home / ".gitconfig").write_text("[credential]\n\thelper = store\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    place.gitlab.fault(Fault(on="git-refs", kind="unauthorized", times=2))
    place.gitlab.fault(Fault(on="mr-list", kind="unauthorized"))
    for _ in range(2):
        with pytest.raises(RetoucheError, match="forge_unauthorized"):
            place.forge.fetch()
    with pytest.raises(RetoucheError, match="forge_unauthorized"):
        list(place.forge.requests())
    sent = "".join(call.text for call in place.gitlab.calls)
    assert "hunter2" not in sent
    for pair in (b"a:hunter2", b"somebody:hunter2"):
        assert base64.b64encode(pair).decode() not in sent
    assert place.forge.fetch().tip is not None


def test_git_writes_down_nothing_of_what_it_was_given(
    place: GitLabPlace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    traces = tmp_path / "traces"
    traces.mkdir()
    for name in ("TRACE", "TRACE_CURL", "TRACE2", "TRACE2_EVENT", "TRACE2_PERF", "TRACE_SETUP"):
        monkeypatch.setenv(f"GIT_{name}", str(traces / name))
    monkeypatch.setenv("GIT_TRACE2_CONFIG_PARAMS", "*")
    monkeypatch.setenv("GIT_TRACE2_ENV_VARS", "GIT_CONFIG_VALUE_0")
    monkeypatch.setenv("GIT_TRACE_REDACT", "0")
    forge = place.again()
    assert forge.fetch().tip is not None
    assert list(traces.iterdir()) == []
    forge.repository.close()


def test_a_token_is_read_when_it_is_used(place: GitLabPlace) -> None:
    given = [place.gitlab.token("bot"), place.gitlab.token("bot")]
    present = iter(given)
    forge = place.again(token=lambda: next(present))
    assert list(forge.requests()) == []
    place.gitlab.revoke(given[0])
    assert list(forge.requests()) == []


def test_a_printed_reviewer_tells_no_token() -> None:
    assert "secret" not in repr(Reviewer(name="maintainer", token="secret"))


@pytest.mark.attack("terminal-escapes")
@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("fatal: https://oauth2:secret@host/a.git", "fatal: https://host/a.git"),
        ("\x1b]0;title\x07 a\u202eb\r\n\n c", "]0;title ab c"),
        ("x" * 1000, "x" * 300),
        ("the secret is out", "the … is out"),
    ],
)
def test_words_of_gitlab_are_made_harmless(text: str, kept: str) -> None:
    assert answers.plain(text, secrets=("secret", "")) == kept

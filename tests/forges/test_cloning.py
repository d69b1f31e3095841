"""A real `git clone` over smart HTTP, and requests that no git would send."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from retouche.core.errors import Malformed
from retouche.forges.embedded import EmbeddedForge
from retouche.forges.repository import BareRepository
from tests.forges.places import accept, make_forge, propose
from tests.forges.plain_git import git, is_sound


@pytest.fixture
def forge(tmp_path: Path) -> EmbeddedForge:
    forge = make_forge(tmp_path, b"".join(b"%d;to do\n" % line for line in range(50_000)))
    accept(forge, 1, propose(forge, 1))
    propose(forge, 2)
    return forge


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        return


@pytest.fixture
def url(forge: EmbeddedForge) -> Iterator[str]:
    repository = forge.repository

    def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        protocol = environ.get("HTTP_GIT_PROTOCOL")
        if environ["REQUEST_METHOD"] == "GET":
            assert environ["QUERY_STRING"] == "service=git-upload-pack"
            kind, body = "advertisement", iter([repository.advertise(protocol=protocol)])
        else:
            data = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            kind, body = "result", repository.serve(data, protocol=protocol)
        start_response("200 OK", [("Content-Type", f"application/x-git-upload-pack-{kind}")])
        return body

    with make_server("127.0.0.1", 0, application, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/x.git"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("version", [0, 1, 2])
def test_a_clone_shows_an_ordinary_history(
    forge: EmbeddedForge, url: str, tmp_path: Path, version: int
) -> None:
    copy = tmp_path / "copy"
    git(tmp_path, "-c", f"protocol.version={version}", "clone", "--quiet", url, str(copy))
    assert git(copy, "rev-parse", "HEAD") == forge.published()
    assert git(copy, "log", "--first-parent", "--format=%s") == "Accept\nImport centres"
    assert (copy / "data" / "a.csv").read_bytes().startswith(b"0;to do\n1;done\n2;to do\n")
    assert "origin/proposals/centres/0000000000000002" in git(copy, "branch", "-r")
    accept(forge, 3, propose(forge, 3))
    git(copy, "-c", f"protocol.version={version}", "pull", "--quiet")
    assert git(copy, "rev-parse", "HEAD") == forge.published()
    assert is_sound(copy)


def test_merge_requests_can_be_fetched_by_number(
    forge: EmbeddedForge, url: str, tmp_path: Path
) -> None:
    git(tmp_path, "init", "--quiet", "copy")
    git(tmp_path / "copy", "fetch", "--quiet", url, "refs/merge-requests/1/head")
    assert git(tmp_path / "copy", "log", "-1", "--format=%s", "FETCH_HEAD") == "Correct 1"


@pytest.mark.attack("clone-protocol")
@pytest.mark.parametrize("protocol", ["", "version=3", "version=2\n", "x" * 5000, "version=2:x"])
def test_a_protocol_that_is_not_plain_is_ignored(forge: EmbeddedForge, protocol: str) -> None:
    plain = forge.repository.advertise()
    assert plain.startswith(b"001e# service=git-upload-pack\n0000")
    assert forge.repository.advertise(protocol=protocol) == plain


@pytest.mark.attack("clone-protocol")
@pytest.mark.parametrize("body", [b"garbage", b"ffff", b"0005", b"\0\0\0\0", b"0032want zzz\n"])
def test_a_body_that_git_does_not_understand_is_malformed(
    forge: EmbeddedForge, body: bytes
) -> None:
    with pytest.raises(Malformed):
        forge.repository.serve(body)


def test_an_empty_request_has_an_empty_answer(forge: EmbeddedForge) -> None:
    assert list(forge.repository.serve(b"0000")) == []


def test_an_answer_that_is_cut_short_ends_git(forge: EmbeddedForge) -> None:
    tip = forge.published()
    body = b"0032want " + tip.encode() + b"\n00000009done\n"
    whole = b"".join(forge.repository.serve(body))
    assert b"PACK" in whole
    answer = forge.repository.serve(body)
    assert next(answer)
    answer.close()
    answer.close()
    assert list(answer) == []


def test_a_repository_that_is_gone_cannot_be_cloned(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="forge_unavailable"):
        BareRepository(tmp_path).advertise()

"""Odd servers and odd words: every call ends in time, with an answer or an error of ours."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from retouche.connection import Connection
from retouche.core.errors import (
    ForgeRefused,
    ForgeUnavailable,
    HeadMoved,
    NotAllowed,
    NotSignedIn,
    RetoucheError,
    StorageFull,
)
from retouche.core.messages import REASONS, problem
from retouche.forges.gitlab import answers
from retouche.forges.gitlab.api import Api
from retouche.forges.gitlab.branches import Branches
from retouche.forges.gitlab.limits import Deadlines
from retouche.forges.gitlab.mirror import Mirror
from retouche.forges.gitlab.requests import ready_title
from retouche.forges.gitlab.saying import failure
from retouche.forges.gitlab.session import MAX_ANSWER, Unclear
from retouche.forges.output import Output
from retouche.forges.refs import proposal_ref
from retouche.forges.repository import BareRepository
from retouche.web.accounts.oauth import OAuth

SHORT = Deadlines(connect=1.0, read=0.5, call=0.8, refs=0.8)
HOST = "https://gitlab.example"
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@contextmanager
def server(
    *parts: bytes, pause: float = 0.0, certificate: Path | None = None
) -> Iterator[tuple[str, list[bytes]]]:
    """A server that sends the same parts to everybody, with pauses, and what it was asked."""
    asked: list[bytes] = []
    ended = threading.Event()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certificate is not None:
        tls.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while not ended.is_set():
                with suppress(OSError):
                    connection, _ = listener.accept()
                    with connection if certificate is None else secured(tls, connection) as spoken:
                        asked.append(spoken.recv(65536))
                        for part in parts:
                            spoken.sendall(part)
                            if pause and ended.wait(pause):
                                break

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            host = "http://127.0.0.1" if certificate is None else "https://localhost"
            yield f"{host}:{listener.getsockname()[1]}", asked
        finally:
            ended.set()
            with suppress(OSError):
                socket.create_connection(listener.getsockname(), timeout=1).close()
            thread.join()


def secured(tls: ssl.SSLContext, connection: socket.socket) -> ssl.SSLSocket:
    connection.settimeout(2.0)
    with connection:
        return tls.wrap_socket(connection, server_side=True)


def said(base_url: str, *, is_reviewer: bool = False) -> RetoucheError:
    """How a call to a server ends, which it does in time."""
    api = Api(base_url, "a/b", lambda: "token", deadlines=SHORT, is_reviewer=is_reviewer)
    start = time.monotonic()
    with pytest.raises(RetoucheError) as refused:
        api.request(1)
    assert time.monotonic() - start < 10.0
    return refused.value


@pytest.mark.fault(24)
def test_headers_that_drip_for_ever_are_given_up() -> None:
    drips = [OK, *[b"X-A: b\r\n"] * 500]
    with server(*drips, pause=0.05) as (url, _):
        assert said(url).reason == "forge_timeout"


@pytest.mark.fault(24)
def test_a_body_that_drips_for_ever_is_given_up() -> None:
    with server(OK + b"Content-Length: 500\r\n\r\n", *[b" "] * 500, pause=0.05) as (url, _):
        assert said(url).reason == "forge_timeout"


def test_silence_is_given_up() -> None:
    with server(b"", pause=5.0) as (url, _):
        assert said(url).reason == "forge_timeout"


def test_an_answer_without_end_is_not_read_to_its_end() -> None:
    megabyte = b"[" + b"0," * 500_000
    with server(OK + b"\r\n", *[megabyte] * (MAX_ANSWER // len(megabyte) + 4)) as (url, _):
        assert said(url).reason in ("forge_answer_unclear", "forge_timeout")


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"1", b"null", b"{", b'{"iid": 1}', b'{"iid": "1"}', b"\xff", b"[" * 100_000],
)
def test_json_that_is_no_merge_request_is_unclear(body: bytes) -> None:
    with server(OK + b"Connection: close\r\n\r\n" + body) as (url, _):
        assert said(url).reason == "forge_answer_unclear"


def test_words_that_are_not_http_are_told() -> None:
    with server(b"SSH-2.0-OpenSSH_9.2\r\n") as (url, _):
        assert said(url).reason == "forge_unreachable"


def test_what_may_not_be_seen_is_not_allowed_to_a_reviewer() -> None:
    for status, kind in ((401, NotSignedIn), (403, NotAllowed), (404, NotAllowed)):
        line = b"HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n" % status
        with server(line) as (url, _):
            assert isinstance(said(url, is_reviewer=True), kind)


def test_nothing_but_the_token_goes_along() -> None:
    line = b"HTTP/1.1 500 No\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
    with server(line) as (url, asked):
        api = Api(url, "a/b", lambda: " token\n", deadlines=SHORT)
        for _ in range(2):
            with pytest.raises(ForgeUnavailable):
                api.request(1)
    first, second = asked[:2]
    assert first == second
    assert b"Authorization: Bearer token\r\n" in first
    assert b"ookie" not in first
    assert first.startswith(b"GET /api/v4/projects/a%2Fb/merge_requests/1 HTTP/1.1\r\n")


@pytest.mark.parametrize("path", ["http://x/y", "//x", "a/../b", "a?b", "a%2Fb", "A", "", "a/"])
def test_paths_are_constants_of_ours(path: str) -> None:
    api = Api("http://127.0.0.1:9", "a/b", str)
    for ask in (api.read, api.root):
        with pytest.raises(ValueError, match="constant"):
            ask(path)


@pytest.mark.fault(24)
def test_a_git_server_that_says_nothing_is_given_up_with_all_its_processes(tmp_path: Path) -> None:
    repository = BareRepository.create(tmp_path / "m.git", "main")
    with server(b"", pause=30.0) as (url, _):
        mirror = Mirror(repository, f"{url}/a/b.git", lambda: "token", deadlines=SHORT)
        start = time.monotonic()
        with pytest.raises(ForgeUnavailable) as refused:
            mirror.look("HEAD")
        assert refused.value.reason == "forge_timeout"
        assert time.monotonic() - start < 10.0
        port = url.rpartition(":")[2].encode()
        time.sleep(0.1)
        assert not any(
            b"git" in line and port in line
            for line in (_line(one) for one in Path("/proc").glob("[0-9]*/cmdline"))
        )
    repository.close()


def _line(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of `localhost` that no authority signed, with its key."""
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, *form)
    )
    return path


@pytest.mark.parametrize("is_trusted", [False, True])
@pytest.mark.fault(21)
def test_a_certificate_is_trusted_only_when_this_machine_does(
    tmp_path: Path, certificate: Path, is_trusted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GIT_SSL_CAINFO", raising=False)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    repository = BareRepository.create(tmp_path / "m.git", "main")
    with server(OK + b"Content-Length: 1\r\n\r\n{", certificate=certificate) as (url, _):
        mirror = Mirror(repository, f"{url}/a/b.git", lambda: "token", deadlines=SHORT)
        with pytest.raises(ForgeUnavailable) as refused:
            Branches(mirror, "centres", None, fetch_timeout=5.0).catch_up()
        found = [said(url).reason, refused.value.reason]
    # curl also minds that this server ends without a word.
    trusted = (["forge_answer_unclear"] * 2, ["forge_answer_unclear", "forge_unreachable"])
    assert found in (trusted if is_trusted else (["forge_untrusted"] * 2,))
    repository.close()


@pytest.mark.parametrize("is_trusted", [False, True])
def test_a_sign_in_trusts_only_whom_this_machine_does(
    certificate: Path, is_trusted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with server(OK + b"Content-Length: 1\r\n\r\n{", certificate=certificate) as (url, asked):
        connection = Connection(
            base_url=url, project="a/b", clone_url=f"{url}/a/b.git", token=lambda: "token"
        )
        with pytest.raises(ForgeUnavailable, match="gitlab_silent"):
            OAuth(connection).exchange("code", verifier="v" * 43)
    assert any(one.startswith(b"POST /oauth/token ") for one in asked) == is_trusted


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\n"])
def test_an_answer_that_git_takes_for_an_empty_repository_takes_nothing_away(
    tmp_path: Path, body: bytes
) -> None:
    repository = BareRepository.create(tmp_path / "m.git", "main")
    commit = "a" * 40
    with server(OK + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)) as (url, _):
        mirror = Mirror(repository, f"{url}/a/b.git", lambda: "token", deadlines=SHORT)
        branches = Branches(mirror, "centres", None, fetch_timeout=5.0)
        for act in (
            branches.fetch,
            branches.catch_up,
            lambda: branches.recall(1),
            lambda: branches.put(proposal_ref("centres", "0" * 16), commit),
        ):
            with pytest.raises(ForgeUnavailable):
                act()
    repository.close()


REJECTED = "!\tx:y\t[remote rejected] (pre-receive hook declined)\n"


@pytest.mark.parametrize(
    ("errors", "data", "kind", "reason"),
    [
        ("fatal: unable to access 'u': The requested URL returned error: 401", "",
         ForgeUnavailable, "forge_unauthorized"),
        ("fatal: unable to access 'u': The requested URL returned error: 403", "",
         ForgeRefused, "forge_forbidden"),
        ("error: RPC failed; HTTP 503 curl 22 The requested URL returned error: 503", "",
         ForgeUnavailable, "forge_down"),
        ("fatal: unable to access 'u': The requested URL returned error: 429", "",
         ForgeUnavailable, "forge_rate_limited"),
        ("fatal: could not read Username for 'u': terminal prompts disabled", "",
         ForgeUnavailable, "forge_unauthorized"),
        ("remote: The project you were looking for could not be found.\nfatal: repository 'u/'"
         " not found", "", ForgeRefused, "forge_not_found"),
        ("fatal: unable to access 'u': Could not resolve host: x", "",
         ForgeUnavailable, "forge_unreachable"),
        ("fatal: unable to access 'u': SSL certificate problem: self-signed certificate", "",
         ForgeUnavailable, "forge_untrusted"),
        ("fatal: unable to access 'u': GnuTLS recv error (-110): The TLS connection was"
         " non-properly terminated.", "", ForgeUnavailable, "forge_unreachable"),
        ("fatal: unable to access 'u': Operation too slow. Less than 1000 bytes/sec", "",
         ForgeUnavailable, "forge_timeout"),
        ("fatal: the remote end hung up unexpectedly", "", ForgeUnavailable, "forge_unreachable"),
        ("remote: GitLab is currently unable to handle this request due to load.", "",
         ForgeUnavailable, "forge_busy"),
        ("error: object abc: zeroPaddedFilemode\nfatal: fsck error in packed object", "",
         ForgeRefused, "forge_history_refused"),
        ("fatal: write error: No space left on device", "", StorageFull, "storage_full"),
        ("remote: GitLab: You are not allowed to push code to protected branches", REJECTED,
         ForgeRefused, "push_refused"),
        ("remote: GitLab: Internal API unreachable", REJECTED, ForgeUnavailable, "forge_busy"),
        ("", "!\tx:y\t[remote rejected] (cannot lock ref 'y')\n", ForgeUnavailable, "forge_busy"),
        ("", "!\tx:y\t[remote rejected] (cannot lock ref 'y': reference already exists)\n",
         HeadMoved, "head_moved"),
        ("", "!\tx:y\t[rejected] (stale info)\n", HeadMoved, "head_moved"),
        ("nobody knows", "", ForgeUnavailable, "forge_answer_unclear"),
    ],
)  # fmt: skip
def test_words_of_git_are_understood(
    errors: str, data: str, kind: type[RetoucheError], reason: str
) -> None:
    found = failure(Output(status=1, data=data.encode(), errors=errors.encode()))
    assert type(found) is kind
    assert found.reason == reason
    assert reason in REASONS


def test_each_status_of_a_merge_request_has_its_sentence() -> None:
    known = [key.partition(":")[2] for key in REASONS if key.startswith("not_mergeable:")]
    sentences = {
        problem(ForgeRefused("not_mergeable", status=one), "fr")[1] for one in (*known, "odd")
    }
    assert len(known) > 5
    assert len(sentences) == len(known) + 1
    assert "(odd)" in problem(ForgeRefused("not_mergeable", status="odd"), "en")[1]


NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        (None, None),
        ("120", 120.0),
        ("Thu, 01 Jan 2026 12:02:00 GMT", 120.0),
        ("Thu, 01 Jan 2026 11:00:00 GMT", 0.0),
        ("", None),
        ("1e9", None),
        ("9" * 40, None),
    ],
)
@pytest.mark.fault(23)
def test_a_wait_is_seconds_or_a_date(header: str | None, seconds: float | None) -> None:
    assert answers.wait(header, NOW) == seconds


@pytest.mark.parametrize(
    ("title", "ready"),
    [
        ("Draft: a", "a"),
        ("[Draft] draft:a", "a"),
        ("(draft) A draft: b", "A draft: b"),
        ("Drafts", "Drafts"),
        ("Draft:", "Draft:"),
    ],
)
def test_a_title_without_its_draft_words(title: str, ready: str) -> None:
    assert ready_title(title) == ready


def test_a_merge_request_is_read_from_what_older_and_newer_gitlab_say() -> None:
    fields = {
        "iid": 4,
        "state": "merged",
        "sha": "a" * 40,
        "source_branch": "b",
        "target_branch": "main",
        "title": "T",
        "project_id": 7,
        "source_project_id": 7,
        "merged_by": {"username": "maintainer"},
        "merged_at": "2026-01-01T13:00:00.000+01:00",
        "squash_commit_sha": "c" * 40,
    }
    found = answers.seen(fields, base_url=HOST)
    assert (found.by, found.at, found.revision) == ("maintainer", NOW, "c" * 40)
    assert answers.seen({**fields, "squash_commit_sha": None}, base_url=HOST).revision == "a" * 40
    assert not found.is_fork
    assert answers.seen({**fields, "source_project_id": None}, base_url=HOST).is_fork
    with pytest.raises(Unclear):
        answers.seen({**fields, "state": "odd"}, base_url=HOST)

"""Mails over real sockets: taken, put off, refused, cut off; and nothing slips into their heads."""

from __future__ import annotations

import socket
import ssl
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from retouche.core.errors import ForgeRefused, ForgeUnavailable
from retouche.posts.smtp import Server, SmtpPost, sender_address
from tests.hostile import HOSTILE
from tests.mail_server import DROP, MailServer, mail_server

NOON = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
STOP = "https://host.example/desks/proposals/0123456789abcdef/mails?secret=" + "0f" * 16


def post(server: MailServer, *, login: str = "", **options: Any) -> SmtpPost:
    known = Server.of(f"smtp://{login}127.0.0.1:{server.port}")
    return SmtpPost(
        known, sender="Retouche <bot@host.example>", clock=lambda: NOON, patience=5, **options
    )


def send(through: SmtpPost, **changes: Any) -> None:
    mail = {
        "recipient": "someone@there.example",
        "subject": "Votre proposition pour « Accueils » est acceptée",
        "text": "Bonjour,\n\n.une ligne\nà bientôt\n" + "x" * 1_200 + "\n",
        "identifier": "0f" * 16,
        "locale": "fr",
        "unsubscribe": STOP,
    }
    through.send(**{**mail, **changes})


def test_a_mail_arrives_whole_with_its_headers() -> None:
    with mail_server() as server:
        send(post(server))
        ((sender, to, raw),) = server.taken
        (mail,) = server.mails
    assert (sender, to) == ("bot@host.example", "someone@there.example")
    assert mail["Subject"] == "Votre proposition pour « Accueils » est acceptée"
    assert mail["From"] == "Retouche <bot@host.example>"
    assert mail["Message-ID"] == f"<{'0f' * 16}@host.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "fr"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"List-Unsubscribe: <{STOP}>\r\n".encode() in raw  # in one line, as programs read it
    assert mail["Date"].datetime == NOON
    assert (
        mail.get_content().replace("\r\n", "\n").startswith("Bonjour,\n\n.une ligne\nà bientôt\n")
    )
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) < 998


def test_no_link_to_end_mails_where_there_are_none_to_end() -> None:
    with mail_server() as server:
        send(post(server), unsubscribe=None)
        assert server.mails[0]["List-Unsubscribe"] is None


@pytest.mark.parametrize(
    ("command", "answer", "reason", "final"),
    [
        ("RCPT", "550 no such user", "mail_refused", True),
        ("RCPT", "450 mailbox busy", "mail_deferred", False),
        ("RCPT", "452 full", "mail_deferred", False),
        ("MAIL", "553 not from you", "mail_sender_refused", False),
        ("MAIL", "451 later", "mail_sender_refused", False),
        ("DATA", "554 looks like spam", "mail_refused", True),
        ("DATA", "451 later", "mail_deferred", False),
        ("RCPT", DROP, "mail_unreachable", False),
        ("DATA", DROP, "mail_unreachable", False),
    ],
)
def test_refusals_for_good_are_told_from_those_for_now(
    command: str, answer: str, reason: str, final: bool
) -> None:
    with mail_server() as server:
        server.answers[command] = answer
        with pytest.raises(ForgeUnavailable) as caught:
            send(post(server))
    assert caught.value.reason == reason
    assert isinstance(caught.value, ForgeRefused) is final
    # What a server says may name people: nothing of it is kept.
    assert "someone" not in str(caught.value)
    assert "user" not in str(caught.value)


def test_nobody_listens() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        lost = MailServer(port=probe.getsockname()[1])
        with pytest.raises(ForgeUnavailable, match="mail_unreachable"):
            send(post(lost))


def test_a_server_that_says_nothing_is_not_waited_for_for_ever() -> None:
    with mail_server() as server:
        server.silence.set()
        slow = SmtpPost(
            Server.of(f"smtp://127.0.0.1:{server.port}"),
            sender="bot@host.example",
            clock=lambda: NOON,
            patience=0.2,
        )
        with pytest.raises(ForgeUnavailable, match="mail_unreachable"):
            send(slow)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 that signs itself, with its key behind it."""
    folder = tmp_path_factory.mktemp("tls")
    path = folder / "both.pem"
    made = subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-nodes", "-days", "3650", "-subj", "/CN=127.0.0.1"),
            *("-addext", "subjectAltName=IP:127.0.0.1"),
            *("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")),
        ],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("needs openssl to make a certificate")
    path.write_bytes((folder / "cert.pem").read_bytes() + (folder / "key.pem").read_bytes())
    return path


def serving(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def test_starttls_and_a_password(certificate: Path) -> None:
    users = {"bot@host": "se cret/@"}
    with mail_server(context=serving(certificate), users=users) as server:
        trusting = lambda: ssl.create_default_context(cafile=str(certificate))  # noqa: E731
        send(post(server, login="bot%40host:se%20cret%2F%40@", context=trusting))
        assert server.secured == [True]
        with pytest.raises(ForgeUnavailable, match="mail_not_signed_in"):
            send(post(server, login="bot%40host:wrong@", context=trusting))
        assert len(server.taken) == 1


def test_a_certificate_that_nobody_vouches_for_is_not_taken(certificate: Path) -> None:
    with mail_server(context=serving(certificate)) as server:
        with pytest.raises(ForgeUnavailable, match="mail_unreachable"):
            send(post(server))
        assert server.taken == []


def test_a_password_needs_encryption_unless_the_server_is_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert Server.of("smtp://127.0.0.1:25").is_here
    assert Server.of("smtp://localhost").is_here
    assert not Server.of("smtp://mail.example").is_here
    monkeypatch.setattr(Server, "is_here", property(lambda _: False))
    with mail_server() as server:
        with pytest.raises(ForgeUnavailable, match="mail_not_secured"):
            send(post(server, login="u:canary@"))
        assert server.taken == []
    assert "canary" not in repr(Server.of("smtp://u:canary@mail.example"))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_texts_make_no_header_and_no_recipient(text: str) -> None:
    with mail_server() as server:
        through = post(server)
        for part in ("subject", "recipient", "unsubscribe", "identifier"):
            try:
                send(through, **{part: text})
            except ForgeRefused:
                continue
        for (_, to, raw), mail in zip(server.taken, server.mails, strict=True):
            head = raw.partition(b"\r\n\r\n")[0]
            names = [
                line.partition(b":")[0].lower()
                for line in head.split(b"\r\n")
                if line[:1] not in b" \t"
            ]
            assert len(names) == len(set(names)), head
            assert names[:3] == [b"from", b"to", b"subject"]
            assert mail["Bcc"] is None
            assert to == "someone@there.example"


@pytest.mark.parametrize(
    "url", ["", "http://x", "smtp://", "smtp:host", "smtp://h/path", "smtp://h?x=1", "smtp://h:p"]
)
def test_wrong_addresses_of_servers_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="RETOUCHE_SMTP_URL"):
        Server.of(url)


@pytest.mark.parametrize(
    "text", ["", "bot", "Bot <>", "a@b@c", "a@b\r\nBcc: x@y", "<a@b", "Bot <bot>"]
)
def test_wrong_senders_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="RETOUCHE_MAIL_FROM"):
        sender_address(text)


def test_senders_may_have_a_name() -> None:
    assert sender_address("bot@host.example").addr_spec == "bot@host.example"
    named = sender_address('"Données ouvertes" <bot@host.example>')
    assert (named.display_name, named.addr_spec) == ("Données ouvertes", "bot@host.example")

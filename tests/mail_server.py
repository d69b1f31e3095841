"""A real SMTP server on a port of its own, which takes mails or does what it is told instead."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

DROP = "drop"
"""The answer that is none: the connection is cut."""


@dataclass(slots=True)
class MailServer:
    """What it took, and how it answers: by the command, `MAIL`, `RCPT`, `DATA` or `EHLO`."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    taken: list[tuple[str, str, bytes]] = field(default_factory=list)
    """Sender, recipient and bytes of each mail."""
    secured: list[bool] = field(default_factory=list)
    silence: threading.Event = field(default_factory=threading.Event)
    """While it is set, nothing is answered to `DATA`."""
    users: dict[str, str] = field(default_factory=dict)

    @property
    def mails(self) -> list[EmailMessage]:
        found = [message_from_bytes(one, policy=policy.default) for _, _, one in self.taken]
        return [one for one in found if isinstance(one, EmailMessage)]

    def _answer(self, command: str, server: SMTP) -> str | None:
        told = self.answers.get(command)
        if told == DROP:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
            return "421 gone"
        return told

    async def handle_MAIL(
        self, server: SMTP, _: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        told = self._answer("MAIL", server)
        if told is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return told or "250 OK"

    async def handle_RCPT(
        self, server: SMTP, _: Session, envelope: Envelope, address: str, __: list[str]
    ) -> str:
        told = self._answer("RCPT", server)
        if told is None:
            envelope.rcpt_tos.append(address)
        return told or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        while self.silence.is_set():
            await asyncio.sleep(0.01)
        told = self._answer("DATA", server)
        # A server that is cut off after it took a mail keeps it.
        if told is None or self.answers.get("DATA") == DROP:
            assert isinstance(envelope.content, bytes)
            sender, to = str(envelope.mail_from), envelope.rcpt_tos[0]
            self.taken.append((sender, to, envelope.content))
            self.secured.append(session.ssl is not None)
        return told or "250 OK"

    def authenticate(self, _: Any, __: Any, ___: Any, mechanism: str, data: Any) -> AuthResult:
        known = isinstance(data, LoginPassword) and (
            self.users.get(data.login.decode()) == data.password.decode()
        )
        return AuthResult(success=known, handled=False)


@contextmanager
def mail_server(
    *, context: ssl.SSLContext | None = None, users: dict[str, str] | None = None, **options: Any
) -> Iterator[MailServer]:
    """Serve until the block ends. `context`: with STARTTLS; `users`: a password is asked for."""
    found = MailServer(users=users or {})
    loop = asyncio.new_event_loop()

    def made() -> SMTP:
        return SMTP(
            found,
            hostname="mail.example",
            tls_context=context,
            authenticator=found.authenticate if users else None,
            auth_require_tls=context is not None,
            auth_required=bool(users),
            loop=loop,
            **options,
        )

    # All in a thread: the one that tests run in may have the loop of a browser.
    ports: Future[int] = Future()
    thread = threading.Thread(target=_serve, args=(loop, made, ports), daemon=True)
    thread.start()
    try:
        found.port = ports.result()
        yield found
    finally:
        found.silence.clear()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def _serve(loop: asyncio.AbstractEventLoop, made: Callable[[], SMTP], ports: Future[int]) -> None:
    """Run a loop until it is stopped, and close it."""
    listening = loop.run_until_complete(loop.create_server(made, "127.0.0.1", 0))
    ports.set_result(listening.sockets[0].getsockname()[1])
    loop.run_forever()
    listening.close()
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()

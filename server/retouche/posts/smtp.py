"""Mails by SMTP: one connection for each mail, every step with a time limit.

The only importer of smtplib. A password never goes over a line that is not encrypted,
but to this machine itself.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from retouche.core.errors import ForgeRefused, ForgeUnavailable
from retouche.ports import Clock

PATIENCE = 15.0
"""Seconds for each answer of the server."""
PORTS = {"smtp": 587, "smtps": 465}
RECIPIENT = re.compile(r"[!-;=?A-~]+@[!-;=?A-~]+")
ADDRESSES = ("list-unsubscribe",)
"""Headers of an address that nobody could follow any more once it is folded."""


class Policy(EmailPolicy):
    """How headers are written: as the standard library does, but addresses in one line."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() in ADDRESSES:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


POLICY = Policy(linesep="\r\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Where mails are handed over, and as whom."""

    host: str
    port: int
    encrypted: bool
    """From the first byte; else by STARTTLS when the server offers it."""
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, url: str) -> Server:
        """Read `smtp://user:password@host:587` or `smtps://…`. Raises `ValueError`."""
        parts = urlsplit(url)
        bare = not parts.path.strip("/") and not parts.query
        if parts.scheme not in PORTS or not parts.hostname or not bare or not _has_port(parts):
            raise ValueError("RETOUCHE_SMTP_URL is smtp://user:password@host:587 or smtps://…")
        return cls(
            host=parts.hostname,
            port=parts.port or PORTS[parts.scheme],
            encrypted=parts.scheme == "smtps",
            user=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password or "") if parts.username else None,
        )

    @property
    def is_here(self) -> bool:
        """Whether it is on this machine."""
        with suppress(ValueError):
            return ip_address(self.host).is_loopback
        return self.host == "localhost"


def _has_port(parts: SplitResult) -> bool:
    """Whether the port of an address is one, if any is given."""
    try:
        return parts.port != 0
    except ValueError:
        return False


class SmtpPost:
    """`ports.Post`. Safe for threads, and across fork: nothing stays open."""

    def __init__(
        self,
        server: Server,
        *,
        sender: str,
        clock: Clock,
        patience: float = PATIENCE,
        context: Callable[[], ssl.SSLContext] = ssl.create_default_context,
    ) -> None:
        """`sender`: a plain mail address, or `Name <address>`. Raises `ValueError`."""
        self._server = server
        self._sender = sender_address(sender)
        self._clock = clock
        self._patience = patience
        self._context = context

    def send(
        self,
        *,
        recipient: str,
        subject: str,
        text: str,
        identifier: str,
        locale: str = "en",
        unsubscribe: str | None = None,
    ) -> None:
        try:
            if not RECIPIENT.fullmatch(recipient):
                raise ValueError("not a recipient")
            message = self._message(recipient, subject, text, identifier, locale, unsubscribe)
            written = message.as_bytes()
        except Exception:  # the standard library raises what it happens to meet
            raise ForgeRefused("mail_refused", detail="not_a_mail") from None
        try:
            connection = self._connected()
        except (smtplib.SMTPAuthenticationError, UnicodeError):
            raise ForgeUnavailable("mail_not_signed_in") from None
        except smtplib.SMTPResponseException as error:
            raise ForgeUnavailable("mail_deferred", status=error.smtp_code) from None
        except (smtplib.SMTPException, OSError) as error:
            raise _unreachable(error) from None
        try:
            self._hand_over(connection, written, recipient)
        except smtplib.SMTPResponseException as error:
            raise _refusal("mail_refused", error.smtp_code) from None
        except (smtplib.SMTPException, OSError) as error:
            raise _unreachable(error) from None
        finally:
            # The mail is taken or not by now, whatever the server says to the farewell.
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def _connected(self) -> smtplib.SMTP:
        server, patience = self._server, self._patience
        if server.encrypted:
            context = self._context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=patience, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=patience)
        try:
            connection.ehlo()
            secured = server.encrypted
            if not secured and connection.has_extn("starttls"):
                connection.starttls(context=self._context())
                connection.ehlo()
                secured = True
            if server.user is not None:
                if not secured and not server.is_here:
                    raise ForgeUnavailable("mail_not_secured")
                connection.login(server.user, server.password or "")
        except BaseException:
            connection.close()
            raise
        return connection

    def _hand_over(self, connection: smtplib.SMTP, written: bytes, recipient: str) -> None:
        """Raises `ForgeUnavailable`, `ForgeRefused`, and what smtplib raises."""
        status, _ = connection.mail(self._sender.addr_spec)
        if status != 250:
            # Nobody would get mails then: that is for the operator to mend, not for this mail.
            raise ForgeUnavailable("mail_sender_refused", status=status)
        status, _ = connection.rcpt(recipient)
        if status not in (250, 251):
            raise _refusal("mail_refused", status)
        status, _ = connection.data(written)
        if status != 250:
            raise _refusal("mail_refused", status)

    def _message(
        self,
        recipient: str,
        subject: str,
        text: str,
        identifier: str,
        locale: str,
        unsubscribe: str | None,
    ) -> EmailMessage:
        """The mail as bytes go out. Headers take no line ends: `EmailMessage` raises `ValueError`.

        The date is that of the try, since the mail is the same each time but for when it is sent.
        """
        message = EmailMessage(POLICY)
        message["From"] = self._sender
        message["To"] = Address(addr_spec=recipient)
        message["Subject"] = subject
        message["Date"] = format_datetime(self._clock())
        message["Message-ID"] = f"<{identifier}@{self._sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        message["X-Auto-Response-Suppress"] = "All"
        if unsubscribe is not None:
            message["List-Unsubscribe"] = f"<{unsubscribe}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message.set_content(text, charset="utf-8", cte="quoted-printable")
        message["Content-Language"] = locale
        return message


def sender_address(text: str) -> Address:
    """The address that mails come from, of `address` or `Name <address>`. Raises `ValueError`."""
    name, _, rest = text.strip().rpartition("<")
    spec = rest.removesuffix(">") if name or text.strip().startswith("<") else text.strip()
    try:
        found = Address(display_name=name.strip().strip('"'), addr_spec=spec.strip())
    except Exception:  # the parser of addresses raises what it happens to meet
        found = Address()
    closed = text.strip().endswith(">") if "<" in text else ">" not in text
    plain = closed and text.isprintable() and RECIPIENT.fullmatch(found.addr_spec)
    if not found.username or not found.domain or not plain:
        raise ValueError("RETOUCHE_MAIL_FROM is an address, or Name <address>")
    return found


def _refusal(reason: str, status: int) -> ForgeUnavailable:
    """5xx is for good; the server's own words may hold addresses and are not repeated."""
    if 500 <= status < 600:
        return ForgeRefused(reason, status=status)
    return ForgeUnavailable("mail_deferred", status=status)


def _unreachable(error: Exception) -> ForgeUnavailable:
    return ForgeUnavailable("mail_unreachable", detail=type(error).__name__)

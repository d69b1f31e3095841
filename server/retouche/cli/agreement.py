"""What all servers of one database have to agree on, seen to before any of them serves."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping

from retouche.cli.folders import write_durably
from retouche.cli.home import Home
from retouche.cli.terminal import Refusal
from retouche.connection import Connection
from retouche.settings import Settings
from retouche.wiring import Services

IDENTITY = "identity"
"""The file of a home that tells it from others."""
_IDENTITY = re.compile(r"[0-9a-f]{32}")


def check_shared_secret(settings: Settings, *, role: str) -> None:
    """Refuse a server that only answers or only works, with a secret that no other can have."""
    if role != "all" and settings.database_url and not settings.secret_key:
        raise Refusal("secret_not_shared", role=role)


def check_agreement(services: Services, served: Mapping[str, str | Connection]) -> None:
    """Refuse a server whose links others would not know, and a second home of one repository.

    A database that is in the home is one server's alone: there is nothing to agree on.
    """
    if not services.settings.database_url:
        return
    agree = services.installation.agree
    mark = _mark(services.secret_key)
    if agree("secret", mark) != mark:
        raise Refusal("other_secret")
    own = identity(Home(services.settings.home))
    for name, what in served.items():
        if not isinstance(what, Connection) and agree(f"home of {name}", own) != own:
            raise Refusal("other_home", name=name, home=services.settings.home)


def identity(home: Home) -> str:
    """What tells a home from all others; made once."""
    path = home.path / IDENTITY
    with home.locked():
        found = path.read_text(encoding="ascii", errors="replace") if path.exists() else ""
        if not _IDENTITY.fullmatch(found):
            found = secrets.token_hex(16)
            write_durably(path, found.encode())
    return found


def _mark(secret: str) -> str:
    """Tells one key from another, and costs much to whoever tries keys."""
    found = hashlib.scrypt(
        secret.encode(), salt=b"retouche installation", n=2**14, r=8, p=1, dklen=16
    )
    return found.hex()

"""Which texts are mail addresses that we write to. Stricter than the standard, on purpose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from retouche.core.errors import Malformed

LONGEST = 254
ADDRESS = re.compile(
    # No quoting, no comment, no address literal, nothing that a header or a shell could misread.
    r"(?=[^@]{1,64}@)[A-Za-z0-9_+&'/=-]+(?:\.[A-Za-z0-9_+&'/=-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)


def recipient(text: str | None) -> str | None:
    """The address in a text when we may write to it, None for anything else."""
    address = (text or "").strip(" ")
    return address if len(address) <= LONGEST and ADDRESS.fullmatch(address) else None


def check_contributor(contributor: Mapping[str, Any] | None) -> None:
    """Refuse what somebody gives as their address when it is none, before it is kept.

    Raises `Malformed`.
    """
    given = (contributor or {}).get("email")
    if given and given.strip() and recipient(given) is None:
        raise Malformed("bad_mail_address", pointer="/contributor/email")


def recipients(text: str) -> tuple[str, ...]:
    """The addresses of a list with commas. Raises `ValueError` for one that is none."""
    found = []
    for one in filter(None, (part.strip() for part in text.split(","))):
        address = recipient(one)
        if address is None:
            raise ValueError("RETOUCHE_MAIL_REVIEWERS is a list of mail addresses with commas")
        found.append(address)
    return tuple(dict.fromkeys(found))

"""Which accepted proposals are to be undone: some that are named, a source's, or a time's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from retouche.core.errors import Malformed
from retouche.ports import Sender

By = Literal["any", "address", "contact"]
"""What tells a source: the same part of the network, the same mail address, or either of them."""
WAYS: tuple[By, ...] = ("any", "address", "contact")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The proposals of these ids."""

    proposals: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceOf:
    """All that came from where a proposal came from."""

    proposal: str
    by: By = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """What was published from `start` on and before `end`, if there is one."""

    start: datetime
    end: datetime | None = None


Choice: TypeAlias = Listed | SourceOf | Between


def part(sender: Sender, by: By) -> Sender:
    """A sender, as far as it is told by this."""
    if by == "address":
        return Sender(address=sender.address)
    return Sender(contact=sender.contact) if by == "contact" else sender


def moment(text: str) -> datetime:
    """A point in time as people write it, in UTC unless it says otherwise. Raises `Malformed`."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Malformed("bad_moment", value=text[:40]) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)

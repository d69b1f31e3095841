"""Work beside requests: what asks for it, and what the servers of one database agree on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """Work that a worker does every so often, and when it is asked for by its name.

    It takes what is to be done from the database, so that it may be lost, doubled or killed
    anywhere, and run in several processes at a time.
    """

    name: str
    every: timedelta
    run: Callable[[], None]


class Queue(Protocol):
    """Tells workers, also on other machines, that there is work. Never the only one to know."""

    def ask(self, chore: str, *arguments: str) -> None:
        """Ask for work soon. Never fails: what is not heard of is found later."""
        ...

    def waiting(self) -> int:
        """How much is asked for and not taken. Raises `ForgeUnavailable("queue_unavailable")`."""
        ...


class Signs(Protocol):
    """When each kind of work was last done, by whichever server: whether anybody works."""

    def give(self, name: str, *, now: datetime) -> None:
        """Note that something was done."""
        ...

    def seen(self) -> Mapping[str, datetime]:
        """When each was last done, by name; nothing of what never was."""
        ...


class Inbox(Protocol):
    """What was asked for through a queue."""

    def next(self, seconds: float) -> Sequence[str] | None:
        """The name of a chore and its arguments, if something is asked for within some seconds.

        Never fails.
        """
        ...


class Installation(Protocol):
    """What all servers of one database have to agree on."""

    def agree(self, name: str, value: str) -> str:
        """The value of a name: the given one where there is none yet, else the first given."""
        ...

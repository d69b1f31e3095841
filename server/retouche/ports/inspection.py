"""What a forge that lives elsewhere says of its own settings, for whoever checks a set-up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

NOBODY, DEVELOPER, MAINTAINER, OWNER, ADMINISTRATOR = 0, 30, 40, 50, 60
"""Roles, as GitLab counts them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFacts:
    """The token that we work with, and whose it is."""

    owner: int
    """The number of the user it acts as."""
    name: str
    """Their user name."""
    is_bot: bool
    is_administrator: bool
    scopes: frozenset[str]
    expires: date | None
    """The day from which it is refused; None: never."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may do a thing to a protected branch: everybody from a role on, or one user."""

    role: int | None = None
    user: int | None = None
    other: bool = False
    """A group or a key: who that is cannot be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection:
    """A rule about branches. `name` may hold `*`."""

    name: str
    push: tuple[Access, ...]
    merge: tuple[Access, ...]
    forced: bool
    """Whether whoever may push may also rewrite."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    url: str
    events: frozenset[str]
    """Of `push`, `merge_request` and `note`."""
    branches: str | None
    """The branches whose pushes it tells of; None: all."""
    verifies: bool
    """Whether it checks the certificate of the server it calls."""
    status: str | None
    """`executable`, `temporarily_disabled` or `disabled`; None: not told."""
    until: datetime | None
    """When it is tried again."""
    has_secret: bool | None
    """None: not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFacts:
    """The settings of a project, as its own names call them in `settings`."""

    path: str
    default_branch: str | None
    role: int | None
    """The role of the token's owner there; None: it is not told."""
    settings: Mapping[str, Any]


class Inspector(Protocol):
    """Reads settings at a forge. Every call may raise `ForgeUnavailable`.

    Where the token may not look, a call gives None.
    """

    def version(self) -> str | None: ...

    def token(self) -> TokenFacts: ...

    def project(self) -> ProjectFacts | None:
        """None when there is none, or the token may not see it."""
        ...

    def protections(self) -> Sequence[Protection] | None: ...

    def push_rules(self) -> Mapping[str, Any] | None:
        """Nothing set, or not offered by this edition: an empty mapping."""
        ...

    def webhooks(self) -> Sequence[Webhook] | None: ...

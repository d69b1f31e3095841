"""The guard as requests meet it: who sends, and what counts as a contribution."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retouche.services.guarding.guard import Door
from retouche.web.context import services
from retouche.web.senders import client_address


def door(name: str, body: Any) -> Door:
    """The door for a contribution to a dataset that is sent by this request."""
    given = body if isinstance(body, Mapping) else {}
    address, guard = client_address(), services().guard
    sender = guard.sender(name, address, _email(given))
    return Door(guard=guard, address=address, sender=sender, body=_texts(given))


def check_call(name: str, dataset: str = "") -> None:
    """Count a request that is no contribution, by its kind, for a dataset or for the server.

    Raises `RateLimited`.
    """
    services().guard.check_call(name, dataset, client_address())


def tell_soon() -> None:
    """Have mails about what was just done sent now; workers look by themselves later."""
    if services().mailing.is_on:
        services().queue.ask("mail")


def _email(body: Mapping[str, Any]) -> str | None:
    contributor = body.get("contributor")
    email = contributor.get("email") if isinstance(contributor, Mapping) else None
    return email if isinstance(email, str) else None


def _texts(body: Mapping[str, Any]) -> dict[str, Any]:
    """What the door reads of a body before its form is checked: texts alone."""
    return {name: value for name, value in body.items() if isinstance(value, str)}

"""A sign-in at a forge that is under way: bound to the browser that began it, for ten minutes."""

from __future__ import annotations

import base64
import hmac
import secrets

from flask import session

from retouche.core.errors import Malformed
from retouche.web.context import services
from retouche.web.cookie import BEGUN

LASTS = 600
"""Seconds within which a person has to come back from the forge."""


def begin(dataset: str, wanted: str) -> str:
    """Begin a sign-in that leads to the path `wanted`; give its state. Another one is dropped."""
    state = secrets.token_urlsafe(24)
    session[BEGUN] = [state, dataset, wanted, _now()]
    return state


def finish(dataset: str, state: str) -> str:
    """End the sign-in of a state, for good; give the path that was wanted.

    Raises `Malformed` when this browser did not begin it, or too long ago.
    """
    begun = session.get(BEGUN)
    if not (isinstance(begun, list) and len(begun) == 4):
        raise Malformed("sign_in_not_begun", pointer="state")
    expected, name, wanted, since = begun
    if not hmac.compare_digest(state.encode(), str(expected).encode()) or name != dataset:
        raise Malformed("sign_in_not_begun", pointer="state")
    del session[BEGUN]
    if not 0 <= _now() - since <= LASTS:
        raise Malformed("sign_in_not_begun", pointer="state")
    return str(wanted)


def verifier(state: str) -> str:
    """The PKCE secret of a sign-in: made from its state, so that no cookie has to carry it."""
    digest = hmac.digest(services().secret_key.encode(), f"pkce:{state}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _now() -> int:
    return int(services().clock().timestamp())

"""Signed times: when a form was opened, without remembering anything about who opened it."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta

STAMP = re.compile(r"([0-9]{10,13})\.([0-9a-f]{32})")
LASTS = timedelta(days=1)
"""A stamp is no good after that: a form left open is stamped anew."""


def stamp(secret_key: str, dataset: str, now: datetime) -> str:
    """A text that says that a form of a dataset was opened at a moment."""
    milliseconds = str(round(now.timestamp() * 1000))
    return f"{milliseconds}.{_signature(secret_key, dataset, milliseconds)}"


def age(secret_key: str, dataset: str, text: str | None, now: datetime) -> timedelta | None:
    """How long ago a form was opened; None when the text is no stamp of ours, or too old."""
    found = STAMP.fullmatch(text or "")
    if found is None:
        return None
    given = _signature(secret_key, dataset, found[1])
    if not hmac.compare_digest(given, found[2]):
        return None
    since = now - datetime.fromtimestamp(int(found[1]) / 1000, UTC)
    return max(since, timedelta()) if since <= LASTS else None


def _signature(secret_key: str, dataset: str, milliseconds: str) -> str:
    message = "\n".join(("opened", dataset, milliseconds)).encode()
    return hmac.new(secret_key.encode(), message, hashlib.sha256).hexdigest()[:32]

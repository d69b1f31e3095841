"""What the codes of GitLab's API mean, for the bot and for a reviewer."""

from __future__ import annotations

from retouche.core.errors import (
    ForgeRefused,
    ForgeUnavailable,
    NotAllowed,
    NotSignedIn,
    RetoucheError,
)

_REASONS = {403: "forge_forbidden", 404: "forge_not_found"}


def refusal(
    status: int, detail: str | None, *, seconds: float | None, is_reviewer: bool
) -> RetoucheError:
    """An answer that is not a success. `seconds`: how long it asks us to wait."""
    if status == 429:
        return ForgeUnavailable("forge_rate_limited", retry_after=seconds)
    if status == 408 or status >= 500:
        return ForgeUnavailable("forge_down", retry_after=seconds, status=status)
    if is_reviewer and status == 401:
        return NotSignedIn("account_expired")
    if is_reviewer and status in (403, 404):  # what they may not see is not there
        return NotAllowed("forge_not_allowed", detail=detail)
    if status == 401:
        return ForgeUnavailable("forge_unauthorized")
    return ForgeRefused(_REASONS.get(status, "forge_refused"), status=status, detail=detail)

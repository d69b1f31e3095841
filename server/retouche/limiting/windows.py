"""Moving windows as the library `limits` counts in them."""

from __future__ import annotations

import time
from pathlib import Path

from limits import RateLimitItemPerSecond
from limits.storage import RedisStorage
from limits.strategies import MovingWindowRateLimiter

from retouche.limiting.storage import SqliteStorage

PATIENCE = 0.25
"""Seconds that Redis may take to answer."""
SOON = 1.0


class Windows:
    """Counts in one place. Raises what the place raises."""

    def __init__(self, storage: RedisStorage | SqliteStorage) -> None:
        self._limiter = MovingWindowRateLimiter(storage)

    def take(self, name: str, most: int, seconds: int) -> float | None:
        """As `ports.Tallies` says."""
        item = RateLimitItemPerSecond(most, seconds)
        if self._limiter.hit(item, name):
            return None
        reset = self._limiter.get_window_stats(item, name).reset_time
        return min(max(SOON, reset - time.time()), float(seconds))

    def is_full(self, name: str, most: int, seconds: int) -> bool:
        return not self._limiter.test(RateLimitItemPerSecond(most, seconds), name)


def shared(path: Path, redis_url: str) -> Windows:
    """Those that others count in too: in Redis, else in a file."""
    if not redis_url:
        return Windows(SqliteStorage(path))
    return Windows(
        RedisStorage(
            redis_url,
            key_prefix="retouche",
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
        )
    )


def alone() -> Windows:
    """Those of this process."""
    return Windows(SqliteStorage(None))

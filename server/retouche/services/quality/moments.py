"""Moments of the calendar, in UTC: months before now, and where months begin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime


def months_before(now: datetime, months: int) -> datetime:
    """The same day and time some months ago; the last day of a month that is shorter."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    for day in range(now.day, 27, -1):
        try:
            return now.replace(year=year, month=month + 1, day=day)
        except ValueError:  # that month has no such day
            continue
    return now.replace(year=year, month=month + 1)


def beginnings(now: datetime, months: int) -> Iterator[datetime]:
    """Where this month and the ones before it begin, newest first."""
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    for back in range(months):
        yield months_before(first, back)


def month_of(moment: datetime) -> str:
    """A month as `2026-11`."""
    return f"{moment.astimezone(UTC):%Y-%m}"

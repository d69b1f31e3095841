"""Opening hours by day, as France services write them, put together as OpenStreetMap has them.

`09:00 - 12:00 / 14:00 - 17:00` on Monday and Tuesday is `Mo-Tu 09:00-12:00,14:00-17:00`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

from retouche.core.operations import Cell
from retouche.core.weeks import DAYS

SPAN = re.compile(
    r"\s*([0-9]{1,2})\s*[:hH]\s*([0-9]{2})?\s*(?:-|–|à)\s*([0-9]{1,2})\s*[:hH]\s*([0-9]{2})?\s*"
)
BETWEEN = re.compile(r"[/,;]|\bet\b")
CLOSED = re.compile(r"\s*(?:fermé[e]?|closed|-)?\s*", re.IGNORECASE)
DAY = 24 * 60


def weekly(cells: Mapping[str, Cell]) -> str | None:
    """The hours of a week in the opening hours syntax, by day (`Mo` … `Su`); None for none at all.

    None also when one day cannot be read or contradicts itself (a span that ends before it
    begins, or two that overlap): that day would be told to be closed.
    """
    days: list[tuple[str, str]] = []
    for day in DAYS:
        text = cells.get(day)
        if text is None or CLOSED.fullmatch(text):
            continue
        spans = _spans(text)
        if spans is None:
            return None
        days.append((day, spans))
    return "; ".join(_rules(days)) or None


def _spans(text: str) -> str | None:
    found: list[tuple[int, int]] = []
    for part in BETWEEN.split(text):
        match = SPAN.fullmatch(part)
        if match is None:
            return None
        begin, end = _minutes(match[1], match[2]), _minutes(match[3], match[4])
        if begin is None or end is None or begin >= end:
            return None
        found.append((begin, end))
    found.sort()
    if any(earlier[1] > later[0] for earlier, later in pairwise(found)):
        return None
    return ",".join(f"{_clock(begin)}-{_clock(end)}" for begin, end in found)


def _minutes(hours: str, minutes: str | None) -> int | None:
    found = 60 * int(hours) + int(minutes or 0)
    return found if found <= DAY and int(minutes or 0) < 60 else None


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _rules(days: list[tuple[str, str]]) -> list[str]:
    """A rule for each run of days that follow each other with the same hours."""
    runs: list[tuple[str, str, str]] = []
    for day, spans in days:
        if runs and runs[-1][2] == spans and DAYS.index(day) == DAYS.index(runs[-1][1]) + 1:
            runs[-1] = (runs[-1][0], day, spans)
        else:
            runs.append((day, day, spans))
    return [
        f"{first if first == last else f'{first}-{last}'} {spans}" for first, last, spans in runs
    ]

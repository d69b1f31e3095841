"""How long an ordinary week of opening hours is, day by day.

Of OpenStreetMap's syntax (opening_hours specification 0.7.2) an ordinary week needs: rules after
`;` (which replace earlier ones on their days) and `,` (which add to them), days of the week, times,
past midnight too, `24/7`, `open`, `off`, `closed`, comments, public and school holidays, which are
no part of an ordinary week. The hours of one day as the cards write them, `09:00 - 12:00 /
13:30 - 17:00`, are hours of every day. Seasons, dates, weeks of the year and days of the month make
no ordinary week: such hours are not read.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TypeAlias

Week: TypeAlias = tuple[float, float, float, float, float, float, float]
"""Hours of each day, from Monday to Sunday."""

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
"""As the syntax names them, from Monday."""
_DAY = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_SPAN = rf"(?:{_DAY}(?:\s*-\s*{_DAY})?|PH|SH)"
_TIME = r"\d{1,2}:\d{2}\s*-\s*\d{1,2}:\d{2}"
_RULE = re.compile(
    rf"""\s*(?P<days>{_SPAN}(?:\s*,\s*{_SPAN})*)?\s*
         (?P<times>24/7|{_TIME}(?:\s*[,/]\s*{_TIME})*)?\s*
         (?P<state>open|off|closed)?\s*(?:"[^"]*")?\s*""",
    re.VERBOSE,
)
_NEXT_RULE = re.compile(rf"""(?:(?<=[0-9"])|(?<=off)|(?<=open)|(?<=closed))\s*(,)(?=\s*{_SPAN})""")
_FULL_DAY = 24 * 60


@lru_cache(maxsize=10_000)
def ordinary_week(text: str) -> Week | None:
    """The hours of each day of an ordinary week; None when the text tells no ordinary week."""
    week = [0] * len(DAYS)
    added = False
    for part in _parts(text):
        if part in (";", ","):
            added = part == ","
            continue
        found = _RULE.fullmatch(part)
        if found is None or not any(found.group("days", "times", "state")):
            return None
        length = 0 if found["state"] in ("off", "closed") else _length(found["times"])
        if length is None:
            return None
        for day in _days(found["days"]):
            week[day] = min(_FULL_DAY, length + (week[day] if added else 0))
    monday, tuesday, wednesday, thursday, friday, saturday, sunday = (one / 60 for one in week)
    return monday, tuesday, wednesday, thursday, friday, saturday, sunday


def _parts(text: str) -> list[str]:
    """Rules and the signs between them. A comma in a list of days or of times parts no rules."""
    parts: list[str] = []
    for rule in re.split("(;)", text):
        parts += [rule] if rule == ";" else _NEXT_RULE.split(rule)
    return parts


def _days(text: str | None) -> list[int]:
    """The days named, all for None, none for holidays alone."""
    if text is None:
        return list(range(len(DAYS)))
    named: set[int] = set()
    for span in re.split(r"\s*,\s*", text):
        if span in ("PH", "SH"):
            continue
        first, _, last = (one.strip() for one in span.partition("-"))
        low, high = DAYS.index(first), DAYS.index(last or first)
        named |= {day % 7 for day in range(low, high + 1 + 7 * (high < low))}
    return sorted(named)


def _length(text: str | None) -> int | None:
    """Minutes of a day; a day without times is open all day. None for a time there is not."""
    if text is None or text == "24/7":
        return _FULL_DAY
    total = 0
    for span in re.split(r"\s*[,/]\s*", text):
        start, end = (_minutes(one) for one in span.split("-"))
        if start is None or end is None:
            return None
        total += end - start if end > start else end - start + _FULL_DAY
    return total


def _minutes(text: str) -> int | None:
    hours, minutes = (int(one) for one in text.split(":"))
    return 60 * hours + minutes if minutes < 60 and hours * 60 + minutes <= _FULL_DAY else None

"""How long a stop of a mobile counter is there, and what share of a full week that is.

A stop is a row of a calendar. Each of its fields may be missing:

| field | tells |
|---|---|
| `jour` | the day of the week it comes back on, in French |
| `semaine` | `toutes`, or the ISO weeks it comes back in: `paire`, `impaire` |
| `dates` | days it comes besides, `2026-09-12;2026-10-10` |
| `horaires` | its hours, as OpenStreetMap writes them |
| `du`, `au` | the first and last day of the calendar |

Weekly hours = hours of `jour`, halved for even or odd weeks, + hours of all `dates` / weeks that
the calendar lasts. It lasts from `du` to `au`, a week at least; a year, when one of them is not
known. Dates outside of it do not count, nor do those on which the stop comes back anyway. Without a
day and without dates the stop is there on all days that its hours name. Where hours are missing, or
tell no ordinary week (`core/weeks.py`), a day counts seven hours: a fifth of a full week.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeAlias

from retouche.core.operations import Cell
from retouche.core.weeks import ordinary_week

FULL_WEEK = 35.0
"""Hours of a week that a counter which does not move is counted with: the legal working week."""
USUAL_DAY = FULL_WEEK / 5
DAYS_OF_A_YEAR = 365
JOURS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
PARITIES = {"paire": 0, "impaire": 1}

Day: TypeAlias = date | int
"""A date, or a day of the week: 0 for Monday to 6 for Sunday."""


def weekly_hours(
    row: Mapping[str, Cell], *, on: Day | None = None, at: date | None = None
) -> float:
    """How many hours a week a stop is there, over its calendar.

    With `on` a day of the week: those of that day alone. With `on` a date: the hours of that very
    day. With `at`: 0 when its calendar has not begun on that day, or is over.
    """
    first, last = _date(row.get("du")), _date(row.get("au"))
    moment = on if isinstance(on, date) else at
    if moment is not None and not _within(moment, first, last):
        return 0.0
    day, parity = _weekday(row.get("jour")), PARITIES.get(row.get("semaine") or "")
    dates = [one for one in _dates(row.get("dates")) if _within(one, first, last)]
    extra = {one for one in dates if not _comes_back(one, day, parity)}
    hours = ordinary_week(row.get("horaires") or "") or (USUAL_DAY,) * len(JOURS)
    if day is None and not row.get("dates"):
        return _without_days(row, hours, on)
    if isinstance(on, date):
        return hours[on.weekday()] if on in extra or _comes_back(on, day, parity) else 0.0
    regular = 0.0 if day is None or on not in (None, day) else hours[day]
    counted = sum(hours[one.weekday()] for one in extra if on in (None, one.weekday()))
    return regular / (1 if parity is None else 2) + counted / _weeks(first, last)


def presence(row: Mapping[str, Cell], *, on: Day | None = None, at: date | None = None) -> float:
    """The same as a share of a full week; 1 for 35 hours, more for more."""
    return weekly_hours(row, on=on, at=at) / FULL_WEEK


def day_named(text: str) -> Day:
    """The day of the week or the date that a text names: `mardi`, `2026-09-12`.

    Raises `ValueError` for another text.
    """
    day = _weekday(text)
    return date.fromisoformat(text) if day is None else day


def _without_days(row: Mapping[str, Cell], hours: tuple[float, ...], on: Day | None) -> float:
    if not row.get("horaires"):
        return 0.0
    if on is None:
        return sum(hours)
    return hours[on.weekday() if isinstance(on, date) else on]


def _comes_back(one: date, day: int | None, parity: int | None) -> bool:
    return one.weekday() == day and (parity is None or one.isocalendar().week % 2 == parity)


def _weeks(first: date | None, last: date | None) -> float:
    days = DAYS_OF_A_YEAR if first is None or last is None else (last - first).days + 1
    return max(days / 7, 1.0)


def _within(one: date, first: date | None, last: date | None) -> bool:
    return (first is None or one >= first) and (last is None or one <= last)


def _weekday(text: str | None) -> int | None:
    name = (text or "").strip().lower()
    return JOURS.index(name) if name in JOURS else None


def _dates(text: str | None) -> list[date]:
    found = (_date(one.strip()) for one in (text or "").split(";"))
    return [one for one in found if one is not None]


def _date(text: str | None) -> date | None:
    """None for what is no date: the file's check tells that, a figure does not."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None

"""Opening hours in OpenStreetMap's syntax: `Mo-Fr 09:00-12:00,14:00-17:00; PH off`.

A reader of the published grammar (opening_hours specification 0.7.2). Hours past 24:00 are
refused: `22:00-02:00` says the same and `08:00-25:00` is a slip. Only the form is judged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import NoReturn

from retouche.core.judging.checks.check import Finding, Params, RowCheck, text_check
from retouche.core.weeks import DAYS

TOKEN = re.compile(
    r"""\s*(?:(?P<always>24/7)(?![0-9])
      | (?P<comment>"[^"]*")
      | (?P<time>[0-9]{1,2}:[0-9]{2})(?![0-9])
      | (?P<number>[0-9]+)(?![0-9]*[^\W\d_])
      | (?P<word>[^\W\d_]+)
      | (?P<sign>\|\||[;,\-+/\[\]():])
      | (?P<other>\S+?(?=[\s;,]|$)))""",
    re.VERBOSE,
)
HOLIDAYS = ("PH", "SH")
MONTHS = {
    **{"Jan": 31, "Feb": 29, "Mar": 31, "Apr": 30, "May": 31, "Jun": 30},
    **{"Jul": 31, "Aug": 31, "Sep": 30, "Oct": 31, "Nov": 30, "Dec": 31},
}
EVENTS = ("dawn", "sunrise", "sunset", "dusk")
MODIFIERS = ("open", "off", "closed", "unknown")
END = ("end", "")


def opening_hours(params: Params) -> RowCheck:
    return text_check("opening-hours-value", params, test=opening_hours_fault)


def opening_hours_fault(text: str) -> Finding | None:
    """What is wrong with an opening hours expression, None when nothing is."""
    try:
        _Reader(text).rules()
    except _Stop as stop:
        return stop.finding
    return None


class _Stop(Exception):
    def __init__(self, reason: str, text: str) -> None:
        self.finding = Finding(reason, {"text": text})


class _Reader:
    """Descends through the grammar; each method reads one of its parts."""

    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        for found in TOKEN.finditer(text.strip()):
            kind = str(found.lastgroup)
            word = found[kind]
            if kind == "other":
                raise _Stop("comment" if word.startswith('"') else "unexpected", word)
            self.tokens.append((kind, word))
        self.at = 0

    def peek(self, ahead: int = 0) -> tuple[str, str]:
        place = self.at + ahead
        return self.tokens[place] if place < len(self.tokens) else END

    def sees(self, texts: Collection[str], ahead: int = 0) -> bool:
        return self.peek(ahead)[1] in texts

    def skip(self, sign: str) -> bool:
        """Step over a sign if it comes next."""
        if self.peek() != ("sign", sign):
            return False
        self.at += 1
        return True

    def refuse(self) -> NoReturn:
        kind, text = self.peek()
        if kind == "end":
            raise _Stop("incomplete", self.tokens[-1][1] if self.tokens else "")
        raise _Stop("word" if kind == "word" else "unexpected", text)

    # Rules

    def rules(self) -> None:
        self.rule()
        while self.sees((";", ",", "||")):
            self.at += 1
            self.rule()
        if self.peek() != END:
            self.refuse()

    def rule(self) -> None:
        start = self.at
        if self.peek()[0] == "comment" and self.peek(1) == ("sign", ":"):
            self.at += 2
        if self.peek()[0] == "always":
            self.at += 1
        else:
            self.dates()
            self.weekdays()
            if self.starts_time():
                self.listed(self.timespan, self.starts_time)
        if self.sees(MODIFIERS):
            self.at += 1
        if self.peek()[0] == "comment":
            self.at += 1
        if self.at == start:
            if self.peek() == END or self.sees((";", ",", "||")):
                raise _Stop("empty_rule", "")
            self.refuse()

    def listed(self, read: Callable[[], None], starts: Callable[[int], bool]) -> None:
        """Read one or more, separated by commas; a comma before anything else is not theirs."""
        read()
        while self.peek() == ("sign", ",") and starts(1):
            self.at += 1
            read()

    # Dates, months, years and weeks

    def dates(self) -> None:
        start = self.at
        while True:
            if self.starts_date():
                self.listed(self.date_span, lambda ahead: self.starts_date(ahead, listed=True))
            elif self.sees(("week",)):
                self.at += 1
                self.listed(self.week_span, lambda ahead: self.peek(ahead)[0] == "number")
            else:
                break
        if self.at > start:
            self.skip(":")

    def starts_date(self, ahead: int = 0, *, listed: bool = False) -> bool:
        kind, text = self.peek(ahead)
        if kind == "number":
            return listed or len(text) == 4
        return text in MONTHS or text == "easter"

    def date_span(self) -> None:
        """`Dec 25`, `2024 Dec 25-2025 Jan 03`, `Jan-Mar`, `2024-2026/2`, `easter -2 days`."""
        first = self.date()
        if self.skip("+"):
            return
        if self.skip("-"):
            last = self.date(day_of=first)
            if first.isdigit() and last.isdigit() and int(last) < int(first):
                raise _Stop("years", f"{first}-{last}")
        if self.skip("/"):
            self.number(1, 366)

    def date(self, day_of: str = "") -> str:
        """One date; gives its month, or its year when it has nothing else."""
        year = ""
        if self.peek()[0] == "number" and len(self.peek()[1]) == 4:
            year = self.peek()[1]
            self.at += 1
        kind, text = self.peek()
        if text in MONTHS:
            self.at += 1
            self.day(text)
        elif text == "easter":
            self.at += 1
            self.offset()
        elif kind == "number" and not year:
            self.day(day_of if day_of in MONTHS else "Jan")
            return day_of
        elif not year:
            self.refuse()
        return text if text in MONTHS else year

    def day(self, month: str) -> None:
        """The day of a month, if one is given: `25`, or `Su[-1]` as an end of a range."""
        kind, text = self.peek()
        if kind == "number" and len(text) <= 2:
            if not 1 <= int(text) <= MONTHS[month]:
                raise _Stop("day_of_month", f"{month} {text}")
            self.at += 1
            self.offset()
        elif text in DAYS and self.peek(1) == ("sign", "["):
            start = self.at
            self.weekday()
            if not (self.peek() == ("sign", "-") and self.starts_date(1)):
                # A weekday of the month, `Oct Su[1]`, unless it ends a range of dates.
                before = self.tokens[start - 2] if start > 1 else END
                self.at = self.at if before == ("sign", "-") else start

    def offset(self) -> None:
        """`+1 day`, `-2 days`."""
        if self.sees("+-") and self.peek(1)[0] == "number" and self.sees(("day", "days"), 2):
            self.at += 3

    def week_span(self) -> None:
        first = self.number(1, 53, reason="week")
        if self.skip("-"):
            last = self.number(1, 53, reason="week")
            if last < first:
                raise _Stop("week", f"{first}-{last}")
            if self.skip("/"):
                self.number(1, 53, reason="week")

    def number(self, low: int, high: int, *, reason: str = "unexpected") -> int:
        kind, text = self.peek()
        if kind != "number":
            self.refuse()
        if len(text) > 4 or not low <= int(text) <= high:
            raise _Stop(reason, text)
        self.at += 1
        return int(text)

    # Days of the week and holidays

    def starts_weekday(self, ahead: int = 0) -> bool:
        return self.sees(DAYS, ahead) or self.sees(HOLIDAYS, ahead)

    def weekdays(self) -> None:
        if not self.starts_weekday():
            return
        start = self.at
        self.listed(self.weekday_span, self.starts_weekday)
        only_holidays = not any(text in DAYS for _, text in self.tokens[start : self.at])
        if only_holidays and self.sees(DAYS):
            self.listed(self.weekday_span, self.starts_weekday)

    def weekday_span(self) -> None:
        if self.sees(HOLIDAYS):
            self.at += 1
            self.offset()
            return
        self.weekday()
        if self.skip("-"):
            if not self.sees(DAYS):
                self.refuse()
            self.at += 1

    def weekday(self) -> None:
        """`Mo`, `Mo[1]`, `Mo[1,3]`, `Mo[-1] +1 day`."""
        self.at += 1
        if self.skip("["):
            self.listed(self.nth, lambda ahead: self.sees("-", ahead) or self.is_number(ahead))
            if not self.skip("]"):
                self.refuse()
            self.offset()

    def nth(self) -> None:
        last = self.skip("-")
        self.number(1, 5, reason="nth")
        if not last and self.skip("-"):
            self.number(1, 5, reason="nth")

    def is_number(self, ahead: int) -> bool:
        return self.peek(ahead)[0] == "number"

    # Times

    def starts_time(self, ahead: int = 0) -> bool:
        kind, text = self.peek(ahead)
        return kind == "time" or text in EVENTS or (kind, text) == ("sign", "(")

    def timespan(self) -> None:
        first = self.time(start=True)
        if self.skip("+"):
            return
        if not self.skip("-"):
            raise _Stop("no_end", first)
        self.time()
        self.skip("+")
        if self.skip("/"):
            if self.peek()[0] == "time":
                self.time()
            else:
                self.number(1, 1440)

    def time(self, *, start: bool = False) -> str:
        kind, text = self.peek()
        if kind == "time":
            hour, minute = map(int, text.split(":"))
            if minute > 59 or hour > 24 or (hour == 24 and (minute or start)):
                raise _Stop("time", text)
            self.at += 1
        elif text in EVENTS:
            self.at += 1
        elif self.skip("("):
            if not self.sees(EVENTS):
                self.refuse()
            self.at += 1
            if not (self.skip("+") or self.skip("-")):
                self.refuse()
            self.time()
            if not self.skip(")"):
                self.refuse()
        else:
            self.refuse()
        return text

"""How the texts of a field compare: numbers as numbers, dates as dates, everything else as text.

Light and lexical, for order and filters only. What a cell is worth is `judge.py`'s to say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from retouche.core.coded.lexing import (
    Lexing,
    Worth,
    microseconds,
    moments,
    numbers,
    ordinals,
    time_of_day,
)
from retouche.core.schema import Field

Order: TypeAlias = Decimal | int
"""What is compared for a field that is not text; exact, so that long numbers stay apart."""
Read: TypeAlias = Callable[[str], Order | None]
Unit: TypeAlias = Callable[[datetime], int]

NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
INTEGER = re.compile(r"[+-]?[0-9]+")
DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
TIME = re.compile(r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?")
MONTH = re.compile(r"([0-9]{1,4})-([0-9]{1,2})")
YEAR = re.compile(r"[0-9]{4}")
DURATION = re.compile(
    r"([+-])?P(?=.)(?:([0-9.]+)Y)?(?:([0-9.]+)M)?(?:([0-9.]+)W)?(?:([0-9.]+)D)?"
    r"(?:T(?=.)(?:([0-9.]+)H)?(?:([0-9.]+)M)?(?:([0-9.]+)S)?)?"
)
# A year and a month have no fixed length; for order the mean of the calendar is enough.
DURATION_SECONDS = tuple(
    Decimal(seconds) for seconds in (31_556_952, 2_629_746, 604_800, 86_400, 3_600, 60, 1)
)
LONGEST = 1_000
"""No number or date is longer; what reads them may take long over a text that is."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
POINTS = (".", ",")
DAYS = ("%Y-%m-%d",)
MOMENTS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", *DAYS)
TIMES = ("%H:%M:%S", "%H:%M")
TRUE_VALUES = ("true", "True", "TRUE", "1")
FALSE_VALUES = ("false", "False", "FALSE", "0")


@dataclass(frozen=True, slots=True)
class Typing:
    """How one field compares. `read` is None for text, else gives None where a text is no fit.

    `expected` names what a bound must look like; `numeric` fields can be summed. `plain` reads the
    standard way of writing, `lexing` many texts at once, where there is a quick way.
    """

    expected: str
    read: Read | None
    plain: Read | None = None
    lexing: Lexing | None = None

    @property
    def numeric(self) -> bool:
        return self.expected in ("number", "integer")

    def bound(self, text: str) -> Order | None:
        """Read a value given in a request: as the file writes it, else the standard way."""
        assert self.read is not None
        order = self.read(text)
        if order is None and self.plain is not None:
            order = self.plain(text)
        return order

    def accepts(self, text: str) -> bool:
        """Whether values can be compared with this one."""
        return self.read is None or self.bound(text) is not None


def typing_of(field: Field) -> Typing:
    """How a field compares."""
    descriptor = field.descriptor
    match field.type:
        case "number":
            return Typing("number", _number(descriptor), read_number, _numbers(descriptor))
        case "integer":
            read, lexing = _number(descriptor, INTEGER), _numbers(descriptor, whole=True)
            return Typing("integer", read, read_number, lexing)
        case "boolean":
            return Typing("boolean", _boolean(descriptor), _boolean({}))
        case "date":
            read = _moment(descriptor, read_date, _ordinal)
            return Typing("date", read, read_date, _moments(descriptor, DAYS, ordinals))
        case "datetime":
            read = _moment(descriptor, read_datetime, _microseconds)
            lexing = _moments(descriptor, MOMENTS, microseconds)
            return Typing("datetime", read, read_datetime, lexing)
        case "time":
            read = _moment(descriptor, read_time, _of_day_of)
            return Typing("time", read, read_time, _moments(descriptor, TIMES, time_of_day))
        case "year":
            return Typing("year", lambda text: int(text) if YEAR.fullmatch(text) else None)
        case "yearmonth":
            return Typing("yearmonth", read_month)
        case "duration":
            return Typing("duration", read_duration)
        case _:
            return Typing("string", None)


def read_number(text: str) -> Decimal | None:
    return Decimal(text) if NUMBER.fullmatch(text) else None


def read_date(text: str) -> int | None:
    found = DATE.fullmatch(text)
    try:
        return date(*map(int, found.groups())).toordinal() if found else None
    except ValueError:
        return None


def read_datetime(text: str) -> int | None:
    """Microseconds since 1970; a moment without a zone counts as UTC, a date as its midnight."""
    day = read_date(text)
    if day is not None:
        return (datetime.fromordinal(day).replace(tzinfo=UTC) - EPOCH) // MICROSECOND
    if len(text) < 16 or not text.isascii() or not DATE.fullmatch(text[:10]):
        return None
    try:
        return _microseconds(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return None


def read_time(text: str) -> int | None:
    try:
        return _of_day(time.fromisoformat(text)) if TIME.fullmatch(text) else None
    except ValueError:
        return None


def read_month(text: str) -> int | None:
    found = MONTH.fullmatch(text)
    if found is None or not 1 <= int(found[2]) <= 12:
        return None
    return int(found[1]) * 12 + int(found[2])


def read_duration(text: str) -> Decimal | None:
    """Seconds of an ISO 8601 duration."""
    found = DURATION.fullmatch(text)
    if found is None:
        return None
    sign, *parts = found.groups()
    total = Decimal(0)
    for part, seconds in zip(parts, DURATION_SECONDS, strict=True):
        if part is not None:
            number = read_number(part)
            if number is None:
                return None
            total += number * seconds
    return -total if sign == "-" else total


PLAIN = Typing("number", read_number, read_number, numbers(".", whole=False))
"""How numbers compare that are written the standard way."""


def _number(descriptor: Mapping[str, Any], lexical: re.Pattern[str] = NUMBER) -> Read:
    decimal = str(descriptor.get("decimalChar") or ".")
    group = str(descriptor.get("groupChar") or "")
    bare = descriptor.get("bareNumber", True) is not False

    def read(text: str) -> Decimal | None:
        if len(text) > LONGEST:
            return None
        if not bare:
            text = _between_digits(text)
        if group:
            text = text.replace(group, "")
        if decimal != ".":
            if "." in text:
                return None
            text = text.replace(decimal, ".")
        return Decimal(text) if lexical.fullmatch(text) else None

    return read


def _numbers(descriptor: Mapping[str, Any], *, whole: bool = False) -> Lexing | None:
    point = str(descriptor.get("decimalChar") or ".")
    bare = descriptor.get("bareNumber", True) is not False
    if descriptor.get("groupChar") or not bare or point not in POINTS:
        return None
    return numbers(point, whole=whole)


def _between_digits(text: str) -> str:
    """A number without the unit or the sign of a currency around it."""
    digits = [at for at, letter in enumerate(text) if letter in "0123456789"]
    if not digits:
        return text
    first, last = digits[0], digits[-1]
    minus = text.find("-", 0, first)
    return text[first if minus < 0 else minus : last + 1]


def _boolean(descriptor: Mapping[str, Any]) -> Read:
    meanings: dict[str, Order] = {}
    for name, defaults, order in (
        ("trueValues", TRUE_VALUES, 1),
        ("falseValues", FALSE_VALUES, 0),
    ):
        listed = descriptor.get(name)
        for text in listed if isinstance(listed, list) else defaults:
            meanings[str(text)] = order
    return meanings.get


def _moment(descriptor: Mapping[str, Any], standard: Read, unit: Unit) -> Read:
    pattern = descriptor.get("format")
    if not isinstance(pattern, str) or "%" not in pattern:
        return standard

    def read(text: str) -> int | None:
        if len(text) > LONGEST:
            return None
        try:
            return unit(datetime.strptime(text, pattern))
        except (ValueError, OverflowError, re.error):
            return None

    return read


def _moments(descriptor: Mapping[str, Any], standard: Sequence[str], worth: Worth) -> Lexing | None:
    pattern = descriptor.get("format")
    if isinstance(pattern, str) and "%" in pattern:
        standard = (pattern,)
    return moments(standard, worth)


def _ordinal(moment: datetime) -> int:
    return moment.toordinal()


def _microseconds(moment: datetime) -> int:
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - EPOCH) // MICROSECOND


def _of_day_of(moment: datetime) -> int:
    return _of_day(moment.timetz())


def _of_day(moment: time) -> int:
    since_midnight = timedelta(
        hours=moment.hour,
        minutes=moment.minute,
        seconds=moment.second,
        microseconds=moment.microsecond,
    )
    return (since_midnight - (moment.utcoffset() or timedelta())) // MICROSECOND

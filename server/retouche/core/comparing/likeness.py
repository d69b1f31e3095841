"""Whether a cell of a copy is the published one, seen through what spreadsheets do to cells.

Says only what is the same; what a cell that is not becomes is `restoring.py`'s to say.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal, TypeAlias

from retouche.core.comparing.upload import Value
from retouche.core.schema import Field

Damage: TypeAlias = Literal[
    "spacing", "apostrophe", "leading_zeros", "number_form", "date_form", "boolean_form", "cut"
]

PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
POWERED = re.compile(r"([+-]?)([0-9])(?:[.,]([0-9]+))?[eE]\+?([0-9]{1,2})")
CODE = re.compile(r"\+?[0-9]+")
SPACES = re.compile(r"(?<=[0-9])[ \u00a0\u202f](?=[0-9]{3}(?:[^0-9]|$))")
LONGEST_NUMBER = 40
YES = frozenset({"true", "vrai"})
NO = frozenset({"false", "faux"})
DATES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%d/%m/%y")
MOMENTS = ("%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M",
           "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M")  # fmt: skip
TIMES = ("%H:%M:%S", "%H:%M", "%Hh%M")
FITTING = 32_767
"""Units of UTF-16 that a cell of a workbook holds: of a longer text our own keep the beginning,
and then `…`."""
MOSTLY = FITTING // 2
"""Letters that so long a text has at least: each takes one unit or two."""


def undamaged(value: Value, published: str, field: Field) -> Damage | Literal["same"] | None:
    """`same` for the same text, else the damage that alone tells them apart; None for a change."""
    if value == published and isinstance(value, str):
        return "same"
    if not isinstance(value, str):
        return _typed(value, published, field)
    plain, other = tidy(value), tidy(published)
    if plain == other:
        return "spacing"
    if plain[:1] == "'" and plain[1:] == other:
        return "apostrophe"
    if plain[-1:] == "…" and _was_cut(plain[:-1].rstrip(), published):
        return "cut"
    for is_same, damage in TESTS:
        if is_same(plain, other, field):
            return damage
    return None


def units(text: str) -> int:
    """The length of a text as spreadsheets count it."""
    return len(text) + sum(one > "\uffff" for one in text)


def _was_cut(beginning: str, published: str) -> bool:
    """Whether a text, without the `…` at its end, is what a cell can hold of a published one."""
    long = len(published) > MOSTLY and units(published) > FITTING
    # Spaces around it, and line ends, may have been lost of it too.
    return long and len(beginning) > MOSTLY // 2 and tidy(published).startswith(beginning)


def tidy(text: str) -> str:
    """A text with one form of line ends and nothing around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def number(text: str) -> Decimal | None:
    """What a plain number is worth, whatever its decimal sign and thousands."""
    text = SPACES.sub("", text)
    if len(text) > LONGEST_NUMBER or not PLAIN.fullmatch(text):
        return None
    try:
        found = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def truth(text: str, field: Field) -> bool | None:
    """What a text says in a field of yes and no, in its own words or a spreadsheet's."""
    if field.type == "boolean":
        for worth, option in ((True, "trueValues"), (False, "falseValues")):
            if text in (field.descriptor.get(option) or ()):
                return worth
    folded = text.casefold()
    return True if folded in YES else False if folded in NO else None


def dated(text: str) -> date | None:
    """The day that a text names, read in the order of days and months that France uses."""
    return next((one.date() for form in DATES if (one := _read(text, form))), None)


def _typed(value: Value, published: str, field: Field) -> Damage | None:
    """The same for what a spreadsheet no longer keeps as text."""
    plain = tidy(published)
    if isinstance(value, bool):
        return "boolean_form" if truth(plain, field) is value else None
    if isinstance(value, int | float):
        return _number(value, plain)
    if isinstance(value, date | time | timedelta):
        return "date_form" if _is_moment(value, plain, field) else None
    return None


def _number(value: int | float, plain: str) -> Damage | None:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    text = plain_number(value)
    if text == plain:
        return "number_form"
    if is_code(text, plain):
        return "leading_zeros"
    other = number(plain)
    if other is None:
        return None
    # A spreadsheet keeps no more digits than a float.
    return "number_form" if Decimal(text) == other or float(other) == value else None


def plain_number(value: int | float) -> str:
    """A number as people write it: no exponent, no decimals where there are none."""
    if isinstance(value, int):
        return str(value)
    if value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    return format(Decimal(repr(value)), "f")


def _is_moment(value: date | time | timedelta, plain: str, field: Field) -> bool:
    form = str(field.descriptor.get("format") or "")
    own = (form,) if "%" in form else ()
    if isinstance(value, datetime):
        read = next((one for one in map(_reader(plain), (*own, *MOMENTS, *DATES)) if one), None)
        return read is not None and read.replace(tzinfo=None) == value.replace(
            microsecond=0, tzinfo=None
        )
    if isinstance(value, date):
        return any(one and one.date() == value for one in map(_reader(plain), (*own, *DATES)))
    if isinstance(value, timedelta):
        value = (datetime(2000, 1, 1) + value % timedelta(days=1)).time()
    return any(one and one.time() == value for one in map(_reader(plain), (*own, *TIMES)))


def _reader(text: str) -> Callable[[str], datetime | None]:
    return lambda form: _read(text, form)


def _read(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)
    except ValueError:
        return None


def is_code(text: str, published: str) -> bool:
    """Whether a code lost nothing but its zeros or its sign at the front."""
    return (
        CODE.fullmatch(published) is not None
        and CODE.fullmatch(text) is not None
        and len(text) < len(published)
        and text.lstrip("+0") == published.lstrip("+0") != ""
    )


def _lost_zeros(text: str, published: str, _: Field) -> bool:
    text = re.sub(r"[.,]0+$", "", text)
    return is_code(text, published)


def _same_number(text: str, published: str, _: Field) -> bool:
    one, other = number(text), number(published)
    if one is None or other is None:
        return False
    return one == other or _rounded(text, other)


def _rounded(text: str, published: Decimal) -> bool:
    """Whether a power of ten such as `1,23457E+13` is what is left of a long number."""
    found = POWERED.fullmatch(text)
    if found is None or published != published.to_integral_value():
        return False
    digits = 1 + len(found[3] or "")
    whole = format(abs(published), "f")
    if len(whole) != int(found[4]) + 1 or (found[1] == "-") != (published < 0):
        return False
    shown = f"{abs(published):.{digits - 1}e}".split("e")[0]
    return shown == (f"{found[2]}.{found[3]}" if found[3] else found[2])


def _same_truth(text: str, published: str, field: Field) -> bool:
    one = truth(text, field)
    return one is not None and one == truth(published, field)


def _same_day(text: str, published: str, field: Field) -> bool:
    if field.type != "date":
        return False
    one = dated(text)
    return one is not None and _is_moment(one, published, field)


TESTS: tuple[tuple[Callable[[str, str, Field], bool], Damage], ...] = (
    (_lost_zeros, "leading_zeros"),
    (_same_number, "number_form"),
    (_same_truth, "boolean_form"),
    (_same_day, "date_form"),
)

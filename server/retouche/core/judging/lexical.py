"""The strict lexical form of cells: what is asked of a text before frictionless reads it.

Python's number and date parsers take more than Table Schema does (`1_000`, `٣٤`, ` 12 `); here
such texts are refused. Also the characters that no cell may hold. Nothing here knows a value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

Form: TypeAlias = Callable[[str], str | None]
"""Gives the text for frictionless to read, or None when the text has not the type's form."""

LONGEST = 1_000
"""No number, date or place is longer; some of frictionless' own patterns are quadratic."""

BOUNDED = frozenset(
    {
        *("integer", "number", "boolean", "date", "datetime", "time"),
        *("year", "yearmonth", "duration", "geopoint"),
    }
)
YEAR = re.compile(r"[0-9]{4}")
YEARMONTH = re.compile(r"[0-9]+-[0-9]+")
SPECIAL = r"NaN|-?INF"


def form(kind: str, descriptor: Mapping[str, Any]) -> Form:
    """The lexical form of a type, with the options that its field descriptor gives."""
    if kind == "integer":
        return _bounded(_number(descriptor, body=r"{digits}", special=""))
    if kind == "number":
        body = r"(?:{digits}(?:{point}[0-9]*)?|{point}[0-9]+)(?:[eE][+-]?[0-9]+)?"
        return _bounded(_number(descriptor, body=body, special=SPECIAL))
    if kind == "year":
        return _bounded(_matching(YEAR))
    if kind == "yearmonth":
        return _bounded(_matching(YEARMONTH))
    if kind == "geopoint":
        return _bounded(lambda text: None if "_" in text else _ascii_digits(text))
    if kind == "list":
        return _items(descriptor)
    return _bounded(_ascii_digits) if kind in BOUNDED else _same


def _same(text: str) -> str | None:
    return text


def _bounded(inner: Form) -> Form:
    return lambda text: inner(text) if len(text) <= LONGEST else None


def _matching(pattern: re.Pattern[str]) -> Form:
    return lambda text: text if pattern.fullmatch(text) else None


def _ascii_digits(text: str) -> str | None:
    """The text, unless it has digits of another script than 0 to 9."""
    if text.isascii() or not any(one.isdecimal() and not one.isascii() for one in text):
        return text
    return None


def _number(descriptor: Mapping[str, Any], *, body: str, special: str) -> Form:
    group = re.escape(descriptor.get("groupChar") or "")
    digits = rf"[0-9]+(?:{group}[0-9]+)*" if group else "[0-9]+"
    point = re.escape(descriptor.get("decimalChar") or ".")
    whole = rf"[+-]?{body.format(digits=digits, point=point)}"
    number = re.compile(f"{whole}|{special}" if special else whole)
    strip = descriptor.get("groupChar") if descriptor.get("type") == "integer" else None
    bare = descriptor.get("bareNumber", True)

    def read(text: str) -> str | None:
        if not bare:
            if _ascii_digits(text) is None:
                return None
            text = _without_surroundings(text)
        if not number.fullmatch(text):
            return None
        # Frictionless knows groupChar for numbers only, the standard (v2) for integers too.
        return text.replace(strip, "") if strip else text

    return read


def _without_surroundings(text: str) -> str:
    """Leading and trailing non-numeric characters away, as `bareNumber: false` asks."""
    start = next((at for at, one in enumerate(text) if one == "-" or "0" <= one <= "9"), len(text))
    end = next((at for at in range(len(text), start, -1) if "0" <= text[at - 1] <= "9"), start)
    return text[start:end]


def _items(descriptor: Mapping[str, Any]) -> Form:
    delimiter = descriptor.get("delimiter") or ","
    item = form(descriptor.get("itemType") or "string", {})

    def read(text: str) -> str | None:
        return None if any(item(one) is None for one in text.split(delimiter)) else text

    return read


FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
INVISIBLE = re.compile(
    # Controls of terminals and line ends that are none in CSV, then what has no width.
    "[\x7f-\x9f\u2028\u2029\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u2060-\u2064\ufeff]"
    # A joiner after a pictogram makes one pictogram of two; elsewhere it hides.
    "|(?<![\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d"
)
WORD = re.compile(r"[^\W\d_]+")
LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a]")
LOOKALIKE = re.compile(
    # Greek without the letters of units (µ as mu, Ω), Cyrillic, Armenian, Cherokee.
    "[\u0370-\u03a8\u03aa-\u03bb\u03bd-\u03ff\u1f00-\u1fff\u0400-\u052f\u0531-\u0587\u13a0-\u13ff]"
)


def blemishes(text: str, *, bidi: bool = False) -> Iterator[tuple[str, str]]:
    """Codes of what is wrong with the characters of a text, each with the thing at fault.

    `forbidden-character` refuses; `invisible-character` and `mixed-script` warn. `bidi` allows
    the controls of writing direction.
    """
    if text.isascii() and text.isprintable():
        return
    found = FORBIDDEN.search(text) or (None if bidi else BIDI.search(text))
    if found:
        yield "forbidden-character", code_point(found[0])
    if text.isascii() and "\x7f" not in text:
        return
    hidden = INVISIBLE.search(text)
    if hidden:
        yield "invisible-character", code_point(hidden[0])
    if LOOKALIKE.search(text):
        for word in WORD.findall(text):
            if LATIN.search(word) and LOOKALIKE.search(word):
                yield "mixed-script", word
                return


def code_point(character: str) -> str:
    """`U+202E` for a character that must not be shown itself."""
    return f"U+{ord(character):04X}"

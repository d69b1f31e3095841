"""The `pattern` constraint, matched in linear time so that no pattern can hold the server.

Frictionless matches `^{pattern}$` with Python's `re`. Here the same is matched by RE2: what
Python reads differently (Unicode classes, escapes, `$` before a last line end) is translated.
Look-around and back-references have no linear-time match and are refused. `\\b` sees ASCII only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from typing import Any, TypeAlias

import re2

from retouche.core.errors import BadDataset

Matcher: TypeAlias = Callable[[str], bool]

SPACES = (
    r"\t-\r\x1c-\x20\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}"
    r"\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
)
CLASSES = {"d": r"\p{Nd}", "D": r"\P{Nd}", "w": r"\p{L}\p{N}_", "s": SPACES}
SAME = frozenset("AabBfnrtv")
HEXADECIMAL = {"x": 2, "u": 4, "U": 8}
UNTRANSLATABLE = re.compile(
    r"""\\[1-9]            # back-reference, or an octal that the two engines read differently
      | \(\?(?:=|!|<=|<!)  # look-around
      | \(\?P=             # back-reference by name
      | \(\?[a-z]*[axLu]   # flags that only Python has
      | \(\?\(             # conditional
    """,
    re.VERBOSE,
)
TOKEN = re.compile(r"\\.|\(\?\#[^)]*\)|\{,[0-9]+\}|\(\?[^:)]*|[\[\]$]|[^\\\[\](){$]+|.", re.DOTALL)


def matcher(pattern: str, *, field: str) -> Matcher:
    """Whether a text satisfies the pattern, as frictionless would say.

    Raises `BadDataset` for a pattern that cannot be matched in linear time.
    """
    found = _compiled(pattern)
    if found is None:
        raise BadDataset("pattern_unsupported", field=field, pattern=pattern)
    return found


@lru_cache(maxsize=1_000)
def _compiled(pattern: str) -> Matcher | None:
    options = re2.Options()
    options.log_errors = False
    try:
        translated = f"^{translate(pattern)}$"
        expression: Any = re2.compile(translated, options)
        # Says yes in a quarter of the time, but its no may only mean that its memory is full.
        quick: Any = re2.Set.MatchSet(options)
        quick.Add(translated)
        quick.Compile()
    except (re2.error, ValueError, UnicodeError):
        return None

    def match(text: str) -> bool:
        if quick.Match(text) or expression.match(text):
            return True
        # In Python `$` also matches just before a line end that ends the text.
        return text.endswith("\n") and expression.match(text[:-1]) is not None

    return match


def is_found(pattern: str, text: str) -> bool | None:
    """Whether RE2 finds its own pattern anywhere in a text; None for what is no pattern."""
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options).search(text) is not None
    except (re2.error, ValueError, UnicodeError):
        return None


def groups(pattern: str, text: str) -> tuple[str, ...] | None:
    """What RE2 finds of its own pattern in a text, then its groups; None where it finds nothing.

    A group that takes no part is an empty text. Raises ValueError for what is no pattern.
    """
    found = _searched(pattern).search(text)
    return None if found is None else (found[0], *(one or "" for one in found.groups()))


def group_count(pattern: str) -> int:
    """How many groups an RE2 pattern has. Raises ValueError for what is no pattern."""
    return int(_searched(pattern).groups)


@lru_cache(maxsize=200)
def _searched(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except (re2.error, UnicodeError) as error:
        raise ValueError(str(error)[:200]) from None


def translate(pattern: str) -> str:
    """The RE2 form of a Python pattern. Raises ValueError where there is none."""
    pieces: list[str] = []
    position = 0
    while position < len(pattern):
        token = TOKEN.match(pattern, position)
        assert token is not None
        text, end = token[0], token.end()
        if UNTRANSLATABLE.match(pattern, position):
            raise ValueError(text)
        if text == "[":
            text, end = _class(pattern, position)
        elif text.startswith("\\"):
            text, end = _escape(pattern, position, inside=False)
        elif text.startswith("(?#"):
            text = ""
        elif text.startswith("{,"):
            text = "{0" + text[1:]
        pieces.append(text)
        position = end
    return "".join(pieces)


def _class(pattern: str, position: int) -> tuple[str, int]:
    """A bracket expression; a `]` that comes first and any `[` stand for themselves."""
    pieces = ["["]
    position += 1
    if pattern.startswith("^", position):
        pieces.append("^")
        position += 1
    first = position
    while position < len(pattern):
        one = pattern[position]
        if one == "]" and position > first:
            return "".join([*pieces, "]"]), position + 1
        if one == "\\":
            text, position = _escape(pattern, position, inside=True)
        else:
            text, position = ("\\" + one if one in "[]" else one), position + 1
        pieces.append(text)
    raise ValueError(pattern)


def _escape(pattern: str, position: int, *, inside: bool) -> tuple[str, int]:
    """One escape sequence, and where it ends."""
    letter = pattern[position + 1 : position + 2]
    end = position + 2
    if letter in HEXADECIMAL:
        digits = pattern[end : end + HEXADECIMAL[letter]]
        if len(digits) != HEXADECIMAL[letter]:
            raise ValueError(pattern)
        return f"\\x{{{int(digits, 16):x}}}", end + len(digits)
    if letter in "pP" and letter:  # Unicode properties, as XML Schema has; Python has none
        return pattern[position:end], end
    if inside and letter == "b":
        return "\\x08", end
    if letter == "0":
        octal = re.compile("[0-7]{0,2}").match(pattern, end)
        assert octal is not None
        return f"\\x{{{int('0' + octal[0], 8):x}}}", octal.end()
    if letter in ("S", "W"):
        inner = _complement(letter) if inside else CLASSES[letter.lower()]
        return (inner if inside else f"[^{inner}]"), end
    if letter in CLASSES:
        return (CLASSES[letter] if inside else f"[{CLASSES[letter]}]"), end
    if letter == "Z":
        return "\\z", end
    if letter in SAME and not (inside and letter in "AB"):
        return pattern[position:end], end
    if not letter or (letter.isascii() and letter.isalnum()):
        raise ValueError(pattern)
    return (letter if letter == "_" or not letter.isascii() else f"\\{letter}"), end


@cache
def _complement(letter: str) -> str:
    """The characters outside `\\w` or `\\s` as ranges, for use inside a bracket expression."""
    inside = str.isspace if letter == "S" else _is_word
    return "".join(_ranges(point for point in range(0x110000) if not inside(chr(point))))


def _is_word(character: str) -> bool:
    return character == "_" or unicodedata.category(character)[0] in "LN"


def _ranges(points: Iterable[int]) -> Iterable[str]:
    start = last = -2
    for point in points:
        if point != last + 1 or 0xD800 <= point <= 0xDFFF:
            if start >= 0:
                yield f"\\x{{{start:x}}}-\\x{{{last:x}}}"
            start = -2 if 0xD800 <= point <= 0xDFFF else point
        last = point
    if start >= 0:
        yield f"\\x{{{start:x}}}-\\x{{{last:x}}}"

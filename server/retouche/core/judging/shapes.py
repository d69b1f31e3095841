"""Patterns that fix how long a text is and which ASCII characters may stand where: `[0-9]{5}`.

Most patterns of published schemas are such. What is more than that is left to RE2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from retouche.core.spans import Cells
from retouche.core.tokenizer import Flags

Shape: TypeAlias = tuple[frozenset[int], ...]
"""The ASCII characters that may stand at each place of a text."""

MOST, LONGEST = 32, 40
ASCII = frozenset(range(128))
DIGITS = frozenset(b"0123456789")
LETTERS = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
CLASSES = {"d": DIGITS, "w": DIGITS | LETTERS | {ord("_")}}
PLAIN = re.compile(r"[A-Za-z0-9 _/:,;@#%&=~'\"<>!-]")
ESCAPED = re.compile(r"\\([^A-Za-z0-9])")
REPEAT = re.compile(r"\{([0-9]{1,2})(?:,([0-9]{1,2}))?\}|\?")
MORE = re.compile(r"[*+?{]")


class _Unknown(Exception):
    """The pattern says more than shapes can."""


@lru_cache(maxsize=1_000)
def shapes_of(pattern: str) -> tuple[Shape, ...]:
    """All the shapes of the texts that match `^{pattern}$`; none where there may be others."""
    try:
        reader = _Reader(pattern)
        found = reader.alternatives()
        if reader.rest:
            raise _Unknown
    except _Unknown:
        return ()
    return tuple(one for one in found if one)


def fits(cells: Cells, shapes: Sequence[Shape]) -> Flags:
    """Which cells have one of the shapes."""
    found = np.zeros(len(cells), np.bool_)
    lengths = cells.lengths
    for shape in shapes:
        right: Flags = lengths == len(shape)
        if right.any():
            for place, letters in enumerate(shape):
                right &= _table(letters)[cells.octets(place)]
            found |= right
    if cells.awkward is not None:
        found &= ~cells.awkward
    return found


@lru_cache(maxsize=1_000)
def _table(letters: frozenset[int]) -> Flags:
    table = np.zeros(256, np.bool_)
    table[list(letters)] = True
    return table


class _Reader:
    """Descends through a pattern."""

    def __init__(self, pattern: str) -> None:
        self.rest = pattern
        self._depth = 0

    def alternatives(self) -> list[Shape]:
        if self._depth > 8:
            raise _Unknown
        found = self._sequence()
        alone = not self._depth and self.rest.startswith("|")
        if alone:
            raise _Unknown  # `^a|b$` is anchored on one side each
        while self.rest.startswith("|"):
            self.rest = self.rest[1:]
            found += self._sequence()
        return _bounded(found)

    def _sequence(self) -> list[Shape]:
        found: list[Shape] = [()]
        if not self._depth:  # another `^` or `$` around the pattern says nothing new
            self.rest = self.rest.removeprefix("^")
        while self.rest and self.rest[0] not in "|)":
            if self.rest == "$" and not self._depth:
                self.rest = ""
                break
            piece = list(self._repeated(self._piece()))
            found = _bounded([one + more for one in found for more in piece])
        return found

    def _piece(self) -> list[Shape]:
        sign, self.rest = self.rest[0], self.rest[1:]
        if sign == "(":
            if self.rest.startswith("?:"):
                self.rest = self.rest[2:]
            elif self.rest.startswith("?"):
                raise _Unknown
            self._depth += 1
            found = self.alternatives()
            self._depth -= 1
            if not self.rest.startswith(")"):
                raise _Unknown
            self.rest = self.rest[1:]
            return found
        if sign == "[":
            return [(self._class(),)]
        if sign == ".":
            return [(ASCII - {10},)]
        self.rest = sign + self.rest
        return [(self._letter(),)]

    def _letter(self) -> frozenset[int]:
        """One character, or one of a class that a backslash names."""
        if self.rest[:1] == "\\" and self.rest[1:2] in CLASSES:
            found = CLASSES[self.rest[1]]
            self.rest = self.rest[2:]
            return found
        match = ESCAPED.match(self.rest) or PLAIN.match(self.rest)
        if match is None or not match[0].isascii():
            raise _Unknown
        self.rest = self.rest[match.end() :]
        return frozenset(match[0][-1].encode())

    def _class(self) -> frozenset[int]:
        negative = self.rest.startswith("^")
        self.rest = self.rest[negative:]
        found: set[int] = set()
        while not self.rest.startswith("]"):
            if self.rest[:1] in (".", "+", "*", "(", ")", "?", "$"):
                letters = frozenset(self.rest[0].encode())
                self.rest = self.rest[1:]
            else:
                letters = self._letter()
            if len(letters) == 1 and re.match(r"-[A-Za-z0-9]", self.rest):
                self.rest = self.rest[1:]
                (low,), (high,) = letters, self._letter()
                letters = frozenset(range(low, high + 1))
            found |= letters
        if not found:
            raise _Unknown
        self.rest = self.rest[1:]
        return ASCII - found if negative else frozenset(found)

    def _repeated(self, piece: list[Shape]) -> Iterator[Shape]:
        match = REPEAT.match(self.rest)
        low = high = 1
        if match is not None:
            self.rest = self.rest[match.end() :]
            low = int(match[1]) if match[1] else 0
            high = int(match[2]) if match[2] else (low or 1 if match[1] is None else low)
        if MORE.match(self.rest) or high < low:
            raise _Unknown
        found: list[Shape] = [()]
        for count in range(high + 1):
            if count >= low:
                yield from found
            if count < high:
                found = _bounded([one + more for one in found for more in piece])


def _bounded(found: list[Shape]) -> list[Shape]:
    if len(found) > MOST or any(len(one) > LONGEST for one in found):
        raise _Unknown
    return found

"""What many texts are worth as numbers, days or moments, read at once from their bytes.

Reads the plain ways of writing, in bulk and exactly; says which texts it leaves to `typed.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.layouts import Layout
from retouche.core.coded.words import WORD, words_at
from retouche.core.spans import Cells
from retouche.core.tokenizer import Flags, Octets

Floats: TypeAlias = NDArray[np.float64]
Lexing: TypeAlias = Callable[[Cells], "Reading"]
Parts: TypeAlias = Mapping[str, NDArray[np.uint64]]
Worth: TypeAlias = Callable[[Parts], NDArray[np.int64]]

LONGEST = 32
CHUNK = 1 << 14
EXACT_DIGITS = 15
"""Decimal numbers of so many digits never share a float."""
EXACT = 1 << 53
"""Up to here floats tell integers apart."""
SECOND = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """`orders` compare like what the texts are worth, nan for those that do not fit.

    Only where a text is `known`. Equal orders of `exact` ones are the same worth; others may be
    too near to each other for a float.
    """

    orders: Floats
    known: Flags
    exact: Flags


# Numbers

DEAD, START, SIGN, INTEGER, DOTTED, DOT, EXPONENT, MINUS = range(8)
POWERS = range(8, 12)
ENDS = {INTEGER: 12, DOTTED: 13, **dict.fromkeys(POWERS, 14)}
"""The state behind the end of a text, by the state at its end."""
WHOLE, BROKEN, POWERED = 12, 13, 14


def numbers(point: str, *, whole: bool) -> Lexing:
    """Reads numbers as `typed.NUMBER`, or whole ones alone; `point` is one sign of ASCII."""
    table = _states(point)

    def read(cells: Cells) -> Reading:
        count = len(cells)
        orders = np.full(count, np.nan)
        known, exact = np.ones(count, np.bool_), np.zeros(count, np.bool_)
        lengths = cells.lengths
        for size in range(WORD, LONGEST + 1, WORD):
            some = np.flatnonzero((lengths > size - WORD) & (lengths <= size))
            for low in range(0, len(some), CHUNK):
                at = some[low : low + CHUNK]
                letters = _letters(cells, at, size)
                ends = _run(table, letters)
                fits = ends == WHOLE if whole else ends >= WHOLE
                orders[at[fits]] = _floats(letters[fits], point)
                signs = (letters[:, 0] == ord("+")) | (letters[:, 0] == ord("-"))
                digits = lengths[at] - signs - (ends == BROKEN)
                exact[at] = fits & (ends < POWERED) & (digits <= EXACT_DIGITS)
        known[lengths > LONGEST] = False
        return Reading(orders, known, exact)

    return read


@cache
def _states(point: str) -> Octets:
    """The next state for each state and letter."""
    table = np.zeros((POWERED + 1, 256), np.uint8)

    def go(state: int, letters: str, to: int) -> None:
        table[state, [ord(letter) for letter in letters]] = to

    digits = "0123456789"
    go(START, "+-", SIGN)
    for state in (START, SIGN, INTEGER):
        go(state, digits, INTEGER)
        go(state, point, DOTTED if state == INTEGER else DOT)
    for state in (DOT, DOTTED):
        go(state, digits, DOTTED)
    for state in (INTEGER, DOTTED):
        go(state, "eE", EXPONENT)
    go(EXPONENT, "+-", MINUS)
    for state, to in ((EXPONENT, POWERS[0]), (MINUS, POWERS[0]), *pairwise(POWERS)):
        go(state, digits, to)
    for state, end in ENDS.items():
        go(state, "\0", end)
        go(end, "\0", end)
    return table.reshape(-1)


def _letters(cells: Cells, at: NDArray[np.int64], size: int) -> Octets:
    """One row of so many bytes for each of some cells, zeros behind a shorter one."""
    begins, lengths = cells.begins[at], cells.lengths[at]
    words = np.empty((len(at), size // WORD), "<u8")
    for number in range(size // WORD):
        rest = np.maximum(lengths - number * WORD, 0)
        words[:, number] = words_at(cells.view, begins + number * WORD, rest)
    return words.view(np.uint8)


def _run(table: Octets, letters: Octets) -> Octets:
    """The state behind each text."""
    states = np.full(len(letters), START, np.uint16)
    for column in np.ascontiguousarray(letters.T):
        states <<= 8
        states |= column
        states = table[states].astype(np.uint16)
    states <<= 8
    return table[states]


def _floats(letters: Octets, point: str) -> Floats:
    if not len(letters):
        return np.empty(0, np.float64)
    if point != ".":
        letters[letters == ord(point)] = ord(".")
    found: Floats = letters.view(f"S{letters.shape[1]}")[:, 0].astype(np.float64)
    return found


# Days and moments


def moments(patterns: Sequence[str], worth: Worth) -> Lexing | None:
    """Reads what is written by one of some patterns; None where a pattern is too free for that."""
    layouts = [Layout.of(pattern) for pattern in patterns]
    if None in layouts:
        return None

    def read(cells: Cells) -> Reading:
        orders = np.full(len(cells), np.nan)
        known = np.zeros(len(cells), np.bool_)
        for layout in layouts:
            assert layout is not None
            some = np.flatnonzero((cells.lengths == layout.width) & ~known)
            if len(some):
                right, parts = layout.fits(cells.at(some))
                chosen = {name: part[right] for name, part in parts.items()}
                orders[some[right]] = worth(chosen)
                known[some[right]] = True
        return Reading(orders, known, known & (np.abs(orders) < EXACT))

    return read


def ordinals(parts: Parts) -> NDArray[np.int64]:
    """Days as `date.toordinal` counts them."""
    year, month, day = (parts[part].astype(np.int64) if part in parts else None for part in "Ymd")
    size = len(next(iter(parts.values())))
    months = ((np.full(size, 1900) if year is None else year) - 1970) * 12
    months += 0 if month is None else month - 1
    days = months.astype("M8[M]").astype("M8[D]").astype(np.int64)
    days += 0 if day is None else day - 1
    return days + 719_163


def microseconds(parts: Parts) -> NDArray[np.int64]:
    """Since 1970."""
    return (ordinals(parts) - 719_163) * (86_400 * SECOND) + time_of_day(parts)


def time_of_day(parts: Parts) -> NDArray[np.int64]:
    """Microseconds since midnight."""
    found = np.zeros(len(next(iter(parts.values()))), np.int64)
    for part, seconds in (("H", 3_600), ("M", 60), ("S", 1)):
        if part in parts:
            found += parts[part].astype(np.int64) * (seconds * SECOND)
    return found

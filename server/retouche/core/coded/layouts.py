"""Dates and times of a fixed layout, `%Y-%m-%d` or `%d/%m/%Y`, in many cells at once.

Tells which cells surely are one; what else may be, with days of one digit say, is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.decimals import not_digits
from retouche.core.coded.words import WORD, Words
from retouche.core.spans import Cells
from retouche.core.tokenizer import Flags

WIDTHS = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}
RANGES = {"m": (1, 12), "d": (1, 31), "H": (0, 23), "M": (0, 59), "S": (0, 59)}
SAFE = re.compile(r"(?:%[YmdHMS]|[-/.:,;TZ ])+")
"""The layouts that are read here: what every reader of such a pattern takes for the same."""
# February's 29th is left to those who know the calendar.
DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.uint64)
LONGEST = 32
Numbers = NDArray[np.uint64]


@dataclass(frozen=True)
class Layout:
    """A pattern of `strptime` whose texts all have the same length."""

    pattern: str

    @classmethod
    def of(cls, pattern: str) -> Layout | None:
        """None for a pattern with other parts than these, or with one of them twice."""
        parts = re.findall("%(.)", pattern)
        if not SAFE.fullmatch(pattern) or not parts or len(set(parts)) < len(parts):
            return None
        found = cls(pattern)
        return found if found.width <= LONGEST else None

    @cached_property
    def sample(self) -> str:
        """The layout with its letters repeated for every digit, as `YYYY-mm-dd`."""
        return re.sub("%(.)", lambda found: found[1] * WIDTHS[found[1]], self.pattern)

    @cached_property
    def width(self) -> int:
        return len(self.sample)

    @cached_property
    def _digits(self) -> list[bool]:
        letters = re.sub("%(.)", lambda found: "0" * WIDTHS[found[1]], self.pattern)
        return [letter == "0" for letter in letters]

    def fits(self, cells: Cells) -> tuple[Flags, Mapping[str, Numbers]]:
        """Which cells have the layout and are a day and a time, and the numbers of their parts."""
        right: Flags = (cells.lengths == self.width) & (cells.stops >= self.width + WORD)
        if cells.awkward is not None:
            right &= ~cells.awkward
        words = [cells.tails(back=back) for back in range(0, self.width, WORD)]
        for number, word in enumerate(words):
            right &= self._shaped(word, number)
        parts: dict[str, Numbers] = {}
        for part in re.findall("%(.)", self.pattern):
            parts[part] = self._part(part, words)
            if part in RANGES:
                low, high = RANGES[part]
                right &= (parts[part] >= low) & (parts[part] <= high)
        if "Y" in parts:
            right &= parts["Y"] > 0
        if "d" in parts and "m" in parts:
            right &= parts["d"] <= DAYS[np.minimum(parts["m"], 12)]
        return right, parts

    def _shaped(self, words: Words, number: int) -> Flags:
        """Whether digits and signs stand where they should, in one word of every cell."""
        stop = self.width - number * WORD
        begin = max(0, stop - WORD)
        signs = digits = expected = 0
        for place in range(begin, stop):
            at = 8 * (WORD - stop + place)
            if self._digits[place]:
                digits |= 0xFF << at
            else:
                signs |= 0xFF << at
                expected |= ord(self.sample[place]) << at
        zeros = 0x3030303030303030 & ~digits
        figures = (words & np.uint64(digits)) | np.uint64(zeros)
        fits: Flags = ~not_digits(figures)
        if signs:
            fits &= (words & np.uint64(signs)) == np.uint64(expected)
        return fits

    def _part(self, part: str, words: list[Words]) -> Numbers:
        """A number of the layout, of every cell."""
        first = self.sample.index(part)
        found = np.zeros(len(words[0]), np.uint64)
        for place in range(first, first + WIDTHS[part]):
            number, byte = divmod(self.width - 1 - place, WORD)
            shift = np.uint64(8 * (WORD - 1 - byte))
            found = found * np.uint64(10) + ((words[number] >> shift) & np.uint64(15))
        return found


def day_number(parts: Mapping[str, Numbers]) -> NDArray[np.int64]:
    """Dates in their order, as integers: twenty-four million for the year 2400."""
    year = parts["Y"] if "Y" in parts else np.uint64(1900)
    month = parts["m"] if "m" in parts else np.uint64(1)
    day = parts["d"] if "d" in parts else np.uint64(1)
    found = (year * np.uint64(100) + month) * np.uint64(100) + day
    return np.asarray(found).astype(np.int64)


def number_of_day(value: Any) -> int | None:
    """The same for a date that was read elsewhere."""
    if type(value) is not date:
        return None
    return (value.year * 100 + value.month) * 100 + value.day

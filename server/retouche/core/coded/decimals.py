"""Plain decimal numbers in many cells at once: their form, and exactly what they are worth.

Plain is a sign or none, up to sixteen digits in ASCII, and at most one decimal character.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.words import WORD, Words
from retouche.core.spans import ONES, Cells
from retouche.core.tokenizer import Flags, Offsets

LONGEST = 16
ZERO, PLUS, MINUS = b"0+-"
HALF = np.uint64(32)
TENS = 10 ** np.arange(LONGEST + 2, dtype=np.uint64)
HIGH = np.uint64(0x8080808080808080)
LOW = ~HIGH
TOP_HALF = np.uint64(0xF0F0F0F0F0F0F0F0)
DIGIT_HALF = np.uint64(0x3030303030303030)
SIX = np.uint64(6) * ONES
SCALE_BITS = 5
"""How much room the number of decimals takes in the identity of a number."""


class Decimals:
    """Numbers as integers and how many of their last digits stand behind the point.

    Only where `plain` is set do the others mean anything. `point` is the decimal character, one
    of ASCII, None where none may stand.
    """

    def __init__(self, cells: Cells, *, point: str | None) -> None:
        first = cells.octets()
        self.negative: Flags = first == MINUS
        bare = Cells(cells.view, cells.begins + (self.negative | (first == PLUS)), cells.stops)
        lengths = bare.lengths
        self.plain: Flags = (lengths >= 1) & (lengths <= LONGEST) & (cells.stops >= LONGEST)
        if cells.awkward is not None:
            self.plain &= ~cells.awkward
        self._low, self._points, self._behind, wrong = _figures(bare.tails(fill=ZERO), point)
        self._long: Offsets = np.flatnonzero(self.plain & (lengths > WORD))
        if len(self._long):
            words = bare.tails(self._long, fill=ZERO, back=WORD)
            self._high, points, behind, more_wrong = _figures(words, point)
            wrong[self._long] |= more_wrong
            # Where there is one point, one of the two places is zero.
            self._points[self._long] += points
            self._behind[self._long] += np.where(points > 0, behind + WORD, 0).astype(np.int8)
        self._dotted = bool(self._points.any())
        self.plain &= ~wrong
        if self._dotted:
            self.plain &= (self._points <= 1) & (lengths > self._points)

    @cached_property
    def scales(self) -> NDArray[np.intp]:
        """How many digits stand behind the point."""
        return np.where(self.plain & (self._points > 0), self._behind, 0).astype(np.intp)

    @cached_property
    def digits(self) -> NDArray[np.uint64]:
        """The digits as one integer, without sign and point."""
        found = _value(self._low)
        if len(self._long):
            found[self._long] += _value(self._high) * TENS[WORD]
        if self._dotted:
            # The point was read as a digit: what stands before it is ten times too far left.
            dotted = np.flatnonzero(self.plain & (self._points > 0))
            unit = TENS[self.scales[dotted]]
            before, behind = np.divmod(found[dotted], unit)
            found[dotted] = before // np.uint64(10) * unit + behind
        return found

    def approximate(self) -> NDArray[np.float64]:
        """The numbers as floats, exact when they have at most fifteen digits and no point."""
        found = self.digits.astype(np.float64)
        if self._dotted:
            found /= TENS[self.scales]
        np.negative(found, out=found, where=self.negative)
        return found

    def identities(self) -> NDArray[np.int64]:
        """The same integer for the same number: `1`, `+1.0` and `01` are one."""
        digits, scales = self.digits, self.scales
        if self._dotted:
            digits, scales = digits.copy(), scales.copy()
            while True:
                reducible = (scales > 0) & (digits % np.uint64(10) == 0)
                if not reducible.any():
                    break
                digits[reducible] //= np.uint64(10)
                scales[reducible] -= 1
        signed = (digits.astype(np.int64) << SCALE_BITS) | scales
        np.negative(signed, out=signed, where=self.negative & (digits != 0))
        return signed

    def total(self, times: Offsets) -> Decimal:
        """The exact sum of the plain ones, each of which stands so many times."""
        total = 0
        scales = self.scales[self.plain]
        most = int(scales.max(initial=0))
        for negative in (False, True):
            chosen = self.plain & (self.negative == negative)
            for scale in np.unique(self.scales[chosen]).tolist():
                here = chosen & (self.scales == scale)
                digits, counts = self.digits[here], times[here].astype(np.uint64)
                high = (digits >> HALF) * counts
                low = (digits & ((np.uint64(1) << HALF) - np.uint64(1))) * counts
                added = (int(high.sum()) << int(HALF)) + int(low.sum())
                total += (-added if negative else added) * 10 ** (most - scale)
        return Decimal((int(total < 0), tuple(map(int, str(abs(total)))), -most))


def identity(value: Any) -> int | None:
    """The identity of a number read elsewhere; None where no plain one can be the same."""
    if isinstance(value, float) and np.isfinite(value):
        value = Decimal(value)
    if isinstance(value, int):
        return value << SCALE_BITS if abs(value) < 10**LONGEST else None
    if not isinstance(value, Decimal) or not value.is_finite() or abs(value.adjusted()) > LONGEST:
        return None
    sign, figures, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    digits = int("".join(map(str, figures)))
    while digits and exponent < 0 and digits % 10 == 0:
        digits, exponent = digits // 10, exponent + 1
    if not digits:
        return 0
    digits, scale = (digits * 10**exponent, 0) if exponent > 0 else (digits, -exponent)
    if digits >= 10**LONGEST or scale > LONGEST:
        return None
    found = (digits << SCALE_BITS) | scale
    return -found if sign else found


def _figures(
    words: Words, point: str | None
) -> tuple[Words, NDArray[np.int8], NDArray[np.int8], Flags]:
    """Words with their points read as zeros, how many these are, how many bytes stand behind the
    only one, and which words have other bytes than digits and points."""
    points = behind = np.zeros(len(words), np.int8)
    if point is not None:
        sign = np.uint64(ord(point))
        differences = words ^ (sign * ONES)
        marked = ~(((differences & LOW) + LOW) | differences | LOW)
        if marked.any():
            points = np.bitwise_count(marked).astype(np.int8)
            words = words ^ ((marked >> np.uint64(7)) * (sign ^ np.uint64(ZERO)))
            below = np.bitwise_count(marked - np.uint64(1)).astype(np.int8)
            behind = (WORD - 1 - (below >> 3)) * (points > 0)
    return words, points.copy(), behind.copy(), not_digits(words)


def not_digits(words: Words) -> Flags:
    """Which words have other bytes than ASCII digits."""
    wrong = ((words & TOP_HALF) ^ DIGIT_HALF) | (((words + SIX) & TOP_HALF) ^ DIGIT_HALF)
    found: Flags = wrong != 0
    return found


def _value(words: Words) -> NDArray[np.uint64]:
    """What eight digits are worth: by twos, fours and eights at once."""
    half = np.uint64
    found = ((words & half(0x0F0F0F0F0F0F0F0F)) * half(2561)) >> half(8)
    found = ((found & half(0x00FF00FF00FF00FF)) * half(6553601)) >> half(16)
    found = ((found & half(0x0000FFFF0000FFFF)) * half(42949672960001)) >> half(32)
    return found

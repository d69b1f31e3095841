"""Cells as spans of bytes, many at once, and their bytes eight by eight as numbers.

Knows no file and no type; never makes a Python object per cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from retouche.core.coded.words import WORD, Words, windows
from retouche.core.tokenizer import Flags, Octets, Offsets

ONES = np.uint64(0x0101010101010101)
TOPS = np.uint64(0x8080808080808080)
KEPT = np.array(
    [0] + [((1 << 64) - 1) ^ ((1 << (64 - 8 * kept)) - 1) for kept in range(1, WORD + 1)], np.uint64
)
"""By how many bytes are kept: a mask of the last ones of a word."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Cell `i` is `view[begins[i]:stops[i]]`, without the quotes around it.

    `awkward` tells the cells whose text is not those bytes, because quotes stand within; their
    spans keep all quotes. None when there are none.
    """

    view: Octets
    begins: Offsets
    stops: Offsets
    awkward: Flags | None = None

    def __len__(self) -> int:
        return len(self.begins)

    @property
    def lengths(self) -> Offsets:
        """How many bytes each cell has."""
        return self.stops - self.begins

    def at(self, places: Offsets | Flags) -> Cells:
        """Some of the cells."""
        awkward = None if self.awkward is None else self.awkward[places]
        return Cells(self.view, self.begins[places], self.stops[places], awkward)

    def tails(
        self, places: Offsets | Flags | None = None, *, fill: int = 0, back: int = 0
    ) -> Words:
        """The eight bytes that end `back` bytes before each cell's end.

        What lies before the cell is `fill`. Cells that end within the first eight bytes of the
        view read as nothing but `fill`.
        """
        begins = self.begins if places is None else self.begins[places]
        stops = (self.stops if places is None else self.stops[places]) - back
        kept = np.clip(stops - begins, 0, WORD)
        if len(self.view) < WORD:
            return np.full(len(begins), np.uint64(fill) * ONES)
        kept[stops < WORD] = 0
        words = windows(self.view, WORD)[np.maximum(stops - WORD, 0)]
        mask = KEPT[kept]
        words &= mask
        return words | (~mask & (np.uint64(fill) * ONES)) if fill else words

    def octets(self, place: int = 0) -> Octets:
        """One byte of each cell, counted from its begin; anything where the cell is shorter."""
        return self.view[np.minimum(self.begins + place, len(self.view) - 1)]

    def equal(self, text: bytes) -> Flags:
        """Which cells are these bytes."""
        same: Flags = self.lengths == len(text)
        if self.awkward is not None:
            same &= ~self.awkward
        for back in range(0, len(text), WORD):
            if not same.any():
                break
            places = np.flatnonzero(same)
            piece = text[max(0, len(text) - back - WORD) : len(text) - back].rjust(WORD, b"\0")
            expected = np.frombuffer(piece, "<u8")[0]
            found = self.tails(places, back=back) == expected
            found |= self.stops[places] - back < WORD
            same[places] = found
        for place in np.flatnonzero(same & (self.stops < len(text) + WORD)).tolist():
            # Too near the start of the file for words: there are a few such cells at most.
            same[place] = self.content(place) == text
        return same

    def ascii(self) -> Flags:
        """Which cells surely have nothing but ASCII characters."""
        found: Flags = self.begins >= WORD
        for back in range(0, int(self.lengths.max(initial=0)), WORD):
            found &= self.tails(back=back) & TOPS == 0
        return found

    def content(self, place: int) -> bytes:
        """The bytes of one cell."""
        return self.view[self.begins[place] : self.stops[place]].tobytes()

    def contents(self) -> Iterator[bytes]:
        """The bytes of every cell."""
        view = memoryview(np.ascontiguousarray(self.view).data)
        for begin, stop in zip(self.begins.tolist(), self.stops.tolist(), strict=True):
            yield bytes(view[begin:stop])

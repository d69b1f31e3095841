"""The terms of many texts: their runs of letters and digits, and the texts that each is in.

Texts are folded and joined bytes here; nothing is known of columns and rows.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded import coding
from retouche.core.coded.haystack import Bytes, Haystack, Mask, Whole, ranges, translated
from retouche.core.coded.texts import GAP, Texts
from retouche.core.reading.grams import LENGTH, Grams

Numbers: TypeAlias = NDArray[np.int32]

LETTERS = bytes(byte >= 128 or chr(byte).isalnum() for byte in range(256))
"""Which bytes terms are made of. Those of other scripts all are: no table is needed for them."""
HANDFUL = 16
"""So few are looked at one by one faster than together."""
FEW = 1_000
"""So many numbers are sorted faster than they are marked in a long table."""


class Terms:
    """`terms`, each once, and `texts[firsts[i]:firsts[i + 1]]`, the numbers of the texts that
    hold the i-th of them, in order."""

    __slots__ = ("firsts", "grams", "terms", "texts")

    def __init__(self, terms: Texts, *, texts: Numbers, firsts: Whole, grams: Grams):
        self.terms = terms
        self.texts = texts
        self.firsts = firsts
        self.grams = grams

    @classmethod
    def of(cls, texts: Texts) -> Terms:
        """The terms of folded texts."""
        view = texts.joined
        begins, stops, numbers = _tokens(view)
        codes, first = coding.distinct(view, begins, stops)
        terms = Texts.of_spans(view, begins[first], stops[first])
        held, firsts = _postings(codes, numbers, size=len(first))
        return cls(terms, texts=held, firsts=firsts, grams=Grams.of(terms.heap))

    def texts_with(self, piece: bytes, *, begins: bool = False, ends: bool = False) -> Numbers:
        """The texts that have a term which holds some letters, perhaps more than once each;
        where asked, a term that begins or ends with them."""
        found = self._holding(piece)
        if not len(found):
            return self.texts[:0]
        if begins:
            found = found[self._matches(piece, found, self.terms.starts[found])]
        if ends:
            last = self.terms.bounds[1:][found] - GAP - len(piece)
            found = found[self._matches(piece, found, last)]
        if len(found) == 1:
            at = int(found[0])
            return self.texts[self.firsts[at] : self.firsts[at + 1]]
        firsts = self.firsts[found]
        return self.texts.take(ranges(firsts, self.firsts[found + 1] - firsts))

    def _holding(self, piece: bytes) -> NDArray[np.intp]:
        found = _once(self.grams.having(piece), size=len(self.terms))
        if len(piece) <= LENGTH:
            return found
        if len(found) <= HANDFUL:
            held = [at for at in found.tolist() if piece in self.terms.raw(at).tobytes()]
            return np.array(held, np.intp)
        return found[Haystack(self.terms.at(found)).holding(piece)]

    def _matches(self, piece: bytes, terms: NDArray[np.intp], places: Whole) -> Mask:
        """Whether the letters stand at some places, none of them outside of its term."""
        same = places >= self.terms.starts[terms]
        for shift, letter in enumerate(piece):
            same &= self.terms.heap.take(places + shift, mode="clip") == letter
        return same


def _tokens(view: Bytes) -> tuple[Whole, Whole, Numbers]:
    """Where each run of letters begins and stops, and the number of the text it is in."""
    inside = translated(view, LETTERS).view(np.bool_)
    edges = np.flatnonzero(np.diff(inside, prepend=False, append=False))
    begins, stops = edges[::2], edges[1::2]
    return begins, stops, np.cumsum(view == 0, dtype=np.int32)[begins]


def _postings(terms: Numbers, texts: Numbers, *, size: int) -> tuple[Numbers, NDArray[np.int64]]:
    """The texts of each term, and where those of the next begin."""
    pairs = np.sort((terms.astype(np.int64) << 32) | texts.astype(np.int64))
    pairs = pairs[np.diff(pairs, prepend=-1) != 0]
    counts = np.bincount(pairs >> 32, minlength=size)
    return pairs.astype(np.int32), np.concatenate([[0], np.cumsum(counts)])


def _once(numbers: Numbers, *, size: int) -> NDArray[np.intp]:
    """Each number once, in order."""
    if len(numbers) <= HANDFUL:
        return np.array(sorted(set(numbers.tolist())), np.intp)
    if len(numbers) <= FEW:
        return np.unique(numbers).astype(np.intp)
    held = np.zeros(size, np.bool_)
    held[numbers] = True
    return np.flatnonzero(held)

"""What search knows of the distinct texts of a column: their terms, and the folded form of those
that are not in ASCII. Texts are known by number, in the order of one version of the column.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.folding import folded
from retouche.core.coded.haystack import Haystack, Mask, Whole, translated
from retouche.core.coded.texts import Texts
from retouche.core.parts import Part
from retouche.core.reading.grams import Grams
from retouche.core.reading.terms import Numbers, Terms

PIECE = re.compile(rb"[0-9A-Za-z\x80-\xff]+")
LOWER = bytes(range(256)).lower()
FEW = 100
"""So few texts are compared with a whole word faster than they are narrowed down."""
AT_ONCE = 100_000
"""Texts that are joined at once to be looked at; bounds the memory, not the speed."""


class Lexicon:
    """The `terms` of all texts; the numbers of those that are not in ASCII, `foreign`, and what
    these are when `folded`. The `name` is the same for the same texts and hardly for others."""

    __slots__ = ("_length", "_signs", "folded", "foreign", "name", "terms")

    def __init__(
        self,
        terms: Terms,
        *,
        foreign: Numbers,
        folded: Texts,
        signs: Mask,
        length: int,
        name: str,
    ):
        self.terms = terms
        self.foreign = foreign
        self.folded = folded
        self.name = name
        self._signs = signs
        self._length = length

    @classmethod
    def of(cls, texts: Texts) -> Lexicon:
        """Of texts without a NUL."""
        found = folded(texts)
        foreign = np.unique(
            np.searchsorted(texts.stops, np.flatnonzero(texts.joined >= 128) + texts.bounds[0])
        ).astype(np.int32)
        return cls(
            Terms.of(found),
            foreign=foreign,
            folded=found.at(foreign),
            signs=np.bincount(found.joined, minlength=256) > 0,
            length=len(texts),
            name=blake2b(texts.joined.data, digest_size=16).hexdigest(),
        )

    def part(self) -> Part:
        terms, grams = self.terms, self.terms.grams
        arrays: dict[str, NDArray[Any]] = {
            "terms": terms.terms.heap,
            "bounds": terms.terms.bounds,
            "texts": terms.texts,
            "firsts": terms.firsts,
            "grams": grams.grams,
            "gram_starts": grams.starts,
            "gram_terms": grams.terms,
            "foreign": self.foreign,
            "folded": self.folded.heap,
            "folded_bounds": self.folded.bounds,
            "signs": self._signs,
        }
        return Part(arrays, {"length": self._length, "name": self.name})

    @classmethod
    def of_part(cls, part: Part) -> Lexicon:
        held = part.arrays
        terms = Terms(
            Texts(held["terms"], held["bounds"]),
            texts=held["texts"],
            firsts=held["firsts"],
            grams=Grams(held["grams"], held["gram_starts"], held["gram_terms"]),
        )
        return cls(
            terms,
            foreign=held["foreign"],
            folded=Texts(held["folded"], held["folded_bounds"]),
            signs=held["signs"],
            length=int(part.meta["length"]),
            name=str(part.meta["name"]),
        )

    @property
    def size(self) -> int:
        """Bytes of the arrays."""
        return self.part().size

    def candidates(self, word: bytes) -> tuple[Numbers, bool]:
        """The texts that may hold a folded word, and whether all of them do.

        A text may come more than once where all do; else they are in order.
        """
        pieces = list(PIECE.finditer(word))
        if len(pieces) == 1 and pieces[0][0] == word:
            return self.terms.texts_with(word), True
        signs = np.frombuffer(PIECE.sub(b"", word), np.uint8)
        if not self._signs[signs].all():
            return self.foreign[:0], True
        held = np.ones(self._length, np.bool_)
        # Long pieces are in few texts as a rule: these are then looked at rather than the others.
        for piece in sorted(pieces, key=lambda one: -len(one[0])):
            begins, ends = piece.start() > 0, piece.end() < len(word)
            found = self.terms.texts_with(piece[0], begins=begins, ends=ends)
            if len(found) <= FEW:
                return np.unique(found), False
            these = np.zeros(self._length, np.bool_)
            these[found] = True
            held &= these
        return np.flatnonzero(held).astype(np.int32), False

    def holding(self, word: bytes, numbers: Numbers, *, texts: Texts, codes: Numbers) -> Mask:
        """Which of some texts hold a folded word; `codes` says where each is in `texts` now."""
        held = np.zeros(len(numbers), np.bool_)
        if not len(numbers):
            return held
        at = np.searchsorted(self.foreign, numbers)
        foreign = np.append(self.foreign, np.int32(-1))[at] == numbers
        held[foreign] = _holding(word, self.folded, at[foreign])
        if word.isascii():
            held[~foreign] = _holding(word, texts, codes[~foreign])
        return held


def _holding(word: bytes, texts: Texts, places: Whole) -> Mask:
    """Whether some texts, in order, hold a word; what is not folded of them must be in ASCII."""
    held = [np.zeros(0, np.bool_)]
    for low in range(0, len(places), AT_ONCE):
        part = slice(low, low + AT_ONCE)
        some = texts[part] if len(places) == len(texts) else texts.at(places[part])
        lower = Texts(translated(some.joined, LOWER), some.bounds - some.bounds[0])
        held.append(Haystack(lower).holding(word))
    return np.concatenate(held)

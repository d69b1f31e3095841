"""Searching the rows of a resource: the words of a search, and the rows that have them somewhere.

Words are looked for in the distinct values of each column and never once per row.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from retouche.core.coded.columns import Column
from retouche.core.coded.folding import fold, folded
from retouche.core.coded.haystack import Haystack, Mask
from retouche.core.coded.recoding import Recoding
from retouche.core.coded.texts import SEPARATOR
from retouche.core.parts import Part
from retouche.core.reading.lexicon import Lexicon

WORD = re.compile(r'"([^"]*)"|([^\s"]+)')
MANY_WORDS = 100
"""Past this, comparing every word with every other costs more than it saves."""
FEW = 12
"""So many codes are found faster one after the other than in a table of all."""
MANY_CHANGES = 1_000
"""Past so many changed values a lexicon is made anew."""
KEPT_BYTES = 4 << 20


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a search, each once; a quoted phrase is one word.

    A word inside another is left out: where the longer one is found, so is the shorter.
    """
    found = {fold(quoted or plain).strip() for quoted, plain in WORD.findall(text)}
    found.discard("")
    if len(found) > MANY_WORDS:
        return tuple(sorted(found))
    kept = [one for one in found if not any(one != other and one in other for other in found)]
    return tuple(sorted(kept))


class ColumnSearch:
    """A column and the lexicon of its values, or of those of an earlier version; what has changed
    since is in `recoding`."""

    __slots__ = ("_fresh", "column", "lexicon", "recoding")

    def __init__(self, column: Column, lexicon: Lexicon, recoding: Recoding | None = None):
        self.column = column
        self.lexicon = lexicon
        self.recoding = Recoding() if recoding is None else recoding
        self._fresh: Haystack | None = None

    @classmethod
    def of(cls, column: Column) -> ColumnSearch:
        return cls(column, Lexicon.of(column.values))

    def part(self) -> Part:
        """What is to be kept beside the part of the lexicon; small."""
        return Part(self.recoding.part().arrays, {"lexicon": self.lexicon.name})

    @classmethod
    def of_part(cls, part: Part, column: Column, lexicon: Lexicon) -> ColumnSearch | None:
        """None where the part was made for another lexicon."""
        if part.meta["lexicon"] != lexicon.name:
            return None
        return cls(column, lexicon, Recoding.of_part(part))

    def succeed(self, column: Column, recoding: Recoding) -> ColumnSearch:
        """The same for the next version of the column, of which `recoding` tells what is new."""
        since = self.recoding.then(recoding)
        if len(since) > MANY_CHANGES:
            return ColumnSearch.of(column)
        return ColumnSearch(column, self.lexicon, since)

    @property
    def size(self) -> int:
        return self.lexicon.size + self.recoding.part().size

    def codes_with(self, word: str) -> NDArray[np.int32]:
        """The codes of the values that hold a folded word, perhaps more than once each."""
        if SEPARATOR in word:
            return self.recoding.fresh[:0]
        encoded = word.encode("utf-8", "surrogatepass")
        numbers, certain = self.lexicon.candidates(encoded)
        codes = numbers
        if len(self.recoding):
            numbers = numbers[self.recoding.stay(numbers)]
            codes = self.recoding.moved(numbers)
        if not certain:
            values = self.column.values
            codes = codes[self.lexicon.holding(encoded, numbers, texts=values, codes=codes)]
        return np.concatenate([codes, self._fresh_with(word)]) if len(self.recoding) else codes

    def _fresh_with(self, word: str) -> NDArray[np.int32]:
        fresh = self.recoding.fresh
        if self._fresh is None:
            self._fresh = Haystack(folded(self.column.values.at(fresh)))
        return fresh[self._fresh.containing(word)]


class SearchIndex:
    """All columns that may be searched. Safe to share between threads."""

    __slots__ = ("_columns", "_kept", "_length", "_lock")

    def __init__(self, columns: Iterable[ColumnSearch], *, length: int):
        self._columns = tuple(columns)
        self._length = length
        self._kept: OrderedDict[str, NDArray[np.uint8]] = OrderedDict()
        self._lock = Lock()

    @classmethod
    def of(cls, columns: Iterable[Column], *, length: int) -> SearchIndex:
        return cls(map(ColumnSearch.of, columns), length=length)

    @property
    def size(self) -> int:
        return sum(one.size for one in self._columns) + KEPT_BYTES

    def rows_with(self, word: str) -> Mask:
        """The rows that have the folded word in some field."""
        with self._lock:
            kept = self._kept.get(word)
            if kept is not None:
                self._kept.move_to_end(word)
        if kept is not None:
            return np.unpackbits(kept, count=self._length).view(np.bool_)
        rows = np.zeros(self._length, np.bool_)
        for one in self._columns:
            codes = one.codes_with(word)
            if len(codes):
                _add_rows(rows, one.column, codes)
        self._keep(word, np.packbits(rows))
        return rows

    def rows_with_all(self, words: Sequence[str]) -> Mask:
        """The rows that have each of the folded words in some field."""
        rows = np.ones(self._length, np.bool_)
        # Long words are rare as a rule, and where they meet no row nothing else is looked for.
        for word in sorted(words, key=len, reverse=True):
            rows &= self.rows_with(word)
            if not rows.any():
                break
        return rows

    def _keep(self, word: str, packed: NDArray[np.uint8]) -> None:
        """The pages of one search follow each other, so its rows are asked for again soon."""
        with self._lock:
            self._kept[word] = packed
            while len(self._kept) * packed.nbytes > KEPT_BYTES:
                self._kept.popitem(last=False)


def _runs(codes: Iterable[int]) -> list[tuple[int, int]]:
    """Neighbouring codes together, as half-open ranges: what begins alike stands side by side."""
    runs: list[tuple[int, int]] = []
    for code in codes:
        if runs and runs[-1][1] == code:
            runs[-1] = (runs[-1][0], code + 1)
        else:
            runs.append((code, code + 1))
    return runs


def _add_rows(rows: Mask, column: Column, codes: NDArray[np.int32]) -> None:
    """Mark the rows that hold one of some values."""
    if len(codes) <= FEW:
        for low, high in _runs(sorted(set(codes.tolist()))):
            rows |= column.within(low, high)
        return
    table = np.zeros(len(column.values) + 1, np.bool_)
    table[codes] = True
    # A missing value is -1, which wraps to the last place of the table.
    rows |= table.take(column.codes, mode="wrap")

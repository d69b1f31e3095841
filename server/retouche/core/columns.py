"""Columns coded by a dictionary: a small integer per row, the distinct texts once, in typed order.

Order and comparison become those of integers. Cells stay the text that the file holds.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retouche.core.folding import SEPARATOR, fold, fold_all
from retouche.core.operations import Cell
from retouche.core.schema import Field
from retouche.core.search import Haystack, Mask
from retouche.core.typed import Typing, read_number, typing_of

Codes = NDArray[np.int32]
MISSING = -1


class Column:
    """One column. `codes[row]` is an index into `values`, or `MISSING`.

    `values` are the distinct texts: first the `fitting` ones in the order of the field's type
    (then by text, so that `1` and `1.0` stay apart), then those that do not fit it.
    """

    def __init__(
        self, field: Field, *, codes: Codes, values: Sequence[str], fitting: int, typing: Typing
    ):
        self.field = field
        self.codes = codes
        self.values = values
        self.fitting = fitting
        self.typing = typing

    @classmethod
    def of(cls, field: Field, texts: Iterable[str], *, missing: Iterable[str]) -> Column:
        """Code the texts of a column; those of `missing` are no values."""
        first: defaultdict[str, int] = defaultdict()
        first.default_factory = first.__len__
        found = np.fromiter(map(first.__getitem__, texts), np.int32)
        absent = {first[text] for text in missing if text in first}
        distinct = [text for text, code in first.items() if code not in absent]
        typing = typing_of(field)
        order, fitting = _order(distinct, typing)
        ranks = np.full(len(first), MISSING, np.int32)
        kept = np.array([code for code in first.values() if code not in absent], np.intp)
        ranks[kept[order]] = np.arange(len(distinct), dtype=np.int32)
        codes = ranks[found]
        codes.flags.writeable = False
        values = [distinct[at] for at in order.tolist()]
        return cls(field, codes=codes, values=values, fitting=fitting, typing=typing)

    @classmethod
    def absent(cls, field: Field, *, length: int) -> Column:
        """A column that the file lacks: nothing but missing values."""
        codes = np.full(length, MISSING, np.int32)
        return cls(field, codes=codes, values=(), fitting=0, typing=typing_of(field))

    def __len__(self) -> int:
        return len(self.codes)

    def cell(self, row: int) -> Cell:
        code = int(self.codes[row])
        return None if code == MISSING else self.values[code]

    def numbers(self) -> NDArray[np.float64]:
        """Each value as a number, nan where it is none."""
        return self._numbers

    @cached_property
    def _numbers(self) -> NDArray[np.float64]:
        read = self.typing.read if self.typing.numeric else read_number
        assert read is not None
        orders = map(read, self.values)
        numbers = np.array(
            [np.nan if order is None else float(order) for order in orders], np.float64
        )
        numbers[~np.isfinite(numbers)] = np.nan
        return numbers

    def spread(self, per_value: NDArray[Any], *, missing: Any) -> NDArray[Any]:
        """What is known of each value, for each row."""
        padded = np.append(per_value, np.array([missing], per_value.dtype))
        return padded[self.codes]

    @cached_property
    def codes_by_text(self) -> Mapping[str, int]:
        """The code of every text; for many look-ups, of which `code` would make each slower."""
        return {text: code for code, text in enumerate(self.values)}

    def code(self, text: str) -> int | None:
        """The code of a text, None where no cell holds it."""
        order = self.typing.read(text) if self.typing.read else None
        if order is not None:
            at = bisect_left(self.values, (order, text), 0, self.fitting, key=self._typed)
        else:
            low = 0 if self.typing.read is None else self.fitting
            at = bisect_left(self.values, _text_key(text), low, key=_text_key)
        return at if at < len(self.values) and self.values[at] == text else None

    def equal(self, text: str) -> tuple[int, ...]:
        """The codes of the values that are the same as a text, or mean the same in this type."""
        codes: set[int] = set()
        if self.typing.read is not None and (bound := self.typing.bound(text)) is not None:
            codes.update(range(self._below(bound), self._through(bound)))
        code = self.code(text)
        return tuple(sorted(codes if code is None else codes | {code}))

    def less(self, text: str, *, strictly: bool) -> tuple[int, int]:
        """The range of codes below a bound. The text must be one that the typing accepts."""
        if self.typing.read is None:
            bisect = bisect_left if strictly else bisect_right
            return 0, bisect(self.values, _text_key(text), key=_text_key)
        bound = self.typing.bound(text)
        return 0, self._below(bound) if strictly else self._through(bound)

    def greater(self, text: str, *, strictly: bool) -> tuple[int, int]:
        """The range of codes above a bound. The text must be one that the typing accepts."""
        return self.less(text, strictly=not strictly)[1], self.fitting

    def containing(self, text: str) -> Mask:
        """Which values contain a text, whatever the case."""
        return self._haystack.containing(text.casefold())

    @cached_property
    def _haystack(self) -> Haystack:
        return Haystack([text.casefold() for text in self.values])

    @cached_property
    def counts(self) -> NDArray[np.intp]:
        """How many rows hold each value, and last how many hold none."""
        return self.count(self.codes)

    @property
    def filled(self) -> int:
        """How many rows hold a value."""
        return len(self.codes) - int(self.counts[MISSING])

    def count(self, codes: Codes) -> NDArray[np.intp]:
        """The same for some of the rows, given their codes."""
        counts = np.bincount(codes + 1, minlength=len(self.values) + 1)
        return np.roll(counts, -1)

    @property
    def size(self) -> int:
        """About how many bytes of memory are held."""
        cached = [self.__dict__[name] for name in ("_numbers", "counts") if name in self.__dict__]
        size = self.codes.nbytes + sum(int(one.nbytes) for one in cached) + self._text_size
        if "_haystack" in self.__dict__:
            size += self._haystack.size
        if "codes_by_text" in self.__dict__:
            size += 90 * len(self.values)
        return size

    @cached_property
    def _text_size(self) -> int:
        return 60 * len(self.values) + sum(map(len, self.values))

    def _typed(self, text: str) -> Any:
        assert self.typing.read is not None
        return self.typing.read(text), text

    def _below(self, bound: Any) -> int:
        return bisect_left(self.values, bound, 0, self.fitting, key=self.typing.read)

    def _through(self, bound: Any) -> int:
        return bisect_right(self.values, bound, 0, self.fitting, key=self.typing.read)


def _text_key(text: str) -> str:
    """Orders by what a reader sees, then exactly; the separator is below every letter."""
    return fold(text) + SEPARATOR + text


def _order(texts: Sequence[str], typing: Typing) -> tuple[NDArray[np.intp], int]:
    """The permutation that sorts distinct texts, and how many of them fit the type."""
    read = typing.read
    if read is None:
        return _text_order(texts, np.arange(len(texts))), len(texts)
    orders = [read(text) for text in texts]
    fits = np.array([order is not None for order in orders], np.bool_)
    chosen = np.flatnonzero(fits)
    rough = np.array([float(one) for one in orders if one is not None], np.float64)
    by_value = np.argsort(rough, kind="stable")
    chosen, rough = chosen[by_value], rough[by_value]
    for low, high in _runs(rough):
        # As floats these are the same: only the exact values, then the texts, can tell.
        tied = sorted(chosen[low:high].tolist(), key=lambda at: (orders[at], texts[at]))
        chosen[low:high] = tied
    return np.concatenate([chosen, _text_order(texts, np.flatnonzero(~fits))]), len(chosen)


def _text_order(texts: Sequence[str], chosen: NDArray[np.intp]) -> NDArray[np.intp]:
    listed = [texts[at] for at in chosen.tolist()]
    keys = [
        folded + SEPARATOR + text for folded, text in zip(fold_all(listed), listed, strict=True)
    ]
    return chosen[np.array(sorted(range(len(keys)), key=keys.__getitem__), np.intp)]


def _runs(numbers: NDArray[np.float64]) -> Iterable[tuple[int, int]]:
    """The ranges of equal neighbours that are longer than one."""
    same = np.flatnonzero(numbers[1:] == numbers[:-1])
    if not len(same):
        return
    breaks = np.flatnonzero(np.diff(same) > 1) + 1
    for run in np.split(same, breaks):
        yield int(run[0]), int(run[-1]) + 2

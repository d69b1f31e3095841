"""Columns coded by a dictionary: a small integer per row, the distinct texts once, in typed order.

Order and comparison become those of integers. Cells stay the text that the file holds.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence, Set
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded import coding, tallies
from retouche.core.coded.coding import MISSING as MISSING
from retouche.core.coded.coding import Codes as Codes
from retouche.core.coded.decimals import Decimals
from retouche.core.coded.folding import casefolded, fold
from retouche.core.coded.haystack import Haystack, Mask
from retouche.core.coded.held import Held
from retouche.core.coded.ranking import ranking, read_all
from retouche.core.coded.recoding import Recoding
from retouche.core.coded.renewal import recoding, renewed
from retouche.core.coded.tallies import Tally
from retouche.core.coded.texts import ERRORS, SEPARATOR, Texts
from retouche.core.coded.typed import PLAIN, Typing, typing_of
from retouche.core.operations import Cell
from retouche.core.parts import Part
from retouche.core.schema import Field
from retouche.core.spans import Cells
from retouche.core.succession import Succession

DERIVED = ("_haystack", "_numbers", "_tally", "counts", "order")


class Column:
    """One column. `codes[row]` is an index into `values`, or `MISSING`.

    `values` are the distinct texts: first the `fitting` ones in the order of the field's type
    (then by text, so that `1` and `1.0` stay apart), then those that do not fit it.
    """

    def __init__(self, field: Field, *, codes: Codes, values: Texts, fitting: int):
        self.field = field
        self.codes = codes
        self.values = values
        self.fitting = fitting
        self.typing: Typing = typing_of(field)

    @classmethod
    def read(cls, field: Field, cells: Cells, *, missing: Iterable[str]) -> Column:
        """Code the cells of all rows, which are in UTF-8 and not awkward."""
        found, first = coding.distinct(cells.view, cells.begins, cells.stops)
        distinct = cells.at(first)
        kept = np.ones(len(first), np.bool_)
        for text in missing:
            data = text.encode("utf-8", ERRORS)
            kept[coding.equal(distinct.view, distinct.begins, distinct.stops, data)] = False
        chosen = np.flatnonzero(kept)
        order, fitting = ranking(distinct.at(chosen), typing_of(field))
        chosen = chosen[order]
        ranks = np.full(len(first), MISSING, np.int32)
        ranks[chosen] = np.arange(len(chosen), dtype=np.int32)
        values = Texts.of_spans(distinct.view, distinct.begins[chosen], distinct.stops[chosen])
        return cls(field, codes=_frozen(ranks[found]), values=values, fitting=fitting)

    @classmethod
    def absent(cls, field: Field, *, length: int) -> Column:
        """A column that the file lacks: nothing but missing values."""
        codes = _frozen(np.full(length, MISSING, np.int32))
        return cls(field, codes=codes, values=Texts.of(()), fitting=0)

    def part(self) -> Part:
        """What must be kept to have the column again without reading the file."""
        arrays: dict[str, NDArray[Any]] = {
            "codes": self.codes,
            "heap": self.values.heap,
            "bounds": self.values.bounds,
        }
        return Part(arrays, {"fitting": self.fitting})

    @classmethod
    def of_part(cls, field: Field, part: Part) -> Column:
        """The column whose part was kept."""
        values = Texts(part.arrays["heap"], part.arrays["bounds"])
        return cls(field, codes=part.arrays["codes"], values=values, fitting=part.meta["fitting"])

    def succeed(
        self, succession: Succession, texts: Sequence[str], *, missing: Iterable[str]
    ) -> Column:
        """The column of the next version, given the texts of its fresh rows.

        It is what `read` would make of that version; itself where nothing of it has changed.
        """
        found = renewed(self, succession, texts, missing=missing)
        if found is None:
            return self
        codes, values, fitting = found
        return Column(self.field, codes=_frozen(codes), values=values, fitting=fitting)

    def since(self, parent: Column, succession: Succession) -> Recoding:
        """How the codes follow from those of the version before."""
        return recoding(parent, self, succession)

    def __len__(self) -> int:
        return len(self.codes)

    def cell(self, row: int) -> Cell:
        code = int(self.codes[row])
        return None if code == MISSING else self.values[code]

    def texts_of(self, codes: NDArray[np.integer[Any]]) -> list[Cell]:
        """The texts of some codes; one past the last, as in `counts`, stands for a missing one."""
        known = codes < len(self.values)
        if known.all():
            return list(self.values.many(codes))
        texts = iter(self.values.many(codes[known]))
        return [next(texts) if one else None for one in known.tolist()]

    def numbers(self) -> NDArray[np.float64]:
        """Each value as a number, nan where it is none."""
        return self._numbers

    @cached_property
    def _numbers(self) -> NDArray[np.float64]:
        typing = self.typing if self.typing.numeric else PLAIN
        assert typing.read is not None
        numbers = read_all(self._cells, typing.read, typing).orders
        numbers[~np.isfinite(numbers)] = np.nan
        return numbers

    @cached_property
    def decimals(self) -> int:
        """The most decimals that a number of the column is written with; 0 for other fields."""
        if not self.typing.numeric:
            return 0
        fitting = self.values[: self.fitting]
        point = self.field.decimal_mark
        may_have = self.field.type == "number" and point.isascii()
        cells = Cells(fitting.heap, fitting.starts, fitting.stops)
        found = Decimals(cells, point=point if may_have else None)
        others = map(self.typing.read or PLAIN.bound, fitting.at(np.flatnonzero(~found.plain)))
        exponents = [one.as_tuple().exponent for one in others if isinstance(one, Decimal)]
        return max(
            int(found.scales.max(initial=0)),
            max((-one for one in exponents if isinstance(one, int)), default=0),
        )

    @property
    def _cells(self) -> Cells:
        return Cells(self.values.heap, self.values.starts, self.values.stops)

    def spread(self, per_value: NDArray[Any], *, missing: Any) -> NDArray[Any]:
        """What is known of each value, for each row."""
        padded = np.append(per_value, np.array([missing], per_value.dtype))
        # A missing value is -1, which wraps to the last place.
        spread: NDArray[Any] = padded.take(self.codes, mode="wrap")
        return spread

    @property
    def texts(self) -> Set[str]:
        """The values as a set, in which texts are looked up without a copy of all."""
        return Held(self)

    def code(self, text: str) -> int | None:
        """The code of a text, None where no cell holds it."""
        at = self.place(text)
        return at if at < len(self.values) and self.values[at] == text else None

    def place(self, text: str) -> int:
        """The code that a text has or would have among the values."""
        low, high = (0, self.fitting) if self.fits(text) else (self.fitting, len(self.values))
        return bisect_left(self.values, self.key(text), low, high, key=self.key)

    def fits(self, text: str) -> bool:
        """Whether a text fits the type of the field."""
        return self.typing.read is None or self.typing.read(text) is not None

    def key(self, text: str) -> tuple[Any, ...]:
        """What texts are ordered by: those that fit the type first."""
        order = None if self.typing.read is None else self.typing.read(text)
        return (1, _text_key(text)) if order is None else (0, order, text)

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
        return Haystack(casefolded(self.values))

    @cached_property
    def counts(self) -> NDArray[np.intp]:
        """How many rows hold each value, and last how many hold none."""
        return self._count(self.codes)

    @property
    def filled(self) -> int:
        """How many rows hold a value."""
        return len(self.codes) - int(self.counts[MISSING])

    def within(self, low: int, high: int) -> Mask:
        """The rows whose codes are in a half-open range of codes."""
        if high <= low + 1:
            return np.equal(self.codes, low if high > low else len(self.values))
        if low <= 0:
            # Seen as unsigned, a missing value is above them all, so that one comparison does.
            return np.less(self.codes.view(np.uint32), np.uint32(high))
        if high >= len(self.values):
            return np.greater_equal(self.codes, low)
        return (self.codes.view(np.uint32) - np.uint32(low)) < np.uint32(high - low)

    def counts_among(self, mask: Mask) -> NDArray[np.intp]:
        """The same for some of the rows."""
        if len(self.values) <= tallies.MOST:
            return self._tally.counts(mask)
        chosen = np.flatnonzero(mask)
        if 2 * len(chosen) <= len(mask):
            return self._count(self.codes.take(chosen))
        return self.counts - self._count(self.codes.take(np.flatnonzero(~mask)))

    def _count(self, codes: Codes) -> NDArray[np.intp]:
        counts = np.bincount(codes + 1, minlength=len(self.values) + 1)
        return np.concatenate([counts[1:], counts[:1]])

    @cached_property
    def _tally(self) -> Tally:
        return Tally(self.codes, values=len(self.values))

    @cached_property
    def order(self) -> NDArray[np.int32]:
        """All rows by their codes, missing ones last; equal ones as they stand."""
        ranks = np.minimum(self.codes.view(np.uint32), np.uint32(len(self.values)))
        return np.sort((ranks.astype(np.int64) << 32) | np.arange(len(ranks))).astype(np.int32)

    @property
    def size(self) -> int:
        """How many bytes the arrays have, those included that were derived."""
        held = [self.__dict__[name] for name in DERIVED if name in self.__dict__]
        return (
            self.codes.nbytes
            + self.values.size
            + sum(one.nbytes if isinstance(one, np.ndarray) else one.size for one in held)
        )

    def _below(self, bound: Any) -> int:
        return bisect_left(self.values, bound, 0, self.fitting, key=self.typing.read)

    def _through(self, bound: Any) -> int:
        return bisect_right(self.values, bound, 0, self.fitting, key=self.typing.read)


def _text_key(text: str) -> str:
    """Orders by what a reader sees, then exactly; the separator is below every letter."""
    return fold(text) + SEPARATOR + text


def _frozen(codes: Codes) -> Codes:
    codes.flags.writeable = False
    return codes

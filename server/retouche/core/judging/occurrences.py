"""How often a value stands in a column, or a tuple of values in several, and in which rows.

Values are compared as frictionless does, by what cells are worth: `01` and `1` are one integer.
The snapshot's own indexes answer: keys are looked up as texts, values in the order of a column.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, TypeAlias, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from retouche.core.judging.judge import Judge, Reader
from retouche.core.judging.plain import doubts
from retouche.core.judging.spelling import spelling
from retouche.core.memo import Memo
from retouche.core.rows import Coded, Rows
from retouche.core.spans import Cells

Value: TypeAlias = tuple[Hashable, ...]
Positions: TypeAlias = NDArray[np.intp]
T = TypeVar("T")
MISSING = -1
MOST_SPELLINGS = 64
"""So many spellings of one key are looked up one by one."""


class Occurrences:
    """The tuples of some columns of a table; columns that the file lacks hold nothing."""

    def __init__(
        self, rows: Rows, judge: Judge, columns: Sequence[str], *, primary_key: Sequence[str] = ()
    ) -> None:
        self._rows = rows
        self._judge = judge
        self._columns = tuple(columns)
        self._readers = [judge.reader(name) for name in columns]
        self._present = [name in rows.table.header for name in columns]
        self._keyed = all(self._present) and self._columns == tuple(primary_key)

    def count(self, value: Value) -> int:
        """How many rows hold the tuple."""
        if len(self._columns) > 1 or self._keyed or self._impossible(value):
            return len(self.positions(value))
        counts = self._coded(0).counts
        return int(sum(counts[code] for code in self._codes(0, value[0])))

    def positions(self, value: Value) -> Sequence[int]:
        """The rows that hold the tuple, in the order of the file."""
        if self._impossible(value):
            return ()
        if self._keyed and None not in value:
            keys = self._spellings(value)
            if keys is not None:
                return sorted(at for key in keys for at in self._rows.index.positions(key))
        return self._standing(value)

    def _impossible(self, value: Value) -> bool:
        return any(
            part is not None and (not present or (reader.text_is_value and type(part) is not str))
            for part, present, reader in zip(value, self._present, self._readers, strict=True)
        )

    def _spellings(self, value: Value) -> list[tuple[str, ...]] | None:
        """The keys, as texts, that have this value; None when they are too many."""
        texts = [
            [str(part)]
            if reader.text_is_value
            else [self._coded(at).values[code] for code in self._codes(at, part)]
            for at, (part, reader) in enumerate(zip(value, self._readers, strict=True))
        ]
        many = prod(map(len, texts)) > MOST_SPELLINGS
        return None if many else list(product(*texts))

    def _standing(self, value: Value) -> Sequence[int]:
        """Rows by the codes of their cells: those of the rarest part that have the others too."""
        wanted = [
            (self._coded(at), at, self._codes(at, part))
            for at, (part, present) in enumerate(zip(value, self._present, strict=True))
            if present
        ]
        if not wanted:
            return range(len(self._rows.table))
        wanted.sort(key=lambda one: sum(int(one[0].counts[code]) for code in one[2]))
        _, at, codes = wanted[0]
        order, bounds = self._derived("order", at, lambda: _order(self._coded(at)))
        parts = [order[bounds[code + 1] : bounds[code + 2]] for code in codes]
        rows = np.sort(np.concatenate([order[:0], *parts]))
        for coded, _, codes in wanted[1:]:
            rows = rows[np.isin(coded.codes[rows], list(codes))]
        found: list[int] = rows.tolist()
        return found

    # Codes of values

    def _coded(self, at: int) -> Coded:
        return self._rows.column(self._columns[at])

    def _codes(self, at: int, value: Hashable) -> Collection[int]:
        """The codes of the texts of a column that are worth a value."""
        coded, reader = self._coded(at), self._readers[at]
        if value is None:
            return self._derived("nothing", at, lambda: _worth_nothing(coded, reader))
        if reader.text_is_value:
            code = coded.code(str(value))
            return () if code is None else (code,)
        text = spelling(reader, value)
        if text is None:
            known = self._derived("codes", at, lambda: _by_value(coded, reader, 0))
            return known.get(value, ())
        misfits = self._derived("misfits", at, lambda: _by_value(coded, reader, coded.fitting))
        spelt = coded.equal(text)
        return {
            *(one for one in spelt if hashable(reader(coded.values[one])[0]) == value),
            *misfits.get(value, ()),
        }

    def _derived(self, what: str, at: int, make: Callable[[], T]) -> T:
        kept = _kept(self._rows)
        name = (self._judge, what, self._columns[at])
        if name not in kept:
            kept[name] = make()
        return cast(T, kept[name])


def _nothing_yet(_: Rows) -> dict[tuple[Judge, str, str], object]:
    return {}


_kept: Memo[Rows, dict[tuple[Judge, str, str], object]] = Memo(_nothing_yet)


def _order(coded: Coded) -> tuple[Positions, Positions]:
    """The rows by their codes, missing ones first, and where those of each code begin."""
    counts = np.roll(coded.counts, 1)
    return np.argsort(coded.codes, kind="stable"), np.append(0, np.cumsum(counts))


def _by_value(coded: Coded, reader: Reader, low: int) -> Mapping[Hashable, Sequence[int]]:
    """The codes, from `low` on, of the texts that are worth each value."""
    found: defaultdict[Hashable, list[int]] = defaultdict(list)
    for code in range(low, len(coded.values)):
        found[hashable(reader(coded.values[code])[0])].append(code)
    return dict(found)


def _worth_nothing(coded: Coded, reader: Reader) -> Collection[int]:
    """The codes of the texts that have no value of the type, and that of missing cells."""
    cells = Cells(coded.values.heap, coded.values.starts, coded.values.stops)
    doubtful = doubts(cells, reader)
    texts = ((code, coded.values[code]) for code in np.flatnonzero(doubtful).tolist())
    return [MISSING, *(code for code, text in texts if reader(text)[0] is None)]


def hashable(value: Any) -> Hashable:
    """A value as it can be looked up; lists and objects by how they read."""
    try:
        hash(value)
    except TypeError:
        return repr(value)
    return value  # type: ignore[no-any-return]

"""How often a value stands in a column, or a tuple of values in several, and in which rows.

Values are compared as frictionless does, by what cells are worth: `01` and `1` are one integer.
Where text and value are one, the snapshot's own indexes answer; else an index is made once.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar, cast

import numpy as np

from retouche.core.judge import Judge, Reader
from retouche.core.memo import Memo
from retouche.core.rows import Coded, Rows

Value: TypeAlias = tuple[Hashable, ...]
Held: TypeAlias = int | list[int]
T = TypeVar("T")


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
        self._textual = all(reader.text_is_value for reader in self._readers)
        self._keyed = self._textual and all(self._present) and self._columns == tuple(primary_key)

    def count(self, value: Value) -> int:
        """How many rows hold the tuple."""
        if self._impossible(value):
            return 0
        if self._keyed and None not in value:
            return len(self._rows.index.positions(tuple(map(str, value))))
        if len(self._columns) == 1 and value[0] is not None:
            coded = self._rows.column(self._columns[0])
            return int(sum(coded.counts[code] for code in self._codes(coded, value[0])))
        return len(_held(self._table().get(value)))

    def positions(self, value: Value) -> Sequence[int]:
        """The rows that hold the tuple, in the order of the file."""
        if self._impossible(value):
            return ()
        if self._keyed and None not in value:
            return self._rows.index.positions(tuple(map(str, value)))
        if len(self._columns) == 1 and value[0] is not None:
            coded = self._rows.column(self._columns[0])
            codes = list(self._codes(coded, value[0]))
            found: list[int] = np.flatnonzero(np.isin(coded.codes, codes)).tolist()
            return found
        return _held(self._table().get(value))

    def _impossible(self, value: Value) -> bool:
        return any(
            part is not None and (not present or (reader.text_is_value and type(part) is not str))
            for part, present, reader in zip(value, self._present, self._readers, strict=True)
        )

    def _codes(self, coded: Coded, value: Hashable) -> Iterable[int]:
        if self._textual:
            code = coded.code(str(value))
            return () if code is None else (code,)
        return self._derived("codes", self._codes_by_value).get((value,), ())

    def _codes_by_value(self) -> Mapping[Value, Sequence[int]]:
        """The codes of the texts that are worth each value, for one column."""
        found: dict[Value, list[int]] = {}
        reader = self._readers[0]
        for code, text in enumerate(self._rows.column(self._columns[0]).values):
            found.setdefault((hashable(reader(text)[0]),), []).append(code)
        return found

    def _table(self) -> Mapping[Value, Held]:
        return self._derived("positions", self._positions_by_tuple)

    def _positions_by_tuple(self) -> Mapping[Value, Held]:
        found: dict[Value, Held] = {}
        values = [
            self._values(name, reader) if present else [None] * len(self._rows.table)
            for name, reader, present in zip(
                self._columns, self._readers, self._present, strict=True
            )
        ]
        for position, value in enumerate(zip(*values, strict=True)):
            held = found.setdefault(value, position)
            if isinstance(held, list):
                held.append(position)
            elif held != position:
                found[value] = [held, position]
        return found

    def _values(self, name: str, reader: Reader) -> list[Hashable]:
        coded = self._rows.column(name)
        worth = [hashable(reader(text)[0]) for text in coded.values]
        worth.append(None)  # where code -1, a missing cell, looks
        return [worth[code] for code in coded.codes.tolist()]

    def _derived(self, what: str, make: Callable[[], T]) -> T:
        kept = _kept(self._rows)
        name = (self._judge, what, self._columns)
        if name not in kept:
            kept[name] = make()
        return cast(T, kept[name])


def _nothing_yet(_: Rows) -> dict[tuple[Judge, str, tuple[str, ...]], object]:
    return {}


_kept: Memo[Rows, dict[tuple[Judge, str, tuple[str, ...]], object]] = Memo(_nothing_yet)


def _held(held: Held | None) -> Sequence[int]:
    if held is None:
        return ()
    return held if isinstance(held, list) else (held,)


def hashable(value: Any) -> Hashable:
    """A value as it can be looked up; lists and objects by how they read."""
    try:
        hash(value)
    except TypeError:
        return repr(value)
    return value  # type: ignore[no-any-return]

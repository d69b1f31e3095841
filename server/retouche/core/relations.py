"""Keys, unique columns and references of a whole file, gathered while it is gone through.

The counterpart of `integrity.py`, which answers the same for a patch: same rules, same faults.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from retouche.core.faults import Fault
from retouche.core.integrity import dangling, duplicate_fault, key_missing
from retouche.core.judge import judge
from retouche.core.occurrences import Occurrences, Value, hashable
from retouche.core.package import Resource
from retouche.core.rows import Rows
from retouche.core.schema import ForeignKey
from retouche.core.twins import twin_fault

Values: TypeAlias = Mapping[str, Sequence[Any]]
"""What the cells of some rows are worth, by column."""
Texts: TypeAlias = Callable[[int, Sequence[str]], list[str]]
"""Gives the texts of some cells of a row."""
Found: TypeAlias = Iterator[tuple[Fault, int]]


class Uniqueness:
    """Columns whose values, taken together, may stand in one row only."""

    def __init__(self, code: str, columns: tuple[str, ...]) -> None:
        self.code = code
        self.columns = columns
        self._seen: set[Value] = set()
        self._spelt: dict[Value, Value] = {}

    def faults(self, values: Values, positions: Sequence[int], *, texts: Texts) -> Found:
        """Duplicates among these rows and those before them, on the later row."""
        keyed = self.code == "primary-key"
        for value, position in zip(_tuples(values, self.columns), positions, strict=True):
            if not _any(value):
                if keyed:
                    yield key_missing(self.columns), position
                continue
            if value in self._seen:
                found = texts(position, self.columns)
                yield duplicate_fault(self.code, self.columns, found), position
                continue
            self._seen.add(value)
            if keyed and (other := self._twin(value)) is not None:
                key, former = tuple(map(str, value)), tuple(map(str, other))
                yield twin_fault(self.columns, key, other=former), position

    def _twin(self, value: Value) -> Value | None:
        """An earlier key that is the same text after normalisation."""
        if all(not isinstance(part, str) or part.isascii() for part in value):
            return None
        normal = tuple(
            unicodedata.normalize("NFC", part) if isinstance(part, str) else part for part in value
        )
        former = self._spelt.setdefault(normal, value)
        return None if former == value else former


class Reference:
    """Columns that must name a row of another table, or of this one."""

    def __init__(self, key: ForeignKey, resource: Resource, *, target: Rows | None) -> None:
        self.key = key
        self.target = key.resource or resource.name
        self.itself = self.target == resource.name
        self._known: dict[Value, bool] = {}
        self._waiting: list[tuple[Value, int]] = []
        self._held = None
        if target is not None and not self.itself:
            schema = target.resource.schema
            self._held = Occurrences(
                target, judge(schema), key.reference_fields, primary_key=schema.primary_key
            )

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the file at hand that are needed."""
        return (*self.key.fields, *(self.key.reference_fields if self.itself else ()))

    def faults(self, values: Values, positions: Sequence[int], *, texts: Texts) -> Found:
        """Rows that refer to nothing; those of a table on itself wait for `rest`."""
        if self.itself and all(name in values for name in self.key.reference_fields):
            known = _tuples(values, self.key.reference_fields)
            self._known.update((value, True) for value in known if _any(value))
        for value, position in zip(_tuples(values, self.key.fields), positions, strict=True):
            if not _any(value) or self._exists(value):
                continue
            if self.itself:
                self._waiting.append((value, position))
            else:
                yield self._fault(texts(position, self.key.fields)), position

    def rest(self, *, texts: Texts) -> Found:
        for value, position in self._waiting:
            if value not in self._known:
                yield self._fault(texts(position, self.key.fields)), position

    def _exists(self, value: Value) -> bool:
        if self._held is None:
            return value in self._known
        found = self._known.get(value)
        if found is None:
            found = self._known[value] = self._held.count(value) > 0
        return found

    def _fault(self, texts: Sequence[str]) -> Fault:
        return dangling(self.key, self.target, texts)


def _tuples(values: Values, columns: Sequence[str]) -> Iterator[Value]:
    parts = (map(hashable, values[name]) for name in columns)
    return zip(*parts, strict=True)


def _any(value: Sequence[Hashable]) -> bool:
    return any(part is not None for part in value)

"""Row keys: finding rows by them, and writing them in addresses.

A key is exact text: `1` and `01`, or two spellings that only look alike, are different keys.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any
from urllib.parse import quote, unquote_to_bytes

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.coding import equal, hash_of, hashes
from retouche.core.coded.texts import Texts
from retouche.core.errors import AmbiguousRow, Malformed, NotFound
from retouche.core.operations import Key
from retouche.core.parts import Part
from retouche.core.schema import Schema
from retouche.core.spans import Cells
from retouche.core.succession import Succession
from retouche.core.table import Table

Hashes = NDArray[np.uint64]
Rows = NDArray[np.int32]
FACTOR, ALL = 0x9E3779B97F4A7C15, (1 << 64) - 1
AT_ONCE = 50_000
"""Rows whose keys are read together; bounds the memory, not the speed."""


class KeyIndex:
    """Where each key of a table stands. Rows that lack a part of their key are not in it.

    Keys are found by their hashes, in order, and compared with the row's own text: two keys with
    one hash are never taken for each other.
    """

    def __init__(self, part: Part, table: Table, places: Sequence[int]):
        self._part = part
        self._table = table
        self._places = places
        self._hashes: Hashes = part.arrays["hashes"]
        self._rows: Rows = part.arrays["rows"]

    @classmethod
    def build(cls, table: Table, schema: Schema) -> KeyIndex:
        places = key_columns(table, schema)
        if not places:
            return cls(_part(np.empty(0, np.uint64), np.empty(0, np.int32), table, ()), table, ())
        found, rows = _keyed(table, schema)
        order = np.argsort(found, kind="stable")
        return cls(_part(found[order], rows[order], table, places), table, places)

    @classmethod
    def of_part(cls, part: Part, table: Table, schema: Schema) -> KeyIndex:
        """The index whose part was kept, of the same table."""
        return cls(part, table, key_columns(table, schema))

    @classmethod
    def succeed(
        cls, parent: Part, table: Table, schema: Schema, succession: Succession
    ) -> KeyIndex:
        """The index of a table that follows from the one of which `parent` is the index."""
        places = key_columns(table, schema)
        old_hashes, old_rows = parent.arrays["hashes"], parent.arrays["rows"]
        if not places:
            return cls(parent, table, places)
        new_hashes, new_rows = _keyed(table, schema, succession.fresh_rows)
        is_gone = np.zeros(succession.old_length, np.bool_)
        is_gone[succession.gone_rows] = True
        gone = np.flatnonzero(is_gone[old_rows])
        if succession.in_place and _same(old_hashes, old_rows, gone, new_hashes, new_rows):
            return cls(parent, table, places)
        kept, rows = np.delete(old_hashes, gone), succession.moved(np.delete(old_rows, gone))
        order = np.argsort(new_hashes, kind="stable")
        at = np.searchsorted(kept, new_hashes[order])
        kept = np.insert(kept, at, new_hashes[order])
        rows = np.insert(rows, at, new_rows[order]).astype(np.int32, copy=False)
        for one in np.unique(new_hashes):
            low, high = np.searchsorted(kept, one), np.searchsorted(kept, one, side="right")
            rows[low:high].sort()
        return cls(_part(kept, rows, table, places), table, places)

    def part(self) -> Part:
        """What must be kept to have the index again without reading the table."""
        return self._part

    def find(self, key: Key) -> int:
        """The position of the one row with this key."""
        found = self.positions(key)
        if not found:
            raise NotFound("unknown_row", key=key)
        if len(found) > 1:
            raise AmbiguousRow(key=key, count=len(found))
        return found[0]

    def get(self, key: Key) -> int | None:
        """The position of the first row with this key, None when there is none."""
        return next(self._matches(key), None)

    def positions(self, key: Key) -> Sequence[int]:
        """The positions of all rows with this key, in the order of the file."""
        return tuple(self._matches(key))

    @cached_property
    def duplicates(self) -> Mapping[Key, Sequence[int]]:
        """The keys of several rows, and where those stand."""
        rows, bounds = self._part.arrays["again"].tolist(), self._part.arrays["bounds"].tolist()
        groups = [tuple(rows[low:high]) for low, high in pairwise(bounds)]
        return {_key(self._table.row(group[0]), self._places): group for group in groups}

    def __contains__(self, key: object) -> bool:
        return isinstance(key, tuple) and self.get(key) is not None

    def __len__(self) -> int:
        """How many different keys there are."""
        return len(self._rows) - len(self._repeated)

    def __iter__(self) -> Iterator[Key]:
        """Every key once, in the order of the file."""
        rows = np.setdiff1d(self._rows, self._repeated)
        for low in range(0, len(rows), AT_ONCE):
            for texts in self._table.rows_at(rows[low : low + AT_ONCE]):
                yield _key(texts, self._places)

    def twins(self) -> list[tuple[Key, ...]]:
        """Keys that are one text after Unicode normalisation (NFC) and yet differ."""
        groups: dict[Key, list[Key]] = {}
        for key in self:
            if not all(part.isascii() for part in key):
                normal = tuple(unicodedata.normalize("NFC", part) for part in key)
                groups.setdefault(normal, []).append(key)
        return [tuple(group) for group in groups.values() if len(group) > 1]

    @property
    def _repeated(self) -> Rows:
        """The rows whose key an earlier row has."""
        again, bounds = self._part.arrays["again"], self._part.arrays["bounds"]
        return np.delete(again, bounds[:-1])

    def _matches(self, key: Key) -> Iterator[int]:
        if len(key) != len(self._places) or not key:
            return
        wanted = np.uint64(_hash(key))
        at = int(self._hashes.searchsorted(wanted))
        while at < len(self._hashes) and self._hashes[at] == wanted:
            row = int(self._rows[at])
            if _key(self._table.row(row), self._places) == key:
                yield row
            at += 1


def key_columns(table: Table, schema: Schema) -> tuple[int, ...]:
    """Where the key fields stand in the header; nothing unless all of them are there."""
    header = table.header
    if not all(name in header for name in schema.primary_key):
        return ()
    return tuple(header.index(name) for name in schema.primary_key)


def _key(texts: Sequence[str], places: Sequence[int]) -> Key:
    """The key of a record, "" for the parts that it is too short for."""
    return tuple(texts[at] if at < len(texts) else "" for at in places)


def _hash(key: Key) -> int:
    found = 0
    for part in key:
        found = (found * FACTOR + hash_of(part.encode("utf-8", "surrogatepass"))) & ALL
    return found


def _keyed(
    table: Table, schema: Schema, rows: NDArray[np.int64] | None = None
) -> tuple[Hashes, Rows]:
    """The rows that have a whole key, of those given in ascending order or all, and its hash."""
    # An absent cell reads as "", which no key may be either.
    missing = [one.encode("utf-8", "surrogatepass") for one in {"", *schema.missing_values}]
    count = len(table) if rows is None else len(rows)
    found, whole = np.zeros(count, np.uint64), np.ones(count, np.bool_)
    for cells in _cells(table, key_columns(table, schema), rows):
        found *= np.uint64(FACTOR)
        found += hashes(cells.view, cells.begins, cells.stops)
        for one in missing:
            whole[equal(cells.view, cells.begins, cells.stops, one)] = False
    chosen = np.flatnonzero(whole).astype(np.int32)
    return found[whole], chosen if rows is None else rows[whole].astype(np.int32)


def _cells(table: Table, places: Sequence[int], rows: NDArray[np.int64] | None) -> Iterator[Cells]:
    """The cells of the key, part by part."""
    if rows is None:
        yield from table.cells(places)
        return
    keys = [_key(texts, places) for texts in table.rows_at(rows)]
    for at in range(len(places)):
        texts = Texts.of(key[at] for key in keys)
        yield Cells(texts.heap, texts.starts, texts.stops)


def _same(
    old_hashes: Hashes, old_rows: Rows, gone: NDArray[Any], new_hashes: Hashes, new_rows: Rows
) -> bool:
    """Whether rows that were replaced in place have the keys they had, and nobody else's."""
    by_row = gone[np.argsort(old_rows[gone])]
    return (
        np.array_equal(old_rows[by_row], new_rows)
        and np.array_equal(old_hashes[by_row], new_hashes)
        and bool(
            (
                np.searchsorted(old_hashes, new_hashes, side="right")
                - np.searchsorted(old_hashes, new_hashes)
                == 1
            ).all()
        )
    )


def _part(found: Hashes, rows: Rows, table: Table, places: Sequence[int]) -> Part:
    again, bounds = _groups(found, rows, table, places)
    arrays: dict[str, NDArray[Any]] = {
        "hashes": found,
        "rows": rows,
        "again": np.array(again, np.int32),
        "bounds": np.array(bounds, np.int64),
    }
    for one in arrays.values():
        one.flags.writeable = False
    return Part(arrays)


def _groups(
    found: Hashes, rows: Rows, table: Table, places: Sequence[int]
) -> tuple[list[int], list[int]]:
    """The rows whose key others have, key by key in the order of the file, and their bounds."""
    same = np.zeros(len(found) + 1, np.bool_)
    same[1:-1] = found[1:] == found[:-1]
    suspects = np.sort(rows[same[1:] | same[:-1]])
    keys: dict[Key, list[int]] = {}
    for row, texts in zip(suspects.tolist(), table.rows_at(suspects), strict=True):
        keys.setdefault(_key(texts, places), []).append(row)
    again, bounds = list[int](), [0]
    for group in keys.values():
        if len(group) > 1:
            again += group
            bounds.append(len(again))
    return again, bounds


def format_key(key: Key) -> str:
    """A key as one segment of an address: parts percent-encoded and joined by commas."""
    return ",".join(quote(part, safe="") for part in key)


def parse_key(text: str) -> Key:
    """Read what `format_key` writes. Raises `Malformed` on bytes that are no UTF-8."""
    try:
        return tuple(unquote_to_bytes(part).decode("utf-8") for part in text.split(","))
    except UnicodeDecodeError:
        raise Malformed("malformed_key", key=text) from None

"""Row keys: finding rows by them, and writing them in addresses.

A key is exact text: `1` and `01`, or two spellings that only look alike, are different keys.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias
from urllib.parse import quote, unquote_to_bytes

from retouche.core.errors import AmbiguousRow, Malformed, NotFound
from retouche.core.operations import Key
from retouche.core.schema import Schema
from retouche.core.table import Table

# A key of one part is held as the part itself: a million tuples would cost as much as the texts.
Held: TypeAlias = str | Key


class KeyIndex:
    """Where each key of a table stands. Rows that lack a part of their key are not in it."""

    __slots__ = ("_places", "_single", "duplicates")

    def __init__(
        self, places: dict[Held, int], duplicates: Mapping[Key, Sequence[int]], *, single: bool
    ):
        self._places = places
        self._single = single
        self.duplicates: Mapping[Key, Sequence[int]] = duplicates

    @classmethod
    def build(cls, table: Table, schema: Schema) -> KeyIndex:
        single = len(schema.primary_key) == 1
        places_in_header = key_columns(table, schema)
        if not places_in_header:
            return cls({}, {}, single=single)
        columns = table.columns(places_in_header)
        held: Sequence[Held] = columns[0] if single else list(zip(*columns, strict=True))
        backwards = range(len(held) - 1, -1, -1)
        places: dict[Held, int] = dict(zip(reversed(held), backwards, strict=True))
        again: dict[Held, list[int]] = {}
        if len(places) < len(held):
            for position, key in enumerate(held):
                if places[key] != position:
                    again.setdefault(key, [places[key]]).append(position)
        for key in _incomplete(places, schema, single):
            del places[key]
            again.pop(key, None)
        duplicates = {as_key(key): tuple(found) for key, found in again.items()}
        return cls(places, duplicates, single=single)

    def find(self, key: Key) -> int:
        """The position of the one row with this key."""
        position = self.get(key)
        if position is None:
            raise NotFound("unknown_row", key=key)
        if key in self.duplicates:
            raise AmbiguousRow(key=key, count=len(self.duplicates[key]))
        return position

    def get(self, key: Key) -> int | None:
        """The position of the first row with this key, None when there is none."""
        if self._single:
            return self._places.get(key[0]) if len(key) == 1 else None
        return self._places.get(key)

    def positions(self, key: Key) -> Sequence[int]:
        """The positions of all rows with this key, in the order of the file."""
        position = self.get(key)
        return () if position is None else self.duplicates.get(key, (position,))

    def __contains__(self, key: object) -> bool:
        return isinstance(key, tuple) and self.get(key) is not None

    def __len__(self) -> int:
        """How many different keys there are."""
        return len(self._places)

    def __iter__(self) -> Iterator[Key]:
        return map(as_key, self._places)

    def twins(self) -> list[tuple[Key, ...]]:
        """Keys that are one text after Unicode normalisation (NFC) and yet differ."""
        groups: dict[Key, list[Key]] = {}
        for key in self:
            if not all(part.isascii() for part in key):
                normal = tuple(unicodedata.normalize("NFC", part) for part in key)
                groups.setdefault(normal, []).append(key)
        return [tuple(group) for group in groups.values() if len(group) > 1]


def as_key(held: Held) -> Key:
    return (held,) if isinstance(held, str) else held


def key_columns(table: Table, schema: Schema) -> tuple[int, ...]:
    """Where the key fields stand in the header; nothing unless all of them are there."""
    header = table.header
    if not all(name in header for name in schema.primary_key):
        return ()
    return tuple(header.index(name) for name in schema.primary_key)


def _incomplete(places: Iterable[Held], schema: Schema, single: bool) -> list[Held]:
    """Keys with a missing part. An absent cell reads as "", which no key may be either."""
    missing = {"", *schema.missing_values}
    if single:
        return [text for text in missing if text in places]
    return [key for key in places if not missing.isdisjoint(key)]


def format_key(key: Key) -> str:
    """A key as one segment of an address: parts percent-encoded and joined by commas."""
    return ",".join(quote(part, safe="") for part in key)


def parse_key(text: str) -> Key:
    """Read what `format_key` writes. Raises `Malformed` on bytes that are no UTF-8."""
    try:
        return tuple(unquote_to_bytes(part).decode("utf-8") for part in text.split(","))
    except UnicodeDecodeError:
        raise Malformed("malformed_key", key=text) from None

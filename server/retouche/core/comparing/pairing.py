"""Which row of a copy is which published row: by the text of the key, else by what is left of it.

Compares keys alone. Rows whose key is missing or not theirs alone are set apart, not guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from retouche.core.comparing.likeness import is_code
from retouche.core.comparing.upload import Line
from retouche.core.keys import key_columns
from retouche.core.operations import Key
from retouche.core.reading.snapshot import Snapshot

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """Rows under one key, of which it cannot be said which is which; `is_whole` unless it lacks
    a part."""

    key: Key
    is_whole: bool
    positions: Sequence[int]
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairing:
    """The rows of both sides in the order of the published file, and those of one side alone."""

    both: Sequence[tuple[int, Line]]
    only_old: Sequence[tuple[int, Key]]
    only_new: Sequence[Line]
    doubtful: Sequence[Doubtful]
    repaired: int
    """Keys that had lost zeros or had got spaces."""


@dataclass(slots=True)
class _Found:
    both: list[tuple[int, Line]] = field(default_factory=list)
    doubtful: list[Doubtful] = field(default_factory=list)
    new: dict[Key, Line] = field(default_factory=dict)


def pair(snapshot: Snapshot, lines: Sequence[Line], *, key_of: Callable[[Line], Key]) -> Pairing:
    """Pair the rows of a copy with those of a file that has all columns of the key."""
    is_whole = _wholeness(snapshot)
    published = _grouped(_published_keys(snapshot))
    copies = _grouped((key_of(line), line) for line in lines)
    found = _Found()
    for key, group in copies.items():
        positions = published.pop(key, [])
        if is_whole(key) and len(group) == 1 and len(positions) < 2:
            if positions:
                found.both.append((positions[0], group[0]))
            else:
                found.new[key] = group[0]
        else:
            found.doubtful.append(
                Doubtful(key=key, is_whole=is_whole(key), positions=positions, lines=group)
            )
    left = {key: group[0] for key, group in published.items() if is_whole(key) and len(group) == 1}
    repaired = _repaired(found.new, left)
    for old, new in repaired.items():
        found.both.append((left.pop(old), found.new.pop(new)))
    return Pairing(
        both=sorted(found.both, key=lambda one: one[0]),
        only_old=sorted((position, key) for key, position in left.items()),
        only_new=sorted(found.new.values(), key=lambda line: line.number),
        doubtful=found.doubtful,
        repaired=len(repaired),
    )


def _wholeness(snapshot: Snapshot) -> Callable[[Key], bool]:
    to_cell = snapshot.resource.schema.to_cell
    return lambda key: all(part and to_cell(part) is not None for part in key)


def _published_keys(snapshot: Snapshot) -> Sequence[tuple[Key, int]]:
    table = snapshot.table
    places = key_columns(table, snapshot.resource.schema)
    texts = table.columns(places)
    return [(key, position) for position, key in enumerate(zip(*texts, strict=True))]


def _grouped(items: Iterable[tuple[Key, T]]) -> dict[Key, list[T]]:
    groups: dict[Key, list[T]] = {}
    for key, item in items:
        groups.setdefault(key, []).append(item)
    return groups


def _repaired(new: Mapping[Key, Line], left: Mapping[Key, int]) -> dict[Key, Key]:
    """Published keys that no row of the copy has, and the keys that are what is left of them.

    Only where one alone is: `1033` is no damaged `01033` when `001033` is absent too.
    """
    remains: dict[Key, list[Key]] = {}
    for key in left:
        remains.setdefault(_remains(key), []).append(key)
    claims: dict[Key, list[Key]] = {}
    for key in new:
        candidates = remains.get(_remains(key), [])
        if len(candidates) == 1 and _is_left_of(key, candidates[0]):
            claims.setdefault(candidates[0], []).append(key)
    return {old: keys[0] for old, keys in claims.items() if len(keys) == 1}


def _remains(key: Key) -> Key:
    return tuple(part.strip().lstrip("+0") for part in key)


def _is_left_of(key: Key, published: Key) -> bool:
    return all(
        part.strip() == other.strip() or is_code(part.strip(), other.strip())
        for part, other in zip(key, published, strict=True)
    )

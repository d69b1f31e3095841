"""The bytes of strings, eight at a time as numbers, and hashes of strings made of these.

String `i` is `view[begins[i]:stops[i]]`; there is no Python object per string but for a few that
are very long.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retouche.core.tokenizer import Octets

Spans: TypeAlias = NDArray[np.integer[Any]]
"""Offsets of bytes, signed."""
Places: TypeAlias = NDArray[np.int64]
Words: TypeAlias = NDArray[np.uint64]

WORD = 8
CHUNK = 1 << 15
"""Strings worked on together, so that what is known of them stays in the processor's cache."""
FEW = 16
"""So few strings that go on when others have ended are finished one by one."""
MASKS = np.array([(1 << 8 * kept) - 1 for kept in range(WORD + 1)], np.uint64)
LENGTH_FACTOR, FACTOR, LAST_FACTOR = 0x9E3779B97F4A7C15, 0xD6E8FEB86659FD93, 0xA0761D6478BD642F
SHIFT, LAST_SHIFT, ALL = 32, 29, (1 << 64) - 1


def hashes(view: Octets, begins: Spans, stops: Spans) -> Words:
    """A number for each string, the same for the same bytes and hardly ever for others."""
    found = np.empty(len(begins), np.uint64)
    for low in range(0, len(begins), CHUNK):
        part = slice(low, low + CHUNK)
        found[part] = _hashes(view, begins[part], stops[part] - begins[part])
    return found


def hash_of(data: bytes) -> int:
    """What `hashes` gives for these bytes."""
    return _finished(len(data) * LENGTH_FACTOR & ALL, data)


def windows(view: Octets, size: int) -> NDArray[Any]:
    """The number of so many bytes that begins at every byte of a view, without a copy."""
    shape = (max(len(view) - size + 1, 0),)
    return np.ndarray(shape, f"<u{size}", buffer=view.data, strides=(1,))


def words_at(view: Octets, begins: Spans, lengths: Spans) -> Words:
    """The first eight bytes of each string, zeros behind a shorter one, the first byte lowest."""
    if len(view) < WORD:
        view = np.concatenate([view, np.zeros(WORD, np.uint8)])
    here, last = windows(view, WORD), len(view) - WORD
    if len(begins) and begins.max() > last:
        inside = np.minimum(begins, last)
        behind = (np.minimum(begins - inside, WORD) * 8).astype(np.uint64)
        words: Words = here[inside] >> behind
    else:
        words = here[begins]
    words &= MASKS[np.minimum(lengths, WORD)]
    return words


def depths(lengths: Spans) -> Iterator[tuple[int, Places]]:
    """Every eighth byte, and which strings go on there."""
    going, depth = np.flatnonzero(lengths > 0), 0
    while len(going):
        yield depth, going
        depth += WORD
        going = going[lengths[going] > depth]


def _hashes(view: Octets, begins: Spans, lengths: Spans) -> Words:
    found = lengths.astype(np.uint64) * np.uint64(LENGTH_FACTOR)
    for depth, going in depths(lengths):
        if depth and len(going) <= FEW:
            for one in going.tolist():
                rest = view[begins[one] + depth : begins[one] + lengths[one]].tobytes()
                found[one] = _mixed_in(int(found[one]), rest)
            break
        mixed = found[going] ^ words_at(view, begins[going] + depth, lengths[going] - depth)
        mixed *= np.uint64(FACTOR)
        mixed ^= mixed >> np.uint64(SHIFT)
        found[going] = mixed
    found *= np.uint64(LAST_FACTOR)
    found ^= found >> np.uint64(LAST_SHIFT)
    return found


def _mixed_in(state: int, data: bytes) -> int:
    for depth in range(0, len(data), WORD):
        state ^= int.from_bytes(data[depth : depth + WORD], "little")
        state = state * FACTOR & ALL
        state ^= state >> SHIFT
    return state


def _finished(state: int, data: bytes) -> int:
    state = _mixed_in(state, data) * LAST_FACTOR & ALL
    return state ^ state >> LAST_SHIFT

"""Byte strings compared many at once: which are the same, their order, their hashes, their copies.

String `i` is `view[begins[i]:stops[i]]`. Eight bytes are read as one number; there is no Python
object per string but for a few that are very long.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.words import (
    CHUNK,
    FEW,
    WORD,
    Places,
    Spans,
    Words,
    depths,
    hash_of,
    hashes,
    windows,
    words_at,
)
from retouche.core.tokenizer import Flags, Octets

__all__ = [
    "MISSING",
    "Codes",
    "Places",
    "Spans",
    "bounds_of",
    "copy",
    "distinct",
    "equal",
    "hash_of",
    "hashes",
    "order",
    "packed",
    "ranked",
]

Codes: TypeAlias = NDArray[np.int32]

MISSING = -1
"""The code of a cell that has no value."""
LONG = 128
"""Strings of so many bytes are copied one by one."""


def distinct(view: Octets, begins: Spans, stops: Spans) -> tuple[Codes, Places]:
    """A code for each string, the same for the same bytes alone, and where each code is first met.

    The codes are numbered from 0 in no particular order.
    """
    count = len(begins)
    numbered = hashes(view, begins, stops)
    low = np.uint64((1 << count.bit_length()) - 1)
    numbered &= ~low
    numbered |= np.arange(count, dtype=np.uint64)
    numbered.sort()
    places = (numbered & low).astype(np.int64)
    numbered &= ~low
    heads = np.ones(count, np.bool_)
    np.not_equal(numbered[1:], numbered[:-1], out=heads[1:])
    first = places[heads]
    codes = np.empty(count, np.int32)
    codes[places] = np.cumsum(heads, dtype=np.int32) - np.int32(1)
    unlike = _unlike(view, begins, stops, codes, first)
    return (codes, first) if not len(unlike) else _split(view, begins, stops, codes, first, unlike)


def order(view: Octets, begins: Spans, stops: Spans) -> Places:
    """The permutation that sorts the strings by their bytes, a beginning before what goes on.

    Equal strings come in any order.
    """
    return ranked(view, begins, stops)[0]


def ranked(view: Octets, begins: Spans, stops: Spans) -> tuple[Places, Flags]:
    """The same permutation, and which of the strings in that order equal the one before."""
    lengths = stops - begins
    words: Words = words_at(view, begins, lengths).byteswap()
    found: Places = np.argsort(words)
    same = _repeated(words[found])
    depth = WORD
    while True:
        tied = np.flatnonzero(_in_runs(same))
        if not len(tied):
            return found, same
        members = found[tied]
        runs = np.cumsum(~same[tied], dtype=np.int64)
        rest = lengths[members] - depth
        if len(tied) <= FEW:
            texts = [view[begins[at] : stops[at]].tobytes() for at in members.tolist()]
            keys = list(zip(runs.tolist(), texts, strict=True))
            by_text = np.array(sorted(range(len(keys)), key=keys.__getitem__), np.int64)
            found[tied] = members[by_text]
            same[tied] = [False, *(keys[a] == keys[b] for a, b in pairwise(by_text.tolist()))]
            return found, same
        over = rest.max() <= 0
        if over:  # zero bytes at the end may still tell them apart
            words = lengths[members].astype(np.uint64)
        else:
            words = words_at(view, begins[members] + depth, np.maximum(rest, 0)).byteswap()
        by_word = _by_both(runs, words)
        found[tied] = members[by_word]
        same[tied] = _repeated(words[by_word]) & _repeated(runs[by_word])
        if over:
            return found, same
        depth += WORD


def equal(view: Octets, begins: Spans, stops: Spans, data: bytes) -> Places:
    """Which strings are these bytes, by their places."""
    found = np.flatnonzero(stops - begins == len(data))
    for depth in range(0, len(data), WORD):
        if not len(found):
            break
        wanted = int.from_bytes(data[depth : depth + WORD], "little")
        rest = np.full(len(found), len(data) - depth)
        found = found[words_at(view, begins[found] + depth, rest) == np.uint64(wanted)]
    return found


def packed(
    view: Octets, begins: Spans, stops: Spans, *, gap: int = 0
) -> tuple[Octets, NDArray[np.int64]]:
    """The strings copied one behind the other, with so many zero bytes behind each.

    The second array tells where each begins, and last where the next would.
    """
    bounds = bounds_of(stops - begins, gap=gap)
    heap = np.zeros(int(bounds[-1]), np.uint8)
    copy(view, begins, stops, into=heap, at=bounds[:-1])
    return heap, bounds


def bounds_of(lengths: Spans, *, gap: int) -> NDArray[np.int64]:
    """Where strings of these lengths begin when each has a gap behind it, and where all end."""
    bounds = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths + gap, out=bounds[1:])
    return bounds


def copy(view: Octets, begins: Spans, stops: Spans, *, into: Octets, at: Spans) -> None:
    """Copy each string to a place in an array; the copies must not overlap."""
    for low in range(0, len(begins), CHUNK):
        part = slice(low, low + CHUNK)
        _copy(view, begins[part], stops[part] - begins[part], into=into, at=at[part])


def _copy(view: Octets, begins: Spans, lengths: Spans, *, into: Octets, at: Spans) -> None:
    for size in (1, 2, 4):
        some = np.flatnonzero((lengths >= size) & (lengths < 2 * size))
        if len(some):
            source, target = windows(view, size), windows(into, size)
            target[at[some]] = source[begins[some]]
            if size > 1:  # the last bytes, which may be some of the first ones
                rest = lengths[some] - size
                target[at[some] + rest] = source[begins[some] + rest]
    some = np.flatnonzero((lengths >= WORD) & (lengths < LONG))
    if len(some):
        source, target = windows(view, WORD), windows(into, WORD)
        rest = lengths[some] - WORD
        target[at[some] + rest] = source[begins[some] + rest]
        for depth, going in depths(rest):
            on = some[going]
            target[at[on] + depth] = source[begins[on] + depth]
    some = np.flatnonzero(lengths >= LONG)
    spans = zip(begins[some].tolist(), at[some].tolist(), lengths[some].tolist(), strict=True)
    for begin, place, length in spans:
        into.data[place : place + length] = view.data[begin : begin + length]


def _unlike(view: Octets, begins: Spans, stops: Spans, codes: Codes, first: Places) -> Places:
    """The strings that are not the bytes of the first one with their code."""
    again = np.ones(len(codes), np.bool_)
    again[first] = False
    others = np.flatnonzero(again)
    if not len(others):
        return others
    # Only codes that are met again are looked at.
    met = np.zeros(len(first), np.bool_)
    met[codes[others]] = True
    heads = _Heads(view, begins, stops, first[met])
    places = np.cumsum(met, dtype=np.int32) - np.int32(1)
    wrong = [others[:0]]
    for low in range(0, len(others), CHUNK):
        some = others[low : low + CHUNK]
        wrong.append(some[heads.unlike(begins[some], stops[some], places[codes[some]])])
    return np.concatenate(wrong)


class _Heads:
    """Strings that others are compared with, and their words as far as they have been read."""

    def __init__(self, view: Octets, begins: Spans, stops: Spans, first: Places) -> None:
        self._view = view
        self._begins, self._lengths = begins[first], stops[first] - begins[first]
        self._words: list[Words] = []

    def unlike(self, begins: Spans, stops: Spans, heads: Codes) -> Flags:
        """Which strings are not the bytes of their heads."""
        lengths = stops - begins
        bad: Flags = lengths != self._lengths[heads]
        for depth, going in depths(np.where(bad, 0, lengths)):
            if depth and len(going) <= FEW:
                for one in going.tolist():
                    head, begin, size = self._begins[heads[one]], begins[one], lengths[one]
                    here, there = self._view[begin : begin + size], self._view[head : head + size]
                    bad[one] |= not np.array_equal(here, there)
                break
            words = words_at(self._view, begins[going] + depth, lengths[going] - depth)
            bad[going] |= words != self._at(depth)[heads[going]]
        return bad

    def _at(self, depth: int) -> Words:
        if depth // WORD == len(self._words):
            rest = np.maximum(self._lengths - depth, 0)
            begins = self._begins + np.minimum(depth, self._lengths)
            self._words.append(words_at(self._view, begins, rest))
        return self._words[depth // WORD]


def _split(
    view: Octets, begins: Spans, stops: Spans, codes: Codes, first: Places, unlike: Places
) -> tuple[Codes, Places]:
    """Codes of their own for strings whose hash is that of others, which is most rare."""
    known: dict[bytes, int] = {}
    more: list[int] = []
    for at in unlike.tolist():
        data = view[begins[at] : stops[at]].tobytes()
        if data not in known:
            known[data] = len(first) + len(more)
            more.append(at)
        codes[at] = known[data]
    return codes, np.append(first, np.array(more, np.int64))


def _repeated(sorted_words: NDArray[Any]) -> Flags:
    """Which numbers equal the one before."""
    same = np.zeros(len(sorted_words), np.bool_)
    np.equal(sorted_words[1:], sorted_words[:-1], out=same[1:])
    return same


def _in_runs(same: Flags) -> Flags:
    """Which strings equal a neighbour, given which equal the one before."""
    tied = same.copy()
    tied[:-1] |= same[1:]
    return tied


def _by_both(runs: NDArray[np.int64], words: Words) -> Places:
    """The permutation that sorts by run, then by word."""
    by_word: Places = np.argsort(words)
    if runs[0] == runs[-1]:
        return by_word
    ranks = np.cumsum(~_repeated(words[by_word]))
    return by_word[np.argsort((runs[by_word] << 32) | ranks)]

"""Deltas of git as edits: written, read, and put together. Values only; no I/O.

Files here are edits of a base, in order (`core.edited`), so their deltas copy forwards; a delta
that jumps about is somebody else's and is not understood.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TypeAlias

from retouche.core.edited import Edit

LONGEST_COPY = 0xFFFFFF
LONGEST_INSERT = 0x7F
LARGEST_BASE = 0xFFFFFFFF
"""Offsets in a delta have four bytes."""
Span: TypeAlias = tuple[int, int]
"""Bytes of the base that are kept, half-open."""
Piece: TypeAlias = Span | bytes


@dataclass(frozen=True, slots=True)
class Delta:
    """What a delta says. `edits` is None when it does not copy forwards."""

    base_size: int
    size: int
    pieces: tuple[Piece, ...]

    @property
    def edits(self) -> tuple[Edit, ...] | None:
        return edits_of(self.pieces, self.base_size)


def encoded(edits: Sequence[Edit], base_size: int) -> bytes:
    """The delta that carries out edits of a base. The result must not be empty."""
    size = base_size + sum(len(one.content) - one.end + one.start for one in edits)
    out = bytearray(_number(base_size) + _number(size))
    at = 0
    for edit in edits:
        _copy(out, at, edit.start)
        for start in range(0, len(edit.content), LONGEST_INSERT):
            part = edit.content[start : start + LONGEST_INSERT]
            out.append(len(part))
            out += part
        at = edit.end
    _copy(out, at, base_size)
    return bytes(out)


def decoded(delta: bytes) -> Delta:
    """Read a delta. Raises `ValueError` or `IndexError` for one that is broken."""
    base_size, at = _read_number(delta, 0)
    size, at = _read_number(delta, at)
    pieces: list[Piece] = []
    while at < len(delta):
        code = delta[at]
        at += 1
        if code & 0x80:
            start = length = 0
            for bit in range(4):
                if code >> bit & 1:
                    start |= delta[at] << 8 * bit
                    at += 1
            for bit in range(3):
                if code >> (4 + bit) & 1:
                    length |= delta[at] << 8 * bit
                    at += 1
            stop = start + (length or 0x10000)
            if stop > base_size:
                raise ValueError("a copy beyond the base")
            pieces.append((start, stop))
        elif code and at + code <= len(delta):
            pieces.append(delta[at : at + code])
            at += code
        else:
            raise ValueError("an unknown or cut instruction")
    if size != sum(map(_length, pieces)):
        raise ValueError("a delta of another size than it says")
    return Delta(base_size, size, tuple(pieces))


def between(old: bytes, new: bytes) -> tuple[Edit, ...]:
    """One edit that makes `new` of `old`, for small contents."""
    if old == new:
        return ()
    most = min(len(old), len(new))
    start = _shared(lambda size: old[:size] == new[:size], most)
    most -= start
    tail = _shared(lambda size: old[len(old) - size :] == new[len(new) - size :], most)
    return (Edit(start, len(old) - tail, new[start : len(new) - tail]),)


def composed(first: Sequence[Edit], second: Sequence[Edit], base_size: int) -> tuple[Edit, ...]:
    """The edits of the base that do what `first` and then `second` do."""
    middle = _Layout(_pieces(first, base_size))
    pieces: list[Piece] = []
    for piece in _pieces(second, middle.size):
        pieces += (piece,) if isinstance(piece, bytes) else middle.cut(*piece)
    edits = edits_of(pieces, base_size)
    assert edits is not None  # in order because both are
    return edits


def layered(below: Sequence[Piece], delta: Delta) -> tuple[Piece, ...]:
    """What a delta makes of a version, as pieces of what the version itself was made of.

    Raises `ValueError` when the delta is one of another version.
    """
    middle = _Layout(below)
    if middle.size != delta.base_size:
        raise ValueError("a delta of another base")
    pieces: list[Piece] = []
    for piece in delta.pieces:
        if isinstance(piece, bytes):
            pieces.append(piece)
            continue
        more = middle.cut(*piece)
        if pieces and more:
            last, first = pieces[-1], more[0]
            if isinstance(last, tuple) and isinstance(first, tuple) and last[1] == first[0]:
                more[0] = last[0], first[1]
                pieces.pop()
        pieces += more
    return tuple(pieces)


def exchanged(old: Sequence[Piece], new: Sequence[Piece]) -> tuple[int, int, tuple[Piece, ...]]:
    """The part of a version that another one, of pieces of the same, has other pieces for."""
    most = min(len(old), len(new))
    head = next((at for at in range(most) if old[at] != new[at]), most)
    most -= head
    tail = next((at for at in range(most) if old[~at] != new[~at]), most)
    gone, come = [*old[head : len(old) - tail]], [*new[head : len(new) - tail]]
    start = sum(map(_length, old[:head]))
    end = start + sum(map(_length, gone))
    if gone and come and isinstance(gone[0], tuple) and isinstance(come[0], tuple):
        (first, stop), (other, other_stop) = gone[0], come[0]
        if first == other:
            at = min(stop, other_stop)
            start += at - first
            gone[:1] = [(at, stop)] * (at < stop)
            come[:1] = [(at, other_stop)] * (at < other_stop)
    if gone and come and isinstance(gone[-1], tuple) and isinstance(come[-1], tuple):
        (first, stop), (other, other_stop) = gone[-1], come[-1]
        if stop == other_stop:
            at = max(first, other)
            end -= stop - at
            come[-1:] = [(other, at)] * (other < at)
    return start, end, tuple(come)


def difference(old: Sequence[Edit], new: Sequence[Edit], base_size: int) -> tuple[Edit, ...] | None:
    """The edits that make one version of another, both given as edits of one base.

    None when the new version has bytes of the base that the old one has not.
    """
    before = _Layout(_pieces(old, base_size))
    pieces: list[Piece] = []
    for piece in _pieces(new, base_size):
        if isinstance(piece, bytes):
            pieces.append(piece)
            continue
        kept = before.kept(*piece)
        if kept is None:
            return None
        pieces += kept
    edits = edits_of(pieces, before.size)
    assert edits is not None  # in order because both are
    return tuple(one for one in edits if before.written(one.start, one.end) != one.content)


def edits_of(pieces: Iterable[Piece], base_size: int) -> tuple[Edit, ...] | None:
    """The same as edits of the base; None when the pieces do not copy forwards."""
    edits: list[Edit] = []
    at = 0
    content = bytearray()  # a delta has a piece for each 127 bytes that it writes
    for piece in pieces:
        if isinstance(piece, bytes):
            content += piece
            continue
        start, stop = piece
        if start < at:
            return None
        if start > at or content:
            edits.append(Edit(at, start, bytes(content)))
        content, at = bytearray(), stop
    if at < base_size or content:
        edits.append(Edit(at, base_size, bytes(content)))
    return tuple(edits)


class _Layout:
    """Where the pieces of a version stand in it."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self.pieces = tuple(pieces)
        self.starts = tuple(accumulate(map(_length, self.pieces), initial=0))
        self.size = self.starts[-1]

    @cached_property
    def spans(self) -> list[int]:
        return [number for number, one in enumerate(self.pieces) if isinstance(one, tuple)]

    @cached_property
    def kept_from(self) -> list[int]:
        return [self._span(number)[0] for number in self.spans]

    def cut(self, start: int, stop: int) -> list[Piece]:
        """The pieces of a part of the version."""
        if start >= stop:
            return []
        first = bisect_right(self.starts, start) - 1
        last = bisect_left(self.starts, stop) - 1
        found = [*self.pieces[first : last + 1]]
        found[-1] = _part(found[-1], 0, stop - self.starts[last])
        found[0] = _part(found[0], start - self.starts[first], _length(found[0]))
        return found

    def kept(self, start: int, stop: int) -> list[Piece] | None:
        """Where the version has a part of its base; None when it lacks some of it."""
        found: list[Piece] = []
        number = max(0, bisect_right(self.kept_from, start) - 1)
        while start < stop:
            if number >= len(self.spans):
                return None
            place = self.spans[number]
            first, last = self._span(place)
            if not first <= start < last:
                return None
            end = min(stop, last)
            at = self.starts[place] - first
            found.append((at + start, at + end))
            start = end
            number += 1
        return found

    def written(self, start: int, stop: int) -> bytes | None:
        """The bytes of a part of the version; None when some are of its base."""
        pieces = list(self.cut(start, stop))
        texts = [one for one in pieces if isinstance(one, bytes)]
        return b"".join(texts) if len(texts) == len(pieces) else None

    def _span(self, place: int) -> Span:
        piece = self.pieces[place]
        assert not isinstance(piece, bytes)
        return piece


def _shared(is_shared: Callable[[int], bool], most: int) -> int:
    """The largest size that is shared, where every smaller one is too."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if is_shared(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _pieces(edits: Iterable[Edit], base_size: int) -> Iterator[Piece]:
    at = 0
    for edit in edits:
        if edit.start > at:
            yield at, edit.start
        if edit.content:
            yield edit.content
        at = edit.end
    if base_size > at:
        yield at, base_size


def _part(piece: Piece, start: int, stop: int) -> Piece:
    if isinstance(piece, bytes):
        return piece[start:stop]
    return piece[0] + start, piece[0] + stop


def _length(piece: Piece) -> int:
    return len(piece) if isinstance(piece, bytes) else piece[1] - piece[0]


def _copy(out: bytearray, start: int, stop: int) -> None:
    while start < stop:
        length = min(stop - start, LONGEST_COPY)
        code, arguments = 0x80, bytearray()
        for bit in range(4):
            if byte := start >> 8 * bit & 0xFF:
                code |= 1 << bit
                arguments.append(byte)
        for bit in range(3):
            if byte := length >> 8 * bit & 0xFF:
                code |= 1 << (4 + bit)
                arguments.append(byte)
        out.append(code)
        out += arguments
        start += length


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _read_number(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, at

"""Where the records of a version lie, from where its parent's lay and the bytes that were changed.

Only changed records are looked at again, up to where both versions are in step once more. What is
doubtful is left to a look at the whole file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from retouche.core import gate
from retouche.core.dialect import Dialect
from retouche.core.edited import Data
from retouche.core.succession import Cut, Succession, Window
from retouche.core.tokenizer import CR, LF, Offsets, Records, line_ends, scan

MOST_CUTS = 5_000
MOST_RECORDS = 4_096
"""Records that are looked at again behind one cut before the whole file is."""
SHARE, LEAST = 16, 1 << 16
"""Of the file, the part beyond which looking at the whole of it costs little more; and bytes that
are no such part in any file."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where rows lie in a file that has no blank lines; `lines` is None when each takes one."""

    size: int
    starts: Offsets
    stops: Offsets
    ends: Offsets
    lines: Offsets | None
    first_line: int

    def line(self, row: int) -> int:
        return self.first_line + row if self.lines is None else int(self.lines[row])

    @property
    def all_lines(self) -> Offsets:
        if self.lines is not None:
            return self.lines
        return np.arange(self.first_line, self.first_line + len(self.starts), dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Fresh:
    """Rows `old:old_stop` of the parent, read anew at the byte `begin` of the child.

    `shift` is how far what follows has moved, in bytes; the records count from `begin`.
    """

    old: int
    old_stop: int
    begin: int
    shift: int
    piece: bytes
    records: Records

    @property
    def plain(self) -> bool:
        """Whether each of the rows takes one physical line."""
        lines = self.records.lines
        alone = len(lines) == 0 or int(lines[-1]) == len(lines)
        return alone and breaks(self.piece) <= len(lines)


def descend(
    parent: Layout, data: Data, dialect: Dialect, cuts: Sequence[Cut]
) -> tuple[Layout, Succession] | None:
    """The layout of a child whose parent passed the gate; None where the cuts do not tell.

    The child then passes the gate too.
    """
    grown = sum(one.growth for one in cuts)
    if len(cuts) > MOST_CUTS or not len(parent.starts) or parent.size + grown != len(data):
        return None
    found = list[Fresh]()
    for one in _fresh(parent, data, dialect, cuts):
        if one is None or not gate.admits(one.piece, dialect):
            return None
        if not (one.records.stops > one.records.starts).all():
            return None  # a blank line
        found.append(one)
    succession = _succession(parent, found)
    return _layout(parent, found, succession, data), succession


def _fresh(
    parent: Layout, data: Data, dialect: Dialect, cuts: Sequence[Cut]
) -> Iterator[Fresh | None]:
    """The rows that the cuts touch, in order; ends with None where that cannot be told."""
    at = shift = done = looked = 0
    while at < len(cuts):
        first = _first(parent, data, cuts[at], shift)
        if first is None or first < done:
            yield None
            return
        begin = _begin(parent, first) + shift
        stop, more = first, 0
        while True:
            after, stop, grown = _touched(parent, cuts, at, stop)
            shift_after = shift + grown
            end = _begin(parent, stop) + shift_after
            piece = data[begin:end]
            looked += len(piece)
            if looked > max(LEAST, len(data) // SHARE):
                yield None
                return
            records = scan(piece, dialect, first=0)
            if records.unclosed is None and _in_step(data, end):
                break
            more = more * 2 or 1
            if stop == len(parent.starts) or more > MOST_RECORDS:
                yield None
                return
            stop = min(stop + more, len(parent.starts))
        yield Fresh(first, stop, begin, shift_after, piece, records)
        at, shift, done = after, shift_after, stop


def _begin(parent: Layout, row: int) -> int:
    return int(parent.starts[row]) if row < len(parent.starts) else parent.size


def _first(parent: Layout, data: Data, cut: Cut, shift: int) -> int | None:
    """The first row that a cut touches; None when it touches the header."""
    first = int(np.searchsorted(parent.ends, cut.start, side="right"))
    begin = _begin(parent, first)
    if cut.start < begin:
        return None
    # Behind an LF a record begins whatever follows; a CR may have become half of a CRLF.
    first -= data[begin + shift - 1] != LF
    return None if first < 0 else first


def _touched(parent: Layout, cuts: Sequence[Cut], begun: int, stop: int) -> tuple[int, int, int]:
    """Take in the cuts that begin before the row `stop`, which moves on behind each of them.

    Gives the place behind the last one, the row behind it and the growth in bytes.
    """
    at, grown = begun, 0
    while at < len(cuts) and (at == begun or cuts[at].start < _begin(parent, stop)):
        stop = max(stop, int(np.searchsorted(parent.starts, cuts[at].end, side="left")))
        grown += cuts[at].growth
        at += 1
    return at, stop, grown


def _in_step(data: Data, end: int) -> bool:
    """Whether a record begins at `end`, outside of quotes as it is."""
    if end == len(data):
        return True
    return data[end - 1] == LF or (data[end - 1] == CR and data[end] != LF)


def _succession(parent: Layout, found: Sequence[Fresh]) -> Succession:
    windows, moved = list[Window](), 0
    for one in found:
        rows = len(one.records.starts)
        windows.append(Window(one.old, one.old_stop, one.old + moved, one.old + moved + rows))
        moved += windows[-1].growth
    length = len(parent.starts)
    return Succession(windows, old_length=length, new_length=length + moved)


def _layout(parent: Layout, found: Sequence[Fresh], succession: Succession, data: Data) -> Layout:
    shifts = [0, *(one.shift for one in found)]
    edges = [0, *(edge for one in found for edge in (one.old, one.old_stop)), len(parent.starts)]

    def offsets(old: Offsets, fresh: Sequence[Offsets]) -> Offsets:
        pieces = list[Offsets]()
        for at, shift in enumerate(shifts):
            kept = old[edges[2 * at] : edges[2 * at + 1]]
            pieces.append(kept + shift if shift else kept)
            if at < len(found):
                pieces.append(fresh[at] + found[at].begin)
        return np.concatenate(pieces)

    starts = offsets(parent.starts, [one.records.starts for one in found])
    return Layout(
        size=len(data),
        starts=starts,
        stops=offsets(parent.stops, [one.records.stops for one in found]),
        ends=offsets(parent.ends, [one.records.ends for one in found]),
        lines=_lines(parent, found, succession, data, starts),
        first_line=parent.first_line,
    )


def _lines(
    parent: Layout, found: Sequence[Fresh], succession: Succession, data: Data, starts: Offsets
) -> Offsets | None:
    """The physical lines of the child's rows, None when each row takes one."""
    if parent.lines is None and all(one.plain for one in found):
        return None
    old, new = parent.all_lines, np.empty(succession.new_length, np.int64)
    done_old = done_new = shift = 0
    for one, window in zip(found, succession.windows, strict=True):
        new[done_new : window.new] = old[done_old : window.old] + shift
        line = parent.first_line
        if window.old < len(old):
            line = int(old[window.old]) + shift
        elif window.new:
            before = data[int(starts[window.new - 1]) : one.begin]
            line = int(new[window.new - 1]) + breaks(before)
        new[window.new : window.new_stop] = one.records.lines - 1 + line
        if window.old_stop < len(old):
            shift = line + breaks(one.piece) - int(old[window.old_stop])
        done_old, done_new = window.old_stop, window.new_stop
    new[done_new:] = old[done_old:] + shift
    return new


def breaks(records: bytes) -> int:
    """How many physical lines end in whole records."""
    return len(line_ends(np.frombuffer(records, np.uint8), 0, len(records)))

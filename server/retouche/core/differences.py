"""Where the bytes of two versions of a file differ, for versions that nobody described.

Compares bytes; knows no records and no cells, and must not be asked which row is which.
"""

from __future__ import annotations

from itertools import accumulate

import numpy as np

from retouche.core.edited import Data
from retouche.core.succession import Cut
from retouche.core.tokenizer import Octets

HOPS = 1000  # differences that are told apart; what follows is one more
REACH = 1 << 16  # bytes in which the two must fall into step again
SMALLEST, LARGEST = 1 << 10, 1 << 20


def differences(old: Data, new: Data) -> tuple[Cut, ...]:
    """The cuts that make `new` of `old`, in order. All bytes outside them are the same."""
    a, b = np.frombuffer(old, np.uint8), np.frombuffer(new, np.uint8)
    found: list[Cut] = []
    i = j = 0
    while True:
        same = same_bytes(a[i:], b[j:])
        i, j = i + same, j + same
        if i == len(a) and j == len(b):
            return tuple(found)
        step = _step(old, new, i, j) if len(found) < HOPS else None
        if step is None:
            tail = same_bytes(a[i:][::-1], b[j:][::-1])
            found.append(Cut(i, len(a) - tail, len(b) - tail - j))
            return tuple(found)
        found.append(Cut(i, step[0], step[1] - j))
        i, j = step


def same_bytes(a: Octets, b: Octets) -> int:
    """How many bytes are the same from the start on."""
    size, done, step = min(len(a), len(b)), 0, SMALLEST
    while done < size:
        stop = min(done + step, size)
        differ = a[done:stop] != b[done:stop]
        if differ.any():
            return done + int(differ.argmax())
        done, step = stop, min(step * 4, LARGEST)
    return size


def _step(old: Data, new: Data, i: int, j: int) -> tuple[int, int] | None:
    """The nearest line starts behind a difference at which both go on with the same lines."""
    theirs = dict(reversed(_line_pairs(new, j)))  # of equal lines the nearest
    best: tuple[int, int, int] | None = None
    for lines, at in _line_pairs(old, i):
        if best is not None and at - i >= best[0]:
            break
        other = theirs.get(lines)
        if other is not None:
            reach = (at - i) + (other - j)
            best = min(best or (reach, at, other), (reach, at, other))
    return None if best is None else best[1:]


def _line_pairs(data: Data, begin: int) -> list[tuple[bytes, int]]:
    """Every two whole lines behind `begin` that follow each other, and where the first begins."""
    lines = data[begin : begin + REACH].split(b"\n")
    starts = [*accumulate((len(one) + 1 for one in lines), initial=begin)]
    return [
        (one + b"\n" + two, at)
        for one, two, at in zip(lines[1:], lines[2:-1], starts[1:], strict=False)
    ]

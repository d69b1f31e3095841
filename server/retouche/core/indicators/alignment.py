"""Which row of a version is which row of another one, by their keys, on columns of codes.

Costs a pass over arrays; only the texts of keys that differ are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from retouche.core.coded.columns import MISSING, Column
from retouche.core.coded.texts import Texts
from retouche.core.operations import Key

Rows: TypeAlias = NDArray[np.int64]
NOWHERE = -1
"""Where a row of one version stands in another one that does not have it."""
ABSENT = -2
"""The code of a text that a column does not hold."""


class Keys:
    """What the rows of one version are called: the columns of the primary key."""

    def __init__(self, columns: Sequence[Column], *, length: int) -> None:
        self.columns = tuple(columns)
        self._length = length

    def __len__(self) -> int:
        return self._length

    def key(self, position: int) -> Key:
        """The key of a row, empty for a part that is missing."""
        return tuple(one.cell(position) or "" for one in self.columns)

    @property
    def size(self) -> int:
        return sum(one.codes.nbytes + one.values.size for one in self.columns)


def aligned(old: Keys, new: Keys) -> Rows | None:
    """For each row of the new version, where it stands in the old one, or `NOWHERE`.

    None where keys cannot tell: there are none, one is missing, or one names several rows.
    """
    if len(old.columns) != len(new.columns) or not new.columns:
        return None
    before, after = _numbered(old, new)
    if before.min(initial=0) < 0 or after.min(initial=0) < NOWHERE:
        return None
    order = np.argsort(before, kind="stable")
    ranked = before[order]
    if (ranked[1:] == ranked[:-1]).any() or _repeated(after):
        return None
    places = np.searchsorted(ranked, after)
    found = np.full(len(after), NOWHERE, np.int64)
    inside = places < len(ranked)
    inside[inside] = ranked[places[inside]] == after[inside]
    found[inside] = order[places[inside]]
    return found


def _repeated(numbers: Rows) -> bool:
    """Whether two rows of the new version are the same row of the old one."""
    known = np.sort(numbers[numbers != NOWHERE])
    return bool((known[1:] == known[:-1]).any())


def _numbered(old: Keys, new: Keys) -> tuple[Rows, Rows]:
    """A number for each key, the same in both versions.

    In the old one -1 stands for a key with a missing part, in the new one for a key that the old
    one lacks, and -2 for one with a missing part.
    """
    before = np.zeros(len(old), np.int64)
    after = np.zeros(len(new), np.int64)
    missing_before, missing_after = np.zeros(len(old), bool), np.zeros(len(new), bool)
    for theirs, ours in zip(old.columns, new.columns, strict=True):
        missing_before |= theirs.codes == MISSING
        missing_after |= ours.codes == MISSING
        codes = recoded(ours, theirs)
        count = len(theirs.values) + 1
        before = before * count + theirs.codes
        after = np.where((codes < 0) | (after < 0), NOWHERE, after * count + codes)
        if len(old.columns) > 1:  # counted anew, so that products of many parts stay small
            known, before = np.unique(before, return_inverse=True)
            at = np.searchsorted(known, after)
            at[at == len(known)] = 0
            hit = known[at] == after if len(known) else np.zeros(len(after), bool)
            after = np.where(hit, at, NOWHERE)
    before = np.where(missing_before, NOWHERE, before)
    return before, np.where(missing_after, ABSENT, after)


def recoded(column: Column, other: Column) -> NDArray[np.int64]:
    """The codes of a column's rows among the values of another one; `MISSING` stays, `ABSENT` is
    for texts that the other one lacks."""
    table = np.append(_places(column.values, other.values), MISSING)
    found: NDArray[np.int64] = table[column.codes]
    return found


def _places(values: Texts, others: Texts) -> NDArray[np.int64]:
    """Where each text stands among others, which are ordered alike; `ABSENT` for none."""
    head = _common(values, others)
    tail = min(_common_end(values, others), len(values) - head, len(others) - head)
    places = np.full(len(values), ABSENT, np.int64)
    places[:head] = np.arange(head)
    if tail:
        places[-tail:] = np.arange(len(others) - tail, len(others))
    between = {text: head + at for at, text in enumerate(others[head : len(others) - tail])}
    if between:
        for at, text in enumerate(values[head : len(values) - tail], head):
            places[at] = between.get(text, ABSENT)
    return places


def _common(one: Texts, other: Texts) -> int:
    """How many texts are the same from the first one on."""
    count = min(len(one), len(other))
    lengths = np.diff(one.bounds[: count + 1]) != np.diff(other.bounds[: count + 1])
    count = int(lengths.argmax()) if lengths.any() else count
    first, second = one[:count].joined, other[:count].joined
    unlike = first != second
    if not unlike.any():
        return count
    at = int(unlike.argmax()) + int(one.bounds[0])
    return int(np.searchsorted(one.bounds, at, side="right")) - 1


def _common_end(one: Texts, other: Texts) -> int:
    """How many texts are the same from the last one back."""
    count = min(len(one), len(other))
    first, second = one[len(one) - count :], other[len(other) - count :]
    lengths = (np.diff(first.bounds) != np.diff(second.bounds))[::-1]
    count = int(lengths.argmax()) if lengths.any() else count
    first, second = one[len(one) - count :], other[len(other) - count :]
    unlike = (first.joined != second.joined)[::-1]
    if not unlike.any():
        return count
    at = int(first.bounds[-1]) - 1 - int(unlike.argmax())
    return count - int(np.searchsorted(first.bounds, at, side="right"))


def same(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where two arrays agree; unknown numbers are the same as unknown numbers."""
    alike: NDArray[np.bool_] = (one == other) | ((one != one) & (other != other))
    return alike

"""The rows whose values of an indicator differ between two revisions."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from retouche.core.indicators.alignment import NOWHERE, Rows, aligned, same
from retouche.services.indicators.values import Change, Values


def changes(before: Values, after: Values) -> Iterator[Change]:
    """Rows by key, in the order of the file after; those that were deleted come last."""
    at = aligned(before.keys, after.keys)
    if at is None:  # no row can be named
        return
    for position in _candidates(before, after, at):
        was = None if at[position] == NOWHERE else int(at[position])
        old, new = None if was is None else before.value(was), after.value(position)
        if old != new:
            yield Change(
                key=after.keys.key(position),
                before=old,
                after=new,
                weight=after.weight(position),
                position_before=was,
                position_after=position,
            )
    left = np.ones(len(before), np.bool_)
    left[at[at != NOWHERE]] = False
    for position in np.flatnonzero(left).tolist():
        if before.value(position) is not None:
            yield Change(
                key=before.keys.key(position),
                before=before.value(position),
                after=None,
                weight=before.weight(position),
                position_before=position,
                position_after=None,
            )


def _candidates(before: Values, after: Values, at: Rows) -> list[int]:
    """The rows that may differ; few where there are numbers to compare."""
    if before.texts is not None or after.texts is not None:
        return list(range(len(after)))
    old = np.append(before.numbers, np.nan)[at]
    return np.flatnonzero(~same(old, after.numbers)).tolist()

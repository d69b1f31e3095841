"""What lies within a radius of each row, and what is nearest: computed, or renewed from the values
of another version by what moved, came or went.

Renewed values are the same, bit for bit, as those computed anew: distances are told to the
millimetre and amounts to a millionth, so that sums are sums of whole numbers in any order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from retouche.core.indicators.alignment import NOWHERE, aligned, same
from retouche.core.indicators.reach import (
    Mask,
    Nearby,
    Reach,
    Rows,
    Sources,
    Sums,
    Targets,
    scale_of,
    whole,
)
from retouche.core.indicators.sphere import NONE, Points, nearest, within

MANY = 4
"""When one source in so many has changed, nothing is gained by looking at changes."""


def sums(targets: Targets, sources: Sources, radius: float, *, before: Reach | None = None) -> Sums:
    """What lies within so many kilometres of each target, the edge included."""
    if isinstance(before, Sums):
        renewed = _renewed_sums(targets, sources, radius, before)
        if renewed is not None:
            return renewed
    length = len(targets)
    totals, known, everything = (np.zeros(length, np.int64) for _ in range(3))
    found = Sums(
        targets=targets,
        sources=sources,
        totals=totals,
        known=known,
        all=everything,
        rows=length,
    )
    _add(found, ~np.isnan(targets.latitudes), sources, sources.placed, radius, sign=1)
    return found


def nearest_of(
    targets: Targets,
    sources: Sources,
    *,
    own: Sequence[Rows] = (),
    before: Reach | None = None,
) -> Nearby:
    """The nearest source of each target. `own` are, for each target, rows of the sources that do
    not count for it, or `NONE`."""
    if isinstance(before, Nearby):
        renewed = _renewed_nearest(targets, sources, own, before)
        if renewed is not None:
            return renewed
    found, far = nearest(_points(targets), _points(sources), own=own, length=len(targets))
    return Nearby(targets=targets, sources=sources, nearest=found, far=far, rows=len(targets))


@dataclass(frozen=True, slots=True, eq=False)
class _Changes:
    """How targets and sources differ from those of before.

    `at` is where each target was, `kept` which have not moved; `gone` are sources of before,
    `come` sources of now, `now` where each source of before is by now if it is the same.
    """

    at: Rows
    kept: Mask
    gone: Mask
    come: Mask
    now: Rows
    in_order: bool

    @property
    def count(self) -> int:
        return int(self.gone.sum() + self.come.sum())


def _changes(targets: Targets, sources: Sources, before: Reach) -> _Changes | None:
    at = aligned(before.targets.keys, targets.keys)
    theirs = before.sources
    if at is None or len(theirs.keys) != len(sources.keys):
        return None
    kept = at != NOWHERE
    rows, stood = at[kept], before.targets
    kept[kept] = same(targets.latitudes[kept], stood.latitudes[rows]) & same(
        targets.longitudes[kept], stood.longitudes[rows]
    )
    pieces = []
    for one, other, offset in zip(theirs.keys, sources.keys, theirs.offsets, strict=True):
        piece = aligned(one, other)
        if piece is None:
            return None
        pieces.append(np.where(piece == NOWHERE, NOWHERE, piece + offset))
    was = np.concatenate(pieces)
    unchanged = was != NOWHERE
    rows = was[unchanged]
    alike = np.ones(len(rows), np.bool_)
    for new, old in (
        (sources.latitudes, theirs.latitudes),
        (sources.longitudes, theirs.longitudes),
        (sources.amounts, theirs.amounts),
    ):
        alike &= same(new[unchanged], old[rows])
    # What did not count and still does not is the same, whatever else became of it.
    alike |= ~sources.placed[unchanged] & ~theirs.placed[rows]
    unchanged[unchanged] = alike
    now = np.full(len(theirs.latitudes), NONE, np.int64)
    stayed = was[unchanged]
    now[stayed] = np.flatnonzero(unchanged)
    gone = theirs.placed & (now == NONE)
    come = sources.placed & ~unchanged
    order = bool((np.diff(stayed) > 0).all())
    found = _Changes(at, kept, gone, come, now, in_order=order)
    most = max(int(sources.placed.sum()), int(theirs.placed.sum()), 2 * MANY)
    return None if MANY * found.count > most else found


def _renewed_sums(targets: Targets, sources: Sources, radius: float, before: Sums) -> Sums | None:
    if scale_of(sources.amounts) != scale_of(before.sources.amounts):
        return None
    changes = _changes(targets, sources, before)
    if changes is None:
        return None
    kept, fresh = changes.kept, ~changes.kept & ~np.isnan(targets.latitudes)
    found = Sums(
        targets=targets,
        sources=sources,
        totals=_carried(before.totals, changes, 0),
        known=_carried(before.known, changes, 0),
        all=_carried(before.all, changes, 0),
        rows=0,
        changes=changes.count,
    )
    touched = fresh.copy()
    _add(found, fresh, sources, sources.placed, radius, sign=1)
    touched |= _add(found, kept, before.sources, changes.gone, radius, sign=-1)
    touched |= _add(found, kept, sources, changes.come, radius, sign=1)
    return replace(found, rows=int(touched.sum()))


def _renewed_nearest(
    targets: Targets, sources: Sources, own: Sequence[Rows], before: Nearby
) -> Nearby | None:
    changes = _changes(targets, sources, before)
    if changes is None or not changes.in_order:
        return None
    old = _carried(before.nearest, changes, NONE)
    far = _carried(before.far, changes, NONE)
    found = np.where(old == NONE, NONE, np.append(changes.now, NONE)[old])
    placed = ~np.isnan(targets.latitudes)
    lost = placed & (~changes.kept | ((old != NONE) & (found == NONE)))
    length = len(targets)
    if lost.any():
        anew = nearest(_points(targets, lost), _points(sources), own=own, length=length)
        found[lost], far[lost] = anew[0][lost], anew[1][lost]
    looked = lost
    if changes.come.any():
        rest, come = placed & ~lost, _points(sources, changes.come)
        other, apart = nearest(_points(targets, rest), come, own=own, length=length)
        nearer = (apart < far) | ((apart == far) & (other < found)) | (found == NONE)
        nearer &= rest & (other != NONE)
        found[nearer], far[nearer] = other[nearer], apart[nearer]
        looked = lost | nearer
    return Nearby(
        targets=targets,
        sources=sources,
        nearest=found,
        far=far,
        rows=int(looked.sum()),
        changes=changes.count,
    )


def _carried(values: Rows, changes: _Changes, otherwise: int) -> Rows:
    """What was known of the targets that have not moved."""
    found = np.full(len(changes.at), otherwise, np.int64)
    found[changes.kept] = values[changes.at[changes.kept]]
    return found


def _add(
    reach: Sums, wanted: Mask, sources: Sources, chosen: Mask, radius: float, *, sign: int
) -> Mask:
    """Add some sources to what some targets reach, or take them away; gives whose changed."""
    touched = np.zeros(len(reach.targets), np.bool_)
    if not wanted.any() or not chosen.any():
        return touched
    amounts = whole(sources.amounts, scale_of(reach.sources.amounts)) * sign
    known = np.where(np.isnan(sources.amounts), 0, sign)
    for target, source in within(_points(reach.targets, wanted), _points(sources, chosen), radius):
        np.add.at(reach.totals, target, amounts[source])
        np.add.at(reach.known, target, known[source])
        np.add.at(reach.all, target, sign)
        touched[target] = True
    return touched


def _points(of: Targets | Sources, wanted: Mask | None = None) -> Points:
    latitudes = of.latitudes if wanted is None else np.where(wanted, of.latitudes, np.nan)
    return Points(latitudes, of.longitudes, ordered=isinstance(of, Targets))

"""Who is near enough: people within the bands of a distance, and who comes and goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retouche.core.errors import RetoucheError
from retouche.services.datasets import DatasetRevision
from retouche.services.impact.effects import people_of
from retouche.services.impact.report import Access, Band, TerritoryAccess
from retouche.services.indicators.values import Change, Difference, Values
from retouche.services.territories import levels, member_field

MOST_TERRITORIES = 100
"""Of one level."""
Moves = dict[float, list[float]]
"""By band: how many have come within it, and how many have left it."""


def access_of(found: Difference, before: DatasetRevision, after: DatasetRevision) -> Access:
    """The bands of a `nearest_distance`, for all rows and for the territories that change."""
    indicator = found.after.indicator
    bands = indicator.bands
    crossing = [(one, _moves(found, one, bands)) for one in found.changed]
    crossing = [(one, moves) for one, moves in crossing if moves]
    territories: list[TerritoryAccess] = []
    for level in levels(after.package):
        territories += _of_level(level, found, crossing, before, after)
    return Access(
        indicator=indicator,
        people=round(float(np.nansum(_weights(found.after)))),
        by_rows=found.after.weights is None,
        bands=_bands(
            bands, [moves for _, moves in crossing], _within(found.before), _within(found.after)
        ),
        territories=tuple(territories),
    )


def _moves(found: Difference, change: Change, bands: Sequence[float]) -> Moves:
    """The bands that a row enters or leaves, with its people."""
    before, after = _distance(change.before), _distance(change.after)
    weighed = people_of(found, change)
    if found.after.weights is None:
        weighed = (1.0, 1.0)
    moves: Moves = {}
    for band in bands:
        was, comes = before <= band, after <= band
        if was != comes:
            moves[band] = [weighed[1] or 0.0, 0.0] if comes else [0.0, weighed[0] or 0.0]
    return moves


def _distance(value: float | str | None) -> float:
    return value if isinstance(value, float) else np.inf


def _weights(values: Values) -> NDArray[np.float64]:
    return np.ones(len(values)) if values.weights is None else values.weights


class _Within:
    """How many are within a distance, of all rows or of some."""

    def __init__(self, values: Values, rows: NDArray[np.bool_] | None = None) -> None:
        chosen = slice(None) if rows is None else rows
        self._numbers = values.numbers[chosen]
        self._weights = np.nan_to_num(_weights(values)[chosen])

    def __call__(self, kilometres: float) -> int:
        return round(float(self._weights[self._numbers <= kilometres].sum()))

    @property
    def people(self) -> int:
        return round(float(self._weights.sum()))


def _within(values: Values, rows: NDArray[np.bool_] | None = None) -> _Within:
    return _Within(values, rows)


def _bands(
    bands: Sequence[float], moves: Sequence[Moves], before: _Within, after: _Within
) -> tuple[Band, ...]:
    return tuple(
        Band(
            kilometres=band,
            before=before(band),
            after=after(band),
            gained=round(sum(one[band][0] for one in moves if band in one)),
            lost=round(sum(one[band][1] for one in moves if band in one)),
        )
        for band in bands
    )


# -- Territories --------------------------------------------------------------------------------


def _of_level(
    level: Mapping[str, Any],
    found: Difference,
    crossing: Sequence[tuple[Change, Moves]],
    before: DatasetRevision,
    after: DatasetRevision,
) -> list[TerritoryAccess]:
    """The territories of a level that change most, at most so many."""
    name, resource = str(level["name"]), found.after.indicator.resource
    field = member_field(level, resource, after.package)
    if field is None or not crossing:
        return []
    sides = (_codes(before, resource, field), _codes(after, resource, field))
    if any(one is None for one in sides):
        return []
    texts = [one for one in sides if one is not None]
    moved: dict[str, list[Moves]] = defaultdict(list)
    for change, moves in crossing:
        side, position = 1, change.position_after
        if position is None:
            side, position = 0, change.position_before
        code = None if position is None else texts[side].of(position)
        if code:
            moved[code].append(moves)
    by_size = sorted(moved, key=lambda one: (-_size(moved[one]), one))
    made = []
    for code in by_size[:MOST_TERRITORIES]:
        there = _within(found.after, texts[1].rows(code))
        made.append(
            TerritoryAccess(
                level=name,
                code=code,
                label=_label(after, before, str(level["resource"]), code),
                people=there.people,
                bands=_bands(
                    found.after.indicator.bands,
                    moved[code],
                    _within(found.before, texts[0].rows(code)),
                    there,
                ),
            )
        )
    return made


def _size(moves: Sequence[Moves]) -> float:
    sums: dict[float, float] = defaultdict(float)
    for one in moves:
        for band, (gained, lost) in one.items():
            sums[band] += gained + lost
    return max(sums.values(), default=0.0)


class _Codes:
    """The territory of each row of a file."""

    def __init__(self, revision: DatasetRevision, resource: str, field: str) -> None:
        self._column = revision.snapshot(resource).shown(field)

    def of(self, position: int) -> str | None:
        code = int(self._column.codes[position])
        return self._column.values[code] if code >= 0 else None

    def rows(self, text: str) -> NDArray[np.bool_]:
        code = self._column.code(text)
        found: NDArray[np.bool_] = np.asarray(self._column.codes) == (-2 if code is None else code)
        return found


def _codes(revision: DatasetRevision, resource: str, field: str) -> _Codes | None:
    """None where the version has no such column."""
    try:
        return _Codes(revision, resource, field)
    except RetoucheError:
        return None


def _label(after: DatasetRevision, before: DatasetRevision, resource: str, code: str) -> str:
    for at in (after, before):
        try:
            described = at.package.resource(resource)
            snapshot = at.snapshot(resource)
            position = snapshot.index.get((code,))
        except RetoucheError:
            continue
        if position is not None:
            return described.row_label(snapshot.cells(position), (code,))
    return code

"""The effect of a change on one indicator: rows, the largest first, and who gains and loses."""

from __future__ import annotations

from collections.abc import Iterable

from retouche.core.errors import RetoucheError
from retouche.core.indicators.indicator import GroupShare
from retouche.core.operations import Cells
from retouche.core.reading.places import place_of
from retouche.services.datasets import DatasetRevision
from retouche.services.impact.report import Figure, IndicatorImpact, RowEffect, Share
from retouche.services.indicators.values import Change, Difference, Values, written

MOST_ROWS = 200
NEAREST = "nearest_distance"


def effect_of(
    found: Difference, before: DatasetRevision, after: DatasetRevision
) -> IndicatorImpact | None:
    """What changes in an indicator as it is shown; None when nothing does."""
    indicator = found.after.indicator
    changed = [one for one in found.changed if _shown(found, one)]
    overall = [_number(one.overall, one) for one in (found.before, found.after)]
    staying = sum(None not in (one.position_before, one.position_after) for one in changed)
    if not staying and overall[0] == overall[1]:
        return None  # that a row came or went is no effect of it
    changed.sort(key=lambda one: (-_size(found, one), one.key))
    signs = [_gains(indicator.type, indicator.better, one) for one in changed]
    return IndicatorImpact(
        indicator=indicator,
        before=overall[0],
        after=overall[1],
        gained=_share(found, changed, signs, gains=True),
        lost=_share(found, changed, signs, gains=False),
        rows=tuple(_row(found, one, before, after) for one in changed[:MOST_ROWS]),
        total_rows=len(changed),
        staying=staying,
    )


def people_of(found: Difference, change: Change) -> tuple[float | None, float | None]:
    """How many people a row stands for before and after; None when unknown."""
    return (
        None if change.position_before is None else found.before.weight(change.position_before),
        None if change.position_after is None else found.after.weight(change.position_after),
    )


def _shown(found: Difference, change: Change) -> bool:
    """Whether a reader sees the change: a distance may change by less than its last decimal."""
    before, after = change.position_before, change.position_after
    if before is None or after is None:
        return True
    return found.before.cell(before) != found.after.cell(after)


def _gains(kind: str, better: str | None, change: Change) -> bool | None:
    """Whether a row that was there and stays has more of what is better."""
    if better is None or change.position_before is None or change.position_after is None:
        return None
    before, after = change.before, change.after
    if isinstance(before, str) or isinstance(after, str):
        return None
    if before is None or after is None:
        # Nothing is near: farther than any distance. Of other figures nobody can say.
        return None if kind != NEAREST else (before is None) == (better == "less")
    if before == after:
        return None
    return (after > before) == (better == "more")


def _share(
    found: Difference, changed: Iterable[Change], signs: Iterable[bool | None], *, gains: bool
) -> Share:
    chosen = [one for one, sign in zip(changed, signs, strict=True) if sign is gains]
    if found.after.weights is None or isinstance(found.after.indicator.rule, GroupShare):
        # Of a group a few come or go: `access` has how many, and its people are not all of them.
        return Share(rows=len(chosen))
    people = sum(people_of(found, one)[1 if gains else 0] or 0.0 for one in chosen)
    return Share(rows=len(chosen), people=round(people))


def _size(found: Difference, change: Change) -> float:
    """How large an effect is: people times what changes for each of them."""
    numbers = [one if isinstance(one, float) else 0.0 for one in (change.before, change.after)]
    before, after = people_of(found, change)
    weight = after if after is not None else before
    return abs(numbers[1] - numbers[0]) * (1.0 if weight is None else weight)


def _row(
    found: Difference, change: Change, before: DatasetRevision, after: DatasetRevision
) -> RowEffect:
    indicator = found.after.indicator
    at, position = after, change.position_after
    if position is None:
        at, position = before, change.position_before
    cells: Cells = {}
    resource = at.package.resource(indicator.resource)
    if position is not None:
        cells = at.snapshot(indicator.resource).cells(position)
    point = place_of(resource, cells)
    people = [one for one in people_of(found, change) if one is not None]
    return RowEffect(
        key=change.key,
        label=resource.row_label(cells, change.key),
        before=_figure(found.before, change.position_before),
        after=_figure(found.after, change.position_after),
        people=round(people[-1]) if people else None,
        gains=_gains(indicator.type, indicator.better, change),
        latitude=point.latitude if point else None,
        longitude=point.longitude if point else None,
    )


def _figure(values: Values, position: int | None) -> Figure:
    if position is None:
        return None
    if values.texts is not None:
        return values.texts[position]
    return _number(float(values.numbers[position]), values)


def _number(number: float | None, values: Values) -> float | None:
    """A number with the decimals that are shown of it."""
    if number is None:
        return None
    text = written(number, values.indicator.digits)
    return None if text is None else float(text)


def fault(error: Exception) -> RetoucheError:
    """What keeps an indicator from being computed, as a refusal that can be told."""
    return error if isinstance(error, RetoucheError) else RetoucheError("indicator_failed")

"""A report in sentences, the most telling first."""

from __future__ import annotations

from collections.abc import Iterator

from retouche.core.indicators.indicator import Indicator
from retouche.core.messages import problem
from retouche.core.messages.impact import band, counted, figure, moved, said
from retouche.core.schema import in_language
from retouche.services.impact.report import Access, Band, ImpactReport, IndicatorImpact, Share

MOST = 12
"""Sentences of a report."""
PLACES = 3
"""Territories that are named in a sentence."""
NAMED = 3
"""Rows up to which they are named and not counted."""


def sentences(report: ImpactReport, locale: str, *, most: int = MOST) -> tuple[str, ...]:
    """What changes: who comes near, who gains and loses, then the figures of all rows.

    What could not be computed comes last, whatever else there is to say.
    """
    near = [(each, text) for one in report.access for each, text in _bands(one, locale)]
    near.sort(key=lambda one: -one[0].moved)
    banded = {one.indicator.name for one in report.access}
    others = sorted(
        (one for one in report.indicators if one.indicator.name not in banded), key=_weight
    )
    found = [text for _, text in near]
    found += [text for one in report.access for text in _places(one, report, locale)]
    found += [text for one in others for text in _effects(one, locale)]
    found += [text for one in report.indicators for text in _overall(one, locale)]
    if not found and not report.faults:
        found = [said("nothing", locale)]
    return (*found[:most], *_faults(report, locale))


def _bands(access: Access, locale: str) -> Iterator[tuple[Band, str]]:
    to = _target(access.indicator, locale)
    for one in access.bands:
        text = band(
            gained=one.gained,
            lost=one.lost,
            kilometres=one.kilometres,
            to=to,
            by_rows=access.by_rows,
            locale=locale,
        )
        if text is not None:
            yield one, text


def _target(indicator: Indicator, locale: str) -> str:
    """Of what it is the distance, as the declaration says it, else its title."""
    declared = in_language(indicator.descriptor.get("to"), locale)
    if declared:
        return f" {declared}"
    return said("to_title", locale, title=indicator.title(locale))


def _places(access: Access, report: ImpactReport, locale: str) -> Iterator[str]:
    """Where most come and go: the first territories of the widest level, in the band that moves
    most; nothing where there is but one."""
    band = max(access.bands, key=lambda one: one.moved)
    level = access.territories[0].level if access.territories else ""
    there = [
        (each.label, one)
        for each in access.territories
        if each.level == level
        for one in each.bands
        if one.kilometres == band.kilometres and one.moved
    ]
    if not there:
        return
    there.sort(key=lambda one: -one[1].moved)
    places = [f"{label} ({moved(one.gained, one.lost, locale)})" for label, one in there[:PLACES]]
    yield said(
        "where",
        locale,
        distance=f"{figure(band.kilometres, None, locale)} km",
        level=in_language(report.levels.get(level), locale, level),
        places=", ".join(places) + (", …" if len(there) > PLACES else ""),
    )


def _weight(one: IndicatorImpact) -> tuple[float, float]:
    """Those by which most people gain or lose come first, then those that change most rows."""
    people = (one.gained.people or 0) + (one.lost.people or 0)
    return -people, -one.total_rows


def _effects(one: IndicatorImpact, locale: str) -> Iterator[str]:
    title = one.indicator.title(locale)
    gained, lost = (_who(one, share, locale) for share in (one.gained, one.lost))
    if gained and lost:
        yield said("both", locale, title=title, gained=gained, lost=lost)
    elif gained:
        yield said("gained", locale, title=title, gained=gained)
    elif lost:
        yield said("lost", locale, title=title, lost=lost)
    elif one.staying:
        rows = counted("rows", one.staying, locale)
        yield said("rows_change", locale, title=title, rows=rows)


def _who(one: IndicatorImpact, share: Share, locale: str) -> str:
    """Those who gain, or lose: a few rows by their names, many by their number."""
    if not share.rows:
        return ""
    gains = share is one.gained
    named = [row.label for row in one.rows if row.gains is gains]
    few = share.rows <= NAMED and len(named) == share.rows
    rows = ", ".join(named) if few else counted("rows", share.rows, locale)
    if share.people is None:
        return rows
    people = counted("people", share.people, locale)
    return f"{rows} ({people})" if few else f"{people} ({rows})"


def _overall(one: IndicatorImpact, locale: str) -> Iterator[str]:
    indicator = one.indicator
    before = figure(one.before, indicator.digits, locale)
    after = figure(one.after, indicator.digits, locale, indicator.unit(locale))
    # Of less than a reader is shown there is nothing to say.
    if before != figure(one.after, indicator.digits, locale):
        yield said("overall", locale, title=indicator.title(locale), before=before, after=after)


def _faults(report: ImpactReport, locale: str) -> Iterator[str]:
    for name, error in report.faults.items():
        title = in_language(report.titles.get(name), locale, name)
        yield said("fault", locale, title=title, detail=problem(error, locale)[1])

"""The impact of a proposal, or of a scenario, as pages show it: sentences first, then tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from retouche.core.errors import RetoucheError
from retouche.core.keys import format_key
from retouche.core.messages.impact import counted, figure, said
from retouche.core.messages.wording import count
from retouche.core.schema import in_language
from retouche.ports import Proposal
from retouche.services.datasets import Dataset
from retouche.services.impact.report import (
    Access,
    ImpactReport,
    IndicatorImpact,
    RowEffect,
    Share,
    TerritoryAccess,
)
from retouche.services.impact.wording import sentences
from retouche.web.context import services
from retouche.web.language import locale
from retouche.web.pages.links import page_url

UNDECIDED = ("queued", "open")
SENTENCES = 6
"""What changes is in the tables besides."""
ROWS = 20
"""Rows of an indicator that a page lists; the API has more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row that changes, in words; `before` or `after` is empty where nothing is known of it."""

    label: str
    href: str
    before: str
    after: str
    people: str
    tone: str
    """`good`, `bad`, or nothing."""
    place: str
    """Latitude and longitude, in degrees; empty where it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An indicator that changes, in words."""

    name: str
    title: str
    unit: str
    before: str
    after: str
    change: str
    gained: str
    lost: str
    rows: Sequence[Row]
    more: int
    """Rows that are not listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Who is within the bands of a distance, for all and for territories by the title of their
    level."""

    access: Access
    title: str
    bands: Sequence[str]
    levels: Sequence[tuple[str, Sequence[TerritoryAccess]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What the template `proposal_impact.html` shows."""

    report: ImpactReport
    sentences: Sequence[str]
    moved: str
    """That other data is published by now, in a sentence; empty when it is not."""
    lines: Sequence[Line]
    near: Sequence[Near]


def impact_of(dataset: Dataset, proposal: Proposal) -> View | None:
    """The impact of a proposal; None where the dataset has no indicators, or nobody can say."""
    try:
        if not dataset.at(proposal.parent).package.extension.get("indicators"):
            return None
        report = services().impact.of_proposal(dataset, proposal)
    except RetoucheError:  # it has no commit yet, or what was published cannot be read
        return None
    moved = proposal.state in UNDECIDED and proposal.parent != dataset.forge.published()
    return shown(dataset, report, after=f"proposal:{proposal.id}", moved=moved)


def shown(dataset: Dataset, report: ImpactReport, *, after: str, moved: bool = False) -> View:
    """A report as pages show it. `after` is the revision at which rows are linked to."""
    return View(
        report=report,
        sentences=sentences(report, locale(), most=SENTENCES),
        moved=said("moved", locale()) if moved else "",
        lines=[_line(dataset, one, report, after) for one in report.indicators],
        near=[_near(one, report.levels) for one in report.access],
    )


def _line(dataset: Dataset, one: IndicatorImpact, report: ImpactReport, after: str) -> Line:
    indicator = one.indicator
    return Line(
        name=indicator.name,
        title=indicator.title(locale()),
        unit=indicator.unit(locale()),
        before=figure(one.before, indicator.digits, locale()),
        after=figure(one.after, indicator.digits, locale()),
        change=_change(one.before, one.after, indicator.digits),
        gained=_share(one.gained),
        lost=_share(one.lost),
        rows=[_row(dataset, one, row, report, after) for row in one.rows[:ROWS]],
        more=max(0, one.total_rows - ROWS),
    )


def _row(
    dataset: Dataset, one: IndicatorImpact, row: RowEffect, report: ImpactReport, after: str
) -> Row:
    digits = one.indicator.digits
    people = "" if row.people is None else count(row.people, locale())
    href = page_url(
        "rows.show_row",
        name=dataset.name,
        resource=one.indicator.resource,
        key=row.key,
        # What is removed is still there before.
        revision=report.before if row.after is None else after,
    )
    here = row.latitude is not None and row.longitude is not None
    return Row(
        label=row.label or format_key(row.key),
        href=href,
        before="" if row.before is None else figure(row.before, digits, locale()),
        after="" if row.after is None else figure(row.after, digits, locale()),
        people=people,
        tone="" if row.gains is None else "good" if row.gains else "bad",
        place=f"{row.latitude:.5f}, {row.longitude:.5f}" if here else "",
    )


def _share(share: Share) -> str:
    if not share.rows:
        return ""
    if share.people is None:
        return counted("rows", share.rows, locale())
    return counted("people", share.people, locale())


def _change(before: object, after: object, digits: int | None) -> str:
    if not isinstance(before, float) or not isinstance(after, float):
        return ""
    text = figure(after - before, digits, locale())
    if text == figure(0.0, digits, locale()):  # less than is shown
        return ""
    return f"+{text}" if after > before else text


def _near(one: Access, titles: Mapping[str, object]) -> Near:
    grouped = groupby(one.territories, key=lambda each: each.level)
    return Near(
        access=one,
        title=one.indicator.title(locale()),
        bands=[f"{figure(band.kilometres, None, locale())} km" for band in one.bands],
        levels=[
            (in_language(titles.get(level), locale(), level), tuple(each))  # type: ignore[arg-type]
            for level, each in grouped
        ],
    )

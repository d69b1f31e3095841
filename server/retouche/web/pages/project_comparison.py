"""Up to four scenarios side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, g, render_template, request

from retouche.core.errors import Malformed
from retouche.core.messages import problem
from retouche.ports import Scenario
from retouche.services.datasets import Dataset
from retouche.services.impact.report import Access, Band, ImpactReport, IndicatorImpact
from retouche.services.impact.wording import sentences
from retouche.services.scenarios import MOST_COMPARED
from retouche.web.context import dataset, services
from retouche.web.language import locale
from retouche.web.pages.contributions import Answer
from retouche.web.pages.links import with_parameters
from retouche.web.pages.scenarios import builder, map_of
from retouche.web.problems import status_of

blueprint = Blueprint("project_comparison", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A scenario beside others."""

    scenario: Scenario
    report: ImpactReport
    sentences: Sequence[str]

    def indicator(self, name: str) -> IndicatorImpact | None:
        found = (one for one in self.report.indicators if one.indicator.name == name)
        return next(found, None)

    def access(self, name: str) -> Access | None:
        found = (one for one in self.report.access if one.indicator.name == name)
        return next(found, None)

    def band(self, name: str, kilometres: float) -> Band | None:
        access = self.access(name)
        bands = access.bands if access is not None else ()
        return next((one for one in bands if one.kilometres == kilometres), None)


@blueprint.get("/<dataset:name>/proposals/projects/compare")
def compare(name: str) -> Answer:
    found = dataset(name)
    g.private = True
    asked = [_id(one) for one in request.args.getlist("scenario") if one.strip()]
    several: list[Compared] = []
    fault, status = "", 200
    if asked:
        try:
            scenarios = services().scenarios.several(found, asked)
        except Malformed as error:
            fault, status = problem(error, locale())[1], status_of(error)
        else:
            several = [_compared(found, one) for one in scenarios]
    base = found.at()
    indicators = {each.indicator.name: each for one in several for each in one.report.indicators}
    bands = {
        (each.indicator.name, band.kilometres): (each, band)
        for one in several
        for each in one.report.access
        for band in each.bands
    }
    shown = render_template(
        "projects_compare.html",
        revision=base,
        compared=several,
        asked=asked,
        indicators=indicators,
        bands=bands,
        most=MOST_COMPARED,
        fault=fault,
        without={one.scenario.id: _without(one.scenario.id) for one in several},
        **builder(name, base, map_of(base)),
    )
    return shown, status


def _compared(found: Dataset, scenario: Scenario) -> Compared:
    before = found.at(scenario.base_revision)
    report = services().impact.of(before, found.at(f"scenario:{scenario.id}"))
    return Compared(scenario=scenario, report=report, sentences=list(sentences(report, locale())))


def _without(scenario: str) -> str:
    """The address of this page without one of those compared."""
    kept = [
        pair
        for pair in request.args.items(multi=True)
        if pair[1].strip() and not (pair[0] == "scenario" and _id(pair[1]) == scenario)
    ]
    return with_parameters(kept)


def _id(text: str) -> str:
    """A scenario by its id or, pasted, by its address."""
    return text.strip().split("?")[0].split("#")[0].rstrip("/").rsplit("/", 1)[-1]

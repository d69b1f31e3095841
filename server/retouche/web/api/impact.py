"""The impact of a proposal on the indicators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response

from retouche.core.messages import problem
from retouche.core.messages.impact import said
from retouche.core.schema import in_language
from retouche.services.impact.report import (
    Access,
    Band,
    ImpactReport,
    IndicatorImpact,
)
from retouche.services.impact.wording import sentences
from retouche.web.caching import json_response
from retouche.web.context import dataset, only_parameters, services
from retouche.web.language import locale

blueprint = Blueprint("api_impact", __name__)
UNDECIDED = ("queued", "open")


@blueprint.get("/datasets/<name>/proposals/<proposal>/impact")
def impact(name: str, proposal: str) -> Response:
    only_parameters()
    found = dataset(name)
    present = services().proposals.get(found, proposal)
    report = services().impact.of_proposal(found, present)
    moved = present.state in UNDECIDED and present.parent != found.forge.published()
    response = json_response(impact_body(report, locale(), moved=moved))
    response.headers["Cache-Control"] = "no-cache"
    response.vary.add("Accept-Language")
    return response


def impact_body(report: ImpactReport, language: str, *, moved: bool) -> dict[str, Any]:
    """A report as the contract has it. `moved` tells that other data is published by now."""
    told = list(sentences(report, language))
    return {
        "before": report.before,
        "after": report.after,
        "moved": moved,
        "changes": report.changes,
        "sentences": [*told, said("moved", language)] if moved else told,
        "indicators": [_indicator(one, report, language) for one in report.indicators],
        "access": [_access(one, report, language) for one in report.access],
        "faults": [
            {
                "name": name,
                "title": in_language(report.titles.get(name), language, name),
                "code": error.code,
                "detail": problem(error, language)[1],
            }
            for name, error in report.faults.items()
        ],
    }


def _indicator(one: IndicatorImpact, report: ImpactReport, language: str) -> dict[str, Any]:
    indicator = one.indicator
    names = report.primary_keys.get(indicator.resource, ())
    return {
        "name": indicator.name,
        "title": indicator.title(language),
        "unit": indicator.unit(language),
        "digits": indicator.digits,
        "better": indicator.better,
        "resource": indicator.resource,
        "before": one.before,
        "after": one.after,
        "gained": asdict(one.gained),
        "lost": asdict(one.lost),
        "rows": [
            {
                "key": dict(zip(names, row.key, strict=False)),
                "label": row.label,
                "before": row.before,
                "after": row.after,
                "people": row.people,
                "gains": row.gains,
                "latitude": row.latitude,
                "longitude": row.longitude,
            }
            for row in one.rows
        ],
        "total_rows": one.total_rows,
    }


def _access(one: Access, report: ImpactReport, language: str) -> dict[str, Any]:
    return {
        "indicator": one.indicator.name,
        "title": one.indicator.title(language),
        "people": one.people,
        "by_rows": one.by_rows,
        "bands": _bands(one.bands),
        "territories": [
            {
                "level": each.level,
                "level_title": in_language(report.levels.get(each.level), language, each.level),
                "code": each.code,
                "label": each.label,
                "people": each.people,
                "bands": _bands(each.bands),
            }
            for each in one.territories
        ],
    }


def _bands(bands: Sequence[Band]) -> list[dict[str, Any]]:
    return [asdict(one) for one in bands]

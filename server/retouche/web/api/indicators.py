"""Indicators of a dataset: what they are, the figure of all rows, and the value of each."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response

from retouche.core.errors import BadDataset, NotFound, UnreadableFile
from retouche.core.indicators import Indicator
from retouche.core.keys import format_key
from retouche.core.messages import problem
from retouche.services.datasets import DatasetRevision
from retouche.services.indicators.values import Values
from retouche.web.caching import conditional, json_response
from retouche.web.context import (
    at_revision,
    base_url,
    only_parameters,
    page,
    page_links,
    page_size,
    revision,
    services,
)
from retouche.web.language import locale

blueprint = Blueprint("api_indicators", __name__)
PLACE = "/datasets/<name>/indicators"


@blueprint.get(PLACE)
def list_indicators(name: str) -> Response:
    only_parameters("revision")
    found = revision(name)

    def make() -> Response:
        indicators = services().indicators
        unusable: dict[str, BadDataset | NotFound | UnreadableFile] = {
            **indicators.unusable(found.package)
        }
        data = []
        for one in indicators.declared(found.package).values():
            try:
                data.append(_told(found, one, indicators.values(found, one.name)))
            except (BadDataset, NotFound, UnreadableFile) as error:
                unusable[one.name] = error
        told = [
            {"name": one, "detail": problem(error, locale())[1]} for one, error in unusable.items()
        ]
        return json_response({"data": data, "meta": {"revision": found.commit, "unusable": told}})

    return conditional(found, make, localised=True)


@blueprint.get(f"{PLACE}/<indicator>")
def show_indicator(name: str, indicator: str) -> Response:
    only_parameters("revision", "page", "page_size")
    found = revision(name)

    def make() -> Response:
        values = services().indicators.values(found, indicator)
        here, size = page(), page_size()
        low = min((here - 1) * size, len(values))
        positions = range(low, min(low + size, len(values)))
        return json_response(
            {
                "indicator": _told(found, values.indicator, values),
                "data": [_row(found, values, at) for at in positions],
                "meta": {
                    "page": here,
                    "page_size": size,
                    "total": len(values),
                    "revision": found.commit,
                },
                "links": page_links(len(values)),
            }
        )

    return conditional(found, make, localised=True)


def _told(found: DatasetRevision, one: Indicator, values: Values) -> dict[str, Any]:
    language = locale()
    api = f"{base_url()}/api/v1/datasets/{found.dataset.name}"
    at = at_revision()
    return {
        "name": one.name,
        "type": one.type,
        "title": one.title(language),
        "help": one.help(language) or None,
        "unit": one.unit(language) or None,
        "digits": one.digits,
        "better": one.better,
        "weight": one.weight,
        "bands": one.bands,
        "impact": one.impact,
        "resource": one.resource,
        "overall": values.overall,
        "row_count": len(values),
        "links": {
            "self": f"{api}/indicators/{one.name}{at}",
            "resource": f"{api}/resources/{one.resource}{at}",
        },
    }


def _row(found: DatasetRevision, values: Values, position: int) -> dict[str, Any]:
    resource = found.package.resource(values.indicator.resource)
    shown = services().derived.snapshot(found, resource.name)
    key = values.keys.key(position)
    label = resource.row_label(shown.cells(position), key)
    row: dict[str, Any] = {
        "key": format_key(key),
        "label": label,
        "value": values.value(position),
        "weight": values.weight(position),
    }
    if values.indicator.type == "nearest_distance":
        nearest = values.nearest(position)
        row["nearest"] = nearest and {
            "resource": nearest.resource,
            "key": format_key(_key_of(found, nearest.resource, nearest.position)),
        }
    return row


def _key_of(found: DatasetRevision, resource: str, position: int) -> tuple[str, ...]:
    """What names a row that may have no key: then nothing does."""
    snapshot = found.snapshot(resource)
    return snapshot.resource.schema.key_of(snapshot.cells(position)) or ()

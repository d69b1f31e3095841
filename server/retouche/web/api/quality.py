"""The quality of a dataset, and which rows to look at again: partly from the journal, so asked for
anew each time."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from retouche.core.keys import format_key
from retouche.core.messages import problem
from retouche.services.quality.course import Point
from retouche.services.quality.figures import Overall
from retouche.services.quality.portrait import (
    FieldPortrait,
    Portrait,
    ResourcePortrait,
    portrait,
)
from retouche.services.quality.quality import PATIENCE
from retouche.services.quality.territories import among
from retouche.web.api.tables import RESOURCE
from retouche.web.caching import FOLLOW, json_response
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

blueprint = Blueprint("api_quality", __name__)
DIGITS = 4


@blueprint.get("/datasets/<name>/quality")
def show_quality(name: str) -> Response:
    only_parameters("revision")
    found = revision(name)
    began = services().course.begin()
    told = portrait(services().quality, services().freshness, found, seconds=PATIENCE)
    api = f"{base_url()}/api/v1/datasets/{name}"
    return _fresh(
        {
            "revision": found.commit,
            "pending": told.pending,
            **_overall(told.overall),
            "confirmed": _confirmed(told),
            "confirmations": services().freshness.confirmations(found.dataset),
            "resources": [_resource(one, api) for one in told.resources],
            "history": [_point(one) for one in services().course.of(found, began=began)],
            "links": {
                "self": f"{api}/quality{at_revision()}",
                "page": f"{base_url()}/quality/{name}",
                "badge": f"{base_url()}/quality/{name}.svg",
                "feed": f"{base_url()}/feed/{name}.atom",
            },
        }
    )


@blueprint.get(f"{RESOURCE}/todo")
def list_todo(name: str, resource: str) -> Response:
    """The rows that were not changed or confirmed for longest."""
    only_parameters("revision", "territory", "page", "page_size")
    found = revision(name)
    due, total = services().freshness.todo(
        found,
        resource,
        among=among(found, resource, request.args.get("territory")),
        page=page(),
        page_size=page_size(),
    )
    names = found.package.resource(resource).schema.primary_key
    data = [
        {
            "key": dict(zip(names, one.key, strict=True)),
            "label": one.label,
            "looked_at": one.looked.isoformat() if one.looked else None,
            "by": ("confirmation" if one.confirmed else "change") if one.looked else None,
            "url": f"{base_url()}/{name}/{resource}/{format_key(one.key)}",
        }
        for one in due
    ]
    meta = {"page": page(), "page_size": page_size(), "total": total, "revision": found.commit}
    return _fresh({"data": data, "meta": meta, "links": page_links(total)})


def _fresh(payload: dict[str, Any]) -> Response:
    """What rests on more than a commit: compared with what a client has by its content."""
    response = json_response(payload)
    response.headers["Cache-Control"] = FOLLOW
    response.vary.add("Accept-Language")
    response.add_etag()
    response.make_conditional(request)
    return response


def _overall(one: Overall) -> dict[str, Any]:
    known = one.cells > 0
    return {
        "cells": one.cells,
        "filled": one.filled,
        "valid": one.valid,
        "sound": one.sound,
        "filled_share": _share(one.filled_share if known else None),
        "valid_share": _share(one.valid_share if known else None),
        "sound_share": _share(one.sound_share if known else None),
    }


def _confirmed(told: Portrait) -> dict[str, Any]:
    return {
        "months": told.months,
        "since": told.since.isoformat(),
        "share": _share(told.confirmed_share),
    }


def _resource(one: ResourcePortrait, api: str) -> dict[str, Any]:
    name = one.resource.name
    return {
        "name": name,
        "rows": one.rows,
        **_overall(one.overall),
        "confirmed": one.confirmed,
        "confirmed_share": _share(one.confirmed_share),
        "fields": [_field(each) for each in one.fields],
        "pending": one.pending,
        "trouble": problem(one.trouble, locale())[1] if one.trouble is not None else None,
        "links": {"todo": f"{api}/resources/{name}/todo" if one.resource.editable else None},
    }


def _field(one: FieldPortrait) -> dict[str, Any]:
    figure = one.figure
    return {
        "field": figure.field,
        "filled": figure.filled,
        "filled_share": _share(figure.filled_share),
        "faults": figure.faults,
        "valid_share": _share(figure.valid_share),
        "sound": figure.sound,
        "distinct": figure.distinct,
        "confirmed": one.confirmed,
        "confirmed_share": _share(one.confirmed_share),
        "last_change": one.last_change.isoformat() if one.last_change else None,
    }


def _point(one: Point) -> dict[str, Any]:
    overall = one.overall
    return {
        "revision": one.revision.id,
        "time": one.revision.time.isoformat(),
        "month": one.month,
        "pending": one.pending,
        "filled_share": _share(overall.filled_share if overall else None),
        "valid_share": _share(overall.valid_share if overall else None),
        "sound_share": _share(overall.sound_share if overall else None),
    }


def _share(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)

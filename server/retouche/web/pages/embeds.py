"""The page where a site owner chooses a widget and how it looks, and copies the code to paste."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response

from retouche.core.errors import NotFound
from retouche.core.reading.query import Query
from retouche.core.reading.selection import facets
from retouche.core.schema import in_language
from retouche.services.datasets import DatasetRevision
from retouche.web.context import base_url, revision, services
from retouche.web.elements import part_address
from retouche.web.embedding.choices import (
    HIDEABLE,
    LOCALES,
    THEMES,
    USUAL_HEIGHT,
    VIEWS,
    Choices,
    element_code,
    frame_address,
    frame_code,
)
from retouche.web.embedding.standing import first_of
from retouche.web.language import locale
from retouche.web.pages.headers import policy
from retouche.web.pages.links import page_url

MOST_VALUES = 40
"""Values of a filter that the form offers; longer lists are for the address by hand."""
FILTER = "f."
SCRIPTED = policy({"script-src": "'self'", "connect-src": "'self'", "frame-src": "'self'"})

blueprint = Blueprint("embeds", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedFilter:
    """A filter of the widget and the values that a site owner may fix it to."""

    field: str
    label: str
    values: Sequence[tuple[str, str]]
    chosen: frozenset[str]

    @property
    def name(self) -> str:
        return FILTER + self.field


@blueprint.get("/embed")
def choose_dataset() -> str | Response:
    datasets = list(services().catalogue)
    wanted = request.args.get("dataset") or (datasets[0].name if datasets else "")
    if not wanted:
        raise NotFound("no_widgets")
    return redirect(page_url("embeds.choose_widget", name=wanted))


@blueprint.get("/embed/<name>")
def choose_widget(name: str) -> str | Response:
    other = request.args.get("dataset", name)
    if other != name:
        return redirect(page_url("embeds.choose_widget", name=other))
    found = revision(name)
    widgets = found.widgets()
    widget = request.args.get("widget", "")
    if widget not in widgets:
        widget = first_of(found)
    described = widgets[widget]
    filters = _filters(found, described)
    given = {**request.args.to_dict(), "filters": _fixed(filters)}
    choices = Choices.read(given, hide=tuple(request.args.getlist("hide")))
    if "own_colour" not in request.args:  # a colour field cannot be left empty
        choices = replace(choices, accent="")
    title = in_language(described.get("title"), locale()) or widget
    g.policy = SCRIPTED
    return render_template(
        "embed.html",
        datasets=[one.name for one in services().catalogue],
        name=name,
        widgets={
            one: in_language(descriptor.get("title"), locale()) or one
            for one, descriptor in widgets.items()
        },
        widget=widget,
        views=_views(described),
        filters=filters,
        choices=choices,
        locales=LOCALES,
        themes=THEMES,
        hideable=HIDEABLE,
        preview_height=USUAL_HEIGHT,
        element_code=str(element_code(base_url(), name, widget, choices)),
        frame_code=str(frame_code(base_url(), name, widget, choices, title=title)),
        address=frame_address(base_url(), name, widget, choices),
        preview=frame_address("", name, widget, choices),
        title=title,
        script=part_address("builder"),
    )


def _views(widget: Mapping[str, Any]) -> list[str]:
    """The types of views that the widget or its tabs have, in our order."""
    tabs = widget.get("tabs") or [widget]
    found = {view["type"] for tab in tabs for view in tab.get("views", ())}
    return [one for one in VIEWS if one in found]


def _filters(found: DatasetRevision, widget: Mapping[str, Any]) -> list[OfferedFilter]:
    """The filters by value of a widget without tabs, with the most frequent values."""
    resource = str(widget.get("resource"))
    if resource not in found.package.resources:
        return []
    schema = found.package.resource(resource).schema
    names = [
        one["field"]
        for one in widget.get("filters", ())
        if one.get("mode", "any") in ("any", "one") and one["field"] in schema.names
    ]
    if not names:
        return []
    counted = facets(
        services().derived.snapshot(found, resource), Query(), names, limit=MOST_VALUES
    )
    return [
        OfferedFilter(
            field=name,
            label=schema.by_name[name].label(locale()),
            values=[
                (one["value"], schema.by_name[name].value_label(one["value"], locale()))
                for one in counted[name]
                if one["value"] is not None
            ],
            chosen=frozenset(request.args.getlist(FILTER + name)),
        )
        for name in names
    ]


def _fixed(filters: Sequence[OfferedFilter]) -> str:
    return urlencode([(one.field, value) for one in filters for value in sorted(one.chosen)])

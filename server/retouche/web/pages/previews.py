"""On the page of a proposal: where its rows come, go and move, and the widgets that show it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask import g

from retouche.core.errors import ForgeUnavailable, RetoucheError, StorageFull
from retouche.core.messages.previews import moved
from retouche.core.reading.places import Point
from retouche.core.schema import in_language
from retouche.core.widget_names import resources_in
from retouche.ports import Proposal
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.previews import ChangedRow, Preview
from retouche.web.context import services
from retouche.web.elements import are_built
from retouche.web.language import locale
from retouche.web.pages.headers import policy
from retouche.web.pages.links import page_url
from retouche.web.translations import gettext as _

PLACES = 50
"""Rows with a position that the page lists; the widgets show all of them."""
LISTS = ("table", "cards")
"""Views in which what changes would be far down among all rows: these show it alone."""
HIDDEN = "title search filters sort views tabs toolbar credits count"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A row on the map that comes, goes or moves; coordinates are empty where it is not."""

    label: str
    href: str
    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WidgetLink:
    """A widget at the proposal: its address, and one for each of its views."""

    title: str
    href: str
    views: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewView:
    """What `proposal_preview.html` shows."""

    places: Sequence[Place]
    more: int
    """Rows with a position beyond those listed."""
    frame: str
    """The address of a map before and after; empty where no widget shows one."""
    widgets: Sequence[WidgetLink]


def preview_of(dataset: Dataset, proposal: Proposal) -> PreviewView | None:
    """What can be seen of a proposal in widgets; None where there is nothing of it in git.

    Lets the page show a frame of its own server.
    """
    if proposal.head is None or not proposal.operations:
        return None
    try:
        after = dataset.at(f"proposal:{proposal.id}")
        preview = Preview(
            dataset.at(proposal.parent), after, services().history, services().derived
        )
        touched = set(preview.resources)
        placed = [one for name in preview.resources for one in _placed(preview, name)]
        widgets = {
            name: widget
            for name, widget in after.widgets().items()
            if touched & set(resources_in(widget))
        }
    except (ForgeUnavailable, StorageFull):
        raise
    except RetoucheError:  # a table that cannot be read: the page tells of it elsewhere
        return None
    mapped = {one.resource for one in placed}
    frame = next(
        (
            _address(after, proposal, name, view="map", hide=HIDDEN)
            for name, widget in widgets.items()
            if "map" in _views(widget) and mapped & set(resources_in(widget))
        ),
        "",
    )
    if frame and are_built():
        g.policy = policy({"script-src": "'self'", "frame-src": "'self'"})
    return PreviewView(
        places=[_place(after, one) for one in placed[:PLACES]],
        more=max(0, len(placed) - PLACES),
        frame=frame if are_built() else "",
        widgets=[_link(after, proposal, name, widget) for name, widget in widgets.items()],
    )


def _placed(preview: Preview, resource: str) -> Iterator[ChangedRow]:
    """The rows that are somewhere else than before."""
    rows, _count = preview.rows(resource, most=services().settings.max_operations)
    return (one for one in rows if one.before != one.after)


def _place(after: DatasetRevision, row: ChangedRow) -> Place:
    key = row.new_key
    if row.key is None:
        what = _("New")
    elif key is None:
        what = _("Removed")
    elif row.moved is not None:
        what = moved(row.moved, locale())
        what = what[:1].upper() + what[1:]
    else:
        what = _("Gets a position") if row.after else _("Loses its position")
    return Place(
        label=row.label,
        href=page_url("rows.show_row", name=after.dataset.name, resource=row.resource, key=row.key)
        if row.key
        else "",
        what=what,
        before=_coordinates(row.before),
        after=_coordinates(row.after),
    )


def _coordinates(point: Point | None) -> str:
    """Latitude and longitude, to a metre."""
    return "" if point is None else f"{point.latitude:.5f}, {point.longitude:.5f}"


def _link(
    after: DatasetRevision, proposal: Proposal, name: str, widget: Mapping[str, Any]
) -> WidgetLink:
    words = {"table": _("Table"), "cards": _("Cards"), "map": _("Map"), "dataviz": _("Charts")}
    return WidgetLink(
        title=in_language(widget.get("title"), locale()) or name,
        href=_address(after, proposal, name),
        views=[
            (words[view], _address(after, proposal, name, view=view))
            for view in dict.fromkeys(_views(widget))
        ],
    )


def _address(after: DatasetRevision, proposal: Proposal, widget: str, **more: str) -> str:
    """The framable page of a widget at the proposal."""
    parameters = {"revision": f"proposal:{proposal.id}", "locale": locale(), **more}
    if more.get("view") in LISTS:
        parameters[f"{widget}.changes"] = "only"
    path = f"/embed/{quote(after.dataset.name, safe='')}/{quote(widget, safe='')}"
    return f"{path}?{urlencode(parameters, safe=':')}"


def _views(widget: Mapping[str, Any]) -> list[str]:
    """The types of the views of a widget without tabs."""
    return [str(one["type"]) for one in widget.get("views", ())]

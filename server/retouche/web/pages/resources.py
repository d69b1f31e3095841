"""A resource as a filterable table, and the form that adds a row to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request

from retouche.core.mapping import titles_of
from retouche.core.operations import Cells, Key
from retouche.core.reading.selection import page
from retouche.core.schema import in_language
from retouche.services.datasets import DatasetRevision
from retouche.services.exports import formats_of
from retouche.web.context import services
from retouche.web.language import locale
from retouche.web.pages import tables
from retouche.web.pages.context import revision_looked_at
from retouche.web.pages.contributions import Answer, open_form, proceed
from retouche.web.pages.drafts import Draft
from retouche.web.pages.fields import label_fields
from retouche.web.pages.links import absolute
from retouche.web.pages.paging import Pager

blueprint = Blueprint("resources", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of the table; `key` is None where none names it, so that it has no card."""

    key: Key | None
    label: str
    cells: Cells


@blueprint.get("/<dataset:name>/<resource>")
def show_resource(name: str, resource: str) -> Answer:
    revision = revision_looked_at(name)
    described = revision.package.resource(resource)
    if "add" in request.args:
        return open_form(Draft.blank(revision, described, op="insert"))
    return _table(revision, resource)


@blueprint.post("/<dataset:name>/<resource>")
def add_row(name: str, resource: str) -> Answer:
    revision = revision_looked_at(name)
    return proceed(Draft.sent(revision, revision.package.resource(resource), op="insert"))


def _table(revision: DatasetRevision, resource: str) -> Answer:
    described = revision.package.resource(resource)
    snapshot = services().derived.snapshot(revision, resource)
    query = tables.read_query(snapshot)
    selection = page(snapshot, query)
    shown = tables.columns(snapshot, query)
    facets = tables.facets_of(snapshot, query)
    naming = label_fields(described)
    # A label made of one column stands for it; a longer one, or a key, is a column of its own.
    titled = next((one for one in shown if [one.name] == list(naming)), None)
    return render_template(
        "resource.html",
        revision=revision,
        resource=described,
        rows=[_line(revision, resource, cells) for cells in snapshot.rows(selection.positions)],
        title_field=titled,
        headings=tables.headings([one for one in shown if one is not titled], query),
        title_heading=tables.headings([titled], query)[0] if titled else None,
        facets=facets,
        chips=tables.chips(snapshot, query, {one.parameter for one in facets}),
        kept=_kept({one.parameter for one in facets}),
        pager=Pager(number=query.page, size=query.page_size, total=selection.total),
        all_columns=len(shown) == len(snapshot.fields),
        column_count=len(snapshot.fields),
        downloads=_downloads(revision, resource, geo=snapshot.places is not None),
        exports=_exports(revision, resource),
        filtered=bool(query.filters or query.words or query.near or query.bbox),
    )


def _line(revision: DatasetRevision, resource: str, cells: Cells) -> Line:
    described = revision.package.resource(resource)
    key = described.schema.key_of(cells)
    return Line(key=key, label=described.row_label(cells, key or ()), cells=cells)


def _kept(by_form: set[str]) -> list[tuple[str, str]]:
    """What the filter form carries along: everything but its own fields and the page."""
    skipped = {*by_form, "q", "page", "add"}
    pairs = request.args.items(multi=True)
    return [(name, value) for name, value in pairs if name not in skipped]


def _downloads(revision: DatasetRevision, resource: str, *, geo: bool) -> list[dict[str, Any]]:
    """Addresses of the rows shown, whole, in each format."""
    dropped = ("page", "page_size")
    pairs = [pair for pair in tables.parameters() if pair[0] not in dropped]
    if "revision" in request.args:
        pairs.append(("revision", request.args["revision"]))
    query = f"?{urlencode(pairs)}" if pairs else ""
    path = f"/api/v1/datasets/{revision.dataset.name}/resources/{resource}"
    return [
        {"format": one.upper(), "url": absolute(f"{path}/data.{one}{query}")}
        for one in formats_of(revision.package.resource(resource))
        if geo or one != "geojson"
    ]


def _exports(revision: DatasetRevision, resource: str) -> list[dict[str, Any]]:
    """Addresses of all rows as other standards have them."""
    at = f"?{urlencode({'revision': asked})}" if (asked := request.args.get("revision")) else ""
    path = f"/api/v1/datasets/{revision.dataset.name}/exports"
    return [
        {"title": in_language(title, locale()) or name, "url": absolute(f"{path}/{name}.csv{at}")}
        for name, title in titles_of(revision.package, resource).items()
    ]

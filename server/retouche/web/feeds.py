"""The feed of a dataset: what was accepted, newest first, as Atom (RFC 4287) in pages (RFC 5005).

Says what changed in words, and of nobody who did it: neither names nor messages of commits.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

from flask import Blueprint, Response, request

from retouche.core.errors import NotFound, RetoucheError
from retouche.core.keys import format_key
from retouche.core.operations import Cell
from retouche.core.package import Package, Resource
from retouche.ports import Revision, RowEntry
from retouche.services.datasets import DatasetRevision
from retouche.services.history import RevisionView
from retouche.services.reports import UNSPEAKABLE
from retouche.web.caching import depending
from retouche.web.context import base_url, dataset, only_parameters, page, services
from retouche.web.language import chosen, locale
from retouche.web.pages.words import change
from retouche.web.translations import gettext as _
from retouche.web.translations import ngettext

ATOM = "http://www.w3.org/2005/Atom"
MEDIA_TYPE = "application/atom+xml; charset=utf-8"
ENTRIES = 20
"""Revisions on a page of the feed."""
ROWS, CELLS, LETTERS = 10, 10, 200
"""Of a revision, of a row and of a cell, what a summary tells at most."""
UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+"
)
"""Controls, line ends, and what nobody sees or what turns the text around."""
blueprint = Blueprint("feeds", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A row that a revision changed: what readers call it, and where its page is."""

    label: str
    entry: RowEntry
    resource: Resource | None
    link: str | None


@blueprint.get("/feed/<name>.atom")
def show_feed(name: str) -> Response:
    """Raises `NotFound`, also for a page past the end."""
    only_parameters("page")
    revision = dataset(name).at()

    def make() -> Response:
        return Response(_feed(revision), content_type=MEDIA_TYPE)

    response = depending([revision.commit], make, localised=True)
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _feed(revision: DatasetRevision) -> bytes:
    name, number = revision.dataset.name, page()
    views, total = services().history.revisions(
        revision.dataset, revision.commit, page=number, page_size=ENTRIES
    )
    last = max(1, -(-total // ENTRIES))
    if number > last:
        raise NotFound("unknown_page")
    (first,) = services().history.revisions(
        revision.dataset, revision.commit, page=total, page_size=1
    )[0]
    title = revision.package.title(locale())
    ElementTree.register_namespace("", ATOM)
    root = ElementTree.Element(
        f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": locale()}
    )
    _add(root, "id", _identifier(f"feed {name} {first.revision.id} {locale()}"))
    _add(root, "title", _("Changes of “%(title)s”") % {"title": _plain(title)})
    newest = views[0].revision.time if views else first.revision.time
    _add(root, "updated", _moment(newest))
    _add(_add(root, "author"), "name", _plain(title))
    _add(root, "generator", "Retouche")
    _link(root, "alternate", _address(f"/{quote(name)}"), kind="text/html")
    pages = {"self": number, "first": 1, "last": last}
    pages |= {"previous": number - 1} if number > 1 else {}
    pages |= {"next": number + 1} if number < last else {}
    for relation, at in pages.items():
        _link(root, relation, _page(name, at), kind="application/atom+xml")
    for view in views:
        if view.changes and view.revision.parents:
            _entry(root, revision, view)
    feed: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return feed


def _entry(root: ElementTree.Element, revision: DatasetRevision, view: RevisionView) -> None:
    one = view.revision
    changes = _changes(revision, one)
    name = quote(revision.dataset.name)
    entry = _add(root, "entry")
    _add(entry, "id", _identifier(f"{revision.dataset.name} {one.id}"))
    _add(entry, "title", _title(changes, view, revision.package))
    _add(entry, "updated", _moment(one.time))
    own = f"/{name}/proposals/{one.proposal}" if one.proposal else f"/{name}?revision={one.id}"
    _link(entry, "alternate", _address(own), kind="text/html")
    for each in changes:
        if each.link:
            _link(entry, "related", _address(each.link), kind="text/html", title=each.label)
    _add(entry, "summary", _summary(changes, view)).set("type", "text")


def _changes(revision: DatasetRevision, one: Revision) -> Sequence[Change]:
    """The first rows that a revision changed, without a row's earlier key."""
    found = services().history.entries(revision.dataset, revision.commit, one, limit=2 * ROWS)
    kept = [each for each in found if each.old_key is None or each.old_key != each.key]
    return [_change(revision, each) for each in kept[:ROWS]]


def _change(revision: DatasetRevision, entry: RowEntry) -> Change:
    resource = revision.package.resources.get(entry.resource)
    cells = _row(revision, entry)
    label, link = ", ".join(entry.key), None
    if resource is not None:
        known: Mapping[str, Cell] = cells or {
            name: old if entry.op == "delete" else new for name, (old, new) in entry.cells.items()
        }
        label = resource.row_label(known, entry.key)
    if cells is not None:
        name = quote(revision.dataset.name)
        link = f"/{name}/{quote(entry.resource)}/{format_key(entry.key)}"
    return Change(label=_plain(label), entry=entry, resource=resource, link=link)


def _row(revision: DatasetRevision, entry: RowEntry) -> Mapping[str, Cell] | None:
    """The row as it stands by now, None when it is not there any more."""
    try:
        return revision.snapshot(entry.resource).row(entry.key)
    except RetoucheError:
        return None


def _title(changes: Sequence[Change], view: RevisionView, package: Package) -> str:
    if _total(view) == 1 and len(changes) == 1:
        return f"{change(changes[0].entry.op)}{_(': ')}{changes[0].label}"
    told = [
        f"{_plain(package.resources[name].title(locale()) if name in package.resources else name)}"
        f"{_(': ')}{_counted(counts.inserted + counts.updated + counts.deleted)}"
        for name, counts in view.changes.items()
    ]
    return ", ".join(told)


def _summary(changes: Sequence[Change], view: RevisionView) -> str:
    lines = [_line(one) for one in changes]
    more = _total(view) - len(changes)
    if more > 0:
        lines.append(_("and more: %(rows)s") % {"rows": _counted(more)})
    return "\n".join(lines)


def _line(one: Change) -> str:
    """What became of one row."""
    begin = f"{change(one.entry.op)}{_(': ')}{one.label}"
    if one.entry.op != "update":
        return begin
    cells = list(one.entry.cells.items())
    told = [
        f"{_field(one, name)}{_(': ')}{_cell(old)} → {_cell(new)}" for name, (old, new) in cells
    ]
    if len(told) > CELLS:
        told = [*told[:CELLS], "…"]
    return " · ".join([begin, *told]) if told else begin


def _field(one: Change, name: str) -> str:
    field = one.resource.schema.by_name.get(name) if one.resource else None
    return _plain(field.label(locale()) if field else name)


def _cell(cell: Cell) -> str:
    return _("“%(text)s”") % {"text": _plain(cell)} if cell else _("nothing")


def _counted(count: int) -> str:
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": count}


def _total(view: RevisionView) -> int:
    return sum(one.inserted + one.updated + one.deleted for one in view.changes.values())


def _plain(text: str) -> str:
    """A text in one line, without what XML cannot hold and what nobody sees."""
    found = " ".join(UNSPEAKABLE.sub("", UNSEEN.sub(" ", text)).split())
    return found if len(found) <= LETTERS else f"{found[: LETTERS - 1]}…"


def _identifier(text: str) -> str:
    """The same for the same thing, wherever it is served: a name of its own, and no address."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"retouche {text}").urn


def _moment(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _page(name: str, number: int) -> str:
    pairs = {"lang": chosen(), "page": number if number > 1 else None}
    query = urlencode({key: value for key, value in pairs.items() if value})
    return f"{base_url()}/feed/{quote(name)}.atom{'?' if query else ''}{query}"


def _address(path: str) -> str:
    language = request.args.get("lang") and chosen()
    mark = "&" if "?" in path else "?"
    return f"{base_url()}{path}{f'{mark}lang={language}' if language else ''}"


def _add(parent: ElementTree.Element, tag: str, text: str | None = None) -> ElementTree.Element:
    found = ElementTree.SubElement(parent, f"{{{ATOM}}}{tag}")
    found.text = text
    return found


def _link(
    parent: ElementTree.Element, relation: str, address: str, *, kind: str, title: str = ""
) -> None:
    found = ElementTree.SubElement(parent, f"{{{ATOM}}}link", rel=relation, href=address, type=kind)
    if title:
        found.set("title", title)

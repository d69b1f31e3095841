"""Keeping a dataset from harm, for its reviewers: pause, blocks, refusing all of a source, undo.

No page tells what a source is known by, only what it did.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from retouche.core.errors import Malformed, NotFound, RetoucheError
from retouche.core.messages import problem
from retouche.core.messages.moderating import kept_because
from retouche.core.operations import Cell, Delete, Key, Update
from retouche.core.undoing import Kept
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.moderating.choices import (
    WAYS,
    Between,
    By,
    Choice,
    Listed,
    SourceOf,
    moment,
)
from retouche.services.moderating.undoing import Preview
from retouche.web.access import heeding, require_reviewer
from retouche.web.context import dataset, services
from retouche.web.language import locale
from retouche.web.pages.links import page_url
from retouche.web.pages.sessions import sender
from retouche.web.problems import status_of
from retouche.web.translations import gettext as _

ENDS = ("", "1", "24", "168", "720")
"""Hours that a block or a pause may last; the first is until it is ended by hand."""
AT_ONCE, AT_ONCE_ELSEWHERE = 200, 20
"""Proposals that one request rejects, here and at a forge that must be asked for each."""
SHOWN = 300
"""Changes that a preview shows."""
blueprint = Blueprint("moderation", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A cell of a preview, or a whole row where `field` is empty."""

    row: str
    field: str = ""
    label: str = ""
    op: str = ""
    old: Cell = None
    new: Cell = None
    present: Cell = None
    why: str = ""


@blueprint.get("/<dataset:name>/moderation")
def show_moderation(name: str) -> str:
    require_reviewer(name)
    return _page(dataset(name))


@blueprint.post("/<dataset:name>/moderation/pause")
def pause(name: str) -> Response | tuple[str, int]:
    by, found = sender(name), dataset(name)
    try:
        services().moderating.pause(
            found, until=_until(), message=_text("message"), reviewer=by.name
        )
    except RetoucheError as error:
        return _page(found, error), status_of(error)
    return _back(name, "paused")


@blueprint.post("/<dataset:name>/moderation/resume")
def resume(name: str) -> Response:
    sender(name)
    services().moderating.resume(dataset(name))
    return _back(name, "resumed")


@blueprint.post("/<dataset:name>/moderation/block")
def block(name: str) -> Response | tuple[str, int]:
    by, found = sender(name), dataset(name)
    proposal = services().proposals.get(found, request.form.get("proposal", ""))
    try:
        services().moderating.block(
            proposal, by=_by(), until=_until(), reason=_text("reason"), reviewer=by.name
        )
    except RetoucheError as error:
        return _page(found, error), status_of(error)
    return _back(name, "blocked")


@blueprint.post("/<dataset:name>/moderation/unblock/<block>")
def unblock(name: str, block: str) -> Response | tuple[str, int]:
    sender(name)
    found = dataset(name)
    try:
        services().moderating.unblock(found, block)
    except NotFound as error:
        return _page(found, error), status_of(error)
    return _back(name, "unblocked")


@blueprint.post("/<dataset:name>/moderation/reject")
def reject(name: str) -> str | tuple[str, int]:
    by, found = sender(name), dataset(name)
    proposal = services().proposals.get(found, request.form.get("proposal", ""))
    moderating, blocked = services().moderating, bool(request.form.get("block"))
    g.private = True
    try:
        with heeding(name):
            rejection = moderating.reject_all(
                found,
                proposal,
                by=_by(),
                reason=request.form.get("reason", ""),
                message=_text("message"),
                reviewer=by,
                block=blocked,
                most=AT_ONCE if found.remote is None else AT_ONCE_ELSEWHERE,
            )
    except (Malformed, NotFound) as error:
        return _page(found, error), status_of(error)
    return render_template(
        "rejected.html",
        revision=found.at(),
        proposal=proposal,
        rejection=rejection,
        blocked=blocked,
        failed=[
            (one.proposal, problem(one.error, locale())[1])
            for one in rejection.results
            if one.error is not None
        ],
    )


@blueprint.get("/<dataset:name>/moderation/undo")
def preview_undo(name: str) -> str | tuple[str, int]:
    require_reviewer(name)
    found = dataset(name)
    g.private = True
    try:
        preview = services().undoing.preview(found, _choice(request.args))
    except RetoucheError as error:
        return _page(found, error), status_of(error)
    g.package = preview.published.package
    changes = list(_changes(preview))
    return render_template(
        "undo.html",
        revision=preview.published,
        preview=preview,
        total=len(preview.operations),
        changes=changes[:SHOWN],
        more=max(0, len(changes) - SHOWN),
        kept=[_kept(one, preview.published) for one in preview.kept[:SHOWN]],
        chosen=[pair for pair in request.args.items(multi=True) if pair[0] != "lang"],
    )


@blueprint.post("/<dataset:name>/moderation/undo")
def propose_undo(name: str) -> Response | tuple[str, int]:
    by, found = sender(name), dataset(name)
    try:
        made = services().undoing.propose(found, _choice(request.form), by, locale=locale())
    except RetoucheError as error:
        return _page(found, error), status_of(error)
    address = page_url("proposals.show_proposal", name=name, proposal=made.id, done="undo")
    return redirect(address, 303)


# -- What is asked --------------------------------------------------------------------------


def _choice(given: MultiDict[str, str]) -> Choice:
    """Which proposals, as the address or the form says it. Raises `Malformed`."""
    if given.get("source_of"):
        return SourceOf(proposal=given["source_of"], by=_way(given.get("by")))
    if given.get("from"):
        end = given.get("to")
        return Between(start=moment(given["from"]), end=moment(end) if end else None)
    return Listed(proposals=tuple(given.getlist("proposal")))


def _by() -> By:
    return _way(request.form.get("by"))


def _way(asked: str | None) -> By:
    if asked and asked not in WAYS:
        raise Malformed("bad_choice", pointer="by", value=asked[:40], allowed=", ".join(WAYS))
    return next((one for one in WAYS if one == asked), WAYS[0])


def _until() -> datetime | None:
    asked = request.form.get("ends", "")
    if asked not in ENDS:
        known = ", ".join(filter(None, ENDS))
        raise Malformed("bad_choice", pointer="ends", value=asked[:40], allowed=known)
    return services().clock() + timedelta(hours=int(asked)) if asked else None


def _text(name: str) -> str | None:
    return request.form.get(name, "").strip() or None


# -- What is shown --------------------------------------------------------------------------


def _page(found: Dataset, error: RetoucheError | None = None) -> str:
    g.private = True
    counts = services().proposals.counts(found)
    return render_template(
        "moderation.html",
        revision=found.at(),
        refusal=problem(error, locale())[1] if error else "",
        done=_done(request.args.get("done", "")),
        waiting=counts.get("open", 0),
        unusual=services().proposals.page(found, states=("open",), flagged=True, page_size=1)[1],
        busy=services().moderating.busy(found),
        pause=services().moderating.pause_of(found),
        blocks=services().moderating.blocks(found),
        ends=ENDS,
    )


def _done(what: str) -> str:
    return {
        "paused": _("Corrections are paused."),
        "resumed": _("Corrections are taken again."),
        "blocked": _("The source is blocked."),
        "unblocked": _("The source is not blocked any more."),
    }.get(what, "")


def _back(name: str, done: str) -> Response:
    return redirect(page_url("moderation.show_moderation", name=name, done=done), 303)


def _changes(preview: Preview) -> Iterator[Line]:
    """Every cell that an undo sets back, personal ones aside, and every row."""
    published = preview.published
    for one in preview.operations:
        row = _label(published, one.resource, one.key)
        if not isinstance(one, Update):
            op = "delete" if isinstance(one, Delete) else "insert"
            yield Line(row=row, op=op)
            continue
        fields = published.package.resource(one.resource).schema.by_name
        for name, new in one.new.items():
            field = fields.get(name)
            if field is None or not field.personal:
                label = field.label(locale()) if field else name
                yield Line(row=row, field=name, label=label, old=one.old[name], new=new)


def _kept(one: Kept, published: DatasetRevision) -> Line:
    resource = published.package.resources.get(one.resource)
    field = resource.schema.by_name.get(one.field or "") if resource else None
    hidden = field is not None and field.personal
    return Line(
        row=_label(published, one.resource, one.key),
        field="" if hidden else one.field or "",
        label=field.label(locale()) if field else one.field or "",
        old=one.before,
        new=one.wrote,
        present=one.present,
        why=kept_because(one.why, locale()),
    )


def _label(published: DatasetRevision, name: str, key: Key) -> str:
    """What a reader calls a row; the table, where no row is meant."""
    resource = published.package.resources.get(name)
    if resource is None or not key:
        return resource.title(locale()) if resource else name
    snapshot = published.snapshot(name)
    position = snapshot.index.get(key)
    cells = {} if position is None else snapshot.cells(position)
    return resource.row_label(cells, key)

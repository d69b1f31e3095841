"""Remarks on rows, for the reviewers of a dataset: what they say, and that they are dealt with."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response

from retouche.core.errors import Malformed, NotFound, RetoucheError
from retouche.ports import Remark
from retouche.services.datasets import DatasetRevision
from retouche.web.access import require_private
from retouche.web.context import dataset, page, services
from retouche.web.pages.links import page_url
from retouche.web.pages.paging import Pager
from retouche.web.pages.sessions import private_sender

STATES = ("open", "closed")
PAGE_SIZE = 20
blueprint = Blueprint("remarks", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A remark, and what a reader calls its row; `gone` when the row is not there any more."""

    remark: Remark
    label: str
    gone: bool


@blueprint.get("/<dataset:name>/proposals/remarks")
def list_remarks(name: str) -> str:
    require_private(name)
    g.private = True
    found = dataset(name)
    state = request.args.get("state") or STATES[0]
    if state not in STATES:
        raise Malformed("bad_choice", pointer="state", value=state[:40], allowed=", ".join(STATES))
    number = page()
    listed, total = services().voices.remarks(found, state=state, page=number, page_size=PAGE_SIZE)
    revision = found.at()
    return render_template(
        "remarks.html",
        revision=revision,
        entries=[_entry(revision, one) for one in listed],
        pager=Pager(number=number, size=PAGE_SIZE, total=total),
        state=state,
    )


@blueprint.post("/<dataset:name>/proposals/remarks/<remark>/close")
def close(name: str, remark: str) -> Response:
    by = private_sender(name)
    services().voices.close(dataset(name), remark, reviewer=by)
    return redirect(page_url("remarks.list_remarks", name=name, done="closed"), 303)


def _entry(revision: DatasetRevision, remark: Remark) -> Entry:
    row = remark.row
    try:
        described = revision.package.resource(row.resource)
        cells = revision.snapshot(row.resource).row(row.key)
    except NotFound:
        return Entry(remark=remark, label=", ".join(row.key), gone=True)
    except RetoucheError:  # the file cannot be read, or the key names several rows
        return Entry(remark=remark, label=", ".join(row.key), gone=False)
    return Entry(remark=remark, label=described.row_label(cells, row.key), gone=False)

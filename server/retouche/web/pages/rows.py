"""A row's identity card at its permanent address, with its history and the forms to correct it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request

from retouche.core.errors import (
    NotAllowed,
    NotFound,
    Paused,
    ProofRequired,
    RateLimited,
    RetoucheError,
)
from retouche.core.messages import problem
from retouche.core.operations import Cell, Key
from retouche.ports import Revision
from retouche.services.datasets import DatasetRevision
from retouche.web.context import services
from retouche.web.embedding.frames import oembed_address
from retouche.web.guard import door
from retouche.web.language import locale
from retouche.web.notices import pause_told
from retouche.web.pages.cards import card_element
from retouche.web.pages.context import commit_of, revision_looked_at
from retouche.web.pages.contributions import (
    TRAP,
    Answer,
    open_form,
    proceed,
    told_when,
    trapped,
)
from retouche.web.pages.drafts import Draft, Op
from retouche.web.pages.fields import groups
from retouche.web.pages.links import absolute, page_url
from retouche.web.pages.proving import challenge_for
from retouche.web.pages.related import referred, referring
from retouche.web.pages.structured import json_ld, row_described
from retouche.web.problems import status_of

blueprint = Blueprint("rows", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A published change of the row, without personal fields."""

    revision: Revision
    op: str
    cells: dict[str, tuple[Cell, Cell]]


@blueprint.get("/<dataset:name>/<resource>/<key:key>")
def show_row(name: str, resource: str, key: Key) -> Answer:
    revision = revision_looked_at(name)
    described = revision.package.resource(resource)
    if "edit" in request.args:
        return open_form(Draft.blank(revision, described, op="update", key=key))
    if "delete" in request.args:
        return open_form(Draft.blank(revision, described, op="delete", key=key))
    try:
        return _card(revision, resource, key)
    except NotFound:
        return _gone(revision, resource, key)


@blueprint.post("/<dataset:name>/<resource>/<key:key>")
def contribute(name: str, resource: str, key: Key) -> Answer:
    revision = revision_looked_at(name)
    op: Op = "delete" if request.form.get("op") == "delete" else "update"
    return proceed(Draft.sent(revision, revision.package.resource(resource), op=op, key=key))


@blueprint.post("/<dataset:name>/<resource>/<key:key>/confirmations")
def confirm(name: str, resource: str, key: Key) -> Answer:
    """Somebody says that the row is still correct, as they saw it."""
    revision = revision_looked_at(name)
    if request.form.get(TRAP):
        return _card(revision, resource, key, fault=trapped()), 422
    body = {name: request.form[name] for name in ("revision", "proof") if request.form.get(name)}
    try:
        services().voices.confirm(revision.dataset, resource, key, body, door=door(name, body))
    except (RateLimited, Paused, ProofRequired, NotAllowed) as error:
        return _card(revision, resource, key, refusal=error), status_of(error), told_when(error)
    here = page_url("rows.show_row", name=name, resource=resource, key=key, done="confirmed")
    return redirect(here, 303)


def _card(
    revision: DatasetRevision,
    resource: str,
    key: Key,
    *,
    fault: str = "",
    refusal: RetoucheError | None = None,
) -> str:
    """The card; `fault` or `refusal` says why what was sent from it was not taken.

    Raises `NotFound` where there is no such row.
    """
    described = revision.package.resource(resource)
    snapshot = services().derived.snapshot(revision, resource)
    row = snapshot.row(key)
    label = described.row_label(row, key)
    name = revision.dataset.name
    here = {"name": name, "resource": resource, "key": key, "lang": ""}
    canonical = absolute(page_url("rows.show_row", revision="", **here))
    element = card_element(revision, resource, key)
    challenge = challenge_for(revision.dataset, refusal) if refusal else None
    return render_template(
        "card.html",
        challenge=challenge,
        element=element,
        oembed=oembed_address(canonical) if element else "",
        revision=revision,
        commit=commit_of(revision),
        resource=described,
        key=key,
        label=label,
        row=row,
        fields={one.name: one for one in snapshot.fields},
        groups=groups(revision.package, snapshot.fields),
        references=referred(revision, described, row),
        referring=referring(revision, described, row),
        pending=services().proposals.touching(revision.dataset, resource, key),
        confirmed=services().voices.confirmations(revision.dataset, resource, key),
        fault=problem(refusal, locale())[1] if refusal else fault,
        paused=pause_told(revision.dataset),
        history=_history(revision, resource, key),
        canonical=canonical,
        permanent=absolute(page_url("rows.show_row", revision=revision.commit, **here)),
        json_ld=json_ld(
            row_described(
                revision.package,
                described,
                snapshot.fields,
                row,
                label=label,
                url=canonical,
                dataset_url=absolute(
                    page_url("datasets.show_dataset", name=name, revision="", lang="")
                ),
                locale=locale(),
            )
        ),
    )


def _gone(revision: DatasetRevision, resource: str, key: Key) -> Answer:
    """A row that was there once still has its address. Raises `NotFound` for one that never was."""
    history = _history(revision, resource, key)
    if not history:
        raise NotFound("unknown_row", key=key, resource=resource)
    described = revision.package.resource(resource)
    last = {name: old for name, (old, _new) in history[0].cells.items()}
    page = render_template(
        "gone.html",
        revision=revision,
        resource=described,
        key=key,
        label=described.row_label(last, key),
        fields={one.name: one for one in revision.snapshot(resource).fields},
        history=history,
    )
    return page, 410


def _history(revision: DatasetRevision, resource: str, key: Key) -> list[Change]:
    """The published changes of a row, newest first, without personal fields."""
    shown = {one.name for one in revision.snapshot(resource).fields}
    return [
        Change(
            revision=one.revision,
            op=one.op,
            cells={name: pair for name, pair in one.cells.items() if name in shown},
        )
        for one in services().history.row(revision.dataset, revision.commit, resource, key)
    ]

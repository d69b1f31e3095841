"""Proposals: the list, and one of them for everybody, for its author and for its reviewer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, g, redirect, render_template, request
from werkzeug.wrappers import Response

from retouche.core.errors import Invalid, Malformed, NotAllowed, RetoucheError
from retouche.core.messages import describe, problem
from retouche.core.messages.moderating import sign
from retouche.core.package import Package
from retouche.core.schema import Field
from retouche.ports import Proposal, State
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.moderating.moderating import MANY
from retouche.services.presentation import Presented, PresentedOperation, present
from retouche.services.review import REASONS
from retouche.web.access import Standing, heeding, require_private, standing
from retouche.web.context import dataset, page, services
from retouche.web.language import locale
from retouche.web.pages import upstream
from retouche.web.pages.accounts import offer
from retouche.web.pages.links import page_url
from retouche.web.pages.moderation import ENDS
from retouche.web.pages.paging import Pager
from retouche.web.pages.sessions import sender
from retouche.web.pages.summaries import summaries
from retouche.web.problems import status_of
from retouche.web.translations import gettext as _

STATES: tuple[State, ...] = ("open", "queued", "accepted", "rejected", "withdrawn")
PAGE_SIZE = 20
blueprint = Blueprint("proposals", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Who looks at a proposal, and so what the page shows and offers."""

    author: bool
    standing: Standing
    secret: str

    @property
    def reviewer(self) -> bool:
        """Whether they see what reviewers see, though they may not all decide."""
        return self.standing.sees_private

    @property
    def decides(self) -> bool:
        return self.standing.reviewer is not None

    @property
    def private(self) -> bool:
        """Whether comment, contact and notes may be seen."""
        return self.author or self.reviewer


@blueprint.get("/<dataset:name>/proposals")
def list_proposals(name: str) -> str:
    found = dataset(name)
    asked = request.args.get("state") or ""
    if asked and asked not in STATES:
        raise Malformed("bad_choice", pointer="state", value=asked[:40], allowed=", ".join(STATES))
    states = tuple(one for one in STATES if one == asked)
    number = page()
    source, flagged = request.args.get("source_of"), bool(request.args.get("flagged"))
    if source or flagged:  # what made a proposal look unusual, and who sent what, is not public
        require_private(name)
    listed, total = (
        _of_source(found, source, states, number)
        if source
        else services().proposals.page(
            found, states=states, flagged=flagged, page=number, page_size=PAGE_SIZE
        )
    )
    return render_template(
        "proposals.html",
        revision=found.at(),
        entries=summaries(found, listed),
        pager=Pager(number=number, size=PAGE_SIZE, total=total),
        counts=services().proposals.counts(found),
        states=STATES,
        state=asked,
        source=source,
        flagged=flagged,
        reviewing=standing(name).sees_private,
        remarks=services().voices.open_remarks(found) if standing(name).sees_private else None,
    )


@blueprint.get("/<dataset:name>/proposals/<proposal>")
def show_proposal(name: str, proposal: str) -> str:
    found = dataset(name)
    return _page(found, services().proposals.get(found, proposal))


@blueprint.post("/<dataset:name>/proposals/<proposal>/withdraw")
def withdraw(name: str, proposal: str) -> Response | tuple[str, int]:
    secret = request.form.get("secret", "")
    found = dataset(name)
    try:
        services().proposals.withdraw(found, proposal, secret=secret)
    except NotAllowed:
        raise
    except RetoucheError as error:  # decided in the meantime: the page says how
        return _refused(found, proposal, error, secret)
    return redirect(_address(name, proposal, secret=secret, done="withdrawn"), 303)


@blueprint.post("/<dataset:name>/proposals/<proposal>/accept")
def accept(name: str, proposal: str) -> Response | tuple[str, int]:
    by = sender(name)
    found = dataset(name)
    form = request.form
    chosen = [int(one) for one in form.getlist("operation") if one.isascii() and one.isdigit()]
    try:
        if "whole" not in form and not chosen:
            raise Malformed("nothing_chosen", pointer="/operations")
        with heeding(name):
            services().review.accept(
                found,
                proposal,
                head=form.get("head", ""),
                operations=None if "whole" in form else chosen,
                message=form.get("message", "").strip() or None,
                reviewer=by,
            )
    except RetoucheError as error:
        return _refused(found, proposal, error)
    return redirect(_address(name, proposal, done="accepted"), 303)


@blueprint.post("/<dataset:name>/proposals/<proposal>/reject")
def reject(name: str, proposal: str) -> Response | tuple[str, int]:
    by = sender(name)
    found = dataset(name)
    try:
        with heeding(name):
            services().review.reject(
                found,
                proposal,
                reason=request.form.get("reason", ""),
                message=request.form.get("message", "").strip() or None,
                reviewer=by,
            )
    except RetoucheError as error:
        return _refused(found, proposal, error)
    return redirect(_address(name, proposal, done="rejected"), 303)


def _of_source(
    found: Dataset, source: str, states: tuple[State, ...], number: int
) -> tuple[list[Proposal], int]:
    """One page of what came from where a proposal came from, and how many there are."""
    sent = services().moderating.of_source(services().proposals.get(found, source))
    chosen = [one for one in sent if not states or one.state in states]
    return chosen[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], len(chosen)


def _address(name: str, proposal: str, **more: str) -> str:
    return page_url("proposals.show_proposal", name=name, proposal=proposal, **more)


def _refused(
    found: Dataset, proposal: str, error: RetoucheError, secret: str = ""
) -> tuple[str, int]:
    """The page of a proposal, which says why what was wanted was not done."""
    page = _page(found, services().proposals.get(found, proposal), secret, error)
    return page, status_of(error)


def _page(
    found: Dataset, proposal: Proposal, secret: str = "", error: RetoucheError | None = None
) -> str:
    secret = secret or request.args.get("secret", "")
    view = View(
        author=services().proposals.is_author(proposal, secret),
        standing=standing(found.name),
        secret=secret,
    )
    g.private = view.private
    parent = found.at(proposal.parent)
    g.package = parent.package
    presented = present(found, proposal)
    return render_template(
        "proposal.html",
        revision=parent,
        proposal=proposal,
        view=view,
        presented=presented,
        fields=_fields(parent, presented),
        events=services().proposals.events(found, proposal.id),
        errors=_errors(presented, found.at().package),
        warnings=_sentences(presented.warnings, parent.package),
        refusal=_refusal(error, parent.package) if error else (),
        reasons=REASONS,
        signs=[sign(code, locale()) for code in proposal.signs] if view.reviewer else (),
        source=services().moderating.source(proposal) if view.reviewer else None,
        many=MANY,
        ends=ENDS,
        names_row=names_row,
        told=upstream.sentences(found, proposal),
        notes=upstream.notes(found, proposal) if view.private else (),
        obstacle=upstream.obstacle(view.standing),
        sign_in=offer(found.name, _address(found.name, proposal.id)),
        elsewhere=found.remote is not None,
        may_accept=presented.trouble is None and upstream.may_accept(found, proposal),
    )


def names_row(revision: DatasetRevision, operation: PresentedOperation) -> dict[str, str]:
    """The key fields of an operation's row and their values."""
    schema = revision.package.resource(operation.resource).schema
    return dict(zip(schema.primary_key, operation.key, strict=False))


def _fields(revision: DatasetRevision, presented: Presented) -> dict[str, dict[str, Field]]:
    """The fields of each resource that the proposal touches, by name."""
    names = {one.resource for one in presented.operations}
    return {
        name: {one.name: one for one in revision.snapshot(name).fields} for name in sorted(names)
    }


def _errors(presented: Presented, package: Package) -> list[str]:
    """Why it cannot be published any more, in sentences."""
    trouble = [] if presented.trouble is None else [problem(presented.trouble, locale())[1]]
    return trouble + _sentences(presented.errors, package)


def _sentences(errors: Iterable[Any], package: Package) -> list[str]:
    return [describe(one, locale(), package=package) for one in errors]


def _refusal(error: RetoucheError, package: Package) -> list[str]:
    """Why a decision could not be carried out, in sentences."""
    if error.reason == "nothing_chosen":
        return [_("Choose at least one change to accept, or reject the proposal.")]
    sentences = [problem(error, locale())[1]]
    if isinstance(error, Invalid):
        sentences += _sentences(error.errors, package)
    return sentences

"""Proposals: the list, and one of them for everybody, for its author and for its reviewer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, g, render_template, request

from retouche.core.errors import Invalid, RetoucheError
from retouche.core.messages import describe, problem
from retouche.core.messages.moderating import sign
from retouche.core.package import Package
from retouche.core.schema import Field
from retouche.ports import Proposal, State
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.moderating.moderating import MANY
from retouche.services.presentation import Presented, PresentedOperation, present
from retouche.services.reviewing.parts import published_of
from retouche.services.reviewing.safety import is_safe
from retouche.web.access import Standing, require_private, standing
from retouche.web.context import dataset, page, services
from retouche.web.language import locale
from retouche.web.pages import queueing, upstream
from retouche.web.pages.accounts import offer
from retouche.web.pages.considering import considered
from retouche.web.pages.impact import impact_of
from retouche.web.pages.links import page_url
from retouche.web.pages.moderation import ENDS
from retouche.web.pages.paging import Pager
from retouche.web.pages.previews import preview_of
from retouche.web.pages.queueing import asked_in
from retouche.web.pages.reviewing import (
    beside,
    decided,
    left_out,
    load_keyboard,
    options,
    reason_told,
    reasons,
)
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
    asked = queueing.asked({**request.args.to_dict(), "dataset": name})
    number = page()
    reviewing = standing(name).sees_private
    source = request.args.get("source_of")
    if source or asked.flagged:  # what made one look unusual, and who sent what, is not public
        require_private(name)
    listed, total = (
        _of_source(found, source, asked.states, number)
        if source
        else services().reviewing.page(
            [name],
            asked.filters,
            oldest_first=asked.is_queue and reviewing,
            page=number,
            page_size=PAGE_SIZE,
        )
    )
    if reviewing:
        load_keyboard()
    return render_template(
        "proposals.html",
        revision=found.at(),
        entries=queueing.entries(listed) if reviewing else summaries(found, listed),
        pager=Pager(number=number, size=PAGE_SIZE, total=total),
        counts=services().proposals.counts(found),
        states=STATES,
        asked=asked,
        source=source,
        options=options([name], asked),
        reviewing=reviewing,
        decides=standing(name).reviewer is not None,
        reasons=reasons(found.at().package),
        remarks=services().voices.open_remarks(found) if reviewing else None,
    )


@blueprint.get("/<dataset:name>/proposals/<proposal>")
def show_proposal(name: str, proposal: str) -> str:
    found = dataset(name)
    return _page(found, services().proposals.get(found, proposal))


def _of_source(
    found: Dataset, source: str, states: Sequence[State], number: int
) -> tuple[list[Proposal], int]:
    """One page of what came from where a proposal came from, and how many there are."""
    sent = services().moderating.of_source(services().proposals.get(found, source))
    chosen = [one for one in sent if not states or one.state in states]
    return chosen[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], len(chosen)


def address(name: str, proposal: str, **more: str) -> str:
    """The address of a proposal's page."""
    return page_url("proposals.show_proposal", name=name, proposal=proposal, **more)


def refused_page(
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
    queue = asked_in(request.values.get("queue", "")) if view.reviewer else None
    considerations = considered(found, proposal, presented, reviewing=view.reviewer)
    if view.reviewer:
        load_keyboard()
    return render_template(
        "proposal.html",
        revision=parent,
        proposal=proposal,
        view=view,
        presented=presented,
        considerations=considerations,
        queue=queue,
        beside=beside(queue, proposal),
        decided=decided(),
        safe=view.decides and is_safe(proposal, presented, found.at().package),
        preview=preview_of(found, proposal),
        impact=impact_of(found, proposal),
        left_out=left_out(proposal, presented, parent.package),
        reason_told=reason_told,
        published_of=published_of,
        fields=_fields(parent, presented),
        events=services().proposals.events(found, proposal.id),
        errors=_errors(presented, found.at().package),
        warnings=_sentences(presented.warnings, parent.package),
        refusal=_refusal(error, parent.package) if error else (),
        reasons=reasons(found.at().package),
        signs=[sign(code, locale()) for code in proposal.signs] if view.reviewer else (),
        source=services().moderating.source(proposal) if view.reviewer else None,
        many=MANY,
        ends=ENDS,
        names_row=names_row,
        told=upstream.sentences(found, proposal),
        notes=upstream.notes(found, proposal) if view.private else (),
        obstacle=upstream.obstacle(view.standing),
        sign_in=offer(found.name, address(found.name, proposal.id)),
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

"""Decisions by the forms of a proposal's page; a reviewer then goes on with the next one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from retouche.core.errors import Conflict, Malformed, NotAllowed, RetoucheError
from retouche.core.settling import Take
from retouche.ports import Proposal, Reviewer
from retouche.services.datasets import Dataset
from retouche.services.presentation import present
from retouche.services.reviewing.parts import Choice, Parts, Refusal
from retouche.web.access import heeding
from retouche.web.context import dataset, services
from retouche.web.pages.considering import Consideration, considered
from retouche.web.pages.links import page_url
from retouche.web.pages.proposals import address, refused_page
from retouche.web.pages.queueing import asked_in
from retouche.web.pages.reviewing import reviewed
from retouche.web.pages.sessions import sender

TAKES: tuple[Take, ...] = ("ours", "theirs", "base")
blueprint = Blueprint("decisions", __name__)


@blueprint.post("/<dataset:name>/proposals/<proposal>/withdraw")
def withdraw(name: str, proposal: str) -> Response | tuple[str, int]:
    secret = request.form.get("secret", "")
    found = dataset(name)
    try:
        services().proposals.withdraw(found, proposal, secret=secret)
    except NotAllowed:
        raise
    except RetoucheError as error:  # decided in the meantime: the page says how
        return refused_page(found, proposal, error, secret)
    return redirect(address(name, proposal, secret=secret, done="withdrawn"), 303)


@blueprint.post("/<dataset:name>/proposals/<proposal>/accept")
def accept(name: str, proposal: str) -> Response | tuple[str, int]:
    by = sender(name)
    found = dataset(name)
    try:
        parts = _parts(found, services().proposals.get(found, proposal))
        with heeding(name):
            accepted = services().review.accept(
                found,
                proposal,
                head=request.form.get("head", ""),
                parts=parts,
                message=request.form.get("message", "").strip() or None,
                reviewer=by,
            )
    except RetoucheError as error:
        return refused_page(found, proposal, error)
    return redirect(_onward(accepted), 303)


@blueprint.post("/<dataset:name>/proposals/<proposal>/reject")
def reject(name: str, proposal: str) -> Response | tuple[str, int]:
    by = sender(name)
    found = dataset(name)
    try:
        with heeding(name):
            rejected = _rejected(found, proposal, by)
    except RetoucheError as error:
        return refused_page(found, proposal, error)
    return redirect(_onward(rejected), 303)


def _rejected(found: Dataset, proposal: str, by: Reviewer) -> Proposal:
    return services().review.reject(
        found,
        proposal,
        reason=request.form.get("reason", ""),
        message=request.form.get("message", "").strip() or None,
        reviewer=by,
    )


def _onward(decided: Proposal) -> str:
    """The next one of the queue that the reviewer is in; else the page of what was decided."""
    text = request.form.get("queue", "")
    asked = asked_in(text)
    if asked is None:
        return address(decided.dataset, decided.id, done=decided.state)
    told = f"{decided.dataset}/{decided.id}"
    following = services().reviewing.next(reviewed(asked.dataset), asked.filters, decided)
    if following is None:
        return page_url("review.show_queue", **dict(asked.pairs), decided=told)
    return page_url(
        "proposals.show_proposal",
        name=following.dataset,
        proposal=following.id,
        queue=text,
        decided=told,
    )


# -- What the form says ------------------------------------------------------------------------


def _parts(found: Dataset, proposal: Proposal) -> Parts:
    """What of a proposal is accepted. Raises `Malformed`, `Conflict`."""
    form = request.form
    chosen = {int(one) for one in form.getlist("operation") if one.isascii() and one.isdigit()}
    if "whole" not in form and not chosen:
        raise Malformed("nothing_chosen", pointer="/operations")
    if "parts" not in form:
        return Parts(operations=None if "whole" in form else tuple(sorted(chosen)))
    presented = present(found, proposal)
    operations = considered(found, proposal, presented, reviewing=True)
    kept = [one for one in operations if "whole" in form or one.operation.index in chosen]
    choices = tuple(_choices(kept))
    refused = list(_refused_operations(operations, kept))
    for one in kept:
        refused += _refused_cells(one)
    return Parts(refused=tuple(refused), choices=choices)


def _refused_operations(
    operations: Sequence[Consideration], kept: Sequence[Consideration]
) -> Iterator[Refusal]:
    for one in operations:
        if one not in kept:
            index = one.operation.index
            yield Refusal(operation=index, field=None, reason=_why(f"why.{index}"))


def _refused_cells(one: Consideration) -> Iterator[Refusal]:
    index = one.operation.index
    ticked = set(request.form.getlist("cell"))
    for each in one.cells:
        if each.separable and f"{index}.{each.place}" not in ticked:
            why = _why(f"why.{index}.{each.place}")
            yield Refusal(operation=index, field=each.cell.field, reason=why)


def _why(name: str) -> str:
    return request.form.get(name) or "not_verified"


def _choices(kept: Sequence[Consideration]) -> Iterator[Choice]:
    """The choices that were made; of one that was made of something else nothing is published."""
    for one in kept:
        index = one.operation.index
        present = {f"seen.{index}.{clash.place}" for clash in one.clashes}
        # What clashed no longer does: its cell was not offered to be refused either.
        if any(name.startswith(f"seen.{index}.") and name not in present for name in request.form):
            raise Conflict(tuple(each.conflict for each in one.clashes), "choices_stale")
        for clash in one.clashes:
            name = f"{index}.{clash.place}"
            take = next((each for each in TAKES if each == request.form.get(f"take.{name}")), None)
            if take is None:
                continue
            if request.form.get(f"seen.{name}") != clash.seen:
                found = tuple(each.conflict for other in kept for each in other.clashes)
                raise Conflict(found, "choices_stale")
            yield Choice(
                operation=index,
                field=clash.conflict.field,
                take=take,
                seen=clash.conflict.ours,
            )

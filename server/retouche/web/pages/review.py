"""The queue of all that a reviewer may decide on, and deciding many at one look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, g, render_template, request

from retouche.core.errors import Malformed, NotFound, NotSignedIn, RetoucheError, TooLarge
from retouche.core.messages import problem
from retouche.ports import Proposal
from retouche.services.reviewing.batches import MOST, Outcome, Pick
from retouche.web.access import heeding, refuse_cross_site, standing, who
from retouche.web.context import dataset, page, services
from retouche.web.language import locale
from retouche.web.pages import queueing
from retouche.web.pages.paging import Pager
from retouche.web.pages.queueing import WAITING, Entry
from retouche.web.pages.reviewing import decided, load_keyboard, options, reasons, reviewed
from retouche.web.pages.sessions import check_form, sender
from retouche.web.problems import status_of

PAGE_SIZE = 20
blueprint = Blueprint("review", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one of a batch; `why` says why it was not done."""

    entry: Entry
    why: str = ""


@blueprint.get("/review")
def show_queue() -> str:
    names = reviewed()
    if not names:
        raise NotSignedIn
    g.private = True
    asked = queueing.asked(request.args, state=WAITING)
    chosen = [one for one in names if asked.dataset in ("", one)]
    if not chosen:
        raise NotFound("unknown_dataset", dataset=asked.dataset[:80])
    number = page()
    listed, total = services().reviewing.page(
        chosen, asked.filters, oldest_first=asked.is_queue, page=number, page_size=PAGE_SIZE
    )
    load_keyboard()
    return render_template(
        "review.html",
        entries=queueing.entries(listed),
        asked=asked,
        options=options(names, asked),
        pager=Pager(number=number, size=PAGE_SIZE, total=total),
        decided=decided(),
        decides=any(standing(one).reviewer for one in chosen),
        reasons=reasons(dataset(chosen[0]).at().package) if len(chosen) == 1 else reasons_of_all(),
        name="",
    )


@blueprint.post("/review/batch")
def confirm() -> str:
    """What a batch would do: asked before it is done."""
    picks = _picks()
    found = [services().proposals.get(one.dataset, one.proposal) for one in picks]
    rejecting = "reject" in request.form
    reason = request.form.get("reason", "")
    ready: list[Proposal] = []
    others: list[Proposal] = []
    for pick, one in zip(picks, found, strict=True):
        fits = one.state == "open" and (rejecting or services().batches.is_safe(pick.dataset, one))
        (ready if fits else others).append(one)
    g.private = True
    load_keyboard()
    return render_template(
        "review_batch.html",
        rejecting=rejecting,
        ready=queueing.entries(ready),
        others=queueing.entries(others),
        reason=reason,
        reason_label=dict(reasons_of_all(picks)).get(reason, reason),
        message=request.form.get("message", "").strip(),
        queue=request.form.get("queue", ""),
    )


@blueprint.post("/review/decide")
def decide() -> str | tuple[str, int]:
    picks = _picks()
    rejecting = "reject" in request.form
    outcomes: list[Outcome] = []
    for name in dict.fromkeys(one.dataset.name for one in picks):
        here = [one for one in picks if one.dataset.name == name]
        with heeding(name):
            outcomes += (
                services().batches.reject(
                    here,
                    reason=request.form.get("reason", ""),
                    message=request.form.get("message", "").strip() or None,
                )
                if rejecting
                else services().batches.accept(here)
            )
    g.private = True
    load_keyboard()
    return render_template(
        "review_done.html",
        rejecting=rejecting,
        done=_results([one for one in outcomes if one.error is None]),
        failed=_results([one for one in outcomes if one.error is not None]),
        queue=request.form.get("queue", ""),
    )


@blueprint.post("/review/undo")
def undo() -> str | tuple[str, int]:
    """Take back what was accepted just now: a proposal for each dataset, accepted at once."""
    picks = _picks()
    made: list[Proposal] = []
    told: list[tuple[str, str]] = []
    status = 200
    for name in dict.fromkeys(one.dataset.name for one in picks):
        here = [one for one in picks if one.dataset.name == name]
        try:
            with heeding(name):
                one = services().batches.take_back(
                    here[0].dataset,
                    [each.proposal for each in here],
                    here[0].reviewer,
                    locale=locale(),
                )
        except RetoucheError as error:
            told.append((name, problem(error, locale())[1]))
            status = status_of(error)
        else:
            made.append(one)
    g.private = True
    load_keyboard()
    text = render_template(
        "review_undone.html",
        made=queueing.entries(made),
        told=told,
        queue=request.form.get("queue", ""),
    )
    return text, status


def _picks() -> list[Pick]:
    """What the form chose, each with the right of the reviewer in its dataset.

    Raises `Malformed`, `TooLarge`, `NotFound`, and what `sender` does.
    """
    refuse_cross_site()
    if who() is None:
        raise NotSignedIn
    check_form()
    chosen = list(dict.fromkeys(request.form.getlist("pick")))
    if len(chosen) > MOST:
        raise TooLarge("too_many_chosen", limit=MOST)
    if not chosen:
        raise Malformed("nothing_picked", pointer="pick")
    found = []
    for one in chosen:
        parts = one.split("/")
        if len(parts) != 3:
            raise Malformed("nothing_picked", pointer="pick")
        name, proposal, head = parts
        by = sender(name)
        services().proposals.get(dataset(name), proposal)  # before anything is done
        found.append(Pick(dataset=dataset(name), proposal=proposal, head=head, reviewer=by))
    return found


def reasons_of_all(picks: Sequence[Pick] = ()) -> list[tuple[str, str]]:
    """The reasons that hold everywhere, and those of the dataset when all picks are of one."""
    names = {one.dataset.name for one in picks}
    if len(names) == 1:
        return reasons(picks[0].dataset.at().package)
    return reasons(None)


def _results(outcomes: Sequence[Outcome]) -> list[Result]:
    found = [services().proposals.get(one.dataset, one.proposal) for one in outcomes]
    return [
        Result(
            entry=entry,
            why="" if one.error is None else problem(one.error, locale())[1],
        )
        for one, entry in zip(outcomes, queueing.entries(found), strict=True)
    ]

"""`retouche proposals …`: review from a terminal, by the rules of the HTTP interface."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from retouche.cli.diff import shown, shown_key
from retouche.cli.home import Home
from retouche.cli.parts import cells_of, indexes, refusal_of
from retouche.cli.reviewers import reviewer_of
from retouche.cli.terminal import (
    Command,
    Refusal,
    explained,
    home_option,
    locale,
    printable,
    progress,
    say,
    spoken,
)
from retouche.cli.wording import sentence
from retouche.core.errors import Conflict, Invalid
from retouche.core.messages import describe
from retouche.ports import Proposal, State
from retouche.services.datasets import Dataset
from retouche.services.presentation import PresentedOperation, present
from retouche.services.reviewing.parts import Parts
from retouche.services.reviewing.reasons import REASONS
from retouche.wiring import Services

STATES: tuple[State, ...] = ("queued", "open", "accepted", "rejected", "withdrawn")
PAGE = 100
REFUSES = ("bad_record", "bad_setting", "empty_home")

as_option = click.option(
    "--as",
    "reviewer",
    metavar="NAME",
    help="Who decides; default: you. In GitLab it is whoever RETOUCHE_REVIEWER_TOKEN belongs to.",
)
message_option = click.option("--message", help="What the contributor is told.")
dataset_argument = click.argument("dataset")
proposal_argument = click.argument("proposal", metavar="ID")


@click.group("proposals")
def command() -> None:
    """List, show, accept and reject proposals.

    Works on the home of a server, which may be running. The rules are those of the HTTP
    interface: cells that were changed meanwhile clash, and nothing invalid is published.
    """


@command.command("list", cls=Command, refuses=REFUSES)
@click.argument("dataset", required=False)
@home_option
@click.option("--state", "states", multiple=True, type=click.Choice(STATES), help="Repeatable.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def list_proposals(dataset: str | None, home: Path, states: tuple[str, ...], form: str) -> None:
    """List the proposals of DATASET (or of all), newest first."""
    services = Home(home).services()
    chosen = [services.catalogue.get(dataset)] if dataset else list(services.catalogue)
    found = [one for each in chosen for one in _all(services, each, states)]
    if form == "json":
        say(json.dumps({"data": [_plain(one) for one in found]}, ensure_ascii=False, indent=2))
        return
    for one in found:
        flag = f" ({sentence('open_conflict', locale())})" if one.conflicted else ""
        time = one.created_at.astimezone().strftime("%Y-%m-%d %H:%M")
        comment = printable(one.comment or "")
        say(f"{one.dataset} {one.id} {one.state:<9} {time} {len(one.operations)} {comment}{flag}")
    if not found:
        say(sentence("no_proposals", locale()))


@command.command("show", cls=Command, refuses=REFUSES)
@dataset_argument
@proposal_argument
@home_option
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def show(dataset: str, proposal: str, home: Path, form: str) -> None:
    """Show what proposal ID of DATASET changes, against what is published now."""
    _, place, found = _found(home, dataset, proposal)
    if form == "json":
        say(json.dumps(_plain(found), ensure_ascii=False, indent=2))
        return
    presented = present(place, found)
    package = place.at(found.parent).package
    say(f"{found.id} {found.state} {found.created_at.astimezone():%Y-%m-%d %H:%M}")
    for name, value in (("comment", found.comment), ("source", found.source)):
        if value:
            say(f"{name}: {printable(value)}")
    for name, value in (found.contributor or {}).items():
        say(f"{name}: {printable(value)}")
    for operation in presented.operations:
        _tell(operation)
    for error in (*presented.errors, *presented.warnings):
        say(f"! {printable(describe(error, locale(), package=package))}")


@command.command(
    "accept",
    cls=Command,
    codes="0 accepted, 1 refused by the rules (cells clash, invalid, decided already), "
    "2 could not run.",
    refuses=(*REFUSES, "nameless_user", "no_reviewer_token", "reviewer_token_refused"),
)
@dataset_argument
@proposal_argument
@home_option
@click.option("--head", metavar="COMMIT", help="The head you reviewed; default: what it is now.")
@click.option("--operations", metavar="N[,N]", help="Accept only these, counted from 0.")
@click.option(
    "--cells",
    multiple=True,
    metavar="N:FIELD[,FIELD]",
    help="Of operation N accept only these cells. Repeatable.",
)
@click.option(
    "--refuse",
    multiple=True,
    metavar="N[:FIELD]=CODE",
    help="Leave out operation N, or one cell of it, for this reason. Repeatable.",
)
@message_option
@as_option
@click.pass_context
def accept(
    context: click.Context,
    dataset: str,
    proposal: str,
    home: Path,
    head: str | None,
    operations: str | None,
    cells: tuple[str, ...],
    refuse: tuple[str, ...],
    message: str | None,
    reviewer: str | None,
) -> None:
    """Publish proposal ID of DATASET, or only some of its operations or cells."""
    services, place, found = _found(home, dataset, proposal)
    try:
        accepted = services.review.accept(
            place,
            proposal,
            head=head or found.head or "",
            operations=indexes(operations),
            parts=Parts(cells=dict(map(cells_of, cells)), refused=tuple(map(refusal_of, refuse))),
            message=message,
            reviewer=reviewer_of(services, place, reviewer),
        )
    except (Conflict, Invalid) as error:
        _refused(context, error, place)
    else:
        say(f"{accepted.id} {accepted.state} {(accepted.decision or {}).get('revision', '')}")


@command.command(
    "reject",
    cls=Command,
    codes="0 rejected, 1 decided already (with --source-of: some could not be rejected), "
    "2 could not run.",
    refuses=(
        *REFUSES,
        "nameless_user",
        "no_reviewer_token",
        "reject_which",
        "reviewer_token_refused",
    ),
)
@dataset_argument
@click.argument("proposal", metavar="ID", required=False)
@home_option
@click.option("--source-of", "source", metavar="ID", help="All open ones of this one's source.")
@click.option("--block", is_flag=True, help="With --source-of: block the source as well.")
@click.option(
    "--reason",
    metavar="CODE",
    required=True,
    help=f"One of {', '.join(REASONS)}, or one that the dataset declares.",
)
@message_option
@as_option
@click.pass_context
def reject(
    context: click.Context,
    dataset: str,
    proposal: str | None,
    home: Path,
    source: str | None,
    block: bool,
    reason: str,
    message: str | None,
    reviewer: str | None,
) -> None:
    """Refuse proposal ID of DATASET with a reason; its commit stays reachable."""
    if (proposal is None) == (source is None):
        raise Refusal("reject_which")
    services, place, found = _found(home, dataset, proposal or source or "")
    if proposal is None:
        by = reviewer_of(services, place, reviewer)
        with progress("rejecting", name=dataset) as shown_progress:
            rejection = services.moderating.reject_all(
                place,
                found,
                reason=reason,
                message=message,
                reviewer=by,
                block=block,
                progress=shown_progress,
            )
        for one in rejection.results:
            told = reason if one.error is None else spoken(explained(one.error))
            say(f"{one.proposal} {'rejected' if one.error is None else '!'} {told}")
        if not rejection.results:
            say(sentence("no_proposals", locale()))
        context.exit(0 if rejection.done == len(rejection.results) else 1)
    try:
        rejected = services.review.reject(
            place,
            proposal,
            reason=reason,
            message=message,
            reviewer=reviewer_of(services, place, reviewer),
        )
    except Conflict as error:
        _refused(context, error, place)
    else:
        say(f"{rejected.id} {rejected.state} {reason}")


def _found(home: Path, dataset: str, proposal: str) -> tuple[Services, Dataset, Proposal]:
    services = Home(home).services()
    place = services.catalogue.get(dataset)
    return services, place, services.proposals.get(place, proposal)


def _all(services: Services, dataset: Dataset, states: tuple[str, ...]) -> list[Proposal]:
    found: list[Proposal] = []
    total, page = 1, 1
    while len(found) < total:
        more, total = services.proposals.page(
            dataset, states=[one for one in STATES if one in states], page=page, page_size=PAGE
        )
        if not more:
            break
        found += more
        page += 1
    return found


def _tell(operation: PresentedOperation) -> None:
    row = f"{operation.resource} {shown_key(operation.key)} {printable(operation.row_label)}"
    say(f"[{operation.index}] {operation.op} {row}")
    for cell in operation.cells:
        marks = []
        if cell.moved:
            marks.append(sentence("present_now", locale(), value=shown(cell.published)))
        if cell.conflicted:
            marks.append(sentence("open_conflict", locale()))
        mark = f"  ({'; '.join(marks)})" if marks else ""
        say(f"    {printable(cell.field)}: {shown(cell.old)} → {shown(cell.new)}{mark}")


def _refused(context: click.Context, error: Conflict | Invalid, dataset: Dataset) -> None:
    click.echo(printable(explained(error)), err=True)
    if isinstance(error, Invalid):
        package = dataset.at().package
        for one in error.errors:
            click.echo(f"  {printable(describe(one, locale(), package=package))}", err=True)
    else:
        for clash in error.conflicts:
            sides = sentence(
                "merge_sides",
                locale(),
                base=shown(clash.base),
                ours=shown(clash.ours),
                theirs=shown(clash.theirs),
            )
            place = f"{shown_key(clash.row_key)} · {printable(clash.field or '')}"
            click.echo(f"  {place}: {sides}", err=True)
    context.exit(1)


def _plain(proposal: Proposal) -> dict[str, object]:
    values = asdict(proposal)
    for name in ("created_at", "updated_at"):
        values[name] = values[name].isoformat()
    return values

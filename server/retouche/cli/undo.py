"""`retouche undo`: one proposal that takes back what accepted ones wrote."""

from __future__ import annotations

from pathlib import Path

import click

from retouche.cli.diff import shown, shown_key
from retouche.cli.moderation import REFUSES, as_option, dataset_argument, opened
from retouche.cli.reviewers import user
from retouche.cli.terminal import (
    Command,
    Refusal,
    home_option,
    locale,
    printable,
    progress,
    say,
)
from retouche.cli.wording import sentence
from retouche.core.errors import NoChange
from retouche.core.messages.moderating import kept_because
from retouche.core.operations import Operation, Update
from retouche.core.undoing import Kept
from retouche.ports import Reviewer
from retouche.services.moderating.choices import WAYS, Between, By, Choice, Listed, SourceOf, moment


@click.command(
    "undo",
    cls=Command,
    codes="0 proposed (with --dry-run: there is something to set back), 1 nothing to set back, "
    "2 could not run.",
    refuses=(*REFUSES, "undo_of_what"),
)
@dataset_argument
@home_option
@click.option("--proposal", "proposals", metavar="ID", multiple=True, help="Repeatable.")
@click.option("--source-of", "source", metavar="ID", help="All of the source of this proposal.")
@click.option(
    "--by",
    type=click.Choice(WAYS),
    default="any",
    show_default=True,
    help="What tells the source: its part of the network (address), its mail address (contact).",
)
@click.option("--from", "start", metavar="TIME", help="What was published from then on, in UTC.")
@click.option("--to", "stop", metavar="TIME", help="With --from: and before then.")
@click.option("--dry-run", is_flag=True, help="Only say what would be set back, and what not.")
@as_option
@click.pass_context
def command(
    context: click.Context,
    dataset: str,
    home: Path,
    proposals: tuple[str, ...],
    source: str | None,
    by: By,
    start: str | None,
    stop: str | None,
    dry_run: bool,
    reviewer: str | None,
) -> None:
    """Make one proposal for DATASET that takes back what accepted ones wrote.

    A cell is set back only where what they wrote still stands: what anybody changed since stays,
    and is listed. Nothing is published before the proposal is accepted, and it can be undone. Asked
    for twice, it is made once as long as it is not decided.
    """
    choice = _choice(proposals, source, by, start, stop)
    services, place = opened(home, dataset)
    with progress("undoing", name=dataset) as followed:
        preview = services.undoing.preview(place, choice, progress=followed)
    if dry_run:
        for one in preview.operations:
            _tell(one)
    for left in preview.kept:
        say(f"= {_place(left)}: {kept_because(left.why, locale())}")
    counts = {"proposals": len(preview.proposals), "rows": len(preview.operations)}
    say(sentence("undo_counts", locale(), **counts, kept=len(preview.kept)))
    if not preview.operations:
        context.exit(1)
    if dry_run:
        return
    by_name = Reviewer(name=reviewer or user())
    try:
        made = services.undoing.propose(place, choice, by_name, locale=locale())
    except NoChange:  # somebody set it back in this moment
        context.exit(1)
    say(f"{made.id} {made.state}")


def _choice(
    proposals: tuple[str, ...], source: str | None, by: By, start: str | None, stop: str | None
) -> Choice:
    """Exactly one way to choose. Raises `Malformed` for a time that is none."""
    if [bool(proposals), source is not None, start is not None].count(True) != 1 or (
        stop is not None and start is None
    ):
        raise Refusal("undo_of_what")
    if source is not None:
        return SourceOf(proposal=source, by=by)
    if start is not None:
        return Between(start=moment(start), end=moment(stop) if stop else None)
    return Listed(proposals=proposals)


def _tell(operation: Operation) -> None:
    kind = type(operation).__name__.lower()
    say(f"{kind} {operation.resource} {shown_key(operation.key)}")
    if isinstance(operation, Update):
        for name, cell in operation.new.items():
            say(f"    {printable(name)}: {shown(operation.old[name])} → {shown(cell)}")


def _place(one: Kept) -> str:
    parts = [one.resource, shown_key(one.key), printable(one.field or "")]
    return " ".join(part for part in parts if part)

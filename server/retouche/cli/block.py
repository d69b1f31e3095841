"""`retouche block`: take nothing more from where a proposal came from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from retouche.cli.moderation import (
    REFUSES,
    as_option,
    dataset_argument,
    end,
    opened,
    until_option,
)
from retouche.cli.reviewers import user
from retouche.cli.terminal import Command, home_option, locale, printable, say
from retouche.cli.wording import sentence
from retouche.ports import Block


@click.command("block", cls=Command, refuses=REFUSES)
@dataset_argument
@home_option
@click.option("--proposal", metavar="ID", help="Whose source is blocked; without it, list blocks.")
@click.option("--contact", is_flag=True, help="Only its mail address, not its part of the network.")
@until_option
@click.option("--reason", help="Why, for the other reviewers.")
@as_option
def command(
    dataset: str,
    home: Path,
    proposal: str | None,
    contact: bool,
    until: str | None,
    reason: str | None,
    reviewer: str | None,
) -> None:
    """Take nothing more for DATASET from where a proposal came from, or list the blocks.

    A source is told by its part of the network and by its mail address: a block for each, with an
    id for retouche unblock. What it sent before stays: see retouche proposals reject --source-of.
    """
    services, place = opened(home, dataset)
    if proposal is None:
        blocks = services.moderating.blocks(place)
        _list(blocks)
        if not blocks:
            say(sentence("no_blocks", locale()))
        return
    found = services.proposals.get(place, proposal)
    _list(
        services.moderating.block(
            found,
            by="contact" if contact else "any",
            until=end(until),
            reason=reason,
            reviewer=reviewer or user(),
        )
    )


def _list(blocks: Iterable[Block]) -> None:
    for one in blocks:
        kind = sentence("block_of_contact" if one.sender.contact else "block_of_network", locale())
        parts = [one.id, kind, printable(one.by)]
        if one.until is not None:
            parts.append(sentence("block_until", locale(), time=f"{one.until:%Y-%m-%d %H:%M %Z}"))
        if one.reason:
            parts.append(printable(one.reason))
        say(" · ".join(parts))

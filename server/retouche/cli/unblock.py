"""`retouche unblock`: end a block."""

from __future__ import annotations

from pathlib import Path

import click

from retouche.cli.moderation import REFUSES, dataset_argument, opened
from retouche.cli.terminal import Command, home_option, locale, say
from retouche.cli.wording import sentence


@click.command("unblock", cls=Command, refuses=REFUSES[:-1])
@dataset_argument
@click.argument("block", metavar="ID")
@home_option
def command(dataset: str, block: str, home: Path) -> None:
    """End block ID of DATASET; retouche block lists them."""
    services, place = opened(home, dataset)
    services.moderating.unblock(place, block)
    say(sentence("unblocked", locale(), name=block))

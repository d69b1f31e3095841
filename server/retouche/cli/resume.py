"""`retouche resume`: take corrections of a dataset again."""

from __future__ import annotations

from pathlib import Path

import click

from retouche.cli.moderation import REFUSES, dataset_argument, opened
from retouche.cli.terminal import Command, home_option, locale, say
from retouche.cli.wording import sentence


@click.command("resume", cls=Command, refuses=REFUSES[:-1])
@dataset_argument
@home_option
def command(dataset: str, home: Path) -> None:
    """Take corrections of DATASET again, whether it was paused or not."""
    services, place = opened(home, dataset)
    services.moderating.resume(place)
    say(sentence("resumed", locale(), name=dataset))

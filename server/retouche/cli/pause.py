"""`retouche pause`: take no corrections of a dataset."""

from __future__ import annotations

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
from retouche.cli.terminal import Command, home_option, locale, say
from retouche.cli.wording import sentence


@click.command("pause", cls=Command, refuses=REFUSES)
@dataset_argument
@home_option
@until_option
@click.option("--message", help="What contributors are told.")
@as_option
def command(
    dataset: str, home: Path, until: str | None, message: str | None, reviewer: str | None
) -> None:
    """Take no corrections of DATASET, until a time or until retouche resume.

    What was sent before stays, and reviewers go on. A server that runs obeys at once.
    """
    services, place = opened(home, dataset)
    services.moderating.pause(place, until=end(until), message=message, reviewer=reviewer or user())
    say(sentence("paused", locale(), name=dataset))

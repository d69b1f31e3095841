"""What the commands that keep a dataset from harm have in common."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from retouche.cli.home import Home
from retouche.services.datasets import Dataset
from retouche.services.moderating.choices import moment
from retouche.wiring import Services

REFUSES = ("bad_record", "bad_setting", "empty_home", "nameless_user")

dataset_argument = click.argument("dataset")
as_option = click.option("--as", "reviewer", metavar="NAME", help="Who does it; default: you.")
until_option = click.option(
    "--until",
    metavar="TIME",
    help="When it ends by itself, such as 2026-01-31T14:30, in UTC; default: never.",
)


def opened(home: Path, dataset: str) -> tuple[Services, Dataset]:
    """The services of a home, and one of its datasets."""
    services = Home(home).services()
    return services, services.catalogue.get(dataset)


def end(text: str | None) -> datetime | None:
    """The time that an option gives, None where it is not given. Raises `Malformed`."""
    return None if text is None else moment(text)

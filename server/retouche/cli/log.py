"""`retouche log RESOURCE KEY`: the history of one row."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from retouche.cli.checkout import Checkout
from retouche.cli.diff import shown
from retouche.cli.home import Home, read_settings
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
from retouche.core.keys import parse_key
from retouche.core.operations import Key
from retouche.services.datasets import Dataset, DatasetRevision
from retouche.services.history import History, RowChange
from retouche.wiring import build, repository_path

NAME = "data"
SIGNS = {"insert": "+", "update": "~", "delete": "-"}


@click.command(
    "log",
    cls=Command,
    codes="0 done (also when the row is unknown: its history is empty), 2 could not run.",
    refuses=(
        *("bad_key", "bad_record", "bad_setting", "empty_home", "no_repository"),
        "several_datasets",
    ),
)
@click.argument("resource")
@click.argument("key")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@home_option
@click.option("--dataset", help="Dataset of the home; needed where it holds several.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(
    resource: str, key: str, path: Path | None, home: Path, dataset: str | None, form: str
) -> None:
    """Show every change of the row KEY of RESOURCE, newest first.

    KEY is the row's key as in the addresses of the server: its parts percent-encoded and joined
    by commas. The history is that of a dataset of the home, or of the branch checked out in the
    git repository PATH, whose data package must be at its top.
    """
    opened = _repository(path) if path is not None else _in_home(home, dataset)
    with opened as (found, history):
        revision = found.at()
        parts = _key(revision, resource, key)
        with progress("reading_history") as follow:
            history.reach(found, revision.commit, progress=follow)
        changes = history.row(found, revision.commit, resource, parts)
    if form == "json":
        say(json.dumps({"data": [_plain(one) for one in changes]}, ensure_ascii=False, indent=2))
    elif not changes:
        say(sentence("no_history", locale()))
    else:
        for one in changes:
            _tell(one)


def _key(revision: DatasetRevision, resource: str, key: str) -> Key:
    names = revision.package.resource(resource).schema.primary_key
    parts = parse_key(key)
    if len(parts) != len(names):
        raise Refusal(
            "bad_key", key=key, given=len(parts), resource=resource, names=", ".join(names) or "—"
        )
    return parts


@contextmanager
def _in_home(home: Path, name: str | None) -> Iterator[tuple[Dataset, History]]:
    place = Home(home)
    services = place.services()
    names = list(place.datasets())
    if name is None and len(names) > 1:
        raise Refusal("several_datasets", home=home, names=", ".join(names))
    yield services.catalogue.get(name or names[0]), services.history


@contextmanager
def _repository(path: Path) -> Iterator[tuple[Dataset, History]]:
    """A dataset over a repository of the user's; what is derived from it is forgotten after."""
    checkout = Checkout.required(path)
    branch = checkout.branch()
    checkout.close()
    with tempfile.TemporaryDirectory(prefix="retouche-") as folder:
        home = Path(folder)
        link = repository_path(home, NAME)
        link.parent.mkdir()
        link.symlink_to(checkout.git_folder)
        services = build(read_settings(home), {NAME: branch})
        yield services.catalogue.get(NAME), services.history


def _tell(change: RowChange) -> None:
    revision = change.revision
    time = revision.time.astimezone().strftime("%Y-%m-%d %H:%M")
    subject = revision.message.partition("\n")[0]
    say(f"{SIGNS[change.op]} {revision.id[:10]} {time} {printable(subject)}")
    for name, (old, new) in change.cells.items():
        value = shown(new) if change.op == "insert" else f"{shown(old)} → {shown(new)}"
        say(f"    {printable(name)}: {value}")


def _plain(change: RowChange) -> dict[str, object]:
    return {
        "revision": change.revision.id,
        "time": change.revision.time.isoformat(),
        "proposal": change.revision.proposal,
        "op": change.op,
        "cells": {name: {"old": old, "new": new} for name, (old, new) in change.cells.items()},
    }

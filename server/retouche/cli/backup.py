"""`retouche backup FILE`: one file with all that a server cannot make again."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import click

from retouche.backups.archive import BadBackup, written
from retouche.backups.taking import take
from retouche.cli.home import Home, read_settings
from retouche.cli.terminal import (
    Command,
    Refusal,
    home_option,
    locale,
    note,
    printable,
    progress,
    say,
)
from retouche.cli.wording import sentence
from retouche.journals.database import Database
from retouche.wiring import build, journal_url, repository_path


@click.command(
    "backup",
    cls=Command,
    refuses=("backup_exists", "backup_running", "bad_record", "bad_setting", "cannot_write",
             "empty_home"),
)  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@home_option
def command(file: Path, home: Path) -> None:
    """Write FILE: the journal, the repositories, datasets.json and the secret of a home.

    The server may run. What was acknowledged before this began is in it, and all of it is of one
    moment. Repositories that mirror a GitLab project are left out: they are fetched again. FILE
    must be new; it holds names and mail addresses of contributors, and is for its owner alone.
    """
    settings = read_settings(home)
    known = Home(home).datasets()
    if not known:
        raise Refusal("empty_home", home=home)
    embedded = {name: one.branch for name, one in known.items() if one.remote is None}
    try:
        with (
            closing(build(settings, embedded)) as services,
            closing(Database(journal_url(settings))) as database,
            written(file) as writer,
            progress("backing_up", name=home) as step,
        ):
            take(
                writer,
                home=home,
                embedded={name: repository_path(home, name) for name in embedded},
                elsewhere=known.keys() - embedded.keys(),
                database=database,
                locks=services.locks,
                now=datetime.now(UTC),
                step=step,
            )
    except BadBackup as error:
        raise Refusal(error.reason, **error.values) from error
    if settings.secret_key:
        note("backup_without_key")
    say(sentence("backup_done", locale(), path=printable(file), size=file.stat().st_size))

"""`retouche restore FILE`: a home and its journal as a backup has them."""

from __future__ import annotations

from pathlib import Path

import click

from retouche.backups.archive import BadBackup, checked
from retouche.backups.restoring import restore
from retouche.cli.home import read_settings
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


@click.command(
    "restore",
    cls=Command,
    refuses=("backup_damaged", "backup_form", "backup_schema", "bad_setting", "cannot_read",
             "cannot_write", "home_is_mount", "home_not_empty", "journal_not_empty",
             "not_a_backup", "restore_running"),
)  # fmt: skip
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@home_option
def command(file: Path, home: Path) -> None:
    """Make a home of FILE, which retouche backup wrote.

    Every byte of FILE is checked first. The home must not be there, or be empty, and so must be
    the journal: that of the home, or the one RETOUCHE_DATABASE_URL names, of either kind. All is
    put back or nothing. Serve it then as before.
    """
    settings = read_settings(home)
    try:
        with progress("checking_backup", name=file) as check, checked(file, check) as backup:
            with progress("restoring", name=home) as step:
                restore(backup, home.absolute(), database_url=settings.database_url, step=step)
            kept = bool(backup.manifest["secret"])
            elsewhere = ", ".join(backup.manifest["elsewhere"])
    except BadBackup as error:
        raise Refusal(error.reason, **error.values) from error
    if not kept:
        note("restored_without_key")
    if elsewhere:
        note("restored_elsewhere", names=elsewhere)
    say(sentence("restored", locale(), home=printable(home), path=printable(file)))

"""Putting a backup back: into a new home and an empty journal, all of it or nothing.

The home is made beside its place and renamed into it. A journal in a database of its own is
filled in one transaction before that, with a note that lets the same restore go on after a kill.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from retouche.backups.archive import SEAL, BadBackup, Damaged, Reader, Step, alone_in
from retouche.backups.taking import FILES, JOURNAL, REPOSITORIES
from retouche.core.errors import BadDataset, ForgeUnavailable, StorageFull
from retouche.core.package import SLUG
from retouche.forges.bundling import unbundle
from retouche.forges.storage import sync_folder
from retouche.journals import copying
from retouche.journals.database import Database

GOING_ON = "restoring"
"""Under what name the journal notes which backup is being put into it."""
OWN_JOURNAL = "journal.sqlite"
LARGEST_FILE = 10_000_000
"""Bytes of a file of the home that is put back in one piece; they have some hundred."""


def restore(
    backup: Reader, home: Path, *, database_url: str = "", step: Step = lambda done, total: None
) -> None:
    """Put a checked backup into a home and, when an address is given, into that database.

    Raises `BadBackup` when there is something where it is to go, its journal has another form
    than ours, or what is in it cannot be.
    """
    manifest = backup.manifest
    found = str(manifest["journal"]["schema"])
    if found != copying.schema_revision():
        known = copying.schema_revision()
        raise BadBackup("backup_schema", version=manifest["version"], found=found, known=known)
    with _place(home) as place:
        repositories = manifest["repositories"]
        total = len(repositories) + 2
        (place / REPOSITORIES).mkdir()
        for number, (name, about) in enumerate(repositories.items()):
            if not SLUG.fullmatch(name):
                raise BadBackup("not_a_backup", path=name)
            _unbundle(backup, name, about["branch"], place)
            step(number + 1, total)
        for name in filter(backup.has, FILES):
            if backup.manifest["members"][name]["size"] > LARGEST_FILE:
                raise Damaged(backup.path, [name])
            _write(place / name, backup.opened(name).read())
        url = database_url or f"sqlite:///{(place / OWN_JOURNAL).resolve()}"
        with closing(Database(url)) as database:
            _fill(database, backup, own=not database_url)
            step(total - 1, total)
            if not database_url:
                _settle(database, place / OWN_JOURNAL)
            sync_folder(place)
            os.rename(place, home)
            sync_folder(home.parent)
            if database_url:
                copying.forget(database, GOING_ON)
        step(total, total)


def _unbundle(backup: Reader, name: str, branch: str, place: Path) -> None:
    member = f"{REPOSITORIES}/{name}.bundle"
    try:
        unbundle(
            cast(BinaryIO, backup.opened(member)),
            place / REPOSITORIES / f"{name}.git",
            branch=branch,
            scratch=place / ".pack",
        )
    except StorageFull:
        raise
    except (BadDataset, ForgeUnavailable) as error:
        raise Damaged(backup.path, [member]) from error


def _fill(database: Database, backup: Reader, *, own: bool) -> None:
    # The same for the same backup: made of all checksums in it.
    which = backup.opened(SEAL).read().decode()
    if copying.noted(database, GOING_ON) == which:
        return  # a kill came between this and the rename
    if not copying.is_empty(database):
        raise BadBackup("journal_not_empty")
    with copying.writing(database) as journal:
        for table in copying.copied_tables():
            member = f"{JOURNAL}/{table.name}.jsonl"
            with backup.opened(member) as lines:
                try:
                    journal.take(table.name, lines)
                except ValueError as error:
                    raise Damaged(backup.path, [member]) from error
        journal.count_from(backup.manifest["journal"]["counters"])
        if not own:
            journal.note(GOING_ON, which)


def _settle(database: Database, file: Path) -> None:
    """Leave the journal as one file, on the disk: its name changes with that of its folder."""
    database.close()  # the last connection writes everything into the file
    with file.open("rb") as opened:
        os.fsync(opened.fileno())


@contextmanager
def _place(home: Path) -> Iterator[Path]:
    """A new folder beside the home, for one restore at a time; gone when it could not be used."""
    if home.is_mount():
        raise BadBackup("home_is_mount", path=home)
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise BadBackup("home_not_empty", path=home)
    home.parent.mkdir(parents=True, exist_ok=True)
    place = home.with_name(f".{home.name}.restoring")
    place.mkdir(mode=0o700, exist_ok=True)
    with alone_in(place, "restore_running", home):
        for one in place.iterdir():  # what a killed one left
            if one.is_dir():
                shutil.rmtree(one)
            else:
                one.unlink()
        try:
            yield place
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise


def _write(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())

"""Taking a backup, also while the server runs: the journal and the repositories of one moment.

For that moment alone the lock of every dataset is held. Whoever was told by then that a
proposal is kept finds it in the backup; what follows is not in it, in no part of it.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from retouche import __version__
from retouche.backups.archive import Step, Writer, alone_in
from retouche.forges.bundling import Frozen, freeze, write_bundle
from retouche.forges.repository import BareRepository
from retouche.journals import copying
from retouche.journals.database import Database
from retouche.ports import Locks

SCRATCH = ".backup"
"""The folder of the home in which repositories are frozen; its lock is that of the backup."""
RECORD, SECRET, IDENTITY = "datasets.json", "secret", "identity"
FILES = (RECORD, SECRET, IDENTITY)
"""Of the home, where they are; a database knows the home by the last one."""
JOURNAL, REPOSITORIES = "journal", "repositories"


def take(
    writer: Writer,
    *,
    home: Path,
    embedded: Mapping[str, Path],
    elsewhere: Iterable[str],
    database: Database,
    locks: Locks,
    now: datetime,
    step: Step = lambda done, total: None,
    stopped: Callable[[], None] = lambda: None,
) -> None:
    """Write all that a home has and cannot make again.

    `embedded` are the repositories that exist nowhere else, by dataset; `elsewhere` are the
    datasets that are fetched again. `stopped` is called while writers wait. Raises `BadBackup`
    while another is taken, and what the forge and the journal raise when they cannot be read.
    """
    with _scratch(home) as scratch, ExitStack() as opened:
        with ExitStack() as held:
            for name in sorted({*embedded, *elsewhere}):  # in one order: two never wait in a ring
                held.enter_context(locks.hold(name))
            journal = opened.enter_context(copying.reading(database))
            frozen = {name: _frozen(path, scratch / name) for name, path in embedded.items()}
            files = {name: (home / name).read_bytes() for name in FILES if (home / name).is_file()}
            stopped()
        tables = [one.name for one in copying.copied_tables()]
        total = len(tables) + len(frozen)
        for name, content in files.items():
            writer.add(name, content)
        for number, table in enumerate(tables):
            with writer.member(f"{JOURNAL}/{table}.jsonl") as write:
                for line in journal.lines(table):
                    write(line)
            step(number + 1, total)
        counters = journal.counters()
        opened.close()  # a reader that stays long keeps a database from tidying up
        for number, (name, one) in enumerate(sorted(frozen.items())):
            with writer.member(f"{REPOSITORIES}/{name}.bundle") as write:
                write_bundle(one, write)
            shutil.rmtree(one.path)
            step(len(tables) + number + 1, total)
    writer.finish(_about(frozen, sorted(elsewhere), counters, now=now, secret=SECRET in files))


def _about(
    frozen: Mapping[str, Frozen],
    elsewhere: list[str],
    counters: Mapping[str, int],
    *,
    now: datetime,
    secret: bool,
) -> dict[str, Any]:
    return {
        "version": __version__,
        "made_at": now.isoformat(),
        "journal": {"schema": copying.schema_revision(), "counters": dict(counters)},
        "repositories": {
            name: {"branch": one.branch, "refs": len(one.refs)} for name, one in frozen.items()
        },
        "elsewhere": elsewhere,
        "secret": secret,
    }


def _frozen(path: Path, place: Path) -> Frozen:
    repository = BareRepository(path)
    try:
        return freeze(repository, place)
    finally:
        repository.close()


@contextmanager
def _scratch(home: Path) -> Iterator[Path]:
    """An empty folder of the home for one backup at a time; what a killed one left is removed."""
    place = home / SCRATCH
    place.mkdir(mode=0o700, exist_ok=True)
    with alone_in(place, "backup_running", home):
        shutil.rmtree(place)
        place.mkdir(mode=0o700)
        yield place

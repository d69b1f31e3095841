"""`retouche export DATASET DIR`: a read-only copy for any static host."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click

from retouche.cli.home import Home, read_settings
from retouche.cli.targets import BUNDLED, Target, bring, targets
from retouche.cli.terminal import Command, Refusal, home_option, locale, printable, progress, say
from retouche.cli.wording import sentence
from retouche.services.datasets import DatasetRevision
from retouche.services.static_copy import files, listed
from retouche.services.static_pages import LANGUAGES, STYLE, list_address, list_page
from retouche.web.elements import STATIC
from retouche.wiring import Services, build

MARKER = ".retouche-export"
"""The file that tells an earlier copy, which may be replaced, from a folder of somebody's own."""
SCRIPT, PARTS, SHEET = "widgets.js", "widgets", "page.css"
OURS = frozenset({SCRIPT, PARTS, SHEET, *map(list_address, LANGUAGES)})


@click.command(
    "export",
    cls=Command,
    refuses=("bad_record", "cannot_write", "no_elements", "no_such_dataset", "not_a_target",
             "not_an_export", "reserved_name", "unsure"),
)  # fmt: skip
@click.argument("dataset")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--only", metavar="NAME", help="The one dataset to copy of those that a retouche.toml names."
)
@home_option
def command(dataset: str, folder: Path, only: str | None, home: Path) -> None:
    """Write a read-only copy of DATASET into DIR, for any static host.

    DATASET is the name of a dataset that the home holds, a data package folder, a CSV file, a
    retouche.toml, or france-services, the bundled sample. The copy has the widgets, a page for
    each, and the data as CSV and JSON, without personal fields. It works under any path.

    DIR must be new, empty, or an earlier copy, which is replaced as a whole.
    """
    if not (STATIC / SCRIPT).is_file():
        raise Refusal("no_elements", path=STATIC)
    folder = folder.resolve()
    _check_replaceable(folder)
    with _revisions(dataset, only, home) as (services, found), _replacing(folder) as copy:
        _write(copy, services, found)
        names = ", ".join(one.dataset.name for one in found)
    say(sentence("export_done", locale(), folder=printable(folder), names=printable(names)))


@contextmanager
def _revisions(
    asked: str, only: str | None, home: Path
) -> Iterator[tuple[Services, Sequence[DatasetRevision]]]:
    """What is published of the datasets to copy, and what reads it. What the home does not hold is
    left out of it."""
    held = Home(home).datasets() if home.is_dir() else {}
    if asked in held:
        settings = read_settings(home)
        services = build(settings, Home(home).served([asked]))
        try:
            yield services, [services.catalogue.get(asked).at()]
        finally:
            services.close()
        return
    with tempfile.TemporaryDirectory(prefix="retouche-") as place:
        passing = Home(Path(place) / "home")
        settings = read_settings(passing.path)
        wanted = [one for one in _targets(asked, held) if only in (None, one.name)]
        if not wanted:
            raise Refusal("no_such_dataset", name=only, known=", ".join(held) or "-")
        with passing.locked():
            bring(passing, wanted, max_file=settings.max_file)
        services = build(settings, passing.served(one.name for one in wanted))
        try:
            yield services, [services.catalogue.get(one.name).at() for one in wanted]
        finally:
            services.close()


def _targets(asked: str, held: Iterable[str]) -> list[Target]:
    path = Path(asked)
    if path.exists():
        return targets(path)
    if asked == BUNDLED:
        return targets(None)
    raise Refusal("no_such_dataset", name=asked, known=", ".join((*held, BUNDLED)))


def _check_replaceable(folder: Path) -> None:
    if folder.exists() and not (folder / MARKER).is_file():
        if not folder.is_dir():
            raise Refusal("not_an_export", path=folder)
        if any(folder.iterdir()):
            raise Refusal("not_an_export", path=folder)


@contextmanager
def _replacing(folder: Path) -> Iterator[Path]:
    """A new folder that takes the place of another once it is whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    old = new.with_name(f"{new.name}-old")
    try:
        yield new
        new.chmod(0o755)  # whoever serves it is often somebody else
        if folder.exists():
            folder.rename(old)
        new.rename(folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


def _write(copy: Path, services: Services, found: Sequence[DatasetRevision]) -> None:
    for one in found:
        if one.dataset.name in OURS:
            raise Refusal("reserved_name", name=one.dataset.name)
    (copy / MARKER).write_text("A copy made by retouche export; the next one replaces it.\n")
    (copy / SHEET).write_bytes(STYLE)
    shutil.copyfile(STATIC / SCRIPT, copy / SCRIPT)
    shutil.copytree(STATIC / PARTS, copy / PARTS)
    for one in found:
        with progress("exporting", name=one.dataset.name) as step:
            total = 2 * len(one.package.resources)
            for number, (path, pieces) in enumerate(files(one, services.derived)):
                _write_file(copy / one.dataset.name / path, pieces)
                step(min(number, total), total)
    about = [listed(one) for one in found]
    for language in LANGUAGES:
        (copy / list_address(language)).write_bytes(list_page(about, language))


def _write_file(path: Path, pieces: Iterable[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        for piece in pieces:
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())

"""`retouche import-datami PAGE.html`: a data package from the widgets of a Datami page."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

import click

from retouche.cli.folders import write_folder
from retouche.cli.terminal import Command, Refusal, locale, printable, spoken
from retouche.cli.wording import sentence
from retouche.core.datami.importing import Imported, import_page
from retouche.core.datami.notes import FATES
from retouche.core.datami.sources import name_of
from retouche.core.errors import NotFound
from retouche.core.messages.datami import fate_word, note_sentence
from retouche.core.package import Package
from retouche.services.following.tips import check_usable
from retouche.services.packaging import slug
from retouche.services.widget_checks import check_views, is_outlines, is_widget

LARGEST_PAGE = 10_000_000
LARGEST_FILE = 200_000_000
MOST_FILES = 50_000
"""Files of a folder that are looked at."""


@click.command(
    "import-datami",
    cls=Command,
    codes="0 all there, 1 written but something essential is missing, 2 could not run.",
    refuses=("already_a_package", "cannot_read", "cannot_write", "no_datami", "no_such_path",
             "page_too_large"),
)  # fmt: skip
@click.argument("page", metavar="PAGE.html", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to make; by default one beside you, named after the page.",
)
@click.option(
    "--files",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder with the files that the page names, found by their names.",
)
@click.option("--all", "everything", is_flag=True, help="List what is carried as it is, too.")
@click.option("--json", "as_json", is_flag=True, help="Write the report as JSON.")
@click.pass_context
def command(
    context: click.Context,
    page: Path,
    output: Path | None,
    files: Path | None,
    everything: bool,
    as_json: bool,
) -> None:
    """Make a data package from the Datami widgets of an HTML page.

    The files that the page names are looked for beside it and, by their names, under --files;
    nothing is ever fetched. The report says of every key what became of it.
    """
    if files is not None and not files.is_dir():
        raise Refusal("no_such_path", path=files)
    text = _read(page)
    imported = import_page(text, _Local(page.resolve().parent, files), name=page.stem, slug=slug)
    folder = output or Path(slug(page.stem))
    if not imported.report and not imported.widgets:
        raise Refusal("no_datami", path=page)
    if imported.files:
        _check(imported.files)
        # A link that leads nowhere is there, too: nothing is written before all can be.
        if any(os.path.lexists(folder / name) for name in imported.files):
            raise Refusal("already_a_package", path=folder)
        write_folder(folder, imported.files)
    if as_json:
        click.echo(_report(imported, folder))
    else:
        click.echo(_told(imported, folder, everything=everything))
    context.exit(0 if imported.usable else 1)


def _read(page: Path) -> str:
    if not page.is_file():
        raise Refusal("no_such_path", path=page)
    if page.stat().st_size > LARGEST_PAGE:
        raise Refusal("page_too_large", path=page, limit=f"{LARGEST_PAGE // 1_000_000} MB")
    data = page.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


class _Local:
    """Files of two folders of this disk, and of no other place."""

    def __init__(self, beside: Path, files: Path | None):
        self._beside = beside
        self._root = files.resolve() if files is not None else None
        self._by_name: dict[str, list[Path]] | None = None

    def __call__(self, reference: str) -> bytes | None:
        try:
            parts = urlsplit(reference)
        except ValueError:
            return None
        if not (parts.scheme or parts.netloc):
            for root in filter(None, (self._beside, self._root)):
                found = _inside(root, unquote(parts.path))
                if found is not None:
                    return found
        return self._named(name_of(reference), unquote(parts.path))

    def _named(self, name: str, path: str) -> bytes | None:
        """The file of this name under `--files`; of several, the one whose folders agree most."""
        if self._root is None:
            return None
        if self._by_name is None:
            self._by_name = {}
            for one in _walk(self._root):
                self._by_name.setdefault(one.name, []).append(one)
        wanted = list(reversed(path.split("/")))

        def agreement(one: Path) -> int:
            pairs = zip(wanted, reversed(one.parts), strict=False)
            return next((at for at, (a, b) in enumerate(pairs) if a != b), len(wanted))

        best = max(self._by_name.get(name, ()), key=agreement, default=None)
        return None if best is None else _inside(self._root, str(best.relative_to(self._root)))


def _walk(root: Path) -> Iterator[Path]:
    """The files of a folder, in the order of their paths; links are not followed."""
    seen = 0
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for name in sorted(names):
            seen += 1
            if seen > MOST_FILES:
                return
            yield Path(folder) / name


def _inside(root: Path, path: str) -> bytes | None:
    """The bytes of a file below a folder; None for what is not there, outside, or too large."""
    if not path or "\0" in path:
        return None
    try:
        found = (root / path.lstrip("/")).resolve()
        if not found.is_relative_to(root) or not found.is_file():
            return None
        return found.read_bytes() if found.stat().st_size <= LARGEST_FILE else None
    except (OSError, ValueError, RuntimeError):
        return None


def _check(files: Mapping[str, bytes]) -> None:
    """Hold what is to be written to what the server holds a dataset to. Raises `BadDataset`."""

    def read(path: str) -> bytes:
        try:
            return files[path]
        except KeyError:
            raise NotFound("unknown_file", path=path, revision="") from None

    package = Package.read(read)
    check_usable(package)
    check_views(package, [one for one in files if is_widget(one) or is_outlines(one)], read)


def _told(imported: Imported, folder: Path, *, everything: bool) -> str:
    """The report for a person: what asks for one comes first."""
    lines: list[str] = []
    for fate in FATES:
        notes = [one for one in imported.report if one.fate == fate]
        if not notes:
            continue
        lines.append(f"{fate_word(fate, locale())} ({len(notes)})")
        if fate == "carried" and not everything:
            continue
        for one in notes:
            words = note_sentence(one, locale())
            lines.append(f"  {printable(one.path)}" + (f" — {spoken(words)}" if words else ""))
    if not imported.widgets:
        return "\n".join([*lines, sentence("datami_none", locale())])
    values = {
        "folder": printable(folder),
        "names": printable(", ".join(imported.widgets)),
        "tables": printable(", ".join(imported.resources)),
    }
    lines.append(sentence("datami_done", locale(), **values))
    for path, reference in imported.lacking.items():
        add = {"path": printable(folder / path), "file": printable(reference)}
        lines.append(sentence("datami_add", locale(), **add))
    if not imported.lacking:
        lines.append(sentence("init_next", locale(), folder=printable(folder)))
    return "\n".join(lines)


def _report(imported: Imported, folder: Path) -> str:
    """The same for programs."""
    told = {
        "folder": str(folder) if imported.files else None,
        "usable": imported.usable,
        "widgets": list(imported.widgets),
        "resources": list(imported.resources),
        "files": sorted(imported.files),
        "lacking": [
            {"path": path, "file": reference} for path, reference in imported.lacking.items()
        ],
        "missing": [{"file": file, "at": at} for file, at in imported.notes.missing.items()],
        "counts": dict(imported.notes.counts()),
        "notes": [
            {
                "path": one.path,
                "fate": one.fate,
                "reason": one.reason or None,
                "message": note_sentence(one, locale()) or None,
            }
            for one in imported.report
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)

"""`retouche merge-driver %O %A %B %P`: merge two versions of a CSV cell by cell, for git.

The result goes into %A. Merge markers are never written: they would make the file unreadable, and
a program that does not look would take them for data. Where cells clash, ours are kept, what does
not clash is merged, and git is told that the file is still to be decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from retouche.cli.diff import shown, shown_key
from retouche.cli.folders import write_durably
from retouche.cli.sides import resource_of
from retouche.cli.terminal import Command, Refusal, explained, locale, note
from retouche.cli.wording import sentence
from retouche.core.errors import RetoucheError
from retouche.core.merge import merge
from retouche.core.package import Resource
from retouche.core.report import CellConflict
from retouche.core.splice import apply
from retouche.core.table import Table

existing = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command(
    "merge-driver",
    cls=Command,
    codes="0 merged; 1 cells clash: ours are kept, everything else is merged; "
    "2 could not merge, ours is left as it was. Git calls the file conflicted on 1 and 2.",
    refuses=("no_resource_of_path", "merge_keyless", "merge_columns", "merge_impossible"),
)
@click.argument("base", metavar="%O", type=existing)
@click.argument("ours", metavar="%A", type=existing)
@click.argument("theirs", metavar="%B", type=existing)
@click.argument("path", metavar="%P", type=click.Path(path_type=Path))
@click.pass_context
def command(context: click.Context, base: Path, ours: Path, theirs: Path, path: Path) -> None:
    """Merge the CSV file %P cell by cell, as a git merge driver.

    Set it up in a clone of a data repository:

    \b
      git config merge.retouche.name "cell by cell"
      git config merge.retouche.driver "retouche merge-driver %O %A %B %P"
      echo '*.csv merge=retouche' >> .gitattributes

    Two people who change different cells both win, on one row or not. The same cell changed in
    two ways, an edit against a deletion, and two rows with one new key clash.
    """
    resource = resource_of(path)
    if resource is None:
        raise Refusal("no_resource_of_path", path=path)
    if not resource.schema.primary_key:
        raise Refusal("merge_keyless", path=path, resource=resource.name)
    try:
        conflicts, result = _merged(base, ours, theirs, resource, path)
    except RetoucheError as error:
        raise Refusal("merge_impossible", path=path, detail=explained(error)) from error
    if result != ours.read_bytes():
        write_durably(ours, result)
    if conflicts:
        note("merge_conflict", count=len(conflicts), path=path)
        for conflict in conflicts:
            click.echo(f"  {_line(conflict, resource)}", err=True)
        context.exit(1)


def _merged(
    base: Path, ours: Path, theirs: Path, resource: Resource, path: Path
) -> tuple[Sequence[CellConflict], bytes]:
    """What clashes, and what to write in the place of ours."""
    dialect, schema, name = resource.dialect, resource.schema, resource.name
    here, there = (Table.parse(one.read_bytes(), dialect) for one in (ours, theirs))
    # A file that both sides added has no base: nothing but the columns was there.
    before = Table.parse(base.read_bytes() or here.data[: here.header_span[2]], dialect)
    columns, new = set(before.header), set(there.header)
    if new == columns or new == set(here.header):
        found = merge(before, here, there, resource=name, schema=schema)
        return found.conflicts, apply(here, found.operations, schema=schema)
    if set(here.header) != columns:
        raise Refusal("merge_columns", path=path)
    # They alone changed the columns: our cells are carried into their file.
    found = merge(before, there, here, resource=name, schema=schema)
    if found.conflicts:
        turned = [replace(one, ours=one.theirs, theirs=one.ours) for one in found.conflicts]
        return turned, here.data[:]
    return (), apply(there, found.operations, schema=schema)


def _line(conflict: CellConflict, resource: Resource) -> str:
    place = shown_key(conflict.row_key)
    if conflict.field is not None:
        known = resource.schema.by_name.get(conflict.field)
        place += f" · {known.label(locale()) if known else conflict.field}"
    sides = sentence(
        "merge_sides",
        locale(),
        base=shown(conflict.base),
        ours=shown(conflict.ours),
        theirs=shown(conflict.theirs),
    )
    return f"{place}: {sides}"

"""`retouche diff A B`: which cells differ between two versions of a file."""

from __future__ import annotations

import json
from typing import Any

import click

from retouche.cli.sides import Side, lone_schema, side
from retouche.cli.terminal import Command, Refusal, locale, printable, say
from retouche.cli.wording import sentence
from retouche.core.diff import TableDiff, diff
from retouche.core.operations import Cell, Delete, Insert, Key, Operation, Update
from retouche.core.schema import Schema

SIGNS = {Insert: ("+", "green"), Update: ("~", "yellow"), Delete: ("-", "red")}


@click.command(
    "diff",
    cls=Command,
    codes="0 no difference, 1 different, 2 could not run.",
    refuses=("no_such_path", "no_repository", "unknown_revision", "unsure", "bad_column"),
)
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option(
    "--key",
    metavar="COLUMN[,COLUMN]",
    help="Columns that name a row; by default the schema's primaryKey.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_context
def command(context: click.Context, old: str, new: str, key: str | None, form: str) -> None:
    """Show which cells differ between A and B.

    A and B are files, or REV:PATH for a file at a git revision. Rows are paired by the primary
    key of the schema that the data package around B (else A) gives; quoting, line ends and the
    order of rows are no difference. A file outside any data package is read as init would.
    """
    found, schema = _compare(side(old), side(new), key)
    if form == "json":
        say(json.dumps(_document(found, schema), ensure_ascii=False, indent=2))
    else:
        _tell(found)
    context.exit(1 if found.operations or found.fields_added or found.fields_removed else 0)


def _compare(old: Side, new: Side, key: str | None) -> tuple[TableDiff, Schema]:
    described = new.resource or old.resource
    dialect = described.dialect if described else None
    a, b = old.table(dialect), new.table(dialect)
    schema = described.schema if described else lone_schema(b)
    if key is not None:
        schema = _keyed(schema, key.split(","))
    schema_a = old.resource.schema if old.resource and new.resource and key is None else None
    name = described.name if described else "data"
    return diff(a, b, resource=name, schema=schema, schema_a=schema_a), schema


def _keyed(schema: Schema, names: list[str]) -> Schema:
    unknown = [name for name in names if name not in schema.by_name]
    if unknown:
        raise Refusal("bad_column", column=unknown[0], known=", ".join(schema.names))
    return Schema.from_descriptor({**schema.descriptor, "primaryKey": names})


def _tell(found: TableDiff) -> None:
    columns = {"columns_added": found.fields_added, "columns_removed": found.fields_removed}
    for key, names in columns.items():
        if names:
            say(sentence(key, locale(), names=printable(", ".join(names))))
    for operation in found.operations:
        tell_operation(operation)
    changed = found.operations or found.fields_added or found.fields_removed
    say(sentence("counts" if changed else "no_change", locale(), **found.counts))


def tell_operation(operation: Operation) -> None:
    """One operation as lines: its row, then its cells, old → new."""
    sign, colour = SIGNS[type(operation)]
    click.secho(f"{sign} {shown_key(operation.key)}", fg=colour)
    match operation:
        case Update():
            for name, value in operation.new.items():
                say(f"    {printable(name)}: {shown(operation.old[name])} → {shown(value)}")
        case Insert():
            for name, value in operation.row.items():
                if value is not None:
                    say(f"    {printable(name)}: {shown(value)}")
        case Delete():
            for name, value in operation.old.items():
                if value is not None:
                    say(f"    {printable(name)}: {shown(value)}")


def shown(cell: Cell) -> str:
    """A cell as a reader sees it on one line."""
    return sentence("missing", locale()) if cell is None else printable(cell)


def shown_key(key: Key) -> str:
    return ", ".join(map(printable, key)) or "·"


def _document(found: TableDiff, schema: Schema) -> dict[str, Any]:
    return {
        "operations": [_plain(one, schema) for one in found.operations],
        "fields_added": list(found.fields_added),
        "fields_removed": list(found.fields_removed),
        "counts": dict(found.counts),
    }


def _plain(operation: Operation, schema: Schema) -> dict[str, Any]:
    """An operation as the HTTP interface writes it."""
    plain: dict[str, Any] = {
        "op": type(operation).__name__.lower(),
        "resource": operation.resource,
    }
    if isinstance(operation, Insert):
        return plain | {"row": dict(operation.row)}
    plain["key"] = dict(zip(schema.primary_key, operation.key, strict=False))
    plain["old"] = dict(operation.old)
    return plain | {"new": dict(operation.new)} if isinstance(operation, Update) else plain

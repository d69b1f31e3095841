"""`retouche init CSV`: make a data package from a CSV file, asking where it is not certain."""

from __future__ import annotations

from pathlib import Path

import click

from retouche.cli.folders import write_folder
from retouche.cli.terminal import Command, Refusal, doubts, locale, note, printable, say
from retouche.cli.wording import sentence
from retouche.core.dialect import Dialect
from retouche.core.guessing.sniffing import DELIMITERS, Sniffed, sniff
from retouche.services.packaging import package, registered, slug

TAB = "tab"
ENCODINGS = ("utf-8", "windows-1252", "iso-8859-1", "iso-8859-15")


@click.command(
    "init",
    cls=Command,
    codes="0 made, 2 could not run (nothing is written).",
    refuses=("already_a_package", "cannot_read", "cannot_write", "no_header", "no_such_path",
             "unsure_alone"),
)  # fmt: skip
@click.argument("source", metavar="CSV", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to make; by default one beside you, named after the file.",
)
@click.option("--yes", is_flag=True, help="Take every proposal without asking.")
@click.option("--encoding", type=click.Choice(ENCODINGS), help="Encoding of the file.")
@click.option(
    "--delimiter",
    type=click.Choice([",", ";", TAB, "|"]),
    help="What stands between two cells.",
)
def command(
    source: Path, output: Path | None, yes: bool, encoding: str | None, delimiter: str | None
) -> None:
    """Make a data package from a CSV file.

    The CSV is copied byte for byte. Around it come datapackage.json, a schema that every cell
    obeys (codes stay text), four widgets, a README and a GitLab pipeline. Where the encoding,
    the delimiter or the header is not certain, it asks; --yes takes the proposal.
    """
    data = read_source(source)
    given = "\t" if delimiter == TAB else delimiter
    sniffed = sniff(data, encoding=encoding, delimiter=given)
    dialect = sniffed.dialect if yes else _settled(sniffed, source, data)
    made = package(data, dialect, stem=source.stem, locale=locale())
    folder = output or Path(slug(source.stem))
    if any((folder / name).exists() for name in made.files):
        raise Refusal("already_a_package", path=folder)
    write_folder(folder, made.files)
    say(
        sentence(
            "init_done",
            locale(),
            folder=printable(folder),
            rows=made.rows,
            columns=len(made.inferred.schema["fields"]),
            encoding=registered(dialect.encoding),
            delimiter=shown_delimiter(dialect),
        )
    )
    if made.key:
        say(sentence("init_key", locale(), names=printable(" + ".join(made.key))))
    else:
        note("keyless", name=made.name)
    say(sentence("init_next", locale(), folder=printable(folder)))


def read_source(source: Path) -> bytes:
    """The bytes of a CSV file."""
    if not source.is_file():
        raise Refusal("no_such_path", path=source)
    return source.read_bytes()


def shown_delimiter(dialect: Dialect) -> str:
    return TAB if dialect.delimiter == "\t" else f"“{dialect.delimiter}”"


def _settled(sniffed: Sniffed, source: Path, data: bytes) -> Dialect:
    """The dialect, once a person has answered what is not certain."""
    dialect = sniffed.dialect
    try:
        if "encoding" in sniffed.doubts:
            dialect = _asked_encoding(dialect)
        if "delimiter" in sniffed.doubts:
            dialect = _asked_delimiter(dialect)
        if "header" in sniffed.doubts:
            line = data.splitlines()[0].decode(dialect.encoding, "replace")[:80]
            question = sentence("ask_header", locale(), line=printable(line))
            if not click.confirm(question, default=False, err=True):
                raise Refusal("no_header", path=source)
    except click.Abort:
        raise Refusal(
            "unsure_alone",
            path=source,
            doubts=doubts(sniffed.doubts),
            encoding=registered(dialect.encoding),
            delimiter=shown_delimiter(dialect),
        ) from None
    return dialect


def _asked_encoding(dialect: Dialect) -> Dialect:
    answer = click.prompt(
        sentence("ask_encoding", locale()),
        type=click.Choice(ENCODINGS),
        default=registered(dialect.encoding),
        err=True,
    )
    described = {"delimiter": dialect.delimiter}
    return Dialect.from_descriptor(described, encoding=answer)


def _asked_delimiter(dialect: Dialect) -> Dialect:
    names = [TAB if one == "\t" else one for one in DELIMITERS]
    answer = click.prompt(
        sentence("ask_delimiter", locale()),
        type=click.Choice(names),
        default=TAB if dialect.delimiter == "\t" else dialect.delimiter,
        err=True,
    )
    return Dialect(delimiter="\t" if answer == TAB else answer, encoding=dialect.encoding)

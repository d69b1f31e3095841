"""`retouche check [PATH]`: the verdict on a data package, for a person and for continuous
integration."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import click

from retouche.cli.checkout import Checkout
from retouche.cli.folders import Folder
from retouche.cli.terminal import Command, Refusal, locale, printable, progress, spoken
from retouche.cli.wording import sentence
from retouche.core.errors import BadDataset, NotFound
from retouche.services.checking import Checked, Version, check_changes, check_package
from retouche.services.reports import (
    Verdict,
    codequality_report,
    json_report,
    junit_report,
    text_lines,
)

WRITERS = {"json": json_report, "junit": junit_report, "codequality": codequality_report}
FORMATS = ("text", *WRITERS)


@click.command(
    "check",
    cls=Command,
    codes="0 valid (warnings allowed), 1 invalid, 2 could not run.",
    refuses=("bad_output", "cannot_write", "no_descriptor", "no_repository", "no_such_path",
             "unknown_revision"),
)  # fmt: skip
@click.argument("path", default=".", type=click.Path(path_type=Path))
@click.option(
    "--against",
    metavar="REV",
    help="Report only what is new since this git revision of the repository around PATH.",
)
@click.option(
    "--format",
    "formats",
    default="text",
    show_default=True,
    metavar="FORMAT[,FORMAT]",
    help="text, json, junit, codequality; several separated by commas.",
)
@click.option(
    "--output",
    "outputs",
    multiple=True,
    metavar="[FORMAT=]FILE",
    help="Write a format into a file; the others go to standard output.",
)
@click.pass_context
def command(
    context: click.Context,
    path: Path,
    against: str | None,
    formats: str,
    outputs: tuple[str, ...],
) -> None:
    """Check the data package in the folder PATH (here by default) against its schemas.

    The verdict is that of the server and of frictionless: the errors of every cell and row, of
    keys and foreign keys, and of the custom checks. With --against, faults that were there at
    REV are left out, and a cell that was wrong and still is counts as a warning: a merge
    request answers for what it changes. The formats junit and codequality are shown by GitLab
    in the merge request.
    """
    wanted = _formats(formats)
    places = _outputs(outputs, wanted)
    verdict = _verdict(path, against)
    for form in wanted:
        text = _written(verdict, form)
        if form in places:
            Path(places[form]).write_text(text, encoding="utf-8")
        else:
            click.echo(text, nl=False)
    context.exit(0 if verdict.valid else 1)


def _formats(text: str) -> list[str]:
    names = [one.strip() for one in text.split(",") if one.strip()]
    unknown = [one for one in names if one not in FORMATS]
    if unknown or not names:
        raise click.BadParameter(
            f"{', '.join(unknown) or text!r}: text, json, junit, codequality", param_hint="--format"
        )
    return list(dict.fromkeys(names))


def _outputs(outputs: tuple[str, ...], wanted: list[str]) -> dict[str, str]:
    places = {}
    for one in outputs:
        form, sign, file = one.partition("=")
        if len(wanted) == 1 and form not in FORMATS:
            form, sign, file = wanted[0], "=", one
        if form not in wanted or not sign or not file:
            raise Refusal("bad_output", output=one)
        places[form] = file
    return places


def _verdict(path: Path, against: str | None) -> Verdict:
    if not path.exists():
        raise Refusal("no_such_path", path=path)
    folder = Folder(path)
    if not folder.described:
        raise Refusal("no_descriptor", path=path)
    package = folder.package()
    now = Version(package, folder.data)
    earlier = _earlier(path, against) if against is not None else None
    with ExitStack() as stack:
        follow = partial(_follow, stack)
        checked = (
            check_changes(now, earlier, progress=follow)
            if earlier
            else check_package(now, progress=follow)
        )
    return Verdict(
        package=package, checked=checked, locale=locale(), path_of=partial(_from_root, path)
    )


def _earlier(path: Path, revision: str) -> Version | None:
    """The package at a revision; None where nothing could be served then, so all is new."""
    checkout = Checkout.required(path)
    try:
        commit = checkout.commit(revision)
        prefix = f"{folder}/" if (folder := checkout.relative(path)) else ""
        try:
            package = checkout.package(commit, folder)
            if package is None:
                return None
            return Version(package, lambda one: checkout.read(commit, prefix + one.path))
        except (BadDataset, NotFound):
            return None
    finally:
        checkout.close()


def _follow(stack: ExitStack, name: str) -> Callable[[int, int], None]:
    return stack.enter_context(progress("checking", name=name))


def _from_root(folder: Path, path: str) -> str:
    """A file as git, and so GitLab, knows it; outside a repository, from where we are."""
    checkout = Checkout.around(folder)
    if checkout is not None:
        return checkout.relative(folder / path)
    return (folder / path).as_posix()


def _written(verdict: Verdict, form: str) -> str:
    if form != "text":
        return WRITERS[form](verdict)
    lines = text_lines(verdict, printable=spoken, summary=_summary)
    return "".join(f"{line}\n" for line in lines)


def _summary(one: Checked) -> str:
    name = printable(one.resource.name)
    if one.unreadable is not None:
        return sentence("unreadable", locale(), resource=name)
    if one.valid and not one.warnings:
        return sentence("valid", locale(), resource=name, rows=one.rows)
    counts = {"errors": len(one.errors), "warnings": len(one.warnings)}
    return sentence("invalid", locale(), resource=name, rows=one.rows, **counts)

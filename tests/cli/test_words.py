"""What the command line documents: every command, exit code and message."""

from __future__ import annotations

import ast
import json
import string
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

import retouche.cli
from retouche.cli import COMMANDS, main
from retouche.cli.refusals import REFUSALS
from retouche.cli.terminal import Command, Progress, printable
from retouche.cli.wording import NOTES
from tests.cli.commands import run

SOURCES = sorted(Path(retouche.cli.__file__).parent.glob("*.py"))


def commands(
    group: click.Command = main, names: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Command]]:
    context = click.Context(group)
    if isinstance(group, click.Group):
        for name in group.list_commands(context):
            found = group.get_command(context, name)
            assert found is not None
            yield from commands(found, (*names, name))
    else:
        assert isinstance(group, Command)
        yield names, group


def used_keys(function: str) -> set[str]:
    """The keys that our code gives as first argument to a function of this name."""
    found = set()
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text())):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            first = node.args[0]
            if name == function and isinstance(first, ast.Constant):
                found.add(str(first.value))
    return found


@pytest.mark.parametrize("names", [names for names, _ in commands()], ids=" ".join)
def test_help_tells_what_a_command_does_and_its_exit_codes(names: tuple[str, ...]) -> None:
    result = run(*names, "--help")
    assert result.exit_code == 0
    assert "Exit codes:" in result.stdout
    assert "--lang" in result.stdout


def test_help_lists_every_command() -> None:
    listed = run("--help").stdout
    for name, summary in COMMANDS.items():
        assert name in listed
        assert summary in listed


def test_every_refusal_is_in_the_help_of_a_command() -> None:
    documented = {reason for _, command in commands() for reason in command.refuses}
    assert documented == set(REFUSALS)


def test_every_refusal_made_is_written_down() -> None:
    assert used_keys("Refusal") <= set(REFUSALS)


def test_every_note_made_is_written_down() -> None:
    said = used_keys("note") | used_keys("sentence") | used_keys("progress") | used_keys("patience")
    assert said <= set(NOTES)


@pytest.mark.parametrize("key", [*REFUSALS, *NOTES])
def test_both_languages_say_the_same_things(key: str) -> None:
    english, french = (
        {name for _, name, _, _ in string.Formatter().parse(text) if name}
        for text in (REFUSALS.get(key) or NOTES[key])
    )
    assert english == french


def test_unknown_command_is_a_usage_error() -> None:
    assert run("nonsense").exit_code == 2


def test_openapi_is_the_document_of_the_server() -> None:
    from retouche.web.openapi import document

    result = run("openapi")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == json.loads(json.dumps(document()))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("plain é", "plain é"),
        ("a\nb\r\nc", "a⏎b⏎c"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\u202e", "\\u202e"),
        ("\ud800", "\\ud800"),
    ],
)
def test_value_is_printed_on_one_line_without_effect(value: str, shown: str) -> None:
    assert printable(value) == shown


def test_progress_is_told_after_two_seconds(capsys: pytest.CaptureFixture[str]) -> None:
    times = iter([0.0, 1.0, 2.5, 3.0, 4.6, 5.0])
    progress = Progress("Checking desks", clock=lambda: next(times))
    for done in (10, 20, 30, 40, 100):
        progress(done, 100)
    progress.close()
    assert capsys.readouterr().err.splitlines() == [
        "Checking desks … 20 %",
        "Checking desks … 40 %",
        "Checking desks … 100 %",
    ]

"""The command line. Each command is a module, imported only when it is asked for."""

from __future__ import annotations

from importlib import import_module

import click

from retouche import __version__

COMMANDS = {
    "serve": "Serve datasets and take corrections.",
    "export": "Write a read-only copy for any static host.",
    "init": "Make a data package from a CSV file.",
    "import-datami": "Make a data package from the widgets of a Datami page.",
    "check": "Check data against its schemas.",
    "diff": "Show which cells differ between two versions.",
    "log": "Show the history of a row.",
    "merge-driver": "Merge two versions of a CSV cell by cell, for git.",
    "proposals": "List, show, accept and reject proposals.",
    "undo": "Take back what accepted proposals wrote, as one proposal.",
    "block": "Take nothing more from a source, or list the blocks.",
    "unblock": "End a block.",
    "pause": "Take no corrections of a dataset for a while.",
    "resume": "Take corrections again.",
    "doctor": "Check a GitLab set-up and say what to mend.",
    "move": "Bring an embedded dataset to a GitLab project.",
    "backup": "Write all that a server cannot make again into one file.",
    "restore": "Make a home of what backup wrote.",
    "purge": "Erase what is kept of contributors.",
    "sign-in": "Make a sign-in link for a reviewer.",
    "openapi": "Print the OpenAPI document of the HTTP interface.",
}


class Commands(click.Group):
    """The group of all commands; a start costs what the one command needs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"retouche.cli.{cmd_name.replace('-', '_')}")
        command = module.command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="retouche")
def main() -> None:
    """Let anyone correct open data that lives in git.

    Messages are in English or French by LANG (or --lang). Exit codes: 0 done; 1 where a command
    answers no (check: invalid, diff: different, merge-driver: conflict); 2 could not run.
    """

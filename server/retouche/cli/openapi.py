"""`retouche openapi`: the OpenAPI document of the HTTP interface."""

from __future__ import annotations

import json

import click

from retouche.cli.terminal import Command, say
from retouche.web.openapi import document


@click.command("openapi", cls=Command, codes="0 done.")
def command() -> None:
    """Print the OpenAPI 3.1 document of the HTTP interface, as JSON."""
    say(json.dumps(document(), ensure_ascii=False, indent=2))
